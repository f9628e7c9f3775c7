"""金数据: 序号 first, the times and where the answer came from last.

SEEN in code that reads the download: 序号, 提交时间 or 创建时间, 更新时间 or 最后更新时间; DOC, as
the interface's fields are called: 提交人, IP, region, duration, system; ASSUMED: rows and options
behind the stem, commas or 、 between choices.
"""

from __future__ import annotations

from survey.readers.grammar.dialect import Dialect, Sign
from survey.readers.grammar.grouping import FORM_ANSWERS, FORM_HEADER

NAMES = {
    "序号": "sequence",
    "提交时间": "submitted_at",
    "创建时间": "submitted_at",
    "更新时间": "modified_at",
    "最后更新时间": "modified_at",
    "修改时间": "modified_at",
    "提交人": "nickname",
    "填写时长": "duration",
    "填写地区": "province",
    "ip": "ip",
    "提交ip": "ip",
    "操作系统": "operating_system",
    "浏览器": "browser",
    "填写设备": "device",
    "微信昵称": "nickname",
    "微信openid": "openid",
    "扩展属性": "custom_parameter",
    "总分": "score",
}

DIALECT = Dialect(
    "jinshuju",
    "金数据",
    NAMES,
    signs=(Sign(0.7, every=("sequence", "submitted_at", "modified_at")),),
    grammar=FORM_ANSWERS,
    header=FORM_HEADER,
    loose=True,
)
