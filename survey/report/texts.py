"""The sentences of the report as data: `texts.toml` has each by section, name and language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from questionnaires.language import say
from survey.errors import Language


def sentence(language: Language, name: str, **slots: object) -> str:
    """Give a sentence of the report.

    Parameters
    ----------
    name : str
        Its section and its name there, as ``"response.spread"``.
    **slots
        What belongs into its slots, as text.

    Raises
    ------
    KeyError
        If there is no such sentence, or a slot is missing.

    Examples
    --------
    >>> sentence("zh", "response.spread", middle="80.0%", least="51.2%", most="97.4%")
    '各党支部回收率的中位数为 80.0%，最低 51.2%，最高 97.4%。'
    """
    section, own = name.split(".")
    zh, en = texts()[section][own]
    return say(language, zh, en, **slots)


@cache
def texts() -> dict[str, dict[str, tuple[str, str]]]:
    """Give all sentences by section and name, in Chinese and in English."""
    file = files("survey.report").joinpath("texts.toml")
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        section: {
            name: tuple(text.values() if isinstance(text, dict) else text)
            for name, text in own.items()
        }
        for section, own in read.items()
    }
