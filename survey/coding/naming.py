"""A survey without a questionnaire: the analyst names its columns, the answers give its scales."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from questionnaires import (
    AttentionCheck,
    ChoiceQuestion,
    Dimension,
    Indicator,
    Item,
    Level,
    Questionnaire,
    Role,
    Scale,
)
from questionnaires.text import normalise
from survey.coding.columns import answered_labels
from survey.coding.ladders import Satisfied
from survey.coding.matching import (
    Matching,
    Target,
    refuse_shared,
)
from survey.coding.scales import stated_scale
from survey.errors import CodingError, Place
from survey.readers import Export
from survey.readers.export.selecting import Found

NAMED = "named"
"""Id of a questionnaire made of named columns."""
NO_BRANCH = "全部答卷"
"""Name of the one unit of a survey without branches."""
UNSTATED = Scale(
    "unstated", (Level("\ue001", 2.0, satisfied=True), Level("\ue000", 1.0, satisfied=False))
)
"""The scale of columns of which nobody said yet which answers are satisfied: no answer is on it."""


def name_columns(
    exports: Sequence[Export],
    *,
    overall: str,
    branch: str | None = None,
    role: str | None = None,
    dimensions: Mapping[str, Sequence[str]] | None = None,
    satisfied: Satisfied | None = None,
    ladder: Sequence[str] | None = None,
    not_applicable: Sequence[str] | None = None,
    bar: str = "0.9",
    attention: AttentionCheck | None = None,
) -> tuple[Questionnaire, list[Matching]]:
    """Build a questionnaire from named columns.

    `dimensions`: names of dimensions and the selectors of their items; a whole matrix stands for
    its rows.

    `satisfied`: answers that count as satisfied; without it all rated columns have the scale
    `UNSTATED`.

    Raises
    ------
    CodingError
        If the answers lie on no known ladder.
    ReadError
        If a selector names no column.
    """
    selectors = {"overall": overall}
    if branch is not None:
        selectors["branch"] = branch
    if role is not None:
        selectors["role"] = role
    found = [{slot: e.find(s) for slot, s in selectors.items()} for e in exports]
    items: dict[str, list[str]] = {}
    for name, columns in (dimensions or {}).items():
        items[name] = []
        for parts in (part for selector in columns for part in _items(exports, selector)):
            slot = f"q{sum(map(len, items.values())) + 1:02d}"
            items[name].append(slot)
            for named, part in zip(found, parts, strict=True):
                named[slot] = part
    for export, named in zip(exports, found, strict=True):
        refuse_shared(named, export, _uses(named, items))
    texts = _texts(found[0])
    aside = not_applicable or ()
    ids = [slot for columns in items.values() for slot in columns]
    files = [*zip(exports, found, strict=True)]
    overall_scale = item_scale = UNSTATED
    if satisfied:
        overall_scale = stated_scale(files, ["overall"], satisfied, ladder, aside)
        item_scale = stated_scale(files, ids, satisfied, ladder, aside) if ids else overall_scale
    numbered = iter(range(1, len(ids) + 1))
    asked = Questionnaire(
        id=NAMED,
        title="问卷",
        title_en="Questionnaire",
        dimensions=tuple(
            Dimension(
                f"d{position}",
                name,
                tuple(
                    Indicator(next(numbered), texts[slot], (Item(slot, texts[slot], item_scale),))
                    for slot in columns
                ),
            )
            for position, (name, columns) in enumerate(items.items(), start=1)
        ),
        overall=Item("overall", texts["overall"], overall_scale),
        bar=bar,
        branch=ChoiceQuestion("branch", texts.get("branch", NO_BRANCH)),
        role=ChoiceQuestion("role", texts["role"]) if role is not None else None,
        roles=_roles(exports, found) if role is not None else (),
        attention=None,
        open_question=None,
    )
    targets = [
        {s: Target(f, "named", stated=bool(satisfied)) for s, f in named.items()} for named in found
    ]
    checks = [_worded(export, attention.text) for export in exports] if attention else []
    if attention and all(checks):
        asked = replace(asked, attention=attention)
        for slots, check in zip(targets, filter(None, checks), strict=True):
            slots[attention.id] = Target(check, "wording")
    matchings = [Matching(slots, (), ()) for slots in targets]
    return asked, matchings


def with_roles(asked: Questionnaire, labels: Iterable[str]) -> Questionnaire:
    """Add roles that a roster has and nobody answered to a questionnaire of named columns."""
    if asked.id != NAMED or asked.role is None:
        return asked
    new = (Role(name, name, (name,)) for name in labels if asked.role_of(name) is None)
    return replace(asked, roles=(*asked.roles, *new))


def _uses(slots: Iterable[str], items: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Say what every slot is, in the words in which the analyst asked for it."""
    known = {"overall": "总体满意度 overall", "branch": "支部 branch", "role": "身份 role"}
    of = {slot: f"维度“{name}”的题目" for name, ids in items.items() for slot in ids}
    return {slot: known.get(slot) or of[slot] for slot in slots}


def _items(exports: Sequence[Export], selector: str) -> list[tuple[Found, ...]]:
    """Find an item in every file; a whole matrix is as many items as it has rows."""
    named = [export.find(selector) for export in exports]
    rows = [
        [Found(one.question, row) for row in range(len(one.question.rows))]
        if one.question.kind == "matrix" and one.row is None
        else [one]
        for one in named
    ]
    if len(set(map(len, rows))) > 1:
        raise CodingError(
            zh=f"“{selector}”在各文件中的行数不同，请逐行写明。",
            en=f"“{selector}” has not the same rows in all files; name the rows one by one.",
            place=Place(file="、".join(export.name for export in exports)),
        )
    return list(zip(*rows, strict=True))


def _texts(columns: Mapping[str, Found]) -> dict[str, str]:
    """Give every slot its wording; rows that repeat in several matrices carry their number."""
    texts = {
        slot: found.question.rows[found.row] if found.row is not None else found.question.stem
        for slot, found in columns.items()
    }
    repeated = Counter(map(normalise, texts.values()))
    for slot, found in columns.items():
        if repeated[normalise(texts[slot])] > 1 or not normalise(texts[slot]):
            texts[slot] = f"{found.question.number}—{texts[slot]}"
    return texts


def _worded(export: Export, text: str) -> Found | None:
    """Find the one question that is worded so."""
    hits = [q for q in export.questions if normalise(q.stem) == normalise(text)]
    return Found(hits[0], None) if len(hits) == 1 else None


def _roles(exports: Sequence[Export], found: Sequence[Mapping[str, Found]]) -> tuple[Role, ...]:
    answers: dict[str, str] = {}
    for export, columns in zip(exports, found, strict=True):
        for label in answered_labels(export, columns["role"]):
            answers.setdefault(normalise(label), label)
    return tuple(Role(label, label, (label,)) for label in answers.values())
