"""Answers to codes, by the questionnaire's scales; nothing unknown is dropped unseen."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from questionnaires import Questionnaire, Scale
from questionnaires.text import normalise, without_code
from questionnaires.words import words
from survey import identifiers
from survey.coding.branches import branches_of, several_named
from survey.coding.columns import (
    JOINT,
    answered_labels,
    answers_of,
    as_texts,
    column,
    describe,
    require_rateable,
)
from survey.coding.matching import (
    Matching,
    Target,
)
from survey.coding.naming import NO_BRANCH, UNSTATED
from survey.coding.responses import Responses, row_numbers
from survey.coding.scales import undecided_cuts
from survey.coding.undecided import Cut, UndecidedError, undecided
from survey.errors import CodingError, Place, UsageError
from survey.readers import Export
from survey.readers.container.guard import column_letters
from survey.readers.export.answers import STATUSES
from survey.readers.export.selecting import Found
from survey.text import quoted, translated

_EMPTY = words().nothing | {""}
_ACCOUNTS = ("openid", "user", "email")
_KEY = secrets.token_hex(8)
_STATUSES = (*STATUSES, "not_applicable")


def code(export: Export, questionnaire: Questionnaire, matching: Matching) -> Responses:
    """Code one export.

    Raises
    ------
    CodingError
        If an answer is on no level of its item's scale, or the file holds positions of options.
    """
    targets = matching.targets
    problems: list[tuple[str, str, str, str]] = [
        (
            problem.place.file or export.name,
            problem.severity,
            problem.text("zh"),
            problem.text("en"),
        )
        for problem in export.problems
    ]
    scales = {slot: questionnaire.item(slot).scale for slot in ("overall", *questionnaire.item_ids)}
    columns = {slot: target.found for slot, target in targets.items()}
    own = [slot for slot in scales if slot in targets and not targets[slot].stated]
    for slot in own:
        answered = answered_labels(export, columns[slot])
        require_rateable(export, columns[slot], answered, _place(export, columns[slot]))
    for cut in undecided_cuts([(export, columns)], questionnaire, own):
        raise _undecided(cut, export, columns, scales)
    scores = np.full((len(scales), export.n_rows), np.nan)
    status = {}
    for row, (slot, scale) in zip(scores, scales.items(), strict=True):
        if slot in targets:
            row[:], status[slot] = _rate(export, targets[slot], scale)
        else:
            status[slot] = _as_status(np.full(export.n_rows, _STATUSES.index("not_asked")))
    absent = [slot for slot in matching.absent if slot in scales]
    if absent:
        wordings = "、".join(questionnaire.item(slot).text for slot in absent)
        problems.append(
            (
                export.name,
                "warning",
                f"文件 {export.name} 没有问这些题目，按“未被问及”处理：{wordings}。",
                f"File {export.name} does not ask {', '.join(absent)}; counted as not asked.",
            )
        )
    problems += _digits_as_scores(export, targets, scales)
    problems += _left_out(export, targets, scales)
    problems += _open_unused(export, questionnaire, matching)
    people, noted = _people(export, questionnaire, targets)
    problems += noted
    return Responses(
        questionnaire=questionnaire,
        people=people,
        scores=pd.DataFrame(scores.T, columns=[*scales], copy=False),
        status=pd.DataFrame(status),
        texts=_open_answers(export, questionnaire, targets),
        columns=_columns(export, targets),
        problems=pd.DataFrame(problems, columns=["file", "severity", "zh", "en"]),
    )


def _rate(export: Export, target: Target, scale: Scale) -> tuple[NDArray[np.float64], pd.Series]:
    """Give scores and status of one column."""
    found = target.found
    answers = pd.Categorical(answers_of(export, found))
    levels = [scale.find(str(label)) for label in answers.categories]
    scores = [level.score if level and level.valid else None for level in levels]
    aside = [level is not None and not level.valid for level in levels]
    # The last stands for no answer, whose code is -1.
    of_level = np.array([*scores, None], dtype=np.float64)
    status = pd.Series(export.status(found.question, found.row)).cat.codes.to_numpy()
    is_aside = np.array([*aside, False])[answers.codes]
    status = np.where(is_aside, _STATUSES.index("not_applicable"), status)
    return of_level[answers.codes], _as_status(status)


def _digits_as_scores(
    export: Export, targets: Mapping[str, Target], scales: Mapping[str, Scale]
) -> list[tuple[str, str, str, str]]:
    """Say which named columns hold bare digits, and of which scale these were taken for scores.

    So somebody sees a threshold that was meant for another scale, also where nobody reaches it.
    """
    read: dict[tuple[float, float, float], list[str]] = {}
    for slot, scale in scales.items():
        if slot in targets and targets[slot].stated:
            levels = {float(level.score or 0): level for level in scale.valid_levels}
            if all(level.label == f"{score:g}" for score, level in levels.items()):
                kind = min(levels), max(levels), scale.target
                read.setdefault(kind, []).append(describe(targets[slot].found))
    problems = []
    for (low, high, least), columns in read.items():
        more = len(columns) - 3
        named = "、".join(columns[:3]) + (f" 等 {len(columns)} 列" if more > 0 else "")
        named_en = ", ".join(columns[:3]) + (f" and {more} more" if more > 0 else "")
        problems.append(
            (
                export.name,
                "warning",
                f"文件 {export.name}：{named}的答案只是数字，按 {low:g} 到 {high:g} 分读取，"
                f"{least:g} 分起算满意，数字越大越满意。量表或方向若不是这样，请由好到差写出"
                "全部数字（ladder、--ladder）。",
                f"File {export.name}: the answers of {named_en} are bare digits, read as scores "
                f"from {low:g} to {high:g}, satisfied from {least:g}, more being better. If the "
                "scale or its direction is another, state all digits from best to worst (ladder, "
                "--ladder).",
            )
        )
    return problems


def _left_out(
    export: Export, targets: Mapping[str, Target], scales: Mapping[str, Scale]
) -> list[tuple[str, str, str, str]]:
    """Count the answers that leave the base by a statement or a word, not by the questionnaire."""
    counted: dict[str, int] = {}
    for slot, scale in scales.items():
        if slot not in targets:
            continue
        known = {normalise(lv.label): lv.label for lv in scale.levels if not lv.valid}
        if targets[slot].stated:
            counted |= {label: counted.get(label, 0) for label in known.values()}
        for label, n in answered_labels(export, targets[slot].found).items():
            level, name = scale.find(label), known.get(normalise(label), label)
            if level and not level.valid and (targets[slot].stated or name is label):
                counted[name] = counted.get(name, 0) + n
    if not counted:
        return []
    zh = "、".join(f"“{label}”{n} 次" for label, n in counted.items())
    en = ", ".join(f"“{label}” {n}" for label, n in counted.items())
    doubtful = [label for label in counted if without_code(normalise(label)) in words().doubtful]
    if doubtful:
        some = quoted(doubtful)
        zh += (
            f"。{some}没有表态，规定要计入的，请由好到差写出全部等级（ladder、--ladder），把它"
            "写在其中"
        )
        en += f". {some} takes no side; to count it, state the whole ladder with it (--ladder)"
    return [
        (
            export.name,
            "warning" if doubtful else "notice",
            f"文件 {export.name}：按不适用处理、不计入有效回答的答案：{zh}。",
            f"File {export.name}: answers counted as not applicable, outside the base: {en}.",
        )
    ]


def _open_unused(
    export: Export, questionnaire: Questionnaire, matching: Matching
) -> list[tuple[str, str, str, str]]:
    """Say that the open answers were not used, where it is not certain which column holds them."""
    asked = questionnaire.open_question
    doubt = next((d for d in matching.doubts if asked is not None and d.slot == asked.id), None)
    if doubt is None:
        return []
    maybe = [describe(found) for found in doubt.candidates[:3]]
    return [
        (
            export.name,
            "warning",
            f"文件 {export.name}：不能确定哪一列是意见和建议（可能是 {'、'.join(maybe)}），"
            f"没有使用。要用时，请在确认表（--confirm）中写明 {doubt.slot} 是哪一列。",
            f"File {export.name}: which column holds the open answers is not certain (maybe "
            f"{', '.join(maybe)}); none is used. To use one, name it as "
            f"{doubt.slot} in the sheet to confirm (--confirm).",
        )
    ]


def _place(export: Export, found: Found) -> Place:
    letters = column_letters(column(found))
    return Place(file=export.name, column=letters, question=found.label)


def _files_of(export: Export, found: Found, labels: Iterable[str]) -> str:
    """Name the files in which some answers to a question stand."""
    given = export.provenance["file"][answers_of(export, found).isin([*labels]).to_numpy()]
    names = [*dict.fromkeys(given)]
    return "、".join(names[:3]) + (f" … ({len(names)})" if len(names) > 3 else "")


def _undecided(
    cut: Cut, export: Export, columns: Mapping[str, Found], scales: Mapping[str, Scale]
) -> CodingError:
    """Make the error for answers that the questionnaire's scale does not hold apart."""
    scale, place = scales[cut.slots[0]], _place(export, columns[cut.slots[0]])
    if cut.candidates or scale is UNSTATED:
        return undecided(cut, place)
    known = "、".join(level.label for level in scale.levels)
    unknown = [label for label in cut.labels if scale.find(label) is None]
    place = replace(place, file=_files_of(export, columns[cut.slots[0]], unknown or cut.labels))
    listed = "、".join(f"“{label}”（{cut.labels[label]} 次）" for label in unknown[:8])
    if unknown and all(normalise(label).isdecimal() for label in unknown):
        return UndecidedError(
            cut,
            zh=f"答案是数字：{listed}，量表却是：{known}。数字可能是分值，也可能是选项的位置"
            "（按序号下载），方向不明。请下载“按选项文本”的文件；确是分值的，写明从"
            '多少起算满意（satisfied，如 --satisfied ">=4"，1 分最好时写 "<=2"），或由好到差写出'
            "全部数字（ladder、--ladder）。",
            en=f"Answers are digits: {listed}, but the scale has: {known}. They may be scores or "
            "positions of options (export by number): the direction is unknown. Download the text "
            "mode; if they are scores, state from where on they count as satisfied (--satisfied "
            '">=4",'
            ' or "<=2" where 1 is best), or all digits from best to worst (--ladder).',
            place=place,
        )
    if unknown:
        return UndecidedError(
            cut,
            zh=f"有答案不在问卷的量表中：{listed}。量表有：{known}。请改正数据，"
            "在确认表（check --write）中定下它们算不算满意，在问卷文件中为这一级写上别名（"
            "aliases），或由好到差写出全部等级（ladder、--ladder）、写明哪些算满意（satisfied、--satisfied）；"
            "与满意与否无关的，也请写明（not_applicable、--not-applicable）。",
            en=f"Answers are not on the scale: {listed}. It has: {known}. Correct the data, "
            "say what they count as in the sheet to confirm (check --write), add aliases "
            "to the questionnaire file, or state the whole ladder from best to worst "
            "(--ladder) and which of it is satisfied (--satisfied); answers that say nothing about "
            "satisfaction are stated, too (not_applicable, --not-applicable).",
            place=place,
        )
    pairs = "；".join(map(quoted, scale.clashes(cut.labels)))
    return UndecidedError(
        cut,
        zh=f"这些答案在问卷的量表 {scale.id} 中是同一级：{pairs}。这一列用的是另一种等级，请由好"
        "到差写出全部等级（ladder、--ladder），写明哪些算满意（satisfied、--satisfied）。",
        en=f"These answers are one level of scale {scale.id}: {pairs}. The column uses another "
        "ladder; state it from best to worst (--ladder) and which of it is satisfied "
        "(--satisfied).",
        place=place,
    )


