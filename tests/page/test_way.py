"""The whole way in a browser, as an office goes it, with each kind of files that it may have.

``SURVEY_REPORT_PICTURES=docs/images pytest tests/page/test_way.py`` draws the pictures of the docs.
"""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import survey
from survey.cli import main
from tests.page import files
from tests.page.going import Way
from tests.survey import offices

pytest.importorskip("selenium")
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser import asked_for

DOCS = Path(__file__).parents[2] / "docs"
REAL = Path(os.environ.get("SURVEY_REPORT_EXPORTS") or "none")
REAL_EXPORT = REAL / "wjx_text_matrix_satisfaction_merged.xlsx"


def cells(workbook: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(workbook)
    return {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}


def require_as_the_command(way: Way, name: str, out: Path) -> None:
    """Hold what is shown and downloaded against what the command writes from the same folder."""
    assert main([str(way.served.home / name), "--out", str(out), "--quiet"]) == 0
    downloaded = cells(way.downloaded("a[href$='results.xlsx']", "results.xlsx"))
    assert downloaded == cells(out / "results.xlsx")
    with zipfile.ZipFile(way.downloaded("a[href$='all.zip']", f"{name}.zip")) as packed:
        own = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
        assert set(packed.namelist()) == own
        assert packed.read("report.html") == (out / "report.html").read_bytes()
    printed = {str(cell) for row in downloaded["各支部"] for cell in row}
    shown = [row.find_element(By.TAG_NAME, "th").text for row in way.all("#published tbody tr")]
    assert shown
    assert {*shown} <= printed


def test_the_whole_way(way: Way, demo: survey.Simulation, tmp_path: Path) -> None:
    name = "2026年春季"
    asked_for(way.browser)  # what was asked for by other tests
    way.browser.get(way.served.address)
    way.wait("#called")
    way.require_sound("start")
    way.enter(name)
    way.require_sound()
    way.drop(demo.export, demo.roster)
    assert [row.text.split("\n")[0].split()[0] for row in way.all(".files li")] == ["导出", "名册"]
    way.require_sound("files")
    way.go("a.button.go")
    way.wait("button.go")
    assert "全部内容已识别" in way.text
    assert "答案口径：满意（" in way.text, "what moves every verdict is in no fold"
    way.require_sound("confirm")
    way.go("button.go")
    way.wait("progress")
    way.require_sound("compute")
    way.go("a.button.go")
    way.wait("#published")
    way.require_sound("results")
    require_as_the_command(way, name, tmp_path / "by the command")

    verdicts = {row.get_attribute("data-verdict") for row in way.all("#published tr")} - {None}
    marks = {
        way.browser.execute_script(
            "return getComputedStyle(document.querySelector(arguments[0]), '::before').content",
            f".chip.{verdict}",
        )
        for verdict in verdicts
    }
    assert len(marks) == len(verdicts) > 1, "in black and white each verdict has a mark of its own"
    n_below = len(way.all("#published tr[data-verdict=below]"))
    plain = way.browser.current_url.partition("?")[0]
    way.browser.get(plain + "?verdict=below")
    assert len(way.all("#published tbody tr")) == n_below
    way.browser.get(plain + "?bar=85&level=90")
    supposed = way.wait("#supposed").text
    way.browser.get(plain + "?bar=0.85&level=90%25")
    assert way.wait("#supposed").text == supposed

    way.browser.switch_to.frame(way.wait("iframe"))
    assert way.all("main section"), "the report shows in its frame"
    assert way.all("th button"), "and its own script runs"
    way.browser.switch_to.default_content()
    link = way.wait("#published th a")
    branch = link.text
    way.go("#published th a")
    assert branch in way.wait("h1").text
    way.browser.get(plain)

    way.step("fieldwork")
    way.wait("table")
    heads = [head.get_attribute("textContent") for head in way.all("thead th")]
    assert "还缺" in heads
    assert not {"满意率", "满意人数", "判定", "下限", "上限"} & {*heads}
    assert way.all("[data-verdict], .chip") == []
    way.require_sound("fieldwork")
    way.step("before")
    way.wait("table")
    way.require_sound("before")
    way.browser.back()
    way.browser.back()
    way.wait("h1")
    asked = [
        url for url in asked_for(way.browser) if not url.startswith(("data:", "about:", "chrome"))
    ]
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith(way.served.root + "/")] == []


