"""Which rows of a sheet are answers and which columns are questions; the rest is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from questionnaires.words import words
from survey.readers.container.guard import column_letters
from survey.readers.container.sheet import Sheet
from survey.readers.problems import Problem
from survey.readers.wording import is_remark, key


def answers_below(sheet: Sheet, headers: Sequence[str], first: int) -> Sheet:
    """Give the respondents' rows: no blank rows, no header pasted in again.

    Each repeated header row that was left out is a problem.
    """
    body = sheet.body(first)
    same = np.zeros(body.n_rows, np.bool_)
    above = [row for i in range(first) for row in (sheet.row(i), _unmerged(sheet, i))]
    for cells in (headers, *above):
        same |= _equals(body, cells)
    if not same.any():
        return body
    repeated = [
        Problem(
            zh="该行重复了表头（多次下载粘贴在一起），已略去。",
            en="The row repeats the header (downloads pasted together) and was left out.",
            place=body.place(at=int(index)),
        )
        for index in np.flatnonzero(same)
    ]
    kept = body.take(np.flatnonzero(~same))
    return replace(kept, problems=(*kept.problems, *repeated))


def _unmerged(sheet: Sheet, index: int) -> list[str]:
    """Give a row as it is pasted elsewhere: a merged value stands in its first cell only."""
    row, at = sheet.row(index), int(sheet.rows[index])
    for top, left, bottom, right in sheet.merged:
        if top <= at <= bottom and left < len(row):
            kept = row[left] if at == top else ""
            row[left : right + 1] = [kept, *[""] * (min(right + 1, len(row)) - left - 1)]
    return row


def without_totals(sheet: Sheet, first: int) -> Sheet:
    """Leave out rows of totals and of nothing but remarks, naming each."""
    totals = words().totals | words().averages
    total, blank = np.zeros(sheet.n_rows, np.bool_), np.ones(sheet.n_rows, np.bool_)
    for column in sheet.columns[:2]:
        # Numbers and times are no such word, and there may be very many.
        says = [not text[:1].isdecimal() and key(text) in totals for text in column.levels]
        total |= blank & np.array(says, np.bool_)[column.codes]
        blank &= column.is_blank()[column.codes]
    remark = sheet.occupied()
    for column in sheet.columns:
        if not remark[first:].any():
            break
        maybe = [not text.strip() or is_remark(text) for text in column.levels]
        remark &= np.array(maybe, np.bool_)[column.codes]
    total[:first] = remark[:first] = False
    if not (total | remark).any():
        return sheet
    problems = (
        Problem(
            zh=f"该行{'是合计或平均' if total[at] else '只有备注或落款'}，不是答卷，已略去。",
            en=f"The row holds {'totals' if total[at] else 'a remark'}, no answer: left out.",
            place=sheet.place(row=int(sheet.rows[at])),
            severity="warning",
        )
        for at in np.flatnonzero(total | remark)
    )
    kept = sheet.take(np.flatnonzero(~(total | remark)))
    return replace(kept, problems=(*sheet.problems, *problems))


def _equals(body: Sheet, cells: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Tell which rows hold exactly these cells: who ticked every option also left others blank."""
    same = np.full(body.n_rows, any(cell.strip() for cell in cells), np.bool_)
    for column, cell in zip(body.columns, cells, strict=True):
        if not same.any():
            break
        if cell.strip():
            same &= column.codes == (column.levels.index(cell) if cell in column.levels else -1)
        else:
            same &= column.is_blank()[column.codes]
    return same


def sort_columns(
    headers: Sequence[str], names: Mapping[str, str], known: Mapping[int, str], body: Sheet
) -> tuple[dict[str, int], list[int], list[Problem]]:
    """Part metadata columns, recognised by exact name at any position, from questions.

    `asked`: Columns that are left for questions.
    """
    metadata: dict[str, int] = {}
    asked: list[int] = []
    problems = []
    for index, header in enumerate(headers):
        name = known.get(index) or names.get(key(header), "")
        place = body.place(column=column_letters(index))
        if not header:
            if any(level.strip() for level in body.columns[index].levels):
                problems.append(
                    Problem(
                        zh="该列没有表头但有内容，未作为题目使用。",
                        en="The column has no header but has content; it is not used.",
                        place=place,
                        severity="warning",
                    )
                )
        elif not name:
            asked.append(index)
        elif name in metadata:
            problems.append(
                Problem(
                    zh=f"“{header}”列重复出现，只使用第一列。",
                    en=f"The column {header} occurs again; only the first is used.",
                    place=place,
                    severity="warning",
                )
            )
        else:
            metadata[name] = index
    return metadata, asked, problems
