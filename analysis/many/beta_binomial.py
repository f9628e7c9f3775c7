"""The beta-binomial distribution in mean and correlation, valid down to no correlation at all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.counts.checks import Integers

Floats = NDArray[np.float64]

# Cells of one probability table, so that memory stays below some tens of megabytes.
MOST_CELLS = 2_000_000


class Profile:
    """Log-likelihood in t = rho / (1 - rho), at the best mean for each t."""

    def __init__(self, x: Integers, n: Integers) -> None:
        self.r = np.arange(int(n.max()), dtype=np.float64)
        self.satisfied, self.dissatisfied, self.answered = (
            np.cumsum(np.bincount(count, minlength=self.r.size + 1)[::-1])[::-1][1:].astype(float)
            for count in (x, n - x, n)
        )

    def mean(self, t: Floats) -> Floats:
        """Solve the score in mu, which falls from infinity to minus infinity, by bisection."""
        low, high = np.zeros(t.shape), np.ones(t.shape)
        for _ in range(54):
            middle = (low + high) / 2
            shift = np.multiply.outer(t, self.r)
            score = (1 / (middle[:, None] + shift)) @ self.satisfied
            score -= (1 / (1 - middle[:, None] + shift)) @ self.dissatisfied
            low, high = np.where(score > 0, middle, low), np.where(score > 0, high, middle)
        return (low + high) / 2

    def loglik(self, t: Floats) -> Floats:
        """Give the log-likelihood without the binomial coefficients."""
        mu = self.mean(t)[:, None]
        shift = np.multiply.outer(t, self.r)
        return np.asarray(
            np.log(mu + shift) @ self.satisfied
            + np.log(1 - mu + shift) @ self.dissatisfied
            - np.log1p(shift) @ self.answered
        )

    def score(self, t: Floats) -> Floats:
        """Slope of the profile in t: by the envelope theorem the partial derivative."""
        mu = self.mean(t)[:, None]
        shift = np.multiply.outer(t, self.r)
        return np.asarray(
            (self.r / (mu + shift)) @ self.satisfied
            + (self.r / (1 - mu + shift)) @ self.dissatisfied
            - (self.r / (1 + shift)) @ self.answered
        )


def unseen_probabilities(
    mu: float, rho: float, x: Integers, n: Integers, N: Integers
) -> Iterator[tuple[Integers, Floats]]:
    """Tabulate P(Y = y | x) of the satisfied among the unseen, block by block.

    Parameters
    ----------
    mu, rho
        Mean share and correlation within a unit, rho in [0, 1).
    x, n, N : ndarray of int64, shape (n_units,)
        Satisfied answers, answers, people.

    Yields
    ------
    unit : ndarray of int64, shape (k,)
        Units of the block, of similar N - n.
    probability : ndarray of float64, shape (k, widest N - n + 1)
        P(Y = 0, 1, …), zeros beyond N - n.

    Examples
    --------
    >>> counts = np.array([4]), np.array([4]), np.array([6])
    >>> [probability.round(4) for _, probability in unseen_probabilities(0.9, 0.05, *counts)]
    [array([[0.01  , 0.1453, 0.8448]])]
    """
    unseen = N - n
    order = np.argsort(unseen, kind="stable")
    start = 0
    while start < order.size:
        # sorted, so the last of a block is its widest: grow while the table stays small
        width = unseen[order[start:]] + 1
        fits = width * np.arange(1, width.size + 1) <= MOST_CELLS
        stop = start + max(1, int(np.argmin(fits)) if not fits.all() else width.size)
        unit = order[start:stop]
        yield unit, _probability(mu, rho, x[unit], n[unit], N[unit])
        start = stop


def _probability(mu: float, rho: float, x: Integers, n: Integers, N: Integers) -> Floats:
    m = (N - n)[:, None]
    y = np.arange(int(m.max()) + 1)
    if mu in (0.0, 1.0):
        return np.asarray(y == mu * m, dtype=np.float64)
    step = y[:-1]
    inside = step < m
    yes = mu * (1 - rho) + (x[:, None] + step) * rho
    no = (1 - mu) * (1 - rho) + ((n - x)[:, None] + m - step - 1) * rho
    ratio = np.where(inside, (m - step) * yes, 1.0) / np.where(inside, (step + 1) * no, 1.0)
    logs = np.zeros((x.size, y.size))
    np.cumsum(np.log(ratio), axis=1, out=logs[:, 1:])
    logs[y > m] = -np.inf
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
