"""The steps from files to rows that count, each with what was decided of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd

from questionnaires import Questionnaire
from questionnaires.text import normalise
from survey import coding, identifiers
from survey.coding.columns import column
from survey.coding.naming import NAMED, NO_BRANCH
from survey.decisions import Decisions, taken
from survey.errors import CodingError, Place, ReadError, RosterError, SurveyError, UsageError
from survey.readers import Export, Problem
from survey.roster import Roster, open_roster, require_known, require_told_apart
from survey.screening import Rule, Screening, within
from survey.screening.checks import is_test
from survey.text import translated
from survey.understanding.given import Given
from survey.understanding.units import headers


def match(
    given: Given, decisions: Decisions, errors: list[SurveyError]
) -> tuple[tuple[Export, ...], Questionnaire, tuple[coding.Matching, ...]]:
    """Find out what was asked and which column answers it."""
    if given.questionnaire is None:
        asked, named = coding.name_columns(given.exports, **given.named)
        return given.exports, asked, tuple(named)
    exports, matchings = [], []
    for export in given.exports:
        stated, lost = _resolved(export, decisions)
        places = {slot: decisions.place("columns", slot).text() for slot in stated}
        try:
            matching = coding.match_columns(export, given.questionnaire, stated, places)
        except CodingError as clash:
            single = _single(export, stated)
            if single == stated:
                raise
            errors.append(clash)  # and a person is asked once more
            matching = coding.match_columns(export, given.questionnaire, single, places)
        for slot, error in lost.items():
            place = replace(decisions.place("columns", slot))
            if slot in matching.targets:
                note = Problem(
                    zh=f"{place.text()} 指定的列这份文件里没有；{slot} 按题目文字读取。",
                    en=f"The column stated in {place.text('en')} is not in this file; {slot} is "
                    "read by its wording.",
                    place=export.place,
                )
                export = replace(export, problems=(*export.problems, note))
            else:
                errors.append(ReadError(zh=error.zh, en=error.en, place=place))
        exports.append(export)
        matchings.append(matching)
    return tuple(exports), given.questionnaire, tuple(matchings)


def _resolved(export: Export, decisions: Decisions) -> tuple[dict[str, str], dict[str, ReadError]]:
    """Part the stated columns into those that the file has and those that it has not."""
    stated, lost = {}, {}
    for slot, selector in decisions.about("columns").items():
        try:
            if selector:
                export.find(selector)
            stated[slot] = selector
        except ReadError as error:
            lost[slot] = error
    return stated, lost


def _single(export: Export, stated: Mapping[str, str]) -> dict[str, str]:
    """Leave out the slots that were given one column together."""
    columns = {slot: column(export.find(text)) for slot, text in stated.items() if text}
    shared = {at for at, n in Counter(columns.values()).items() if n > 1}
    return {slot: text for slot, text in stated.items() if columns.get(slot) not in shared}


def roster_columns(
    given: Given, asked: Questionnaire, decisions: Decisions
) -> dict[str, str] | None:
    """Give the columns of the roster that were decided, each of which is there."""
    stated = decisions.about("roster")
    if given.roster is None or not stated:
        return None
    sheet, _ = open_roster(given.roster, asked, given.roster_sheet)
    there = {normalise(text) for text in headers(sheet)}
    for name, header in stated.items():
        if header and normalise(header) not in there:
            raise RosterError(
                zh=f"名册没有“{header}”一列。",
                en=f"The roster has no column “{header}”.",
                place=decisions.place("roster", name),
            )
    return stated


def with_branches(
    responses: coding.Responses,
    roster: Roster | None,
    exports: Sequence[Export],
    given: Given,
    decisions: Decisions,
) -> tuple[coding.Responses, pd.Series | None]:
    """Give every branch one name: the one decided, the roster's, or its most frequent spelling."""
    answers = responses.people["branch"]
    stated = decisions.about("branches")
    unknown = None
    if roster is None:
        spellings = answers.value_counts()
        of_key = spellings.groupby([*map(normalise, spellings.index)]).sum()
        # typed freely: a name or a number among them reaches no output
        first = {
            key: identifiers.shown(name, of_key[key])
            for name in reversed(spellings.index)
            for key in [normalise(name)]
        }
        matched = answers.map({name: first[normalise(name)] for name in spellings.index})
    else:
        for name, known in stated.items():
            if known and known not in roster.branches and (answers == name).any():
                raise CodingError(
                    zh=f"“{name}”对应的“{known}”不是名册中的支部。",
                    en=f"“{known}”, stated for “{name}”, is no branch of the roster.",
                    place=decisions.place("branches", name),
                )
        matched = roster.match(answers, _units(responses, roster, exports))
        left_out = pd.Series(False, index=answers.index)
        if stated:
            said = translated(answers, stated.get)
            left_out = said.eq("")
            matched = said.replace("", np.nan).fillna(matched)
        # Test rows have a rule of their own.
        open_ = matched.isna() & answers.notna()
        open_[open_] = ~translated(answers[open_], is_test).astype(bool)
        if not given.allow_unknown_branches:
            require_told_apart(answers[open_ & ~left_out], matched[open_ & ~left_out], roster)
            require_known(answers[open_ & ~left_out], matched[open_ & ~left_out], roster)
        unknown = open_ | left_out
        matched = matched.fillna(answers)
    people = responses.people.assign(branch=matched)
    return replace(responses, people=people), unknown


