"""Which questionnaire, which standard and which answers are meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import questionnaires
from questionnaires import Questionnaire
from questionnaires.standard import Standard
from questionnaires.threshold import Threshold
from survey.errors import UsageError

DEFAULT = "jiangsu-2014"


def questionnaire(given: str | Path | Questionnaire | None) -> Questionnaire:
    """Load a questionnaire by name or file; the Jiangsu standard's where none is given."""
    return given if isinstance(given, Questionnaire) else questionnaires.load(given or DEFAULT)


def texts(name: str, given: object) -> list[str]:
    """Take one text or several; numbers are the texts that answers are.

    Examples
    --------
    >>> texts("satisfied", [5, 4.0, "好"]), texts("keep", "学院")
    (['5', '4', '好'], ['学院'])
    """
    if isinstance(given, str):
        return [given]
    if isinstance(given, Iterable):
        return [f"{one:g}" if isinstance(one, float) else str(one) for one in given]
    raise UsageError(
        zh=f"{name}={given!r}：请写成文字或列表，如 [{given!r}]"
        + (f"；从这个数起算满意写 survey.at_least({given!r})。" if name == "satisfied" else "。"),
        en=f"{name}={given!r}: give a text or a list, as [{given!r}]"
        + (f"; from this number on is survey.at_least({given!r})." if name == "satisfied" else "."),
    )


def satisfied(given: str | Sequence[str] | Threshold) -> list[str] | Threshold:
    """Take the answers that count as satisfied, or from which number on."""
    return given if isinstance(given, Threshold) else texts("satisfied", given)


def standard(asked: Questionnaire) -> Standard:
    """Give the standard whose minimums documents have to prove."""
    if asked.standard is None or not asked.standard.to_be_proved:
        raise UsageError(
            zh=f"问卷 {asked.id} 没有指明标准，或其标准没有须凭材料核对的最低要求："
            '请在问卷文件中用 standard = "名称或文件" 指明。',
            en=f"Questionnaire {asked.id} names no standard with minimums to be proved: name one "
            'in its file by standard = "name or file".',
        )
    return asked.standard
