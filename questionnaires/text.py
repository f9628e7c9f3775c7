"""The one rule by which labels, stems, roles and branch names are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# What people put around a label without meaning anything by it. The hyphen is not among them:
# "-3" is a marker of the platforms and must not become the digit 3.
_SURROUNDING = "\"'“”‘’「」『』.,:;!?*。、·…—–_~"
_PAIRS = {"(": ")", "[": "]", "【": "】", "〔": "〕", "《": "》", "<": ">"}
# Signs and traditional characters of survey language, each with the one it is compared as.
_SAME = str.maketrans(
    "−滿贊無與對覺極時間點級選擇說學員黨隊務長團會職師體總實業機構關係數據號題見議較應認識觀評價參處專過"
    "還這進適當棄權強組織領導帶頭辦術醫電氣語圖書館輔後為從來個們開門發動勞運軍農環經濟財規劃區縣鄉鎮郵別碼稱儲錄資訊網頁單雙複簡戶記聯絡話證護暱寢銀賬帳繫編準請寫輸",
    "-满赞无与对觉极时间点级选择说学员党队务长团会职师体总实业机构关系数据号题见议较应认识观评价参处专过"
    "还这进适当弃权强组织领导带头办术医电气语图书馆辅后为从来个们开门发动劳运军农环经济财规划区县乡镇邮别码称储录资讯网页单双复简户记联络话证护昵寝银账帐系编准请写输",
)
# "5 非常满意", "A.满意", "B满意", "满意(4分)": some owners write a code into the label.
_CODE = re.compile(
    r"^(?:\(?\d+\)?分?|\([a-z]\)|[a-z](?=[.、:,)]|[\u4e00-\u9fff]))[.、:,)=-]*(?=\D)"
    r"|(?<=\D)[(=:-]?\d+分?\)?$"
)


# Blanks, and the format characters of Unicode (Cf), which nobody sees.
_UNSEEN = re.compile(
    r"[\s\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]+"
)
# Longer texts hardly come back.
_LABEL = 60


def folded(text: str) -> str:
    """Fold a text: NFKC, one minus sign, simplified characters, no blanks, lower case.

    Zero-width and other format characters are removed, too; punctuation stays.

    Examples
    --------
    >>> folded("２0～22 岁") == folded("20~22岁"), folded("非常滿意\u200b"), folded("−2")
    (True, '非常满意', '-2')
    """
    return _short(text) if len(text) <= _LABEL else _fold(text)


def _fold(text: str) -> str:
    while (key := _folded(text)) != text:
        text = key
    return key


_short = lru_cache(maxsize=2**14)(_fold)


def _folded(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _UNSEEN.sub("", plain.casefold().translate(_SAME))


def without_code(key: str) -> str:
    """Take the code that owners write beside a normalised label off it.

    Examples
    --------
    >>> without_code("5非常满意"), without_code("a.满意"), without_code("满意(4分)")
    ('非常满意', '满意', '满意')
    >>> without_code("5"), without_code("90分")
    ('5', '90分')
    """
    word = normalise(_CODE.sub("", key))
    return key if word in ("", "分") else word


def normalise(text: str) -> str:
    """Reduce a text to the form in which two texts are compared.

    It is `folded`; then punctuation around the text is removed, unless there is nothing else, and
    a pair of brackets that holds the whole text.

    Parameters
    ----------
    text : str
        Any text: a label, a stem, a branch name.

    Returns
    -------
    str
        A key for comparing. It is not meant to be shown. Applying the function twice changes
        nothing.

    Examples
    --------
    >>> normalise(" “非常 满意”。")
    '非常满意'
    >>> normalise("计算机学院（一）支部") == normalise("计算机学院(一)支部 ")
    True
    >>> normalise("【满意】"), normalise("-3")
    ('满意', '-3')
    """
    return _short_normal(text) if len(text) <= _LABEL else _normal(text)


def _normal(text: str) -> str:
    # One step may make room for another: a removed blank lets two characters compose.
    while (key := _step(text)) != text:
        text = key
    return key


_short_normal = lru_cache(maxsize=2**14)(_normal)


def _step(text: str) -> str:
    key = _folded(text)
    return _without_pair(key.strip(_SURROUNDING) or key)


def _without_pair(key: str) -> str:
    """Remove one pair of brackets if the first closes with the last character."""
    if len(key) < 2 or _PAIRS.get(key[0]) != key[-1]:
        return key
    inner = key[1:-1]
    # "(一)支部(二)" begins and ends with brackets that are not one pair.
    return key if key[0] in inner or key[-1] in inner else inner
