"""The university's rate with every branch and role at its true size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.weighting import stratified_proportion
from survey.results import Satisfaction

WEIGHTED = ("weighted_rate", "weighted_low", "weighted_high")
_COUNTS = ["n_satisfied", "n_valid", "population"]


def add_weighted(whole: Satisfaction, *parts: Satisfaction | None) -> Satisfaction:
    """Estimate the rate of large units from the parts of known size that they consist of.

    Parameters
    ----------
    whole : Satisfaction
        Of everyone or by role.
    *parts : Satisfaction or None
        By branch and role, and by branch; the first of them that the unit consists of is used.

    Returns
    -------
    Satisfaction
        `whole` with the columns ``weighted_rate``, ``weighted_low`` and ``weighted_high``; missing
        without sizes.

    Notes
    -----
    Strata are the cells in which somebody answered. All others of a unit are taken together as
    one stratum, for which nobody speaks: the rate is that of the people of the others. The
    interval is that of Korn and Graubard (1998) with the finite-population correction.
    """
    cells = [part.frame for part in parts if part is not None and set(whole.by) <= set(part.by)]
    made = [_estimate(unit, cells, whole) for _, unit in whole.frame.iterrows()]
    columns = pd.DataFrame(made, columns=[*WEIGHTED], index=whole.frame.index, dtype="float64")
    return replace(
        whole, frame=whole.frame.drop(columns=[*WEIGHTED], errors="ignore").join(columns)
    )


def _estimate(
    unit: pd.Series[Any], tables: Sequence[pd.DataFrame], whole: Satisfaction
) -> tuple[float, float, float]:
    if not unit[_COUNTS].isna().any():
        total = unit[_COUNTS].to_numpy(dtype=np.int64)
        for cells in tables:
            own = cells[(cells[list(whole.by)] == unit[list(whole.by)]).all(axis=1)]
            own = own[own["n_valid"] > 0]
            shown = own[_COUNTS].dropna().to_numpy(dtype=np.int64)
            rest = total - shown.sum(axis=0)
            # Who gave no role is in the whole and in no cell by role: such cells do not add up.
            complete = own["n_valid"].sum() == unit["n_valid"]
            if complete and 0 <= rest[0] <= rest[1] <= rest[2]:
                x, n, N = np.vstack([shown, rest]).T
                estimate = stratified_proportion(x, n, N, level=whole.level)
                return float(estimate.rate), float(estimate.low), float(estimate.high)
    return np.nan, np.nan, np.nan
