"""Draw the README's picture of the report: ``python -m tests.docs.pictures``.

Those of the page are drawn by its own test, see ``tests/page/test_way.py``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image

from survey.cli import main
from tests.browser import chrome

PLACE = Path(__file__).parents[2] / "docs" / "images"
SCREEN = {"width": 1000, "height": 860, "deviceScaleFactor": 1.5, "mobile": False}


def draw() -> None:
    """Take the first screen of the demo's report, in few colours."""
    file = PLACE / "report.png"
    with chrome() as browser, tempfile.TemporaryDirectory() as folder:
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", SCREEN)
        assert main(["demo", "--out", str(Path(folder) / "报告"), "--quiet"]) == 0
        browser.get((Path(folder) / "报告" / "report.html").as_uri())
        browser.save_screenshot(str(file))
    Image.open(file).convert("RGB").quantize(64).save(file, optimize=True)


if __name__ == "__main__":
    draw()
