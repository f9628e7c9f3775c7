from __future__ import annotations

import csv
import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd
import pytest

import survey
from survey import report
from survey.cli import main
from survey.output import sha256
from survey.results import Findings
from survey.understanding import load_decisions
from tests.survey import offices
from tests.survey.offices import MEMBER, SHORT, STAFF

YES, NO = "满意", "不满意"
COUNTS = {
    ("甲", MEMBER, YES): 20,
    ("甲", STAFF, NO): 6,
    ("乙", MEMBER, YES): 12,
    ("乙", STAFF, YES): 9,
    ("", STAFF, YES): 2,
}


class Said(NamedTuple):
    code: int
    out: str
    err: str


class Office:
    """A folder with an export and a roster, and the command run in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.export = str(offices.short(folder / "导出 2025.csv", COUNTS))
        self.roster = str(offices.roster(folder / "名册.csv", {"甲": 40, "乙": 30}))

    def run(self, *words: object) -> Said:
        code = main([str(word) for word in words])
        said = self._capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(code, said.out, said.err)

    def report(self, *words: object, out: str = "报 告") -> Said:
        given = [self.export, "--questionnaire", SHORT, "--roster", self.roster]
        return self.run(*given, "--out", self.folder / out, *words)

    def entries(self) -> list[str]:
        return sorted(entry.name for entry in self.folder.iterdir())


@pytest.fixture
def whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """An office whose reports are written in full."""
    folder = tmp_path / "支部 满意度"
    folder.mkdir()
    return Office(folder, capsys)


@pytest.fixture
def office(whole: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose reports are one line, where the report itself is not what is tested."""

    def write(findings: Findings, folder: Path, **_: object) -> None:
        (folder / "report.html").write_text(findings.title, encoding="utf-8")

    monkeypatch.setattr(report, "write", write)
    return whole


def test_the_main_job(whole: Office) -> None:
    said = whole.report("--timings")
    assert said.code == 0
    assert said.err == ""
    assert "答卷：读入 49 份 = 采用 47 份 + 剔除 2 份（没有填写支部 2）" in said.out
    assert "支部（2 个）" in said.out
    assert "读取文件" in said.out
    place = whole.folder / "报 告"
    assert {"report.html", "report.docx", "results.xlsx", "charts", "run.json"} <= {
        entry.name for entry in place.iterdir()
    }
    assert whole.entries() == ["名册.csv", "导出 2025.csv", "报 告"]
    record = json.loads((place / "run.json").read_text(encoding="utf-8"))
    assert record["rows"] == {
        "read": 49,
        "used": 47,
        "removed": {"branch_missing": 2},
        "flagged": record["rows"]["flagged"],
    }


def test_in_english_quietly_and_again_by_force(office: Office) -> None:
    assert office.report("--language", "en").out.startswith("Rows: 49 read = 47 used + 2 removed")
    again = office.report("--language", "en")
    assert again.code == 4
    assert again.err.startswith("Error: ")
    assert "--force" in again.err
    quiet = office.report("--force", "--quiet")
    assert quiet == (0, "", "")


def test_anonymous_branches_reach_no_file(whole: Office) -> None:
    whole.export = str(
        offices.short(
            whole.folder / "导出 2025.csv",
            {("秘密学院", MEMBER, YES): 20, ("另一学院", MEMBER, YES): 12},
        )
    )
    whole.roster = str(offices.roster(whole.folder / "名册.csv", {"秘密学院": 40, "另一学院": 30}))
    said = whole.report("--anonymous-branches")
    assert said.code == 0
    assert "编号对照（不写入报告）" in said.out
    assert "秘密学院" in said.out
    for file in (whole.folder / "报 告").rglob("*"):
        if file.suffix in (".html", ".json", ".svg"):
            assert "秘密学院" not in file.read_text(encoding="utf-8")
    book = openpyxl.load_workbook(whole.folder / "报 告" / "results.xlsx")
    cells = [str(value) for sheet in book for row in sheet.values for value in row]
    assert not any("秘密学院" in cell for cell in cells)
    assert any("支部 1" in cell for cell in cells)
    key = whole.folder / "对照.csv"
    said = whole.report("--anonymous-branches", "--key", str(key), "--force")
    assert said.code == 0, said.err
    assert set(pd.read_csv(key)["支部"]) == {"秘密学院", "另一学院"}
    assert whole.report("--key", str(key), "--force").code == 2
    inside = str(whole.folder / "报 告" / "对照.csv")
    assert whole.report("--anonymous-branches", "--key", inside, "--force").code == 2


