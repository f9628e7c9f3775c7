"""A university whose true satisfaction is known, and the files an office would hold of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from pathlib import Path
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

import questionnaires
from questionnaires import Dimension, Questionnaire, Scale
from survey.errors import UsageError
from survey.simulated_files import branch_names, write_export, write_roster

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


@dataclass(frozen=True)
class People:
    """The whole university, whether it answers or not.

    Parameters
    ----------
    persons : DataFrame
        One row a person: ``branch``, ``role`` (id, ``all`` where there are no roles), ``answer``
        (the option of the role question), ``responded``, ``satisfied``, ``overall`` and one column
        an item with honest scores.
    slopes : dict
        True slope of the logit of dissatisfaction on every dimension's mean score.
    intercept : float
        Its intercept.
    """

    persons: pd.DataFrame
    slopes: dict[str, float]
    intercept: float


@dataclass(frozen=True)
class Simulation:
    """Files as an office has them, and the truth behind them.

    Parameters
    ----------
    export : Path
        A text-mode 问卷星 download (xlsx).
    roster : Path
        The roster (xlsx) with 支部, 身份, 人数.
    truth : DataFrame
        One row a branch and role: ``branch, role, population, population_satisfied, true_rate,
        n_responses``.
    truth_drivers : DataFrame
        One row a dimension: ``dimension, slope, contribution``, the contribution being the Shapley
        value of the true model over the whole population.
    truth_branch_drivers : DataFrame
        The contributions by branch: ``branch, dimension, contribution``.
    people : People
        Everybody, with honest answers.
    """

    export: Path
    roster: Path
    truth: pd.DataFrame
    truth_drivers: pd.DataFrame
    truth_branch_drivers: pd.DataFrame
    people: People


def simulate(
    out: Path,
    *,
    questionnaire: Questionnaire | str | None = None,
    n_branches: int = 40,
    seed: int = 0,
    bar: str = "0.9",
    sizes: tuple[int, int] = (8, 300),
    response_rate: float = 0.7,
    nonresponse_bias: float = 0.0,
    blank_share: float = 0.03,
    not_applicable_share: float = 0.02,
    straightliner_share: float = 0.03,
    slopes: Sequence[float] | None = None,
) -> Simulation:
    """Write the export and the roster of a simulated university.

    Parameters
    ----------
    out : Path
        Folder to write to; made when missing.
    questionnaire : Questionnaire or str, optional
        What was asked; the Jiangsu standard by default.
    n_branches : int
        Number of branches, at least 1.
    seed : int
        The same seed gives the same answers.
    bar : str
        Branches lie around this share of satisfied people.
    sizes : tuple of int
        Smallest and largest branch.
    response_rate : float
        Expected share of people who answer, 0–1; branches differ.
    nonresponse_bias : float
        Log odds ratio of answering, satisfied against not: 0 makes the silent like the others,
        above 0 the dissatisfied keep silent.
    blank_share, not_applicable_share : float
        Share of item answers left blank, and answered 不了解.
    straightliner_share : float
        Share of respondents who tick one column all the way down, in a hurry. Their overall answer
        is honest, their items are not: set it to 0 to check slopes.
    slopes : sequence of float, optional
        True slopes of the dimensions in order.

    Returns
    -------
    Simulation
        Paths and truth.

    Notes
    -----
    Items are ordinal cuts of normal latent scores with branch, person and dimension parts.
    Dissatisfaction follows a logit on the dimensions' mean scores, so that the breakdown estimates
    the model the answers come from. With ``nonresponse_bias=0`` those who answer in a branch are a
    simple random sample of it given their number, as the hypergeometric interval assumes.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = simulate(Path(folder), n_branches=3, seed=1)
    ...     made.export.name, made.roster.name
    ('导出.xlsx', '名册.xlsx')
    >>> made.truth.columns.tolist()
    ['branch', 'role', 'population', 'population_satisfied', 'true_rate', 'n_responses']
    """
    asked = _questionnaire(questionnaire)
    people = draw_people(
        asked,
        n_branches=n_branches,
        seed=seed,
        bar=bar,
        sizes=sizes,
        response_rate=response_rate,
        nonresponse_bias=nonresponse_bias,
        slopes=slopes,
    )
    truth = true_satisfaction(people)
    by_branch = true_contributions(people, asked)
    out.mkdir(parents=True, exist_ok=True)
    export, roster = out / "导出.xlsx", out / "名册.xlsx"
    write_export(
        export,
        people.persons[people.persons["responded"]],
        asked,
        # Own stream: the noise of the file must not change who is who.
        rng=np.random.default_rng([seed, 1]),
        blank_share=blank_share,
        not_applicable_share=not_applicable_share,
        straightliner_share=straightliner_share,
    )
    write_roster(roster, truth, asked)
    return Simulation(
        export=export,
        roster=roster,
        truth=truth,
        truth_drivers=_university(by_branch, people),
        truth_branch_drivers=by_branch,
        people=people,
    )


def draw_people(
    questionnaire: Questionnaire | str | None = None,
    *,
    n_branches: int = 40,
    seed: int = 0,
    bar: str = "0.9",
    sizes: tuple[int, int] = (8, 300),
    response_rate: float = 0.7,
    nonresponse_bias: float = 0.0,
    slopes: Sequence[float] | None = None,
) -> People:
    """Draw a university without writing files, for simulations repeated many times.

    Parameters
    ----------
    questionnaire, n_branches, seed, bar, sizes, response_rate, nonresponse_bias, slopes
        As in `simulate`.

    Returns
    -------
    People
        Everybody, with honest answers and whether they responded.

    Examples
    --------
    >>> people = draw_people(n_branches=5, seed=3)
    >>> people.persons["branch"].nunique(), 0 < people.persons["satisfied"].mean() < 1
    (5, True)
    """
    asked = _questionnaire(questionnaire)
    _check(n_branches, sizes, response_rate)
    rng = np.random.default_rng([seed, 0])
    population = _branch_sizes(rng, n_branches, sizes)
    branch = np.repeat(np.arange(n_branches), population)
    names, kinds = branch_names(n_branches)
    roles = asked.roles if asked.role else ()
    role = _roles(rng, branch, population, max(1, len(roles)))

    latent = (
        _SD["branch"] * _spread(rng, n_branches)[branch]
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

    given = slopes or [_SLOPES[place % len(_SLOPES)] for place in range(len(asked.dimensions))]
    true_slopes = {d.id: float(s) for d, s in zip(asked.dimensions, given, strict=True)}
    linear = -2.0 * latent
    if asked.dimensions:
        linear = sum(
            (true_slopes[d.id] * _mean(scores, d) for d in asked.dimensions), np.zeros(len(branch))
        )
    intercept = _intercept(linear, 1 - min(float(Fraction(bar)), 0.98))
    satisfied = rng.random(len(branch)) >= _expit(intercept + linear)

    rates = np.clip(response_rate, 1e-9, 1 - 1e-9)
    odds = np.log(rates / (1 - rates)) + 0.4 * rng.standard_normal(n_branches)[branch]
    odds += nonresponse_bias * (satisfied - satisfied.mean())
    persons = {
        "branch": np.array(names)[branch],
        "role": np.array([r.id for r in roles] or ["all"])[role],
        "answer": _answers(asked, role, np.array(kinds)[branch]),
        "responded": rng.random(len(branch)) < _expit(odds),
        "satisfied": satisfied,
        "overall": _overall(rng, asked.overall.scale, latent, satisfied),
    }
    return People(pd.DataFrame({**persons, **scores}), true_slopes, intercept)


def true_satisfaction(people: People) -> pd.DataFrame:
    """Count the satisfied of every branch and role in the whole population.

    Parameters
    ----------
    people : People
        As drawn.

    Returns
    -------
    DataFrame
        ``branch, role, population, population_satisfied, true_rate, n_responses``.
    """
    grouped = people.persons.groupby(["branch", "role"], sort=False)
    truth = grouped.agg(
        population=("satisfied", "size"),
        population_satisfied=("satisfied", "sum"),
        n_responses=("responded", "sum"),
    ).reset_index()
    truth.insert(4, "true_rate", truth["population_satisfied"] / truth["population"])
    return truth


def true_contributions(people: People, questionnaire: Questionnaire) -> pd.DataFrame:
    """Break the true model's dissatisfaction down by dimension for every branch.

    Parameters
    ----------
    people : People
        As drawn.
    questionnaire : Questionnaire
        What was asked.

    Returns
    -------
    DataFrame
        ``branch, dimension, contribution``: the Shapley value over all sets of dimensions of the
        fall in the mean predicted dissatisfaction when the items of a set are raised to their
        scales' targets.

    References
    ----------
    Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games II.
    """
    persons, dimensions = people.persons, questionnaire.dimensions
    codes, names = pd.factorize(persons["branch"])
    linear = np.full(len(persons), people.intercept)
    gains = np.zeros((len(persons), len(dimensions)))
    for place, dimension in enumerate(dimensions):
        slope = people.slopes[dimension.id]
        linear += slope * _mean(persons, dimension)
        short = [np.maximum(0, i.scale.target - persons[i.id]) for i in dimension.items]
        gains[:, place] = slope * np.mean(short, axis=0)

    n_sets = 1 << len(dimensions)
    members = (np.arange(n_sets)[:, None] >> np.arange(len(dimensions))) & 1
    value = np.array(
        [
            np.bincount(codes, weights=_expit(linear + gains @ row), minlength=len(names))
            for row in members
        ]
    ) / np.bincount(codes)
    weight = _shapley_weights(len(dimensions))
    frames = []
    for place, dimension in enumerate(dimensions):
        without = np.flatnonzero(members[:, place] == 0)
        fall = value[without] - value[without + (1 << place)]
        share = weight[members[without].sum(axis=1)] @ fall
        frames.append(
            pd.DataFrame({"branch": names, "dimension": dimension.id, "contribution": share})
        )
    columns = ["branch", "dimension", "contribution"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _university(by_branch: pd.DataFrame, people: People) -> pd.DataFrame:
    """Average the branches' contributions by their populations, and set the slopes beside them."""
    population = people.persons.groupby("branch").size()
    weighted = by_branch["contribution"] * by_branch["branch"].map(population) / population.sum()
    totals = weighted.groupby(by_branch["dimension"], sort=False).sum()
    return pd.DataFrame(
        {
            "dimension": list(people.slopes),
            "slope": list(people.slopes.values()),
            "contribution": [float(totals[id]) for id in people.slopes],
        }
    )


