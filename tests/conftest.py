"""Hypothesis profiles: few examples where many people wait, none that depends on speed.

And what tests of every folder use.
"""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from survey import parallel, report

# processes that tests start keep what they compile: without, each compiles the package anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# thousands of tests lie in memory: to go through all of them for circles takes long
gc.set_threshold(100_000, 50, 50)

settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("dev", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture
def page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write of a report its page, for tests that look at nothing else."""
    monkeypatch.setattr(report, "ALL", ("html",))


@pytest.fixture
def page_and_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write of a report its page and its workbook, for tests that look at nothing else."""
    monkeypatch.setattr(report, "ALL", ("html", "xlsx"))


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do all work in this process, as inside one of several: to start others takes longest."""
    monkeypatch.setattr(parallel, "_serves", True)
