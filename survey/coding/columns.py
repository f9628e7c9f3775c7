"""One column of an export: its name for people, its answers, and whether these can be rated."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import compress
from typing import cast

import numpy as np
import pandas as pd

from survey.errors import CodingError, Place
from survey.readers import Export
from survey.readers.export.answers import label_counts
from survey.readers.export.selecting import Found
from survey.readers.wording import is_whole
from survey.text import translated

JOINT = "┋"
"""Between options that one person chose together."""
_CODEBOOK_ZH = (
    "给出编码本（codebook、--codebook；有这份问卷按文本的下载时，"
    "survey-report codebook 文本.xlsx 序号.xlsx -o 编码本.json 可得出）"
)
_CODEBOOK_EN = (
    "give a code book (codebook, --codebook; survey-report codebook TEXT NUMBERED -o FILE.json "
    "makes one from both downloads of the survey)"
)


def describe(found: Found) -> str:
    """Name a column as a person sees it."""
    return f"“{found.label}”"


def column(found: Found) -> int:
    """Give the position of a question's, or of a matrix row's, column."""
    return found.question.columns[found.row or 0]


def answers_of(export: Export, found: Found) -> pd.Series[str]:
    """Give the answers of a column that holds one a person; missing where there is none.

    Closed answers as a categorical, typed ones as text.

    Raises
    ------
    CodingError
        If the question has several answers a person.
    """
    _require_one_each(export, found)
    return cast("pd.Series[str]", export.answers(found.question, found.row))


def _require_one_each(export: Export, found: Found) -> None:
    question = found.question
    if question.layout == "cell" and (found.row is not None or not question.rows):
        return
    rows = "、".join(question.rows[:6])
    name = question.number or question.stem
    example = f"“{name}—{question.rows[0]}”" if question.rows else ""
    raise CodingError(
        zh=f"题目{describe(found)}每人有多个答案，不能作为一列使用。"
        + (f"请写出其中一行，如{example}（有：{rows}）。" if rows else ""),
        en=f"Question {describe(found)} holds several answers a person and is not one column."
        + (f" Name a row, such as {example} ({rows})." if rows else ""),
        place=export.place,
    )


def chosen_together(export: Export, found: Found) -> pd.Series[str]:
    """Give the options that each person chose together, in one order, joined by `JOINT`."""
    chosen = export.answers(found.question).fillna(False).to_numpy(dtype=np.bool_)
    options = found.question.options
    patterns, which = np.unique(chosen, axis=0, return_inverse=True)
    texts = [JOINT.join(sorted(compress(options, pattern))) for pattern in patterns]
    return pd.Series(np.array(texts, dtype=object)[which.reshape(-1)]).replace("", np.nan)


def as_texts(export: Export, found: Found) -> pd.Series[str]:
    """Give the answers of a column as text, blanks around them removed; missing where blank.

    Options that may be ticked together are one text, such as ``教职工┋中共党员``.
    """
    several = found.question.kind == "multi"
    answers = chosen_together(export, found) if several else answers_of(export, found)
    return translated(answers, lambda answer: str(answer).strip() or np.nan)


def answered_labels(export: Export, found: Found) -> dict[str, int]:
    """Count the valid answers of a column by label, the commonest first."""
    _require_one_each(export, found)
    counts = label_counts(found.question, found.row or 0, export.decoded, export.grammar)
    return dict(sorted(counts.items(), key=lambda one: -one[1]))


def require_rateable(export: Export, found: Found, labels: Iterable[str], place: Place) -> None:
    """Stop where a column's digits are, or may be, positions of options of unknown direction.

    Raises
    ------
    CodingError
        Saying what to do.
    """
    if found.question.coded:
        raise CodingError(
            zh="文件是按序号下载的：数字只是选项的位置，不知道方向，不能评分。"
            f"请下载“按选项文本”的文件，{_CODEBOOK_ZH}，"
            "或指明各列并由好到差写出全部序号（ladder、--ladder）。",
            en="The export is numbered: digits are positions of options of unknown direction and "
            f"cannot be rated. Download the text mode, {_CODEBOOK_EN}, or name the columns and "
            "state all numbers from best to worst (ladder, --ladder).",
            place=place,
        )
    digits = [*labels]
    if export.mode == "undecided" and digits and all(map(is_whole, digits)):
        raise CodingError(
            zh="答案只是数字，而文件看不出是按文本还是按序号下载的：数字可能是分值，"
            "也可能只是选项的位置，方向不明，不能评分。确是按文本下载、数字就是分值（越大越满意）的，"
            "请说明（mode、--mode text）；"
            f"是按序号下载的，也请说明（--mode numbered），并{_CODEBOOK_ZH}；"
            "也可以指明各列并由好到差写出全部数字（ladder、--ladder）。",
            en="The answers are bare digits, and whether the export is by text or by number cannot "
            "be told: they may be scores or positions of options of unknown direction and cannot "
            "be rated. If it was downloaded by text and digits are scores, more being better, "
            "say so (mode, --mode text); if by number, say that (--mode numbered) and "
            f"{_CODEBOOK_EN}; or name the columns and state all digits from best to worst (ladder, "
            "--ladder).",
            place=place,
        )
