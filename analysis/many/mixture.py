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
from scipy.special import gammaln, logit

from analysis.counts.checks import Integers, distinct

Floats = NDArray[np.float64]

GRID = np.linspace(logit(0.3), logit(0.999), 61)
"""Places at which theta may lie; the furthest are as good as nobody and everybody satisfied."""
STEPS = 200
"""EM steps from a flat start: what further ones would change is less than a branch can tell."""
ERRORS = (0.0, 0.4, 0.8)
"""Standard deviations of the role's own error in a branch that are tried."""
SLOPES = np.linspace(-1.2, 1.2, 13)
"""Slopes on the log of the size that are tried."""
DOUBT = 0.5
"""Standard deviation, in log odds, of the branches that are supposed about the bar."""
WORTH = 2.0
"""Gain in log-likelihood for which an error or a slope is believed (chi2(1) at 5 %)."""
_CELLS = 1 << 18  # of likelihoods held at a time
_NODES, _MASS = np.polynomial.hermite_e.hermegauss(7)


class Alike(NamedTuple):
    """Branches that tell the same of theta, each kind once."""

    x: Integers
    """Satisfied answers, (n_kinds, n_roles)."""
    n: Integers
    """Answers."""
    z: Floats
    """Centred log of the size, (n_kinds,); nought where sizes play no part."""
    kind: Integers
    """Which kind each branch is of, (n_units,)."""

    @classmethod
    def of(cls, x: Integers, n: Integers, N: Integers, *, sized: bool) -> Alike:
        """Find them; with `sized` only branches of one size are alike."""
        people = N.sum(axis=1) if sized else np.zeros(len(N), dtype=np.int64)
        (*counts, _), kind = distinct(*x.T, *n.T, people)
        z = np.zeros(len(counts[0]))
        z[kind] = _log_size(N) if sized else 0.0
        roles = x.shape[1]
        return cls(np.column_stack(counts[:roles]), np.column_stack(counts[roles:]), z, kind)

    def counted(self, counts: Floats) -> Floats:
        """Add up how often branches count, (n_draws, n_units), by kind."""
        added = [np.bincount(self.kind, each, minlength=len(self.z)) for each in counts]
        return np.array(added)


class Tables(NamedTuple):
    """What the answers say at every place of the grid, (n_kinds, n_roles, grid, errors)."""

    points: Floats
    """Log P(x_br | theta, error) without the binomial coefficient."""
    odds: Floats
    """Log odds of being satisfied; of one kind where sizes play no part."""
    mass: Floats
    """Of the errors, (errors,)."""

    def log_odds(self, kind: Integers) -> Floats:
        """Log odds of some kinds, (n_kinds or 1, n_roles, grid, errors)."""
        return np.asarray(self.odds[kind]) if len(self.odds) > 1 else self.odds

    def errors(self, kind: Integers, role: int) -> Floats:
        """P(error | theta, answers) of some kinds, (n_kinds, grid, errors)."""
        points = self.points[kind, role]
        chances = self.mass * np.exp(points - points.max(axis=2, keepdims=True))
        return np.asarray(chances / chances.sum(axis=2, keepdims=True))

    def outcomes(self, kind: Integers, role: int, silent: Integers) -> Floats:
        """P(k of the silent satisfied | theta, answers) of branches, (n_units, grid, k)."""
        # without errors and sizes all kinds are the same given theta
        same = self.mass.size == 1 and len(self.odds) == 1
        (kind, silent), branch = distinct(np.zeros_like(kind) if same else kind, silent)
        k = np.arange(silent.max(initial=0) + 1)
        rest = silent[:, None] - k
        log_factorial = np.append(np.inf, gammaln(k + 1.0))
        ways = log_factorial[silent + 1][:, None] - log_factorial[k + 1]
        ways -= log_factorial.take(rest + 1, mode="clip")
        odds, errors = self.log_odds(kind)[:, role], self.errors(kind, role)
        chances = np.zeros((len(kind), GRID.size, k.size))
        for at in range(odds.shape[2]):
            own = odds[:, :, at, None]
            logs = ways[:, None] + own * k - np.logaddexp(0, own) * silent[:, None, None]
            chances += errors[:, :, at, None] * np.exp(logs)
        return np.asarray(chances[branch])

    def likelihood(self) -> tuple[Floats, Floats]:
        """P(all answers of a branch | theta), (n_kinds, grid), by its greatest, and log of that."""
        points = self.points
        each = top = points[..., 0] if points.shape[3] == 1 else points.max(axis=3)
        if points.shape[3] > 1:
            each = np.log(np.exp(points - top[..., None]) @ self.mass) + top
        logs = each.sum(axis=1)
        scale = logs.max(axis=1)
        return np.exp(logs - scale[:, None]), scale


