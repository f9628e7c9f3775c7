"""Satisfaction of units, and their rates against their sizes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import pandas as pd

from survey import formats
from survey.contract import Result, Wishes
from survey.errors import Language, nearest

if TYPE_CHECKING:
    from typing import Unpack

    from matplotlib.axes import Axes
    from numpy.typing import NDArray


Target = Literal["bar", "mean"]
"""What the limits of a funnel surround: the bar, or the mean of all units shown."""
LIMITS = (0.95, 0.998)
"""Probabilities between the control limits of a funnel."""
FINEST = 500
"""Numbers of answers for which they are computed at most: a chart has no more dots across."""


@dataclass(frozen=True, eq=False, repr=False)
class Satisfaction(Result):
    """Satisfaction of units (branches, roles, both, or everyone) against the bar.

    Attributes
    ----------
    frame : DataFrame
        One row a unit. The unit columns named in `by` (roles by their titles), then
        ``population`` (Int64, missing without a roster), ``n_responses``, ``n_valid``,
        ``n_missing``, ``n_not_asked``, ``n_not_applicable``, ``n_satisfied``,
        ``share_of_answers`` (satisfied among the valid answers), ``rate`` (estimate for the
        people of the unit), ``index`` (0–100), ``lower``, ``upper`` (bounds of the rate, each
        right with probability 1 - `alpha`), ``estimator``, ``verdict``,
        ``reason``, ``p_meets``, ``p_below``, ``response_rate``, ``bound_low``,
        ``bound_high``, ``break_even``, ``break_even_gap`` (less the share of those who answered),
        ``tipping_odds`` (of answering, satisfied over dissatisfied people, at which an exact
        verdict stops to stand); by branch and for everyone also ``verdict_joint`` where
        roles are known; with `level` also ``low`` and ``high``. Rates are between 0 and 1.
        Under the privacy rule a withheld unit has the verdict ``withheld``, the ``reason`` ``few``
        or ``partner``, and no figure that tells its answers.
    by : tuple of str
        Unit columns: ``()``, ``("branch",)``, ``("role",)`` or ``("branch", "role")``.
    bar : str
        The bar as written, for example ``"0.9"``.
    alpha : float
        Error of each bound, and of each verdict.
    level : float or None
        Confidence level of ``low`` and ``high``, where these were asked for.
    method : str
        Method of ``low`` and ``high``.
    min_cell : int
        Least number of respondents for which figures are shown.
    satisfied_labels : tuple of str
        Answers that count as satisfied.
    english : mapping of str to str
        English names of answers and roles, as far as the questionnaire has them.
    is_protected : bool
        True where the privacy rule was applied. Otherwise the frame holds every unit, however
        small: it is for the analyst alone.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> result = held.satisfaction()
    >>> result.is_weighted, len(result.funnel().frame)
    (False, 4)
    >>> result.named_in("en").satisfied_labels
    ('very satisfied', 'satisfied')
    >>> axes = [result.plot(), result.plot_funnel(), result.plot_nonresponse(top=2)]
    >>> axes[0] is result.plot_response_rates(ax=axes[0])
    True
    """

    _name = ("满意率与判定", "Satisfaction and verdicts")
    _shown = (
        *("population", "n_valid", "n_satisfied", "rate", "lower", "upper", "verdict", "reason"),
        "response_rate",
    )

    frame: pd.DataFrame
    by: tuple[str, ...]
    bar: str
    alpha: float
    level: float | None
    method: str
    min_cell: int
    satisfied_labels: tuple[str, ...]
    english: Mapping[str, str] = field(default_factory=dict)
    is_protected: bool = False

    @property
    def is_weighted(self) -> bool:
        """Whether answers bear weights of the user's own."""
        return "estimator" in self.frame and bool((self.frame["estimator"] == "weighted").any())

    @property
    def supposed(self) -> Fraction:
        """The satisfied share on which `needed` rests: half way from the bar to all."""
        return (1 + Fraction(self.bar)) / 2

    def needed(self, chance: float = 0.8) -> pd.Series[int]:
        """Give the valid answers from which on a unit has a chance of the right verdict.

        Parameters
        ----------
        chance : float
            In (0, 1].

        Returns
        -------
        Series of Int64
            By the index of `frame`, for units of `supposed` satisfied people; missing where the
            population is not known.

        Examples
        --------
        >>> frame = pd.DataFrame({"population": [24, 300]})
        >>> Satisfaction(frame, (), "0.9", 0.05, None, "exact", 5, ()).needed().tolist()
        [21, 123]
        """
        from analysis.design.planning import answers_for_chance, supposed_satisfied

        known = self.frame["population"].dropna().astype("int64")
        satisfied = supposed_satisfied(known.to_numpy(), self.supposed)
        n = answers_for_chance(known.to_numpy(), satisfied, chance, bar=self.bar, alpha=self.alpha)
        return pd.Series(n, known.index, dtype="Int64").reindex(self.frame.index)

    def named_in(self, language: Language) -> Self:
        """Give it with answers and roles in English, where this is asked; branches keep theirs."""
        if language == "zh" or not self.english:
            return self
        frame = self.frame
        if "role" in self.by:
            frame = frame.assign(role=frame["role"].replace(self.english))
        labels = tuple(self.english.get(label, label) for label in self.satisfied_labels)
        return replace(self, frame=frame, satisfied_labels=labels)

    def plot(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the rates with their intervals and the bar."""
        return self._draw("caterpillar", ax, **wishes)

    def plot_response_rates(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the response rates."""
        return self._draw("response_rates", ax, **wishes)

    def plot_nonresponse(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw what the silent could change."""
        return self._draw("nonresponse", ax, **wishes)

    def plot_funnel(
        self, ax: Axes | None = None, *, around: Target = "bar", **wishes: Unpack[Wishes]
    ) -> Axes:
        """Draw the rates against the number of answers, with control limits."""
        return self._draw("funnel", ax, {"around": around}, **wishes)

    def funnel(self, around: Target = "bar") -> Funnel:
        """Hold every unit shown against control limits around the bar or the mean.

        Raises
        ------
        UsageError
            If `around` is neither.
        """
        from analysis.many.funnel import funnel_limits, funnel_signal

        if around not in ("bar", "mean"):
            raise nearest("around", around, ("bar", "mean"))
        # weighted rates have no counts to hold against limits
        counted = self.frame["rate"].notna() & self.frame["n_satisfied"].notna()
        shown = self.frame[counted].sort_values("rate", kind="stable")
        x, n = (shown[name].to_numpy(np.int64) for name in ("n_satisfied", "n_valid"))
        mean = float(x.sum() / n.sum()) if n.sum() else math.nan
        target = self._bar() if around == "bar" else mean
        if shown.empty:
            return Funnel(shown.assign(signal=0), around, target, mean)
        known = shown["population"].notna().all()
        people = shown["population"].to_numpy(np.int64) if known else None
        frame = shown
        for level in LIMITS:
            own = funnel_limits(n, target, level=level, population=people)
            frame = frame.assign(**dict(zip(_limits(level), (own.low, own.high), strict=True)))
        signal = funnel_signal(x, n, target, level=LIMITS[-1], population=people)
        return Funnel(frame.assign(signal=signal), around, target, mean)

    def _columns(self) -> Sequence[str]:
        return (*self.by, *self._shown)

    def _caption(self, language: Language) -> str:
        sure, labels = formats.level(1 - self.alpha), self.named_in(language).satisfied_labels
        if language == "zh":
            text = f"标准 {self.bar}，下限与上限各有 {sure} 的把握；满意：{'、'.join(labels)}"
            return (
                text if self.is_protected else text + "。含人数很少的单位，未作隐私保护，不宜外传"
            )
        text = f"bar {self.bar}, each bound right with probability {sure}; "
        text += f"satisfied: {', '.join(labels)}"
        return text if self.is_protected else text + ". With small units, unprotected: keep it"

    def _bar(self) -> float:
        return float(Fraction(self.bar))


@dataclass(frozen=True, eq=False, repr=False)
class Funnel(Result):
    """Units against control limits: how far from a target each may lie by chance.

    Attributes
    ----------
    frame : DataFrame
        One row a unit shown, the lowest rate first: the columns of `Satisfaction.frame`, limits for
        its own answers and people (``limit_low_950``, ``limit_high_950``, ``limit_low_998``,
        ``limit_high_998``), and ``signal`` (-1 below, 1 above the 99.8 % limits, else 0).
    around : {"bar", "mean"}
        What the limits surround.
    target, mean : float
        That share, and the share satisfied of all units shown.
    """

    _name = ("漏斗图的控制限", "Control limits")
    _shown = (
        *("branch", "role", "n_valid", "rate", "signal", "limit_low_950", "limit_high_950"),
        *("limit_low_998", "limit_high_998"),
    )

    frame: pd.DataFrame
    around: Target
    target: float
    mean: float

    @cached_property
    def bands(self) -> pd.DataFrame:
        """The same limits for ``n`` answers.

        Where the people are known, they are those at about the common response rate: smoothed over
        rates within 10 % of it. Of very many numbers of answers only as many as a chart can show.
        """
        if self.frame.empty:
            return pd.DataFrame()
        n = self.frame["n_valid"].to_numpy(np.int64)
        known = self.frame["population"].notna().all()
        people = self.frame["population"].to_numpy(np.int64) if known else None
        most = int(n.max() * 1.06) + 1
        sizes = np.unique(np.linspace(1, most, min(most, FINEST)).round().astype(np.int64))
        bands = pd.DataFrame({"n": sizes})
        for level in LIMITS:
            common = _band(sizes, n, people, self.target, level)
            bands = bands.assign(**dict(zip(_limits(level), common, strict=True)))
        return bands


def _limits(level: float) -> list[str]:
    """Name the columns of control limits."""
    return [f"limit_{end}_{1000 * level:.0f}" for end in ("low", "high")]


def _band(
    sizes: NDArray[np.int64],
    n: NDArray[np.int64],
    people: NDArray[np.int64] | None,
    target: float,
    level: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the limits to draw for every number of answers."""
    from analysis.many.funnel import funnel_limits

    if people is None:
        limits = funnel_limits(sizes, target, level=level)
        return limits.low, limits.high
    per_answer = people.sum() / n.sum() * np.linspace(0.9, 1.1, 11)
    among = np.maximum(np.round(per_answer[:, None] * sizes), sizes).astype(np.int64)
    limits = funnel_limits(
        np.broadcast_to(sizes, among.shape), target, level=level, population=among
    )
    return limits.low.mean(axis=0), limits.high.mean(axis=0)
