"""How the satisfied share is spread over branches, without supposing a shape.

The log odds of a person of branch b and role r are ``theta_b + shift_r + slope z_b + error_br``:
theta has any distribution over the branches (a nonparametric maximum likelihood estimate on a
grid), roles differ by a shift that all branches share and by a normal error of their own, and large
branches may differ from small ones (z is the centred log of the size). So branches that are like
two clusters, or whose roles answered at different rates, need no exception.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.counts.checks import Integers

Floats = NDArray[np.float64]

GRID = np.linspace(special.logit(0.3), special.logit(0.999), 61)
"""Places at which theta may lie; the furthest are as good as nobody and everybody satisfied."""
STEPS = 200
"""EM steps from a flat start: what further ones would change is less than a branch can tell."""
ERRORS = (0.0, 0.4, 0.8)
"""Standard deviations of the role's own error in a branch that are tried."""
SLOPES = np.linspace(-1.2, 1.2, 13)
"""Slopes on the log of the size that are tried."""
WORTH = 2.0
"""Gain in log-likelihood for which an error or a slope is believed (chi2(1) at 5 %)."""
_NODES, _MASS = np.polynomial.hermite_e.hermegauss(7)


class Mixture(NamedTuple):
    """Distribution of theta, and what the model takes beside it."""

    weights: Floats
    """On the `GRID`, adding up to 1."""
    points: Floats
    """P(x_br | theta, error) without the binomial coefficient, (n_units, n_roles, grid, errors)."""
    chances: Floats
    """P(satisfied | theta, error), of the same shape."""
    slope: float
    error: float

    @property
    def likelihood(self) -> Floats:
        """P(all answers of a branch | theta), (n_units, grid), the greatest of each branch 1."""
        return _likelihood(self.points)[0]


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
    >>> bool(fit.weights[(special.expit(GRID) < 0.87)].sum().round(2) == 0.5)
    True
    """
    shifts = _shifts(x, n)
    size = np.log(np.maximum(N.sum(axis=1), 1.0))
    z = size - size.mean()
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
    likelihood : ndarray, shape (n_units, grid)
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
    weights = np.full((len(counts), likelihood.shape[1]), 1 / likelihood.shape[1])
    for _ in range(STEPS):
        each = counts / np.maximum(weights @ likelihood.T, 1e-300)
        weights *= each @ likelihood
        weights /= weights.sum(axis=1, keepdims=True)
    return weights


def _at(
    x: Integers, n: Integers, shifts: Floats, z: Floats, slope: float, error: float
) -> tuple[Mixture, float]:
    """Estimate the weights at a slope and an error, and give the log-likelihood."""
    nodes, mass = (_NODES * error, _MASS / _MASS.sum()) if error else (np.zeros(1), np.ones(1))
    odds = GRID[:, None] + nodes + (shifts + slope * z[:, None])[:, :, None, None]
    logs = x[:, :, None, None] * -np.logaddexp(0, -odds)
    logs += (n - x)[:, :, None, None] * -np.logaddexp(0, odds)
    points = np.exp(logs) * mass
    likelihood, scale = _likelihood(points)
    weights = npmle(likelihood, np.ones((1, len(x))))[0]
    height = float(np.sum(np.log(likelihood @ weights) + scale))
    return Mixture(weights, points, special.expit(odds), slope, error), height


def _likelihood(points: Floats) -> tuple[Floats, Floats]:
    each = np.log(np.maximum(points.sum(axis=3), 1e-300)).sum(axis=1)
    scale = each.max(axis=1)
    return np.exp(each - scale[:, None]), scale


def _shifts(x: Integers, n: Integers) -> Floats:
    """Mantel and Haenszel's log odds ratio of each role to the largest, less their mean."""
    first = int(n.sum(axis=0).argmax())
    no, total = n - x, np.maximum(n + n[:, [first]], 1)
    above = (x * no[:, [first]] / total).sum(axis=0) + 0.5
    below = (no * x[:, [first]] / total).sum(axis=0) + 0.5
    both = ((n > 0) & (n[:, [first]] > 0)).any(axis=0)
    shifts = np.where(both, np.log(above / below), 0.0)
    shifts[first] = 0.0
    known = np.where(both, n.sum(axis=0), 0)
    return np.asarray(np.where(both, shifts - known @ shifts / max(known.sum(), 1), 0.0))
