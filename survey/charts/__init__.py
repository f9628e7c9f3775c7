"""Charts of the results, one file each: ``plan(result, look)`` and ``describe(result, look)``.

=====================  ============================================================
caterpillar            satisfaction of every unit with its interval and the bar
waterfall              dissatisfaction from the floor over the dimensions to its rate
dimension_map          branches by dimensions against the university
branch_dimensions      one branch against the university
item_bars              answers to every item, diverging from the neutral level
item_forest            dissatisfaction that goes with every item
response_rates         answers received against people on the roster
nonresponse            what the silent could change
funnel                 rates against the number of answers, with control limits
ranks                  ranks with intervals
roles                  satisfaction by role
changes                change between two waves
trends                 satisfaction over several waves
planning_curve         answers needed to be able to pass
reliability            reliability of the dimensions
=====================  ============================================================

`draw` draws any of them, as the results' own ``plot…`` methods do; `describe` says in words what it
shows; `use_font` sets all charts, and the analyst's own texts, in a font that holds Chinese. A
plan (`plans`) is what a chart shows, as data: rows with their `marks`, scale, title, legend and
columns of figures. `style` draws it on axes, around which `sheet` writes; `paper` draws that of a
report without any; both place what they write by `fitting` and `placing`. `recording` writes SVG
and PNG. Beside them: `look` (what an analyst can ask of every chart), `palette` (colours),
`layout` (rows and pages), `labels` and `units` (texts), `fonts`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from survey.errors import nearest

if TYPE_CHECKING:
    from typing import Unpack

    from matplotlib.axes import Axes

    from survey.charts.fonts import use_font
    from survey.charts.plans import Plan
    from survey.contract import Wishes
    from survey.errors import Language

CHARTS = (
    *("branch_dimensions", "caterpillar", "changes", "dimension_map", "funnel", "item_bars"),
    *("item_forest", "nonresponse", "planning_curve", "ranks", "reliability", "response_rates"),
    *("roles", "trends", "waterfall"),
)

__all__ = ["CHARTS", "describe", "draw", "plan", "use_font"]


def plan(chart: str, result: Any, own: dict[str, Any] | None = None, **wishes: Any) -> Plan:
    """Say as data what a chart shows.

    Parameters
    ----------
    chart : str
        One of `CHARTS`.
    result : Result
        What it takes.
    own : dict, optional
        Arguments of this chart alone, such as ``branch``.
    **wishes
        See `survey.contract.Wishes`.

    Raises
    ------
    UsageError
        If there is no such chart, or a wish cannot be met.
    """
    from survey.charts.look import Look

    look = Look.of(**wishes)
    made: Plan = _module(chart).plan(result.named_in(look.language), look, **(own or {}))
    return made


def draw(
    chart: str,
    result: Any,
    ax: Axes | None = None,
    own: dict[str, Any] | None = None,
    **wishes: Unpack[Wishes],
) -> Axes:
    """Draw a chart: arguments as for `plan`, and the axes to draw on.

    Parameters
    ----------
    ax : Axes, optional
        By default those of a figure of its own.

    Returns
    -------
    Axes
        What stands around them follows the size of the figure: see `survey.charts.sheet`.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=3, seed=2)
    >>> result = survey.read(made.export, roster=made.roster).satisfaction()
    >>> ax = draw("caterpillar", result, top=2, title="前两名")
    """
    from survey.charts.style import show

    return show(plan(chart, result, own, **wishes), ax, wishes.get("figsize"))


def describe(
    chart: str, result: Any, own: dict[str, Any] | None = None, *, language: Language | None = None
) -> str:
    """Say in words what a chart shows."""
    from survey.charts.look import Look

    look = Look.of(language=language)
    text: str = _module(chart).describe(result.named_in(look.language), look, **(own or {}))
    return text


def _module(chart: str) -> Any:
    if chart not in CHARTS:
        raise nearest("chart", chart, CHARTS)
    return import_module(f"survey.charts.{chart}")


def __getattr__(name: str) -> object:
    # the results know this registry, and matplotlib is loaded by the first chart only
    if name == "use_font":
        from survey.charts.fonts import use_font

        return use_font
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
