"""Hand-made sheets: titles, merged group headers, stray cells, totals at the end, all SEEN."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from questionnaires.words import words
from survey.errors import ReadError
from survey.readers.container.guard import column_letters
from survey.readers.container.sheet import Sheet
from survey.readers.grammar.decoding import decode_column, looks_closed
from survey.readers.grammar.dialect import Asked, Dialect, Head
from survey.readers.grammar.grouping import alike, as_choices, parted, shared_out
from survey.readers.grammar.model import NOT_ASKED, Grammar, Question
from survey.readers.problems import Problem
from survey.readers.wording import key, strip_hint, tidy

NAMES = {
    "序号": "sequence",
    "编号": "sequence",
    "no": "sequence",
    "no.": "sequence",
    "id": "respondent_id",
    "提交时间": "submitted_at",
    "填写时间": "submitted_at",
    "答题时间": "submitted_at",
    "时间": "submitted_at",
    "开始时间": "started_at",
    "ip": "ip",
    "总分": "score",
    "合计": "score",
}
_HEADER = re.compile(r"(?:(?P<n>\d+)\s*[、.．]\s*(?=\D))?(?P<stem>.*)", re.DOTALL)
_NUMERIC = re.compile(r"[+-]?\d+(?:\.\d+)?%?")
_HEADER_SEARCH = 20
_FEW_REPEATS = 4
# Q1, v_12, SQ001, Q3_1, A2a: names that programs give to columns.
_CODED = re.compile(r"[A-Za-z]{1,8}[_.-]?\d{1,4}[a-z]?(?:[_.-]?\w{1,6})*")
_FEWEST_CODES = 3
# Headings of results, one of each beside the others; and their cells: 12(60.00%).
_RESULTS = (
    ("选项", "option", "options"),
    ("小计", "人数", "频数", "票数", "次数", "数量", "count", "subtotal", "responses"),
    ("比例", "百分比", "占比", "percent", "percentage", "proportion"),
)
_COUNTED = re.compile(r"\d+\s*[(（]\s*\d+(?:\.\d+)?\s*[%％][)）]")
_FEWEST_COUNTED = 2
_GRAMMAR = Grammar(
    negative_codes={"-3": NOT_ASKED},
    joint=re.compile(r"[┋、;；]"),
    certain_join=False,
)


def _head(sheet: Sheet) -> Head:
    """Find titles, headings over several names, names and a row of codes.

    Raises
    ------
    ReadError
        No row looks like a header.
    """
    cells = _spread(sheet)
    _refuse_results(sheet, cells)
    top, names_row = _header(sheet, cells)
    groups, names = _labels(sheet, cells, top, names_row)
    second = _second_row(sheet, cells, names, names_row)
    first = names_row + 1 + (second is not None)
    problems = [_understood(sheet, names_row)]
    if second is None:
        problems += _stray(sheet, cells, names, names_row)
    else:
        problems.append(_coded_row(sheet, names_row))
        names = second
    headers = tuple(f"{g}—{n}" if g else n for g, n in zip(groups, names, strict=True))
    rows = (tuple(groups), tuple(names))
    return Head(headers, first, rows, problems=tuple(problems))


def _refuse_results(sheet: Sheet, cells: list[list[str]]) -> None:
    """Stop at a page of results: options with counts and shares, which are nobody's answers."""
    for index, row in enumerate(cells):
        texts = {*map(key, row)}
        counted = all(texts & {*words} for words in _RESULTS)
        if counted or sum(bool(_COUNTED.fullmatch(text)) for text in texts) >= _FEWEST_COUNTED:
            raise ReadError(
                zh="这是汇总好的统计结果（各选项的人数和比例），不是一行一人的答卷，不能由它计算。请从平台下载"
                "答卷数据（问卷星：下载答卷数据，按选项文本下载），再放入下载的文件。",
                en="This is a page of results (options with counts and shares), not answers with "
                "one row a person: nothing can be computed from it. Download the answers from the "
                "platform (问卷星: 下载答卷数据, 按选项文本下载) and give that file.",
                place=sheet.place(row=int(sheet.rows[index])),
            )


