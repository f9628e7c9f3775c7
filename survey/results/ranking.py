"""Units compared under one model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from survey.contract import Result, Wishes

if TYPE_CHECKING:
    from typing import Unpack

    from matplotlib.axes import Axes


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
