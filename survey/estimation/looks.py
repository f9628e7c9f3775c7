"""Verdicts at announced looks: bounds that hold at all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.design.sequential import thresholds
from analysis.proportions.bounds import Bounds
from analysis.proportions.verdicts import bar_count
from survey.results import Satisfaction

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Looks:
    """Which look a table of branches belongs to."""

    # the branches at each earlier look, judged alone at what that look added to the error
    before: tuple[Satisfaction, ...]
    spent: tuple[Fraction, ...]  # error that may have been spent after each look up to this one

    @property
    def alpha(self) -> Fraction:
        """What this look adds to the error."""
        return self.spent[-1] - (self.spent[-2] if self.before else 0)

    def tighten(
        self, found: Bounds, frame: pd.DataFrame, bar: str, *, is_one_sample: bool
    ) -> Bounds:
        """Join the bounds of this look, each with the error `alpha`, with those before.

        Each is then wrong with a chance of at most what is spent in all, at any look. Of one sample
        the verdict is that of the exact thresholds, which decide more; there are no p-values.
        """
        N = frame["population"].to_numpy(dtype=np.int64)
        earlier = [table.frame.set_index("branch").loc[frame["branch"]] for table in self.before]
        lower, upper = found.lower, found.upper
        for table in earlier:
            lower = np.maximum(lower, np.rint(table["lower"].to_numpy() * N).astype(np.int64))
            upper = np.minimum(upper, np.rint(table["upper"].to_numpy() * N).astype(np.int64))
        if is_one_sample:
            tables = [*earlier, frame]
            n, x = (
                np.column_stack([table[name].to_numpy(dtype=np.int64) for table in tables])
                for name in ("n_valid", "n_satisfied")
            )
            meets, below = self._decided(x, n, N, bar)
            K0 = np.atleast_1d(bar_count(N, bar))
            lower = np.where(meets, np.maximum(lower, K0), lower)
            upper = np.where(below & ~meets, np.minimum(upper, K0 - 1), upper)
        nothing = np.full(lower.shape, np.nan)
        return Bounds(lower, np.maximum(upper, lower), nothing, nothing)

    def _decided(
        self, x: Integers, n: Integers, N: Integers, bar: str
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        meets, below = np.zeros((2, len(N)), dtype=bool)
        for unit in np.flatnonzero(N > 0):
            critical = thresholds(n[unit].tolist(), int(N[unit]), self.spent, bar=bar)
            meets[unit] = np.any(n[unit] - x[unit] <= critical.most_dissatisfied)
            below[unit] = np.any(x[unit] <= critical.most_satisfied)
        return meets, below