def _as_status(codes: NDArray[np.integer]) -> pd.Series:
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(_STATUSES)))


def _people(
    export: Export, questionnaire: Questionnaire, targets: Mapping[str, Target]
) -> tuple[pd.DataFrame, list[tuple[str, str, str, str]]]:
    """Give what is known of every person, without anything personal."""
    known = export.metadata

    def metadata(name: str, dtype: str) -> pd.Series:
        return known[name] if name in known else pd.Series([pd.NA] * len(known), dtype=dtype)

    people = export.provenance.assign(
        serial=metadata("sequence", "object"),
        submitted_at=pd.to_datetime(metadata("submitted_at", "datetime64[ns]")),
        seconds=pd.to_numeric(metadata("duration", "Float64")).astype("float64"),
    )
    people["state"] = export.state
    personal = export.personal()
    people["device"] = _numbers(export.origin, _identity(personal, (*_ACCOUNTS, "ip"))[0])
    people["account"] = _hidden(*_identity(personal, _ACCOUNTS))
    branch = targets.get(questionnaire.branch.id)
    problems = []
    if branch is None:
        people["branch"] = NO_BRANCH
    else:
        people["branch"], n_several = branches_of(export, branch.found)
        if n_several:
            problems.append((export.name, "warning", *several_named(export.name, n_several)))
    people["role_answer"] = None
    people["role"] = None
    if questionnaire.role is not None and questionnaire.role.id in targets:
        answers = as_texts(export, targets[questionnaire.role.id].found)
        places, distinct = pd.factorize(answers)
        roles = {answer: role_of(questionnaire, answer) for answer in distinct}
        people["role_answer"] = answers
        people["role"] = pd.Series(roles).array.take(places, allow_fill=True)
        unknown = [answer for answer, role in roles.items() if role is None]
        if unknown:
            problems.append((export.name, "warning", *_unknown_roles(answers, unknown)))
    for asked in questionnaire.groupings:
        there = asked.id in targets
        people[asked.id] = as_texts(export, targets[asked.id].found) if there else None
    places, passed = np.full(len(people), -1), list[bool]()
    check = questionnaire.attention
    if check is not None and check.id in targets:
        places, distinct = pd.factorize(as_texts(export, targets[check.id].found))
        expected = check.scale.find(check.expected)
        passed = [check.scale.find(answer) == expected for answer in distinct]
    people["attention"] = pd.array(passed, dtype="boolean").take(places, allow_fill=True)
    return people, problems


