"""The whole way in a browser, as an office goes it, at the width of a desk and of a telephone."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import survey
from tests.page.going import Way
from tests.survey import offices

pytest.importorskip("selenium")
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from tests.browser import asked_for


def cells(workbook: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(workbook)
    return {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}


def test_the_whole_way(way: Way, wide: int, demo: survey.Simulation, tmp_path: Path) -> None:
    name = f"春季 {wide}"
    way.enter(name)
    asked_for(way.browser)
    way.require_sound()
    way.drop(demo.export, demo.roster)
    assert [row.text.split("\n")[0].split()[0] for row in way.all(".files li")] == ["导出", "名册"]
    way.require_sound()
    way.picture("files")
    way.go("a.button.go")
    way.wait("button.go")
    assert "全部内容已识别" in way.text
    way.require_sound()
    way.picture("confirm")
    way.go("button.go")
    way.wait("main li")
    way.require_sound()
    way.go("a.button.go")
    way.wait("#published")
    way.require_sound()
    way.picture("results")

    folder = way.served.home / name
    out = tmp_path / "by the command"
    subprocess.run(
        [sys.executable, "-m", "survey.cli", str(folder), "--out", str(out), "--quiet"], check=True
    )
    book = way.downloaded("a[href$='results.xlsx']", "results.xlsx")
    assert cells(book) == cells(out / "results.xlsx")
    with zipfile.ZipFile(way.downloaded("a[href$='all.zip']", f"{name}.zip")) as packed:
        own = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
        assert set(packed.namelist()) == own
        assert packed.read("report.html") == (out / "report.html").read_bytes()

    shown = {row.find_element(By.TAG_NAME, "th").text for row in way.all("#published tbody tr")}
    printed = {row[0] for row in cells(book)["各支部"][1:]}
    assert shown <= printed
    below = [row for row in cells(book)["各支部"] if "未达标" in row]
    way.browser.get(way.browser.current_url.partition("?")[0] + "?verdict=below")
    assert len(way.all("#published tbody tr")) == len(below)

    way.browser.switch_to.frame(way.wait("iframe"))
    assert way.all("main section"), "the report shows in its frame"
    assert way.all("th button"), "and its own script runs"
    way.browser.switch_to.default_content()
    way.step("fieldwork")
    way.wait("table")
    heads = [head.get_attribute("textContent") for head in way.all("thead th")]
    assert "还缺" in heads
    assert not {"满意率", "满意人数", "判定", "下限", "上限"} & {*heads}
    assert way.all("[data-verdict], .chip") == []
    way.require_sound()
    way.picture("fieldwork")

    way.browser.back()
    way.browser.back()
    way.wait("h1")
    asked = [
        url for url in asked_for(way.browser) if not url.startswith(("data:", "about:", "chrome"))
    ]
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith(way.served.root + "/")] == []


def four_levels(folder: Path) -> tuple[Path, Path]:
    """Write an export whose answers include one that only a person can judge."""
    answers = {"满意": 12, "基本满意": 6, "不满意": 2}
    counts = {
        (branch, role, answer): n
        for branch in ("一支部", "二支部")
        for role in (offices.MEMBER, offices.STAFF)
        for answer, n in answers.items()
    }
    roster = offices.roster(folder / "名册.csv", {"一支部": 60, "二支部": 60})
    return offices.short(folder / "导出.csv", counts), roster


def test_what_must_be_decided_is_decided_first(way: Way, tmp_path: Path) -> None:
    way.enter("先决定")
    way.drop(*four_levels(tmp_path))
    way.go("a.button.go")
    way.wait("fieldset.ask")
    assert way.all("button.go") == []
    way.require_sound()
    way.step("compute")
    assert way.all("[formaction$=compute]") == [], "nothing is computed before"
    way.step("confirm")
    for _ in range(3):  # what was decided may raise another question
        asked = way.all("fieldset.ask select")
        if not asked:
            break
        for select in asked:
            options = [option.get_attribute("value") for option in Select(select).options]
            wanted = "unsatisfied" if "unsatisfied" in options else options[1]
            Select(select).select_by_value(wanted)
        way.go("fieldset.ask + p button")
        way.wait("form input[name=key]")
    way.wait("button.go")
    text = (way.served.home / "先决定" / "survey-report.toml").read_text(encoding="utf-8")
    assert '"基本满意" = "unsatisfied"' in text


def test_a_filled_sheet_decides_the_same(way: Way, tmp_path: Path) -> None:
    way.enter("在 Excel 里")
    way.drop(*four_levels(tmp_path))
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


def test_a_damaged_file_is_told_and_another_may_be_taken(
    way: Way, demo: survey.Simulation, tmp_path: Path
) -> None:
    damaged = tmp_path / "导出.xlsx"
    damaged.write_bytes(demo.export.read_bytes()[:5000])
    way.enter("坏文件")
    way.drop(damaged)
    assert "导出.xlsx" in way.wait("[role=alert]").text
    assert "Traceback" not in way.text
    way.go("a.button")
    way.drop(demo.export)
    assert len(way.all(".files li")) == 1


def test_by_keyboard_alone(way: Way) -> None:
    def press(keys: str) -> None:
        ActionChains(way.browser).send_keys(keys).perform()

    way.browser.get(way.served.address)
    way.wait("#called")
    press(Keys.TAB)
    assert way.browser.switch_to.active_element.text == "跳到正文"
    for _ in range(9):
        if way.browser.switch_to.active_element.get_attribute("id") == "called":
            break
        press(Keys.TAB)
    old = way.browser.find_element(By.TAG_NAME, "html")
    press("只用键盘" + Keys.ENTER)
    way.left(old)
    way.wait("#any")
    seen = []
    for _ in range(30):
        press(Keys.TAB)
        active = way.browser.switch_to.active_element
        outline = way.browser.execute_script(
            "const e = document.activeElement, seen = e.matches('.hidden-input') ? "
            "e.previousElementSibling : e; return getComputedStyle(seen).outlineStyle",
            active,
        )
        assert outline != "none", active.get_attribute("outerHTML")
        seen.append(active.get_attribute("id") or active.text)
        if "结束并关闭" in seen:
            break
    assert "any" in seen
    assert {"放入文件", "确认", "计算", "结果", "收集期间"} <= {*seen}


def test_at_twice_the_size(way: Way) -> None:
    way.browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": False},
    )
    way.browser.get(way.served.address)
    way.wait("#called")
    way.require_sound()