def _require_names(asked: Asked) -> None:
    """Stop where the names recur below as answers: the first answer stands in their place."""
    # Downloads pasted together repeat a header now and then, people alike their answers often.
    often = asked.n_repeats > _FEW_REPEATS and asked.n_repeats > 0.1 * asked.body.n_rows
    recurring = [*map(column_letters, asked.decoded)] if often else []
    n_closed = len(recurring)
    for index, cells in asked.decoded.items():
        # A column that holds its own header only is an option that was ticked.
        if looks_closed(cells.valid) and len(cells.valid) > 1:
            n_closed += 1
            if key(asked.headers[index]) in map(key, cells.valid):
                recurring.append(column_letters(index))
    if recurring and len(recurring) >= 0.6 * n_closed:
        raise ReadError(
            zh=f"没有列名：最上面一行像是一份答卷（{'、'.join(recurring)} 列的内容在下面也出现）。"
            "请在最上面加一行列名。",
            en="There are no column names: the first row looks like an answer (what stands in "
            f"column {', '.join(recurring)} recurs below). Put a row of names above it.",
            place=asked.body.place(),
        )


def _spread(sheet: Sheet) -> list[list[str]]:
    """Give the first rows with merged values written into every cell of the merge."""
    rows = [[tidy(c) for c in sheet.row(i)] for i in range(min(sheet.n_rows, _HEADER_SEARCH))]
    for top, left, bottom, right in sheet.merged:
        if top - 1 < len(rows) and left < len(sheet.columns):
            value = rows[top - 1][left]
            for row in rows[top - 1 : bottom]:
                for column in range(left, min(right + 1, len(row))):
                    row[column] = value
    return rows


def _header(sheet: Sheet, cells: list[list[str]]) -> tuple[int, int]:
    """Find the first header row below the titles, and the row that holds the names."""
    top = None
    width = max((sum(map(bool, row)) for row in cells), default=0)
    for index, row in enumerate(cells):
        words = {text for text in row if text and not _NUMERIC.fullmatch(text)}
        filled = {text for text in row if text}
        if len(filled) <= 1 and width > 1:
            continue
        if top is None:
            top = index
        if len(words) >= min(3, max(1, width - 1)) and len(words) >= 0.5 * len(filled):
            if _is_group_row(sheet, cells, index):
                continue
            return top, index
    raise ReadError(
        zh="找不到表头行：前 20 行里没有一行有至少三个不同的列名。",
        en="No header row was found: none of the first 20 rows has three different names.",
        place=sheet.place(),
    )


def _is_group_row(sheet: Sheet, cells: list[list[str]], index: int) -> bool:
    """Tell a row of group headings: something in it is merged across, names stand below."""
    across = [m for m in sheet.merged if m[0] - 1 <= index <= m[2] - 1 and m[3] > m[1]]
    if not across or index + 1 >= len(cells):
        return False
    below = cells[index + 1]
    return any(
        len({text for text in below[left : right + 1] if text and not _NUMERIC.fullmatch(text)}) > 1
        for _, left, _, right in across
    )


def _labels(
    sheet: Sheet, cells: list[list[str]], top: int, names_row: int
) -> tuple[list[str], list[str]]:
    """Give each column its group, if there is one, and its name."""
    names, groups = [], []
    for column, name in enumerate(cells[names_row]):
        above = [row[column] for row in cells[top:names_row] if row[column]]
        if (not name or _NUMERIC.fullmatch(name)) and above:
            name = above.pop()
        groups.append("—".join(dict.fromkeys(text for text in above if text != name)))
        names.append(name)
    # One heading over everything says nothing about a single column.
    if groups.count(max(groups, key=groups.count)) >= len(groups) - 1:
        groups = [""] * len(groups)
    return groups, names


def _second_row(
    sheet: Sheet, cells: list[list[str]], names: Sequence[str], names_row: int
) -> list[str] | None:
    """Give the names where the row of names and the one below it are names and codes of them."""
    if names_row + 1 >= len(cells):
        return None
    below = cells[names_row + 1]
    filled = [i for i, name in enumerate(names) if name and below[i]]
    coded = [sum(bool(_CODED.fullmatch(row[i])) for i in filled) for row in (names, below)]
    if len(filled) < _FEWEST_CODES or min(coded) > 0.2 * len(filled):
        return None
    if max(coded) < 0.8 * len(filled) or len({below[i] for i in filled}) < len(filled):
        return None
    # What is asked does not recur among the answers, and these recur themselves.
    answers = sheet.body(names_row + 2)
    closed = 0
    for i in filled:
        column = decode_column(answers.columns[i], _GRAMMAR).valid
        if key(below[i]) in map(key, column):
            return None
        closed += looks_closed(column)
    if closed < 0.5 * len(filled):
        return None
    worded, codes = (names, below) if coded[0] < coded[1] else (below, names)
    return [name or code for name, code in zip(worded, codes, strict=True)]


