from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import survey
from survey import charts, display, formats, spreadsheet, vocabulary
from survey.report.workbook_looks import NUMBER_FORMATS
from tests.survey import results_samples

FRAME = pd.DataFrame(
    {
        "branch": ["甲", "=乙"],
        "n_valid": [12, 4],
        "rate": [0.875, None],
        "p_meets": [0.000123456, None],
        "verdict": ["meets", "withheld"],
        "side": ["inconclusive", "withheld"],
    }
)


def test_nothing_is_a_share_of_minus_nothing() -> None:
    frame = pd.DataFrame({"contribution": [-0.0004, -0.0006], "item_total": [-0.001, -0.01]})
    shown = display.display(frame)
    assert shown.to_numpy().tolist() == [["0.0%", "0.00"], ["−0.1%", "−0.01"]]


def test_shares_in_per_cent_and_verdicts_in_words() -> None:
    shown = display.display(FRAME)
    assert shown["满意率"].tolist() == ["87.5%", "—"]
    assert shown["判定"].tolist() == ["达标", "暂不评定"]
    assert shown["达标检验 p 值"].tolist() == ["<0.001", "—"]
    assert shown["有效回答"].tolist() == [12, 4]


@pytest.mark.parametrize("name", [n for n in vocabulary.COLUMNS if re.match(r"p_(?!at_bar)", n)])
def test_p_values_are_written_in_one_way(name: str) -> None:
    shown = display.display(pd.DataFrame({name: [1.788e-06, 0.0314, None]}))
    assert shown.iloc[:, 0].tolist() == ["<0.001", "0.031", "—"]


def test_a_workbook_shows_p_values_alike_and_holds_the_numbers(tmp_path: Path) -> None:
    spreadsheet.write_workbook(
        {"s": pd.DataFrame({"p_value": [1.788e-06]})}, tmp_path / "a.xlsx", "zh"
    )
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["s"]["A2"]
    assert cell.value == 1.788e-06
    assert cell.number_format == formats.P_VALUE == NUMBER_FORMATS["p_value"]


@pytest.mark.parametrize(
    "frame",
    [
        results_samples.sample_comparison().frame,
        results_samples.sample_satisfaction().frame,
    ],
)
def test_every_p_value_of_a_result_has_a_heading(frame: pd.DataFrame) -> None:
    of_tests = [name for name in frame if re.match(r"p_(?!at_bar)", str(name))]
    assert of_tests
    assert all(vocabulary.COLUMNS[str(name)].kind == "p_value" for name in of_tests)


def test_in_english() -> None:
    shown = display.display(FRAME, "en")
    assert shown.columns.tolist()[:3] == ["Branch", "Valid answers", "Satisfaction rate"]
    assert shown["Verdict"].tolist() == ["meets the bar", "not assessed"]


def test_labelled_keeps_numbers() -> None:
    named = display.labelled(FRAME)
    assert named["满意率"].tolist()[0] == 0.875
    assert named["参考：按模型"].tolist()[0] == "无法判定"


def test_names_of_branches_are_escaped_in_notebooks() -> None:
    text = display.html(FRAME.assign(branch=["<script>", "乙"]))
    assert "<script>" not in text
    assert "color:" in text


@pytest.mark.parametrize("words", [vocabulary.VERDICTS, vocabulary.CHANGES, vocabulary.COLUMNS])
def test_every_word_exists_in_both_languages(words: dict[str, tuple[str, str]]) -> None:
    for zh, en, *_ in words.values():
        assert zh
        assert en
        assert en.isascii()


def test_codes_infinities_and_coefficients_are_put_into_words() -> None:
    shown = display.display(
        pd.DataFrame(
            {
                "title": ["甲"],
                "title_en": ["A"],
                "reason": ["near_bar"],
                "break_even": [float("inf")],
            }
        )
    )
    assert shown.iloc[0].tolist() == ["甲", "接近标准", "达不到"]
    shown = display.display(pd.DataFrame({"alpha": [0.8636], "low": [0.838], "flagged": [False]}))
    assert shown.iloc[0].tolist() == ["0.86", "0.84", "否"]


def test_a_notebook_shows_few_columns_many_rows_abridged_and_an_interval() -> None:
    frame = pd.concat([FRAME.head(1).assign(lower=0.5, upper=0.9)] * 60, ignore_index=True)
    text = display.html(frame, columns=["branch", "rate", "verdict"], caption="<c>", bar=0.9)
    assert "另有 10 行" in text
    assert "&lt;c&gt;" in text
    assert text.count("<svg") == display.MOST_ROWS
    assert "p 值" not in text
    assert "nowrap" in text


def test_answers_and_roles_bear_their_english_names(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=4, seed=1)
    by_role = survey.read(made.export, roster=made.roster).satisfaction("role")
    with survey.options(language="en"):
        told = [repr(by_role), by_role._repr_html_(), charts.describe("caterpillar", by_role)]
        told.append(" ".join(charts.plan("caterpillar", by_role).names))
        told.append(by_role.to_display().to_string())
    assert [re.findall("[\u4e00-\u9fff]+", text) for text in told] == [[]] * len(told)
    assert by_role.frame["role"].tolist() == ["党员", "师生员工"], "the frame keeps its data"
