"""Dissatisfaction broken down by the dimensions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict

import pandas as pd

from questionnaires.language import say
from survey.contract import Result, Wishes
from survey.errors import Language, UsageError

if TYPE_CHECKING:
    from typing import Unpack

    from matplotlib.axes import Axes


class DriversSummary(TypedDict, total=False):
    """Figures of a breakdown as a whole; NaN where a test was not made or a figure is withheld.

    Attributes
    ----------
    observed_rate, predicted_rate, floor_rate, residual : float
        Shares of all who were used.
    total_low, total_high : float
        Interval of the sum of all contributions.
    n_used, n_dissatisfied, n_satisfied, n_branches : int
        People, and branches they are of; of weighted answers a report tells neither of the two
        in the middle.
    n_full : int
        People with all items at the target or above.
    dropped : mapping of str to int
        People left out, by reason.
    share_blank : float
        Of the ratings.
    imputation : str
        How blanks were filled.
    estimator : str
        ``"poststratified"``: the whole is weighted to the sizes of the roles and to the rate of
        everybody, branches are not; ``"weighted"``: by the user's weights; ``"unweighted"``: all
        answers count alike.
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
    estimator: str
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
        return say(language, "与各维度相联系的不满意率", "Dissatisfaction that goes with each")
