"""How many answers to ask every branch of a roster for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from questionnaires import Questionnaire
from survey import estimation
from survey.results import Planning
from survey.roster import read_roster
from survey.workflow import meant
from survey.workflow.supposing import checked, rising, supposed
from survey.workflow.tables import Roll, roster_of


def plan(
    roster: Roll,
    *,
    roster_sheet: str | None = None,
    questionnaire: str | Path | Questionnaire | None = None,
    bar: str | float | None = None,
    suppose: Sequence[str | float] | None = None,
    looks: Sequence[str | float] = (),
) -> Planning:
    """Say how many answers each branch needs for a chance of 50, 80 and 95 % to be decided.

    Parameters
    ----------
    roster : path, data frame or mapping
        Sizes of branches, or people by branch.
    roster_sheet : str, optional
        Sheet of the roster, where several look like one.
    questionnaire : str, path or Questionnaire, optional
        Gives roles and bar.
    bar : str or float, optional
        Share to be reached; the questionnaire's by default.
    suppose : sequence of str or float, optional
        Satisfied shares that branches are supposed to have, in (0, 1]. By default the one half
        way between the bar and 1, and the one ten points below the bar: 95 % and 80 % at a bar
        of 90 %.
    looks : sequence of str or float
        Shares of the people, rising, whose answers will be there when verdicts are looked at
        before the end and at it, for example ``["0.4", "0.6", "0.8"]``.

    Returns
    -------
    Planning

    Raises
    ------
    UsageError
        If a share is out of range, or looks do not rise.

    Examples
    --------
    Eighteen answers may show that a branch of 40 meets the bar, if nobody is dissatisfied. With
    two dissatisfied among the 40 it takes 32 to have four chances in five.

    >>> import survey
    >>> planned = survey.plan({"甲支部": 40}, suppose=["0.95"])
    >>> planned.frame[["branch", "supposed_satisfied", "least_n", "n_80"]].values.tolist()
    [['甲支部', 38, 18, 32]]
    """
    asked = meant.questionnaire(questionnaire)
    known = read_roster(roster_of(roster), asked, sheet=roster_sheet)
    goal = asked.bar if bar is None else checked("bar", bar)
    times = rising("looks", looks)
    return estimation.planning(
        known, bar=goal, suppose=supposed(suppose, goal), looks=times, roles=asked.roles
    )
