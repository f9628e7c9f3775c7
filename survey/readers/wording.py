"""Texts of headers and cells brought to one form for comparing; the originals stay for showing."""

from __future__ import annotations

import re

from questionnaires.text import folded, normalise
from questionnaires.words import words

TYPE_NAMES = (
    "单选题|多选题|填空题|简答题|问答题|多项填空题|排序题|量表题|判断题|下拉题|下拉框|"
    "矩阵单选题|矩阵多选题|矩阵量表题|矩阵填空题|矩阵题|比重题|滑动条|滑动条题|评分单选|评分多选|"
    "文件上传|文件上传题|绘图题|签名题|表格题|多级下拉题|地区题|NPS|NPS题"
)
_HINT = re.compile(
    rf"\s*(?:[（(【\[]\s*(?P<type>{TYPE_NAMES})?\s*[,，]?\s*(?P<must>[*＊]?\s*必答|[*＊])?\s*[)）】\]])\s*$"
)
_NUMERIC = re.compile(r"[+-]?\d+(?:\.\d+)?")
_MAY_BE_NUMBER = re.compile(r"[\s\d+＋−－.．-]+")
_LONGEST_NUMBER = 20
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)


def is_remark(text: str) -> bool:
    """Tell what stands below a table: 注：…, 填表人：….

    Examples
    --------
    >>> is_remark("注：数据截至 11 月"), is_remark("填 表 人: 张三"), is_remark("注重实效")
    (True, True, False)
    """
    head, colon, _ = text.partition("：" if "：" in text else ":")
    return bool(colon) and len(head) <= _LONGEST_NUMBER and normalise(head) in words().remarks


def tidy(text: str) -> str:
    r"""Strip, turn no-break spaces into spaces, collapse blanks, and undo Excel's ``="text"``.

    Examples
    --------
    >>> tidy(" 您的\u00a0 性别\n"), tidy('="满意"')
    ('您的 性别', '满意')
    """
    plain = " ".join(text.split())
    written = _AS_TEXT.fullmatch(plain) if plain.startswith("=") else None
    return written[1].replace('""', '"').strip() if written else plain


key = folded
"""The form in which cells and options are compared; headers are compared by `normalise`."""


def strip_hint(text: str) -> tuple[str, str]:
    """Take a trailing type hint or required mark off a stem.

    `stem, hint`: The hint is a type name or ``""``.

    Examples
    --------
    >>> strip_hint("性别 (单选题 *必答)")
    ('性别', '单选题')
    >>> strip_hint("性别（可多选）")
    ('性别（可多选）', '')
    """
    match = _HINT.search(text)
    if match is None or not (match["type"] or match["must"]):
        return text, ""
    return text[: match.start()].rstrip(), match["type"] or ""


def plain_number(text: str) -> str:
    """Write numbers in one way, full-width ones too; leave other texts alone.

    Examples
    --------
    >>> plain_number("4.0"), plain_number("４.5"), plain_number("−2"), plain_number("一")
    ('4', '4.5', '-2', '一')
    """
    if len(text) > _LONGEST_NUMBER or not _MAY_BE_NUMBER.fullmatch(text):
        return text
    plain = text if text.isascii() else folded(text)
    if not _NUMERIC.fullmatch(plain):
        return text
    whole, _, rest = plain.removeprefix("+").partition(".")
    return f"{whole}.{rest}" if rest.strip("0") else whole


def is_number(text: str) -> bool:
    """Tell whether a text is a number, as `plain_number` writes it."""
    return len(text) <= _LONGEST_NUMBER and bool(_NUMERIC.fullmatch(text)) and text.isascii()


def is_whole(text: str) -> bool:
    """Tell whether a text is a whole number in ASCII digits."""
    return text.isascii() and text.removeprefix("-").isdigit()