@pytest.mark.parametrize(
    ("make", "window", "is_asked"),
    [
        (files.reworded, "desk", True),
        (files.four_levels, "phone", True),
        (files.renamed, "phone", True),
        (files.wide, "desk", False),
        (files.two_levels, "phone", False),
    ],
    ids=["reworded", "four levels", "other names", "wide roster", "unreadable"],
)
def test_from_other_files_to_the_report(
    way: Way,
    demo: survey.Simulation,
    make: files.Make,
    window: str,
    is_asked: bool,
    tmp_path: Path,
) -> None:
    name = "2026年秋季" if make is files.reworded else f"改动 {make.__name__}"
    export, roster = make(demo, tmp_path)
    way.look(window)
    way.enter(name)
    if make is files.two_levels:
        damaged = tmp_path / "坏.xlsx"
        damaged.write_bytes(demo.export.read_bytes()[:5000])
        way.drop(damaged)
        assert "坏.xlsx" in way.wait("[role=alert]").text
        assert "Traceback" not in way.text
        way.browser.get_log("browser")  # that this was refused
        way.require_sound()
        way.look(window)
        way.go("a.button")
    way.drop(export, roster)
    kinds = [row.text.split("\n")[0].split()[0] for row in way.all(".files li")]
    assert kinds == ["导出", "名册"], way.text
    way.go("a.button.go")
    way.wait("form input[name=key]")
    if is_asked:
        assert way.all("button.go") == [], "nothing is computed before it is decided"
        way.require_sound("decide" if make is files.reworded else "")
        way.look(window)
    asked = way.decide({"基本满意": "不满意"})
    assert bool(asked) == is_asked, way.text
    way.compute()
    require_as_the_command(way, name, tmp_path / "by the command")
    held = survey.read(way.served.home / name)
    small = {files.four_levels: 48, files.two_levels: 72}
    if make in small:
        assert held.satisfaction(None).frame["n_satisfied"].tolist() == [small[make]]
    else:
        plain = survey.read(demo.export, roster=demo.roster)
        figures = ["branch", "population", "n_valid", "n_satisfied", "verdict"]
        assert held.n_used == plain.n_used
        assert held.satisfaction().frame[figures].equals(plain.satisfaction().frame[figures])


@pytest.mark.skipif(not REAL_EXPORT.exists(), reason="SURVEY_REPORT_EXPORTS names no such file")
def test_a_real_export_of_another_survey(way: Way, tmp_path: Path) -> None:
    """Its columns are named by choosing alone; matrices on other scales ask nothing."""
    name = "真实"
    way.look("phone")
    way.enter(name)
    way.drop(REAL_EXPORT)
    way.go("a.button.go")
    way.wait("form input[name=key]")
    wanted = {
        "用的问卷": "别的调查",
        "支部（或部门、班级）": "入职状态",
        "身份（人员类别）": "没有问",
        "总体满意度": "17—逻辑拆解",
        "一般": "不满意",
    }
    assert way.decide(wanted) == [*wanted]
    for told in ("满意（非常满意、满意）", "不满意（不满意、一般、非常不满意）"):
        assert told in way.text
    way.require_sound()
    way.look("phone")
    way.compute()
    assert "读入 500 份 = 采用 500 份" in way.text
    require_as_the_command(way, name, tmp_path / "by the command")


def test_late_answers_and_the_next_wave(way: Way, tmp_path: Path) -> None:
    name = "几次"
    roster = offices.roster(
        tmp_path / "名册.csv", dict.fromkeys(("一支部", "二支部", "三支部"), 80)
    )
    way.enter(name)
    way.drop(files.answers(tmp_path / "导出 2024-20.csv", 20, 2024), roster)
    way.go("a.button.go")
    way.decide()
    way.compute()
    way.step("files")
    way.drop(files.answers(tmp_path / "导出 2024-30.csv", 30, 2024))
    assert "代替了原来的“导出 2024-20.csv”" in way.text
    assert "原有 132 份答卷，其中 132 份在新文件里；新增 60 份。" in way.text
    way.require_sound()
    way.step("results")
    assert "还没有重新计算" in way.text
    way.step("confirm")
    way.decide()
    way.compute()
    assert "新增 60 份，少了 0 份" in way.text
    way.open_all()
    way.require_sound()
    way.go("form[action$=next] button")
    way.drop(files.answers(tmp_path / "导出 2025-35.csv", 35, 2025), roster)
    way.go("a.button.go")
    way.decide()
    way.compute()
    require_as_the_command(way, name, tmp_path / "by the command")
    report = way.served.home / name / "报告" / "report.html"
    assert "与上次相比" in report.read_text(encoding="utf-8")


