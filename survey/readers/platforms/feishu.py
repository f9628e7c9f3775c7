"""飞书 forms and questionnaires: 提交人 and 提交时间 beside the questions.

ASSUMED throughout: no file and no code that reads one was found.
"""

from __future__ import annotations

from survey.readers.grammar.dialect import Dialect, Sign
from survey.readers.grammar.grouping import FORM_ANSWERS, FORM_HEADER

NAMES = {
    "提交人": "nickname",
    "提交时间": "submitted_at",
    "最后更新时间": "modified_at",
    "最后编辑时间": "modified_at",
    "提交来源": "source",
    "答题时长": "duration",
    "记录id": "respondent_id",
}

DIALECT = Dialect(
    "feishu",
    "飞书表单",
    NAMES,
    signs=(Sign(0.6, every=("nickname", "submitted_at")),),
    grammar=FORM_ANSWERS,
    header=FORM_HEADER,
    loose=True,
)
