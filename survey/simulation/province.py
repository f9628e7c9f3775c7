"""A province whose true satisfaction is known at every level: university, college, branch.

Universities are drawn one after another, so that memory never holds more than one of them: the
same few lines write two thousand files, or draw twenty million answers batch by batch.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

import questionnaires
from questionnaires import Questionnaire
from survey import output
from survey.errors import UsageError
from survey.simulation.files import branch_names, write_export
from survey.simulation.people import People, draw_people
from survey.simulation.truth import true_contributions, true_satisfaction

UNIVERSITY, COLLEGE = "学校", "学院"
_SD = {"university": 0.5, "college": 0.6, "branch": 0.8}
"""Spread of universities in log odds, of colleges and branches in those of branches."""


@dataclass(frozen=True)
class University:
    """One university of a province."""

    name: str
    # branch → its college; names of branches begin with the university's and differ everywhere
    colleges: dict[str, str]
    people: People  # everybody, with honest answers

    @property
    def coded(self) -> pd.DataFrame:
        """Honest answers of those who responded, as `survey.from_coded` takes them."""
        own = self.people.persons
        coded = own[own["responded"]].drop(columns=["answer", "responded", "satisfied"])
        coded.insert(0, COLLEGE, coded["branch"].map(self.colleges))
        coded.insert(0, UNIVERSITY, self.name)
        return coded.reset_index(drop=True)


@dataclass(frozen=True)
class Province:
    """Files as a province's office has them, and the truth behind them.

    Attributes
    ----------
    exports : Path
        Folder of the exports, one file a college, or of coded answers, one file a university.
    roster : Path
        The roster (csv) with 学校, 学院, 支部, 身份, 人数.
    truth : DataFrame
        One row a branch and role: ``学校, 学院``, and what `survey.simulation.true_satisfaction`
        gives; see `true_of`.
    truth_drivers : DataFrame
        ``学校, 学院, branch, population, dimension, contribution``.
    """

    exports: Path
    roster: Path
    truth: pd.DataFrame
    truth_drivers: pd.DataFrame

    def true_of(self, *units: str) -> pd.DataFrame:
        """Give sizes and true rates by 学校, 学院, ``branch``, ``role``; of everyone by none."""
        counts = ["population", "population_satisfied", "n_responses"]
        keys = list(units) or (lambda _: 0)
        summed = self.truth.groupby(keys, sort=False)[counts].sum()
        return summed.assign(true_rate=summed["population_satisfied"] / summed["population"])

    def true_drivers_of(self, *units: str) -> pd.Series[float]:
        """Give the true contribution of each dimension in units, by these and ``dimension``."""
        own = self.truth_drivers
        points = own.assign(points=own["contribution"] * own["population"])
        summed = points.groupby([*units, "dimension"], sort=False)[["points", "population"]].sum()
        return (summed["points"] / summed["population"]).rename("contribution")


def draw_province(
    n_universities: int = 170,
    n_colleges: int = 12,
    n_branches: int = 10,
    *,
    questionnaire: Questionnaire | None = None,
    seed: int = 0,
    bar: float = 0.9,
    sizes: tuple[int, int] = (20, 500),
    response_rate: float = 0.7,
    nonresponse_bias: float = 0.0,
    slopes: Sequence[float] | None = None,
) -> Iterator[University]:
    """Draw the universities of a province, one after another.

    Parameters
    ----------
    n_universities, n_colleges, n_branches : int
        How many universities, colleges of each, branches of each college. By default 20,400
        branches and 2.1 million answers; 1,700 universities answer twenty million times.
    questionnaire, seed, sizes, response_rate, nonresponse_bias, slopes
        As in `survey.simulation.simulate`.
    bar : float
        Universities lie around this share of satisfied people, their logits half a unit apart.

    Yields
    ------
    University

    Examples
    --------
    >>> [(one.name, len(one.coded)) for one in draw_province(2, 2, 3, seed=1)]
    [('001号大学', 795), ('002号大学', 903)]
    """
    if min(n_universities, n_colleges, n_branches) < 1:
        raise UsageError(
            zh="学校、学院、支部的个数都须为正整数。",
            en="There must be at least one university, college and branch.",
        )
    for number in range(n_universities):
        rng = np.random.default_rng([seed, 2, number])
        name = f"{number + 1:03d}号大学"
        colleges = {
            f"{name}{college}{branch}": college
            for college in _colleges(n_colleges)
            for branch in _within(n_branches)
        }
        college = np.repeat(rng.standard_normal(n_colleges), n_branches)
        odds = np.log(bar / (1 - bar)) + _SD["university"] * rng.standard_normal()
        people = draw_people(
            questionnaire,
            names=list(colleges),
            standing=_SD["college"] * college + _SD["branch"] * rng.standard_normal(len(colleges)),
            seed=int(rng.integers(2**31)),
            bar=str(round(1 / (1 + np.exp(-odds)), 6)),
            sizes=sizes,
            response_rate=response_rate,
            nonresponse_bias=nonresponse_bias,
            slopes=slopes,
        )
        yield University(name, colleges, people)


def simulate_province(
    out: str | os.PathLike[str],
    *,
    n_universities: int = 170,
    n_colleges: int = 12,
    n_branches: int = 10,
    questionnaire: Questionnaire | str | None = None,
    seed: int = 0,
    form: Literal["xlsx", "parquet"] = "xlsx",
    blank_share: float = 0.03,
    not_applicable_share: float = 0.02,
    straightliner_share: float = 0.03,
    force: bool = False,
    **drawn: float | tuple[int, int],
) -> Province:
    """Write the answers and the roster of a simulated province, one university after another.

    Parameters
    ----------
    out : str or path
        Folder to write to: ``答卷/`` with one file a college or university, and ``名册.csv``.
    n_universities, n_colleges, n_branches, seed
        As in `draw_province`.
    form : {"xlsx", "parquet"}
        Exports as a platform writes them, or honest answers, coded: see `survey.from_coded`. Twenty
        million of these (``n_universities=1_700``) are written in minutes.
    questionnaire, blank_share, not_applicable_share, straightliner_share, force
        As in `survey.simulation.simulate`.
    **drawn
        Further arguments of `draw_province`.

    Returns
    -------
    Province

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = simulate_province(folder, n_universities=2, n_colleges=2, n_branches=2)
    ...     sorted(path.name for path in made.exports.iterdir())[:2]
    ['001号大学-机械工程学院.xlsx', '001号大学-计算机学院.xlsx']
    >>> made.true_of("学校").index.tolist()
    ['001号大学', '002号大学']
    >>> made.true_drivers_of().idxmax()
    'mechanisms'
    """
    asked = (
        questionnaire
        if isinstance(questionnaire, Questionnaire)
        else questionnaires.load(questionnaire or "jiangsu-2014")
    )
    folder = Path(out)
    exports, roster = folder / "答卷", folder / "名册.csv"
    exports.mkdir(parents=True, exist_ok=True)
    truth, drivers = [], []
    universities = draw_province(
        n_universities,
        n_colleges,
        n_branches,
        questionnaire=asked,
        seed=seed,
        **drawn,  # type: ignore[arg-type]
    )
    for number, own in enumerate(universities):
        persons = own.people.persons
        answered = persons[persons["responded"]]
        places = answered["branch"].map(own.colleges)
        if form == "parquet":
            with output.file(exports / f"{own.name}.parquet", force=force) as file:
                _write_coded(file, own.coded)
            places = places.iloc[:0]
        for place, (college, rows) in enumerate(answered.groupby(places, sort=False)):
            with output.file(exports / f"{own.name}-{college}.xlsx", force=force) as file:
                write_export(
                    file,
                    rows,
                    asked,
                    rng=np.random.default_rng([seed, 1, number, place]),
                    blank_share=blank_share,
                    not_applicable_share=not_applicable_share,
                    straightliner_share=straightliner_share,
                )
        truth.append(_placed(true_satisfaction(own.people), own))
        parts = _placed(true_contributions(own.people, asked), own)
        parts.insert(3, "population", parts["branch"].map(persons.groupby("branch").size()))
        drivers.append(parts)
    known = pd.concat(truth, ignore_index=True)
    with output.file(roster, force=force) as file:
        _write_roster(file, known, asked)
    return Province(exports, roster, known, pd.concat(drivers, ignore_index=True))


def _write_coded(path: Path, coded: pd.DataFrame) -> None:
    """Write coded answers with whatever library for Parquet is there."""
    import narwhals as nw

    libraries: tuple[Literal["polars", "pyarrow"], ...] = ("polars", "pyarrow")
    backend = next((name for name in libraries if find_spec(name)), None)
    if backend is None:
        raise UsageError(
            zh="写 Parquet 需要另装 polars：pip install polars。",
            en="Writing Parquet needs polars: pip install polars.",
        )
    columns = {
        str(name): column.astype(np.float32).to_numpy()
        if column.dtype.kind == "f"
        else column.to_list()
        for name, column in coded.items()
    }
    nw.from_dict(columns, backend=backend).write_parquet(path)


def _colleges(n: int) -> list[str]:
    """Make up names of colleges."""
    own = [name.partition("学院")[0] + "学院" for name in branch_names(min(n, 18))[0]]
    return own + [f"第{number}学院" for number in range(len(own) + 1, n + 1)]


def _within(n: int) -> list[str]:
    """Make up names of a college's branches: those of one college, without it."""
    return [name.partition("学院")[2] for name in branch_names(18 * n)[0][::18]]


def _placed(frame: pd.DataFrame, own: University) -> pd.DataFrame:
    """Put university and college in front."""
    frame.insert(0, COLLEGE, frame["branch"].map(own.colleges))
    frame.insert(0, UNIVERSITY, own.name)
    return frame


def _write_roster(path: Path, truth: pd.DataFrame, asked: Questionnaire) -> None:
    titles = {role.id: role.title for role in asked.roles}
    columns = {"branch": "支部", **({"role": "身份"} if asked.role else {}), "population": "人数"}
    known = truth.assign(role=truth["role"].map(titles))[[UNIVERSITY, COLLEGE, *columns]]
    known.rename(columns=columns).to_csv(path, index=False, encoding="utf-8-sig")
