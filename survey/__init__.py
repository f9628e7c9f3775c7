"""The survey at hand: from export files to results, charts and reports.

>>> import survey
>>> s = survey.read("导出.xlsx", roster="名册.xlsx")  # doctest: +SKIP
>>> s.satisfaction().frame  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module as _import_module

from survey.listed import homes as _homes

_HOMES = _homes(__file__)
__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> object:
    # Importing the package must stay cheap: the command says its --help without pandas.
    if name == "__version__":
        from importlib.metadata import version

        value: object = version("survey-report")
    elif name in _HOMES:
        # others publish packages called survey and analysis: told before one of theirs is asked
        _import_module("survey.namesakes").require_own_packages()
        value = getattr(_import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
