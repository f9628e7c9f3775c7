"""The survey at hand: from export files to results, charts and reports.

>>> import survey
>>> s = survey.read("导出.xlsx", roster="名册.xlsx")  # doctest: +SKIP
>>> s.satisfaction().frame  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from survey.errors import SurveyError
    from survey.readers import CodeBook, Export, open_export, pair_exports
    from survey.screening import Rule
    from survey.simulation import simulate
    from survey.workflow import Survey, check, plan, read

__all__ = [
    "CodeBook",
    "Export",
    "Rule",
    "Survey",
    "SurveyError",
    "check",
    "open_export",
    "pair_exports",
    "plan",
    "read",
    "simulate",
]

_HOMES = {
    "CodeBook": "survey.readers",
    "Export": "survey.readers",
    "Rule": "survey.screening",
    "Survey": "survey.workflow",
    "SurveyError": "survey.errors",
    "check": "survey.workflow",
    "open_export": "survey.readers",
    "pair_exports": "survey.readers",
    "plan": "survey.workflow",
    "read": "survey.workflow",
    "simulate": "survey.simulation",
}


def __getattr__(name: str) -> Any:
    # Importing the package must stay cheap: the command says its --help without pandas.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
