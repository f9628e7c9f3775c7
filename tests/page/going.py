"""One person before the page in a browser, who goes from step to step and looks."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.ui import WebDriverWait

from tests.page.asking import Served

PICTURES = os.environ.get("SURVEY_REPORT_PICTURES", "")
"""Folder in which the pictures of the docs are drawn anew: ``docs/images``."""
WINDOWS = {"desk": (1280, 900, 1), "200 %": (640, 450, 2), "phone": (390, 844, 1)}
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]


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
        # the driver takes no path with .. in it
        self.wait(f"#{field}").send_keys("\n".join(str(file.resolve()) for file in files))
        self.left(old)
        self.wait("h1")

    def open_all(self) -> None:
        self.browser.execute_script(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )

    def step(self, name: str) -> None:
        self.browser.get(self.browser.current_url.rpartition("/")[0] + f"/{name}")

    def look(self, window: str = "desk") -> None:
        """Set the size of the window, and how many points make a pixel."""
        width, height, scale = WINDOWS[window]
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False},
        )

    def require_sound(self, picture: str = "") -> None:
        """Hold the page against axe's rules, every window, and its own promises.

        Parameters
        ----------
        picture : str
            Of the docs, which this page is; none by default.
        """
        if picture and PICTURES:
            self.browser.execute_script("scrollTo(0, 0)")
            self.draw(Path(PICTURES) / f"page-{picture}.png")
        self.open_all()
        self.browser.execute_script(axe())
        for window in WINDOWS:
            self.look(window)
            # the page is laid out anew a moment after the window has its size
            WebDriverWait(self.browser, 20).until(
                lambda browser: browser.execute_script(
                    "return document.documentElement.scrollWidth <= innerWidth"
                ),
                f"{window}: {self.browser.current_url} is wider than the window",
            )
            found = self.browser.execute_async_script(
                "axe.run({iframes: false, runOnly: arguments[0]}).then(r => arguments[1]("
                "r.violations.map(v => [v.id, v.nodes[0].html])))",
                RULES,
            )
            assert found == [], (window, self.browser.current_url)
        self.look()
        said = [entry["message"] for entry in self.browser.get_log("browser")]
        assert said == []

    def draw(self, file: Path) -> None:
        """Draw the window in few colours, without what is empty at its end."""
        from PIL import Image, ImageChops

        bars = "document.documentElement.style.scrollbarWidth = arguments[0]"
        self.browser.execute_script(bars, "none")
        self.browser.save_screenshot(str(file))
        self.browser.execute_script(bars, "")
        picture = Image.open(file).convert("RGB")
        *_, end = ImageChops.invert(picture).getbbox() or picture.getbbox()
        drawn = picture.crop((0, 0, picture.width, min(end + 40, picture.height)))
        drawn.quantize(64).save(file, optimize=True)

    def decide(self, wanted: Mapping[str, str] | None = None) -> list[str]:
        """Choose what is wanted by the name of each point, else the likeliest that is left.

        Returns
        -------
        list of str
            The points that were asked for.
        """
        asked: list[str] = []
        for _ in range(6):  # what is decided may raise another question
            self.wait("form input[name=key]")
            points = self.all("fieldset.ask .point")
            if not points:
                break
            taken: set[str] = set()
            for point in points:
                name = point.find_element(By.TAG_NAME, "label").text
                asked.append(name)
                options: list[str] = self.browser.execute_script(
                    "return [...arguments[0].querySelectorAll('option')]"
                    ".map(option => option.text || option.value)",
                    point,
                )
                text = (wanted or {}).get(name) or next(o for o in options[1:] if o not in taken)
                taken.add(text)
                text = next(option for option in options if text in option)
                if lists := point.find_elements(By.TAG_NAME, "select"):
                    Select(lists[0]).select_by_visible_text(text)
                else:  # of so many choices a part is written, and one is taken
                    point.find_element(By.TAG_NAME, "input").send_keys(text)
            self.go("fieldset.ask + p button")
        return asked

    def compute(self) -> None:
        """Go from what is confirmed to the results."""
        self.go("button.go[formaction$=compute]")
        self.go("a.button.go")
        self.wait("#published, main .lead")

    def downloaded(self, css: str, name: str) -> Path:
        """Press a link, and give the file that comes."""
        file: Path = self.browser.downloads / name
        file.unlink(missing_ok=True)
        self.wait(css).click()
        end = time.monotonic() + 60
        # the browser holds the name with an empty file, and moves the whole one there at its end
        while time.monotonic() < end and not (file.exists() and file.stat().st_size):
            time.sleep(0.1)
        assert file.exists(), sorted(p.name for p in self.browser.downloads.iterdir())
        assert file.stat().st_size, f"{name} did not come within a minute"
        return file
