"""What a survey needs: before it begins, and while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from questionnaires.language import say
from survey import formats
from survey.contract import Result, Wishes
from survey.errors import Language

if TYPE_CHECKING:
    from typing import Unpack

    from matplotlib.axes import Axes


MOST_SIZES = 150
"""Sizes of branches for which a curve of planning is computed."""


@dataclass(frozen=True, eq=False, repr=False)
class Planning(Result):
    """How many answers each branch needs, by the chance of a verdict that they give.

    Attributes
    ----------
    frame : DataFrame
        One row a branch and supposed rate: ``branch``, ``population``, ``bar_count``,
        ``supposed_rate``, ``supposed_satisfied`` (people, of `population`), ``least_n`` (with fewer
        valid answers it cannot meet the bar even if nobody is dissatisfied), ``chance_at_least``
        (of the right verdict with just so many), ``n_50``, ``n_80``, ``n_95`` (from so many answers
        on the right verdict has a chance of 50, 80, 95 %), ``response_rate_needed`` (for 80 %).
        *Meets* is right where ``supposed_satisfied`` reaches ``bar_count``, else *below*.
    bar : str
        The bar as written.
    alpha : float
        Greatest chance of each of the two wrong verdicts.
    looks : DataFrame
        Where looks are planned, one row a branch (and role, where the roster has any) and look:
        ``branch``, ``role``, ``population``, ``look``, ``n_valid``, ``most_dissatisfied`` (with so
        many it meets the bar at that look, missing where none is few enough),
        ``least_dissatisfied`` (with so many it is below), ``supposed_rate`` and
        ``decided_by_then``, the chance of the right verdict at that rate.

    Notes
    -----
    Answers are taken as a random sample of the branch. Where two roles answer at different rates,
    the verdict needs more.

    Examples
    --------
    >>> import survey, tempfile
    >>> result = survey.plan(survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1).roster)
    >>> result.curve().columns.tolist()
    ['population', 'least_n', 'n_50', 'n_80', 'n_95']
    >>> ax = result.plot()
    """

    _name = ("各支部需要的有效答卷", "Valid answers that branches need")
    _shown = (
        *("branch", "population", "supposed_rate", "n_80", "n_50", "n_95", "least_n"),
        *("chance_at_least", "response_rate_needed"),
    )

    frame: pd.DataFrame
    bar: str
    alpha: float
    looks: pd.DataFrame = field(default_factory=pd.DataFrame)

    def plot(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the answers needed against the size."""
        return self._draw("planning_curve", ax, **wishes)

    def curve(self) -> pd.DataFrame:
        """Give what branches of any size up to the largest need, at the first supposed rate.

        Returns
        -------
        DataFrame
            ``population``, ``least_n``, ``n_50``, ``n_80``, ``n_95`` as in `frame`.
        """
        from analysis.design.planning import answers_for_chance, least_answers, supposed_satisfied

        largest = max(int(self.frame["population"].max()), 20)
        sizes = np.unique(np.linspace(1, largest, min(largest, MOST_SIZES)).astype(np.int64))
        supposed = supposed_satisfied(sizes, float(self.frame["supposed_rate"].iloc[0]))
        terms: dict[str, Any] = {"bar": self.bar, "alpha": self.alpha}
        needed = {
            f"n_{chance}": answers_for_chance(sizes, supposed, chance / 100, **terms)
            for chance in (50, 80, 95)
        }
        least = {"least_n": least_answers(sizes, **terms)}
        return pd.DataFrame({"population": sizes} | least | needed)

    def _caption(self, language: Language) -> str:
        error = formats.level(self.alpha)
        return say(
            language,
            f"标准 {self.bar}，两种误判的概率各不超过 {error}。"
            "“少于此数不可能达标”不等于够用：请按“80% 可能判定”一列组织回收",
            f"bar {self.bar}, each wrong verdict has a probability of {error} at "
            "most. The least with which passing is possible is not enough: ask for those of 80 %",
        )


@dataclass(frozen=True, eq=False, repr=False)
class Fieldwork(Result):
    """How far a running survey is. Nothing here depends on what was answered.

    Attributes
    ----------
    frame : DataFrame
        One row a branch, whom to remind first on top: ``branch``, ``population``, ``n_valid``,
        ``response_rate``, ``n_80`` (valid answers for a chance of 80 % of a verdict),
        ``n_lacking`` (of these), ``chance_now``, ``n_reminders`` (to silent people, for a chance of
        80 %; all of them where that is out of reach), ``chance_after``, ``priority`` (missing where
        nobody need be reminded).
    roles : DataFrame
        The same up to ``n_lacking``, one row a branch and ``role``; empty without roles.
    expected : DataFrame
        One row a supposed rate: ``supposed_rate``, ``n_units`` (branches), ``decided_now`` and
        ``decided_after`` the reminders (right verdicts expected). `frame` supposes the first.
    bar : str
        The bar as written.
    reply_rate : float
        Supposed chance that a reminded person answers.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> told = held.fieldwork()
    >>> told.expectation("en").startswith("bar 0.9"), isinstance(told.falls("en"), str)
    (True, True)
    """

    _name = ("回收进度", "Progress of the survey")
    _shown = (
        *("priority", "branch", "population", "n_valid", "n_80", "n_lacking", "n_reminders"),
        *("chance_now", "chance_after", "response_rate"),
    )

    frame: pd.DataFrame
    roles: pd.DataFrame
    expected: pd.DataFrame
    bar: str
    reply_rate: float

    def expectation(self, language: Language) -> str:
        """Say how many verdicts are to be expected, and on what terms."""
        rate, _, *decided = self.expected.iloc[0]
        rate, reply = formats.level(rate), formats.level(self.reply_rate)
        now, after = (formats.decimal(number, 1) for number in decided)
        return say(
            language,
            f"标准 {self.bar}，假定满意率 {rate}、提醒后有 {reply} 的人作答："
            f"{len(self.frame)} 个支部中，预计现在可判定 {now} 个，按表提醒后 {after} 个",
            f"bar {self.bar}, supposing {rate} satisfied and {reply} of those reminded to answer: "
            f"of {len(self.frame)} branches {now} are expected to be decided now, {after} after "
            "the reminders",
        )

    def falls(self, language: Language) -> str:
        """Say why further answers may lower a chance; empty where they do not."""
        n = int((self.frame["chance_after"].round(3) < self.frame["chance_now"].round(3)).sum())
        if not n:
            return ""
        return say(
            language,
            f"有 {n} 个支部提醒后判定的可能反而略低：人数是整数，多收一两份而允许的不满意人数不变"
            "时，判定的界限相对更严；再多收几份，可能又会升高。这不是不提醒的理由。",
            f"In {n} branches the chance is slightly lower after the reminders: people are "
            "whole numbers, and where one or two answers more allow no more dissatisfied ones the "
            "limit is relatively stricter; with a few more the chance rises again. That is no "
            "reason to remind nobody.",
        )

    def _caption(self, language: Language) -> str:
        return self.expectation(language)
