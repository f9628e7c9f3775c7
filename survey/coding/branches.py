"""The one branch that everybody named, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from questionnaires.text import normalise
from questionnaires.words import words
from survey.coding.columns import as_texts
from survey.readers import Export
from survey.readers.export.selecting import Found

_JOINTS = re.compile(r"[┋,，;；、/|\n]")


def branches_of(export: Export, found: Found) -> tuple[pd.Series[str], int]:
    """Give the branch of everybody.

    `branches`: One value a row; missing where blank, where 无 or the like was typed, and where
    several branches were chosen.

    `n_several`: Number of people who chose several.
    """
    options = found.question.options if found.question.kind == "multi" else ()
    return one_branch(as_texts(export, found), options)


def one_branch(answers: pd.Series[str], options: Iterable[str] = ()) -> tuple[pd.Series[str], int]:
    """Leave out what is no branch: 无, /, and several branches in one cell.

    Examples
    --------
    >>> branches, n = one_branch(pd.Series(["甲", "乙", "甲, 乙", "甲、甲", "无", "-"]))
    >>> branches.tolist(), n
    (['甲', '乙', nan, '甲', nan, nan], 1)
    """
    nothing = words().nothing
    places, distinct = pd.factorize(answers)
    counts = np.bincount(places[places >= 0], minlength=len(distinct))
    known = {text: normalise(text) for text in distinct}
    spelt = {
        **{key: str(text).strip() for text, key in known.items()},
        **{normalise(o): o for o in options},
    }
    one: list[str | float] = []
    n_several = 0
    for n, (answer, key) in zip(counts.tolist(), known.items(), strict=True):
        pieces = set(map(normalise, _JOINTS.split(answer))) - {""}
        if key in nothing or not any(map(str.isalnum, key)):
            one.append(float("nan"))
        elif len(pieces) > 1 and pieces <= set(spelt) - {key}:
            one.append(float("nan"))
            n_several += n
        else:
            (piece, *others) = pieces
            one.append(answer if others or piece == key else spelt.get(piece, answer))
    meant = np.array([*one, float("nan")], dtype=object)  # the last stands for no answer
    return pd.Series(meant[places], index=answers.index, dtype=object), n_several


def several_named(file: str, n: int) -> tuple[str, str]:
    """Say in Chinese and in English how many people named several branches."""
    return (
        f"文件 {file}：有 {n} 份答卷选了不止一个支部，不知道算哪一个，按没有填写支部处理。",
        f"File {file}: {n} people named several branches; they count as naming none.",
    )