def test_a_filled_sheet_decides_the_same(way: Way, demo: survey.Simulation, tmp_path: Path) -> None:
    way.enter("在 Excel 里")
    way.drop(*files.four_levels(demo, tmp_path))
    way.go("a.button.go")
    way.wait("fieldset.ask")
    way.open_all()
    book = load_workbook(file := way.downloaded("a[href$='confirm.xlsx']", "确认表.xlsx"))
    for row in book.worksheets[0].iter_rows(min_row=3):
        if row[1].value == "基本满意":
            row[4].value = "不满意"
    book.save(file)
    way.drop(file, field="sheet")
    way.wait("form input[name=key]")
    text = (way.served.home / "在 Excel 里" / "survey-report.toml").read_text(encoding="utf-8")
    assert '"基本满意" = "unsatisfied"' in text


class Keyboard:
    """Goes with the keys alone, and sees where it is."""

    def __init__(self, way: Way) -> None:
        self.way = way

    def press(self, keys: str) -> None:
        ActionChains(self.way.browser).send_keys(keys).perform()

    def to(self, sign: str, most: int = 60) -> list[str]:
        """Go from field to field to the one of a name; give the names of all that were seen."""
        seen: list[str] = []
        for _ in range(most):
            self.press(Keys.TAB)
            active = self.way.browser.switch_to.active_element
            outline = self.way.browser.execute_script(
                "const e = arguments[0], seen = e.matches('.hidden-input') ? "
                "e.previousElementSibling : e; return getComputedStyle(seen).outlineStyle",
                active,
            )
            assert outline != "none", active.get_attribute("outerHTML")
            seen.append(active.get_attribute("id") or active.text)
            if seen[-1] == sign:
                return seen
        raise AssertionError(seen)

    def enter(self, keys: str = "") -> None:
        old = self.way.browser.find_element(By.TAG_NAME, "html")
        self.press(keys + Keys.ENTER)
        self.way.left(old)
        self.way.wait("h1")


def test_by_keyboard_alone(way: Way, demo: survey.Simulation, tmp_path: Path) -> None:
    keys = Keyboard(way)
    way.browser.get(way.served.address)
    way.wait("#called")
    assert keys.to("called")[0] == "跳到正文"
    keys.enter("只用键盘")
    assert {"any", "放入文件", "确认", "计算", "结果", "收集期间"} <= {*keys.to("结束并关闭")}
    way.drop(*files.four_levels(demo, tmp_path))  # the system's own window is no part of the page
    keys.to("下一步：确认")
    keys.enter()
    way.wait("fieldset.ask select")
    keys.to(way.wait("fieldset.ask select").get_attribute("id"))
    keys.press(Keys.ARROW_DOWN)
    keys.to("确认")
    keys.enter()
    way.wait("button.go")
    keys.to("开始计算")
    keys.enter()
    way.wait("a.button.go")
    keys.to("查看结果")
    keys.enter()
    way.wait("#published")
    assert {"查看报告", "Word", "Excel", "全部文件", "一支部"} <= {*keys.to("下一次调查", 90)}


def test_the_docs_show_every_step_in_small_pictures() -> None:
    told = (DOCS / "office" / "page.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[([^\]]+)\]\(\.\./images/(page-\w+\.png)\)", told)
    drawn = {file.name for file in (DOCS / "images").glob("page-*.png")}
    assert {name for _, name in shown} == drawn
    steps = ("start", "files", "decide", "confirm", "compute", "results", "before", "fieldwork")
    assert drawn == {f"page-{step}.png" for step in steps}
    assert all((DOCS / "images" / name).stat().st_size < 100_000 for name in drawn)
