"""Draw the README's picture of a report: ``python -m tests.docs.pictures``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image

from survey.cli import main
from tests.browser import chrome

PLACE = Path(__file__).parents[2] / "docs" / "images" / "report.png"
SIZE = (1000, 860)


def draw(file: Path = PLACE) -> None:
    """Take the first screen of the demo's report, in few colours."""
    with tempfile.TemporaryDirectory() as folder, chrome() as browser:
        assert main(["demo", "--out", f"{folder}/报告", "--quiet"]) == 0
        width, height = SIZE
        screen = {"width": width, "height": height, "deviceScaleFactor": 1.5, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        browser.get(Path(folder, "报告", "report.html").as_uri())
        browser.save_screenshot(str(file))
    Image.open(file).convert("RGB").quantize(64).save(file, optimize=True)


if __name__ == "__main__":
    draw()