def _questionnaire(given: Questionnaire | str | None) -> Questionnaire:
    if isinstance(given, Questionnaire):
        return given
    return questionnaires.load(given or "jiangsu-2014")


def _check(n_branches: int, sizes: tuple[int, int], response_rate: float) -> None:
    if n_branches < 1:
        raise UsageError(
            zh=f"支部数须为正整数，现为 {n_branches}。",
            en=f"the number of branches must be at least 1, but is {n_branches}.",
        )
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
    upper = np.minimum(_expit(mood) * len(good), len(good) - 1).astype(np.int64)
    # The shift keeps most dissatisfied answers on the level just below the target.
    lower = np.minimum(_expit(mood + 2.5) * len(bad), len(bad) - 1).astype(np.int64)
    return np.where(satisfied, good[upper], bad[lower]).astype(np.float64)


def _mean(scores: dict[str, Floats] | pd.DataFrame, dimension: Dimension) -> Floats:
    columns = np.array([scores[item.id] for item in dimension.items], dtype=np.float64)
    return np.asarray(columns.mean(axis=0))


def _intercept(linear: Floats, share: float) -> float:
    """Find the intercept at which the mean probability is `share`, by halving."""
    low, high = -50.0 - linear.max(), 50.0 - linear.min()
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _expit(middle + linear).mean() < share else (low, middle)
    return float((low + high) / 2)


def _expit(x: Floats) -> Floats:
    # tanh does not overflow.
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)), dtype=np.float64)


def _shapley_weights(n: int) -> Floats:
    """Weights |S|! (n-1-|S|)! / n! by the size of S."""
    return np.array([1 / (n * comb(n - 1, size)) for size in range(n)])