def test_several_files_folders_and_bad_ones(office: Office) -> None:
    folder = office.folder / "各院"
    folder.mkdir()
    offices.short(folder / "丙.csv", {("丙", MEMBER, YES): 8})
    (folder / "坏.xlsx").write_bytes(b"not a workbook")
    office.roster = str(offices.roster(folder / "名册.csv", {"甲": 40, "乙": 30, "丙": 9}))
    refused = office.report(folder)
    assert refused.code == 3
    assert "坏.xlsx" in refused.err
    said = office.report(folder, "--skip-bad-files")
    assert said.code == 0
    assert "读入 57 份" in said.out


def test_windows_and_rules(office: Office) -> None:
    (office.folder / "规则.toml").write_text('[branch_missing]\naction = "flag"', encoding="utf-8")
    said = office.report("--rules", office.folder / "规则.toml", "--until", "2025-11-30")
    assert "采用 49 份" in said.out
    none = office.report("--since", "2026-01-01", "--force")
    assert none.code == 3
    assert "全部被剔除（不在调查时间内 47、没有填写支部 2）" in none.err or "全部被剔除" in none.err
    assert office.report("--since", "去年", "--force").code == 2


def test_named_columns(office: Office) -> None:
    given = [office.export, "--branch", "1", "--overall", "3", "--satisfied", "满意，基本满意"]
    said = office.run(*given, "--bar", "80%", "--out", office.folder / "r")
    assert said.code == 0
    assert "没有名册" in said.out
    record = json.loads((office.folder / "r" / "run.json").read_text(encoding="utf-8"))
    assert record["options"]["bar"] == "0.8"
    assert office.run(office.export, "--overall", "3", "--out", office.folder / "r2").code == 3
    wrong = office.run(*given, "--dimension", "无列", "--out", office.folder / "r2")
    assert wrong.code == 2
    assert "名称=列,列" in wrong.err


def test_headers_with_commas_and_answers_that_say_nothing(office: Office) -> None:
    answers = [("甲", "满意", "满意", "一般"), ("甲", "未参加", "未参加", "满意")]
    file = offices.export(
        office.folder / "自己的.csv",
        [*answers * 6, *[("甲", "不满意", "不满意", "不满意")] * 6],
        questions=("支部", "总体", "热情，周到", "窗口"),
    )
    given = [file, "--branch", "1", "--overall", "2", "--satisfied", "满意"]
    given += ["--dimension", "服务=“热情，周到”,窗口", "--out", office.folder / "自"]
    refused = office.run(*given)
    assert refused.code == 3
    assert "--not-applicable" in refused.err
    assert office.run(*given, "--not-applicable", "未参加").code == 0
    checked = office.run("check", *given[:-2], "--not-applicable", "未参加")
    assert checked.code == 0
    assert "→ q01" in checked.out
    assert "→ q02" in checked.out


def test_the_demo_lays_its_data_beside_the_report(office: Office) -> None:
    said = office.run("demo", "--branches", "5", "--out", office.folder / "演示", "--seed", "3")
    assert said.code == 0
    data = office.folder / "演示" / "模拟数据"
    files = {file.name for file in data.iterdir()}
    assert files >= {"导出.xlsx", "名册.xlsx"}
    held = survey.read(data / "导出.xlsx", roster=data / "名册.xlsx")
    assert f"读入 {held.n_read} 份" in said.out
    assert office.run("demo", "--out", office.folder / "演示").code == 4


