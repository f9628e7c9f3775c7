"""Put what was decided of answers into the questionnaire: levels of its scales, names of roles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from questionnaires import Item, Questionnaire, Scale
from questionnaires.text import normalise
from survey.coding import Matching
from survey.coding.columns import answered_labels
from survey.coding.ladders import ladder
from survey.errors import CodingError
from survey.readers import Export
from survey.understanding.decisions import Decisions


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


def with_levels(
    asked: Questionnaire,
    exports: Sequence[Export],
    matchings: Sequence[Matching],
    decisions: Decisions,
) -> Questionnaire:
    """Give the rated questions the ladders that were decided.

    Parameters
    ----------
    asked : Questionnaire
        With its own scales; one that knows every answer and was not contradicted stays.
    exports, matchings : sequence
        The files, and their columns.
    decisions : Decisions
        Levels by answer, and the order of all under ``ladder``.

    Returns
    -------
    Questionnaire
        Scales of which an answer is still undecided are left as they are.

    Raises
    ------
    CodingError
        If the answers have no known order and none is stated, or the satisfied ones are not the
        best of it.
    """
    stated = {normalise(label): code for label, code in decisions.about("levels").items()}
    written = decisions.about("survey").get("ladder", "")
    order = [part.strip() for part in re.split("[>＞]", written) if part.strip()] or None
    if not stated and order is None:
        return asked
    made: dict[tuple[str, bool], Scale] = {}
    for slot in ("overall", *asked.item_ids):
        scale = asked.item(slot).scale
        labels = [
            label
            for one in ("overall", *asked.item_ids)
            if (one == "overall") == (slot == "overall") and asked.item(one).scale == scale
            for export, matching in zip(exports, matchings, strict=True)
            if one in matching.targets
            for label in answered_labels(export, matching.targets[one].found)
        ]
        key = (scale.id, slot == "overall")
        if key not in made:
            made[key] = _restated(scale, [*dict.fromkeys(labels)], stated, order, decisions)

    def rescaled(item: Item) -> Item:
        return replace(item, scale=made[item.scale.id, item.id == "overall"])

    dimensions = tuple(
        replace(
            dimension,
            indicators=tuple(
                replace(indicator, items=tuple(map(rescaled, indicator.items)))
                for indicator in dimension.indicators
            ),
        )
        for dimension in asked.dimensions
    )
    return replace(asked, overall=rescaled(asked.overall), dimensions=dimensions)


def _restated(
    scale: Scale,
    labels: Sequence[str],
    stated: Mapping[str, str],
    order: Sequence[str] | None,
    decisions: Decisions,
) -> Scale:
    """Build the ladder of some answers, or keep the scale where nothing new is said of them."""
    own = {
        label: code(level.satisfied, level.valid) if (level := scale.find(label)) else None
        for label in labels
    }
    now = {label: stated.get(normalise(label), own[label]) for label in labels}
    clashing = {label for group in scale.clashes(labels) for label in group}
    if None in now.values() or any(normalise(label) not in stated for label in clashing):
        return scale
    if now == own and not clashing and order is None:
        return scale
    try:
        return ladder(
            labels,
            satisfied=[label for label, code in now.items() if code == "satisfied"],
            name=scale.id,
            order=order,
            not_applicable=[label for label, code in now.items() if code == "aside"],
        )
    except CodingError as error:
        said = [key for key in decisions.made if key[0] == "levels" or key == ("survey", "ladder")]
        error.place = decisions.place(*said[-1])
        raise


def code(satisfied: bool, valid: bool) -> str:
    """Name what a level of a scale counts as."""
    return "aside" if not valid else "satisfied" if satisfied else "unsatisfied"
