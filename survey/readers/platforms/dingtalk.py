"""钉钉 forms: who filled them in and when, before the questions.

ASSUMED throughout: no file and no code that reads one was found.
"""

from __future__ import annotations

from survey.readers.grammar.dialect import Dialect, Sign
from survey.readers.grammar.grouping import FORM_ANSWERS, FORM_HEADER

NAMES = {
    "填写人": "nickname",
    "填表人": "nickname",
    "填写时间": "submitted_at",
    "填表时间": "submitted_at",
    "修改时间": "modified_at",
}

DIALECT = Dialect(
    "dingtalk",
    "钉钉填表",
    NAMES,
    signs=(Sign(0.6, every=("nickname", "submitted_at")),),
    grammar=FORM_ANSWERS,
    header=FORM_HEADER,
    loose=True,
)
