"""Columns to items: what matches for certain is used, what does not is listed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import pandas as pd

from questionnaires import Item, Questionnaire, Scale
from questionnaires.text import normalise
from survey.errors import CodingError, Place
from survey.readers import Export
from survey.readers.selecting import Found
from survey.readers.wording import is_whole

How = Literal["wording", "core", "mapping", "named"]
Unit = tuple[Found, tuple[str, ...]]

OPEN = "?"
"""Written into a mapping for a slot that a person has still to fill in."""
SIMILAR = 0.6
"""Likeness of two wordings from which one may be meant by the other."""

_CODEBOOK_ZH = (
    "用 codebook（--codebook）给出编码本（有这份问卷按文本的下载时，"
    "survey-report codebook 文本.xlsx 序号.xlsx -o 编码本.json 可得出）"
)
_CODEBOOK_EN = (
    "give a code book (codebook, --codebook; survey-report codebook TEXT NUMBERED -o FILE.json "
    "makes one from both downloads of the survey)"
)

# What a column of open answers may look like; the same few words of everybody look closed.
_TOLD = frozenset({"text", "single", "number", "blanks"})

# What surrounds the thing asked about: «您对…的满意度».
_BEFORE = re.compile(
    r"^(总体而言|总的来说|总体来说|总体上|请问|请您?对|您对|你对|您认为|对于|对|关于|所在|您的|您|本)[,:]?"
)
_AFTER = re.compile(
    r"(的)?(总体|整体)?(满意度|满意程度|是否满意|满意吗|满意情况|评价|评分|如何|情况)$"
)


@dataclass(frozen=True)
class Target:
    """The column that answers an item, and how it was found."""

    found: Found
    how: How


@dataclass(frozen=True)
class Doubt:
    """An item without a certain column.

    Parameters
    ----------
    slot : str
        Item id, ``branch``, ``role``, ``overall``, or the id of the check or open question.
    wording : str
        What the questionnaire asks.
    candidates : tuple of Found
        Columns that may be meant, the likeliest first.
    """

    slot: str
    wording: str
    candidates: tuple[Found, ...]


@dataclass(frozen=True)
class Matching:
    """What one export's columns answer.

    Parameters
    ----------
    targets : mapping of str to Target
        By slot.
    doubts : tuple of Doubt
        Slots that may be in the file but are not certain: they stop the reading, but for the open
        question, which is left unused.
    absent : tuple of str
        Slots that the file does not ask.
    """

    targets: Mapping[str, Target]
    doubts: tuple[Doubt, ...]
    absent: tuple[str, ...]


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


def match_columns(
    export: Export, questionnaire: Questionnaire, mapping: Mapping[str, str] | None = None
) -> Matching:
    """Find the column of every slot of the questionnaire.

    Parameters
    ----------
    export : Export
        The file.
    questionnaire : Questionnaire
        What was asked.
    mapping : mapping of str to str, optional
        Slot to selector, by the analyst; ``""`` says that the slot was not asked, `OPEN` nothing.

    Returns
    -------
    Matching

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
            zh=f"映射中的“{'、'.join(unknown)}”不是问卷 {questionnaire.id} 的题目，"
            f"可用的有：{'、'.join(wordings)}。",
            en=f"The mapping names {', '.join(unknown)}, which questionnaire {questionnaire.id} "
            f"does not have; it has {', '.join(wordings)}.",
        )
    # A slot nobody has filled in yet is as doubtful as without a mapping.
    mapping = {slot: selector for slot, selector in mapping.items() if selector != OPEN}
    targets = {
        slot: Target(export.find(selector), "mapping")
        for slot, selector in mapping.items()
        if selector
    }
    refuse_shared(
        {slot: target.found for slot, target in targets.items()},
        export,
        {slot: f"{slot}（“{names[0]}”）" for slot, names in wordings.items()},
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
            form = normalise if how == "wording" else _core if rated else _asked
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
    doubts, absent = [], []
    for slot, names in wordings.items():
        if slot in targets or slot in mapping:
            continue
        candidates = unclear.get(slot) or _similar(names, left)
        if not candidates and slot in questionnaire.item_ids:
            scale = questionnaire.item(slot).scale
            candidates = [found for found, _ in left if _is_on(scale, export, found)]
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
            "没有一道题目对得上。是别的调查时，请用 --branch、--overall、--dimension、"
            "--satisfied 指明各列；"
            "用 survey-report check 文件 可看到全部题目。",
            en=f"The file does not look like answers to {questionnaire.id}: none of its questions "
            "is there. For another survey name its columns with --branch, --overall, --dimension "
            "and --satisfied; survey-report check FILE shows all questions.",
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
        zh="有些题目不能确定对应哪一列：\n" + "\n".join(zh) + "\n请用 survey-report check 文件 "
        "--write-mapping 映射.toml 写出对应表，改好后用 --mapping 映射.toml 读入"
        "（没有问的题目写成空字符串）；不是这份问卷时，请用 --branch、--overall 等指明各列。",
        en="Some questions have no certain column:\n" + "\n".join(en) + "\nWrite the mapping with "
        "survey-report check FILE --write-mapping MAPPING.toml, edit it and pass --mapping "
        'MAPPING.toml (a question that was not asked is ""); for another survey name its columns '
        "with --branch, --overall and so on.",
        place=export.place,
    )


def describe(found: Found) -> str:
    """Name a column as a person sees it."""
    if found.row is None:
        return f"“{found.question.label}”"
    return f"“{found.question.number or found.question.stem}—{found.question.rows[found.row]}”"