def _coded_row(sheet: Sheet, names_row: int) -> Problem:
    row = int(sheet.rows[names_row + 1])
    return Problem(
        zh=f"第 {row} 行也是表头（与上一行一个是题目、一个是编码），不是答卷。",
        en=f"Row {row} belongs to the header, too: one row holds the names, the other their codes.",
        place=sheet.place(row=row),
    )


def _understood(sheet: Sheet, names_row: int) -> Problem:
    row = int(sheet.rows[names_row])
    return Problem(
        zh=f"第 {row} 行作为列名。",
        en=f"Row {row} was taken for the column names.",
        place=sheet.place(row=row),
    )


def _stray(
    sheet: Sheet, cells: list[list[str]], names: Sequence[str], names_row: int
) -> Iterator[Problem]:
    """Name the cells of the names row that hold something else than their column's name."""
    for column, (cell, name) in enumerate(zip(cells[names_row], names, strict=True)):
        if cell and cell != name:
            yield Problem(
                zh=f"列名行的这一格写着“{cell}”，不是列名，已略去（该列名为“{name}”）。",
                en=f"This cell of the names row holds {cell!r} and was left out (the column is "
                f"named {name!r}).",
                place=sheet.place(row=int(sheet.rows[names_row]), column=column_letters(column)),
                severity="warning",
            )


def _group(asked: Asked) -> Iterator[Question | Problem]:
    """Put neighbours below one heading together where they answer on one scale."""
    _require_names(asked)
    groups, names = map(list, asked.head.rows)
    for index in asked.columns:
        if not groups[index] and "_" in names[index]:
            groups[index], _, names[index] = names[index].partition("_")

    choices = {options[0]: options for options in _choices(asked, groups)}
    options = {*chain.from_iterable(choices.values())}
    together = shared_out(asked, dict(enumerate(groups)))

    def joins(run: list[int], index: int) -> bool:
        if groups[run[-1]] != groups[index] or not options.isdisjoint((run[-1], index)):
            return False
        if together.issuperset((run[-1], index)):
            return True
        return bool(groups[index]) and alike(asked, run[-1], index)

    for run in asked.runs(joins):
        head = parted(groups[run[0]], _HEADER)
        if chosen := choices.get(run[0]):
            own = tuple(names[i] for i in chosen)
            stem = head.stem or "、".join(own)
            yield Question(head.number, stem, chosen, (), own, kind="multi", layout="indicator")
            yield as_choices(stem, asked)
            for index in {*range(chosen[0], chosen[-1])}.difference(chosen):
                yield _no_option(names[index], stem, asked)
        elif options.issuperset(run):
            continue
        elif len(run) > 1:
            yield Question(head.number, head.stem, tuple(run), tuple(names[i] for i in run))
        else:
            head = parted(asked.headers[run[0]], _HEADER)
            stem, hint = strip_hint(head.stem)
            heading, _, name = stem.rpartition("—")
            yield Question(head.number, stem, (run[0],), hint=hint, name=name if heading else "")


def _choices(asked: Asked, groups: Sequence[str]) -> Iterator[tuple[int, ...]]:
    """Give neighbouring columns of ticks, two or more; of those below one heading the blank, too.

    A blank column among others says nothing: without a heading it is no option.
    """
    ticks = {index for index in asked.columns if _is_marked(asked, index)}
    maybe = ticks | {index for index in asked.columns if not asked.answers(index)}

    def joins(run: list[int], index: int) -> bool:
        return groups[run[-1]] == groups[index] and maybe.issuperset((run[-1], index))

    for run in asked.runs(joins):
        ticked = [*filter(ticks.__contains__, run)]
        options = run if ticked and groups[run[0]] else ticked
        if len(options) > 1:
            yield tuple(options)


def _no_option(name: str, stem: str, asked: Asked) -> Problem:
    return Problem(
        zh=f"“{name}”一列没有内容，不算“{stem}”的选项；若是没有人选的选项，请在这几列上方写一个共同的"
        "表头。",
        en=f"The column {name} is blank and not taken for an option of {stem}. If it is one that "
        "nobody chose, put one heading over these columns.",
        place=asked.body.place(column=name),
    )


def _is_marked(asked: Asked, index: int) -> bool:
    """Tell whether a column holds nothing but ticks (✓), as that of an option does."""
    marks = {word for word in words().chosen if not word.isalnum()}
    return bool(asked.answers(index)) and {*map(key, asked.answers(index))} <= marks


DIALECT = Dialect("manual", "手工表格", NAMES, grammar=_GRAMMAR, head=_head, group=_group)
