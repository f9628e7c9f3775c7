"""Covariances and correlations of items, on the respondents who answered all of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


class Moments(NamedTuple):
    """Second moments of a set of items."""

    centred: FloatArray
    """Answers less their means, shape (rows, k); exactly 0 where an item does not vary."""
    counts: FloatArray
    """Respondents of each row, shape (rows,)."""
    n: int
    """Respondents."""
    covariance: FloatArray
    """(k, k)."""
    correlation: FloatArray
    """(k, k), NaN where an item does not vary."""


def item_moments(items: npt.ArrayLike, counts: npt.ArrayLike | None = None) -> Moments:
    """Compute covariances and correlations of the rows with every item answered.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 2.
    counts : (n,) array_like, optional
        Respondents of each row, where rows are those of `analysis.patterns.response_patterns`.

    Returns
    -------
    Moments

    Raises
    ------
    ValueError
        For fewer than two items or two complete rows.

    Examples
    --------
    >>> item_moments([[1, 2], [2, 4], [3, float("nan")], [3, 3]]).covariance
    array([[1. , 0.5], [0.5, 1. ]])
    """
    answers = np.asarray(items, dtype=float)
    if answers.ndim != 2 or answers.shape[1] < 2:
        raise ValueError(f"items must be respondents × at least 2 items, not {answers.shape}")
    complete = ~np.isnan(answers).any(axis=1)
    people = np.ones(len(answers)) if counts is None else np.asarray(counts, dtype=float)
    answers, people = answers[complete], people[complete]
    n = int(people.sum())
    if n < 2:
        raise ValueError("fewer than 2 respondents answered every item")
    # less the first row, so that the sums lose no digits and constant items stay exactly 0
    shifted = answers - answers[0]
    centred = shifted - people @ shifted / n
    covariance = (centred.T * people) @ centred / (n - 1)
    scale2 = np.outer(np.diag(covariance), np.diag(covariance))
    correlation = np.full(scale2.shape, np.nan)
    np.divide(covariance, np.sqrt(scale2), out=correlation, where=scale2 > 0)
    return Moments(centred, people, n, covariance, correlation)
