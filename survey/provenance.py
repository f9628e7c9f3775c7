"""What went in and with which versions: the record that a report keeps of its run."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from functools import cache
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


def _answers(findings: Findings) -> dict[str, list[int]]:
    """Give valid and satisfied answers of every unit whose figures are published."""
    known: dict[str, list[int]] = {}
    for level, table in findings.tables.items():
        frame = table.frame
        shown = frame[frame["rate"].notna()].dropna(subset=["n_valid", "n_satisfied"])
        names = [" · ".join(map(str, unit)) for unit in shown[[*level]].to_numpy().tolist()]
        counts = shown[["n_valid", "n_satisfied"]].astype(int).to_numpy().tolist()
        known |= {f"{' · '.join(level)}: {n}": c for n, c in zip(names, counts, strict=True)}
    return known


def near(before: Mapping[str, Any], after: Mapping[str, Any]) -> Text | None:
    """Say that two reports, laid side by side, tell what a few people answered, where they do.

    Parameters
    ----------
    before, after : mapping
        From `survey.output.records`: of the report that was replaced, empty where there was none,
        and of the one in its place.

    Notes
    -----
    No report can know of another that was handed on, but the one whose place it takes: of two
    tables of one survey the difference is published, too, and it may have a single person in it.

    Examples
    --------
    >>> one = {"questionnaire": "q", "options": {"min_cell": 5}, "answers": {"branch: 甲": [20, 9]}}
    >>> other = {**one, "answers": {"branch: 甲": [21, 9]}}
    >>> near({"": one}, {"": other}).text("zh")[:27]
    '提示：与被替换的上一份报告相比，1 处公布的人数（如甲'
    >>> near({"": one}, {"": one}), near({}, {"": one})
    (None, None)
    """
    few = [name for place, now in after.items() for name in _few(before.get(place, {}), now)]
    if not few:
        return None
    first, *others = few
    name = (others or [first])[0].partition(": ")[2]  # everyone, who come first, move with any
    return Text(
        f"提示：与被替换的上一份报告相比，{len(few)} 处公布的人数（如{name or '全体'}）只差几个人。"
        "如果两份出自同一次调查，同时看到两份的人可以相减，算出这几个人怎样回答："
        "只发其中一份，已经发出的另一份请收回。",
        f"Note: {len(few)} published counts (as of {name or 'everyone'}) differ by a few people "
        "from those of the report that was replaced. If both are of one survey, whoever holds both "
        "can work out what these few answered: hand on one of them only.",
    )


def _few(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Name the units whose people, or whose satisfied people, are fewer than may be told apart."""
    old, new = before.get("answers"), after.get("answers")
    if before.get("questionnaire") != after.get("questionnaire") or not isinstance(old, dict):
        return []
    least, few = after["options"]["min_cell"], []
    for name, (n, x) in (new or {}).items():
        match old.get(name):
            case [int(n_before), int(x_before)]:
                apart = abs(n - n_before) or abs(x - x_before)
                few += [name] if 0 < apart < least else []
    return few


@cache
def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in _PACKAGES}
