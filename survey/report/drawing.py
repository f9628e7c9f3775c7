"""Draw every chart of a report once, for all formats, in parallel where there are many."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from survey.errors import Language
from survey.report import parallel
from survey.report.document import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Form = Literal["page", "svg", "png"]
DPI = 300
MANY = 24
"""Pages of charts from which on a second process pays for its start."""


@dataclass(frozen=True)
class Drawing:
    """One page of a chart in the forms that were asked for; the others are empty.

    Parameters
    ----------
    page : str
        SVG whose texts are texts, for a page that carries the font.
    svg : str
        SVG whose texts are outlines, for a file of its own.
    png : bytes
        Picture of as many dots per inch as were asked for.
    width, height : float
        Size in inches.
    """

    page: str
    svg: str
    png: bytes
    width: float
    height: float


Gallery: TypeAlias = Mapping[str, tuple[Drawing, ...]]
"""Name of a picture → its pages."""


def gallery(
    pictures: Iterable[Picture],
    forms: Collection[Form],
    *,
    language: Language = "zh",
    dpi: int = DPI,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Gallery:
    """Draw charts.

    Parameters
    ----------
    pictures : iterable of Picture
        Which charts.
    forms : collection of {"page", "svg", "png"}
        What is needed of each.
    language : {"zh", "en"}
        Language of all texts.
    dpi : int
        Dots per inch of ``png``.
    workers : int, optional
        Processes; by default one for few pages and one a processor for many.
    progress : callable, optional
        Told how many pages of how many are done.

    Returns
    -------
    Gallery
        Pages of each picture in order.
    """
    jobs = [(picture, part) for picture in pictures for part in pages(picture)]
    workers = workers or (parallel.processors() if len(jobs) >= MANY else 1)
    made: dict[str, list[Drawing]] = {}
    if progress is not None and jobs:
        progress(0, len(jobs))
    tasks = [(picture, part, tuple(forms), language, dpi) for picture, part in jobs]
    for done, ((picture, _), drawing) in enumerate(
        zip(jobs, parallel.in_parallel(_draw, tasks, workers), strict=True), start=1
    ):
        made.setdefault(picture.name, []).append(drawing)
        if progress is not None:
            progress(done, len(jobs))
    return {name: tuple(drawings) for name, drawings in made.items()}


def pages(picture: Picture) -> list[object]:
    """Cut a chart's result into parts that each fit a sheet."""
    module = _module(picture)
    return list(module.pages(picture.result)) if hasattr(module, "pages") else [picture.result]


def describe(picture: Picture, language: Language = "zh") -> str:
    """Say in words what a chart shows."""
    text: str = _module(picture).describe(picture.result, language=language, **picture.arguments)
    return text


def _module(picture: Picture) -> Any:
    return import_module(f"survey.charts.{picture.chart}")


def _draw(
    picture: Picture, part: object, forms: tuple[Form, ...], language: Language, dpi: int
) -> Drawing:
    from survey.charts import style
    from survey.charts.pictures import element, to_png
    from survey.charts.recording import record

    with style.offscreen():
        figure: Figure = _module(picture).draw(part, language=language, **picture.arguments).figure
    width, height = figure.get_size_inches()
    with record(figure) as drawn:
        return Drawing(
            page=element(drawn.svg(embed_text=True)) if "page" in forms else "",
            svg=element(drawn.svg(embed_text=False)) if "svg" in forms else "",
            png=to_png(drawn.dots(dpi), dpi) if "png" in forms else b"",
            width=float(width),
            height=float(height),
        )
