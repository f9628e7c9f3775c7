"""A university whose true satisfaction is known, and the files an office would hold of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import questionnaires
from questionnaires import Questionnaire
from survey import output
from survey.simulation.files import write_export, write_roster
from survey.simulation.people import People, draw_people
from survey.simulation.truth import (
    true_contributions,
    true_satisfaction,
    university_contributions,
)


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

    def __repr__(self) -> str:
        return (
            f"<Simulation {self.export.name}: {self.truth['branch'].nunique()} branches, "
            f"{self.truth['population'].sum()} people, "
            f"{self.truth['n_responses'].sum()} responses>"
        )


def simulate(
    out: str | os.PathLike[str],
    *,
    questionnaire: Questionnaire | str | None = None,
    n_branches: int | None = None,
    names: Sequence[str] | None = None,
    seed: int = 0,
    bar: str = "0.9",
    sizes: tuple[int, int] = (8, 300),
    response_rate: float = 0.7,
    nonresponse_bias: float = 0.0,
    blank_share: float = 0.03,
    not_applicable_share: float = 0.02,
    straightliner_share: float = 0.03,
    slopes: Sequence[float] | None = None,
    wave: int = 0,
    force: bool = False,
) -> Simulation:
    """Write the export and the roster of a simulated university.

    Parameters
    ----------
    out : str or path
        Folder to write to; made when missing.
    questionnaire : Questionnaire or str, optional
        What was asked; the Jiangsu standard by default.
    n_branches : int, optional
        Number of branches, at least 1; as many as `names`, or 40, by default.
    names : sequence of str, optional
        Names of the branches, all different; made up by default. A branch whose name speaks of
        学生, 本科, 研究生, 硕士 or 博士 is one of students, any other one of staff.
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
    wave : int
        Another number gives another wave of the same university: branches, roles and sizes stay,
        people answer anew, and branches have moved a little.
    force : bool
        Replace files 导出.xlsx and 名册.xlsx that are in the folder.

    Returns
    -------
    Simulation
        Paths and truth.

    Raises
    ------
    ReportError
        If files of these names are there and `force` is not given, or cannot be written.

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
    ...     made = simulate(folder, n_branches=3, seed=1)
    ...     made.export.name, made.roster.name
    ('导出.xlsx', '名册.xlsx')
    >>> made.truth.columns.tolist()
    ['branch', 'role', 'population', 'population_satisfied', 'true_rate', 'n_responses']
    """
    asked = (
        questionnaire
        if isinstance(questionnaire, Questionnaire)
        else questionnaires.load(questionnaire or "jiangsu-2014")
    )
    people = draw_people(
        asked,
        n_branches=n_branches,
        names=names,
        seed=seed,
        bar=bar,
        sizes=sizes,
        response_rate=response_rate,
        nonresponse_bias=nonresponse_bias,
        slopes=slopes,
        wave=wave,
    )
    truth = true_satisfaction(people)
    by_branch = true_contributions(people, asked)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    export, roster = folder / "导出.xlsx", folder / "名册.xlsx"
    with output.file(export, force=force) as new_export, output.file(roster, force=force) as new:
        write_export(
            new_export,
            people.persons[people.persons["responded"]],
            asked,
            # Own stream: the noise of the file must not change who is who.
            rng=np.random.default_rng([seed, 1, wave] if wave else [seed, 1]),
            blank_share=blank_share,
            not_applicable_share=not_applicable_share,
            straightliner_share=straightliner_share,
        )
        write_roster(new, truth, asked)
    return Simulation(
        export=export,
        roster=roster,
        truth=truth,
        truth_drivers=university_contributions(by_branch, people),
        truth_branch_drivers=by_branch,
        people=people,
    )
