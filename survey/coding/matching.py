"""Columns to items: what matches for certain is used, what does not is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from questionnaires import Questionnaire, Scale
from questionnaires.text import normalise
from survey.coding.columns import answered_labels, column, describe
from survey.coding.wordings import asked_about, core, likeness, slots
from survey.errors import CodingError
from survey.readers import Export
from survey.readers.export.selecting import Found

How = Literal["wording", "core", "mapping", "named"]
Unit = tuple[Found, tuple[str, ...]]

SIMILAR = 0.6
"""Likeness of two wordings from which one may be meant by the other."""

# What a column of open answers may look like; the same few words of everybody look closed.
_TOLD = frozenset({"text", "single", "number", "blanks"})


@dataclass(frozen=True)
class Target:
    """The column that answers an item, how it was found, and whether its scale was stated."""

    found: Found
    how: How
    stated: bool = False


@dataclass(frozen=True)
class Doubt:
    """An item without a certain column."""

    slot: str  # item id, ``branch``, ``role``, ``overall``, or the id of the check or open question
    wording: str  # what the questionnaire asks
    candidates: tuple[Found, ...]  # columns that may be meant, the likeliest first


@dataclass(frozen=True)
class Matching:
    """What one export's columns answer."""

    targets: Mapping[str, Target]  # by slot
    # slots that may be in the file but are not certain: they stop the reading, but for the open
    # question, which is left unused
    doubts: tuple[Doubt, ...]
    absent: tuple[str, ...]  # slots that the file does not ask


def match_columns(
    export: Export,
    questionnaire: Questionnaire,
    mapping: Mapping[str, str] | None = None,
    places: Mapping[str, str] | None = None,
) -> Matching:
    """Find the column of every slot of the questionnaire.

    Raises
    ------
    CodingError
        If the mapping names a slot that the questionnaire does not have.
    ReadError
        If a selector of the mapping names no column.

    Notes
    -----
    Certain is a column whose wording equals one of the slot's after NFKC and with blanks
    and outer punctuation removed, or equals it after the shell «您对…的满意度» is taken off both
    (of branch and role only its beginning), and no other column does. A slot with a merely similar
    column left over is a doubt. So is a missing item while an unmatched column is answered on its
    scale.
    """
    mapping = mapping or {}
    wordings = slots(questionnaire)
    unknown = sorted(set(mapping) - set(wordings))
    if unknown:
        raise CodingError(
            zh=f"“{'、'.join(unknown)}”不是问卷 {questionnaire.id} 的题目，"
            f"可用的有：{'、'.join(wordings)}。",
            en=f"Questionnaire {questionnaire.id} has no {', '.join(unknown)}; it has "
            f"{', '.join(wordings)}.",
        )
    targets = {
        slot: Target(export.find(selector), "mapping")
        for slot, selector in mapping.items()
        if selector
    }
    refuse_shared(
        {slot: target.found for slot, target in targets.items()},
        export,
        {
            slot: f"{slot}（“{names[0]}”" + (f"，{places[slot]}）" if places else "）")
            for slot, names in wordings.items()
            if not places or slot in places
        },
    )
    units = _units(export)
    unclear: dict[str, list[Found]] = {}
    told = questionnaire.open_question.id if questionnaire.open_question else None
    about_a_person = {questionnaire.branch.id, questionnaire.role.id if questionnaire.role else ""}
    for how in ("wording", "core"):
        for slot, names in wordings.items():
            if slot in targets or slot in mapping or slot in unclear:
                continue
            # «您对支部满意吗» does not ask which branch; nor does a row 支部 of a rated matrix.
            rated = slot not in about_a_person
            form = normalise if how == "wording" else core if rated else asked_about
            wanted = {form(name) for name in names} - {""}
            hits = [
                found
                for found, texts in units
                if (rated or not _is_rating(found, questionnaire, export))
                and (slot != told or found.question.kind in _TOLD)
                and not wanted.isdisjoint(map(form, texts))
            ]
            if len(hits) > 1:
                unclear[slot] = hits
            elif hits:
                targets[slot] = Target(hits[0], "wording" if how == "wording" else "core")
    claims = Counter(map(column, (target.found for target in targets.values())))
    for slot, target in [*targets.items()]:
        if claims[column(target.found)] > 1 and target.how != "mapping":
            unclear[slot] = [targets.pop(slot).found]
    left = [(found, texts) for found, texts in units if column(found) not in claims]
    cores = [[core(text) for text in texts] for _, texts in left]
    on_scale: dict[Scale, frozenset[int]] = {}
    doubts, absent = [], []
    for slot, names in wordings.items():
        if slot in targets or slot in mapping:
            continue
        likely = _likely(names, left, cores)
        candidates = unclear.get(slot) or [found for found, ratio in likely if ratio >= SIMILAR]
        if slot == told:
            overall = questionnaire.overall.scale
            candidates = [found for found in candidates if not _is_on(overall, export, found)]
        if not candidates and slot in questionnaire.item_ids:
            scale = questionnaire.item(slot).scale
            if scale not in on_scale:
                fitting = [found for found, _ in left if _is_on(scale, export, found)]
                on_scale[scale] = frozenset(map(column, fitting))
            candidates = [found for found, _ in likely if column(found) in on_scale[scale]]
        if candidates or slot in (questionnaire.branch.id, "overall"):
            doubts.append(Doubt(slot, names[0], tuple(candidates)))
        else:
            absent.append(slot)
    return Matching(targets, tuple(doubts), tuple(absent))


