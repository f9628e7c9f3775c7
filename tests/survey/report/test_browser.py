"""The page in a real browser: silent, sortable, searchable, usable by keyboard, printable."""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from survey import report
from survey.report import branch_pages
from survey.results import ItemResponses
from tests.browser import asked_for, chrome, needed
from tests.survey import results_samples as samples

pytest.importorskip("selenium")
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

pytestmark = needed


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    return report.write(samples.sample_findings(12), folder, formats=("html",))[0]


@pytest.fixture(scope="module")
def branch_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("branch") / "branches"
    return branch_pages.write(samples.sample_findings(1), folder)[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    with chrome() as driver:
        yield driver


@pytest.fixture
def opened(browser: webdriver.Chrome, page: Path) -> webdriver.Chrome:
    browser.get(page.as_uri())
    return browser


def rows(browser: webdriver.Chrome) -> list[WebElement]:
    found = browser.find_elements(By.CSS_SELECTOR, "#table-branches tbody tr")
    return [row for row in found if row.is_displayed()]


def column(browser: webdriver.Chrome, heading: str) -> list[str]:
    heads = browser.find_elements(By.CSS_SELECTOR, "#table-branches thead th")
    place = next(i for i, head in enumerate(heads) if head.text.startswith(heading))
    return [row.find_elements(By.CSS_SELECTOR, "th, td")[place].text for row in rows(browser)]


def head(browser: webdriver.Chrome, heading: str) -> WebElement:
    return next(
        th
        for th in browser.find_elements(By.CSS_SELECTOR, "#table-branches thead th")
        if th.text.startswith(heading)
    )


def test_no_error_and_no_request(browser: webdriver.Chrome, page: Path) -> None:
    browser.get_log("performance")
    browser.get(page.as_uri())
    assert browser.get_log("browser") == []
    asked = asked_for(browser)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert sum(url.startswith("file:") for url in asked) == 1


def test_branch_page_is_silent(browser: webdriver.Chrome, branch_page: Path) -> None:
    browser.get(branch_page.as_uri())
    assert browser.get_log("browser") == []
    assert browser.find_element(By.CSS_SELECTOR, "h1").text.startswith("机械学院")


def test_branch_page_is_one_screen_of_a_phone_and_one_sheet(
    browser: webdriver.Chrome, tmp_path: Path
) -> None:
    found = samples.sample_findings(8)
    items = samples.sample_items(n_valid=24)
    names = found.tables["branch",].frame["branch"]
    own = (
        pd.concat([part.assign(branch=b) for b in names]) for part in (items.frame, items.summary)
    )
    found = dataclasses.replace(found, branch_items=ItemResponses(*own))
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    for path in branch_pages.write(found, tmp_path / "branches"):
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
        browser.get(path.as_uri())
        size = "return [document.documentElement.scrollWidth, document.body.offsetHeight]"
        width, height = browser.execute_script(size)
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        assert width <= phone["width"]
        # one name has forty characters
        assert height <= phone["height"] + (20 if len(path.stem) > 30 else 0), path.stem
        printed = base64.b64decode(browser.print_page())
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_text_is_set_in_the_embedded_font(opened: webdriver.Chrome) -> None:
    loaded = opened.execute_async_script(
        "document.fonts.ready.then(f => arguments[0]([...f].map(x => [x.family, x.status])))"
    )
    assert [(family.strip('"'), status) for family, status in loaded] == [
        ("Survey Sans SC", "loaded")
    ]


def test_conclusion_fills_the_first_screen(opened: webdriver.Chrome) -> None:
    height = opened.execute_script("return innerHeight")
    for answer in opened.find_elements(By.CSS_SELECTOR, ".lead, #table-everyone"):
        assert answer.rect["y"] + answer.rect["height"] <= height


def test_sorting(opened: webdriver.Chrome) -> None:
    assert len(rows(opened)) == 12
    head(opened, "满意率").find_element(By.TAG_NAME, "button").click()
    assert head(opened, "满意率").get_attribute("aria-sort") == "ascending"
    rates = [float(text.rstrip("%")) for text in column(opened, "满意率") if text != "—"]
    assert rates == sorted(rates)
    assert column(opened, "满意率")[-1] == "—"
    head(opened, "满意率").find_element(By.TAG_NAME, "button").click()
    rates = [float(text.rstrip("%")) for text in column(opened, "满意率") if text != "—"]
    assert rates == sorted(rates, reverse=True)
    assert column(opened, "满意率")[-1] == "—"


def test_sorting_by_verdict_keeps_verdicts_together(opened: webdriver.Chrome) -> None:
    head(opened, "判定").find_element(By.TAG_NAME, "button").click()
    codes = [row.get_attribute("data-verdict") for row in rows(opened)]
    order = ["meets", "below", "inconclusive", "withheld"]
    assert codes == sorted(codes, key=order.index)


def test_keyboard(opened: webdriver.Chrome) -> None:
    button = head(opened, "有效回答").find_element(By.TAG_NAME, "button")
    opened.execute_script("arguments[0].focus()", button)
    opened.switch_to.active_element.send_keys(Keys.ENTER)
    assert head(opened, "有效回答").get_attribute("aria-sort") == "ascending"
    opened.switch_to.active_element.send_keys(Keys.SPACE)
    assert head(opened, "有效回答").get_attribute("aria-sort") == "descending"
    assert opened.switch_to.active_element == button
    fold = opened.find_element(By.CSS_SELECTOR, "details summary")
    opened.execute_script("arguments[0].focus()", fold)
    opened.switch_to.active_element.send_keys(Keys.ENTER)
    assert opened.find_element(By.CSS_SELECTOR, "details").get_attribute("open")


def test_skip_link_is_the_first_stop(opened: webdriver.Chrome) -> None:
    opened.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert opened.switch_to.active_element.get_attribute("class") == "skip"


def test_searching(opened: webdriver.Chrome) -> None:
    find = opened.find_element(By.CSS_SELECTOR, ".tools input")
    find.send_keys("研究生")
    assert 0 < len(rows(opened)) < 12
    assert all("研究生" in row.text for row in rows(opened))
    said = opened.find_element(By.CSS_SELECTOR, ".tools output").text
    assert said.startswith(f"显示 {len(rows(opened))} 个，共 12 个")
    find.send_keys("没有这样的支部")
    assert rows(opened) == []


def test_filtering_by_verdict(opened: webdriver.Chrome) -> None:
    opened.find_element(By.CSS_SELECTOR, ".tools option[value=below]").click()
    assert {row.get_attribute("data-verdict") for row in rows(opened)} == {"below"}


def test_anchor_of_a_branch(browser: webdriver.Chrome, page: Path) -> None:
    browser.get(f"{page.as_uri()}#branches-7")
    target = browser.find_element(By.CSS_SELECTOR, "tr:target")
    top = browser.execute_script("return arguments[0].getBoundingClientRect().top", target)
    assert 0 <= top < 900


def test_readable_without_script(browser: webdriver.Chrome, page: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(page.as_uri())
        assert len(rows(browser)) == 12
        assert not browser.find_element(By.CSS_SELECTOR, ".tools").is_displayed()
        browser.find_element(By.CSS_SELECTOR, "summary").click()
        assert browser.find_element(By.CSS_SELECTOR, "details table").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_narrow_screen_does_not_scroll_sideways(opened: webdriver.Chrome) -> None:
    opened.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": False},
    )
    try:
        wide = opened.execute_script("return document.documentElement.scrollWidth")
        assert wide <= 390
    finally:
        opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.fixture
def phone(opened: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    opened.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": False},
    )
    yield opened
    opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_phone_shows_the_verdict_beside_the_name(phone: webdriver.Chrome) -> None:
    for row in rows(phone):
        name, verdict = (row.find_element(By.CSS_SELECTOR, tag) for tag in ("th", "td.verdict"))
        assert abs(name.rect["y"] - verdict.rect["y"]) < name.rect["height"]
        assert verdict.rect["x"] + verdict.rect["width"] <= 390
        assert row.rect["width"] <= 390


def test_phone_tells_verdicts_and_names_on_two_screens(phone: webdriver.Chrome) -> None:
    answer = phone.find_element(By.ID, "table-verdicts").rect
    assert answer["y"] + answer["height"] <= 2 * 844


def test_charts_are_drawn_anew_for_a_phone(phone: webdriver.Chrome) -> None:
    assert not any(e.is_displayed() for e in phone.find_elements(By.CSS_SELECTOR, ".wide"))
    smallest = phone.execute_script(
        "return Math.min(...[...document.querySelectorAll('.narrow svg')].flatMap(svg =>"
        " [...svg.querySelectorAll('text')].map(t => parseFloat(getComputedStyle(t).fontSize)"
        " * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)))"
    )
    assert smallest >= 11


def test_prints_to_a_sensible_number_of_pages(opened: webdriver.Chrome) -> None:
    printed: dict[str, Any] = opened.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": False}
    )
    pdf = base64.b64decode(printed["data"])
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 8 <= pages <= 20
    assert b"595" in pdf


