from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import survey
from survey import display
from survey.contract import WIDTH, Result, _width
from survey.errors import Language
from survey.results import ItemResponses, Planning

NAMES = (
    *(
        "by branch",
        "everyone",
        "drivers",
        "items",
        "ranking",
        "reliability",
        "plan",
        "change",
        "fieldwork",
    ),
)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    made = survey.simulate(tmp_path_factory.mktemp("u"), n_branches=14, seed=3, sizes=(20, 60))
    held = survey.read(made.export, roster=made.roster)
    several = (
        *(held.satisfaction(), held.satisfaction(by=None), held.drivers()),
        *(held.responses_by_item(), held.ranking(), held.reliability()),
        *(survey.plan(made.roster), held.compare(held), held.fieldwork()),
    )
    return {name: one for name, one in zip(NAMES, several, strict=True) if one is not None}


@pytest.fixture
def result(request: pytest.FixtureRequest, results: dict[str, Result]) -> Result:
    return results[request.param]


each = pytest.mark.parametrize("result", NAMES, indirect=True)


@each
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_look_in_the_terminal_is_short(result: Result, language: Language) -> None:
    with survey.options(language=language):
        lines = repr(result).split("\n")
        assert len(lines) <= 15
        assert lines[0] == result._name[language == "en"]
        assert max(map(_width, lines[2:])) <= WIDTH
        first = next(iter(result.to_display()))
        page = result._repr_html_()
    assert "DataFrame" not in "".join(lines)
    assert first == next(iter(result.to_display(language)))
    assert "<table" in page
    assert (lines[1] in page) or not result._caption(language)
    chinese = any("\u4e00" <= c <= "\u9fff" for name in result.to_display("en") for c in name)
    assert not chinese


def test_a_result_without_rows_says_so() -> None:
    empty = Planning(pd.DataFrame({"branch": []}), "0.9", 0.05)
    assert "没有数据" in repr(empty)


@each
def test_results_are_told_apart_by_identity(result: Result) -> None:
    for again in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):
        assert again != result
        assert len({again, result, result}) == 2
        pd.testing.assert_frame_equal(again.frame, result.frame)
        assert repr(again) == repr(result)


@each
def test_a_frame_of_ones_own(result: Result) -> None:
    frame = result.to_frame()
    frame.iloc[:, 0] = None
    assert not result.frame.iloc[:, 0].isna().all()


@each
def test_plain_values(result: Result) -> None:
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert len(plain["frame"]) == len(result.frame)
    assert list(plain["frame"][0]) == list(result.frame)
    for name, column in result.frame.items():
        told = [row[name] for row in plain["frame"]]
        assert [value is None for value in told] == column.isna().tolist()
        if pd.api.types.is_float_dtype(column):
            assert [float(value) for value in told if value is not None] == column.dropna().tolist()


@each
def test_a_workbook(result: Result, tmp_path: Path) -> None:
    path = result.to_excel(tmp_path / "a.xlsx", language="en")
    sheets = openpyxl.load_workbook(path)
    frame = sheets["frame"]
    assert frame.max_row == len(result.frame) + 1
    assert [cell.value for cell in frame[1]] == list(display.labelled(result.frame, "en").columns)
    if isinstance(result, ItemResponses):
        assert sheets["summary"].max_row == len(result.summary) + 1
    with pytest.raises(survey.ReportError, match="同名"):
        result.to_excel(path)
    assert result.to_excel(path, force=True) == path


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> survey.Survey:
    made = survey.simulate(tmp_path_factory.mktemp("h"), n_branches=4, seed=5, sizes=(20, 40))
    return survey.read(made.export, roster=made.roster)


def test_reports_findings_and_the_survey_follow_the_language_that_is_set(
    held: survey.Survey,
) -> None:
    with survey.options(language="en"):
        assert held.findings().title.startswith("Satisfaction report")
        assert "Response rate" in held._repr_html_()
    assert "满意度" in held.findings().title
    assert "回收率" in held._repr_html_()


def test_a_wrong_grouping_is_answered_with_the_nearest(held: survey.Survey) -> None:
    with pytest.raises(survey.UsageError, match="branch"):
        held.satisfaction("brnch")
