"""腾讯文档收集表: the service's own columns end in ``（自动）``, required ones in ``（必填）``.

SEEN in code that reads them: names, the time, commas between choices.
"""

from __future__ import annotations

import re

from survey.readers.grammar.dialect import Dialect, Sign
from survey.readers.grammar.model import Grammar

NAMES = {
    "提交时间(自动)": "submitted_at",
    "更新时间(自动)": "modified_at",
    "修改时间(自动)": "modified_at",
    "提交者(自动)": "nickname",
    "编号(自动)": "sequence",
}

DIALECT = Dialect(
    "tencent_docs",
    "腾讯文档收集表",
    NAMES,
    signs=(Sign(0.9, some=("submitted_at", "nickname")),),
    grammar=Grammar(joint=re.compile(r",(?!\s)"), certain_join=False),
    header=re.compile(
        r"(?:(?P<n>\d+)\s*[.、．]\s*(?=\D))?(?P<stem>.*?)\s*(?:[（(](?:必填|选填)[)）])?\s*",
        re.DOTALL,
    ),
    options=False,
)