def role_of(questionnaire: Questionnaire, answer: str) -> str | None:
    """Give the one role of an answer, or of everything that was ticked together.

    Examples
    --------
    >>> import questionnaires
    >>> asked = questionnaires.load("jiangsu-2014")
    >>> [role_of(asked, text) for text in ("群众", "中共党员┋教工党员", "中共党员┋群众")]
    ['staff_students', 'members', None]
    """
    known = questionnaire.role_of(answer)
    if known is not None or JOINT not in answer:
        return known
    (role, *others) = {questionnaire.role_of(part) for part in answer.split(JOINT)}
    return None if others else role


def grouping(export: Export, selector: str) -> pd.Series[str]:
    """Give the answers of a column that people are to be grouped by.

    One value a row; missing where blank.

    Raises
    ------
    UsageError
        If the column identifies people.
    ReadError
        If no column has that name.
    """
    found = export.find(selector)
    if found.question.personal:
        raise UsageError(
            zh=f"“{selector}”一列是个人信息，不能用来分组。",
            en=f"The column {selector} identifies people and cannot group them.",
        )
    return as_texts(export, found)


def _unknown_roles(answers: pd.Series[str], unknown: Sequence[str]) -> tuple[str, str]:
    """Say which roles are not understood: what several gave, masked; the rest is counted only."""
    counted = answers.value_counts().reindex(list(unknown))
    often = counted[counted >= identifiers.OFTEN]
    shown = [identifiers.shown(text, n) for text, n in often.items()]
    zh = [f"“{text}”（{n} 份）" for text, n in zip(shown, often, strict=True)]
    en = [f"“{text}” ({n})" for text, n in zip(shown, often, strict=True)]
    n_rare = int(counted.sum() - often.sum())
    if n_rare:
        n_ways = len(counted) - len(often)
        zh.append(f"另有 {n_rare} 份（{n_ways} 种写法，各不足 {identifiers.OFTEN} 份，不列出）")
        en.append(
            f"{n_rare} more ({n_ways} wordings of fewer than {identifiers.OFTEN} each, not listed)"
        )
    return f"不认识的身份：{'、'.join(zh)}。", f"Unknown roles: {', '.join(en)}."


