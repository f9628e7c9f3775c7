"""What a survey yields: frozen results with a frame, a plot and a display form."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import numpy as np
import pandas as pd

from survey import vocabulary
from survey.contract import Result, Wishes
from survey.errors import Language, UsageError, nearest

if TYPE_CHECKING:
    from typing import Unpack

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from questionnaires import Questionnaire
    from questionnaires.scoring import Profile
    from questionnaires.standard import Standard

Target = Literal["bar", "mean"]
"""What the limits of a funnel surround: the bar, or the mean of all units shown."""
MOST_SIZES = 150
"""Sizes of branches for which a curve of planning is computed."""
LIMITS = (0.95, 0.998)
"""Probabilities between the control limits of a funnel."""


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
    is_protected: bool = False

    @property
    def is_weighted(self) -> bool:
        """Whether answers bear weights of the user's own."""
        return "estimator" in self.frame and bool((self.frame["estimator"] == "weighted").any())

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
            return Funnel(shown.assign(signal=0), pd.DataFrame(), around, target, mean)
        known = shown["population"].notna().all()
        people = shown["population"].to_numpy(np.int64) if known else None
        sizes = np.arange(1, int(n.max() * 1.06) + 2)
        frame, bands = shown, pd.DataFrame({"n": sizes})
        for level in LIMITS:
            names = [f"limit_{end}_{1000 * level:.0f}" for end in ("low", "high")]
            own = funnel_limits(n, target, level=level, population=people)
            frame = frame.assign(**dict(zip(names, (own.low, own.high), strict=True)))
            common = _band(sizes, n, people, target, level)
            bands = bands.assign(**dict(zip(names, common, strict=True)))
        signal = funnel_signal(x, n, target, level=LIMITS[-1], population=people)
        return Funnel(frame.assign(signal=signal), bands, around, target, mean)

    def _columns(self) -> Sequence[str]:
        return (*self.by, *self._shown)

    def _caption(self, language: Language) -> str:
        sure, labels = f"{1 - self.alpha:.0%}", "、".join(self.satisfied_labels)
        if language == "zh":
            text = f"标准 {self.bar}，下限与上限各有 {sure} 的把握；满意：{labels}"
            return (
                text if self.is_protected else text + "。含人数很少的单位，未作隐私保护，不宜外传"
            )
        text = f"bar {self.bar}, each bound right with probability {sure}; satisfied: {labels}"
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
    bands : DataFrame
        The same limits for ``n`` answers, where the people are known at about the common response
        rate: smoothed over rates within 10 % of it.
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
    bands: pd.DataFrame
    around: Target
    target: float
    mean: float


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


class DriversSummary(TypedDict, total=False):
    """Figures of a breakdown as a whole; NaN where a test was not made or a figure is withheld.

    Attributes
    ----------
    observed_rate, predicted_rate, floor_rate, residual : float
        Shares of all who were used.
    total_low, total_high : float
        Interval of the sum of all contributions.
    n_used, n_dissatisfied, n_satisfied, n_branches : int
        People, and branches they are of.
    n_full : int
        People with all items at the target or above.
    dropped : mapping of str to int
        People left out, by reason.
    share_blank : float
        Of the ratings.
    imputation : str
        How blanks were filled.
    shrinkage : float
        How far the slopes are taken from those of dissatisfaction alone to those of the whole
        ordered answer, 0–1.
    p_parallel : float
        Of the test that these are the same.
    slope_variance : float
        Between branches, as a multiple of the squared slope.
    p_same_slopes, p_same_roles : float
        Of the tests that branches, or roles, have the same slopes.
    """

    observed_rate: float
    predicted_rate: float
    floor_rate: float
    residual: float
    total_low: float
    total_high: float
    n_used: int
    n_dissatisfied: int
    n_satisfied: int
    n_branches: int
    dropped: Mapping[str, int]
    share_blank: float
    imputation: str
    n_full: int
    shrinkage: float
    p_parallel: float
    slope_variance: float
    p_same_slopes: float
    p_same_roles: float


