"""Every chart with results of every kind, for the tests of charts.

Import as ``from tests.survey.charts.gallery import CASES, draw``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from survey import charts
from survey.charts import fonts, style
from survey.charts.sheet import Sheet
from survey.errors import Language
from tests.survey import results_samples as samples

# many charts show the same result, which none changes
_satisfaction, _drivers = cache(samples.sample_satisfaction), cache(samples.sample_drivers)


class Case(NamedTuple):
    """A chart with a result to draw."""

    chart: str
    name: str
    make: Callable[[], Any]
    options: dict[str, Any] = {}  # noqa: RUF012 - never changed

    def describe(self, language: Language = "zh") -> str:
        """Say in words what the chart shows."""
        return charts.describe(self.chart, self.make(), self.options, language=language)

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
        Case(chart, name, lambda kind=kind: _satisfaction(**kind))
        for chart in charts
        for name, kind in {**kinds, "everyone": {"by": ()}}.items()
    ]
    cases += [
        Case("roles", name, lambda kind=kind: _satisfaction(**kind))
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
        Case(chart, name, lambda kind=kind: _drivers(**kind))
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
                lambda kind=kind: _drivers(14, **kind),
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
        "trends": samples.sample_waves,
        "planning_curve": samples.sample_planning,
    }
    cases += [
        Case(chart, name, lambda make=make, n=n: make(n))
        for chart, make in makers.items()
        for name, n in (("one", 1), ("ordinary", 14), ("many", 300))
    ]
    cases.append(Case("reliability", "ordinary", samples.sample_reliability))
    cases.append(Case("funnel", "mean", lambda: _satisfaction(60), {"around": "mean"}))
    return cases


CASES = [*_satisfaction_cases(), *_other_cases()]


def draw(case: Case, ax: Axes | None = None, **wishes: Any) -> Axes:
    """Draw a case on a figure that pyplot does not hold."""
    with style.offscreen():
        return charts.draw(case.chart, case.make(), ax, case.options, **wishes)


class Written(NamedTuple):
    """A line of text with its box, in points of the figure."""

    text: str
    box: Bbox


def sheet_of(ax: Axes) -> Sheet:
    """Give what is written around a chart."""
    (sheet,) = (artist for artist in ax.get_children() if isinstance(artist, Sheet))
    return sheet


def written(ax: Axes) -> list[Written]:
    """List the lines of text of a chart that was drawn, wherever they come from."""
    zoom, found = 72 / ax.figure.dpi, []
    for artist in ax.get_children():
        if isinstance(artist, Sheet):
            for line in artist.lines():
                wide = fonts.width(line.text, line.size)
                low, high = line.y - 0.12 * line.size, line.y + 0.8 * line.size
                box = Bbox.from_extents(line.x, low, line.x + wide, high)
                found.append(Written(line.text, box))
    for text in texts_of(ax):
        box = Bbox(zoom * Text.get_window_extent(text).get_points())
        found.append(Written(text.get_text(), box))
    return found


def texts_of(ax: Axes) -> list[Text]:
    """List what matplotlib writes: labels of ticks and scales, the legend, titles, notices."""
    outside: set[Any] = set()
    for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        for tick in axis.get_major_ticks():
            if not (ax.axison and min(limits) <= tick.get_loc() <= max(limits)):
                outside |= {tick.label1, tick.label2}
    return [
        text
        for text in ax.findobj(Text)
        if isinstance(text, Text)
        and text.get_visible()
        and text.get_text().strip()
        and text not in outside
    ]
