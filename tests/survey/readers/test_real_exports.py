"""Facts counted by hand in scrubbed real downloads; the files are not part of this repository."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from survey.errors import ReadError
from survey.readers import Export, open_export, pair_exports
from survey.readers.wording import key
from tests.survey.readers.checks import given, statuses

FOLDER = os.environ.get("SURVEY_REPORT_EXPORTS", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="SURVEY_REPORT_EXPORTS names no folder")


@cache
def opened(name: str) -> Export:
    return open_export(Path(FOLDER) / name)


def counts(export: Export, selector: str | int, row: str | int | None = None) -> dict[str, int]:
    table = export.count(selector, row)
    return dict(zip(table["answer"], table["n"], strict=True))


def markers(export: Export) -> dict[str, int]:
    total: dict[str, int] = {}
    for question in export.questions:
        for marker, count in question.markers.items():
            total[marker] = total.get(marker, 0) + count
    return total


def kinds(export: Export) -> dict[str, str]:
    return {question.number: question.kind for question in export.questions}


class TestMatrixSatisfaction:
    @pytest.fixture
    def export(self) -> Export:
        return opened("wjx_text_matrix_satisfaction_merged.xlsx")

    def test_shape(self, export: Export) -> None:
        assert (export.platform, export.mode, export.n_rows) == ("wjx", "text", 500)
        assert [*export.metadata] == ["sequence"]
        assert len(export.questions) == 23
        assert sum(len(question.columns) for question in export.questions) == 61

    def test_kinds(self, export: Export) -> None:
        matrix = {"7": 12, "9": 6, "12": 3, "13": 2, "15": 2, "16": 7, "17": 7, "18": 7}
        assert {q.number: len(q.rows) for q in export.questions if q.kind == "matrix"} == matrix
        multi = [q.number for q in export.questions if q.kind == "multi"]
        assert multi == ["8", "14", "19", "21"]
        single = [q.number for q in export.questions if q.kind == "single"]
        assert single == ["1", "2", "3", "4", "5", "6", "10", "11", "20", "22"]
        assert kinds(export)["23"] == "text"
        assert export.find(12).question.options == ("1", "2", "3", "4", "5")
        assert len(export.find(18).question.options) == 4

    def test_the_stem_is_taken_from_the_first_column(self, export: Export) -> None:
        question = export.find(17).question
        assert question.stem.startswith(
            "针对以下AI辅助社交的具体策略，请您评价其对您目前的实际应用满意度"
        )
        assert question.rows[5] == "用户回复的打分与评价"

    def test_a_restarting_ordinal_is_no_key(self, export: Export) -> None:
        ordinal = export.metadata["sequence"].astype(int)
        falls = ordinal.diff() < 0
        assert falls.sum() == 1
        assert falls.idxmax() + 1 == 356
        assert ordinal.nunique() == 360
        assert export.provenance["row"].tolist() == [*range(2, 502)]

    def test_counts(self, export: Export) -> None:
        assert counts(export, "17—逻辑拆解") == {
            "非常满意": 179,
            "满意": 167,
            "一般": 55,
            "不满意": 73,
            "非常不满意": 26,
        }
        assert counts(export, 17, "用户回复的打分与评价") == {
            "非常满意": 215,
            "满意": 113,
            "一般": 76,
            "不满意": 37,
            "非常不满意": 59,
        }
        assert (export.count(17)["base"] == 500).all()

    def test_markers(self, export: Export) -> None:
        assert markers(export) == {"(跳过)": 73, "(空)": 64, "": 145}
        assert export.count(23)["blank"].eq(64 + 145).all()
        assert export.count(22)["not_asked"].eq(73).all()


class TestScoreAndSkips:
    @pytest.fixture
    def export(self) -> Export:
        return opened("wjx_text_score_skip.xlsx")

    def test_shape(self, export: Export) -> None:
        assert (export.platform, export.mode, export.n_rows) == ("wjx", "text", 208)
        assert [*export.metadata] == ["sequence", "submitted_at", "duration", "score"]
        assert len(export.questions) == 32
        assert sum(len(question.columns) for question in export.questions) == 35
        assert sum(question.kind == "multi" for question in export.questions) == 12

    def test_skips_are_not_asked(self, export: Export) -> None:
        assert markers(export) == {"(跳过)": 590}
        no = (export.answers(6) == "否").to_numpy()
        assert no.sum() == 59
        for number in range(7, 17):
            skipped = [status == "not_asked" for status in statuses(export, number)]
            assert skipped == no.tolist()
            assert export.count(number)["base"].eq(149).all()

    def test_counts(self, export: Export) -> None:
        assert counts(export, 22, 0) == {"1": 22, "2": 8, "3": 62, "4": 83, "5": 33}
        assert len(export.find(22).question.rows) == 4
        assert counts(export, 5) == {
            "家庭供给": 165,
            "兼职/实习收入": 74,
            "奖学金/助学金": 46,
            "其他": 15,
            "助学贷款": 11,
        }

    def test_metadata(self, export: Export) -> None:
        assert export.metadata["score"].mean() == pytest.approx(19.5288, abs=5e-5)
        assert export.metadata["submitted_at"].notna().all()
        assert export.metadata["submitted_at"][1] == pd.Timestamp(2025, 7, 14, 7, 5, 34)
        assert export.metadata["duration"].notna().all()

    def test_typed_texts_are_kept_beside_the_option(self, export: Export) -> None:
        typed = sum(int(export.open_text(q).notna().sum()) for q in export.questions if not q.rows)
        assert typed == 4
        assert "〖" not in "".join(option for q in export.questions for option in q.options)


class TestOldPair:
    @pytest.fixture
    def text(self) -> Export:
        return opened("wjx_2016_text.xls")

    @pytest.fixture
    def numbered(self) -> Export:
        return opened("wjx_2016_numbered.xls")

    def test_shape(self, text: Export, numbered: Export) -> None:
        for export in (text, numbered):
            assert export.n_rows == 4
            numbers = ["1", "2", "3", "4", "7", "12", "13", "15", "37", "38", ""]
            assert [question.number for question in export.questions] == numbers
            assert export.find("请选择省份城市与地区").question.rows == ()
            rows = export.find(13).question.rows
            assert (len(rows), rows[0], rows[1], rows[-1]) == (
                17,
                "外观",
                "界面美观度",
                "GPS定位速度",
            )
            order = ["sequence", "submitted_at", "duration", "source", "source_detail"]
            assert [*export.metadata] == order
            assert next(iter(export.personal())) == "ip"
        assert (text.mode, numbered.mode) == ("text", "numbered")
        assert kinds(text)["7"] == kinds(numbered)["7"] == "text"

    def test_markers(self, text: Export, numbered: Export) -> None:
        assert markers(text) == {"(跳过)": 51}
        assert markers(numbered) == {"-3": 85, "-2": 67}

    def test_options_are_matched_to_the_last_bracket(self, numbered: Export) -> None:
        options = numbered.find(3).question.options
        assert options[0] == "实体手机卖场的广告(如国美、苏宁、永乐、迪信通等)"
        assert "手机操作界面(UI)视觉美观" in numbered.find(12).question.options

    def test_a_code_is_a_position_not_a_score(self, text: Export, numbered: Export) -> None:
        assert given(text, 15)[1] == "3分"
        assert given(numbered, 15)[1] == "4"
        assert numbered.find(15).question.coded

    def test_the_pair_gives_the_same_answers(self, text: Export, numbered: Export) -> None:
        decoded = numbered.decode(pair_exports(text, numbered))
        assert decoded.mode == "text"
        for question in text.questions:
            selector = question.number or question.stem
            assert given(decoded, selector) == given(text, selector)
            assert statuses(decoded, selector) == statuses(text, selector)
            assert key(decoded.find(selector).question.stem) == key(question.stem)

    def test_a_wrong_pair_is_refused(self, text: Export, numbered: Export) -> None:
        with pytest.raises(ReadError):
            pair_exports(numbered, text)
        with pytest.raises(ReadError):
            pair_exports(opened("wjx_text_score_skip.xlsx"), numbered)


class TestNumberedCsv:
    @pytest.fixture
    def export(self) -> Export:
        return opened("wjx_numbered_satisfaction.csv")

    def test_shape(self, export: Export) -> None:
        assert (export.platform, export.mode, export.n_rows) == ("wjx", "numbered", 21)
        assert len(export.questions) == 9
        assert sum(len(question.columns) for question in export.questions) == 18
        question = export.find(8).question
        assert (question.kind, len(question.options), question.stem) == ("multi", 10, "")
        assert question.options[0] == "内存"
        assert len(export.metadata.columns) + 1 == 6
        assert set(export.metadata["source"]) == {"微信", "手机提交"}
        assert set(export.metadata["source_detail"]) == {"N/A", "直接访问"}

    def test_direction_is_unknown_until_a_code_book_comes(self, export: Export) -> None:
        assert counts(export, 4) == {"1": 6, "2": 8, "3": 6, "4": 0, "5": 1}
        assert export.find(4).question.coded

    def test_markers_and_times(self, export: Export) -> None:
        assert markers(export) == {"(空)": 10, "": 12}
        assert export.metadata["submitted_at"][0] == pd.Timestamp(2021, 4, 26, 19, 50)
        assert export.metadata["submitted_at"].notna().all()


class TestManual:
    @pytest.fixture
    def export(self) -> Export:
        return opened("manual_merged_title_satisfaction.xlsx")

    def test_shape(self, export: Export) -> None:
        assert (export.platform, export.n_rows) == ("manual", 125)
        ordinal = export.metadata["sequence"]
        assert (ordinal.iloc[0], ordinal.iloc[-1]) == ("2", "127")
        assert export.provenance["row"].iloc[0] == 4
        stems = [question.stem for question in export.questions]
        assert stems[:2] == ["姓名", "搬迁满意度（赞成/一般/不赞成）"]
        assert stems[-1] == "其他"
        assert len(stems) == 7

    def test_counts(self, export: Export) -> None:
        assert counts(export, "搬迁满意度") == {"不赞成": 49, "一般": 44, "赞成": 32}
        filled = [int(export.answers(question).notna().sum()) for question in export.questions[2:]]
        assert filled == [115, 57, 14, 53, 5]

    def test_names_are_personal(self, export: Export) -> None:
        assert export.find("姓名").question.personal
        assert "姓名" in export.personal()

    def test_the_stray_cell_is_named(self, export: Export) -> None:
        found = [p.place for p in export.problems if p.severity == "warning"]
        assert [(place.row, place.column) for place in found] == [(3, "A")]
