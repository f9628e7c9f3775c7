"""The survey at hand: from export files to results, charts and reports.

>>> import survey
>>> s = survey.read("导出.xlsx", roster="名册.xlsx")  # doctest: +SKIP
>>> s.satisfaction().frame  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

if _TYPE_CHECKING:
    from questionnaires.errors import QuestionnaireError, SurveyError
    from questionnaires.threshold import at_least, at_most
    from survey.errors import (
        CodingError,
        ReadError,
        ReportError,
        RosterError,
        UsageError,
    )
    from survey.readers import CodeBook, Export, open_export, pair_exports
    from survey.results import (
        Comparison,
        Cover,
        Drivers,
        Evidence,
        Fieldwork,
        Findings,
        ItemResponses,
        Planning,
        Ranking,
        Reliability,
        Satisfaction,
        Waves,
    )
    from survey.screening import Rule
    from survey.settings import options
    from survey.simulation import Province, Simulation, simulate, simulate_province
    from survey.workflow import (
        Survey,
        blank_roster,
        check,
        evidence,
        from_coded,
        from_frame,
        plan,
        read,
        waves,
    )

    __version__: str

_NAMES = {
    "questionnaires.errors": ("QuestionnaireError", "SurveyError"),
    "questionnaires.threshold": ("at_least", "at_most"),
    "survey.errors": ("CodingError", "ReadError", "ReportError", "RosterError", "UsageError"),
    "survey.settings": ("options",),
    "survey.readers": ("CodeBook", "Export", "open_export", "pair_exports"),
    "survey.results": (
        *("Comparison", "Cover", "Drivers", "Evidence", "Fieldwork", "Findings", "ItemResponses"),
        *("Planning", "Ranking", "Reliability", "Satisfaction", "Waves"),
    ),
    "survey.screening": ("Rule",),
    "survey.simulation": ("Province", "Simulation", "simulate", "simulate_province"),
    "survey.workflow": (
        "Survey",
        "blank_roster",
        "check",
        "evidence",
        "from_coded",
        "from_frame",
        "plan",
        "read",
        "waves",
    ),
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names}

__all__ = [
    "CodeBook",
    "CodingError",
    "Comparison",
    "Cover",
    "Drivers",
    "Evidence",
    "Export",
    "Fieldwork",
    "Findings",
    "ItemResponses",
    "Planning",
    "Province",
    "QuestionnaireError",
    "Ranking",
    "ReadError",
    "Reliability",
    "ReportError",
    "RosterError",
    "Rule",
    "Satisfaction",
    "Simulation",
    "Survey",
    "SurveyError",
    "UsageError",
    "Waves",
    "__version__",
    "at_least",
    "at_most",
    "blank_roster",
    "check",
    "evidence",
    "from_coded",
    "from_frame",
    "open_export",
    "options",
    "pair_exports",
    "plan",
    "read",
    "simulate",
    "simulate_province",
    "waves",
]


def __getattr__(name: str) -> object:
    # Importing the package must stay cheap: the command says its --help without pandas.
    if name == "__version__":
        from importlib.metadata import version

        value: object = version("survey-report")
    elif name in _HOMES:
        # others publish packages called survey and analysis: told before one of theirs is asked
        _import_module("survey.house").require_own_packages()
        value = getattr(_import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
