from __future__ import annotations

import time

import pytest

from survey.cli import progress
from survey.cli.progress import Watch


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    return now


def test_time_goes_to_the_stage_that_took_it(clock: list[float]) -> None:
    watch = Watch("zh", show=False)
    with watch.running():
        watch("read", 0, 2)
        clock[0] = 1.0
        watch("read", 1, 2)
        clock[0] = 3.0
        watch("estimate", 0, 1)
        clock[0] = 7.0
        # A stage that is told only when it is over.
        watch("html", 1, 1)
        clock[0] = 7.5
    assert watch.seconds == {"read": 3.0, "html": 4.5}


def test_bars_come_and_go(capsys: pytest.CaptureFixture[str]) -> None:
    watch = Watch("zh", show=True)
    with watch.running():
        watch("read", 0, 2)
        watch("read", 1, 2)
        watch("charts", 0, 3)
    assert set(watch.seconds) == {"read", "charts"}


def test_nobody_watches_a_pipe_or_a_quiet_run() -> None:
    assert not progress.watched(quiet=True)
    assert not progress.watched(quiet=False)