def bad_files(folder: Path) -> dict[str, list[str]]:
    """Inputs that must be refused, and a piece of what must be said."""
    (folder / "空文件夹").mkdir()
    (folder / "空.csv").write_bytes(b"")
    openpyxl.Workbook().save(folder / "空.xlsx")
    book = openpyxl.Workbook()
    book.worksheets[0].append(["序号", "1、支部", f"2、{offices.OVERALL}"])
    for i in range(6):
        book.worksheets[0].append([i, "甲", YES])
    book.save(folder / "有.xlsx")
    offices.export(folder / "无支部.csv", [(YES,)] * 6, questions=(offices.OVERALL,))
    offices.short(folder / "怪答案.csv", {("甲", MEMBER, "还凑合"): 6})
    return {
        "没有.xlsx": ["没有.xlsx"],
        "空文件夹": ["没有 xlsx"],
        "空.csv": ["空.csv"],
        "空.xlsx": ["空.xlsx"],
        "无支部.csv": ["branch", "没有对应的列"],
        "怪答案.csv": ["“还凑合”（6 次）", "怪答案.csv"],
    }


def test_bad_inputs_are_refused_in_one_message_and_leave_nothing(office: Office) -> None:
    cases = bad_files(office.folder)
    before = office.entries()
    for name, pieces in cases.items():
        said = office.run(
            office.folder / name, "--questionnaire", SHORT, "--out", office.folder / "r"
        )
        assert said.code == 3, name
        assert said.out == ""
        assert said.err.startswith("错误：")
        assert said.err.count("错误：") == 1
        for piece in pieces:
            assert piece in said.err, (name, said.err)
        assert office.entries() == before


def test_a_wrong_sheet_names_those_there_are(office: Office) -> None:
    bad_files(office.folder)
    said = office.run(
        office.folder / "有.xlsx",
        "--sheet",
        "没有",
        "--out",
        office.folder / "r",
        "--questionnaire",
        SHORT,
    )
    assert said.code == 3
    assert "没有" in said.err
    assert "Sheet" in said.err


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("支部", "人数"), ("甲", 40)], "名册中没有这些支部：“乙”（21 份）"),
        ([("支部", "人数"), ("甲", 25), ("乙", 30)], "名册上只有 25 人"),
        ([("单位", "人数"), ("甲", 25)], "找不到“支部”"),
        ([("支部", "人数"), ("甲", "四十"), ("乙", 30)], "不是非负整数"),
    ],
)
def test_rosters_that_do_not_fit(office: Office, rows: list[tuple[str, object]], said: str) -> None:
    office.roster = str(offices.write_csv(office.folder / "名册.csv", rows))
    before = office.entries()
    refused = office.report()
    assert refused.code == 3
    assert said in refused.err
    assert office.entries() == before


def test_unknown_branches_may_be_left_out(office: Office) -> None:
    office.roster = str(offices.roster(office.folder / "名册.csv", {"甲": 40}))
    said = office.report("--allow-unknown-branches")
    assert said.code == 0
    assert "名册中没有该支部 21" in said.out


def test_a_missing_roster(office: Office) -> None:
    office.roster = str(office.folder / "无.xlsx")
    assert office.report().code == 3


@pytest.mark.parametrize("out", ["导出 2025.csv", "导出 2025.csv/里面"])
def test_places_that_cannot_be_written(office: Office, out: str) -> None:
    before = office.entries()
    said = office.report(out=out)
    assert said.code == 4
    assert said.err.startswith("错误：")
    assert office.entries() == before


def test_a_folder_of_other_files_is_left_alone(office: Office) -> None:
    said = office.run(office.export, "--out", office.folder, "--force")
    assert said.code == 4
    assert "导出 2025.csv”就在输出位置" in said.err


