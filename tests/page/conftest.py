"""The page as it runs: a server of its own, and Debian's Chromium before it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import survey


@dataclass
class Served:
    """A page that is served."""

    home: Path
    address: str
    process: subprocess.Popen[str]

    @property
    def root(self) -> str:
        return self.address.partition("/start/")[0]

    @property
    def port(self) -> int:
        return int(self.root.rpartition(":")[2])

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(15)


def serve(home: Path, *words: str) -> Served:
    """Start the command, and wait for the address that it tells."""
    process = subprocess.Popen(
        [sys.executable, "-m", "survey.cli", "page", "--folder", str(home), "--no-browser", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    if found is None:
        process.kill()
        raise AssertionError(line + process.communicate()[1])
    return Served(home, found[0], process)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    served = serve(tmp_path / "home")
    yield served
    served.stop()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> survey.Simulation:
    """The demo's files, smaller."""
    return survey.simulate(tmp_path_factory.mktemp("demo"), n_branches=12, seed=1)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium, with a folder for what it downloads."""
    shown = pytest.importorskip("tests.browser")
    if not (shown.CHROME and shown.DRIVER):
        pytest.skip("needs Chromium and chromedriver (env CHROME, CHROMEDRIVER)")
    loaded = tmp_path_factory.mktemp("downloads")
    with shown.chrome() as driver:
        driver.execute_cdp_cmd(
            "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(loaded)}
        )
        driver.downloads = loaded
        yield driver


@pytest.fixture(params=[1280, 390])
def wide(request: pytest.FixtureRequest, browser: Any) -> int:
    """Set the width of the window."""
    width: int = request.param
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    return width