def test_no_chart_is_taller_than_a_printed_page(opened: webdriver.Chrome) -> None:
    text_height = (297 - 36) / 25.4
    text_width = (210 - 32) / 25.4
    for box in opened.execute_script(
        "return [...document.querySelectorAll('.wide svg')].map(s => [s.viewBox.baseVal.width,"
        " s.viewBox.baseVal.height])"
    ):
        assert box[1] / box[0] * text_width <= text_height


@pytest.mark.skipif(find_spec("axe_core_python") is None, reason="axe-core-python not installed")
@pytest.mark.parametrize("wide", [1280, 390])
@pytest.mark.parametrize("which", ["page", "branch_page"])
def test_accessibility(
    browser: webdriver.Chrome, which: str, wide: int, request: pytest.FixtureRequest
) -> None:
    import axe_core_python

    (script,) = Path(axe_core_python.__file__).parent.rglob("axe.min.js")
    browser.get(request.getfixturevalue(which).as_uri())
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    browser.execute_script(script.read_text(encoding="utf-8"))
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": wide, "height": 844, "deviceScaleFactor": 1, "mobile": False},
    )
    found = browser.execute_async_script(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']})"
        ".then(r => arguments[0](r.violations.map(v => "
        "[v.id, v.impact, v.nodes.length, v.nodes[0].html.slice(0, 200)])))"
    )
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert found == []
