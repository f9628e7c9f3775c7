"""Texts from outside that may name a person: roles, branches, files; and a branch of one."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import survey
from survey.errors import SurveyError
from tests.survey import offices
from tests.survey.estimation.test_satisfaction import MEMBER, NO, STAFF, YES


def everything(folder: Path) -> str:
    """Give the texts of the page, the record and the workbook."""
    texts = [
        file.read_text(encoding="utf-8")
        for file in folder.rglob("*")
        if file.suffix in (".html", ".json", ".svg")
    ]
    for file in folder.rglob("*.xlsx"):
        book = openpyxl.load_workbook(file)
        texts += [str(value) for sheet in book for row in sheet.values for value in row]
    return "\n".join(texts)


def test_a_role_that_is_not_understood_is_counted_and_not_quoted(tmp_path: Path) -> None:
    counts = {(f"支部{i}", role, YES): 8 for i in range(4) for role in (MEMBER, STAFF)}
    counts |= {("支部0", "我是张伟国 13812345678", NO): 1, ("支部1", "李晓明", YES): 1}
    counts |= {("支部2", "校友", YES): 6}
    export = offices.short(tmp_path / "导出.csv", counts)
    held = survey.read(export, questionnaire=offices.SHORT)
    (note,) = [zh for zh, _ in held.notices if "不认识的身份" in zh]
    assert note == "不认识的身份：“校友”（6 份）、另有 2 份（2 种写法，各不足 5 份，不列出）。"
    text = everything(held.report(tmp_path / "报告"))
    assert "张伟国" not in text
    assert "李晓明" not in text
    assert "13812345678" not in text


def test_names_typed_freely_and_names_of_files_are_masked(tmp_path: Path) -> None:
    counts = {("机械支部 13812345678", MEMBER, YES): 8, ("电气支部", MEMBER, NO): 9}
    export = offices.short(tmp_path / "王老师 13900001111.csv", counts)
    held = survey.read(export, questionnaire=offices.SHORT)
    assert set(held.branches) == {"机械支部 【手机号】", "电气支部"}
    text = everything(held.report(tmp_path / "报告"))
    assert "13812345678" not in text
    assert "13900001111" not in text


def test_a_branch_of_one_does_not_tell_what_its_member_left_open(tmp_path: Path) -> None:
    counts = {(f"支部{i}", MEMBER, YES): 9 for i in range(4)} | {("孤", MEMBER, "不了解"): 1}
    sizes = {**{f"支部{i}": 12 for i in range(4)}, "孤": 1}
    export = offices.short(tmp_path / "a.csv", counts)
    roster = offices.roster(tmp_path / "r.csv", sizes)
    held = survey.read(export, roster=roster, questionnaire=offices.SHORT)
    row = held.published()["branch",].frame.set_index("branch").loc["孤"]
    statuses = ["n_responses", "n_missing", "n_not_asked", "n_not_applicable"]
    assert row[statuses].isna().all()
    assert row["n_valid"] == 0


@pytest.mark.parametrize("typed", ["赵铁柱", "其他（赵铁柱）", "赵铁柱13912345678", "其他:欧阳锋"])
def test_no_message_quotes_what_may_be_a_name(tmp_path: Path, typed: str) -> None:
    answers = [("甲支部", "学生党员", "满意")] * 9 + [(typed, typed, "基本满意")]
    made = offices.export(tmp_path / "导出.csv", answers)
    secrets = ("赵铁柱", "13912345678", "欧阳锋")
    roster = offices.roster(tmp_path / "名册.csv", {"甲支部": 20, "乙支部": 5})
    with pytest.raises(SurveyError) as raised:
        survey.read(made, roster=roster, questionnaire=offices.SHORT)
    held = survey.read(made, questionnaire=offices.SHORT)
    understood = survey.check(made, roster=roster, questionnaire=offices.SHORT)
    told = [
        *(raised.value.text("zh"), raised.value.text("en"), understood.text("zh")),
        *(f"{point.shown.zh}{point.why.zh}" for point in understood.points),
        *(zh + en for zh, en in held.notices),
        " ".join(held.branches),
    ]
    assert not [text for text in told for secret in secrets if secret in text]
