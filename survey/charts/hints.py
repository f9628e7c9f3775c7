"""What a page shows when the pointer rests on a row, a point or a cell; dots on paper have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.transforms import blended_transform_factory

from survey import vocabulary
from survey.charts import labels, style
from survey.charts.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.transforms import Transform

    from survey.charts.layout import Rows
    from survey.errors import Language
    from survey.results import Satisfaction

_REACH = 5.0
"""How far from a point its hint is shown, in points."""


class _Hints(Artist):
    """Boxes with a text each, told to a recording and seen by nobody else."""

    def __init__(
        self, boxes: Any, texts: Sequence[str], transform: Transform, reach: float = 0.0
    ) -> None:
        super().__init__()
        self._boxes = np.asarray(boxes, float).reshape(-1, 2, 2)
        self._texts, self._reach = list(texts), reach
        self.set_transform(transform)
        self.set_in_layout(False)

    def draw(self, renderer: RendererBase) -> None:
        """Tell where each text belongs."""
        if not isinstance(renderer, Recording):
            return
        corners = self.get_transform().transform(self._boxes.reshape(-1, 2)).reshape(-1, 2, 2)
        low, high = corners.min(axis=1) - self._reach, corners.max(axis=1) + self._reach
        for (left, bottom), (right, top), text in zip(low, high, self._texts, strict=True):
            renderer.hint(left, bottom, right, top, text)


def rows(ax: Axes, laid: Rows, texts: Sequence[str]) -> None:
    """Give every row a hint, over the whole width of the figure."""
    across = blended_transform_factory(style.figure_of(ax).transFigure, ax.transData)
    edges = zip(laid.edges[:-1], laid.edges[1:], strict=True)
    ax.add_artist(_Hints([[(0, top), (1, bottom)] for top, bottom in edges], texts, across))


def points(ax: Axes, x: Any, y: Any, texts: Sequence[str]) -> None:
    """Give every point a hint."""
    places = np.column_stack([np.asarray(x, float), np.asarray(y, float)])
    ax.add_artist(_Hints(np.stack([places, places], axis=1), texts, ax.transData, _REACH))


def cells(ax: Axes, boxes: Any, texts: Sequence[str]) -> None:
    """Give boxes a hint each: left, top, right and bottom in the units of the axes."""
    ax.add_artist(_Hints(boxes, texts, ax.transData))


def satisfaction(result: Satisfaction, language: Language = "zh") -> list[str]:
    """Say of every unit its rate, interval, answers and verdict; of withheld ones only that.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=3, seed=2)
    >>> result = survey.read(made.export, roster=made.roster).satisfaction(by=None)
    >>> print(*satisfaction(result))
    全体：满意率 ...%，下限 ...%，上限 ...%，有效回答 ...，...
    """
    frame = result.frame.assign(unit=labels.units(result, language))
    texts = []
    for row in frame.to_dict("records"):
        verdict = vocabulary.verdict(row["verdict"], language)
        if row["verdict"] == "withheld" or pd.isna(row["rate"]):
            texts.append(
                labels.say(language, f"{row['unit']}：{verdict}", f"{row['unit']}: {verdict}")
            )
            continue
        rate = (
            f"{vocabulary.column('rate', language)} {labels.percent(row['rate'], bar=result.bar)}"
        )
        if pd.notna(row["population"]) and row["population"] == row["n_valid"]:
            between = vocabulary.census(language)
        else:
            low, high = (labels.percent(row[end], bar=result.bar) for end in ("lower", "upper"))
            between = labels.say(
                language, f"下限 {low}，上限 {high}", f"lower bound {low}, upper bound {high}"
            )
        count = labels.count(row["n_valid"], row["population"])
        of = vocabulary.column("n_valid", language)
        texts.append(
            labels.say(
                language,
                f"{row['unit']}：{rate}，{between}，{of} {count}，{verdict}",
                f"{row['unit']}: {rate}, {between}, {of} {count}, {verdict}",
            )
        )
    return texts