def _identity(personal: pd.DataFrame, names: Sequence[str]) -> tuple[NDArray[np.intp], list[str]]:
    """Give everybody the place of what tells people apart, −1 where nothing does, and its texts.

    It is the first of some personal columns that is filled.
    """
    places, texts = np.full(len(personal), -1), list[str]()
    for name in names:
        if name in personal:
            own, distinct = pd.factorize(personal[name])
            places = np.where((places < 0) & (own >= 0), own + len(texts), places)
            texts += [name + text for text in distinct]
    return places, texts


def _numbers(files: NDArray[np.int32], identity: NDArray[np.intp]) -> pd.Series[int]:
    """Give everybody of one file and identity one number."""
    return pd.Series(row_numbers([files, identity]), dtype="Int64").mask(identity < 0)


def _hidden(identity: NDArray[np.intp], texts: list[str]) -> pd.Series[int]:
    """Give every identity a number that is the same in all files of one run, and tells nothing."""
    known = np.array([*texts, ""], dtype=object)
    hashed = pd.util.hash_array(known, hash_key=_KEY, categorize=False)
    return pd.Series(hashed[identity], dtype="UInt64").mask(identity < 0)


def _open_answers(
    export: Export, questionnaire: Questionnaire, targets: Mapping[str, Target]
) -> pd.Series:
    """Give the open answers that say something, masked, and sorted so that no row is known."""
    asked = questionnaire.open_question
    if asked is None or asked.id not in targets:
        return pd.Series(dtype="object")
    texts = as_texts(export, targets[asked.id].found).dropna()
    said = texts[translated(texts, lambda text: normalise(text) not in _EMPTY).astype(bool)]
    return identifiers.mask(said).sort_values(ignore_index=True)


def _columns(export: Export, targets: Mapping[str, Target]) -> pd.DataFrame:
    """Say how every column of the file was understood."""
    used: dict[int, tuple[str, str]] = {
        column(target.found): (slot, target.how) for slot, target in targets.items()
    }
    metadata = {position: name for name, position in export.metadata_columns.items()}
    personal = {c for question in export.questions if question.personal for c in question.columns}
    rows = []
    for position, header in enumerate(export.headers):
        if position in used:
            item, how = used[position]
        elif position in metadata:
            item, how = metadata[position], "metadata"
        else:
            item, how = "", "personal" if position in personal else "unused"
        rows.append((export.name, column_letters(position), header, item, how))
    return pd.DataFrame(rows, columns=["file", "column", "header", "item", "how"])
