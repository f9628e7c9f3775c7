"""Draw the people of a university and what they honestly think."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

import questionnaires
from questionnaires import Dimension, Questionnaire, Scale, normalise
from survey.errors import UsageError
from survey.simulation.files import branch_names

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Standard deviations of what an answer is made of; together close to 1. Answers of one person hang
# together, those on one dimension more so, and those of one branch a little.
_SD = {"branch": 0.5, "branch_dimension": 0.2, "person": 0.6, "person_dimension": 0.4, "item": 0.5}
# Slopes of the logit and level shifts of the dimensions, used in turn. The fourth is rated lowest
# and moves nothing: whoever blames dimensions for low ratings alone will name it.
_SLOPES = (-0.5, -0.2, -0.9, 0.0, -0.3, -0.7)
_SHIFTS = (0.1, 0.0, -0.25, -0.35, 0.05, 0.0)
_ROLE_SHIFT = 0.15
_MOVED = 0.4
"""Standard deviation of a branch's move between waves, in those of branches."""
_OF_STUDENTS = re.compile("学生|本科|研究生|硕士|博士")


@dataclass(frozen=True)
class People:
    """The whole university, whether it answers or not."""

    # one row a person: ``branch``, ``role`` (id, ``all`` where there are no roles), ``answer`` (the
    # option of the role question), ``responded``, ``satisfied``, ``overall`` and one column an item
    # with honest scores
    persons: pd.DataFrame
    # true slope of the logit of dissatisfaction on every dimension's mean score
    slopes: dict[str, float]
    intercept: float  # its intercept


def draw_people(
    questionnaire: Questionnaire | None = None,
    *,
    n_branches: int | None = None,
    names: Sequence[str] | None = None,
    seed: int = 0,
    bar: str = "0.9",
    sizes: tuple[int, int] = (8, 300),
    response_rate: float = 0.7,
    nonresponse_bias: float = 0.0,
    slopes: Sequence[float] | None = None,
    wave: int = 0,
    standing: Floats | None = None,
) -> People:
    """Draw a university without writing files, for simulations repeated many times.

    Parameters
    ----------
    questionnaire, n_branches, names, seed, bar, sizes, response_rate, nonresponse_bias
        As in `survey.simulation.simulate`.
    slopes, wave
        As in `survey.simulation.simulate`.
    standing : array of shape (n_branches,), optional
        How good each branch is, in standard deviations of branches; spread evenly by default.

    Returns
    -------
    People
        Everybody, with honest answers and whether they responded.

    Examples
    --------
    >>> people = draw_people(n_branches=5, seed=3)
    >>> people.persons["branch"].nunique(), len(people.slopes)
    (5, 6)
    """
    asked = questionnaire or questionnaires.load("jiangsu-2014")
    names, kinds = _branches(n_branches, names)
    n_branches = len(names)
    _check(sizes, response_rate)
    rng = np.random.default_rng([seed, 0])
    population = _branch_sizes(rng, n_branches, sizes)
    branch = np.repeat(np.arange(n_branches), population)
    roles = asked.roles if asked.role else ()
    role = _roles(rng, branch, population, max(1, len(roles)))

    standing = _spread(rng, n_branches) if standing is None else standing
    if wave:
        rng = np.random.default_rng([seed, 0, wave])
        standing = standing + _MOVED * rng.standard_normal(n_branches)
    latent = (
        _SD["branch"] * standing[branch]
        + _SD["person"] * rng.standard_normal(len(branch))
        + _ROLE_SHIFT * (role == 0)
    )
    scores = {}
    for place, dimension in enumerate(asked.dimensions):
        shared = (
            latent
            + _SHIFTS[place % len(_SHIFTS)]
            + _SD["branch_dimension"] * rng.standard_normal(n_branches)[branch]
            + _SD["person_dimension"] * rng.standard_normal(len(branch))
        )
        for item in dimension.items:
            own = _SD["item"] * rng.standard_normal(len(branch))
            scores[item.id] = _cut(shared + own, item.scale)

    given = (
        slopes
        if slopes is not None
        else [_SLOPES[place % len(_SLOPES)] for place in range(len(asked.dimensions))]
    )
    true_slopes = {d.id: float(s) for d, s in zip(asked.dimensions, given, strict=True)}
    # A form without items still needs people who differ.
    linear = np.zeros(len(branch)) if asked.dimensions else -2.0 * latent
    for dimension in asked.dimensions:
        linear = linear + true_slopes[dimension.id] * dimension_mean(scores, dimension)
    intercept = _intercept(linear, 1 - min(float(Fraction(bar)), 0.98))
    satisfied = rng.random(len(branch)) >= expit(intercept + linear)

    rates = np.clip(response_rate, 1e-9, 1 - 1e-9)
    odds = np.log(rates / (1 - rates)) + 0.4 * rng.standard_normal(n_branches)[branch]
    odds += nonresponse_bias * (satisfied - satisfied.mean())
    persons = {
        "branch": np.array(names)[branch],
        "role": np.array([r.id for r in roles] or ["all"])[role],
        "answer": _answers(asked, role, np.array(kinds)[branch]),
        "responded": rng.random(len(branch)) < expit(odds),
        "satisfied": satisfied,
        "overall": _overall(rng, asked.overall.scale, latent, satisfied),
    }
    return People(pd.DataFrame({**persons, **scores}), true_slopes, intercept)


