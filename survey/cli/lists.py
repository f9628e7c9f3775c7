"""Dimensions as they are named on the command line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from survey.decisions.values import split
from survey.errors import UsageError


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
