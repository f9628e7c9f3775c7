"""What the page says where the command's messages name its options: what can be done here."""

from __future__ import annotations

import re

from survey.errors import Language

_OPTION = re.compile(r"(?<![\w-])--[a-z]|survey-report check|\b[a-z_]+=")
# 名册（--roster） is a 名册; what stands before the bracket of satisfied（--satisfied） is code.
_BRACKET = re.compile(r"(?<=[^\x00-\x7f])（[a-z_=、 ]*--[^（）\"]*）")
_SENTENCE = re.compile(r".+?(?:[。；;]|\.(?=\s|$)|，(?=或[用换指在另让每]|也可)|, (?=or )|$)\s*")
_CLAUSE = re.compile(r".+?(?:[，。；,;]|[.:](?=\s|$)|$)\s*")
_HERE = {"zh": "在页面上", "en": "on the page"}
_WAY = {
    "zh": "请在“确认”中选定或改正，或在“放入文件”中换一份文件。",
    "en": "Choose or correct it under Confirm, or change the file under Files.",
}


def on_page(text: str, language: Language) -> str:
    """Leave out the ways that only the command and Python have, and name those of the page.

    Examples
    --------
    >>> on_page("名册（--roster）有两份。", "zh")
    '名册有两份。'
    >>> on_page("没有这一列。请用 keep（--keep）写上它。", "zh")
    '没有这一列。请在“确认”中选定或改正，或在“放入文件”中换一份文件。'
    >>> on_page("There is no such column. Keep it with keep (--keep).", "en")
    'There is no such column. Choose or correct it under Confirm, or change the file under Files.'
    """
    return "\n".join(_line(line, language) for line in text.split("\n"))


def _line(line: str, language: Language) -> str:
    line = _BRACKET.sub("", line)
    if not _OPTION.search(line):
        return line
    for part in (_SENTENCE, _CLAUSE):
        kept = "".join(said for said in part.findall(line) if not _OPTION.search(said))
        if kept.strip():
            break
    kept = re.sub("(?<=[。；])或", "请", kept).rstrip("，；,;: ")
    end, space = ("。", "") if language == "zh" else (".", " ")
    kept += end if kept and not kept.endswith(end) else ""
    return kept if _HERE[language] in kept else f"{kept}{space if kept else ''}{_WAY[language]}"
