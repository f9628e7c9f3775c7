"""Which platform wrote a sheet: every platform's file is found by itself and asked."""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import NamedTuple

import numpy as np

from survey.errors import ReadError
from survey.readers import platforms as package
from survey.readers.container.sheet import Sheet
from survey.readers.grammar.dialect import Dialect
from survey.readers.grammar.model import Evidence
from survey.readers.problems import Problem

# What nobody recognises for sure is read as a table made by hand.
_FALLBACK = "manual"
_TITLE_ROWS = 10


@cache
def platforms() -> dict[str, Dialect]:
    """Gather the platforms: every module of this package that offers a ``DIALECT``.

    Examples
    --------
    >>> platforms()["wjx"].title
    '问卷星'
    """
    modules = (
        import_module(f"{package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    )
    found = [module.DIALECT for module in modules if hasattr(module, "DIALECT")]
    return {platform.name: platform for platform in found}


class Detected(NamedTuple):
    """What recognised a sheet."""

    platform: Dialect
    evidence: Evidence
    sheet: Sheet  # without title rows that somebody put above a platform's header


def detect(sheet: Sheet, wanted: str | None = None) -> Detected:
    """Ask every platform about a sheet and take the most confident.

    Raises
    ------
    ReadError
        The wanted platform does not exist.
    """
    known = platforms()
    if wanted is not None:
        if wanted not in known:
            names = "、".join(known)
            raise ReadError(
                zh=f"不认识的平台“{wanted}”，可用：{names}。",
                en=f"Unknown platform {wanted!r}; known: {names}.",
                place=sheet.place(),
            )
        evidence = Evidence(wanted, "由用户指定", "named by the user", 1.0)
        return Detected(known[wanted], evidence, sheet)
    best = _ask(sheet)
    below = _below_titles(sheet)
    if below is not None and not (best and best.is_sure):
        under = _ask(below)
        if under and under.is_sure:
            return Detected(known[under.platform], under, below)
    if best is None:
        zh = "不是已知平台的导出，按手工表格读取"
        best = Evidence(_FALLBACK, zh, "no known platform: read as a hand-made sheet", 0.1)
    return Detected(known[best.platform], best, sheet)


def likeness(sheet: Sheet) -> int:
    """Say how much a sheet looks like an export.

    2 for a platform's, 1 for a table of several rows and columns, 0 for anything else.
    """
    below = _below_titles(sheet)
    asked = [_ask(one) for one in (sheet, below) if one is not None]
    if any(evidence and evidence.is_sure for evidence in asked):
        return 2
    n_columns = sum(any(map(str.strip, column.levels)) for column in sheet.columns)
    return int(n_columns > 1 and sheet.occupied().sum() > 1)


def _ask(sheet: Sheet) -> Evidence | None:
    found = (dialect.evidence(sheet) for dialect in platforms().values())
    return max(
        (evidence for evidence in found if evidence),
        key=lambda evidence: evidence.confidence,
        default=None,
    )


def _below_titles(sheet: Sheet) -> Sheet | None:
    """Leave leading rows with at most one cell out, or give None where there are none."""
    first = 0
    while first < min(sheet.n_rows, _TITLE_ROWS):
        if len({cell.strip() for cell in sheet.row(first)} - {""}) > 1:
            break
        first += 1
    if first == 0 or first >= sheet.n_rows:
        return None
    notice = Problem(
        zh=f"表头在第 {int(sheet.rows[first])} 行，其上是标题，已略去。",
        en=f"The header is in row {int(sheet.rows[first])}; titles above it were left out.",
        place=sheet.place(row=int(sheet.rows[first])),
    )
    below = sheet.take(np.arange(first, sheet.n_rows))
    return replace(below, problems=(*below.problems, notice))
