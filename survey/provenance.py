"""What went in and with which versions: the record that a report keeps of its run."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

from survey.errors import Language, SurveyError
from survey.output import sha256
from survey.readers import Export
from survey.results import Findings

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


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in _PACKAGES}
