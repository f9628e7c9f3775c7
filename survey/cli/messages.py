"""What the command says, in Chinese and in English."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import pairwise

from questionnaires.language import say
from survey.errors import Language


def language(words: Sequence[str]) -> Language:
    """Find the language asked for before the words are parsed.

    Examples
    --------
    >>> language(["a.xlsx", "--language", "en"]), language(["--language=en"]), language([])
    ('en', 'en', 'zh')
    """
    for word, following in pairwise([*words, ""]):
        if word == "--language=en" or (word == "--language" and following == "en"):
            return "en"
    return "zh"


def tell(chosen: argparse.Namespace, zh: str, en: str) -> None:
    """Say something, at once, unless nothing but errors is asked for."""
    if not chosen.quiet:
        print(say(chosen.language, zh, en), flush=True)


def error(text: str, language: Language) -> str:
    """Frame an error's text."""
    return say(language, f"错误：{text}", f"Error: {text}")


def note(text: tuple[str, str], language: Language) -> str:
    """Frame what a person should know though nothing is wrong."""
    return say(language, f"提示：{text[0]}", f"Note: {text[1]}")


def interrupted(language: Language) -> str:
    """Say that the run was interrupted."""
    return say(
        language, "已中断，没有留下写了一半的结果。", "Interrupted; nothing half-written is left."
    )
