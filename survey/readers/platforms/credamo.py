"""见数 (Credamo): identity, times and place of an answer before the questions.

ASSUMED throughout: no file and no code that reads one was found.
"""

from __future__ import annotations

from survey.readers.grammar.dialect import Dialect, Sign
from survey.readers.grammar.grouping import FORM_ANSWERS, FORM_HEADER

NAMES = {
    "作答id": "respondent_id",
    "答卷id": "respondent_id",
    "用户id": "user",
    "作答者id": "user",
    "作答开始时间": "started_at",
    "开始时间": "started_at",
    "作答结束时间": "submitted_at",
    "结束时间": "submitted_at",
    "作答时长": "duration",
    "作答总时长": "duration",
    "省份": "province",
    "城市": "city",
    "ip": "ip",
    "作答设备": "device",
    "审核状态": "review",
    "作答状态": "status",
}

DIALECT = Dialect(
    "credamo",
    "见数",
    NAMES,
    signs=(Sign(0.8, every=("respondent_id", "duration")),),
    grammar=FORM_ANSWERS,
    header=FORM_HEADER,
    loose=True,
)
