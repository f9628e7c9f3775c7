"""How well the questionnaire measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from survey import formats
from survey.contract import Result, Wishes
from survey.errors import Language

if TYPE_CHECKING:
    from typing import Unpack

    from matplotlib.axes import Axes


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
        level = formats.level(self.level)
        return f"{level} 区间" if language == "zh" else f"{level} intervals"