def refuse_shared(columns: Mapping[str, Found], export: Export, names: Mapping[str, str]) -> None:
    """Stop if one column is to answer two slots, and name these as the analyst knows them."""
    slots_of: dict[int, list[str]] = {}
    for slot, found in columns.items():
        slots_of.setdefault(column(found), []).append(slot)
    for shared in slots_of.values():
        if len(shared) > 1:
            name = describe(columns[shared[0]])
            known = [names[slot] for slot in shared]
            raise CodingError(
                zh=f"同一列{name}不能同时作为 {'、'.join(known)}，请给它们各指定一列。",
                en=f"One column, {name}, cannot be {' and '.join(known)}; name a column for each.",
                place=export.place,
            )


def require_certain(export: Export, questionnaire: Questionnaire, matching: Matching) -> None:
    """Stop if any slot but the open question is in doubt.

    Raises
    ------
    CodingError
        Listing every doubt with the columns that may be meant; where not one question of the
        questionnaire is in the file, saying that it is another survey.
    """
    asked = questionnaire.open_question
    stopping = [doubt for doubt in matching.doubts if asked is None or doubt.slot != asked.id]
    if not stopping:
        return
    if not matching.targets:
        raise CodingError(
            zh=f"这份文件不像问卷 {questionnaire.id}（{questionnaire.title}）的答卷："
            "没有一道题目对得上。是别的调查时，请在确认表（survey-report check 文件 --write 确认"
            "表.xlsx）中选出各列，或直接指明各列（--branch、--overall、--dimension、--satisfied）。",
            en=f"The file does not look like answers to {questionnaire.id}: none of its questions "
            "is there. For another survey choose its columns in the sheet to confirm "
            "(survey-report check FILE --write SHEET.xlsx), or name them (--branch, --overall, "
            "--dimension, --satisfied).",
            place=export.place,
        )
    alike: dict[tuple[int, ...], list[Doubt]] = {}
    for doubt in stopping:
        alike.setdefault(tuple(map(column, doubt.candidates)), []).append(doubt)
    zh, en = [], []
    for doubts in alike.values():
        candidates = doubts[0].candidates
        wanted = "；".join(f"{doubt.slot} “{doubt.wording}”" for doubt in doubts)
        named = [describe(found) for found in candidates[:3]]
        more = len(candidates) > len(named)
        zh.append(
            f"  {wanted}："
            + ("可能是 " + "、".join(named) + " 等" * more if named else "没有对应的列")
        )
        en.append(
            f"  {wanted}: " + ("maybe " + ", ".join(named) + " …" * more if named else "no column")
        )
    raise CodingError(
        zh="有些题目不能确定对应哪一列：\n" + "\n".join(zh) + "\n请在确认表的黄色格里选好（用 "
        "survey-report check 文件 --write 确认表.xlsx 写出，已有一张的再加 --confirm 那一张；选好"
        "后用 --confirm 确认表.xlsx 读入）；不是这份问卷时，请指明各列（--branch、--overall 等）。",
        en="Some questions have no certain column:\n" + "\n".join(en) + "\nChoose in the yellow "
        "cells of the sheet to confirm (written by survey-report check FILE --write SHEET.xlsx, "
        "with --confirm and the one you have, if any; then pass --confirm SHEET.xlsx); for another "
        "survey name its columns (--branch, --overall and so on).",
        place=export.place,
    )


def _units(export: Export) -> list[Unit]:
    """List every column that may answer a slot with the texts it is known by."""
    units: list[Unit] = []
    for question in export.questions:
        if question.personal:
            continue
        if question.rows:
            units += [(Found(question, i), (row,)) for i, row in enumerate(question.rows)]
        else:
            # The name may stand below a heading: 基本信息—支部.
            below = (question.name,) if question.name else ()
            units.append((Found(question, None), (question.stem, *below)))
    return units


def _likely(
    names: Iterable[str], left: Sequence[Unit], cores: Sequence[Sequence[str]]
) -> list[tuple[Found, float]]:
    """List columns by how like one of the names their wording is, the likeliest first."""
    wanted = [left for left in map(core, names) if left]
    scored = [max(likeness(name, text) for name in wanted for text in texts) for texts in cores]
    order = sorted(range(len(left)), key=lambda at: -scored[at])
    return [(left[at][0], scored[at]) for at in order]


def _is_rating(found: Found, questionnaire: Questionnaire, export: Export) -> bool:
    """Tell whether a column called 支部 rates it: a row of a matrix, or one below a heading."""
    return found.question.kind == "matrix" or (
        bool(found.question.name) and _is_on(questionnaire.overall.scale, export, found)
    )


def _is_on(scale: Scale, export: Export, found: Found) -> bool:
    """Tell whether a column's answers are all on a scale, and there are some."""
    if found.question.kind not in ("single", "scale", "matrix"):
        return False
    labels = answered_labels(export, found)
    return bool(labels) and all(scale.find(label) is not None for label in labels)
