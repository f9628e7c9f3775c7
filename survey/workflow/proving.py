"""The workbook of documentary minimums: written for a roster, read into a survey."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from questionnaires import Questionnaire
from survey import documentary, output, settings
from survey.errors import Language, UsageError
from survey.results import Evidence
from survey.roster import read_roster
from survey.workflow import meant

if TYPE_CHECKING:
    from survey.workflow.answers import Answers


def evidence(
    roster: str | Path,
    out: str | Path,
    *,
    roster_sheet: str | None = None,
    questionnaire: str | Path | Questionnaire | None = None,
    since: str | date | None = None,
    until: str | date | None = None,
    language: Language | None = None,
    force: bool = False,
) -> Path:
    r"""Write the workbook in which branches say what they did for the standard's minimums.

    Parameters
    ----------
    roster : path
        Names the branches.
    out : path
        A file ending in ``.xlsx``; it appears only when it is whole.
    roster_sheet : str, optional
        Sheet of the roster, where several look like one.
    questionnaire : str, path or Questionnaire, optional
        Names the standard.
    since, until : str or date, optional
        Every term, month or week with a day between them has its lines; the two terms that have
        ended last by default.
    language : {"zh", "en"}, optional
        Of the workbook; else the one that `survey.options` sets.
    force : bool
        Replace a file that is there.

    Returns
    -------
    Path
        The file, for ``survey.read(..., evidence=out)`` once it is filled in.

    Raises
    ------
    UsageError
        If the questionnaire has no standard with minimums to be proved, or the days are none.

    Examples
    --------
    >>> import tempfile, survey
    >>> folder = Path(tempfile.mkdtemp())
    >>> roster = folder / "名册.csv"
    >>> _ = roster.write_text("支部,人数\n甲支部,40\n", encoding="utf-8-sig")
    >>> survey.evidence(roster, folder / "佐证.xlsx").name
    '佐证.xlsx'
    """
    asked = meant.questionnaire(questionnaire)
    standard = meant.standard(asked)
    known = read_roster(roster, asked, sheet=roster_sheet)
    first, last = documentary.last_year(date.today())
    first = first if since is None else _day(since, "since")
    last = last if until is None else _day(until, "until")
    if first > last:
        raise UsageError(
            zh=f"起始日期 {first} 晚于截止日期 {last}。", en=f"since {first} is after until {last}."
        )
    with output.file(out, force=force, inputs=[Path(roster)]) as file:
        documentary.write(file, standard, known.branches, first, last, settings.language(language))
    return Path(out)


def proved(path: str | Path, survey: Answers) -> Evidence:
    """Read a filled workbook and judge the branches of a survey by it."""
    standard = meant.standard(survey.questionnaire)
    known = survey.roster
    names = survey.branches

    def match(name: str) -> str | None:
        found = known.find(name) if known is not None else None
        return found or (name if name in names else None)

    return documentary.judge(documentary.read(path, standard, match), standard, names)


def _day(given: str | date, name: str) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise UsageError(
            zh=f"{name}={given} 不是日期，请写作 2025-09-01。",
            en=f"{name}={given} is no date: write it 2025-09-01.",
        ) from None
