"""From a path to an export: container, platform, questions, and everything worth a notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from survey.errors import ReadError, UsageError
from survey.readers.container.reading import choose, read_container
from survey.readers.container.sheet import Sheet
from survey.readers.export.export import Export
from survey.readers.export.metadata import metadata_frame
from survey.readers.export.notices import noteworthy
from survey.readers.grammar.decoding import decode_column
from survey.readers.grammar.dialect import Asked, Dialect
from survey.readers.grammar.grouping import by_header
from survey.readers.grammar.inference import understand
from survey.readers.grammar.model import TYPED, Evidence, Mode, Question
from survey.readers.grammar.rows import answers_below, sort_columns, without_totals
from survey.readers.platforms.detection import detect, likeness, platforms
from survey.readers.problems import Problem
from survey.readers.wording import tidy


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
        An xlsx, xls, csv or sav file.
    platform : str, optional
        Overrides the recognition: ``wjx``, ``wenjuan``, ``tencent``, ``tencent_docs``,
        ``jinshuju``, ``feishu``, ``dingtalk``, ``wps``, ``credamo``, ``msforms``, ``gforms``,
        ``limesurvey``, ``qualtrics``, ``surveymonkey``, ``kobo``, ``typeform``, ``jotform``,
        ``spss`` or ``manual``.
    sheet : str, optional
        Sheet to read; by default the only visible one with content.
    encoding : str, optional
        Encoding of a csv or sav file; by default that which a sav file states, else found by
        strict trial.
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
    for dialect in platforms().values():
        if dialect.completed is not None:
            one = dialect.completed(one, sheets)
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
    return read(chosen, recognised, mode, paths=paths, evidence=evidence)


def read(
    sheet: Sheet,
    dialect: Dialect,
    stated: Mode | None,
    *,
    paths: tuple[Path, ...],
    evidence: Evidence,
) -> Export:
    """Understand a sheet as a platform writes it: the one road for all of them.

    Raises
    ------
    ReadError
        No row looks like a header, or no answer or no question is there.
    """
    head = dialect.head(sheet)
    kept = without_totals(sheet, head.first)
    body = answers_below(kept, head.headers, head.first)
    if not body.n_rows:
        raise ReadError(
            zh="表头下面没有任何答卷。",
            en="There is no answer below the header.",
            place=sheet.place(),
        )
    headers = [tidy(header) for header in head.headers]
    metadata, columns, noticed = sort_columns(headers, dialect.names, head.metadata, body)
    grammar = dialect.grammar
    decoded = {index: decode_column(body.columns[index], grammar) for index in columns}
    n_repeats = int(kept.occupied()[head.first :].sum()) - body.n_rows
    asked = Asked(columns, headers, decoded, body, head, metadata, dialect, "text", n_repeats)
    told = dialect.tell(asked, stated)
    if told.grammar is not None:
        grammar = told.grammar
        decoded = {index: decode_column(body.columns[index], grammar) for index in columns}
    asked = asked._replace(decoded=decoded, mode=told.mode)
    found = [*(dialect.group or by_header)(asked)]
    questions = tuple(
        understand(one, decoded, grammar, told.mode) for one in found if isinstance(one, Question)
    )
    if not questions:
        raise ReadError(
            zh="没有找到任何题目列。", en="No question column was found.", place=sheet.place()
        )
    if grammar.lines:
        # What people typed keeps its lines.
        typed = replace(grammar, lines=False)
        for index in (i for one in questions if one.kind in TYPED for i in one.columns):
            decoded[index] = decode_column(body.columns[index], typed)
    table, unread = metadata_frame(body, head.headers, metadata)
    said = [*body.problems, *head.problems, *noticed, *([told.problem] if told.problem else [])]
    said += [one for one in found if isinstance(one, Problem)]
    export = Export(
        paths=paths,
        evidence=evidence,
        body=body,
        headers=tuple(head.headers),
        metadata_columns=metadata,
        questions=questions,
        mode=told.mode,
        grammar=grammar,
        decoded=decoded,
        table=table,
        problems=(),
    )
    return replace(export, problems=(*said, *unread, *noteworthy(export)))


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
        f"它若是{title}的，请再指明平台（platform、--platform {name}）。",
        en=f"A mode (mode, --mode) is for exports of {title} only; this file is read as "
        f"{recognised.name}. If it is one, say so (platform, --platform {name}).",
        place=sheet.place(),
    )
