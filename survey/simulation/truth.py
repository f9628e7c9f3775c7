"""What is true of a simulated university: counts, and the breakdown of the true model."""

from __future__ import annotations

from math import comb

import numpy as np
import pandas as pd

from questionnaires import Questionnaire
from survey.simulation.people import Floats, People, dimension_mean, expit


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
        linear += slope * dimension_mean(persons, dimension)
        short = [np.maximum(0, i.scale.target - persons[i.id]) for i in dimension.items]
        gains[:, place] = slope * np.mean(short, axis=0)

    n_sets = 1 << len(dimensions)
    members = (np.arange(n_sets)[:, None] >> np.arange(len(dimensions))) & 1
    value = np.array(
        [
            np.bincount(codes, weights=expit(linear + gains @ row), minlength=len(names))
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


def university_contributions(by_branch: pd.DataFrame, people: People) -> pd.DataFrame:
    """Average the branches' contributions by their populations.

    Parameters
    ----------
    by_branch : DataFrame
        From `true_contributions`.
    people : People
        As drawn.

    Returns
    -------
    DataFrame
        ``dimension, slope, contribution``, one row a dimension.
    """
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


def _shapley_weights(n: int) -> Floats:
    """Weights |S|! (n-1-|S|)! / n! by the size of S."""
    return np.array([1 / (n * comb(n - 1, size)) for size in range(n)])
