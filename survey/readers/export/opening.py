"""From a path to an export: container, platform, questions, and everything worth a notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from survey.errors import ReadError, UsageError
from survey.readers.container.guard import column_letters
from survey.readers.container.reading import choose, read_container
from survey.readers.container.sheet import Sheet
from survey.readers.export import answers as reading
from survey.readers.export.export import Export
from survey.readers.export.metadata import metadata_frame
from survey.readers.grammar.dialect import Dialect
from survey.readers.grammar.model import MISSING, TYPED, VALID, Mode, Parsed
from survey.readers.grammar.reading import read
from survey.readers.platforms.detection import detect, likeness, platforms
from survey.readers.problems import Problem
from survey.readers.wording import key


def open_export(
    path: str | Path,
    *,
    platform: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    mode: Literal["text", "numbered"] | None = None,
) -> Export:
    """Read a questionnaire export of any known platform.

    Parameters
    ----------
    path : str or Path
        An xlsx, xls, csv or (with the extra ``spss``) sav file.
    platform : str, optional
        Overrides the recognition: ``wjx``, ``wenjuan``, ``tencent``, ``tencent_docs``,
        ``jinshuju``, ``feishu``, ``dingtalk``, ``wps``, ``credamo``, ``msforms``, ``gforms``,
        ``limesurvey``, ``qualtrics``, ``surveymonkey``, ``kobo``, ``typeform``, ``jotform``,
        ``spss`` or ``manual``.
    sheet : str, optional
        Sheet to read; by default the only visible one with content.
    encoding : str, optional
        Encoding of a csv file; by default found by strict trial.
    mode : {"text", "numbered"}, optional
        How an export of 问卷星 was downloaded, by option text (按文本) or by option number
        (按序号); by default told from the answers where they prove it.

    Returns
    -------
    Export

    Raises
    ------
    ReadError
        The file is missing, refused, damaged, or not understood.
    """
    location = Path(path)
    return understood(
        (location,), chosen(read_container(location, encoding), sheet), platform, mode
    )


def chosen(sheets: Sequence[Sheet], name: str | None) -> Sheet:
    """Choose the sheet of a file that holds the answers, and undo merges of its cells."""
    one = choose(sheets, name, rank=likeness)
    return one.unmerged(range(len(one.columns)))


def understood(
    paths: tuple[Path, ...],
    sheet: Sheet,
    platform: str | None = None,
    mode: Literal["text", "numbered"] | None = None,
) -> Export:
    """Understand a sheet, of one file or of several put together; see `open_export`."""
    recognised, evidence, chosen = detect(sheet, platform)
    _require_modes(recognised, chosen, mode)
    parsed = read(chosen, recognised, mode)
    if not parsed.body.n_rows:
        raise ReadError(
            zh="表头下面没有任何答卷。",
            en="There is no answer below the header.",
            place=chosen.place(),
        )
    if not parsed.questions:
        raise ReadError(
            zh="没有找到任何题目列。", en="No question column was found.", place=chosen.place()
        )
    table, unread = metadata_frame(parsed)
    problems = (
        *parsed.problems,
        *_merged(parsed),
        *unread,
        *_nothing_ticked(parsed),
        *_merged_spellings(parsed),
    )
    return Export(paths, evidence, parsed, table, problems)


def _require_modes(recognised: Dialect, sheet: Sheet, mode: Mode | None) -> None:
    """Stop where a mode is stated that does not exist, or for a platform that has but one."""
    if mode is None or (mode in ("text", "numbered") and recognised.stated):
        return
    if mode not in ("text", "numbered"):
        raise UsageError(
            zh=f"下载方式 mode 只能是 text（按文本）或 numbered（按序号），不是“{mode}”。",
            en=f"The mode must be text or numbered, not {mode!r}.",
        )
    name, title = next((one.name, one.title) for one in platforms().values() if one.stated)
    raise ReadError(
        zh=f"下载方式（mode、--mode）只用于{title}的导出，这份文件按{recognised.title}读取。"
        f"它若是{title}的，请再用 platform（--platform {name}）指明。",
        en=f"A mode (mode, --mode) is for exports of {title} only; this file is read as "
        f"{recognised.name}. If it is one, say so with platform (--platform {name}).",
        place=sheet.place(),
    )


def _merged(parsed: Parsed) -> Iterator[Problem]:
    """Say in which columns a merged cell was taken for every row of the merge."""
    body = parsed.body
    down = {left for top, left, bottom, right in body.merged if left == right and bottom > top}
    inside = {left for top, left, *_ in body.merged if left in down and top in body.rows}
    for column in sorted(inside):
        yield Problem(
            zh="该列有上下合并的单元格，按每一行都填写了同样的内容读取。",
            en="The column has cells merged down; their content is taken for every row.",
            place=body.place(column=column_letters(column)),
            severity="warning",
        )


def _merged_spellings(parsed: Parsed) -> Iterator[Problem]:
    """Say where answers written differently were taken for one option."""
    for question in parsed.questions:
        if question.layout != "cell" or question.kind in TYPED:
            continue
        written: dict[str, set[str]] = {}
        for column in question.columns:
            for text in parsed.decoded[column].valid():
                label = parsed.grammar.open_text(text)[0]
                written.setdefault(key(label), set()).add(label)
        several = [" = ".join(sorted(labels)) for labels in written.values() if len(labels) > 1]
        if several:
            listed = "；".join(several[:5])
            yield Problem(
                zh=f"“{question.label}”的这些写法视为同一选项：{listed}。",
                en=f"These spellings of {question.label} are taken for one option: {listed}.",
                place=parsed.body.place(),
            )


def _nothing_ticked(parsed: Parsed) -> Iterator[Problem]:
    """Say how many people ticked no option at all: they are counted as blank."""
    for question in parsed.questions:
        if question.layout != "indicator":
            continue
        cells = [reading.column_status(parsed, column) for column in question.columns]
        written = (np.stack(cells) == VALID).all(axis=0)
        status = reading.chosen_options(parsed, question).status
        count = int((written & (status == MISSING)).sum())
        if count:
            yield Problem(
                zh=f"“{question.label}”有 {count} 人一个选项也没有勾选，按空白处理。",
                en=f"{count} people ticked no option of {question.label} and count as blank.",
                place=parsed.body.place(),
            )
