"""One object that says what is known of a survey, what is undecided, and what is missing.

The command, the sheet to confirm and ``survey-report.toml`` are views of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from survey.decisions import Decision, Decisions, load
from survey.understanding.given import Given
from survey.understanding.other import OTHER
from survey.understanding.points import Choice, Point
from survey.understanding.understanding import Understanding, understand

Source = str | Path | Mapping[str, Mapping[str, str]]
Confirm = Source | Sequence[Source]


def load_decisions(confirm: Confirm | None) -> Decisions:
    """Load what was decided: sheets to confirm, TOML files, or tables as they stand in these.

    Parameters
    ----------
    confirm : path, mapping, or sequence of these, optional
        A sheet overrides a file, and of two of a kind the later one the earlier.

    Raises
    ------
    SurveyError
        If one cannot be read or contradicts itself.
    """
    from survey.understanding import sheet

    sources = [confirm] if isinstance(confirm, str | Path | Mapping) else confirm or []
    files, sheets = Decisions(), Decisions()
    for source in sources:
        if isinstance(source, Mapping):
            sheets |= Decisions.of(source)
        elif Path(source).suffix.lower() == ".toml":
            files |= load(Path(source))
        else:
            sheets |= sheet.read(source)
    return files | sheets
