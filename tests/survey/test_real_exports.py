"""Real exports through the command; their folder is named by the environment."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import survey
from survey.cli import main

FOLDER = os.environ.get("SURVEY_REPORT_EXPORTS")
pytestmark = pytest.mark.skipif(FOLDER is None, reason="SURVEY_REPORT_EXPORTS names no folder")
EXPORTS = Path(FOLDER or ".")
MATRIX = EXPORTS / "wjx_text_matrix_satisfaction_merged.xlsx"


def test_a_survey_that_knows_nothing_of_our_standard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        *(str(MATRIX), "--branch", "4", "--overall", "17—逻辑拆解", "--satisfied", "非常满意,满意"),
        *("--dimension", "演练=17—模拟演练,17—方案博弈"),
        *("--dimension", "监测=17—情感监测,17—风险防范"),
        *("--dimension", "引导=17—用户回复的打分与评价,17—下一步建议"),
        *("--out", str(tmp_path / "报告")),
    ]
    assert main(words) == 0
    said = capsys.readouterr()
    assert "读入 500 份 = 采用 500 份 + 剔除 0 份" in said.out
    assert (tmp_path / "报告" / "report.html").stat().st_size > 50_000
    record = json.loads((tmp_path / "报告" / "run.json").read_text(encoding="utf-8"))
    assert record["rows"]["used"] == 500


def test_the_counts_of_question_17() -> None:
    held = survey.read(
        MATRIX,
        branch="4",
        overall="17—逻辑拆解",
        dimensions={"打分": ["17—用户回复的打分与评价"]},
        satisfied=["非常满意", "满意"],
    )
    counts = held.responses.scores["overall"].value_counts().sort_index(ascending=False)
    assert counts.tolist() == [179, 167, 55, 73, 26]
    everyone = held.satisfaction(None).frame.iloc[0]
    assert (everyone["n_valid"], everyone["n_satisfied"]) == (500, 346)
    assert everyone["rate"] == 0.692
    items = held.responses_by_item().frame
    assert items["n"].tolist() == [215, 113, 76, 37, 59]
    assert held.satisfaction().frame["n_valid"].sum() == 500


def test_a_scale_of_digits_among_skipped_questions() -> None:
    file = EXPORTS / "wjx_text_score_skip.xlsx"
    held = survey.read(file, branch="6", overall="22—AI智能推荐券", satisfied=["4", "5"])
    assert held.n_used == 208
    everyone = held.satisfaction(None).frame.iloc[0]
    assert (everyone["n_valid"], everyone["n_satisfied"]) == (208, 33 + 83)
    with pytest.raises(survey.SurveyError, match="每人有多个答案"):
        survey.read(file, overall="22", satisfied=["4", "5"])


def test_a_hand_made_sheet() -> None:
    file = EXPORTS / "manual_merged_title_satisfaction.xlsx"
    held = survey.read(file, overall="搬迁满意度", satisfied=["赞成"])
    everyone = held.satisfaction(None).frame.iloc[0]
    assert (everyone["n_valid"], everyone["n_satisfied"]) == (125, 32)
    assert held.satisfaction().frame["branch"].tolist() == ["全部答卷"]
    assert held.findings().drivers is None


def test_a_numbered_export_is_not_rated_without_its_order(tmp_path: Path) -> None:
    file = EXPORTS / "wjx_numbered_satisfaction.csv"
    for satisfied in (["1"], ["满意"]):
        with pytest.raises(survey.SurveyError, match="不知道方向"):
            survey.read(file, overall="4", satisfied=satisfied)
    (tmp_path / "编码本.json").write_text(
        json.dumps({"4": ["非常满意", "满意", "一般", "不满意", "非常不满意"]}), encoding="utf-8"
    )
    held = survey.read(
        file, overall="4", satisfied=["非常满意", "满意"], codebook=tmp_path / "编码本.json"
    )
    everyone = held.satisfaction(None).frame.iloc[0]
    assert (everyone["n_valid"], everyone["n_satisfied"]) == (21, 14)
    stated = survey.read(file, overall="4", satisfied=["1", "2"], ladder=list("12345"))
    assert stated.satisfaction(None).frame["n_satisfied"].tolist() == [14]


def test_both_downloads_of_one_survey_agree() -> None:
    text, numbered = EXPORTS / "wjx_2016_text.xls", EXPORTS / "wjx_2016_numbered.xls"
    book = survey.pair_exports(survey.open_export(text), survey.open_export(numbered))
    given = {"overall": "15", "satisfied": ["9分", "10分"]}
    ladder = [f"{score}分" for score in range(10, -1, -1)]
    one = survey.read(text, ladder=ladder, **given)  # type: ignore[arg-type]
    other = survey.read(numbered, ladder=ladder, codebook=book, **given)  # type: ignore[arg-type]
    assert one.responses.scores.equals(other.responses.scores)
    assert one.responses.status.equals(other.responses.status)


def test_another_survey_is_refused_as_the_standard(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(MATRIX), "--out", "nowhere"]) == 3
    assert "没有一道题目对得上" in capsys.readouterr().err
