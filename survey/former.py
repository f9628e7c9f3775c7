"""Options and arguments of 0.1 that changed: whoever writes one is told what it is now."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from survey.errors import UsageError
from survey.text import Text

Given = ParamSpec("Given")
Value = TypeVar("Value")

NOW = {
    "--write-mapping": Text("现在写作 --write。", "It is --write now."),
    "--method": Text("判定总是精确计算，不再选方法。", "Verdicts are exact; there is no choice."),
    "mapping": Text("现在写作 confirm。", "It is confirm now."),
    "method": Text(
        "判定总是精确计算；另要区间用 satisfaction(level=…, method=…)。",
        "Verdicts are exact; for intervals beside them: satisfaction(level=…, method=…).",
    ),
    "seed": Text(
        "次序每次另抽；要留住就存下 aliases() 的结果。",
        "The order is drawn anew; to keep one, keep what aliases() gives.",
    ),
}
"""By option and argument."""


def answered(function: Callable[Given, Value]) -> Callable[Given, Value]:
    """Let a function answer an argument that it had once with the one that it has."""
    known = inspect.signature(function).parameters

    @wraps(function)
    def asked(*args: Given.args, **given: Given.kwargs) -> Value:
        for name in given.keys() & NOW.keys() - known.keys():
            raise UsageError(
                zh=f"没有参数 {name}。{NOW[name].zh}", en=f"There is no {name}. {NOW[name].en}"
            )
        return function(*args, **given)

    return asked