def _branches(n_branches: int | None, names: Sequence[str] | None) -> tuple[list[str], list[int]]:
    """Give every branch its name, and 0 for staff or 1 for students."""
    wanted = n_branches if n_branches is not None else 40 if names is None else len(names)
    if wanted < 1:
        raise UsageError(
            zh=f"支部数须为正整数，现为 {wanted}。",
            en=f"the number of branches must be at least 1, but is {wanted}.",
        )
    if names is None:
        return branch_names(wanted)
    if len(names) != wanted:
        raise UsageError(
            zh=f"支部数为 {wanted}，却给了 {len(names)} 个名称。",
            en=f"there are {wanted} branches but {len(names)} names.",
        )
    keys = [normalise(name) for name in names]
    if "" in keys or len(set(keys)) < len(keys):
        raise UsageError(
            zh="支部名称不能为空，也不能重复（只差空格、标点或全角半角的也算重复）。",
            en="names of branches must not be blank or repeated, blanks and punctuation apart.",
        )
    return list(names), [int(_OF_STUDENTS.search(name) is not None) for name in names]


def _check(sizes: tuple[int, int], response_rate: float) -> None:
    if not 2 <= sizes[0] <= sizes[1]:
        raise UsageError(
            zh=f"支部人数范围须为（最小, 最大），最小不少于 2，现为 {sizes}。",
            en=f"sizes must be (smallest, largest), the smallest at least 2, but is {sizes}.",
        )
    if not 0 <= response_rate <= 1:
        raise UsageError(
            zh=f"回收率须在 0 与 1 之间，现为 {response_rate}。",
            en=f"the response rate must lie between 0 and 1, but is {response_rate}.",
        )


def _branch_sizes(rng: np.random.Generator, n_branches: int, sizes: tuple[int, int]) -> Ints:
    """Draw sizes evenly on the log scale; the extremes and a branch of 12 are always there."""
    low, high = sizes
    drawn = np.exp(rng.uniform(np.log(low), np.log(high), n_branches)).round().astype(np.int64)
    fixed = [size for size in (12, low, high) if low <= size <= high][: max(0, n_branches - 1)]
    drawn[: len(fixed)] = fixed
    return rng.permutation(drawn)


def _spread(rng: np.random.Generator, n_branches: int) -> Floats:
    """Spread branches over the normal quantiles by the golden ratio, from bad to good.

    An even spread keeps branches far above, near and far below the bar in every seed.
    """
    places = (rng.random() + np.arange(n_branches) * (np.sqrt(5) - 1) / 2) % 1
    normal = NormalDist()
    return np.array([normal.inv_cdf(min(max(place, 0.01), 0.99)) for place in places])


def _roles(rng: np.random.Generator, branch: Ints, population: Ints, n_roles: int) -> Ints:
    """Give the first role 25–60 % of every branch and the others equal parts of the rest."""
    first = rng.uniform(0.25, 0.6, len(population))[branch]
    place = (np.arange(len(branch)) - (np.cumsum(population) - population)[branch] + 0.5) / (
        population[branch]
    )
    rest = (place - first) / (1 - first) * (n_roles - 1)
    return np.where((place < first) | (n_roles == 1), 0, 1 + np.floor(rest)).astype(np.int64)


def _answers(asked: Questionnaire, role: Ints, kind: Ints) -> list[str]:
    """Give every person an option of the role question: that of staff in a staff branch."""
    if not asked.role:
        return [""] * len(role)
    options = [r.answers or (r.title,) for r in asked.roles]
    table = np.array([[own[k % len(own)] for k in range(2)] for own in options])
    return [str(answer) for answer in table[role, kind]]


def _cut(latent: Floats, scale: Scale) -> Floats:
    """Cut a latent score into a ladder's scores, most answers falling on the good end."""
    scores = np.sort([level.score for level in scale.valid_levels])
    normal = NormalDist()
    shares = [(step / len(scores)) ** 3 for step in range(1, len(scores))]
    cuts = [normal.inv_cdf(share) for share in shares]
    return np.asarray(scores[np.searchsorted(cuts, latent)], dtype=np.float64)


def _overall(
    rng: np.random.Generator, scale: Scale, latent: Floats, satisfied: npt.NDArray[np.bool_]
) -> Floats:
    """Choose a level on the right side of the target: the better the mood, the higher."""
    scores = np.sort([level.score for level in scale.valid_levels])
    mood = 1.5 * latent + 0.7 * rng.standard_normal(len(latent))
    good, bad = scores[scores >= scale.target], scores[scores < scale.target]
    upper = np.minimum(expit(mood) * len(good), len(good) - 1).astype(np.int64)
    # The shift keeps most dissatisfied answers on the level just below the target.
    lower = np.minimum(expit(mood + 2.5) * len(bad), len(bad) - 1).astype(np.int64)
    return np.where(satisfied, good[upper], bad[lower]).astype(np.float64)


def dimension_mean(scores: Mapping[str, Floats] | pd.DataFrame, dimension: Dimension) -> Floats:
    """Average the items of one dimension, person by person."""
    columns = np.array([scores[item.id] for item in dimension.items], dtype=np.float64)
    return np.asarray(columns.mean(axis=0))


def _intercept(linear: Floats, share: float) -> float:
    """Find the intercept at which the mean probability is `share`, by halving."""
    low, high = -50.0 - linear.max(), 50.0 - linear.min()
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if expit(middle + linear).mean() < share else (low, middle)
    return float((low + high) / 2)


def expit(x: Floats) -> Floats:
    """Turn log odds into probabilities."""
    # tanh does not overflow.
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)), dtype=np.float64)
