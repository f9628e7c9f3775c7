from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import survey
from survey import provenance
from tests.survey import offices


def test_the_record_of_a_run(tmp_path: Path) -> None:
    folder = tmp_path / "某某处的文件夹"
    folder.mkdir()
    rows = [("甲", "王玥", "满意")] * 8 + [("", "李堃", "满意")]
    export = offices.export(folder / "导出.csv", rows, questions=("支部", "姓名", "总体"))
    roster = offices.roster(folder / "名册.csv", {"甲": 12})
    held = survey.read(export, roster=roster, branch="1", overall="总体", satisfied=["满意"])
    text = json.dumps(provenance.record(held.findings(seed=7), language="zh"), ensure_ascii=False)
    record = json.loads(text)
    assert record["rows"] == {
        "read": 9,
        "used": 8,
        "removed": {"branch_missing": 1},
        "flagged": {},
    }
    assert record["options"]["seed"] == 7
    assert record["options"]["bar"] == "0.9"
    assert record["options"]["satisfied"] == ["满意"]
    assert record["options"]["columns"] == {"branch": "1、支部", "overall": "3、总体"}
    assert record["options"]["rules"]["exact_double"] == "remove"
    assert {file["file"] for file in record["files"]} == {"导出.csv", "名册.csv"}
    assert record["files"][0]["sha256"] == hashlib.sha256(export.read_bytes()).hexdigest()
    assert record["versions"]["python"]
    for personal in ("王玥", "李堃", "某某处", "192.0.2"):
        assert personal not in text


def _asked(folder: Path, **answers: tuple[int, int]) -> survey.Survey:
    """Give a survey of branches with so many satisfied and dissatisfied answers."""
    counts = {
        (branch, "群众", said): n
        for branch, both in answers.items()
        for said, n in zip(("满意", "不满意"), both, strict=True)
    }
    offices.short(folder / "导出.csv", counts)
    return survey.read(folder / "导出.csv", questionnaire=offices.SHORT)


BEFORE = {"甲": (12, 3), "乙": (9, 2)}


@pytest.mark.usefixtures("page_only")
@pytest.mark.parametrize(
    ("now", "where"),
    [
        ({"甲": (13, 3)}, "3 处公布的人数（如甲）"),
        ({"甲": (12, 7)}, "3 处公布的人数（如甲）"),
        ({"甲": (11, 4)}, "3 处公布的人数（如甲）"),  # one answer for another
        ({"丙": (1, 0)}, "1 处公布的人数（如全体）"),  # of a branch without figures
    ],
)
def test_a_few_answers_between_two_reports_are_told(
    tmp_path: Path, now: dict[str, tuple[int, int]], where: str
) -> None:
    _asked(tmp_path, **BEFORE).report(tmp_path / "报告")
    held = _asked(tmp_path, **(BEFORE | now))
    with pytest.warns(UserWarning, match=where):
        held.report(tmp_path / "报告", force=True)


def test_as_many_or_many_more_need_no_word(tmp_path: Path) -> None:
    def record(**answers: tuple[int, int]) -> dict[str, dict[str, object]]:
        return {"": provenance.record(_asked(tmp_path, **answers).findings(), language="zh")}

    before = record(**BEFORE)
    assert provenance.near(before, before) is None
    assert provenance.near(before, record(**BEFORE | {"甲": (17, 3)})) is None
    after = record(**BEFORE | {"甲": (13, 3)})
    assert provenance.near(before, after) is not None
    for answers in ([3], None, {"branch: 甲": "15"}, {"branch: 甲": [15]}, {"branch: 甲": None}):
        by_hand = {"": {**before[""], "answers": answers}}
        assert provenance.near(by_hand, after) is None
    assert provenance.near({"": {**before[""], "questionnaire": "another"}}, after) is None
    assert provenance.near({}, after) is provenance.near({"": {}}, after) is None


def test_a_record_tells_published_figures_alone(tmp_path: Path) -> None:
    found = _asked(tmp_path, **BEFORE, 丙=(3, 1)).findings()
    told = provenance.record(found, language="zh")["answers"]
    assert isinstance(told, dict)
    assert told["branch: 甲"] == [15, 12]
    assert "branch: 丙" not in told


