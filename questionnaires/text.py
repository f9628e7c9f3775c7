"""The one rule by which labels, stems, roles and branch names are compared."""

from __future__ import annotations

import unicodedata

# What people put around a label without meaning anything by it. The hyphen is not among them:
# "-3" is a marker of the platforms and must not become the digit 3.
_SURROUNDING = "\"'“”‘’「」『』.,:;!?*。、·…—–_~"
_PAIRS = {"(": ")", "[": "]", "【": "】", "〔": "〕", "《": "》", "<": ">"}


def normalise(text: str) -> str:
    """Reduce a text to the form in which two texts are compared.

    NFKC (full-width letters, digits and punctuation become half-width), all blanks and invisible
    format characters removed, lower case, punctuation around the text removed, and a pair of
    brackets that holds the whole text removed.

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
    # One step may make room for another: a removed blank lets two characters compose.
    while (key := _step(text)) != text:
        text = key
    return key


def _step(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower()
    kept = (char for char in folded if not char.isspace() and unicodedata.category(char) != "Cf")
    return _without_pair("".join(kept).strip(_SURROUNDING))


def _without_pair(key: str) -> str:
    """Remove one pair of brackets if the first closes with the last character."""
    if len(key) < 2 or _PAIRS.get(key[0]) != key[-1]:
        return key
    inner = key[1:-1]
    # "(一)支部(二)" begins and ends with brackets that are not one pair.
    return key if key[0] in inner or key[-1] in inner else inner
