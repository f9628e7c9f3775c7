"""What is understood of a survey's files, what is not, and what would be read of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path

import pandas as pd

from questionnaires import Questionnaire
from survey import coding, output, settings
from survey.coding.naming import NAMED, with_roles
from survey.decisions import Decision, Decisions, Topic, dump
from survey.errors import CodingError, Language, ReadError, RosterError, SurveyError
from survey.readers import Export
from survey.roster import Roster, open_roster, read_roster, require_room
from survey.screening import Screening, screen
from survey.understanding import other, questions, sheet, steps, units
from survey.understanding.describing import describe_export
from survey.understanding.given import Given
from survey.understanding.points import Point, written
from survey.understanding.restating import with_levels, with_role_names


@dataclass(frozen=True, eq=False)
class Understanding:
    """A survey as it would be read: what is known, what is undecided, what is missing."""

    given: Given  # the files and what was stated with them
    decisions: Decisions  # what people decided
    exports: tuple[Export, ...]  # the files
    questionnaire: Questionnaire  # what was asked, with the levels and roles that were decided
    matchings: tuple[coding.Matching, ...]  # which column answers what, one a file
    roster: Roster | None  # sizes of branches
    responses: coding.Responses | None  # the coded answers; None where something stops the reading
    screening: Screening | None  # which rows are used
    errors: tuple[SurveyError, ...]  # what stops the reading, in the order in which it would
    # whether it looks like no survey of the questionnaire, or was said to be another
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
                else questions.columns(asked, exports, matchings)
            ),
            *questions.levels(asked, exports, matchings, about("levels")),
            *units.branches(self._answers(asked.branch.id), self.roster, about("branches")),
            *self._roster_points(),
            *units.roles(self._answers(role), asked, about("roles")),
            *questions.facts(self._facts()),
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

    @property
    def faults(self) -> tuple[SurveyError, ...]:
        """The errors that are no question to a person: a file has to be mended."""
        asked = {point.topic for point in self.undecided if point.stops}
        return tuple(error for error in self.errors if not asked & _mended_by(error))

    @property
    def suspects(self) -> tuple[Point, ...]:
        """The points that a person decided and a fault may come from: to be looked at first."""
        topics = {topic for error in self.faults for topic in _mended_by(error)}
        return tuple(
            point
            for point in self.points
            if point.topic in topics and point.is_stated and point.value and point.key not in _COVER
        )

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
        sheet.write(path, self.points, removed, [e.text(language) for e in self.faults], language)

    def to_toml(self, path: str | Path, folder: str | Path | None = None) -> None:
        """Write survey-report.toml: the same to edit as text, and which files it is about.

        Parameters
        ----------
        path : path
            What to write.
        folder : path, optional
            Where it will stand, by default where it is written: with the files in that folder it
            makes the folder a survey's, to be read as a whole. Files elsewhere are not named.
        """
        tables, notes = written(self.points)
        place = Path(folder or Path(path).parent).resolve()
        files = {Path(file): "export" for export in self.exports for file in export.paths}
        if isinstance(self.given.roster, str | Path):
            files[Path(self.given.roster)] = "roster"
        if all(file.resolve().is_relative_to(place) for file in files):
            named = {file.resolve().relative_to(place).as_posix(): file for file in files}
            tables["files"] = {name: files[file] for name, file in named.items()}
            tables["sha256"] = {name: output.sha256(file) for name, file in named.items()}
        Path(path).write_text(dump(tables, notes), encoding="utf-8")

    def require(self) -> tuple[coding.Responses, Screening]:
        """Give what was read, or stop at the first error, naming the cells left open for it."""
        if self.errors or self.responses is None or self.screening is None:
            first, empty = self.errors[0], self.decisions.empty
            # A column that is not in the file is to be mended before anything is asked.
            asks = bool(empty) and not isinstance(first, ReadError) and first not in self.faults
            undecided = self.undecided if asks else ()
            left = [p for p in undecided if p.stops and (p.topic, p.key) in empty]
            if left:
                at = [empty[point.topic, point.key] for point in left]
                cells = [f"{p.cell}（{point.key}）" for p, point in zip(at, left, strict=True)]
                raise CodingError(
                    zh=f"确认表里还有没选的黄色格：{'、'.join(cells)}。请选好、保存后再运行。",
                    en=f"Yellow cells are still empty: {', '.join(str(p.cell) for p in at)}. "
                    "Choose, save, and run again.",
                    place=replace(at[0], cell=None),
                ) from first
            raise first
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
        return units.roster(sheet, layout, self.roster is not None, stated)

    def _facts(self) -> dict[str, str]:
        """Give what was decided of the survey; another questionnaire is a point of its own."""
        said = self.decisions.about("survey")
        return {
            name: said[name] for name in said if not (self.is_other and name == "questionnaire")
        }

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
    exports, asked, matchings = steps.match(road, decisions, errors)
    said = decisions.about("survey").get("questionnaire")
    is_other = given.is_default and (said == other.OTHER or other.looks_other(asked, matchings))
    if said == other.OTHER and is_other and (named := other.named(exports[0], decisions)):
        errors.clear()
        road = replace(given, questionnaire=None, named={**given.named, **named})
        exports, asked, matchings = steps.match(road, decisions, errors)
    asked = with_role_names(asked, decisions)
    roster = None
    with _kept(errors):
        stated = {name: road.named.get(name) for name in ("satisfied", "ladder", "not_applicable")}
        before = asked
        if road.questionnaire is not None or not stated["satisfied"]:
            asked, matchings = with_levels(asked, exports, matchings, decisions)
        if road.questionnaire is not None:
            if asked != before:  # columns on the new levels may be what was missing
                exports, asked, matchings = steps.match(
                    replace(road, questionnaire=asked), decisions, []
                )
                asked, matchings = with_levels(asked, exports, matchings, decisions)
            asked, matchings = coding.restated(asked, exports, matchings, **stated)
    parts = []
    for export, matching in zip(exports, matchings, strict=True):
        with _kept(errors):
            steps.require_answers(export, matching, asked)
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
                stated=steps.roster_columns(given, asked, decisions),
            )
            asked = with_roles(asked, roster.roles)
            steps.require_branches(exports, matchings, asked, roster)
    responses = screening = None
    if not errors:
        with _kept(errors):
            responses = replace(coding.concatenate(parts), questionnaire=asked)
            responses, unknown = steps.with_branches(responses, roster, exports, given, decisions)
            responses = steps.with_groupings(responses, roster, exports, given.keep)
            window = steps.window(given, decisions)
            # a copy, so that what the rules number once is not kept
            screening = screen(replace(responses), window, unknown_branch=unknown)
            steps.require_some(screening)
            if roster is not None:
                people = responses.people
                used = people.loc[screening.used, ["branch", "role"]]
                require_room(used, roster, asked, lambda r: screening.repeated(people.loc[r.index]))
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


_COVER = {"title", "organisation", "period", "author", "language", "per_branch", "style"}
"""Facts that are printed, and decide nothing of what is read."""
_MENDED: Mapping[type[SurveyError], frozenset[str]] = {
    RosterError: frozenset({"roster", "branches", "roles"}),
    CodingError: frozenset({"columns", "dimensions", "levels", "survey"}),
    ReadError: frozenset({"columns"}),
}
"""What has to be decided, or decided otherwise, where something stops the reading."""


def _mended_by(error: SurveyError) -> frozenset[str]:
    kinds = (topics for kind, topics in _MENDED.items() if isinstance(error, kind))
    return frozenset[str]().union(*kinds)


@contextmanager
def _kept(errors: list[SurveyError]) -> Iterator[None]:
    """Keep what is wrong and go on: a person wants to see all that is to be mended."""
    try:
        yield
    except SurveyError as error:
        errors.append(error)
