"""One person before the page in a browser, who goes from step to step and looks."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from tests.page.asking import Served

PICTURES = os.environ.get("SURVEY_REPORT_PICTURES", "")


def axe() -> str:
    """Give the script of the accessibility rules."""
    package = pytest.importorskip("axe_core_python")
    (script,) = Path(package.__file__).parent.rglob("axe.min.js")
    return script.read_text(encoding="utf-8")


class Way:
    """One person before the page: goes from step to step and looks."""

    def __init__(self, browser: Any, served: Served) -> None:
        self.browser, self.served = browser, served
        browser.get_log("browser")  # what was told before is of other tests

    def all(self, css: str) -> list[Any]:
        return list(self.browser.find_elements(By.CSS_SELECTOR, css))

    def wait(self, css: str, seconds: float = 150) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.all(css)
            if found:
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"no {css} in:\n{self.text}")

    @property
    def text(self) -> str:
        return str(self.browser.find_element(By.TAG_NAME, "body").text)

    def go(self, css: str) -> None:
        """Press what leads to another page, and wait until it is there."""
        old = self.browser.find_element(By.TAG_NAME, "html")
        element = self.wait(css)
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        self.left(old)

    def left(self, old: Any) -> None:
        end = time.monotonic() + 90
        while time.monotonic() < end:
            try:
                old.is_enabled()
            except Exception:
                return
            time.sleep(0.05)
        raise AssertionError("the page stayed:\n" + self.text)

    def enter(self, name: str) -> None:
        """Come in by the address of the command, and begin a survey."""
        self.browser.get(self.served.address)
        self.wait("#called").send_keys(name)
        self.go("form[action='/new'] button")

    def drop(self, *files: Path, field: str = "any") -> None:
        """Hand files to the field, as choosing them does."""
        old = self.browser.find_element(By.TAG_NAME, "html")
        self.wait(f"#{field}").send_keys("\n".join(map(str, files)))
        self.left(old)
        self.wait("h1")

    def open_all(self) -> None:
        self.browser.execute_script(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )

    def step(self, name: str) -> None:
        self.browser.get(self.browser.current_url.rpartition("/")[0] + f"/{name}")

    def require_sound(self) -> None:
        """Hold the page against axe's rules, its window, and its own promises."""
        self.open_all()
        width, shown = self.browser.execute_script(
            "return [innerWidth, document.documentElement.scrollWidth]"
        )
        assert shown <= width, self.browser.current_url
        self.browser.execute_script(axe())
        found = self.browser.execute_async_script(
            "axe.run({iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']})"
            ".then(r => arguments[0](r.violations.map(v => [v.id, v.nodes[0].html])))"
        )
        assert found == [], self.browser.current_url
        said = [entry["message"] for entry in self.browser.get_log("browser")]
        assert said == []

    def picture(self, step: str) -> None:
        """Keep a picture of a step for the docs, where `PICTURES` names a folder."""
        if not PICTURES or self.browser.execute_script("return innerWidth") < 1000:
            return
        self.browser.execute_script(
            "document.querySelectorAll('details').forEach(d => d.open = false); scrollTo(0, 0)"
        )
        self.browser.save_screenshot(str(Path(PICTURES) / f"page-{step}.png"))

    def downloaded(self, css: str, name: str) -> Path:
        """Press a link, and give the file that comes."""
        file: Path = self.browser.downloads / name
        file.unlink(missing_ok=True)
        self.wait(css).click()
        end = time.monotonic() + 60
        while time.monotonic() < end and not file.exists():
            time.sleep(0.1)
        assert file.exists(), sorted(p.name for p in self.browser.downloads.iterdir())
        return file
