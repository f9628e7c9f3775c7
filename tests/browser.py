"""A real browser without a window: what it shows, and what it asks for."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

pytest.importorskip("selenium")
from selenium import webdriver

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROME = os.environ.get("CHROME") or next(filter(None, map(shutil.which, BROWSERS)), None)
DRIVER = os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")
needed = pytest.mark.skipif(
    not (CHROME and DRIVER), reason="needs Chromium and chromedriver (env CHROME, CHROMEDRIVER)"
)


@contextmanager
def chrome() -> Iterator[webdriver.Chrome]:
    """Start one, and end it."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROME
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
        "--disable-component-update",
        "--no-first-run",
        "--force-prefers-reduced-motion",
        "--window-size=1280,900",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(120)  # the accessibility rules take long on a busy machine
    try:
        yield driver
    finally:
        driver.quit()


def asked_for(browser: webdriver.Chrome) -> list[str]:
    """Addresses that the browser asked for since the last call."""
    events = [json.loads(line["message"])["message"] for line in browser.get_log("performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
