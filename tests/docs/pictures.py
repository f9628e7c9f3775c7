"""Draw the README's pictures: ``python -m tests.docs.pictures``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from PIL import Image

import survey
from survey.cli import main
from tests.browser import chrome
from tests.page.asking import serve
from tests.page.going import Way

PLACE = Path(__file__).parents[2] / "docs" / "images"
SCREEN = {"width": 1000, "height": 860, "deviceScaleFactor": 1.5, "mobile": False}


def report(browser: Any, folder: Path) -> None:
    """Show the first screen of the demo's report."""
    assert main(["demo", "--out", str(folder / "报告"), "--quiet"]) == 0
    browser.get((folder / "报告" / "report.html").as_uri())


def page(browser: Any, folder: Path) -> None:
    """Show the page where an item was reworded and must be confirmed."""
    made = survey.simulate(folder, n_branches=12, seed=1)
    book = load_workbook(made.export)
    for cell in book.active[1]:
        cell.value = cell.value.replace(
            "事情有人负责，党务政务公开，反映问题有回音", "提意见有人管"
        )
    book.save(made.export)
    served = serve(folder / "home")
    try:
        way = Way(browser, served)
        way.enter("2026年春季")
        way.drop(made.export, made.roster)
        way.go("a.button.go")
        way.wait("select")
    finally:
        served.stop()


def draw() -> None:
    """Take both, in few colours."""
    PLACE.mkdir(exist_ok=True)
    with chrome() as browser:
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", SCREEN)
        for show in (report, page):
            file = PLACE / f"{show.__name__}.png"
            with tempfile.TemporaryDirectory() as folder:
                show(browser, Path(folder))
                browser.save_screenshot(str(file))
            Image.open(file).convert("RGB").quantize(64).save(file, optimize=True)


if __name__ == "__main__":
    draw()