def test_a_fault_while_writing_leaves_no_half_report(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from survey import provenance

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(provenance, "record", full)
    before = office.entries()
    said = office.report()
    assert said.code == 4
    assert "No space left on device" in said.err
    assert office.entries() == before


def test_an_interruption(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from survey import provenance

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(provenance, "record", interrupt)
    before = office.entries()
    said = office.report()
    assert said.code == 130
    assert "已中断" in said.err
    assert office.entries() == before


@pytest.mark.parametrize("suffix", [".xlsx", ".toml"])
def test_check_and_the_sheet_to_confirm(office: Office, suffix: str) -> None:
    said = office.run("check", office.export, "--questionnaire", SHORT)
    assert said.code == 0
    assert "→ branch" in said.out
    sheet = office.folder / f"确认表{suffix}"
    words = ["check", office.export, "--questionnaire", SHORT, "--write", sheet]
    said = office.run(*words)
    assert said.code == 0
    assert "有 0 处要确认" in said.out
    kept = load_decisions(sheet)
    assert office.run(*words).code == 4
    assert office.run(*words, "--force").code == 0
    assert load_decisions(sheet) == kept
    assert office.report("--confirm", sheet).code == 0


def test_what_was_said_to_the_check_is_said_to_the_report(office: Office) -> None:
    rows = pd.read_csv(office.roster).assign(学院="理学院")
    rows.to_csv(office.roster, index=False)
    options = ["--questionnaire", SHORT, "--roster", office.roster]
    options += ["--keep", "学院", "--min-cell", "6"]
    sheet, folder = office.folder / "确认表.xlsx", office.folder / "survey-report.toml"
    said = office.run("check", office.export, *options, f"--write={sheet}", "--force")
    given = list(map(str, [office.export, *options, "--confirm", sheet]))
    assert shlex.split(said.out.splitlines()[-1]) == ["survey-report", *given]
    # a folder has no other options than what its file holds, nor has a sheet
    assert office.run("check", office.export, *options, "--write", folder).code == 0
    alone = survey.read(office.export, roster=office.roster, confirm=sheet)
    for held in (survey.read(office.folder), alone):
        assert held.min_cell == 6
        assert held.questionnaire.id == SHORT
        assert held.groupings == ("学院",)


def test_check_of_several_files_names_every_fault(office: Office) -> None:
    for name, n in (("一.csv", 6), ("二.csv", 7)):
        offices.short(office.folder / name, {("甲", MEMBER, "还凑合"): n})
    said = office.run(
        "check",
        office.export,
        office.folder / "一.csv",
        office.folder / "二.csv",
        "--questionnaire",
        SHORT,
    )
    assert said.code == 3
    assert "有 2 处不能读入" in said.err
    assert "一.csv" in said.err
    assert "二.csv" in said.err
    quiet = office.run("check", office.export, "--questionnaire", SHORT, "--quiet")
    assert quiet == (0, "", "")


def test_plan(office: Office) -> None:
    said = office.run("plan", "--roster", office.roster)
    assert said.code == 0
    assert "甲" in said.out
    place = office.folder / "计划.xlsx"
    said = office.run("plan", "--roster", office.roster, "--out", place)
    assert said.code == 0
    assert said.out.splitlines()[-1] == f"已写出：{place}"
    sheet = openpyxl.load_workbook(place).worksheets[0]
    assert [cell.value for cell in sheet[2]][:3] == ["甲", 40, 36]
    assert sheet.cell(2, 4).number_format == "0.0%"
    assert office.run("plan", "--roster", office.roster, "--out", place).code == 4
    assert office.run("plan", "--roster", office.roster, "--out", place, "--force").code == 0
    assert office.run("plan", "--roster", office.roster, "--out", "计划.docx").code == 2
    assert office.run("plan", "--roster", office.roster, "--bar", "九成").code == 2
    said = office.run("plan", "--roster", office.roster, "--suppose", "97%，0.85")
    assert "97.0%" in said.out
    assert "95.0%" not in said.out
    assert office.run("plan", "--roster", office.roster, "--suppose", "0.97,九成").code == 2
    assert "第几次查看" in office.run("plan", "--roster", office.roster, "--looks", "0.5,0.8").out
    assert office.run("plan", "--roster", office.roster, "--looks", "0.8,0.5").code == 2


def test_the_analysis_plan_is_fixed_before_the_answers(office: Office) -> None:
    said = office.run("plan", "--analysis", "--roster", office.roster, "--bar", "0.85")
    assert said.code == 0
    assert "标准 85%" in said.out
    assert sha256(office.roster) in said.out
    assert "只在截止后看一次" in said.out
    place = office.folder / "计划.txt"
    looked = ("plan", "--analysis", "--roster", office.roster, "--looks", "0.4,0.8", "--out", place)
    assert office.run(*looked).out.count("已写出：") == 1
    assert "收到 40%、80% 时各看一次" in place.read_text(encoding="utf-8-sig")
    told = office.run(*looked[:-2], "--language", "en").out
    assert "looked at when 40%, 80% have answered" in told
    assert "5 valid answers" in told
    assert office.run(*looked[:-1], "计划.xlsx").code == 2


def test_progress_says_whom_to_remind_and_nothing_of_satisfaction(office: Office) -> None:
    words = ["progress", office.export, "--roster", office.roster, "--questionnaire", SHORT]
    said = office.run(*words, "--reply-rate", "0.5")
    assert said.code == 0
    assert "建议提醒人数" in said.out
    assert "现在预计可判定" in said.out
    assert "满意人数" not in said.out
    assert "达标" not in said.out
    place = office.folder / "进度.xlsx"
    assert office.run(*words, "--out", place).out.splitlines()[-1] == f"已写出：{place}"
    assert office.run(*words, "--out", place, "--force", "--quiet").out == ""
    assert len(openpyxl.load_workbook(place).worksheets) >= 2
    assert office.run(*words, "--out", "进度.csv").code == 2
    assert office.run("progress", office.export, "--questionnaire", SHORT).code == 2


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_name_that_looks_like_a_formula_stays_a_text(office: Office, suffix: str) -> None:
    office.roster = str(offices.roster(office.folder / "名册.csv", {"=HYPERLINK(1)": 40, "乙": 30}))
    place = office.folder / f"p.{suffix}"
    assert office.run("plan", "--roster", office.roster, "--out", place).code == 0
    if suffix == "csv":
        assert "\r\n'=HYPERLINK" in place.read_bytes().decode("utf-8-sig")
    else:
        cell = openpyxl.load_workbook(place).worksheets[0].cell(2, 1)
        assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_questionnaire(office: Office) -> None:
    assert "jiangsu-2014" in office.run("questionnaire").out
    text = office.run("questionnaire", SHORT, "--roster", office.roster).out
    assert "甲\n乙" in text
    assert office.run("questionnaire", SHORT, "--format", "docx").code == 2
    place = office.folder / "问卷.docx"
    assert office.run("questionnaire", SHORT, "--format", "docx", "--out", place).code == 0
    assert place.stat().st_size > 1000
    assert office.run("questionnaire", SHORT, "--out", place).code == 4
    said = office.run("questionnaire", "没有这份")
    assert said.code == 3
    assert "jiangsu-2014" in said.err


def test_compare(office: Office) -> None:
    later = offices.short(
        office.folder / "今年.csv", {("甲", MEMBER, YES): 25, ("乙", MEMBER, NO): 21}
    )
    words = ["compare", office.export, later, "--roster", office.roster, "--questionnaire", SHORT]
    said = office.run(*words)
    assert said.code == 0
    assert "全校" in said.out
    assert "下降" in said.out
    english = office.run(*words, "--language", "en")
    assert "Change in rate" in english.out
    assert "已写出：" in office.run(*words, "--out", office.folder / "变化.csv").out
    assert "变化" in (office.folder / "变化.csv").read_text(encoding="utf-8-sig")
    missing = office.run(*words, "--earlier-roster", office.folder / "无.csv")
    assert missing.code == 3


def downloads(folder: Path) -> tuple[Path, Path]:
    """One survey downloaded by text and by number; nobody chose the second option of the third."""
    labels = ["满意", "基本满意", "不满意"]
    people = [(name, role, yes) for (name, role, yes), n in COUNTS.items() for _ in range(n)]
    text = offices.export(folder / "文本.csv", [(*p, "内存┋屏") for p in people], questions=ASKED)
    header = [*offices.METADATA, *(f"{i}、{q}" for i, q in enumerate(ASKED[:3], 1))]
    codes = {"甲": 1, "乙": 2, "": ""}
    rows: list[list[object]] = [
        [*row[:6], codes[branch], 1 + (role == STAFF), labels.index(yes) + 1, 1, 1]
        for (branch, role, yes), row in zip(people, csv_rows(text)[1:], strict=True)
    ]
    return text, offices.write_csv(folder / "序号.csv", [[*header, "4、(内存)", "4、(屏)"], *rows])


ASKED = (offices.BRANCH, offices.ROLE, offices.OVERALL, "手机")


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [*csv.reader(stream)]


def test_what_leaves_the_branch_out_does_not_fit_a_roster(office: Office) -> None:
    mapping = office.folder / "m.toml"
    mapping.write_text('[columns]\nbranch = ""\n', encoding="utf-8")
    said = office.report("--mapping", mapping)
    assert said.code == 3
    assert "支部选了“没有问”" in said.err
    assert "别名" not in said.err
    words = [office.export, "--out", office.folder / "报告", "--overall", "3", "--satisfied", YES]
    assert "没有指明支部列" in office.run(*words, "--roster", office.roster).err
    assert office.run(*words).code == 0


def test_an_uncertain_open_question_stops_nothing(office: Office) -> None:
    people = [("甲", MEMBER, YES, "多组织活动", "无"), ("乙", MEMBER, NO, "好", "加强服务")] * 8
    asked = (offices.BRANCH, offices.ROLE, offices.OVERALL, "意见", "建议")
    file = offices.export(office.folder / "意见.csv", people, questions=asked)
    said = office.run(file, "--out", office.folder / "报告")
    assert said.code == 0
    checked = office.run("check", file)
    assert checked.code == 0
    held = survey.read(file)
    assert held.responses.texts.empty
    problems = held.responses.problems
    assert problems["zh"].str.contains("可能是 “4、意见”、“5、建议”").sum() == 1
    told = survey.read(file, confirm={"columns": {"open": "5"}})
    assert "加强服务" in told.responses.texts.tolist()


def test_a_code_book_from_both_downloads(office: Office) -> None:
    text, numbered = downloads(office.folder)
    words = ["--questionnaire", SHORT, "--roster", office.roster, "--out", office.folder / "报告"]
    refused = office.run(numbered, *words)
    assert refused.code == 3
    assert "survey-report codebook" in refused.err
    book = office.folder / "编码本.json"
    said = office.run("codebook", text, numbered, "-o", book)
    assert (said.code, said.err) == (0, "")
    assert "1 = 满意" in said.out
    assert "2 = （没有人选过）" in said.out
    assert "3：2。请在编码本文件" in said.out
    assert str(book) in said.out
    assert office.run(numbered, *words, "--codebook", book).code == 0
    assert office.run("codebook", text, numbered, "-o", book).code == 4
    assert office.run("codebook", text, numbered, "-o", book, "--force", "--quiet").out == ""
    english = office.run("codebook", text, numbered, "--language", "en")
    assert "2 = (chosen by nobody)" in english.out
    swapped = office.run("codebook", numbered, text)
    assert swapped.code == 3
    assert "给反了" in swapped.err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out.strip()


def test_in_a_process_of_its_own(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "survey.cli", "没有.xlsx", "--out", str(tmp_path / "r")]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("错误：")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from survey.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'pandas', 'numpy', 'scipy', 'statsmodels', 'matplotlib', 'openpyxl', 'rich'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert "用法" in done.stdout
    assert done.stderr.strip() == "heavy: []"


def test_importing_the_package_imports_nothing_heavy() -> None:
    program = "import sys, survey; print('pandas' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]


def test_while_a_survey_runs_a_report_shows_the_response_only(office: Office) -> None:
    said = office.report("--interim", "--anonymous-branches")
    assert said.code == 0
    assert "只公布回收情况" in said.out
    assert "编号对照" in said.out
    page = (office.folder / "报 告" / "report.html").read_text(encoding="utf-8")
    assert "建议提醒人数" in page
    assert "支部 1" in page
    later = office.report("--force", "--looks", "2025-11-02", "--until", "2999-12-31")
    assert later.code == 0
    page = (office.folder / "报 告" / "report.html").read_text(encoding="utf-8")
    assert "第 1 次查看的判定" in page
    assert office.report("--force", "--looks", "2025-11-02").code == 2


def test_a_sheet_to_be_filled_in_is_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        offices.export(tmp_path / f"{name}.csv", [(name, offices.MEMBER, "满意")] * 6)
        for name in ("老支部", "新支部")
    ]
    sheet = tmp_path / "更名.xlsx"
    for said in (True, False):
        assert main(["compare", *map(str, files), "--renamed", str(sheet)]) == 0
        assert (f"已写出：{sheet}。请填好" in capsys.readouterr().out) == said
