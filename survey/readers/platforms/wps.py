"""WPS forms: who answered and when, beside the questions.

ASSUMED throughout: code that reads such files looks at its own questions only.
"""

from __future__ import annotations

from survey.readers.grammar.dialect import Dialect, Sign
from survey.readers.grammar.grouping import FORM_ANSWERS, FORM_HEADER

NAMES = {
    "填写id": "respondent_id",
    "答卷id": "respondent_id",
    "提交者": "nickname",
    "填写者": "nickname",
    "提交时间": "submitted_at",
    "填写时间": "submitted_at",
    "修改时间": "modified_at",
    "填写用时": "duration",
    "填写设备": "device",
}

DIALECT = Dialect(
    "wps",
    "WPS 表单",
    NAMES,
    signs=(Sign(0.6, every=("nickname", "submitted_at")),),
    grammar=FORM_ANSWERS,
    header=FORM_HEADER,
    loose=True,
)
