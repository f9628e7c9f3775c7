"""What a roster lets every branch hope for."""

from __future__ import annotations

from pathlib import Path

from questionnaires import Questionnaire
from survey import estimation
from survey.results import Planning
from survey.roster import read_roster
from survey.workflow.reading import load_questionnaire


def plan(
    roster: str | Path,
    *,
    questionnaire: str | Path | Questionnaire | None = None,
    bar: str | float | None = None,
) -> Planning:
    r"""Say how many answers each branch needs to be able to pass.

    Parameters
    ----------
    roster : path
        Sizes of branches.
    questionnaire : str, path or Questionnaire, optional
        Gives roles and bar.
    bar : str or float, optional
        Share to be reached; the questionnaire's by default.

    Returns
    -------
    Planning

    Examples
    --------
    A branch of 40 needs 36 satisfied people; 18 answers, none dissatisfied, show that it has them.

    >>> import tempfile, survey
    >>> roster = Path(tempfile.mkdtemp()) / "名册.csv"
    >>> _ = roster.write_text("支部,人数\n甲支部,40\n", encoding="utf-8-sig")
    >>> planned = survey.plan(roster)
    >>> planned.frame[["branch", "bar_count", "least_n"]].values.tolist()
    [['甲支部', 36, 18]]
    """
    asked = load_questionnaire(questionnaire)
    known = read_roster(roster, asked)
    return estimation.planning(known, bar=str(bar) if bar is not None else asked.bar)
