"""The survey at hand: from export files to results, charts and reports.

>>> import survey
>>> s = survey.read("导出.xlsx", roster="名册.xlsx")  # doctest: +SKIP
>>> s.satisfaction().frame  # doctest: +SKIP
"""

from __future__ import annotations

import ast as _ast
from importlib import import_module as _import_module
from pathlib import Path as _Path

_LISTED = _ast.parse(_Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")).body
_HOMES = {
    name.name: node.module or ""
    for node in _LISTED
    if isinstance(node, _ast.ImportFrom)
    for name in node.names
}
"""The public names and where each is defined, as ``__init__.pyi`` lists them for type checkers."""
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