class Mixture(NamedTuple):
    """Distribution of theta, and what the model takes beside it."""

    weights: Floats
    """On the `GRID`, adding up to 1."""
    tables: Tables
    alike: Alike
    slope: float
    error: float

    def redrawn(
        self, x: Integers, n: Integers, counts: Floats, supposed: Floats | float = 0.0
    ) -> Iterator[tuple[Floats, Tables]]:
        """Estimate weights and shifts anew, each branch counting as often as `counts` tells.

        Parameters
        ----------
        x, n : ndarray of int64, shape (n_units, n_roles)
        counts : ndarray, shape (n_draws, n_units)
        supposed : ndarray, shape (grid,)
            Branches that are supposed beside them, see `sceptical`.

        Yields
        ------
        ndarray, shape (n_kinds, grid)
            Chances of the places of theta, given the answers of each kind of branch.
        Tables
        """
        at_once = max(1, _CELLS // (len(self.alike.z) * GRID.size))
        for low in range(0, len(counts), at_once):
            part = counts[low : low + at_once]
            every = [_tables(self.alike, _shifts(x, n, c), self.slope, self.error) for c in part]
            likelihood = np.stack([tables.likelihood()[0] for tables in every])
            weights = npmle(likelihood, self.alike.counted(part), supposed)
            for own, seen, tables in zip(weights, likelihood, every, strict=True):
                posterior = own * seen
                yield posterior / posterior.sum(axis=1, keepdims=True), tables


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
    shifts = _shifts(x, n, np.ones(len(x)))
    any_size, sized = (Alike.of(x, n, N, sized=which) for which in (False, True))
    best, height = _at(any_size, shifts, 0.0, 0.0)
    tried = [error for error in ERRORS[1:] if np.count_nonzero(n.any(axis=0)) > 1]
    for error in tried:
        made, gained = _at(any_size, shifts, 0.0, error)
        if gained > height + WORTH:
            best, height = made, gained
    return _uphill(sized, shifts, best, height) if np.ptp(sized.z) > 0 else best


def _uphill(alike: Alike, shifts: Floats, level: Mixture, height: float) -> Mixture:
    """Go from a slope of nought up to where the likelihood, which has one top, falls again."""
    best, reached = level, height
    for slopes in (SLOPES[SLOPES > 0], SLOPES[SLOPES < 0][::-1]):
        for slope in slopes.tolist():
            made, gained = _at(alike, shifts, slope, level.error)
            if gained <= reached:
                break
            best, reached = made, gained
        if best is not level:
            break
    return best if reached > height + WORTH else level


def sceptical(n_units: int, bar: float) -> Floats:
    """Suppose the square root of so many branches more, that lie about the bar.

    Parameters
    ----------
    n_units : int
        Branches that there are.
    bar : float
        In (0, 1].

    Returns
    -------
    ndarray, shape (grid,)
        How many lie at each place, normal in log odds about the bar.

    References
    ----------
    Trybula, S. (1958). Some problems of simultaneous minimax estimation. Annals of Mathematical
    Statistics 29, 245: so many make the greatest error least where no place is preferred.
    Spiegelhalter, D. J., Freedman, L. S. and Parmar, M. K. B. (1994). Bayesian approaches to
    randomized trials. JRSS A 157, 357: sceptical priors.

    Examples
    --------
    >>> float(sceptical(36, 0.9).sum().round(6)), float(GRID[sceptical(36, 0.9).argmax()].round(2))
    (6.0, 2.25)
    """
    centre = np.clip(logit(bar), GRID[0], GRID[-1])
    shape = np.exp(-(((GRID - centre) / DOUBT) ** 2) / 2)
    return np.asarray(np.sqrt(n_units) * shape / shape.sum())


def npmle(likelihood: Floats, counts: Floats, supposed: Floats | float = 0.0) -> Floats:
    """Estimate the weights of a grid, each branch counting as often as it is told.

    Parameters
    ----------
    likelihood : ndarray, shape (n_units, grid) or (n_draws, n_units, grid)
        P(answers of a branch | place).
    counts : ndarray, shape (n_draws, n_units)
        How often each branch counts.
    supposed : ndarray, shape (grid,)
        Branches that are supposed to lie there (a Dirichlet penalty); by default none.

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
        weights += supposed
        weights /= weights.sum(axis=2, keepdims=True)
    return weights[:, 0]


def _at(alike: Alike, shifts: Floats, slope: float, error: float) -> tuple[Mixture, float]:
    """Estimate the weights at a slope and an error, and give the log-likelihood."""
    tables = _tables(alike, shifts, slope, error)
    likelihood, scale = tables.likelihood()
    counts = alike.counted(np.ones((1, len(alike.kind))))
    weights = npmle(likelihood, counts)[0]
    height = float(counts[0] @ (np.log(likelihood @ weights) + scale))
    return Mixture(weights, tables, alike, slope, error), height


def _tables(alike: Alike, shifts: Floats, slope: float, error: float) -> Tables:
    nodes, mass = (_NODES * error, _MASS / _MASS.sum()) if error else (np.zeros(1), np.ones(1))
    z = alike.z[:, None] if slope else np.zeros((1, 1))
    odds = GRID[:, None] + nodes + (shifts + slope * z)[:, :, None, None]
    no = alike.n - alike.x
    points = -alike.n[:, :, None, None] * np.logaddexp(0, -odds) - no[:, :, None, None] * odds
    return Tables(points, odds, mass)


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
