"""How a question may be worded: its names, and what is left without the shell around them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from questionnaires import Item, Questionnaire
from questionnaires.text import normalise

# What surrounds the thing asked about: «您对…的满意度».
_BEFORE = re.compile(
    r"^(总体而言|总的来说|总体来说|总体上|请问|请您?对|您对|你对|您认为|对于|对|关于|所在|您的|您|本)[,:]?"
)
_AFTER = re.compile(
    r"(的)?(总体|整体)?(满意度|满意程度|是否满意|满意吗|满意情况|评价|评分|如何|情况)$"
)


def slots(questionnaire: Questionnaire) -> dict[str, tuple[str, ...]]:
    """Give every slot with the wordings by which its column is known, the official one first.

    Examples
    --------
    >>> import questionnaires
    >>> slots(questionnaires.load("jiangsu-2014"))["q01"][-1]
    '理想信念坚定'
    """
    wordings = {questionnaire.branch.id: (questionnaire.branch.text, *questionnaire.branch.aliases)}
    if questionnaire.role is not None:
        wordings[questionnaire.role.id] = (questionnaire.role.text, *questionnaire.role.aliases)
    for grouping in questionnaire.groupings:
        wordings[grouping.id] = (grouping.text, *grouping.aliases)
    wordings["overall"] = _wordings(questionnaire.overall)
    for dimension in questionnaire.dimensions:
        for indicator in dimension.indicators:
            title = (indicator.title,) if len(indicator.items) == 1 else ()
            for item in indicator.items:
                wordings[item.id] = (*_wordings(item), *title)
    if questionnaire.attention is not None:
        wordings[questionnaire.attention.id] = (questionnaire.attention.text,)
    if questionnaire.open_question is not None:
        asked = questionnaire.open_question
        wordings[asked.id] = (asked.text, *asked.aliases)
    return wordings


def core(text: str) -> str:
    """Take the shell off a wording: «总体而言，您对食堂的满意度» asks about 食堂."""
    left = asked_about(text)
    while True:
        inner = asked_about(_AFTER.sub("", left))
        if inner == left or not inner:
            return left
        left = inner


def asked_about(text: str) -> str:
    """Take brackets and the beginning of the shell off a wording."""
    asked = re.sub(r"\([^()]*\)", "", normalise(text))
    while (inner := normalise(_BEFORE.sub("", asked))) not in (asked, ""):
        asked = inner
    return asked


def likeness(name: str, text: str) -> float:
    """Tell how alike two cores are, 1 where one holds the other."""
    return 1.0 if len(name) > 1 and name in text else SequenceMatcher(None, name, text).ratio()


def _wordings(item: Item) -> tuple[str, ...]:
    return (item.text, *((item.text_en,) if item.text_en else ()), *item.aliases)
