"""Put what was decided of answers into the questionnaire: levels of its scales, names of roles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from questionnaires import Questionnaire, Scale
from questionnaires.text import normalise
from questionnaires.threshold import numbers
from questionnaires.words import words
from survey.coding import Matching, undecided_cuts
from survey.coding.ladders import best_first, plain
from survey.coding.scales import (
    Columns,
    columns_of_slots,
    counted,
    groups_of_slots,
    own_scale,
    rescaled,
    stated_scale,
)
from survey.decisions import Decisions
from survey.errors import CodingError
from survey.readers import Export


@dataclass(frozen=True)
class Levels:
    """The answers to some rated questions, and what each counts as."""

    slots: tuple[str, ...]  # the questions, those that are in the files
    counts: Mapping[str, int]  # how often each answer was given
    # ``satisfied``, ``unsatisfied`` or ``aside`` by answer; None where only a person can say
    codes: Mapping[str, str | None]
    # what is missing beside: ``ladder``, the order of the answers; ``satisfied``, from which number
    # on they count; or nothing
    lacks: str


def levels_of(asked: Questionnaire, columns: Columns) -> list[Levels]:
    """Say what the answers to the overall question count as, and those to the items."""
    return [_levels(asked, columns, slots) for slots in groups_of_slots(asked, columns)]


def _levels(asked: Questionnaire, columns: Columns, slots: Sequence[str]) -> Levels:
    counts: Counter[str] = Counter()
    codes: dict[str, str | None] = {}
    for slot in slots:
        scale = asked.item(slot).scale
        labels = counted(columns, [slot])
        clashing = {label for group in scale.clashes(labels) for label in group}
        for label in labels:
            level = scale.find(label)
            code = _code(level.satisfied, level.valid) if level and label not in clashing else None
            codes[label] = code if codes.get(label, code) == code else None
        counts += labels
    lacks = ""
    for cut in undecided_cuts(columns, asked, slots):
        outside = {label for label in cut.labels if normalise(label) in words().outside}
        codes |= dict.fromkeys(outside, "aside")
        if cut.candidates:
            best, worst = plain(order := best_first(cut.labels))
            sure = dict.fromkeys(best, "satisfied") | dict.fromkeys(worst, "unsatisfied")
            codes |= {label: codes[label] or code for label, code in sure.items()}
            if None not in (codes[label] for label in order):
                codes[order[max(len(best), 1) - 1]] = None  # one is asked where all is plain
        if numbers({*cut.labels} - outside):
            lacks = "satisfied"
        elif not cut.candidates:
            lacks = "ladder"
    return Levels(tuple(slots), counts, codes, lacks)


def with_levels(
    asked: Questionnaire,
    exports: Sequence[Export],
    matchings: Sequence[Matching],
    decisions: Decisions,
) -> tuple[Questionnaire, tuple[Matching, ...]]:
    """Give the rated questions the ladders that were decided.

    Parameters
    ----------
    asked : Questionnaire
        With its own scales; one that knows every answer and was not contradicted stays.
    exports, matchings : sequence
        The files, and their columns.
    decisions : Decisions
        Levels by answer; of the survey ``ladder``, the order of all, and ``satisfied``, a rule.

    Returns
    -------
    questionnaire : Questionnaire
        Scales of which an answer is still undecided are left as they are.
    matchings : tuple of Matching
        Slots whose scale was decided say so.

    Raises
    ------
    CodingError
        If the satisfied answers are not the best of the order.
    """
    stated = {normalise(label): code for label, code in decisions.about("levels").items()}
    said = decisions.about("survey")
    rule = said.get("satisfied")
    order = [part.strip() for part in re.split("[>＞]", said.get("ladder", "")) if part.strip()]
    scales: dict[str, Scale] = {}
    columns = columns_of_slots(exports, matchings)
    for levels in levels_of(asked, columns) if stated or rule or order else ():
        now = {label: stated.get(normalise(label), old) for label, old in levels.codes.items()}
        ruled = levels.lacks == "satisfied" and rule is not None
        if not ruled and (None in now.values() or (levels.lacks and not order)):
            continue
        if now == levels.codes and not ruled and not order:
            continue
        by_code = {code: [label for label in now if now[label] == code] for code in now.values()}
        try:
            scale = stated_scale(
                columns,
                levels.slots,
                [rule] if ruled and rule else by_code.get("satisfied", []),
                order or None,
                by_code.get("aside", []),
                own_scale(asked, levels.slots),
            )
        except CodingError as error:
            topics = ("levels", *(["survey"] if order or ruled else []))
            error.place = next(d.place for (of, _), d in decisions.made.items() if of in topics)
            raise
        scales |= dict.fromkeys(levels.slots, scale)
    return rescaled(asked, matchings, scales)


def _code(satisfied: bool, valid: bool) -> str:
    return "aside" if not valid else "satisfied" if satisfied else "unsatisfied"


def with_role_names(asked: Questionnaire, decisions: Decisions) -> Questionnaire:
    """Let roles be known by the answers that were said to be theirs.

    Raises
    ------
    CodingError
        If a role is none of the questionnaire's.
    """
    named: dict[str, dict[str, str]] = {role.id: {} for role in asked.roles}
    for answer, role in decisions.about("roles").items():
        id = role if role in named else asked.role_of(role)
        if role and id is None:
            raise CodingError(
                zh=f"没有“{role}”这类人员，应为：{'、'.join(r.title for r in asked.roles)}。",
                en=f"There is no role “{role}”; there are {', '.join(named)}.",
                place=decisions.place("roles", answer),
            )
        if id is not None and asked.role_of(answer) is None:
            named[id][normalise(answer)] = answer
    roles = (replace(r, aliases=(*r.aliases, *named[r.id].values())) for r in asked.roles)
    return replace(asked, roles=tuple(roles))
