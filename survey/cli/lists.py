"""Lists as people type them: parted by commas of either width, quoted where an entry holds one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from survey.errors import UsageError

# Quotes hold an entry together only if they stand around the whole of it: a header may begin with
# a quoted word. Wide ones are known too: shells take plain ones for their own.
_ENTRY = re.compile(
    r"""\s*(?:"(?P<plain>[^"]*)"|“(?P<wide>[^”]*)”)\s*(?:[,，]|$)|(?P<bare>[^,，]*)(?:[,，]|$)"""
)


def split(text: str) -> list[str]:
    """Part a list; blank entries are nothing.

    Parameters
    ----------
    text : str
        Entries parted by ``,`` or ``，``. One that holds a comma stands in ``""`` or ``“”``.

    Examples
    --------
    >>> split("非常满意，满意, 5")
    ['非常满意', '满意', '5']
    >>> split("“热情，周到”,5"), split("“热情”的服务,5")
    (['热情，周到', '5'], ['“热情”的服务', '5'])
    """
    entries = [
        next(part for part in match.groups() if part is not None) for match in _ENTRY.finditer(text)
    ]
    return [entry.strip() for entry in entries if entry.strip()]


def dimensions(texts: Sequence[str]) -> dict[str, list[str]]:
    """Read dimensions written as ``NAME=COLUMN,COLUMN``.

    Raises
    ------
    UsageError
        If one has no name or no column, or a name comes twice.

    Examples
    --------
    >>> dimensions(["队伍=5,“热情，周到”", "阵地＝7"])
    {'队伍': ['5', '热情，周到'], '阵地': ['7']}
    """
    made: dict[str, list[str]] = {}
    for text in texts:
        name, *rest = re.split("[=＝]", text, maxsplit=1)
        columns = split("".join(rest))
        if not name.strip() or not columns or name.strip() in made:
            raise UsageError(
                zh=f"--dimension “{text}” 应写作 名称=列,列，每个名称只写一次。",
                en=f"--dimension “{text}” must be NAME=COLUMN,COLUMN, each name once.",
            )
        made[name.strip()] = columns
    return made
