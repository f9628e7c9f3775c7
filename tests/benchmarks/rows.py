"""What is measured: each row some work of ours, and what a peer would do, on the same data."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from tests.benchmarks import exports as written

SEED = 1


@dataclass(frozen=True)
class Row:
    """A row of the table.

    Parameters
    ----------
    work : str
        What is done; ``{n}`` is the size.
    sizes : tuple of int
        Of the data, two or more: the peer works on the last, the slope is that of the last two.
    quick : tuple of int
        Sizes for a look in seconds.
    make : callable
        Takes the size and a folder, gives the data; not measured.
    ours : callable
        Takes the data.
    peer : callable, optional
        Takes the same data.
    beside : str
        Who the peer is.
    needs : str
        A package that is not everywhere.
    """

    work: str
    sizes: tuple[int, ...]
    quick: tuple[int, ...]
    make: Callable[[int, Path], Any]
    ours: Callable[[Any], object]
    peer: Callable[[Any], object] | None = None
    beside: str = ""
    needs: str = ""


# reading ------------------------------------------------------------------------------------------


def exports(n: int, folder: Path) -> dict[str, str]:
    """Write the same answers as xlsx, csv and sav."""
    path = folder / f"{n}.xlsx"
    written.write(path, n)
    return {file.suffix: str(file) for file in (path, *written.rewrite(path))}


def of(suffix: str, step: Callable[[str], object]) -> Callable[[dict[str, str]], object]:
    """Do a step on the file of one kind."""
    return lambda files: step(files[suffix])


def many_files(n: int, folder: Path) -> tuple[list[str], str]:
    """Write so many exports of 175 answers and their roster."""
    from survey.simulation import simulate_province

    made = simulate_province(
        folder / str(n), n_universities=n, n_colleges=1, n_branches=2, sizes=(120, 130), seed=SEED
    )
    return sorted(map(str, made.exports.iterdir())), str(made.roster)


def read_many(data: tuple[list[str], str]) -> object:
    import survey

    files, roster = data
    return survey.read(files, roster=roster)


def calamine_many(data: tuple[list[str], str]) -> None:
    for file in data[0]:
        written.calamine_alone(file)


# counts, verdicts ---------------------------------------------------------------------------------

ITEMS = [*(f"q{number:02d}" for number in range(1, 19)), "overall"]
BY = ["branch", "role"]
ENGINES = {"pandas": "pandas", "polars": "polars", "duckdb": "duckdb", "spark": "pyspark"}
"""The packages of the engines."""

CHUNK = 1_000_000
"""Rows that are made at once, so that making them takes less memory than the work on them."""


def chunks(n: int) -> Iterator[int]:
    """Give the sizes of the chunks of so many rows."""
    return (min(CHUNK, n - start) for start in range(0, n, CHUNK))


def answered(n: int) -> Iterator[pd.DataFrame]:
    """Make answers to 19 items of 20,000 branches by two roles, in chunks."""
    rng = np.random.default_rng(SEED)
    levels = np.array([5, 5, 5, 4, 4, 3, 2, 1], np.int8)
    roles = np.array(["members", "staff"])
    for size in chunks(n):
        units = {"branch": rng.integers(0, 20_000, size), "role": roles[rng.integers(0, 2, size)]}
        given = {item: levels[rng.integers(0, len(levels), size)] for item in ITEMS}
        yield pd.DataFrame({**units, **given})


def rows_of(engine: str) -> Callable[[int, Path], Any]:
    """Make answers as an engine has them."""

    def make(n: int, folder: Path) -> Any:
        if engine == "pandas":
            return pd.concat(answered(n), ignore_index=True)
        import polars

        files = folder / str(n)
        files.mkdir()
        for number, frame in enumerate(answered(n)):
            table = polars.DataFrame({name: frame[name].to_numpy() for name in frame})
            table.write_parquet(files / f"{number}.parquet")
        if engine == "polars":
            return polars.scan_parquet(files / "*.parquet")
        if engine == "spark":
            return spark_session().read.parquet(str(files))
        import duckdb

        return duckdb.read_parquet(str(files / "*.parquet"))

    return make


@cache
def spark_session() -> Any:
    """Start a cluster on this machine, that ends with this process."""
    from tests.spark import cluster

    until_the_end = ExitStack()
    atexit.register(until_the_end.close)
    folder = until_the_end.enter_context(TemporaryDirectory())
    return until_the_end.enter_context(cluster(Path(folder))).session


def count(frame: Any) -> object:
    from analysis.counts import tabulate

    return tabulate.item_counts(frame, dict.fromkeys(ITEMS, (1, 2, 3, 4, 5)), by=BY)


def by_hand(engine: str) -> Callable[[Any], object]:
    """Count every item as one would write it for the engine."""

    def work(frame: Any) -> object:
        if engine == "pandas":
            return [frame.groupby([*BY, item]).size() for item in ITEMS]
        if engine == "duckdb":
            return [frame.aggregate(f"branch, role, {item}, count(*)").df() for item in ITEMS]
        if engine == "spark":
            return [frame.groupBy(*BY, item).count().toPandas() for item in ITEMS]
        import polars

        return polars.collect_all([frame.group_by(*BY, item).len() for item in ITEMS])

    return work


def units(n: int, _: Path) -> tuple[Any, Any, Any]:
    """Make distinct satisfied and valid answers of so many units."""
    high, low = np.tril_indices(500)
    valid, satisfied = (np.resize(counts, n) for counts in (high, low))
    return satisfied, valid, 500 + np.arange(n) // len(high)


def intervals(data: tuple[Any, Any, Any]) -> object:
    from analysis.proportions.intervals import finite_population_interval

    return finite_population_interval(*data)


def beta(data: tuple[Any, Any, Any]) -> object:
    from scipy import stats

    x, n, _ = data
    return stats.beta.ppf(0.025, x, n - x + 1), stats.beta.ppf(0.975, x + 1, n - x)


def branches(n: int, _: Path) -> Any:
    """Make a survey of so many branches of 20 to 40 people with its cells counted."""
    import survey
    from survey.simulation import draw_province

    drawn = list(draw_province(-(-n // 120), sizes=(20, 40), seed=SEED))
    persons = pd.concat(own.people.persons[["branch", "role"]] for own in drawn)
    names = {"members": "党员", "staff_students": "师生员工"}
    roster = persons.groupby(["branch", "role"], sort=False).size().reset_index(name="人数")
    roster = roster.assign(身份=roster["role"].map(names)).rename(columns={"branch": "支部"})
    coded = pd.concat(own.coded[["branch", "role", "overall"]] for own in drawn)
    held = survey.from_coded(coded, roster=roster[["支部", "身份", "人数"]])
    assert len(held.cells)
    return held


def strata(held: Any) -> object:
    """Give Clopper and Pearson's limits of every branch and role."""
    cells = held.cells
    return beta((cells["n_satisfied"].to_numpy(), cells["n_valid"].to_numpy(), None))


