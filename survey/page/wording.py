"""What the page says where the command's messages name its options: what can be done here."""

from __future__ import annotations

import re

from survey.errors import Language

OPTIONS = (
    *("actions", "allow-unknown-branches", "branch", "codebook", "confirm", "dimension", "each"),
    *("earlier", "earlier-roster", "encoding", "engine", "folder", "force", "keep", "ladder"),
    *("mode", "not-applicable", "out", "overall", "platform", "renamed", "roster", "satisfied"),
    *("since", "until", "write"),
)
"""Options of the command that messages name: in brackets, so that a message does without them."""
# Quotations come first: what people wrote stays as it is.
_QUOTED = r"“[^”]*”|\"[^\"\n]*\""
_INSIDE = r"(?:[^（）()\n]|[（(][^（）()\n]*[）)])*?"
_NAMED = rf"(?<![\w-])(?:--(?:{'|'.join(OPTIONS)})|survey-report (?:check|codebook))(?![\w-])"
_BRACKET = re.compile(rf"(?P<quoted>{_QUOTED})| ?[（(]{_INSIDE}{_NAMED}{_INSIDE}[）)]")
_HERE = {"zh": "在页面上", "en": "on the page"}
_WAY = {
    "zh": "在页面上，请在“确认”中选定或改正，或在“放入文件”中换一份文件。",
    "en": "On the page, choose or correct it under Confirm, or change the file under Files.",
}


def on_page(text: str, language: Language) -> str:
    """Leave out the command's options, which stand in brackets, and name the page's ways instead.

    Nothing else of a message is left out.

    Examples
    --------
    >>> on_page("没有这一列。请写上它（keep、--keep）。", "zh")
    '没有这一列。请写上它。在页面上，请在“确认”中选定或改正，或在“放入文件”中换一份文件。'
    >>> on_page("There is no such column. Keep it (--keep).", "en")[:41]
    'There is no such column. Keep it. On the '
    >>> on_page("列“用了（--keep）”没有内容。", "zh")
    '列“用了（--keep）”没有内容。'
    """
    kept = _BRACKET.sub(lambda found: found["quoted"] or "", text)
    if kept == text or _HERE[language] in kept.lower():
        return kept
    end, space = ("。", "") if language == "zh" else (".", " ")
    kept = kept.rstrip()
    space = "\n" if "\n" in kept else space
    return f"{kept}{'' if kept.endswith(end) else end}{space}{_WAY[language]}"