def column(found: Found) -> int:
    """Give the position of a question's, or of a matrix row's, column."""
    return found.question.columns[found.row or 0]


def answers_of(export: Export, found: Found) -> pd.Series[str]:
    """Give the answers of a column that holds one a person; missing where there is none.

    Raises
    ------
    CodingError
        If the question has several answers a person.
    """
    answers = export.answers(found.question, found.row)
    if isinstance(answers, pd.DataFrame):
        rows = "、".join(found.question.rows[:6])
        name = found.question.number or found.question.stem
        example = f"“{name}—{found.question.rows[0]}”" if found.question.rows else ""
        raise CodingError(
            zh=f"题目{describe(found)}每人有多个答案，不能作为一列使用。"
            + (f"请写出其中一行，如{example}（有：{rows}）。" if rows else ""),
            en=f"Question {describe(found)} holds several answers a person and is not one column."
            + (f" Name a row, such as {example} ({rows})." if rows else ""),
            place=export.place,
        )
    return answers.astype("object")


def require_rateable(export: Export, found: Found, labels: Iterable[str], place: Place) -> None:
    """Stop where a column's digits are, or may be, positions of options of unknown direction.

    Raises
    ------
    CodingError
        Saying what to do.
    """
    if found.question.coded:
        raise CodingError(
            zh="文件是按序号下载的：数字只是选项的位置，不知道方向，不能评分。"
            f"请下载“按选项文本”的文件，{_CODEBOOK_ZH}，"
            "或指明各列并用 ladder（--ladder）由好到差写出全部序号。",
            en="The export is numbered: digits are positions of options of unknown direction and "
            f"cannot be rated. Download the text mode, {_CODEBOOK_EN}, or name the columns and "
            "state all numbers from best to worst (ladder, --ladder).",
            place=place,
        )
    digits = [*labels]
    told = export.platform != "wjx" or export.mode != "undecided"
    if not told and digits and all(map(is_whole, digits)):
        raise CodingError(
            zh="答案只是数字，而文件看不出是按文本还是按序号下载的：数字可能是分值，"
            "也可能只是选项的位置，方向不明，不能评分。确是按文本下载、数字就是分值（越大越满意）的，"
            "请用 mode（--mode text）说明；"
            f"是按序号下载的，请用 --mode numbered，并{_CODEBOOK_ZH}；"
            "也可以指明各列并用 ladder（--ladder）由好到差写出全部数字。",
            en="The answers are bare digits, and whether the export is by text or by number cannot "
            "be told: they may be scores or positions of options of unknown direction and cannot "
            "be rated. If it was downloaded by text and digits are scores, more being better, say "
            f"so with mode (--mode text); if by number, use --mode numbered and {_CODEBOOK_EN}; or "
            "name the columns and state all digits from best to worst (ladder, --ladder).",
            place=place,
        )


def answered_labels(export: Export, found: Found) -> dict[str, int]:
    """Count the valid answers of a closed column by label."""
    return {str(label): int(n) for label, n in answers_of(export, found).value_counts().items()}


def _wordings(item: Item) -> tuple[str, ...]:
    return (item.text, *((item.text_en,) if item.text_en else ()), *item.aliases)


def _units(export: Export) -> list[Unit]:
    """List every column that may answer a slot with the texts it is known by."""
    units: list[Unit] = []
    for question in export.questions:
        if question.personal:
            continue
        if question.rows:
            units += [(Found(question, i), (row,)) for i, row in enumerate(question.rows)]
        else:
            heading, _, name = question.stem.rpartition("—")
            # In a hand-made sheet the name stands below a heading: 基本信息—支部.
            below = (name,) if heading and export.platform == "manual" else ()
            units.append((Found(question, None), (question.stem, *below)))
    return units


def _core(text: str) -> str:
    """Take the shell off a wording: «总体而言，您对食堂的满意度» asks about 食堂."""
    core = _asked(text)
    while True:
        inner = _asked(_AFTER.sub("", core))
        if inner == core or not inner:
            return core
        core = inner


def _asked(text: str) -> str:
    """Take brackets and the beginning of the shell off a wording."""
    asked = re.sub(r"\([^()]*\)", "", normalise(text))
    while (inner := normalise(_BEFORE.sub("", asked))) not in (asked, ""):
        asked = inner
    return asked


def _similar(names: Iterable[str], left: Sequence[Unit]) -> list[Found]:
    """List the columns whose wording is like one of the names or holds it, the likeliest first."""
    wanted = [core for core in map(_core, names) if core]
    scored = [
        (max(_likeness(name, _core(text)) for name in wanted for text in texts), i)
        for i, (_, texts) in enumerate(left)
    ]
    near = sorted((-ratio, i) for ratio, i in scored if ratio >= SIMILAR)
    return [left[i][0] for _, i in near]


def _likeness(name: str, text: str) -> float:
    return 1.0 if len(name) > 1 and name in text else SequenceMatcher(None, name, text).ratio()


def _is_rating(found: Found, questionnaire: Questionnaire, export: Export) -> bool:
    """Tell whether a column called 支部 rates it: a row of a matrix, or one below a heading."""
    below = export.platform == "manual" and "—" in found.question.stem
    return found.question.kind == "matrix" or (
        below and _is_on(questionnaire.overall.scale, export, found)
    )


def _is_on(scale: Scale, export: Export, found: Found) -> bool:
    """Tell whether a column's answers are all on a scale, and there are some."""
    if found.question.kind not in ("single", "scale", "matrix"):
        return False
    labels = answered_labels(export, found)
    return bool(labels) and all(scale.find(label) is not None for label in labels)
