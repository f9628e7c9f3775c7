"""The page as it runs: a server of its own, and Debian's Chromium before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import survey
from tests.page.asking import Client, Served, entered, serve


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page; every test has surveys of its own on it."""
    running = serve(tmp_path_factory.mktemp("served") / "home")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def client(served: Served) -> Client:
    return entered(served)


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


@pytest.fixture
def way(browser: Any, served: Served) -> Any:
    """A person before the page."""
    from tests.page.going import Way

    person = Way(browser, served)
    person.look()
    return person
