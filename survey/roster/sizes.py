"""The numbers of people on a roster: which columns hold them, and whether they add up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from questionnaires import Questionnaire
from questionnaires.words import words
from survey.errors import RosterError
from survey.readers.container.guard import column_letters
from survey.readers.container.sheet import Sheet
from survey.roster.columns import Layout, plain
from survey.roster.model import Notice
from survey.text import quoted

_SIZE = re.compile(r"(\d{1,9})(?:\.0*)?[人名位]?")


@dataclass(frozen=True)
class Counted:
    """Where the sizes stand."""

    # columns whose numbers are sizes, each with its role; None for everybody
    columns: Mapping[int, str | None]
    total: int | None = None  # column that must hold the sum of `parts`
    parts: tuple[int, ...] = ()  # columns that make up everybody
    notices: tuple[Notice, ...] = ()  # what was not used, in Chinese and in English


def counted(layout: Layout, body: Sheet, asked: Questionnaire) -> Counted | None:
    """Decide which columns hold the sizes.

    Parameters
    ----------
    layout : Layout
        What each column is called.
    body : Sheet
        The rows below the header.
    asked : Questionnaire
        Whose roles the groups may be.

    Returns
    -------
    Counted or None
        None where no column counts people, so that a line is a person.

    Raises
    ------
    RosterError
        If several columns may be meant and differ, or there are only such that count some people.
    """
    texts = {at: body.columns[at].texts() for at in (*layout.sizes, *layout.parts)}
    sizes = [*{tuple(texts[at]): at for at in reversed(layout.sizes)}.values()][::-1]
    parts = {at: part for at, part in layout.parts.items() if _is_numeric(texts[at])}
    if len(sizes) > 1:
        raise _several(layout, sizes, body)
    total = sizes[0] if sizes else None
    roles = {at: asked.role_of(part) for at, part in parts.items()}
    of_roles = {at: part for at, part in parts.items() if roles[at] is not None}
    if "role" not in layout.known and len({*roles.values()} - {None}) > 1:
        exhaust = tuple(of_roles) if {*roles.values()} >= {r.id for r in asked.roles} else ()
        return Counted(of_roles, total, exhaust)
    whole = tuple(parts) if layout.is_whole([*parts.values()]) else ()
    if total is not None:
        return Counted(
            {total: None}, total, whole, _unused(layout, total, [*set(parts) - {*whole}])
        )
    if whole:
        names = quoted(layout.names[at] for at in whole)
        added = (
            f"名册没有“人数”一列，以{names}之和作为人数，请核对。",
            f"The roster has no column 人数; the sum of {names} is taken. Check it.",
        )
        return Counted(dict.fromkeys(whole), None, whole, (added,))
    if parts:
        names = quoted(layout.names[at] for at in parts)
        raise RosterError(
            zh=f"名册没有“人数”一列，只有{names}，看不出哪一列是全体应答人员的人数。"
            "请把那一列的列名改为“人数”。",
            en=f"The roster has no column 人数 (number of people), only {names}: it is not clear "
            "which counts everybody. Rename that column to 人数.",
            place=body.place(),
        )
    return None


def _several(layout: Layout, sizes: Sequence[int], body: Sheet) -> RosterError:
    listed = "、".join(f"“{layout.names[at]}”（{column_letters(at)} 列）" for at in sizes)
    listed_en = ", ".join(f"{layout.names[at]!r} (column {column_letters(at)})" for at in sizes)
    return RosterError(
        zh=f"名册有几列都像人数，数字却不同：{listed}。请把应作为总人数的一列改名为“名册人数”。",
        en=f"Several columns of the roster may be the number of people, and differ: {listed_en}. "
        "Rename the one that is meant to 名册人数 (population).",
        place=body.place(),
    )


def _unused(layout: Layout, used: int, unused: Sequence[int]) -> tuple[Notice, ...]:
    if not unused:
        return ()
    names = quoted(layout.names[at] for at in sorted(unused))
    return (
        (
            f"名册人数取自“{layout.names[used]}”一列，{names}没有用到。",
            f"Sizes come from the roster's column {layout.names[used]!r}; {names} is not used.",
        ),
    )


def _is_numeric(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text.strip()]
    return bool(filled) and all(size(text) is not None for text in filled)


def size(text: str) -> int | None:
    """Read a number of people: 12, 12.0, １２, 1,200 or 12人.

    Examples
    --------
    >>> size("１,200 人"), size("12.0"), size("十二")
    (1200, 12, None)
    """
    folded = "".join(unicodedata.normalize("NFKC", text).replace(",", "").split())
    match = _SIZE.fullmatch(folded)
    return int(match[1]) if match else None


def require_all(lines: pd.DataFrame, sheet: Sheet) -> list[int]:
    """Read the sizes of all lines, or stop with the reason that the file itself gives.

    Parameters
    ----------
    lines : DataFrame
        ``text``, with ``file_row``, ``column`` and ``header``.
    sheet : Sheet
        Whose faulty cells are known.

    Raises
    ------
    RosterError
        If a cell is no number: blank, words, an error, a formula without a stored value.
    """
    found = [*map(size, lines["text"])]
    if None not in found:
        return [number for number in found if number is not None]
    text, row, column, header = lines[["text", "file_row", "column", "header"]].iloc[
        found.index(None)
    ]
    place = sheet.place(row=int(row), column=header)
    letters = column_letters(int(column))
    for known in sheet.problems:
        if (known.place.row, known.place.column) == (row, letters):
            zh, en = f"这一格的人数读不出：{known.zh}", f"No size can be read: {known.en}"
            raise RosterError(zh=zh, en=en, place=place)
    if not text:
        zh, en = (
            "人数一格是空的，请补上（没有人就写 0）。",
            "The size is blank; fill it in, or write 0.",
        )
        raise RosterError(zh=zh, en=en, place=place)
    raise RosterError(
        zh=f"人数“{text}”不是非负整数。",
        en=f"The size “{text}” is not a whole number.",
        place=place,
    )


def is_total(label: str) -> bool:
    """Tell a label of totals from a branch's name.

    Examples
    --------
    >>> is_total("合 计："), is_total("甲学院小计"), is_total("甲支部")
    (True, True, False)
    """
    text = plain(label)
    return text.endswith(tuple(words().totals)) or text in ("全校", "全院", "总人数")


def require_sums(totals: pd.DataFrame, table: pd.DataFrame, sheet: Sheet) -> None:
    """Stop at a total that is the sum neither of all lines, nor of those since the last total.

    Parameters
    ----------
    totals, table : DataFrame
        Lines of totals with ``text``, and of branches with ``population``; both with ``file_row``,
        ``column`` and ``header``.

    Raises
    ------
    RosterError
        Naming the total and the sum.
    """
    for column, lines in totals.groupby("column", sort=False):
        counted_lines = table[table["column"] == column]
        last = 0
        for row, text, header in zip(
            lines["file_row"], lines["text"], lines["header"], strict=True
        ):
            above = counted_lines["file_row"] < row
            since = above & (counted_lines["file_row"] > last)
            sums = [int(counted_lines.loc[some, "population"].sum()) for some in (since, above)]
            sums.append(int(counted_lines["population"].sum()))
            last = row
            place = sheet.place(row=int(row), column=header)
            stated = size(text)
            if stated is None and text:
                raise RosterError(
                    zh=f"合计一行的人数“{text}”读不出。请写成整数，或删去这一行。",
                    en=f"The total {text!r} is no whole number. Mend it, or delete the line.",
                    place=place,
                )
            if stated is not None and stated not in sums:
                raise RosterError(
                    zh=f"合计写着 {stated} 人，它上面各行之和却是 {sums[0]} 人。请核对名册。",
                    en=f"The total says {stated} people, but the lines above it add up to "
                    f"{sums[0]}. Check the roster.",
                    place=place,
                )


def require_parts(found: Counted, body: Sheet, layout: Layout) -> None:
    """Stop where the number of everybody is not the sum of the groups beside it.

    Raises
    ------
    RosterError
        Naming the first such row.
    """
    if found.total is None or not found.parts:
        return
    columns = (found.total, *found.parts)
    numbers = [[size(text) for text in body.columns[at].texts()] for at in columns]
    names = quoted(layout.names[at] for at in found.parts)
    for row, whole, *parts in zip(body.rows, *numbers, strict=True):
        if whole is None or None in parts:
            continue
        added = sum(part for part in parts if part is not None)
        if added != whole:
            raise RosterError(
                zh=f"“{layout.names[found.total]}”是 {whole} 人，{names}之和却是 {added} 人。"
                "请核对名册。",
                en=f"{layout.names[found.total]!r} says {whole} people, but {names} add up to "
                f"{added}. Check the roster.",
                place=body.place(row=int(row)),
            )
