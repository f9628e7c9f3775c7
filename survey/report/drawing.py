"""Draw the charts of a report: every page of a chart becomes one figure."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from survey.errors import Language
from survey.report.document import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figures(picture: Picture, language: Language = "zh") -> Iterator[Figure]:
    """Draw a chart, one figure a page, held by nobody but the caller.

    Parameters
    ----------
    picture : Picture
        Which chart, of what.
    language : {"zh", "en"}
        Language of its texts.

    Yields
    ------
    Figure
        A chart of many branches comes in pages that each fit a sheet.
    """
    from survey.charts import style

    module = _module(picture)
    pages = module.pages(picture.result) if hasattr(module, "pages") else [picture.result]
    for page in pages:
        with style.offscreen():
            yield module.draw(page, language=language, **picture.arguments).figure


def describe(picture: Picture, language: Language = "zh") -> str:
    """Say in words what a chart shows."""
    text: str = _module(picture).describe(picture.result, language=language, **picture.arguments)
    return text


def _module(picture: Picture) -> Any:
    return import_module(f"survey.charts.{picture.chart}")
