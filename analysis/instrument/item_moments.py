"""Covariances and correlations of items, with blanks left out by row or by pair."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Missing = Literal["complete", "pairwise"]


class Moments(NamedTuple):
    """Second moments of a set of items."""

    covariance: FloatArray
    """(k, k)."""
    correlation: FloatArray
    """(k, k), NaN where an item does not vary."""
    n: int
    """Rows: with every item answered, or all rows for pairwise data."""
    n_pair_min: int
    """Rows behind the weakest covariance."""
    k: int


def item_moments(items: npt.ArrayLike, missing: Missing) -> Moments:
    """Compute covariances and correlations of items with missing answers.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 2.
    missing
        ``"complete"``: rows with every item answered; ``"pairwise"``: each pair of items from the
        rows that answered both, with the variances of those rows in the correlation.

    Returns
    -------
    Moments

    Raises
    ------
    ValueError
        For fewer than two items, fewer than two rows behind a covariance, or an unknown `missing`.

    Examples
    --------
    >>> blank = float("nan")
    >>> moments = item_moments([[1, 2], [2, 4], [3, blank], [4, 3]], "pairwise")
    >>> moments.covariance.round(4)
    array([[1.6667, 0.5 ], [0.5 , 1. ]])
    """
    answers = np.asarray(items, dtype=float)
    if answers.ndim != 2 or answers.shape[1] < 2:
        raise ValueError(f"items must be respondents × at least 2 items, not {answers.shape}")
    if missing not in ("complete", "pairwise"):
        raise ValueError(f"missing must be 'complete' or 'pairwise', not {missing!r}")
    if missing == "complete":
        answers = answers[~np.isnan(answers).any(axis=1)]
    answered = ~np.isnan(answers)
    present = answered.astype(float)
    n_pair = present.T @ present
    n_pair_min = int(n_pair.min())
    if n_pair_min < 2:
        raise ValueError("fewer than 2 respondents answered every item (pairwise: some two items)")
    # centred first, so that the sums of squares lose no digits; constant items stay exactly 0
    first = np.array([column[mask][0] for column, mask in zip(answers.T, answered.T, strict=True)])
    shifted = np.where(answered, answers - first, 0.0)
    centre = shifted.sum(axis=0) / answered.sum(axis=0)
    shifted = np.where(answered, shifted - centre, 0.0)
    sums = shifted.T @ present
    raw = (shifted**2).T @ present
    squares = raw - sums**2 / n_pair
    products = shifted.T @ shifted - sums * sums.T / n_pair
    # an item that is constant among the pair's respondents keeps only rounding noise
    squares = np.where(squares > 1e-12 * raw, squares, 0.0)
    scale2 = squares * squares.T
    correlation = np.full(scale2.shape, np.nan)
    varies = scale2 > 0
    correlation[varies] = products[varies] / np.sqrt(scale2[varies])
    covariance = products / (n_pair - 1)
    return Moments(covariance, correlation, len(answers), n_pair_min, answers.shape[1])
