"""Which questionnaire and which standard are meant."""

from __future__ import annotations

from pathlib import Path

import questionnaires
from questionnaires import Questionnaire
from questionnaires.standard import Standard
from survey.errors import UsageError

DEFAULT = "jiangsu-2014"


def questionnaire(given: str | Path | Questionnaire | None) -> Questionnaire:
    """Load a questionnaire by name or file; the Jiangsu standard's where none is given."""
    return given if isinstance(given, Questionnaire) else questionnaires.load(given or DEFAULT)


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
