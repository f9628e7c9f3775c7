"""Open answers: counted by keywords under their own threshold, quoted only masked and reviewed."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import questionnaires
import survey
from survey.errors import ReadError
from survey.estimation import comments
from survey.results import Comments
from survey.workflow import reviewing

ASKED = questionnaires.load("jiangsu-2014")


def counted(*texts: str, **options: object) -> Comments:
    found = comments(pd.Series(texts), ASKED, **options)  # type: ignore[arg-type]
    assert found is not None
    return found


def n_of(found: Comments, title: str) -> int | None:
    (n,) = found.frame.loc[found.frame["title"] == title, "n"]
    return None if pd.isna(n) else int(n)


def test_every_indicator_of_the_standard_has_keywords_of_its_own() -> None:
    indicators = [i for d in ASKED.dimensions for i in d.indicators]
    assert all(indicator.keywords for indicator in indicators)
    words = [word for indicator in indicators for word in indicator.keywords]
    assert len(words) == len(set(words))


def test_a_comment_counts_once_for_a_dimension_and_for_each_of_its_indicators() -> None:
    found = counted(*["网站太慢，活动室太小"] * 11, *["继续保持"] * 12)
    assert (found.n, n_of(found, "服务阵地")) == (23, 11)
    assert (n_of(found, "党员活动中心"), n_of(found, "网络阵地")) == (11, 11)


def test_counts_under_the_threshold_are_hidden_and_not_to_be_subtracted() -> None:
    found = counted(*["网站太慢"] * 20, *["活动室太小"] * 12, *["窗口难找"] * 9)
    assert n_of(found, "示范服务窗口") is None
    # the dimension's count less the shown indicators' would be the hidden one
    assert [n_of(found, title) for title in ("党员活动中心", "网络阵地")].count(None) == 1


def test_too_few_comments_are_neither_counted_nor_quoted() -> None:
    found = counted(*["网站太慢"] * 9, quotes=True)
    assert found.n is None
    assert found.quotes is None
    assert found.frame["n"].isna().all()
    assert comments(pd.Series(dtype="str"), ASKED) is None


def test_a_questionnaire_without_keywords_has_its_comments_counted_and_quoted() -> None:
    short = questionnaires.load("jiangsu-2014-short")
    found = comments(pd.Series(["网站太慢"] * 12), short, quotes=True)
    assert found is not None
    assert found.quotes is not None
    assert (found.n, len(found.frame), found.quotes["text"].tolist()) == (12, 0, ["网站太慢"])


def test_names_of_staff_and_branches_are_masked() -> None:
    texts = ["机械支部的端木晴办事认真", "请辅导员张伟国多来宿舍", "李堃（学号202300000123）说得对"]
    found = counted(*texts * 4, quotes=True, known={"端木晴", "机械支部"})
    assert found.quotes is not None
    said = "\n".join(found.quotes["text"])
    assert not re.search("端木晴|机械支部|张伟国|李堃|2023", said)
    assert "办事认真" in said


def test_the_order_and_number_of_quotations_tell_nothing_of_rows() -> None:
    texts = [f"建议 {i % 7}" for i in range(30)]
    shuffled = np.random.default_rng(1).permutation(texts)
    one, other = (counted(*given, quotes=True).quotes for given in (texts, shuffled))
    assert one is not None
    assert one.equals(other)
    assert len(one) == 7
    assert set(one) == {"text", "theme", "theme_en", "kept"}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> survey.Survey:
    made = survey.simulate(tmp_path_factory.mktemp("a"), n_branches=30, seed=2)
    return survey.read(made.export, roster=made.roster)


def fill(path: Path, decide: dict[str, str]) -> None:
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows(min_row=3):
        for part, decision in decide.items():
            if part in str(row[0].value):
                row[2].value = decision
    book.save(path)


@pytest.mark.usefixtures("page_only")
def test_a_review_strikes_quotations_out(
    held: survey.Survey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "评论审阅.xlsx"
    first = held.report(tmp_path / "一", comments="quotes", review=sheet)
    page = (first / "report.html").read_text(encoding="utf-8")
    # whoever names a sheet wants to see the quotations first
    assert "空调" not in page
    assert "未经审阅，不列出" in page
    unread = held.report(tmp_path / "零", comments="quotes")
    assert "未经人工审阅" in (unread / "report.html").read_text(encoding="utf-8")
    fill(sheet, {"空调": "删去", "网站": "公开", "流程": "公开"})
    monkeypatch.undo()  # what is quoted stands in every file
    second = held.report(tmp_path / "二", comments="quotes", review=sheet)
    page = (second / "report.html").read_text(encoding="utf-8")
    table = page[page.index('id="table-quotes"') :]
    table = table[: table.index("</table>")]
    assert "网站更新太慢" in table
    assert "同一份材料交了三次" in table
    assert "空调" not in table
    assert "公开 2 条" in page.replace("\u00a0", " ")
    assert "未经审阅，不列出" in page
    # what a person filled in is not written over
    assert len(reviewing.decisions(sheet)) == 3
    assert sum(reviewing.decisions(sheet).values()) == 2


def test_a_decision_that_is_none_is_named_by_its_cell(held: survey.Survey, tmp_path: Path) -> None:
    sheet = tmp_path / "审.xlsx"
    reviewing.offer(held.comments(quotes=True), sheet)
    fill(sheet, {"空调": "也许"})
    with pytest.raises(ReadError, match=r"C\d.*也许"):
        held.comments(quotes=True, review=sheet)


@pytest.mark.usefixtures("page_only")
def test_quotations_stand_only_where_they_are_asked_for(
    held: survey.Survey, tmp_path: Path
) -> None:
    for show, expected in (("none", False), ("counts", False)):
        folder = held.report(tmp_path / show, comments=show)  # type: ignore[arg-type]
        page = (folder / "report.html").read_text(encoding="utf-8")
        assert ("反映的空调问题" in page) is expected
        assert ('id="table-comments"' in page) is (show == "counts")


def test_a_part_has_no_comments_and_aliases_leave_no_names(held: survey.Survey) -> None:
    part = held.filter(branch=held.branches[:5])
    assert part.comments(quotes=True) is None
    named = pd.Series([f"{held.branches[0]}很好"] * 12)
    written = dataclasses.replace(held, responses=dataclasses.replace(held.responses, texts=named))
    found = written.anonymise().comments(quotes=True)
    assert found is not None
    assert found.quotes is not None
    assert held.branches[0] not in "".join(found.quotes["text"])


def test_names_come_from_a_file(held: survey.Survey, tmp_path: Path) -> None:
    staff = tmp_path / "名单.csv"
    staff.write_text("姓名,单位\n堃玥,机械\n", encoding="utf-8")
    assert "堃玥" in reviewing.names(staff)
