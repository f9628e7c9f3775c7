"""What was to be done, and whether it moved."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from survey.contract import Result


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
