"""What an analyst should check in an export that was understood."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from survey.readers.container.guard import column_letters
from survey.readers.export.answers import answered, status_of
from survey.readers.export.export import Export
from survey.readers.grammar.inference import PERCENTAGE
from survey.readers.grammar.joined import has_cut_option, holding_joint, is_unsure
from survey.readers.grammar.model import MISSING, TYPED, VALID, valid_of
from survey.readers.problems import Problem
from survey.readers.wording import key
from survey.text import quoted


def noteworthy(export: Export) -> Iterator[Problem]:
    """Say where cells were parted, filled or taken together, and where nothing was ticked."""
    if not export.grammar.certain_join:
        yield from _taken_apart(export)
    yield from _merged(export)
    yield from _nothing_ticked(export)
    yield from _merged_spellings(export)
    yield from _percentages(export)


def _taken_apart(export: Export) -> Iterator[Problem]:
    """Say where cells were taken apart at a sign that options may hold, or left whole in doubt."""
    for question in export.questions:
        cells = [export.decoded[column].valid for column in question.columns]
        if question.layout == "joined":
            whole = holding_joint(question.options, export.grammar)
            cut = any(has_cut_option(valid, export.grammar, whole) for valid in cells)
            if export.grammar.ended and not whole and not cut:
                continue
            kept, kept_en = quoted(whole), ", ".join(whole)
            yield Problem(
                zh=f"“{question.label}”的单元格拆成 {len(question.options)} 个选项"
                + (f"，其中{kept}本身含分隔符，没有拆开" if whole else "")
                + "；若有选项被拆错，请核对。",
                en=f"The cells of {question.label} were split into {len(question.options)} options"
                + (f"; {kept_en} hold the separator and were kept whole" if whole else "")
                + ": check them.",
                place=export.place,
                severity="warning",
            )
        elif question.kind in ("single", "matrix") and any(
            is_unsure(valid, export.grammar) for valid in cells if question.layout == "cell"
        ):
            yield Problem(
                zh=f"“{question.label}”的答案含分隔符，可能是多选题，但不能确定，没有拆开，请核对。",
                en=f"The answers to {question.label} hold the separator and may be several "
                "options; that is not certain, and they were left whole: check them.",
                place=export.place,
                severity="warning",
            )


def _merged(export: Export) -> Iterator[Problem]:
    """Say in which columns a merged cell was taken for every row of the merge."""
    body = export.body
    down = {left for top, left, bottom, right in body.merged if left == right and bottom > top}
    inside = {left for top, left, *_ in body.merged if left in down and top in body.rows}
    for column in sorted(inside):
        yield Problem(
            zh="该列有上下合并的单元格，按每一行都填写了同样的内容读取。",
            en="The column has cells merged down; their content is taken for every row.",
            place=body.place(column=column_letters(column)),
            severity="warning",
        )


def _merged_spellings(export: Export) -> Iterator[Problem]:
    """Say where answers written differently were taken for one option."""
    for question in export.questions:
        if question.layout != "cell" or question.kind in TYPED:
            continue
        written: dict[str, set[str]] = {}
        for text in valid_of([export.decoded[column] for column in question.columns]):
            label = export.grammar.open_text(text)[0]
            written.setdefault(key(label), set()).add(label)
        several = [" = ".join(sorted(labels)) for labels in written.values() if len(labels) > 1]
        if several:
            listed = "；".join(several[:5])
            yield Problem(
                zh=f"“{question.label}”的这些写法视为同一选项：{listed}。",
                en=f"These spellings of {question.label} are taken for one option: {listed}.",
                place=export.place,
            )


def _nothing_ticked(export: Export) -> Iterator[Problem]:
    """Say how many people ticked no option at all: they are counted as blank."""
    for question in export.questions:
        if question.layout != "indicator":
            continue
        cells = [status_of(export.decoded[column]) for column in question.columns]
        written = (np.stack(cells) == VALID).all(axis=0)
        status = answered(question, 0, export.decoded, export.grammar).status
        count = int((written & (status == MISSING)).sum())
        if count:
            yield Problem(
                zh=f"“{question.label}”有 {count} 人一个选项也没有勾选，按空白处理。",
                en=f"{count} people ticked no option of {question.label} and count as blank.",
                place=export.place,
            )


def _percentages(export: Export) -> Iterator[Problem]:
    """Say that a table of percentages holds no answers of persons."""
    asked = [
        question.label
        for question in export.questions
        if question.kind == "number"
        and (valid := valid_of([export.decoded[c] for c in question.columns]))
        and all(map(PERCENTAGE.fullmatch, valid))
    ]
    if asked:
        yield Problem(
            zh=f"{quoted(asked)}是百分比：这像是汇总好的表，不是一行一人的答卷，不能由它推算满意率的"
            "区间。请给出原始答卷。",
            en=f"{', '.join(asked)}: percentages. This looks like a table of results, not like "
            "answers with one row a person, from which alone intervals can be computed.",
            place=export.place,
            severity="warning",
        )
