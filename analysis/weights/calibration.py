"""Weights of answers that reproduce what is known of everybody."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
LEAST = 2
"""Answers that a stratum needs to speak for those of its people who are silent."""


def calibration_weights(
    strata: ArrayLike,
    outcome: ArrayLike,
    population: ArrayLike,
    rate: float,
    *,
    counts: ArrayLike | None = None,
) -> Floats:
    """Weigh answers to the sizes of strata, then to a rate that is known of everybody.

    Parameters
    ----------
    strata : array_like of int, shape (n,)
        Code of the stratum of each row, from 0; -1 where it is not known.
    outcome : array_like of 0 and 1, shape (n,)
    population : array_like of int, shape (n_strata,)
        People of each stratum.
    rate : float
        Share of everybody whose outcome is 1, in [0, 1]; NaN where it is not known.
    counts : array_like of int, shape (n,), optional
        People who answered of each row; 1 by default.

    Returns
    -------
    ndarray, shape (n,)
        Weight of one answer. The mean over answers is 1.

    Raises
    ------
    ValueError
        If the arrays do not fit, or the rate is outside [0, 1].

    Notes
    -----
    Of a stratum of N people of whom n answered, each answer stands for N / n; a lone one for
    itself, as in the estimate of a rate, and answers of no known stratum have the mean weight. The
    weights of both outcomes are then multiplied by one number each, so that the weighted share is
    `rate`: a calibration to the estimate of a finer stratification than the answers themselves are
    weighted by (Deville and Särndal 1992; to estimated totals, Dever and Valliant 2010). Where all
    answers are alike nothing can be calibrated.

    References
    ----------
    Deville, J.-C. and Särndal, C.-E. (1992), Calibration estimators in survey sampling, JASA 87,
    376-382. Dever, J. A. and Valliant, R. (2010), A comparison of variance estimators for
    poststratification to estimated control totals, Survey Methodology 36, 45-56.

    Examples
    --------
    Of 90 people of one kind two answered, of 20 of another two.

    >>> w = calibration_weights([0, 0, 1, 1], [1, 0, 1, 0], [90, 20], 0.5)
    >>> w.round(3).tolist()
    [1.636, 1.636, 0.364, 0.364]
    >>> w = calibration_weights([0, 0, 1, 1], [1, 0, 1, 0], [90, 20], 0.4)
    >>> round(float(w @ [1, 0, 1, 0] / w.sum()), 3)
    0.4
    """
    stratum, y, N = np.asarray(strata), np.asarray(outcome, dtype=float), np.asarray(population)
    people = np.ones(y.size) if counts is None else np.asarray(counts, dtype=float)
    if stratum.shape != y.shape or people.shape != y.shape or y.ndim != 1:
        raise ValueError("strata, outcome and counts must have one value for each row")
    if stratum.size and not -1 <= stratum.min() <= stratum.max() < N.size:
        raise ValueError(f"strata must be codes of {N.size} strata, or -1")
    if not 0 <= rate <= 1 and not np.isnan(rate):
        raise ValueError(f"rate={rate} must lie between 0 and 1")
    known = stratum >= 0
    n = np.bincount(stratum[known], people[known], N.size)
    w = np.ones(y.size)
    w[known] = np.where(n < LEAST, 1.0, N / np.maximum(n, 1.0))[stratum[known]]
    w[known] *= people[known].sum() / max(people[known] @ w[known], 1e-300)
    now = people * w @ y / max(people.sum(), 1.0)
    if 0 < now < 1 and 0 < rate < 1:
        w *= np.where(y == 1, rate / now, (1 - rate) / (1 - now))
    return w
