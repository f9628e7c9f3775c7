"""腾讯文档收集表: the service's own columns end in ``（自动）``, required ones in ``（必填）``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey.readers.container.sheet import Sheet
from survey.readers.grammar.inference import Spec
from survey.readers.grammar.model import Evidence, Grammar, Parsed, Platform
from survey.readers.grammar.plain import Asked, assemble, header_keys
from survey.readers.wording import strip_hint

METADATA = {
    "提交时间(自动)": "submitted_at",
    "更新时间(自动)": "modified_at",
    "修改时间(自动)": "modified_at",
    "提交者(自动)": "nickname",
    "编号(自动)": "sequence",
}
_DETECTING = ("提交时间(自动)", "提交者(自动)")
_MUST = re.compile(r"\s*[（(](?:必填|选填)[)）]\s*$")
_NUMBERED = re.compile(r"(?P<n>\d+)\s*[.、．]\s*(?P<rest>\D.*)", re.DOTALL)
_GRAMMAR = Grammar(missing=frozenset(), joint=re.compile(r",(?!\s)"), certain_join=False)


def detect(sheet: Sheet) -> Evidence | None:
    """Recognise 提交时间（自动） or 提交者（自动）.

    Parameters
    ----------
    sheet : Sheet
        Any sheet.

    Returns
    -------
    Evidence or None
    """
    names = header_keys(sheet)
    found = [name.replace("(", "（").replace(")", "）") for name in _DETECTING if name in names]
    if not found:
        return None
    listed = "、".join(found)
    return Evidence("tencent_docs", f"表头有 {listed}", f"header has {listed}", 0.9)


def read(sheet: Sheet) -> Parsed:
    """Understand the results of a 腾讯文档收集表.

    Parameters
    ----------
    sheet : Sheet
        With the header in its first row.

    Returns
    -------
    Parsed
        Where cells were taken apart at commas a warning says so: options that themselves hold a
        comma cannot be told apart.
    """
    return assemble(sheet, sheet.row(0), 1, METADATA, _GRAMMAR, _specs)


def _specs(asked: Asked) -> Iterator[Spec]:
    for index in asked.columns:
        header = _MUST.sub("", asked.headers[index])
        match = _NUMBERED.fullmatch(header)
        stem, hint = strip_hint(match["rest"] if match else header)
        yield Spec(match["n"] if match else "", stem, (index,), hint=hint)


PLATFORM = Platform("tencent_docs", "腾讯文档收集表", detect, read)
