"""The scale of every rated column: the questionnaire's, or what the analyst states instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from questionnaires import Level, Questionnaire, Scale
from questionnaires.threshold import Threshold, threshold
from survey.coding.columns import answered_labels, require_rateable
from survey.coding.ladders import Satisfied, best_first, cuts
from survey.coding.ladders import ladder as build_ladder
from survey.coding.matching import Matching
from survey.coding.undecided import Cut, undecided
from survey.errors import CodingError, Place
from survey.readers import Export
from survey.readers.export.selecting import Found

Columns = Sequence[tuple[Export, Mapping[str, Found]]]
"""Every file with the columns of its slots."""


def columns_of_slots(exports: Sequence[Export], matchings: Sequence[Matching]) -> Columns:
    """Give every file with the columns of its slots."""
    return [
        (export, {slot: target.found for slot, target in matching.targets.items()})
        for export, matching in zip(exports, matchings, strict=True)
    ]


def groups_of_slots(asked: Questionnaire, columns: Columns) -> list[list[str]]:
    """Give the rated questions that are in the files: the overall one, and all others together."""
    present = {slot for _, found in columns for slot in found}
    groups = (
        [slot for slot in group if slot in present] for group in (["overall"], asked.item_ids)
    )
    return [group for group in groups if group]


def counted(columns: Columns, slots: Sequence[str]) -> Counter[str]:
    """Count the answers to some questions over all files."""
    labels: Counter[str] = Counter()
    for export, found in columns:
        for slot in slots:
            if slot in found:
                labels.update(answered_labels(export, found[slot]))
    return labels


def rescaled(
    asked: Questionnaire, matchings: Sequence[Matching], scales: Mapping[str, Scale]
) -> tuple[Questionnaire, tuple[Matching, ...]]:
    """Give slots the scales that were stated, and say of them that they were."""

    def told(matching: Matching) -> Matching:
        targets = matching.targets.items()
        return replace(
            matching,
            targets={s: replace(t, stated=t.stated or s in scales) for s, t in targets},
        )

    return asked.with_scales(scales), tuple(map(told, matchings))


def own_scale(asked: Questionnaire, slots: Sequence[str]) -> Scale | None:
    """Give the questionnaire's scale of some slots, if it is the same for all."""
    own = [asked.item(slot).scale for slot in slots]
    return own[0] if own.count(own[0]) == len(own) else None


def stated_scale(
    columns: Columns,
    slots: Sequence[str],
    satisfied: Satisfied | None,
    order: Sequence[str] | None,
    not_applicable: Sequence[str],
    known: Scale | None = None,
) -> Scale:
    """Build the one scale of some slots from all their answers, as the analyst states it.

    `known`: the questionnaire's own scale of these slots, if it has one.

    Raises
    ------
    UndecidedError
        If nobody said which answers are satisfied.
    CodingError
        If the answers lie on no known ladder, or are positions of unknown direction.
    """
    names = [found[s].question.label for _, found in columns for s in slots if s in found]
    place = Place(file=columns[0][0].name, question="、".join(dict.fromkeys(names)))
    labels: Counter[str] = Counter()
    for export, found in columns:
        for slot in (slot for slot in slots if slot in found):
            given = answered_labels(export, found[slot])
            # Numbers whose order the analyst states have a direction.
            if order is None and not _is_rule(satisfied):
                require_rateable(export, found[slot], given, place)
            labels.update(given)
    if not satisfied:
        raise undecided(_cut(slots, labels), place)
    return build_ladder(
        labels,
        satisfied=satisfied,
        name=slots[0],
        order=order,
        not_applicable=not_applicable,
        known=known,
        place=place,
    )


def restated(
    asked: Questionnaire,
    exports: Sequence[Export],
    matchings: Sequence[Matching],
    satisfied: Satisfied | None = None,
    ladder: Sequence[str] | None = None,
    not_applicable: Sequence[str] | None = None,
) -> tuple[Questionnaire, tuple[Matching, ...]]:
    """Let what the analyst states take the place of the questionnaire's own scales.

    `satisfied, ladder, not_applicable`: as for `survey.read`; with neither of the first two the
    scales keep their levels.

    `matchings`: Slots whose scale was stated say so.

    Raises
    ------
    CodingError
        If the statement fits no rated question, or a question neither the statement nor the
        questionnaire's scale.
    """
    aside = not_applicable or ()
    columns = columns_of_slots(exports, matchings)
    groups = groups_of_slots(asked, columns)
    if satisfied is None and ladder is None:
        widened = {s: _widened(asked.item(s).scale, aside) for slots in groups for s in slots}
        return asked.with_scales(widened), tuple(matchings)
    scales: dict[str, Scale] = {}
    refused: list[CodingError] = []
    for slots in groups:
        try:
            known = own_scale(asked, slots)
            made = stated_scale(columns, slots, satisfied, ladder, aside, known)
        except CodingError as error:
            if undecided_cuts(columns, asked, slots) or len(refused) + 1 == len(groups):
                raise
            refused.append(error)
        else:
            scales |= dict.fromkeys(slots, made)
    return rescaled(asked, matchings, scales)


def _widened(scale: Scale, aside: Sequence[str]) -> Scale:
    """Let a scale know further answers that say nothing about satisfaction."""
    found = {label: scale.find(label) for label in aside}
    rated = [label for label, level in found.items() if level and level.valid]
    if rated:
        raise CodingError(
            zh=f"“{rated[0]}”在问卷的量表 {scale.id} 上，不能写作不适用（--not-applicable）。",
            en=f"“{rated[0]}” is on scale {scale.id} and cannot be not applicable.",
        )
    new = [Level(label, None, False, valid=False) for label, level in found.items() if not level]
    return Scale(scale.id, (*scale.levels, *new))


def undecided_cuts(columns: Columns, asked: Questionnaire, slots: Sequence[str]) -> tuple[Cut, ...]:
    """List the decisions that the questionnaire's scales leave to the owner of the survey.

    One for all questions that are answered on one ladder; empty where every answer is on its
    question's scale, on a level of its own.
    """
    open_: dict[str, Counter[str]] = {}
    for slot in slots:
        labels, scale = counted(columns, [slot]), asked.item(slot).scale
        if any(scale.find(label) is None for label in labels) or scale.clashes(labels):
            open_[slot] = labels
    together = sum(open_.values(), Counter[str]())
    if open_ and best_first(together):
        return (_cut([*open_], together),)
    return tuple(_cut([slot], labels) for slot, labels in open_.items())


def _cut(slots: Sequence[str], labels: Mapping[str, int]) -> Cut:
    order = best_first(labels)
    rest = [label for label in labels if label not in order]
    return Cut(tuple(slots), {label: labels[label] for label in (*order, *rest)}, cuts(order))


def _is_rule(satisfied: Satisfied | None) -> bool:
    """Tell whether a threshold is stated: it gives numbers their direction."""
    if satisfied is None or isinstance(satisfied, Threshold):
        return satisfied is not None
    return len(satisfied) == 1 and threshold(satisfied[0]) is not None
