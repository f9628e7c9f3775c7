"""Exports of questionnaire platforms, read right or refused."""

from __future__ import annotations

from importlib import import_module as _import_module

from survey.listed import homes as _homes

_HOMES = _homes(__file__)


def __getattr__(name: str) -> object:
    # A process that only turns bytes into sheets starts without pandas.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(_import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
