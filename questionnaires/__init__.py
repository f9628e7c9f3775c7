"""What is asked: questionnaires as data, knowing nothing of answers."""

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
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    # Errors have their root here: who says --help must not wait for TOML and regular expressions.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(_import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
