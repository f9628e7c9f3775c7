"""Draw every chart of a report once, for all formats, in parallel where there are many."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from survey import charts, parallel, settings
from survey.charts import plans
from survey.errors import Language
from survey.report.document import Picture

Form = Literal["page", "svg", "png"]
DPI = 300
COARSE, FEW = 200, 20
"""Dots per inch of more pages than these, lest a report of 200 branches outgrow a mail."""
NARROW = 3.0
"""Width in inches of a chart on a phone: its smallest text has 11 pixels on 390."""
MANY = 80
"""Pages of charts from which on a second process pays for its start."""


@dataclass(frozen=True)
class Drawing:
    """One page of a chart in the forms that were asked for; the others are empty."""

    words: str  # what the whole chart shows
    page: str  # SVG whose texts are texts, for a page that carries the font
    narrow: str  # the same as ``page``, drawn anew for the width of a phone
    svg: str  # SVG whose texts are outlines, for a file of its own
    png: bytes  # picture of `DPI` dots per inch, of many pages `COARSE`
    # size in inches
    width: float
    height: float


Gallery: TypeAlias = Mapping[str, tuple[Drawing, ...]]
"""Name of a picture → its pages."""


def gallery(
    pictures: Iterable[Picture],
    forms: Collection[Form],
    *,
    language: Language = "zh",
    few: int = FEW,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Gallery:
    """Draw charts.

    Parameters
    ----------
    few : int
        Pages from which on pictures are coarser.
    workers : int, optional
        Processes; by default one for few pages and one a processor for many.
    progress : callable, optional
        Told how many pages of how many are done.
    """
    jobs = [
        (picture, part, words)
        for picture in pictures
        for words in [describe(picture, language)]
        for part in pages(picture, language)
    ]
    dpi = DPI if len(jobs) <= few else COARSE
    workers = workers or (parallel.processors() if len(jobs) >= MANY else 1)
    made: dict[str, list[Drawing]] = {}
    if progress is not None and jobs:
        progress(0, len(jobs))
    font = settings.current().font
    tasks = [(part, words, tuple(forms), dpi, font) for _, part, words in jobs]
    for done, ((picture, *_), drawing) in enumerate(
        zip(jobs, parallel.in_parallel(_draw, tasks, workers), strict=True), start=1
    ):
        made.setdefault(picture.name, []).append(drawing)
        if progress is not None:
            progress(done, len(jobs))
    return {name: tuple(drawings) for name, drawings in made.items()}


def pages(picture: Picture, language: Language = "zh") -> list[plans.Plan]:
    """Part a chart into pages that each fit a sheet, few of them."""
    own = dict(picture.arguments)
    whole = charts.plan(picture.chart, picture.result, own, language=language)
    return plans.pages(whole, language=language)


def describe(picture: Picture, language: Language = "zh") -> str:
    """Say in words what a chart shows."""
    own = dict(picture.arguments)
    return charts.describe(picture.chart, picture.result, own, language=language)


def _draw(plan: plans.Plan, words: str, forms: tuple[Form, ...], dpi: int, font: str) -> Drawing:
    from survey.charts import paper
    from survey.charts.recording import POINTS

    with settings.options(font=font):
        narrow = ""
        if "page" in forms:
            narrow = paper.recorded(plan, NARROW).svg(embed_text=True)
        drawn = paper.recorded(plan)
        return Drawing(
            words,
            page=drawn.svg(embed_text=True) if "page" in forms else "",
            narrow=narrow,
            svg=drawn.svg(embed_text=False) if "svg" in forms else "",
            png=drawn.png(dpi) if "png" in forms else b"",
            width=drawn.width / POINTS,
            height=drawn.height / POINTS,
        )