def test_files_left_out_are_in_the_audit(tmp_path: Path) -> None:
    offices.short(tmp_path / "a.csv", {("甲", "群众", "满意"): 8})
    (tmp_path / "b.csv").write_bytes(b"")
    held = survey.read(tmp_path, questionnaire=offices.SHORT, skip_bad_files=True)
    line = held.audit[held.audit["rule"] == "bad_file"]
    assert line["file"].tolist() == ["b.csv"]
    assert line["zh"].iloc[0]
    assert held.files["kind"].tolist() == ["export", "skipped"]


def test_namesakes_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    for folder, answer in (("甲", "满意"), ("乙", "不满意")):
        (tmp_path / folder).mkdir()
        offices.short(tmp_path / folder / "导出.csv", {(folder, "群众", answer): 8})
    folders = [tmp_path / "甲", tmp_path / "乙"]
    held = survey.read(folders, questionnaire=offices.SHORT)
    names = ["甲/导出.csv", "乙/导出.csv"]
    assert held.files["file"].tolist() == names
    assert held.responses.people["file"].unique().tolist() == names
    assert set(held.audit["file"]) <= set(names)
    (tmp_path / "乙" / "导出.csv").write_bytes(b"")
    with pytest.raises(survey.SurveyError, match=r"文件 乙/导出\.csv"):
        survey.read(folders, questionnaire=offices.SHORT)
    held = survey.read(folders, questionnaire=offices.SHORT, skip_bad_files=True)
    assert held.audit.loc[held.audit["rule"] == "bad_file", "file"].tolist() == ["乙/导出.csv"]


def test_namesakes_are_told_apart_where_answers_left_out_are_counted(tmp_path: Path) -> None:
    for folder, answer in (("甲", "满意"), ("乙", "不满意")):
        (tmp_path / folder).mkdir()
        counts = {(folder, "群众", answer): 8, (folder, "群众", "不了解"): 2}
        offices.short(tmp_path / folder / "导出.csv", counts)
    held = survey.read(
        [tmp_path / "甲", tmp_path / "乙"], branch="1", overall="3", satisfied=["满意"]
    )
    texts = [zh for zh in held.audit["zh"] if "按不适用处理" in zh]
    assert [text.split("：")[0] for text in texts] == ["文件 甲/导出.csv", "文件 乙/导出.csv"]


def test_a_download_laid_into_two_folders_is_counted_once(tmp_path: Path) -> None:
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        offices.short(tmp_path / folder / "导出.csv", {("甲", "群众", "满意"): 8})
    held = survey.read([tmp_path / "甲", tmp_path / "乙"], questionnaire=offices.SHORT)
    assert (held.n_read, held.n_used) == (8, 8)
    (copy,) = held.audit[held.audit["zh"].str.contains("逐字节相同", na=False)].itertuples()
    assert (copy.file, "甲/导出.csv" in copy.zh) == ("乙/导出.csv", True)


def test_what_was_passed_over_is_in_the_audit(tmp_path: Path) -> None:
    offices.short(tmp_path / "a.csv", {("甲", "群众", "满意"): 8})
    roster = offices.roster(tmp_path / "名册.csv", {"甲": 12})
    for name in ("说明.docx", "~$a.xlsx", ".DS_Store", "表.zip"):
        (tmp_path / name).write_bytes(b"x")
    held = survey.read(tmp_path, roster=roster, questionnaire=offices.SHORT)
    passed = held.audit[held.audit["zh"].str.contains("不是可以读取的种类")]
    assert passed["file"].tolist() == ["表.zip", "说明.docx"]
    assert set(passed["action"]) == {"note"}
    assert [zh for zh, _ in held.notices if "表.zip" in zh]
    assert not [zh for zh, _ in held.notices if "说明.docx" in zh]
    checked = survey.check(tmp_path / "a.csv", questionnaire=offices.SHORT)
    assert not [p for p in checked.exports[0].problems if "没有读取" in p.zh]


def test_a_code_book_that_is_not_needed_is_said(tmp_path: Path) -> None:
    file = offices.short(tmp_path / "a.csv", {("甲", "群众", "满意"): 8})
    book = survey.CodeBook.from_mapping({"3": ["满意", "不满意"]})
    held = survey.read(file, questionnaire=offices.SHORT, codebook=book)
    assert held.audit["zh"].str.contains("没有用到编码本").sum() == 1