@dataclass(frozen=True, eq=False, repr=False)
class Drivers(Result):
    """Dissatisfaction broken down by the dimensions of the questionnaire.

    Attributes
    ----------
    frame : DataFrame
        One row a dimension: ``dimension`` (id), ``title``, ``title_en``, ``contribution``, ``low``,
        ``high`` (shares of all respondents, 0.037 is 3.7 percentage points), ``solo``, ``last``,
        ``share`` (of the observed rate), ``slope``, ``distinguishable`` (bool: its interval
        excludes 0), and where more than 5 % of the ratings are blank ``low_blanks`` and
        ``high_blanks``: what the interval becomes if blanks may be up to a level below the answers
        of people alike. Contributions are missing where withheld.
    branches : DataFrame
        One row a branch and dimension: ``branch``, ``dimension``, ``title``, ``title_en``,
        ``contribution``, ``low``, ``high``, ``university`` (the contribution for all),
        ``difference`` from it with ``difference_low`` and ``difference_high`` (shares, 0.01 is one
        percentage point), ``withheld`` (bool). Figures are missing where withheld.
    branch_totals : DataFrame
        One row a branch: ``branch``, ``n``, ``observed_rate``, ``predicted_rate``, ``floor_rate``,
        ``residual``, ``withheld``.
    items : DataFrame
        One row an item: ``item``, ``title``, ``title_en``, ``dimension``, ``contribution``,
        ``low``, ``high``.
    summary : DriversSummary
        Figures of the whole.
    status : str
        ``full``, ``indicative`` (no order is given), ``sum_only_vif`` or a ``none_…`` code.
    flags : tuple of str
        For example ``few_clusters``.
    order : DataFrame
        Pairs of dimensions whose difference excludes 0: ``first``, ``second`` (ids),
        ``difference``, ``low``, ``high``.
    sensitivity : DataFrame
        Would the order of the dimensions change? One row a variant (``target``, ``calibrated``,
        ``ordinal``, ``logit``, ``blanks``, ``strict``): ``variant``, ``same_first``,
        ``same_order`` (missing where the variant has no breakdown) and ``reversed``, the pairs
        that were told apart and now stand the other way round. Empty where the breakdown is
        withheld.
    diagnostics : DataFrame
        One row a dimension: ``dimension``, ``title``, ``title_en``, ``slope``,
        ``slope_standard_error``, ``vif``, ``probability_first`` (of having the largest
        contribution), ``calibrated`` (the contribution with scores corrected for measurement
        error; missing where there is none): where people judge by what they feel, and not by the
        ratings as given, it is nearer the truth; ``p_same_items``, of the test that the items of
        the dimension weigh alike, as their mean supposes (Holm over the dimensions).
    regression : DataFrame
        The logit of dissatisfaction alone, unpenalised, in the usual form; the contributions rest
        on the ``slope`` of `frame`, which may borrow from the ordered answer. One row a term:
        ``term`` (``const`` or the dimension's id), ``title``, ``title_en``, ``coefficient``,
        ``standard_error`` (clustered by branch), ``odds_ratio`` (of dissatisfaction, for one
        point more of the mean rating), ``low``, ``high``, ``p_value``. Missing where the
        breakdown is withheld.
    left_out : DataFrame
        Dimensions that cannot be broken down: ``dimension``, ``title``, ``title_en``, ``reason``
        (``not_asked``: nobody answered an item of it; ``alike``: everybody gave the same answers).
    companions : DataFrame
        One row a dimension, for readers used to other tools: ``lmg`` and ``relative_weight``
        (shares of explained variance, see `analysis.relative_importance`), ``importance``,
        ``performance`` and ``quadrant`` of an importance–performance analysis, ``n`` (people who
        answered everything). Empty where there are too few.
    target : float
        Score to which dimensions are raised.
    level : float
        Confidence level.
    fit_model : callable or None
        What `model` calls. It holds answers of every person and is not pickled; None in a report.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=12, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> result = held.drivers()
    >>> int(result.model.df_model)  # one slope a dimension
    6
    >>> axes = [result.plot(), result.plot_branches(top=4), result.plot_items(top=6)]
    >>> axes.append(result.plot_branch(held.branches[0]))
    """

    _name = ("不满意的分解", "Breakdown of dissatisfaction")
    _shown = ("title", "title_en", "contribution", "low", "high", "solo", "last", "share")

    frame: pd.DataFrame
    branches: pd.DataFrame
    branch_totals: pd.DataFrame
    items: pd.DataFrame
    summary: DriversSummary
    status: str
    flags: tuple[str, ...]
    order: pd.DataFrame
    sensitivity: pd.DataFrame
    target: float
    level: float
    diagnostics: pd.DataFrame = field(default_factory=pd.DataFrame)
    companions: pd.DataFrame = field(default_factory=pd.DataFrame)
    regression: pd.DataFrame = field(default_factory=pd.DataFrame)
    left_out: pd.DataFrame = field(default_factory=pd.DataFrame)
    fit_model: Callable[[], Any] | None = field(default=None, repr=False)

    @cached_property
    def model(self) -> Any:
        """The regression as a result of statsmodels, for ``summary()`` and whatever else it has.

        A GLM (Binomial) of dissatisfaction on the mean ratings of the dimensions, unpenalised,
        with covariance clustered by branch (HC0 with fewer than 10 branches) and Student's t;
        `regression` holds the same numbers where no rating is blank. Here blanks are filled once,
        by conditional means. It is fitted when first asked for and holds the answers of every
        person: keep it to yourself.

        Raises
        ------
        UsageError
            Where the answers are not at hand: in a report's findings or after unpickling.
        """
        if self.fit_model is None:
            raise UsageError(
                zh="这里没有逐份答卷，无法拟合模型；请在读入的调查上用 survey.drivers().model。",
                en="No single answers are held here to fit the model to: use "
                "survey.drivers().model of the survey that was read.",
            )
        return self.fit_model()

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.__dict__.items() if name != "model"}
        return kept | {"fit_model": None}

    def plot(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the way from the floor over the dimensions to the observed rate."""
        return self._draw("waterfall", ax, **wishes)

    def plot_branches(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw branches by dimensions against the university."""
        return self._draw("dimension_map", ax, **wishes)

    def plot_items(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the dissatisfaction that goes with every item."""
        return self._draw("item_forest", ax, **wishes)

    def plot_branch(self, branch: str, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw one branch against the university."""
        return self._draw("branch_dimensions", ax, {"branch": branch}, **wishes)

    def _caption(self, language: Language) -> str:
        return (
            "与各维度相联系的不满意率"
            if language == "zh"
            else "Dissatisfaction that goes with each"
        )


@dataclass(frozen=True, eq=False, repr=False)
class ItemResponses(Result):
    """How each item was answered, by everyone or in every branch.

    Attributes
    ----------
    frame : DataFrame
        One row an item and level of its scale, in the scale's order from best to worst: ``item``,
        ``title``, ``title_en``, ``dimension``, ``label``, ``label_en``, ``score``, ``satisfied``
        (bool), ``n``, ``share`` (of valid answers). Levels nobody chose are there with 0; both are
        missing where the item is withheld.
    summary : DataFrame
        One row an item: ``item``, ``number``, ``title``, ``title_en``, ``dimension``,
        ``dimension_title``, ``dimension_title_en``, ``n_valid``, ``n_missing``, ``n_not_asked``,
        ``n_not_applicable``, ``n_satisfied``, ``rate`` (share of valid answers), ``lower``,
        ``upper`` (bounds for the people on the roster, the answers being one random sample of
        them, each right with probability .95), ``index`` (0–100).

    Notes
    -----
    By branch both tables begin with the column ``branch``; `of_branches` parts them.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> result = held.responses_by_item("branch")
    >>> list(result.of_branches()) == held.branches
    True
    >>> ax = held.responses_by_item().plot(top=5)
    """

    _name = ("各项指标的回答", "Answers to the items")
    _shown = (
        *("number", "title", "title_en", "n_valid", "n_satisfied", "rate", "lower", "upper"),
        "index",
    )

    frame: pd.DataFrame
    summary: pd.DataFrame

    def of_branches(self) -> dict[str, ItemResponses]:
        """Part answers by branch into one result a branch, without the column ``branch``."""
        frames = dict(list(self.frame.groupby("branch", sort=False)))
        return {
            str(branch): ItemResponses(
                frames[branch].drop(columns="branch").reset_index(drop=True),
                summary.drop(columns="branch").reset_index(drop=True),
            )
            for branch, summary in self.summary.groupby("branch", sort=False)
        }

    def plot(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the answers of one unit to every item, diverging from the neutral level.

        Raises
        ------
        UsageError
            If the answers are those of several units: take one of them.
        """
        if self.summary["item"].duplicated().any():
            raise UsageError(
                zh="一张图只画一个单位各项指标的回答：请先取出一个单位，或不给 by。",
                en="One chart shows the items of one unit: take one, or give no by.",
            )
        return self._draw("item_bars", ax, **wishes)

    def _table(self, language: Language) -> pd.DataFrame:
        return self.summary


@dataclass(frozen=True, eq=False, repr=False)
class Ranking(Result):
    """Branches compared under one model: shrunken rates, ranks with intervals, P(meets).

    Attributes
    ----------
    frame : DataFrame
        One row a branch: ``branch``, ``n_valid``, ``rate``, ``verdict``, ``side`` (of the bar by
        the model, exploratory: of those put on a side at most 5 % are expected to lie on the
        other), ``pooled_rate``, ``pooled_low``, ``pooled_high``, ``p_at_bar``, ``rank``,
        ``rank_low``, ``rank_high``.
    mean, spread : float
        Mean of the branches' rates, and their standard deviation beyond chance.
    slope : float
        Log odds of satisfaction for a branch e times as large; 0 where size tells nothing.
    level : float
        Confidence level.
    status : str
        ``full``, or why there are no figures: ``none_no_population``, ``none_all_alike`` or
        ``none_weighted``.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=12, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> result = held.ranking()
    >>> ax = result.plot(top=5)
    """

    _name = ("支部之间的比较", "Branches compared")
    _shown = (
        *("branch", "n_valid", "rank", "rank_low", "rank_high", "rate", "pooled_rate"),
        *("pooled_low", "pooled_high", "p_at_bar", "verdict", "side"),
    )

    frame: pd.DataFrame
    mean: float
    spread: float
    slope: float
    level: float
    status: str = "full"

    def plot(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the ranks with their intervals."""
        return self._draw("ranks", ax, **wishes)


@dataclass(frozen=True, eq=False, repr=False)
class Reliability(Result):
    """Reliability of the instrument.

    Attributes
    ----------
    frame : DataFrame
        One row a dimension and one for all items: ``dimension``, ``title``, ``title_en``,
        ``n_items``, ``n_used``, ``alpha``, ``low``, ``high``, ``omega``, ``omega_low``,
        ``omega_high``, ``flagged`` (alpha < .7), ``n_against`` (items that run against the others).
    items : DataFrame
        One row an item: ``item``, ``title``, ``title_en``, ``dimension``, ``item_total``,
        ``against`` (runs against the others of the whole questionnaire), ``floor_share``,
        ``ceiling_share``.
    against_is_clear : bool
        False where half of the items run against the others: either half may be the reversed one.
    kmo, bartlett_p : float
        Sampling adequacy of all items and the p-value of Bartlett's test of sphericity.
    level : float
        Confidence level of the intervals.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> result = held.reliability()
    >>> ax = result.plot()
    """

    _name = ("问卷的信度", "Reliability of the instrument")
    _shown = (
        *("title", "title_en", "n_items", "n_used", "alpha", "low", "high", "omega"),
        *("omega_low", "omega_high", "flagged", "n_against"),
    )

    frame: pd.DataFrame
    items: pd.DataFrame
    against_is_clear: bool
    kmo: float
    bartlett_p: float
    level: float
    status: str = "full"

    def plot(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the reliability of the dimensions."""
        return self._draw("reliability", ax, **wishes)

    def _caption(self, language: Language) -> str:
        return f"{self.level:.0%} 区间" if language == "zh" else f"{self.level:.0%} intervals"


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
        return (
            f"标准 {self.bar}，两种误判的概率各不超过 {self.alpha:.0%}。"
            "“少于此数不可能达标”不等于够用：请按“80% 可能判定”一列组织回收"
            if language == "zh"
            else f"bar {self.bar}, each wrong verdict has a probability of {self.alpha:.0%} at "
            "most. The least with which passing is possible is not enough: ask for those of 80 %"
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
        rate, _, now, after = self.expected.iloc[0]
        return (
            f"标准 {self.bar}，假定满意率 {rate:.0%}、提醒后有 {self.reply_rate:.0%} 的人作答："
            f"{len(self.frame)} 个支部中，预计现在可判定 {now:.1f} 个，按表提醒后 {after:.1f} 个"
            if language == "zh"
            else f"bar {self.bar}, supposing {rate:.0%} satisfied and {self.reply_rate:.0%} of "
            f"those reminded to answer: of {len(self.frame)} branches {now:.1f} are expected to "
            f"be decided now, {after:.1f} after the reminders"
        )

    def falls(self, language: Language) -> str:
        """Say why further answers may lower a chance; empty where they do not."""
        n = int((self.frame["chance_after"].round(3) < self.frame["chance_now"].round(3)).sum())
        if not n:
            return ""
        return (
            f"有 {n} 个支部提醒后判定的可能反而略低：人数是整数，多收一两份而允许的不满意人数不变"
            "时，判定的界限相对更严；再多收几份，可能又会升高。这不是不提醒的理由。"
            if language == "zh"
            else f"In {n} branches the chance is slightly lower after the reminders: people are "
            "whole numbers, and where one or two answers more allow no more dissatisfied ones the "
            "limit is relatively stricter; with a few more the chance rises again. That is no "
            "reason to remind nobody."
        )

    def _caption(self, language: Language) -> str:
        return self.expectation(language)


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Result):
    """Change between two waves.

    Attributes
    ----------
    frame : DataFrame
        One row a unit: ``branch`` (missing for all together), ``n_valid_before``, ``rate_before``,
        ``n_valid_after`` (Int64, missing where a wave lacks the branch), ``rate_after``,
        ``difference``, ``low``, ``high``, ``p_value``, ``method`` (``exact`` where both waves are
        one random sample of known size, ``paired`` of people matched in both, else ``hybrid``, of
        the bounds of both waves),
        ``detectable_fall``, ``detectable_rise`` (in branches of fewer than 40 people compared
        exactly: the least changes that could have been told from none; missing where no change
        could), ``change`` (``up``, ``down``, ``undecided``, ``new``, ``gone``, ``withheld``).
    level : float
        Confidence level; a branch that did not change is called changed with a chance of at most
        1 - level.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> result = held.compare(held)
    >>> result.named("en")["branch"].iloc[0], set(result.frame["change"])
    ('University', {'undecided'})
    >>> ax = result.plot()
    """

    _name = ("两次调查的变化", "Change between two waves")
    _shown = (
        *("branch", "change_in_rate", "low", "high", "change", "rate_before", "rate_after"),
        *("n_valid_before", "n_valid_after", "p_value", "detectable_fall", "detectable_rise"),
    )

    frame: pd.DataFrame
    level: float

    def plot(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the changes with their intervals."""
        return self._draw("changes", ax, **wishes)

    def _table(self, language: Language) -> pd.DataFrame:
        return self.named(language)

    def _caption(self, language: Language) -> str:
        is_judged = self.frame["change"].isin(["up", "down", "undecided"])
        error, n = 1 - self.level, int((is_judged & self.frame["branch"].notna()).sum())
        return (
            f"没有变化的支部被判为变化的概率各不超过 {error:.0%}：{n} 个支部都没有变化时，"
            f"预计也有至多 {error * n:.1f} 个被判为变化"
            if language == "zh"
            else f"a branch that did not change is called changed with a chance of {error:.0%} at "
            f"most: of {n} unchanged ones up to {error * n:.1f} are to be expected"
        )

    def named(self, language: Language) -> pd.DataFrame:
        """Give the frame with ``change_in_rate``: elsewhere a difference is from the university."""
        branch = self.frame["branch"].fillna(vocabulary.column("university", language))
        return self.frame.assign(branch=branch).rename(columns={"difference": "change_in_rate"})


@dataclass(frozen=True, eq=False, repr=False)
class Waves(Result):
    """One survey over several waves.

    Attributes
    ----------
    frame : DataFrame
        One row a wave and unit, the oldest wave first: ``wave``, ``branch`` (missing for all
        together, else by its name of the last wave) and the columns of `Satisfaction`.
    changes : DataFrame
        From every wave to the next: ``wave`` (the later one) and the columns of `Comparison`.
    terms : Satisfaction
        Bar, error and definition of satisfied of the last wave.
    level : float
        Confidence level of the differences.
    """

    _name = ("历次调查", "Waves of a survey")
    _shown = ("wave", "branch", "n_valid", "rate", "lower", "upper", "verdict")

    frame: pd.DataFrame
    changes: pd.DataFrame
    terms: Satisfaction
    level: float

    def of(self, branch: str | None = None) -> Satisfaction:
        """Give the waves of one branch, or of all together, as units."""
        names = self.frame["branch"]
        if branch is not None and branch not in set(names.dropna()):
            raise nearest("branch", branch, names.dropna().unique())
        own = self.frame[names.isna() if branch is None else names == branch]
        return replace(self.terms, frame=own.reset_index(drop=True), by=("wave",))

    def plot(
        self, ax: Axes | None = None, *, branch: str | None = None, **wishes: Unpack[Wishes]
    ) -> Axes:
        """Draw the rates of one branch, or of all together, with their bounds and the bar."""
        return self._draw("trends", ax, {"branch": branch}, **wishes)

    def _table(self, language: Language) -> pd.DataFrame:
        branch = self.frame["branch"].fillna(vocabulary.column("university", language))
        return self.frame.assign(branch=branch)


@dataclass(frozen=True, eq=False, repr=False)
class Scores(Result):
    """Scores by a school's rule, beside the verdicts.

    Attributes
    ----------
    frame : DataFrame
        One row a unit: ``branch`` (missing for all together), ``n_valid``, ``n_satisfied``,
        ``score`` (missing where it is withheld or the rule gives none), ``passes`` (boolean),
        ``rate``, ``verdict``, ``difference``: empty where score and verdict agree, ``uncertain``
        (passes, the verdict is open), ``outweighed`` (passes, below the bar), ``ladder`` (fails,
        meets the bar).
    profile : Profile
        The rule.
    points : mapping of str to float
        Level of the overall question → points, the best first.
    pass_mark : float
        The score that passes.
    """

    _name = ("按记分办法的得分", "Scores by a school's rule")
    _shown = ("branch", "n_valid", "score", "rate", "verdict")

    frame: pd.DataFrame
    profile: Profile
    points: Mapping[str, float]
    pass_mark: float

    def _table(self, language: Language) -> pd.DataFrame:
        branch = self.frame["branch"].fillna(vocabulary.column("university", language))
        return self.frame.assign(branch=branch)

    def _caption(self, language: Language) -> str:
        title = self.profile.title if language == "zh" else self.profile.title_en
        return f"{title or self.profile.id}（{self.profile.source}）"


@dataclass(frozen=True, eq=False, repr=False)
class Comments(Result):
    """What the open answers speak of, for the whole university alone.

    Attributes
    ----------
    frame : DataFrame
        One row a dimension, followed by its indicators: ``dimension``, ``dimension_title``,
        ``dimension_title_en``, ``number`` (missing for the dimension itself), ``title``,
        ``title_en``, ``n`` (comments with one of its keywords; missing where they are too few).
    n : int or None
        Comments in all; None where there are fewer than `least`.
    least : int
        Least number of comments of a published count.
    quotes : DataFrame or None
        ``text`` (masked), ``theme``, ``theme_en`` (its dimensions), ``kept`` (True, False, or
        missing where a review says nothing), in the order of the texts.
    is_reviewed : bool
        Whether a person went through the quotations.
    """

    _name = ("意见说到的方面", "What comments speak of")
    _shown = ("title", "title_en", "n")

    frame: pd.DataFrame
    n: int | None
    least: int
    quotes: pd.DataFrame | None = None
    is_reviewed: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Actions(Result):
    """What has become of last time's list of actions.

    Attributes
    ----------
    frame : DataFrame
        One row a line of the list: ``branch`` (missing for the university), ``number``, ``title``,
        ``measure`` (masked), ``n_valid_before``, ``rate_before``, ``n_valid_after``,
        ``rate_after``, ``difference``, ``low``, ``high``, ``p_adjusted``, ``change`` (``up``,
        ``down``, ``undecided``, ``withheld``, or ``gone`` where there is no such branch or
        indicator any more).
    level : float
        Confidence level.
    """

    _name = ("上次整改事项的变化", "What has become of last time's actions")
    _shown = ("branch", "title", "rate_before", "rate_after", "change")

    frame: pd.DataFrame
    level: float

    def _table(self, language: Language) -> pd.DataFrame:
        branch = self.frame["branch"].fillna(vocabulary.column("university", language))
        return self.frame.assign(branch=branch)


@dataclass(frozen=True, eq=False, repr=False)
class Evidence(Result):
    """Whether documents prove what a standard asks for at least.

    Attributes
    ----------
    frame : DataFrame
        One row a branch and minimum: ``branch``, ``number`` (of the indicator), ``required``,
        ``required_en``, ``n`` (least count over its times or members), ``status`` (``met``,
        ``not_met``, ``not_provided``), ``detail``, ``detail_en`` (what lacks; may be empty).
    attachments : DataFrame
        One row a file: ``branch``, ``number``, ``date``, ``subject``, ``n`` (people),
        ``attachment`` (its name, masked).
    standard : Standard
        That asks for them.
    opinions : mapping of int to str
        What reviewers say of an indicator, by its number.
    remarks : mapping of str to str
        What the superior committee says of a branch.
    """

    _name = ("佐证材料", "Documentary evidence")
    _shown = ("branch", "number", "status", "n", "detail")

    frame: pd.DataFrame
    attachments: pd.DataFrame
    standard: Standard
    opinions: Mapping[int, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)

    def of(self, branches: Collection[str]) -> Evidence:
        """Keep some branches."""
        frames = (part[part["branch"].isin(branches)] for part in (self.frame, self.attachments))
        frame, attachments = (part.reset_index(drop=True) for part in frames)
        remarks = {name: text for name, text in self.remarks.items() if name in branches}
        return replace(self, frame=frame, attachments=attachments, remarks=remarks)

    def _table(self, language: Language) -> pd.DataFrame:
        status = [vocabulary.proof(code, language) for code in self.frame["status"]]
        return self.frame.assign(status=status)

    def _caption(self, language: Language) -> str:
        return f"{self.standard.citation}，{self.standard.version}"


@dataclass(frozen=True, eq=False)
class Strict:
    """What would change if every flagged answer were removed too.

    Attributes
    ----------
    overall : Satisfaction
        Of everyone without the flagged rows; withheld where only a few rows are flagged.
    n_compared : int
        Branches whose verdict is published.
    n_changed : int
        Of these, how many would have another verdict.
    """

    overall: Satisfaction
    n_compared: int
    n_changed: int


@dataclass(frozen=True)
class Cover:
    """What stands under the title of a report; empty where it is not given."""

    organisation: str = ""
    period: str = ""
    author: str = ""


@dataclass(frozen=True)
class Doubts:
    """How many published verdicts of branches may be wrong, or hang on what was taken as given.

    Attributes
    ----------
    n_judged : int
        Branches whose verdict is published.
    most_wrong : float
        Wrong verdicts expected among them at most, whatever the truth.
    n_larger, n_smaller : int
        Verdicts that change if every size on the roster is 5 % more, or less.
    n_roles : int or None
        Verdicts that change if roles are left out of account; None where none rests on them.
    """

    n_judged: int
    most_wrong: float
    n_larger: int
    n_smaller: int
    n_roles: int | None


@dataclass(frozen=True)
class Late:
    """Those who answered first beside those who answered last, of everyone.

    Attributes
    ----------
    n_valid, n_satisfied : tuple of int
        Valid and satisfied answers of the first and of the last half.
    p_value : float
        Of no difference, Fisher's exact test.
    """

    n_valid: tuple[int, int]
    n_satisfied: tuple[int, int]
    p_value: float


@dataclass(frozen=True, eq=False)
class Findings:
    """Everything that is published together, already under the privacy rule.

    Attributes
    ----------
    title : str
        Title of the report.
    questionnaire : Questionnaire
        What was asked.
    created : str
        Date, ISO format.
    files : DataFrame
        One row an input file: ``file``, ``kind`` (``export`` or ``roster``), ``sha256``,
        ``n_rows``, ``platform``.
    n_read, n_used : int
        Rows read and rows used; ``n_read = n_used + removed``.
    removed : DataFrame
        ``rule`` (code), ``zh``, ``en`` (its name for readers), ``n``: rows removed, by reason.
    flagged : DataFrame
        ``rule``, ``zh``, ``en``, ``n``: rows kept but flagged.
    tables : mapping of tuple of str to Satisfaction
        By their units: ``()`` is everyone, ``("branch",)`` the branches; roles, branches by role
        and further groupings (colleges, years) where the survey knows them.
    strict : Strict or None
        What removing every flagged row too would change.
    doubts : Doubts or None
        What verdicts hang on; None without a roster, or where none is published.
    late : Late or None
        Early beside late answers; None without a time on every one, or with few of them.
    drivers, items, ranking, reliability : results or None
        None where the survey does not hold what they need.
    branch_items : ItemResponses or None
        Answers to the items in every published branch, for the branches' own pages.
    scores : Scores or None
        By a school's rule, where one was asked for.
    comments : Comments or None
        What the open answers speak of.
    actions : Actions or None
        What has become of last time's list of actions, where it was given.
    evidence : Evidence or None
        What documents prove, where a workbook of them was given.
    notices : tuple of (str, str)
        What a reader must know, in Chinese and in English.
    options : mapping
        Options of the run that change figures (bar, level, method, min_cell, seed).
    changes : Comparison or None
        Since an earlier wave.
    waves : Waves or None
        All waves, where more than one earlier was given.
    cover : Cover
        Who reports, on which time.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> found = held.findings()
    >>> sorted(found.tables), found.further
    ([(), ('branch',), ('role',)], ())
    """

    title: str
    questionnaire: Questionnaire
    created: str
    files: pd.DataFrame
    n_read: int
    n_used: int
    removed: pd.DataFrame
    flagged: pd.DataFrame
    tables: Mapping[tuple[str, ...], Satisfaction]
    strict: Strict | None
    drivers: Drivers | None
    items: ItemResponses | None
    ranking: Ranking | None
    reliability: Reliability | None
    branch_items: ItemResponses | None = None
    scores: Scores | None = None
    comments: Comments | None = None
    actions: Actions | None = None
    evidence: Evidence | None = None
    late: Late | None = None
    doubts: Doubts | None = None
    notices: tuple[tuple[str, str], ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)
    changes: Comparison | None = None
    waves: Waves | None = None
    cover: Cover = Cover()

    def __repr__(self) -> str:
        return (
            f"<Findings {self.title}: {self.n_used} of {self.n_read} rows used, "
            f"{len(self.tables['branch',].frame)} branches>"
        )

    @property
    def further(self) -> tuple[Satisfaction, ...]:
        """Tables by groupings other than branch and role."""
        return tuple(t for by, t in self.tables.items() if not {*by} <= {"branch", "role"})