def _units(
    responses: coding.Responses, roster: Roster, exports: Sequence[Export]
) -> pd.DataFrame | None:
    """Give the units that people answered or that their file names; None where names suffice."""
    if not roster.shared:
        return None
    files = responses.people["file"]
    paths = [path.resolve() for export in exports for path in export.paths]
    of = {
        file: next(path for path in paths if path.as_posix().endswith(f"/{file}"))
        for file in files.unique()
    }
    units = {}
    for name in roster.groupings:
        known = [*roster.frame[name].unique()]
        named = {
            file: unit_in(path.stem, known) or unit_in(path.parent.name, known)
            for file, path in of.items()
        }
        needed = not all(named.values())
        answers = [_answered(export, name, known, needed) for export in exports]
        units[name] = pd.concat(answers, ignore_index=True).fillna(files.map(named))
    return pd.DataFrame(units)


def _answered(export: Export, name: str, known: Sequence[str], needed: bool) -> pd.Series[str]:
    """Give everybody's answer to a grouping; missing where the file does not ask it.

    A question that only begins with its name, such as 学校食堂, is another one. What is wrong with
    the column itself is told where it is needed.
    """
    try:
        answers = coding.grouping(export, name)
    except SurveyError:
        asked = [*export.headers, *(question.stem for question in export.questions)]
        if needed and normalise(name) in map(normalise, asked):
            raise
    else:
        if not {*map(normalise, answers.dropna().unique())}.isdisjoint(map(normalise, known)):
            return answers
    return pd.Series([None] * export.n_rows, dtype="object")


def unit_in(text: str, units: Sequence[str]) -> str | None:
    """Give the one unit that a file's name names, and none where it names several.

    Examples
    --------
    >>> unit_in("甲大学城市学院-机械", ["甲大学", "甲大学城市学院", "乙大学"])
    '甲大学城市学院'
    """
    own = normalise(text)
    found = {unit: normalise(unit) for unit in units if normalise(unit) in own}
    keys = [*found.values()]
    longest = [u for u, key in found.items() if not any(key in k and key != k for k in keys)]
    return longest[0] if len(longest) == 1 else None


def with_groupings(
    responses: coding.Responses,
    roster: Roster | None,
    exports: Sequence[Export],
    names: Sequence[str],
) -> coding.Responses:
    """Give everybody a value of each grouping: the branch's on the roster, or the one answered."""
    people = responses.people
    for name in names:
        if roster is not None and name in roster.frame:
            parents = roster.frame.drop_duplicates("branch").set_index("branch")[name]
            people = people.assign(**{name: people["branch"].map(parents)})
        elif name not in people:
            answers = [coding.grouping(export, name) for export in exports]
            people = people.assign(**{name: pd.concat(answers, ignore_index=True)})
    return replace(responses, people=people)


def require_answers(export: Export, matching: coding.Matching, asked: Questionnaire) -> None:
    """Stop at a roster that was given in place of answers."""
    if export.evidence.is_sure or "overall" in matching.targets:
        return
    layout = None
    with suppress(SurveyError):
        _, layout = open_roster(export.paths[0], asked)
    if layout is not None and (layout.sizes or layout.parts):
        raise UsageError(
            zh="这是一份名册（有支部和人数两列），不是问卷的导出文件。导出文件和名册是否放反了"
            "（导出文件写在前面，名册写在 --roster 后面）？在页面上，请移出后重新放入。",
            en="This is a roster (with columns of branches and of sizes), not an export. Are the "
            "two interchanged (the export comes first, the roster after --roster)? On the page, "
            "take it out and add it anew.",
            place=export.place,
        )


def require_branches(
    exports: Sequence[Export],
    matchings: Sequence[coding.Matching],
    asked: Questionnaire,
    roster: Roster,
) -> None:
    """Stop where there is a roster of branches and a file without a column of the branch."""
    without = [
        export
        for export, matching in zip(exports, matchings, strict=True)
        if asked.branch.id not in {*matching.targets, *(d.slot for d in matching.doubts)}
    ]
    if not without or normalise(NO_BRANCH) in map(normalise, roster.branches):
        return
    named = asked.id == NAMED
    raise CodingError(
        zh=("没有指明支部列（--branch）" if named else "确认表里支部选了“没有问”")
        + "，全部答卷算作一个整体，与按支部列出人数的名册对不上。请写明支部是哪一列；"
        "确实不分支部的，请去掉名册（--roster）。",
        en=(
            "No branch column is named (--branch)"
            if named
            else "The branch was confirmed as not asked"
        )
        + ": all answers count as one unit, which does not fit a roster of branches. Name the "
        "column of the branch, or leave the roster out (--roster).",
        place=Place(file=without[0].name),
    )


def require_some(screening: Screening) -> None:
    """Stop where no row is left."""
    if not screening.used.any():
        removed = screening.tally("remove")
        zh = "、".join(f"{row.zh} {row.n}" for row in removed.itertuples())
        en = ", ".join(f"{row.en} {row.n}" for row in removed.itertuples())
        raise CodingError(
            zh=f"{len(screening.used)} 份答卷全部被剔除（{zh}），没有可用的答卷。",
            en=f"All {len(screening.used)} rows were removed ({en}): nothing is left to use.",
        )


def window(given: Given, decisions: Decisions) -> tuple[Rule, ...]:
    """Give the rules of screening within the survey's time, as stated or else as decided."""
    decided = taken(decisions)
    told = {end: decided.get(end) for end in ("since", "until")}
    try:
        return within(given.since or told["since"], given.until or told["until"], given.rules)
    except SurveyError as error:
        named = [end for end in told if told[end] and not getattr(given, end)]
        if named:
            error.place = decisions.place("survey", named[0])
        raise
