"""What is understood of a survey's files, what is not, and what would be read of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from questionnaires import Questionnaire
from questionnaires.text import normalise
from survey import coding, identifiers, settings
from survey.coding.naming import NAMED, NO_BRANCH, with_roles
from survey.errors import CodingError, Language, Place, ReadError, RosterError, SurveyError
from survey.readers import Export, Problem
from survey.roster import Roster, open_roster, read_roster, require_known, require_room
from survey.screening import DEFAULT_RULES, Rule, Screening, screen, within
from survey.screening.checks import is_test
from survey.understanding import other, sheet, toml
from survey.understanding import points as _points
from survey.understanding.decisions import Decision, Decisions, Topic
from survey.understanding.describing import describe_export
from survey.understanding.points import Point
from survey.understanding.restating import with_levels, with_role_names


@dataclass(frozen=True, eq=False)
class Given:
    """What is to be understood, before anything is decided.

    Parameters
    ----------
    exports : tuple of Export
        The files, opened.
    questionnaire : Questionnaire or None
        What was asked; None where columns are named.
    named : mapping
        Arguments of `survey.coding.name_columns`, where there is no questionnaire; with one, those
        of them that state its scales.
    is_default : bool
        Whether nobody said that it is this questionnaire, so that it may be another survey.
    roster : path, DataFrame or None
        Sizes of branches.
    roster_sheet : str or None
        Sheet of the roster, where several look like one.
    keep : tuple of str
        Further groupings, those that the questionnaire states among them.
    allow_unknown_branches : bool
        Leave out answers from branches that are not on the roster.
    rules : sequence of Rule
        Rules of screening.
    since, until : str or date, optional
        Ends of the survey's time.
    """

    exports: tuple[Export, ...]
    questionnaire: Questionnaire | None
    named: Mapping[str, Any] = field(default_factory=dict)
    is_default: bool = False
    roster: str | Path | pd.DataFrame | None = None
    roster_sheet: str | None = None
    keep: tuple[str, ...] = ()
    allow_unknown_branches: bool = False
    rules: Sequence[Rule] = DEFAULT_RULES
    since: str | date | None = None
    until: str | date | None = None


@dataclass(frozen=True, eq=False)
class Understanding:
    """A survey as it would be read: what is known, what is undecided, what is missing.

    Attributes
    ----------
    given : Given
        The files and what was stated with them.
    decisions : Decisions
        What people decided.
    exports : tuple of Export
        The files.
    questionnaire : Questionnaire
        What was asked, with the levels and roles that were decided.
    matchings : tuple of Matching
        Which column answers what, one a file.
    roster : Roster or None
        Sizes of branches.
    responses : Responses or None
        The coded answers; None where something stops the reading.
    screening : Screening or None
        Which rows are used.
    errors : tuple of SurveyError
        What stops the reading, in the order in which it would.
    is_other : bool
        Whether it looks like no survey of the questionnaire, or was said to be another.
    """

    given: Given
    decisions: Decisions
    exports: tuple[Export, ...]
    questionnaire: Questionnaire
    matchings: tuple[coding.Matching, ...]
    roster: Roster | None
    responses: coding.Responses | None
    screening: Screening | None
    errors: tuple[SurveyError, ...]
    is_other: bool = False

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Everything that can be decided."""
        about, exports, matchings = self.decisions.about, self.exports, self.matchings
        asked = self.questionnaire
        role = asked.role.id if asked.role else ""
        return (
            *(
                other.points(self.given.questionnaire, exports[0], self.decisions)
                if self.is_other and self.given.questionnaire
                else _points.columns(asked, exports, matchings)
            ),
            *_points.levels(asked, exports, matchings, about("levels")),
            *_points.branches(self._answers(asked.branch.id), self.roster, about("branches")),
            *self._roster_points(),
            *_points.roles(self._answers(role), asked, about("roles")),
            *_points.facts(about("survey")),
        )

    @property
    def known(self) -> tuple[Point, ...]:
        """The points that are sure or were decided."""
        return tuple(point for point in self.points if point.value is not None)

    @property
    def undecided(self) -> tuple[Point, ...]:
        """The points that a person has to decide."""
        return tuple(point for point in self.points if point.value is None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The slots of the questionnaire that the files do not ask."""
        return tuple(p.key for p in self.points if p.topic == "columns" and p.value == "")

    def decide(self, topic: Topic, key: str, value: str) -> Understanding:
        """Decide one point, and understand the files anew.

        Parameters
        ----------
        topic, key : str
            Of the point.
        value : str
            One of its choices.

        Examples
        --------
        >>> import tempfile, survey
        >>> made = survey.simulate(Path(tempfile.mkdtemp()), n_branches=4, seed=1)
        >>> understood = survey.check(made.export)
        >>> understood.undecided, understood.decide("columns", "q18", "").missing
        ((), ('q18',))
        """
        more = Decisions({(topic, key): Decision(value)})
        return understand(self.given, self.decisions | more)

    def to_workbook(self, path: str | Path, language: Language | None = None) -> None:
        """Write the sheet to confirm, a workbook to fill in."""
        language = settings.language(language)
        removed = None if self.screening is None else self.screening.audit
        sheet.write(path, self.points, removed, [e.text(language) for e in self.errors], language)

    def to_toml(self, path: str | Path) -> None:
        """Write survey-report.toml: the same to edit as text."""
        Path(path).write_text(toml.dump(self.points), encoding="utf-8")

    def require(self) -> tuple[coding.Responses, Screening]:
        """Give what was read, or stop at the first error."""
        if self.errors or self.responses is None or self.screening is None:
            raise self.errors[0]
        return self.responses, self.screening

    def text(self, language: Language | None = None) -> str:
        """Put the files into words: platform, every column with its answers, what is odd."""
        language = settings.language(language)
        return "\n".join(
            describe_export(export, self.questionnaire, matching, language)
            for export, matching in zip(self.exports, self.matchings, strict=True)
        )

    def _answers(self, slot: str) -> pd.Series[str]:
        """Give the answers to a question about the person over all files."""
        answers = [
            coding.branches_of(export, matching.targets[slot].found)[0]
            if slot == self.questionnaire.branch.id
            else coding.as_texts(export, matching.targets[slot].found)
            for export, matching in zip(self.exports, self.matchings, strict=True)
            if slot in matching.targets
        ]
        return pd.concat(answers) if answers else pd.Series(dtype="object")

    def _roster_points(self) -> list[Point]:
        """Say which column of the roster is what; nothing where the file cannot be opened."""
        given, stated = self.given, self.decisions.about("roster")
        if given.roster is None or any(isinstance(error, ReadError) for error in self.errors):
            return []
        sheet, layout = open_roster(given.roster, self.questionnaire, given.roster_sheet, stated)
        return _points.roster(sheet, layout, self.roster is not None, stated)

    def __repr__(self) -> str:
        names = ", ".join(export.name for export in self.exports)
        n_rows = sum(export.n_rows for export in self.exports)
        state = "not understood" if self.errors else "understood"
        return f"<Understanding {names}: {state}, {n_rows} rows, {len(self.undecided)} undecided>"

    def __str__(self) -> str:
        return "\n".join([self.text(), *(f"  ✗  {error.text('zh')}" for error in self.errors)])

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def understand(given: Given, decisions: Decisions | None = None) -> Understanding:
    """Read files as far as they can be read, and keep what stops it.

    Parameters
    ----------
    given : Given
        The files and what was stated with them.
    decisions : Decisions, optional
        What people decided.

    Returns
    -------
    Understanding

    Raises
    ------
    SurveyError
        If what was stated or decided cannot be meant: nothing can be shown then.
    """
    decisions = decisions or Decisions()
    errors: list[SurveyError] = []
    road = given
    exports, asked, matchings = _match(road, decisions, errors)
    said = decisions.about("survey").get("questionnaire")
    is_other = given.is_default and (said == other.OTHER or other.looks_other(asked, matchings))
    if said == other.OTHER and is_other and (named := other.named(exports[0], decisions)):
        errors.clear()
        road = replace(given, questionnaire=None, named={**given.named, **named})
        exports, asked, matchings = _match(road, decisions, errors)
    asked = with_role_names(asked, decisions)
    roster = None
    with _kept(errors):
        stated = {name: road.named.get(name) for name in ("satisfied", "ladder", "not_applicable")}
        before = asked
        if road.questionnaire is not None or not stated["satisfied"]:
            asked, matchings = with_levels(asked, exports, matchings, decisions)
        if road.questionnaire is not None:
            if asked != before:  # columns on the new levels may be what was missing
                exports, asked, matchings = _match(
                    replace(road, questionnaire=asked), decisions, []
                )
                asked, matchings = with_levels(asked, exports, matchings, decisions)
            asked, matchings = coding.restated(asked, exports, matchings, **stated)
    parts = []
    for export, matching in zip(exports, matchings, strict=True):
        with _kept(errors):
            coding.require_certain(export, asked, matching)
            parts.append(coding.code(export, asked, matching))
    with _kept(errors):
        if given.roster is not None:
            roster = read_roster(
                given.roster,
                asked,
                given.keep,
                given.roster_sheet,
                open_roles=asked.id == NAMED,
                stated=_roster_columns(given, asked, decisions),
            )
            asked = with_roles(asked, roster.roles)
            _require_branches(exports, matchings, asked, roster)
    responses = screening = None
    if not errors:
        with _kept(errors):
            responses = replace(coding.concatenate(parts), questionnaire=asked)
            responses, unknown = _with_branches(responses, roster, given, decisions)
            responses = _with_groupings(responses, roster, exports, given.keep)
            about = decisions.about("survey")
            rules = within(
                given.since or about.get("since") or None,
                given.until or about.get("until") or None,
                given.rules,
            )
            screening = screen(responses, rules, unknown_branch=unknown)
            _require_some(screening)
            if roster is not None:
                require_room(responses.people[screening.used], roster, asked)
    return Understanding(
        given,
        decisions,
        exports,
        asked,
        matchings,
        roster,
        responses,
        screening,
        tuple(errors),
        is_other,
    )


@contextmanager
def _kept(errors: list[SurveyError]) -> Iterator[None]:
    """Keep what is wrong and go on: a person wants to see all that is to be mended."""
    try:
        yield
    except SurveyError as error:
        errors.append(error)


def _match(
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
        matching = coding.match_columns(export, given.questionnaire, stated, places)
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


def _roster_columns(
    given: Given, asked: Questionnaire, decisions: Decisions
) -> dict[str, str] | None:
    """Give the columns of the roster that were decided, each of which is there."""
    stated = decisions.about("roster")
    if given.roster is None or not stated:
        return None
    sheet, _ = open_roster(given.roster, asked, given.roster_sheet)
    there = {normalise(text) for text in _points.headers(sheet)}
    for name, header in stated.items():
        if header and normalise(header) not in there:
            raise RosterError(
                zh=f"名册没有“{header}”一列。",
                en=f"The roster has no column “{header}”.",
                place=decisions.place("roster", name),
            )
    return stated


def _with_branches(
    responses: coding.Responses, roster: Roster | None, given: Given, decisions: Decisions
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
        names = {name: stated.get(name) for name in answers.dropna().unique()}
        own = {name: roster.names.get(normalise(name)) for name in names}
        matched = answers.map({name: given or own[name] for name, given in names.items()})
        # Test rows have a rule of their own.
        real = ~is_test(answers)
        left_out = answers.isin([name for name, given in names.items() if given == ""])
        if not given.allow_unknown_branches:
            require_known(answers[real & ~left_out], matched[real & ~left_out], roster)
        unknown = matched.isna() & answers.notna() & real | left_out
        matched = matched.fillna(answers)
    people = responses.people.assign(branch=matched)
    return replace(responses, people=people), unknown


def _with_groupings(
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


def _require_branches(
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


def _require_some(screening: Screening) -> None:
    """Stop where no row is left."""
    if not screening.used.any():
        removed = screening.tally("remove")
        zh = "、".join(f"{row.zh} {row.n}" for row in removed.itertuples())
        en = ", ".join(f"{row.en} {row.n}" for row in removed.itertuples())
        raise CodingError(
            zh=f"{len(screening.used)} 份答卷全部被剔除（{zh}），没有可用的答卷。",
            en=f"All {len(screening.used)} rows were removed ({en}): nothing is left to use.",
        )
