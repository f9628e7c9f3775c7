"""What every result has: a look in the terminal and the notebook, its numbers, and a file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypedDict
from unicodedata import east_asian_width

import pandas as pd

from survey import display, output, settings, spreadsheet, vocabulary
from survey.errors import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROWS = 10
"""Rows that a terminal shows of a result."""
WIDTH = 110
"""Columns of a terminal that a row may take, a Chinese character taking two."""


class Wishes(TypedDict, total=False):
    """Arguments of every chart.

    Attributes
    ----------
    language : {"zh", "en"}
        Else the one that `survey.options` sets.
    title : str
        In place of the chart's own; "" for none.
    figsize : tuple of float
        Width and height in inches of a figure of its own; by default 7 wide and as high as its
        rows need.
    palette : mapping
        Colours in place of the standard ones, by meaning: see `survey.palette.Palette`.
    sort : str
        Column of the result's frame by which rows stand, "-" before it for the greatest first;
        "given" for the order of the frame. Where a chart has no rows, the units named are chosen
        by it.
    top : int
        How many rows to show, or units to name, from the first on.
    """

    language: Language | None
    title: str | None
    figsize: tuple[float, float] | None
    palette: Mapping[str, str] | None
    sort: str | None
    top: int | None


class Result:
    """Base of the results: frozen dataclasses with a frame, the same or not the same as objects.

    Results with equal numbers are different objects; keep them in sets, copy and pickle them.

    Attributes
    ----------
    frame : DataFrame
        The numbers, with English column names; one row a unit.

    Examples
    --------
    >>> import survey, tempfile
    >>> result = survey.plan(survey.simulate(tempfile.mkdtemp(), n_branches=3, seed=1).roster)
    >>> result.why(), result.to_frame().equals(result.frame), "支部" in result.to_display()
    ('', True, True)
    >>> result.to_excel(Path(tempfile.mkdtemp()) / "规划.xlsx").suffix, "frame" in result.to_dict()
    ('.xlsx', True)
    """

    frame: pd.DataFrame
    _name: ClassVar[tuple[str, str]]
    """What it is called, in Chinese and in English."""
    _shown: ClassVar[tuple[str, ...]] = ()
    """Columns worth a look where there is little room; all by default."""

    def why(self, language: Language | None = None) -> str:
        """Say why there are no figures, or fewer; empty where there is nothing to say."""
        return vocabulary.status(getattr(self, "status", "full"), settings.language(language))

    def named_in(self, language: Language) -> Self:
        """Give it with answers and roles in English, where this is asked; branches keep theirs."""
        return self

    def to_frame(self) -> pd.DataFrame:
        """Give the numbers as a frame of your own: to change it changes no result."""
        return self.frame.copy()

    def to_display(self, language: Language | None = None) -> pd.DataFrame:
        """Give the main table in words, for people.

        Parameters
        ----------
        language : {"zh", "en"}, optional
            Else the one that `survey.options` sets.
        """
        language = settings.language(language)
        return display.display(self._table(language), language)

    def to_dict(self) -> dict[str, Any]:
        """Give everything as plain values, fit for JSON: a table is a list of its rows.

        What is missing is None; a figure beyond all bounds is the text ``inf``.
        """
        values = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
        return {name: _plain(value) for name, value in values.items() if not callable(value)}

    def to_excel(
        self, path: str | Path, *, language: Language | None = None, force: bool = False
    ) -> Path:
        """Write every table as a sheet of a workbook, names in words, numbers as numbers.

        Parameters
        ----------
        path : path
            A file ending in ``.xlsx``; it appears only when it is whole.
        language : {"zh", "en"}, optional
            Language of the names; else the one that `survey.options` sets.
        force : bool
            Replace a file that is there.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        ReportError
            If the file is there and `force` is not given, or cannot be written.
        """
        tables = {
            field.name: value
            for field in fields(self)  # type: ignore[arg-type]
            if isinstance(value := getattr(self, field.name), pd.DataFrame) and len(value.columns)
        }
        with output.file(path, force=force) as file:
            spreadsheet.write_workbook(tables, file, settings.language(language))
        return Path(path)

    def _draw(
        self, chart: str, ax: Axes | None, own: Mapping[str, Any] | None = None, /, **wishes: Any
    ) -> Axes:
        """Draw a chart of it: charts know results, so they are found by name at the last moment."""
        axes: Axes = import_module("survey.charts").draw(chart, self, ax, own, **wishes)
        return axes

    def _table(self, language: Language) -> pd.DataFrame:
        """Give the table that people look at, with a name for everyone, who have none."""
        frame = self.named_in(language).frame
        if "branch" not in frame:
            return frame
        everyone = vocabulary.column("university", language)
        return frame.assign(branch=frame["branch"].fillna(everyone))

    def _columns(self) -> Sequence[str]:
        return self._shown

    def _caption(self, language: Language) -> str:
        """Say on what terms the table was made."""
        return ""

    def _bar(self) -> float | None:
        """Give the bar that rates are held against, where there is one."""
        return None

    def __repr__(self) -> str:
        language = settings.language()
        zh = language == "zh"
        table = self._table(language)
        chosen = [name for name in self._columns() if name in table] or list(map(str, table))
        while len(chosen) > 1 and _width(_text(table[chosen].head(ROWS), language)) > WIDTH:
            chosen = chosen[:-1]
        said = [text for text in (self._caption(language), self.why(language)) if text]
        lines = [self._name[0 if zh else 1], *said]
        lines.append(_text(table[chosen].head(ROWS), language))
        left = len(table) - ROWS
        rows = (f"另有 {left} 行，" if zh else f"{left} more rows; ") if left > 0 else ""
        if rows or len(chosen) < len(table.columns):
            lines.append(f"（{rows}全部见 to_display()）" if zh else f"({rows}all in to_display())")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        language = settings.language()
        return display.html(
            self._table(language),
            language,
            columns=self._columns() or None,
            caption=" ".join(filter(None, (self._caption(language), self.why(language)))),
            bar=self._bar(),
        )


def _text(frame: pd.DataFrame, language: Language) -> str:
    if not len(frame):
        return "（没有数据）" if language == "zh" else "(no rows)"
    with pd.option_context("display.unicode.east_asian_width", True, "display.max_colwidth", 40):
        return display.display(frame, language).to_string(index=False)


def _width(text: str) -> int:
    return max(sum(1 + (east_asian_width(c) in "WF") for c in line) for line in text.split("\n"))


def _plain(value: Any) -> Any:
    """Turn a field into what JSON knows; what is missing is None."""
    if isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, pd.DataFrame):
        rows = value.astype(object).where(value.notna(), None).to_dict("records")
        return [{str(name): _plain(cell) for name, cell in row.items()} for row in rows]
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if hasattr(value, "item"):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
    return None if value is pd.NA else str(value)
