"""Coded answers: the same survey again, from Parquet and by every engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import survey
from survey.workflow.coded import is_coded
from survey.workflow.request import Request
from tests.analysis.counts.test_tabulate import convert


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> survey.Simulation:
    return survey.simulate(tmp_path_factory.mktemp("made"), n_branches=12, seed=3)


@pytest.fixture(scope="module")
def held(made: survey.Simulation) -> survey.Survey:
    return survey.read(made.export, roster=made.roster)


def same(one: survey.Survey, other: survey.Survey) -> None:
    """Identical counts and verdicts; contributions and reliability to 1e-9."""
    pd.testing.assert_frame_equal(one.cells, other.cells, check_dtype=False)
    pd.testing.assert_frame_equal(one.item_cells, other.item_cells, check_dtype=False)
    for by in (None, "branch", "role", ["branch", "role"]):
        a, b = one.satisfaction(by).frame, other.satisfaction(by).frame
        pd.testing.assert_frame_equal(a, b, check_dtype=False)
    close = {"rtol": 0, "atol": 1e-9}
    causes = one.drivers(), other.drivers()
    for name in ("frame", "branches", "items"):
        a, b = (getattr(drivers, name) for drivers in causes)
        pd.testing.assert_frame_equal(a, b, check_dtype=False, **close)
    a, b = one.reliability().frame, other.reliability().frame
    pd.testing.assert_frame_equal(a, b, check_dtype=False, **close)


@pytest.mark.parametrize("engine", ["pandas", "polars", "polars_lazy", "duckdb"])
def test_every_engine_gives_the_same_survey_in_whatever_order_the_rows_lie(
    held: survey.Survey, made: survey.Simulation, engine: str
) -> None:
    rows = held.coded.sample(frac=1, random_state=1)
    same(survey.from_coded(convert(rows, engine), roster=made.roster), held)


def test_draws_for_blanks_do_not_hang_on_the_order_of_rows(held: survey.Survey) -> None:
    answers = held.coded.filter(like="q")
    blank = np.random.default_rng(1).random(answers.shape) < 0.15
    table = held.coded.assign(**answers.mask(blank))
    one, other = (
        survey.from_coded(rows).drivers() for rows in (table, table.sample(frac=1, random_state=2))
    )
    assert one.summary["imputation"] == "multiple"
    for name in ("frame", "branches", "items"):
        pd.testing.assert_frame_equal(
            getattr(one, name), getattr(other, name), rtol=0, atol=1e-9, check_dtype=False
        )


@pytest.mark.usefixtures("page_only")
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_folder_of_parquet_is_read_and_reported(
    held: survey.Survey, made: survey.Simulation, tmp_path: Path, engine: str
) -> None:
    polars = pytest.importorskip("polars")
    folder = tmp_path / "coded"
    folder.mkdir()
    for number, rows in enumerate(np.array_split(np.arange(len(held.coded)), 3)):
        part = convert(held.coded.iloc[rows], "polars")
        assert isinstance(part, polars.DataFrame)
        part.write_parquet(folder / f"{number}.parquet")
    again = survey.read(folder, roster=made.roster, engine=engine)
    same(again, held)
    same(survey.read(folder, roster=made.roster), held)  # by whatever engine is there
    assert again.files["kind"].tolist() == ["export"] * 3 + ["roster"]
    report = again.report(tmp_path / "out")
    assert (report / "report.html").is_file()
    with pytest.raises(survey.UsageError, match="overall"):
        survey.read(folder, overall="q")


def test_faults_of_the_table_are_named(held: survey.Survey) -> None:
    table = held.coded
    with pytest.raises(survey.SurveyError, match="overall"):
        survey.from_coded(table.drop(columns="overall"))
    with pytest.raises(survey.SurveyError, match=r"q01.*9"):
        survey.from_coded(table.assign(q01=9.0))
    with pytest.raises(survey.SurveyError, match="role"):
        survey.from_coded(table.assign(role="nobody"))
    without = survey.from_coded(table.drop(columns=["q01", "role"]))
    assert (without.responses.status["q01"] == "not_asked").all()


def test_a_folder_is_coded_where_nothing_but_a_roster_lies_beside(tmp_path: Path) -> None:
    roster, other = tmp_path / "名册.xlsx", tmp_path / "导出.xlsx"
    (tmp_path / "a.parquet").touch()
    assert is_coded(tmp_path)
    roster.touch()
    assert is_coded(tmp_path, roster)
    assert not is_coded(tmp_path), "who says nothing of a roster gave an export"
    other.touch()
    assert not is_coded(tmp_path, roster)
    assert not is_coded(tmp_path, tmp_path / "没有.xlsx")


def test_a_wave_before_may_be_coded(
    held: survey.Survey, made: survey.Simulation, tmp_path: Path
) -> None:
    pytest.importorskip("polars")
    file = tmp_path / "去年.parquet"
    convert(held.coded, "polars").write_parquet(file)
    given = {"files": file, "earlier": file, "roster": made.roster, "engine": "polars"}
    (before,) = Request.of(given).read_earlier()
    same(before, held)


def test_its_roster_is_one_of_the_files_that_were_read(
    held: survey.Survey, made: survey.Simulation
) -> None:
    assert survey.from_coded(held.coded, roster=made.roster).sources == (made.roster,)
    assert survey.from_coded(held.coded).sources == ()
