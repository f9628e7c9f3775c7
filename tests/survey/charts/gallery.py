"""Every chart with results of every kind, for the tests of charts.

Import as ``from tests.survey.charts.gallery import CASES, draw``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

from matplotlib.axes import Axes

from survey.charts import style
from tests.survey import results_samples as samples

CHARTS = (
    "branch_dimensions",
    "caterpillar",
    "changes",
    "dimension_map",
    "funnel",
    "item_bars",
    "item_forest",
    "nonresponse",
    "planning_curve",
    "ranks",
    "reliability",
    "response_rates",
    "roles",
    "waterfall",
)


class Case(NamedTuple):
    """A chart with a result to draw."""

    chart: str
    name: str
    make: Callable[[], Any]
    options: dict[str, Any] = {}  # noqa: RUF012 - never changed

    @property
    def module(self) -> ModuleType:
        """The chart's module."""
        return import_module(f"survey.charts.{self.chart}")

    def __str__(self) -> str:
        return f"{self.chart}-{self.name}"


def _satisfaction_cases() -> list[Case]:
    kinds: dict[str, dict[str, Any]] = {
        "one": {"n_branches": 1},
        "ordinary": {"n_branches": 14},
        "many": {"n_branches": 300},
        "all-satisfied": {"satisfied": 1.0},
        "nobody-satisfied": {"satisfied": 0.0},
        "unknown-population": {"known_population": False},
        "all-withheld": {"withheld": True},
        "by-role": {"by": ("role",)},
        "by-branch-and-role": {"by": ("branch", "role")},
    }
    charts = ("caterpillar", "response_rates", "nonresponse", "funnel")
    cases = [
        Case(chart, name, lambda kind=kind: samples.sample_satisfaction(**kind))
        for chart in charts
        for name, kind in {**kinds, "everyone": {"by": ()}}.items()
    ]
    cases += [
        Case("roles", name, lambda kind=kind: samples.sample_satisfaction(**kind))
        for name, kind in (
            ("by-role", {"by": ("role",)}),
            *((name, {**kind, "by": ("branch", "role")}) for name, kind in kinds.items()),
        )
        if not name.startswith("by-branch")
    ]
    return cases


def _other_cases() -> list[Case]:
    drivers: dict[str, dict[str, Any]] = {
        "one": {"n_branches": 1},
        "ordinary": {"n_branches": 14},
        "many": {"n_branches": 300},
        "indicative": {"status": "indicative"},
        "too-few": {"status": "none_too_few_events"},
        "no-order": {"status": "sum_only_vif"},
    }
    cases = [
        Case(chart, name, lambda kind=kind: samples.sample_drivers(**kind))
        for chart in ("waterfall", "dimension_map", "item_forest")
        for name, kind in drivers.items()
    ]
    names = samples.branch_names(14)
    for name, kind, branch in (
        ("ordinary", {}, names[1]),
        ("withheld", {}, names[2]),
        ("too-few", {"status": "none_too_few_events"}, names[0]),
    ):
        cases.append(
            Case(
                "branch_dimensions",
                name,
                lambda kind=kind: samples.sample_drivers(14, **kind),
                {"branch": branch},
            )
        )
    cases += [
        Case(
            "item_bars", name, lambda satisfied=satisfied: samples.sample_items(satisfied=satisfied)
        )
        for name, satisfied in (
            ("ordinary", None),
            ("all-satisfied", 1.0),
            ("nobody-satisfied", 0.0),
        )
    ]
    makers = {
        "ranks": samples.sample_ranking,
        "changes": samples.sample_comparison,
        "planning_curve": samples.sample_planning,
    }
    cases += [
        Case(chart, name, lambda make=make, n=n: make(n))
        for chart, make in makers.items()
        for name, n in (("one", 1), ("ordinary", 14), ("many", 300))
    ]
    cases.append(Case("reliability", "ordinary", samples.sample_reliability))
    cases.append(
        Case("funnel", "mean", lambda: samples.sample_satisfaction(60), {"around": "mean"})
    )
    return cases


CASES = [*_satisfaction_cases(), *_other_cases()]


def draw(case: Case, language: str = "zh") -> Axes:
    """Draw a case on a figure that pyplot does not hold."""
    with style.offscreen():
        axes: Axes = case.module.draw(case.make(), language=language, **case.options)
    return axes
