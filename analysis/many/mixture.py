"""How the satisfied share is spread over branches, without supposing a shape.

The log odds of a person of branch b and role r are ``theta_b + shift_r + slope z_b + error_br``:
theta has any distribution over the branches (a nonparametric maximum likelihood estimate on a
grid), roles differ by a shift that all branches share and by a normal error of their own, and large
branches may differ from small ones (z is the centred log of the size). So branches that are like
two clusters, or whose roles answered at different rates, need no exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from analysis.counts.checks import Integers

Floats = NDArray[np.float64]

GRID = np.linspace(logit(0.3), logit(0.999), 61)
"""Places at which theta may lie; the furthest are as good as nobody and everybody satisfied."""
STEPS = 200
"""EM steps from a flat start: what further ones would change is less than a branch can tell."""
ERRORS = (0.0, 0.4, 0.8)
"""Standard deviations of the role's own error in a branch that are tried."""
SLOPES = np.linspace(-1.2, 1.2, 13)
"""Slopes on the log of the size that are tried."""
WORTH = 2.0
"""Gain in log-likelihood for which an error or a slope is believed (chi2(1) at 5 %)."""
_CELLS = 1 << 18  # of likelihoods held at a time
_NODES, _MASS = np.polynomial.hermite_e.hermegauss(7)


class Tables(NamedTuple):
    """What the answers say at every place of the grid, (n_units, n_roles, grid, errors)."""

    points: Floats
    """P(x_br | theta, error) without the binomial coefficient."""
    chances: Floats
    """P(satisfied | theta, error)."""

    @property
    def likelihood(self) -> Floats:
        """P(all answers of a branch | theta), (n_units, grid), the greatest of each branch 1."""
        return _likelihood(self.points)[0]