def published(held: Any) -> object:
    from survey.workflow import gathering

    return gathering.published(held)


# breakdown ----------------------------------------------------------------------------------------


def people(blank: float) -> Callable[[int, Path], Any]:
    """Make items, answers and branches of so many people, a share of the items blank."""

    def make(n: int, _: Path) -> tuple[Any, Any, Any]:
        from analysis.breakdown.logit import probability

        rng = np.random.default_rng(SEED)
        items, y = np.empty((n, 18)), np.empty(n)
        for number, size in enumerate(chunks(n)):
            rows = slice(number * CHUNK, number * CHUNK + size)
            common, own = rng.standard_normal((size, 1)), rng.standard_normal((size, 18))
            given = np.clip(np.round(4.2 + 0.5 * common + 0.7 * own), 1, 5)
            y[rows] = rng.random(size) < probability(6 - 2 * given.mean(axis=1))
            items[rows] = np.where(rng.random(given.shape) < blank, np.nan, given)
        return items, y, rng.integers(0, max(20, n // 500), n)

    return make


def breakdown(data: tuple[Any, Any, Any]) -> object:
    from analysis.breakdown import drivers

    items, y, branch = data
    options: Any = {"dimensions": [range(3 * d, 3 * d + 3) for d in range(6)], "clusters": branch}
    if np.isnan(items).any():
        return drivers.breakdown_imputed(items, y, seed=SEED, **options)
    return drivers.breakdown(items, y, **options)


def logit(data: tuple[Any, Any, Any]) -> object:
    """Fit the logit on dimension means of complete answers, errors clustered by branch."""
    from statsmodels.discrete.discrete_model import Logit

    items, y, branch = data
    whole = ~np.isnan(items).any(axis=1)
    means = items[whole].reshape(-1, 6, 3).mean(axis=2)
    design = np.column_stack([np.ones(len(means)), means])
    clustered = {"groups": branch[whole]}
    return Logit(y[whole], design).fit(disp=0, cov_type="cluster", cov_kwds=clustered).bse


def answers(n: int, _: Path) -> Any:
    """Make a survey of so many people, a tenth of the items blank."""
    import survey
    from survey.simulation import draw_province

    drawn = draw_province(-(-n // 8_400), 10, 10, sizes=(119, 121), seed=SEED)
    coded = pd.concat(own.coded for own in drawn).head(n).reset_index(drop=True)
    blank = np.random.default_rng(SEED).random((len(coded), 18)) < 0.1
    coded[ITEMS[:-1]] = coded[ITEMS[:-1]].mask(blank)
    return survey.from_coded(coded)


def main_breakdown(held: Any) -> object:
    """Fill blanks and break down as `Drivers` does first."""
    scores = held.scores
    dissatisfied = (scores["overall"] < 4).to_numpy(float)
    groups = pd.factorize(held.responses.people["branch"])[0]
    return breakdown((scores[ITEMS[:-1]].to_numpy(), dissatisfied, groups))


# reports ------------------------------------------------------------------------------------------


def university(n: int, folder: Path) -> tuple[Any, Path]:
    """Simulate a university of so many branches, and read it."""
    import survey

    made = survey.simulate(folder / str(n), n_branches=n, seed=SEED)
    return survey.read(made.export, roster=made.roster), folder


def few(n: int, folder: Path) -> tuple[Any, Path]:
    """Simulate so many answers to one branch's survey, and read them."""
    import survey

    made = survey.simulate(folder / str(n), n_branches=1, sizes=(n + 2, n + 2), seed=SEED)
    held = survey.read(made.export, roster=made.roster)
    return survey.from_coded(held.coded.head(n), roster=made.roster), folder


def report(data: tuple[Any, Path]) -> object:
    import tempfile

    held, folder = data
    return held.report(Path(tempfile.mkdtemp(dir=folder)) / "报告")


def province(n: int, folder: Path) -> tuple[Path, Path]:
    """Write a province of so many files, one a college: twelve a university, of a thousand rows."""
    from survey.simulation import simulate_province

    shape = (n // 12, 12, 10) if n >= 12 else (1, n, 2)
    made = simulate_province(
        folder / str(n),
        n_universities=shape[0],
        n_colleges=shape[1],
        n_branches=shape[2],
        seed=SEED,
    )
    return made.exports, made.roster


def every_university(data: tuple[Path, Path]) -> None:
    import tempfile

    from survey.workflow.request import Request

    exports, roster = data
    request = Request.of({"files": exports, "roster": roster, "each": "学校"})
    request.write(request.read(), Path(tempfile.mkdtemp(dir=exports.parent)))


def calamine_folder(data: tuple[Path, Path]) -> None:
    calamine_many((sorted(map(str, data[0].iterdir())), ""))


_SUFFIXES = {
    ".xlsx": (written.calamine_alone, "calamine"),
    ".csv": (written.pandas_alone, "pandas.read_csv"),
    ".sav": (written.pyreadstat_alone, "pyreadstat"),
}
ROWS = (
    *(
        Row(
            f"read and code {{n}} × 60 {suffix[1:]}",
            (10_000, 100_000),
            (200, 400),
            exports,
            of(suffix, written.coding),
            of(suffix, peer),
            beside,
        )
        for suffix, (peer, beside) in _SUFFIXES.items()
    ),
    Row(
        "read a folder of {n} files of 175",
        (100, 500),
        (20, 24),
        many_files,
        read_many,
        calamine_many,
        "calamine",
    ),
    *(
        Row(
            f"count {{n}} rows, 19 items, {engine}",
            (2_000_000, 20_000_000),
            (1_000, 2_000),
            rows_of(engine),
            count,
            by_hand(engine),
            "group-by by hand",
            package,
        )
        for engine, package in ENGINES.items()
    ),
    Row(
        "exact intervals of {n} units",
        (100_000, 1_000_000),
        (1_000, 2_000),
        units,
        intervals,
        beta,
        "beta.ppf",
    ),
    Row(
        "stratified by role, {n} branches",
        (5_000, 20_000),
        (120, 240),
        branches,
        lambda held: held.satisfaction(),
        strata,
        "beta.ppf of strata",
    ),
    Row("published tables, {n} branches × 2", (5_000, 20_000), (120, 240), branches, published),
    Row("ranking, {n} branches", (5_000, 20_000), (120, 240), branches, lambda h: h.ranking()),
    Row(
        "breakdown, {n} people, complete",
        (100_000, 1_000_000),
        (1_000, 2_000),
        people(0.0),
        breakdown,
        logit,
        "clustered Logit",
    ),
    Row(
        "breakdown, {n} people",
        (2_000_000, 20_000_000),
        (1_000, 2_000),
        people(0.0),
        breakdown,
    ),
    Row(
        "breakdown, {n} people, 10 % blank",
        (20_000, 100_000),
        (1_000, 2_000),
        people(0.1),
        breakdown,
        logit,
        "Logit, complete rows",
    ),
    Row(
        "all that Drivers reports, {n}, 10 % blank",
        (20_000, 100_000),
        (1_000, 2_000),
        answers,
        lambda held: held.drivers(),
        main_breakdown,
        "its main breakdown",
    ),
    Row("report of {n} answers", (9, 12), (9, 12), few, report),
    Row("report of {n} branches", (40, 200, 1_000), (2, 3), university, report),
    Row(
        "province of {n} files, every university's report",
        (24, 120),
        (1, 2),
        province,
        every_university,
        calamine_folder,
        "calamine",
    ),
)
