"""The points about questions: which column answers each, and what its answers count as."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from questionnaires import Questionnaire
from questionnaires.text import normalise
from survey.coding import Matching
from survey.coding.columns import column, describe
from survey.coding.naming import NAMED
from survey.coding.scales import columns_of_slots
from survey.coding.wordings import slots
from survey.decisions import FACTS
from survey.errors import ReadError
from survey.forms import Text
from survey.readers import Export
from survey.readers.container.guard import column_letters
from survey.readers.export.selecting import Found
from survey.understanding.points import HOW, LEVELS, NOT_ASKED, Choice, Point
from survey.understanding.restating import levels_of

_ODD = re.compile(r"$|第?\d|列|column")
"""Beginnings of a wording that may be taken for a number or a place."""


def selector(export: Export, found: Found) -> str:
    """Give the text that names exactly this column, a wording rather than a number or a place.

    Numbers and places change from one year to the next, wordings seldom do.
    """
    question, plain = found.question, _plain(found)
    numbered = question.number
    if found.row is not None:
        numbered = f"{question.number or question.stem}—{question.rows[found.row]}"
    for text in (plain, numbered, export.headers[column(found)]):
        if text.strip() and not text.startswith("第") and _names(export, text, found):
            return text
    return f"列 {column_letters(column(found))}"


def _names(export: Export, text: str, found: Found) -> bool:
    try:
        hit = export.find(text)
    except ReadError:
        return False
    return column(hit) == column(found) and hit.row == found.row


def selectors(export: Export) -> dict[int, str]:
    """Give the selector of every column that may be named, by its position."""
    every = [(found, _plain(found)) for found in columns_of(export)]
    whole = [question.stem for question in export.questions if question.rows]
    times = Counter(map(normalise, [*whole, *(text for _, text in every)]))
    return {
        column(found): text
        if times[normalise(text)] == 1 and not _ODD.match(normalise(text))
        else selector(export, found)
        for found, text in every
    }


def _plain(found: Found) -> str:
    question = found.question
    return question.stem if found.row is None else question.rows[found.row]


def columns_of(export: Export) -> Iterator[Found]:
    """List every column that may be named and is about no person's identity."""
    for question in export.questions:
        if not question.personal:
            rows = range(len(question.rows)) if question.rows else (None,)
            yield from (Found(question, row) for row in rows)


def columns(
    asked: Questionnaire, exports: Sequence[Export], matchings: Sequence[Matching]
) -> list[Point]:
    """Give a point a slot of the questionnaire: the column that answers it."""
    if asked.id == NAMED:
        return []
    pairs = [*zip(exports, matchings, strict=True)]
    texts = {export.name: selectors(export) for export in exports}
    points = []
    for slot, (wording, *_) in slots(asked).items():
        export, doubt = next(
            ((e, d) for e, m in pairs for d in m.doubts if d.slot == slot), (exports[0], None)
        )
        hits = [(e, m.targets[slot]) for e, m in pairs if slot in m.targets]
        near = [texts[export.name].get(column(f), "") for f in doubt.candidates] if doubt else []
        every = dict.fromkeys(filter(None, [*near, *texts[export.name].values()]))
        choices = (*(Choice(text, Text(text, text)) for text in every), Choice("", NOT_ASKED))
        open_ids = [asked.open_question.id] if asked.open_question else []
        how = hits[0][1].how if hits else ""
        if doubt is not None:
            value, why = None, _doubtful([describe(f) for f in doubt.candidates])
        elif hits:
            found_in, target = hits[0]
            value = texts[found_in.name].get(column(target.found)) or selector(
                found_in, target.found
            )
            letters = column_letters(column(target.found))
            why = Text(f"列 {letters}，{HOW[how].zh}", f"column {letters}, {HOW[how].en}")
        else:
            value, why = "", Text("没有相近的列", "no column is like it")
        points.append(
            Point(
                "columns",
                slot,
                Text(wording, wording),
                value,
                why,
                choices,
                is_stated=doubt is not None or how == "mapping",
                stops=slot not in open_ids,
            )
        )
    return points


def _doubtful(near: Sequence[str]) -> Text:
    if not near:
        return Text(
            "没有一列像是它，请选出是哪一列；没有就选“没有问”。",
            "No column is like it: choose one, or “not asked”.",
        )
    if len(near) == 1:
        return Text(
            f"最像的是{near[0]}，但文字不同。是它就选它；没有这道题就选“没有问”。",
            f"The nearest is {near[0]}, worded otherwise. Choose it, or “not asked”.",
        )
    listed, listed_en = "、".join(near[:3]), ", ".join(near[:3])
    return Text(
        f"有 {len(near)} 列都可能是它：{listed}{' 等' * (len(near) > 3)}。请选一列，或选“没有问”。",
        f"{len(near)} columns may be meant: {listed_en}. Choose one, or “not asked”.",
    )


def levels(
    asked: Questionnaire,
    exports: Sequence[Export],
    matchings: Sequence[Matching],
    stated: Mapping[str, str],
) -> list[Point]:
    """Give a point an answer to the rated questions: satisfied, not, or outside the base."""
    choices = tuple(Choice(value, text) for value, text in LEVELS.items())
    counts: Counter[str] = Counter()
    codes: dict[str, str | None] = {}
    lacks: dict[str, None] = {}
    for group in levels_of(asked, columns_of_slots(exports, matchings)):
        counts.update(group.counts)
        codes |= {
            label: c if codes.get(label, c) == c else None for label, c in group.codes.items()
        }
        lacks |= {group.lacks: None} if group.lacks else {}
    points = []
    given = {normalise(label): code for label, code in stated.items()}
    for label, own in codes.items():
        code = given.get(normalise(label), own)
        why = Text(f"共选 {counts[label]} 次", f"chosen {counts[label]} times")
        if code is None:
            why = Text(
                f"{why.zh}；“{label}”算满意、不满意，还是不计入？由调查的组织者决定。",
                f"{why.en}; satisfied, not, or neither? The owner of the survey decides.",
            )
        is_stated = code is None or normalise(label) in given
        if code is not None or "satisfied" not in lacks:
            shown = Text(label, label)
            points.append(Point("levels", label, shown, code, why, choices, is_stated=is_stated))
    for fact in lacks:
        why = _lacking(fact, counts)
        points.append(
            Point("survey", fact, FACTS[fact].shown, None, why, is_stated=True, is_free=True)
        )
    return points


def _lacking(fact: str, counts: Mapping[str, int]) -> Text:
    listed = "、".join(label for label in [*counts][:8])
    if fact == "ladder":
        return Text(
            f"这些答案的好坏次序不认识：{listed}。请由好到差写出，用 > 隔开，如 好 > 中 > 差。",
            f"The order of {listed} is not known: write them from best to worst, parted by >.",
        )
    return Text(
        f"答案是数字（{listed} 等）。多少起算满意？请写成 >=90；1 最好时写 <=2。",
        f"The answers are numbers ({listed} …). From which on are people satisfied? Write >=90.",
    )


def facts(stated: Mapping[str, str]) -> list[Point]:
    """Give the points of the survey as a whole: its title, who reports, its time."""
    asked = [key for key, fact in FACTS.items() if key in stated or fact.is_asked]
    return [
        Point(
            "survey",
            key,
            FACTS[key].shown,
            stated.get(key, ""),
            Text("", ""),
            tuple(Choice(value, label) for value, label in FACTS[key].choices.items()),
            is_stated=key in stated,
            is_free=not FACTS[key].choices,
        )
        for key in asked
    ]
