"""A survey without a questionnaire: the analyst names its columns, the answers give its scales."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from questionnaires import (
    ChoiceQuestion,
    Dimension,
    Indicator,
    Item,
    Questionnaire,
    Role,
    Scale,
)
from questionnaires.text import normalise
from survey.coding.columns import answered_labels, require_rateable
from survey.coding.ladders import ladder as build_ladder
from survey.coding.matching import (
    Matching,
    Target,
    refuse_shared,
)
from survey.errors import CodingError, Place, UsageError
from survey.readers import Export
from survey.readers.selecting import Found

NAMED = "named"
"""Id of a questionnaire made of named columns."""
NO_BRANCH = "全部答卷"
"""Name of the one unit of a survey without branches."""


def name_columns(
    exports: Sequence[Export],
    *,
    overall: str,
    branch: str | None = None,
    role: str | None = None,
    dimensions: Mapping[str, Sequence[str]] | None = None,
    satisfied: Sequence[str] | None = None,
    ladder: Sequence[str] | None = None,
    not_applicable: Sequence[str] | None = None,
    bar: str = "0.9",
) -> tuple[Questionnaire, list[Matching]]:
    """Build a questionnaire from named columns.

    Parameters
    ----------
    exports : sequence of Export
        The files; every selector must name a column in each.
    overall : str
        Selector of the overall satisfaction.
    branch, role : str, optional
        Selectors of branch and role.
    dimensions : mapping of str to sequence of str, optional
        Names of dimensions and the selectors of their items; a whole matrix stands for its rows.
    satisfied : sequence of str
        Answers that count as satisfied.
    ladder : sequence of str, optional
        All answers from best to worst.
    not_applicable : sequence of str, optional
        Answers that say nothing about satisfaction, beside 不了解 and the like.
    bar : str
        Share of satisfied people to be reached.

    Returns
    -------
    questionnaire : Questionnaire
    matchings : list of Matching
        One an export.

    Raises
    ------
    UsageError
        If `satisfied` is missing.
    CodingError
        If the answers lie on no known ladder.
    ReadError
        If a selector names no column.
    """
    if not satisfied:
        raise UsageError(
            zh='请说明哪些答案算作满意，例如 satisfied=["非常满意", "满意"]'
            "（--satisfied 非常满意,满意）。",
            en="State which answers count as satisfied, for example "
            'satisfied=["very satisfied", "satisfied"] (--satisfied).',
        )
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
    overall_scale = _scale(exports, found, ["overall"], satisfied, ladder, aside)
    ids = [slot for columns in items.values() for slot in columns]
    item_scale = _scale(exports, found, ids, satisfied, ladder, aside) if ids else overall_scale
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
        documentary=(),
        source="",
    )
    matchings = [
        Matching({slot: Target(f, "named") for slot, f in columns.items()}, (), ())
        for columns in found
    ]
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


def _scale(
    exports: Sequence[Export],
    found: Sequence[Mapping[str, Found]],
    slots: Sequence[str],
    satisfied: Sequence[str],
    order: Sequence[str] | None,
    not_applicable: Sequence[str],
) -> Scale:
    """Build the one scale of some columns from all their answers."""
    names = "、".join(
        dict.fromkeys(columns[slot].question.label for columns in found for slot in slots)
    )
    place = Place(file=exports[0].name, question=names)
    labels: dict[str, None] = {}
    for export, columns in zip(exports, found, strict=True):
        for slot in slots:
            answered = answered_labels(export, columns[slot])
            if order is None:
                # Numbers whose order the analyst states have a direction.
                require_rateable(export, columns[slot], answered, place)
            labels |= dict.fromkeys(answered)
    return build_ladder(
        labels,
        satisfied=satisfied,
        name=slots[0],
        order=order,
        not_applicable=not_applicable,
        place=place,
    )


def _roles(exports: Sequence[Export], found: Sequence[Mapping[str, Found]]) -> tuple[Role, ...]:
    answers: dict[str, str] = {}
    for export, columns in zip(exports, found, strict=True):
        for label in answered_labels(export, columns["role"]):
            answers.setdefault(normalise(label), label)
    return tuple(Role(label, label, (label,)) for label in answers.values())
