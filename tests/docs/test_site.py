"""The site is built from the committed sources, every snippet run; nothing in it leads nowhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

import analysis
import questionnaires
import survey
from tests.browser import CHROME, DRIVER, asked_for, chrome

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "docs").rglob("*.md"))
FENCE = re.compile(r"^(`{3,})[ \t]*(\{?\w[^\n]*)$", flags=re.M)
RUN_BY_HAND = {"powershell", "bat", "sh", "toml", "text"}
"""Languages of fences that are shown and not run: they install, or are no program."""


MIXED, PARTS = "HTML报告：2025年秋, run_id与率", ["HTML", "报告", "2025", "年秋", "run_id", "与率"]
"""A text, and what the search makes of it, where it is indexed as where it is asked for."""


def build(folder: Path) -> Path:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d"]
    done = subprocess.run(
        [*command, folder / "trees", ROOT / "docs", folder / "html"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return folder / "html"


class _Page(HTMLParser):
    """What a page points to, what it loads, and what it can be pointed at."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors.add(given.get("id") or "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(given.get("href") or "")
        if given.get("src"):
            self.loads.append(given["src"] or "")


def require_links(pages: dict[Path, _Page]) -> None:
    lost = []
    for path, page in pages.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = pages[target].anchors if target in pages else set()
            if not target.exists() or (parts.fragment and unquote(parts.fragment) not in known):
                lost.append((path.name, link))
    assert len(pages) > 10
    assert not lost


def require_nothing_loaded(pages: dict[Path, _Page], site: Path) -> None:
    assert [load for page in pages.values() for load in page.loads if urlsplit(load).scheme] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert not re.findall(r"url\(['\"]?(?:https?:)?//", styles)


def test_every_snippet_is_run():
    kinds = {
        (path.name, match[2].strip())
        for path in SOURCES
        for match in FENCE.finditer(path.read_text(encoding="utf-8"))
        if not match[2].startswith("{")
    }
    assert [kind for kind in kinds if kind[1] not in RUN_BY_HAND] == []


def test_words_behind_digits_and_latin_letters_are_indexed(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs")
    pairs = import_module("searching").Pairs
    assert pairs({}).split(MIXED) == PARTS


def _objects(site: Path) -> set[str]:
    """Names in the inventory that other sites link by."""
    _, _, _, _, packed = (site / "objects.inv").read_bytes().split(b"\n", 4)
    return {line.split(" ")[0] for line in zlib.decompress(packed).decode().splitlines()}


def require_public_names(site: Path) -> None:
    named = _objects(site)
    last = {name.rsplit(".", 1)[-1] for name in named}
    public = {*survey.__all__, *questionnaires.__all__, *analysis.__all__} - {"__version__"}
    assert public - last == set()


def require_sound_in_a_browser(pages: dict[Path, _Page], site: Path) -> None:
    with chrome() as browser:
        for path in sorted(pages):
            for wide in (1280, 390):
                browser.execute_cdp_cmd(
                    "Emulation.setDeviceMetricsOverride",
                    {"width": wide, "height": 900, "deviceScaleFactor": 1, "mobile": wide < 400},
                )
                browser.get(path.as_uri())
                over = browser.execute_script(
                    "return document.documentElement.scrollWidth - window.innerWidth"
                )
                assert over <= 0, f"{path.name} is {over} px too wide at {wide}"
        browser.get((site / "search.html").as_uri() + "?q=确认表")
        found = WebDriverWait(browser, 10).until(
            lambda it: it.find_elements(By.CSS_SELECTOR, "#search-results li a")
        )
        assert any("names.html" in link.get_attribute("href") for link in found)
        assert browser.execute_script("return splitQuery(arguments[0])", MIXED) == PARTS
        wrong = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
        assert wrong == []
        assert [url for url in asked_for(browser) if not url.startswith(("file:", "data:"))] == []


def test_site_is_built_and_nothing_in_it_leads_nowhere(tmp_path):
    """One test, so that one worker builds it once."""
    site = build(tmp_path)
    pages = {path: _Page(path) for path in site.rglob("*.html")}
    require_links(pages)
    require_nothing_loaded(pages, site)
    require_public_names(site)
    if CHROME and DRIVER:
        require_sound_in_a_browser(pages, site)
