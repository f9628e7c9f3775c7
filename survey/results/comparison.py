"""What changed between waves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from survey import formats
from survey.contract import Result, Wishes
from survey.errors import Language, nearest

if TYPE_CHECKING:
    from typing import Unpack

    from matplotlib.axes import Axes

from survey.results.satisfaction import Satisfaction


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
    by : {"branch", "item", "dimension"}
        What the units are. Indicators and dimensions are those of everyone: in place of ``branch``
        they have ``number``, ``title``, ``title_en``, and their changes are judged together
        (``p_adjusted``, Benjamini and Hochberg). The rate of a dimension is the dissatisfaction
        that goes with it.
    items, dimensions : Comparison or None
        Of the indicators and the breakdown, in the findings of a report.

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
    by: Literal["branch", "item", "dimension"] = "branch"
    items: Comparison | None = None
    dimensions: Comparison | None = None

    def plot(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the changes with their intervals."""
        return self._draw("changes", ax, **wishes)

    def _table(self, language: Language) -> pd.DataFrame:
        return self.named(language)

    def _columns(self) -> Sequence[str]:
        return self._shown if self.by == "branch" else ("number", "title", *self._shown[1:])

    def _caption(self, language: Language) -> str:
        if self.by != "branch":
            return ""
        is_judged = self.frame["change"].isin(["up", "down", "undecided"])
        n = int((is_judged & self.frame["branch"].notna()).sum())
        error, most = formats.level(1 - self.level), formats.decimal((1 - self.level) * n, 1)
        return (
            f"没有变化的支部被判为变化的概率各不超过 {error}：{n} 个支部都没有变化时，"
            f"预计也有至多 {most} 个被判为变化"
            if language == "zh"
            else f"a branch that did not change is called changed with a chance of {error} at "
            f"most: of {n} unchanged ones up to {most} are to be expected"
        )

    def named(self, language: Language) -> pd.DataFrame:
        """Give the frame with ``change_in_rate``: elsewhere a difference is from the university."""
        return super()._table(language).rename(columns={"difference": "change_in_rate"})


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