class Mixture(NamedTuple):
    """Distribution of theta, and what the model takes beside it."""

    weights: Floats
    """On the `GRID`, adding up to 1."""
    tables: Tables
    slope: float
    error: float

    def redrawn(
        self, x: Integers, n: Integers, N: Integers, counts: Floats
    ) -> Iterator[tuple[Floats, Tables]]:
        """Estimate weights and shifts anew, each branch counting as often as `counts` tells.

        Parameters
        ----------
        x, n, N : ndarray of int64, shape (n_units, n_roles)
        counts : ndarray, shape (n_draws, n_units)

        Yields
        ------
        ndarray, shape (grid,)
            Weights.
        Tables
        """
        z = _log_size(N)
        at_once = max(1, _CELLS // (len(x) * GRID.size))
        for low in range(0, len(counts), at_once):
            part = counts[low : low + at_once]
            every = [_tables(x, n, _shifts(x, n, c), z, self.slope, self.error) for c in part]
            weights = npmle(np.stack([tables.likelihood for tables in every]), part)
            yield from zip(weights, every, strict=True)


def fit_mixture(x: Integers, n: Integers, N: Integers) -> Mixture:
    """Estimate the distribution of the satisfied share over branches.

    Parameters
    ----------
    x, n, N : ndarray of int64, shape (n_units, n_roles)
        Satisfied answers, answers and people; a last column may hold those of no known role.

    Returns
    -------
    Mixture

    References
    ----------
    Kiefer, J. and Wolfowitz, J. (1956). Annals of Mathematical Statistics 27, 887. Koenker, R. and
    Mizera, I. (2014). Convex optimization, shape constraints, and compound decisions via empirical
    Bayes rules. JASA 109, 674. Shift of the roles: Mantel, N. and Haenszel, W. (1959). Journal of
    the National Cancer Institute 22, 719.

    Examples
    --------
    Two clusters, one at .8 and one at .95:

    >>> n = np.full((40, 1), 60)
    >>> x = np.where(np.arange(40)[:, None] < 20, 48, 57)
    >>> fit = fit_mixture(x, n, 2 * n)
    >>> from scipy.special import expit
    >>> bool(fit.weights[(expit(GRID) < 0.87)].sum().round(2) == 0.5)
    True
    """
    shifts, z = _shifts(x, n, np.ones(len(x))), _log_size(N)
    best, height = _at(x, n, shifts, z, 0.0, 0.0)
    tried = [(0.0, error) for error in ERRORS[1:] if np.count_nonzero(n.any(axis=0)) > 1]
    for slope, error in tried:
        made, gained = _at(x, n, shifts, z, slope, error)
        if gained > height + WORTH:
            best, height = made, gained
    if np.ptp(z) > 0:
        slopes = [_at(x, n, shifts, z, slope, best.error) for slope in SLOPES if slope]
        made, gained = max(slopes, key=lambda one: one[1])
        if gained > height + WORTH:
            best = made
    return best


def npmle(likelihood: Floats, counts: Floats) -> Floats:
    """Estimate the weights of a grid, each branch counting as often as it is told.

    Parameters
    ----------
    likelihood : ndarray, shape (n_units, grid) or (n_draws, n_units, grid)
        P(answers of a branch | place).
    counts : ndarray, shape (n_draws, n_units)
        How often each branch counts.

    Returns
    -------
    ndarray, shape (n_draws, grid)
        Weights adding up to 1.

    Examples
    --------
    >>> npmle(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[3.0, 1.0]])).round(3)
    array([[0.75, 0.25]])
    """
    places = likelihood.shape[-1]
    weights = np.full((len(counts), 1, places), 1 / places)
    for _ in range(STEPS):
        each = counts[:, None] / np.maximum(weights @ likelihood.swapaxes(-1, -2), 1e-300)
        weights *= each @ likelihood
        weights /= weights.sum(axis=2, keepdims=True)
    return weights[:, 0]


def _at(
    x: Integers, n: Integers, shifts: Floats, z: Floats, slope: float, error: float
) -> tuple[Mixture, float]:
    """Estimate the weights at a slope and an error, and give the log-likelihood."""
    tables = _tables(x, n, shifts, z, slope, error)
    likelihood, scale = _likelihood(tables.points)
    weights = npmle(likelihood, np.ones((1, len(x))))[0]
    height = float(np.sum(np.log(likelihood @ weights) + scale))
    return Mixture(weights, tables, slope, error), height


def _tables(
    x: Integers, n: Integers, shifts: Floats, z: Floats, slope: float, error: float
) -> Tables:
    nodes, mass = (_NODES * error, _MASS / _MASS.sum()) if error else (np.zeros(1), np.ones(1))
    odds = GRID[:, None] + nodes + (shifts + slope * z[:, None])[:, :, None, None]
    log_chance = -np.logaddexp(0, -odds)
    logs = n[:, :, None, None] * log_chance - (n - x)[:, :, None, None] * odds
    return Tables(np.exp(logs) * mass, np.exp(log_chance))


def _likelihood(points: Floats) -> tuple[Floats, Floats]:
    each = np.log(np.maximum(points.sum(axis=3), 1e-300)).sum(axis=1)
    scale = each.max(axis=1)
    return np.exp(each - scale[:, None]), scale


def _log_size(N: Integers) -> Floats:
    size = np.log(np.maximum(N.sum(axis=1), 1.0))
    return np.asarray(size - size.mean())


def _shifts(x: Integers, n: Integers, counts: Floats) -> Floats:
    """Mantel and Haenszel's log odds ratio of each role to the largest, less their mean.

    Each branch counts as often as `counts`, shape (n_units,), tells.
    """
    first = int(n.sum(axis=0).argmax())
    no, total = n - x, np.maximum(n + n[:, [first]], 1)
    above = counts @ (x * no[:, [first]] / total) + 0.5
    below = counts @ (no * x[:, [first]] / total) + 0.5
    both = ((n > 0) & (n[:, [first]] > 0)).any(axis=0)
    shifts = np.where(both, np.log(above / below), 0.0)
    shifts[first] = 0.0
    known = np.where(both, n.sum(axis=0), 0)
    return np.asarray(np.where(both, shifts - known @ shifts / max(known.sum(), 1), 0.0))
