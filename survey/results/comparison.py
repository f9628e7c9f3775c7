"""What changed between waves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
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
        One row a unit, under the name of its kind (``branch``; missing for all together):
        ``n_valid_before``, ``rate_before``, ``n_valid_after`` (Int64, missing where a wave lacks
        the unit), ``rate_after``,
        ``difference``, ``low``, ``high``, ``p_value``, ``method`` (``exact`` where both waves are
        one random sample of known size, ``paired`` of people matched in both, else ``hybrid``, of
        the bounds of both waves),
        ``detectable_fall``, ``detectable_rise`` (in units of fewer than 40 people: the least
        changes that could have been told from none, about so by ``hybrid``; missing where no
        change could), ``change`` (``up``, ``down``, ``undecided``, ``new``, ``gone``,
        ``withheld``).
    level : float
        Confidence level; a unit that did not change is called changed with a chance of at most
        1 - level.
    by : str
        What the units are: ``branch``, ``role``, another grouping, ``item`` or ``dimension``.
        Indicators and dimensions are those of everyone: in place of a unit they have ``number``,
        ``title``, ``title_en``, and their changes are judged together (``p_adjusted``, Benjamini
        and Hochberg). The rate of a dimension is the dissatisfaction that goes with it.
    groupings : tuple of Comparison
        Of the other groupings that both waves have, in the findings of a report.
    english : mapping of str to str
        English names of roles.
    items, dimensions : Comparison or None
        Of the indicators and the breakdown, in the findings of a report.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> result = held.compare(held)
    >>> result.named("en")["branch"].iloc[0], set(result.frame["change"]), result.is_of_units
    ('University', {'undecided'}, True)
    >>> ax = result.plot()
    """

    _name = ("两次调查的变化", "Change between two waves")
    _shown = (
        *("change_in_rate", "low", "high", "change", "rate_before", "rate_after"),
        *("n_valid_before", "n_valid_after", "p_value", "detectable_fall", "detectable_rise"),
    )

    frame: pd.DataFrame
    level: float
    by: str = "branch"
    groupings: tuple[Comparison, ...] = ()
    english: Mapping[str, str] = field(default_factory=dict)
    items: Comparison | None = None
    dimensions: Comparison | None = None

    @property
    def is_of_units(self) -> bool:
        """Whether units of people are compared, each for itself, not indicators or dimensions."""
        return self.by not in ("item", "dimension")

    def plot(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the changes with their intervals."""
        return self._draw("changes", ax, **wishes)

    def _table(self, language: Language) -> pd.DataFrame:
        return self.named(language).rename(columns=self._other_names)

    @property
    def _other_names(self) -> dict[str, str]:
        """Headings of dimensions: what they have is no rate of satisfaction."""
        waves = ("before", "after") if self.by == "dimension" else ()
        return {f"rate_{wave}": f"contribution_{wave}" for wave in waves}

    def _columns(self) -> Sequence[str]:
        names = *((self.by,) if self.is_of_units else ("number", "title")), *self._shown
        return [self._other_names.get(name, name) for name in names]

    def _caption(self, language: Language) -> str:
        if not self.is_of_units:
            return ""
        is_judged = self.frame["change"].isin(["up", "down", "undecided"])
        n = int((is_judged & self.frame[self.by].notna()).sum())
        unit = vocabulary.column(self.by, language) if language == "zh" else "unit"
        error, most = formats.level(1 - self.level), formats.decimal((1 - self.level) * n, 1)
        return say(
            language,
            f"没有变化的{unit}被判为变化的概率各不超过 {error}：{n} 个{unit}都没有变化时，"
            f"预计也有至多 {most} 个被判为变化",
            f"a {unit} that did not change is called changed with a chance of {error} at "
            f"most: of {n} unchanged ones up to {most} are to be expected",
        )

    def named(self, language: Language) -> pd.DataFrame:
        """Give the frame with ``change_in_rate``: elsewhere a difference is from the university."""
        frame = _named(self.frame, self.by, self.english, language)
        return frame.rename(columns={"difference": "change_in_rate"})


@dataclass(frozen=True, eq=False, repr=False)
class Waves(Result):
    """One survey over several waves.

    Attributes
    ----------
    frame : DataFrame
        One row a wave and unit, the oldest wave first: ``wave``, the unit under the name of its
        kind (``branch``; missing for all together, else by its name of the last wave) and the
        columns of `Satisfaction`.
    changes : DataFrame
        From every wave to the next: ``wave`` (the later one) and the columns of `Comparison`.
    terms : Satisfaction
        Bar, error and definition of satisfied of the last wave.
    level : float
        Confidence level of the differences.
    by : str
        What the units are: ``branch``, ``role`` or another grouping.
    """

    _name = ("历次调查", "Waves of a survey")
    _shown = ("n_valid", "rate", "lower", "upper", "verdict")

    frame: pd.DataFrame
    changes: pd.DataFrame
    terms: Satisfaction
    level: float
    by: str = "branch"

    def _table(self, language: Language) -> pd.DataFrame:
        return _named(self.frame, self.by, self.terms.english, language)

    def _columns(self) -> Sequence[str]:
        return "wave", self.by, *self._shown

    def of(self, unit: str | None = None) -> Satisfaction:
        """Give the waves of one unit, or of all together, as units."""
        names = self.frame[self.by]
        if unit is not None and unit not in set(names.dropna()):
            raise nearest("unit", unit, names.dropna().unique())
        own = self.frame[names.isna() if unit is None else names == unit]
        return replace(self.terms, frame=own.reset_index(drop=True), by=("wave",))

    def plot(
        self, ax: Axes | None = None, *, unit: str | None = None, **wishes: Unpack[Wishes]
    ) -> Axes:
        """Draw the rates of one unit, or of all together, with their bounds and the bar."""
        return self._draw("trends", ax, {"unit": unit}, **wishes)


def _named(
    frame: pd.DataFrame, by: str, english: Mapping[str, str], language: Language
) -> pd.DataFrame:
    """Give units their names: everyone has none, roles have English ones."""
    if by not in frame:
        return frame
    known = english if by == "role" and language == "en" else {}
    names = frame[by].fillna(vocabulary.column("university", language)).replace(known)
    return frame.assign(**{by: names})
