"""Which encoding the texts of a file have, and what to say where none fits."""

from __future__ import annotations

import codecs
import re

from survey.errors import Place, ReadError

# Simplified text has a share near 1, traditional text near .6, text of another encoding below .4.
_COMMON_SHARE = 0.5
# Ideographs and private characters, and letters that garbled Chinese is full of.
_FOREIGN = re.compile("[\u0400-\u04ff\u3040-\u312f\u3400-\u9fff\ue000-\uf8ff]")
_ENOUGH_IDEOGRAPHS = 10
_LOOKED_AT = 2**18
_PAGE = re.compile(r"(?:(?:windows|ibm|cp|ms)-?)?(\d+)(?:[-_].*)?")
# What Python does not find under its number.
_PAGES = dict(
    **dict.fromkeys(("1386", "10008", "51936", "54936"), "gb18030"),
    **dict.fromkeys(("20932", "51932"), "euc-jp"),
    **{str(28590 + part): f"iso8859-{part}" for part in (*range(1, 12), 13, 14, 15, 16)},
    **{"1373": "cp950", "5348": "cp1252", "10000": "mac-roman", "20127": "ascii"},
    **{"20866": "koi8-r", "21866": "koi8-u", "51949": "euc-kr"},
)
# Under the name of a standard Windows writes more characters than the standard has.
_EXTENDED = {
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# What UTF-16, EBCDIC and encodings with escapes make something else of.
_ASCII = rb"AZaz09 ~+-{}\x41"
_EURO = 0x80


def codec(name: str) -> tuple[str, str]:
    """Give Python's name of an encoding that extends ASCII, and how to handle what it lacks.

    Raises
    ------
    LookupError

    Examples
    --------
    >>> codec("windows-936-2000"), codec("28591"), codec("UTF-8")
    (('gb18030', 'euro'), ('iso8859-1', 'strict'), ('utf-8', 'strict'))
    """
    page = _PAGE.fullmatch(name.lower())
    try:
        known = codecs.lookup(_PAGES.get(page[1], f"cp{page[1]}") if page else name).name
        known = _EXTENDED.get(known, known)
        if _ASCII.decode(known) != _ASCII.decode("ascii"):
            raise LookupError(name)
    except ValueError as fault:  # a name that none can have, or too few bytes for a character
        raise LookupError(name) from fault
    return known, "euro" if known == "gb18030" else "strict"


def _euro(fault: UnicodeError) -> tuple[str, int]:
    """Read the one byte that code page 936 of Windows has beyond GBK."""
    if isinstance(fault, UnicodeDecodeError) and fault.object[fault.start] == _EURO:
        return "€", fault.start + 1
    raise fault


codecs.register_error("euro", _euro)


def is_garbled(text: str) -> bool:
    """Tell text of another encoding: few of its ideographs are among the 6,763 common ones."""
    distinct = set(_FOREIGN.findall(text[:_LOOKED_AT]))
    common = sum(c >= "\u3400" and bool(c.encode("gb2312", "ignore")) for c in distinct)
    return len(distinct) >= _ENOUGH_IDEOGRAPHS and common < _COMMON_SHARE * len(distinct)


def garbled(place: Place) -> ReadError:
    """Build the error for a file that makes no sense as gb18030."""
    return ReadError(
        zh="按 gb18030 解码得到的多是生僻字，文件多半是别的编码。"
        "请另存为 UTF-8 的 csv 或 xlsx，或指明编码（encoding、--encoding），"
        "如 big5。",
        en="Decoded as gb18030 the text is mostly rare characters: the file probably "
        "has another encoding. Save it as UTF-8 csv or xlsx, or name its encoding "
        "(encoding, --encoding), for example big5.",
        place=place,
    )


def unknown(name: str, place: Place) -> ReadError:
    """Build the error for an encoding that is none."""
    return ReadError(
        zh=f"不认识的编码 {name}。请指明编码（encoding、--encoding），如 gb18030。",
        en=f"Unknown encoding {name}. Name it (encoding, --encoding), for example gb18030.",
        place=place,
    )


def undecodable(zh: str, en: str, tried: str, place: Place) -> ReadError:
    """Build the error for bytes that an encoding does not explain; `zh` and `en` say which."""
    return ReadError(
        zh=f"{zh}无法按 {tried} 解码。请重新下载，或指明编码（encoding、--encoding）。",
        en=f"{en} cannot be decoded as {tried}. Download the file again, "
        "or name its encoding (encoding, --encoding).",
        place=place,
    )
