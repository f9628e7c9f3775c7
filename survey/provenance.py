"""What went in and with which versions: the record that a report keeps of its run."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.errors import Language, SurveyError
from survey.output import sha256
from survey.readers import Export
from survey.results import Findings
from survey.text import Text

_PACKAGES = ("survey-report", "numpy", "pandas", "scipy", "statsmodels", "matplotlib", "openpyxl")


def inputs(
    exports: Sequence[Export],
    roster: str | Path | None,
    bad: Sequence[tuple[str, SurveyError]],
    coded: Sequence[Path] = (),
) -> pd.DataFrame:
    """List the input files, those that were left out too.

    Parameters
    ----------
    bad : sequence of (str, SurveyError)
        Names of files left out and why.

    Returns
    -------
    DataFrame
        ``file`` (name only, with its folder where several files share it), ``kind`` (``export``,
        ``roster``, ``skipped``), ``sha256``, ``n_rows``, ``platform``, ``zh``, ``en``.
    """
    rows: list[dict[str, object]] = [
        {
            "file": name,
            "kind": "export",
            "sha256": sha256(path),
            "n_rows": n_rows,
            "platform": export.platform,
        }
        for export in exports
        for path, (name, n_rows) in zip(export.paths, _files_of(export), strict=True)
    ]
    rows += [
        {"file": file.name, "kind": "export", "sha256": sha256(file), "platform": "coded"}
        for file in coded
    ]
    if roster is not None:
        rows.append({"file": Path(roster).name, "kind": "roster", "sha256": sha256(roster)})
    rows += [
        {"file": name, "kind": "skipped", "zh": error.text("zh"), "en": error.text("en")}
        for name, error in bad
    ]
    columns = ["file", "kind", "sha256", "n_rows", "platform", "zh", "en"]
    return pd.DataFrame(rows, columns=columns).astype({"n_rows": "Int64"})


def _files_of(export: Export) -> list[tuple[str, int]]:
    """Give name and number of respondents' rows of each file."""
    body = export.body
    if body.origin is None:
        return [(body.file, body.n_rows)]
    counts = np.bincount(body.origin, minlength=len(body.files)).tolist()
    return [*zip(body.files, counts, strict=True)]


def skipped(files: pd.DataFrame) -> pd.DataFrame:
    """Give the audit's lines for files that were left out."""
    bad = files[files["kind"] == "skipped"]
    return bad[["file", "zh", "en"]].assign(rule="bad_file", action="remove")


def record(findings: Findings, *, language: Language) -> dict[str, object]:
    """Give versions, options, hashes and counts, ready for JSON; no personal data, no folders."""
    return {
        "created": findings.created,
        "language": language,
        "versions": {"python": platform.python_version(), **_versions()},
        "options": dict(findings.options),
        "questionnaire": findings.questionnaire.id,
        "answers": _answers(findings),
        "files": json.loads(findings.files.drop(columns=["zh", "en"]).to_json(orient="records")),
        "rows": {
            "read": findings.n_read,
            "used": findings.n_used,
            "removed": dict(
                zip(findings.removed["rule"], findings.removed["n"].tolist(), strict=True)
            ),
            "flagged": dict(
                zip(findings.flagged["rule"], findings.flagged["n"].tolist(), strict=True)
            ),
        },
    }


def _answers(findings: Findings) -> dict[str, int]:
    """Give the valid answers of every branch that are published."""
    frame = findings.tables["branch",].frame
    n = frame.set_index("branch")["n_valid"].dropna()
    return {str(branch): int(count) for branch, count in n.items()}


def near(replaced: Mapping[str, Any], findings: Findings) -> list[Text]:
    """Say of which branches two reports, laid side by side, tell what a few people answered.

    Parameters
    ----------
    replaced : mapping
        The record of the report that is replaced; empty where there is none.

    Notes
    -----
    No report can know of another that was handed on, but the one whose place it takes: of two
    tables of one survey the difference is published, too, and it may have a single person in it.
    """
    before, now = replaced.get("answers"), _answers(findings)
    if replaced.get("questionnaire") != findings.questionnaire.id or not isinstance(before, dict):
        return []
    least = findings.tables["branch",].min_cell
    few = [b for b, n in now.items() if b in before and 0 < abs(n - before[b]) < least]
    if not few:
        return []
    zh, en = "、".join(few[:3]), ", ".join(few[:3])
    return [
        Text(
            f"提示：与被替换的上一份报告相比，{len(few)} 个支部（{zh}{' 等' * (len(few) > 3)}）"
            f"的有效回答只差不到 {least} 份。如果两份出自同一次调查，同时看到两份的人"
            "可以相减，算出这几个人怎样回答：上一份没有发出的不要再发，已经发出的请收回，或只发一份。",
            f"Note: {len(few)} branches ({en}{' …' * (len(few) > 3)}) have fewer than "
            f"{least} answers more or less than in the report that this one replaces. "
            "If both are of one survey, whoever holds both can work out what these few people "
            "answered: hand on one of them only.",
        )
    ]


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in _PACKAGES}
