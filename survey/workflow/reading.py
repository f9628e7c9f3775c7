"""Read exports into a survey, or say what would be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from questionnaires import Questionnaire, available
from survey import coding, estimation, former, output, provenance, readers, settings
from survey.decisions import Decisions, is_survey, of_folder, taken
from survey.decisions.values import written
from survey.errors import Place, ReadError, SurveyError, UsageError
from survey.results import Cover
from survey.screening import DEFAULT_RULES, Rule, load_rules
from survey.understanding import (
    OTHER,
    Confirm,
    Given,
    Understanding,
    load_decisions,
    understand,
)
from survey.workflow import meant
from survey.workflow.answers import Progress
from survey.workflow.coded import Engine, is_coded, read_coded
from survey.workflow.proving import proved
from survey.workflow.survey import Survey
from survey.workflow.tables import Roll, refuse_frames, roster_of
from survey.workflow.timetable import timetable

Paths = str | Path | Sequence[str | Path]

DEFAULT_BAR = "0.9"

_SCALE = ("satisfied", "ladder", "not_applicable")
DECIDED = ("questionnaire", "ladder", "satisfied", "since", "until")
"""Facts that are taken from what was decided where they are needed."""
_KEPT = (
    *("bar", "min_cell", "keep", "since", "until", "looks", "allow_unknown_branches"),
    *("skip_bad_files", "roster_sheet", "sheet", "platform", "encoding", "mode"),
)
"""Facts that arguments say, too, and that are written as `written` does."""
_OF_CODED = (
    *("questionnaire", "roster", "keep", "bar", "allow_unknown_branches", "min_cell"),
    *("engine", "spark_master"),
)
_NAMED = ("branch", "role", "dimensions", *_SCALE)


@dataclass(frozen=True)
class Reading:
    """The arguments of `read`, as it explains them."""

    questionnaire: str | Path | Questionnaire | None = None
    roster: Roll | None = None
    roster_sheet: str | None = None
    confirm: Confirm | None = None
    branch: str | None = None
    role: str | None = None
    overall: str | None = None
    dimensions: Mapping[str, Sequence[str]] | None = None
    satisfied: coding.Satisfied | None = None
    ladder: Sequence[str] | None = None
    not_applicable: Sequence[str] | None = None
    bar: str | float | None = None
    platform: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    mode: Literal["text", "numbered"] | None = None
    codebook: str | Path | readers.CodeBook | None = None
    rules: Sequence[Rule] = DEFAULT_RULES
    looks: Sequence[str | date] = ()
    since: str | date | None = None
    until: str | date | None = None
    allow_unknown_branches: bool = False
    skip_bad_files: bool = False
    min_cell: int | None = None
    keep: str | Sequence[str] = ()
    evidence: str | Path | None = None
    work: str | Path | None = None
    engine: Engine | None = None
    spark_master: str | None = None
    progress: Progress | None = None

    @property
    def roster_path(self) -> str | Path | None:
        """The roster, where it is a file."""
        return self.roster if isinstance(self.roster, str | Path) else None

    @property
    def sources(self) -> tuple[str | Path, ...]:
        """Files of what was decided."""
        given = self.confirm
        several = given if isinstance(given, list | tuple) else [given]
        return tuple(path for path in several if isinstance(path, str | Path))

    def prepared(self, paths: Paths) -> tuple[Paths, Reading, Decisions]:
        """Let the folder of a survey, and what was decided, hold wherever no argument says else."""
        refuse_frames(paths)
        held = self
        if isinstance(paths, str | Path) and is_survey(paths):
            known = of_folder(paths)
            paths, own = known.pop("files"), known.pop("confirm")
            if "rules" in known:
                known["rules"] = load_rules(known["rules"])
            held = held._filled(known)
            given = [] if self.confirm is None else self.confirm
            several = given if isinstance(given, list | tuple) else [given]
            held = replace(held, confirm=[*own, *several])
        decisions = load_decisions(held.confirm)
        facts = {n: v for n, v in taken(decisions).items() if n not in DECIDED}
        return paths, held._filled(facts), decisions

    def _filled(self, values: Mapping[str, Any]) -> Reading:
        """Give the arguments that are as by default the values that are there for them."""
        now = {f.name: (getattr(self, f.name), f.default) for f in fields(self) if f.name in values}
        own = [
            name for name, (value, default) in now.items() if value is default or _is_empty(value)
        ]
        return replace(self, **{name: values[name] for name in own})

    def stated(self, decisions: Decisions) -> Decisions:
        """Give the facts that arguments say and nobody decided, so that a sheet keeps them."""
        known = taken(decisions)
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name in _KEPT}
        if self.questionnaire in available():
            given["questionnaire"] = self.questionnaire
        own = {n: v for n, v in given.items() if v and v not in (known.get(n), str(known.get(n)))}
        return Decisions.of({"survey": {name: written(value) for name, value in own.items()}})

    def inputs(self, paths: Paths) -> list[Path]:
        """List the files of answers, and the roster where it is one."""
        return [*readers.expand(paths), *([Path(self.roster_path)] if self.roster_path else [])]

    def coded(self, paths: Paths) -> Survey:
        """Read coded answers; what only exports need is refused."""
        taken = {name: getattr(self, name) for name in _OF_CODED}
        idle = [
            f.name
            for f in fields(self)
            if f.name not in (*_OF_CODED, "progress") and getattr(self, f.name) != f.default
        ]
        if idle:
            raise UsageError(
                zh=f"{idle[0]} 只用于导出文件，不用于编码好的 Parquet。",
                en=f"{idle[0]} is for exports, not for Parquet files of coded answers.",
            )
        return read_coded(paths, **taken)

    def understand(
        self, paths: Paths, decisions: Decisions
    ) -> tuple[Understanding, list[tuple[str, SurveyError]]]:
        """Open the files and understand them; give the files left out, too."""
        roster = self.roster_path
        files = [file for file in readers.expand(paths) if not _is_same(file, roster)]
        if not files:
            raise UsageError(
                zh="导出文件和名册是同一个文件。", en="The export and the roster are the same file."
            )
        names = dict(zip(files, readers.told_apart(files), strict=True))
        files, copies = readers.once(files)
        exports, bad = self._open(files)
        bad += [(names[copy], _copied(names[copy], names[first])) for copy, first in copies]
        asked, named = self._asked(decisions)
        stated = [] if asked is None else [grouping.id for grouping in asked.groupings]
        keep = estimation.groupings(self.keep)
        given = Given(
            exports=tuple(_with_passed_over(exports, paths, roster)),
            questionnaire=asked,
            named=named,
            is_default=self.questionnaire is None and self.overall is None,
            roster=roster_of(self.roster),
            roster_sheet=self.roster_sheet,
            keep=(*stated, *keep),
            allow_unknown_branches=self.allow_unknown_branches,
            rules=self.rules,
            since=self.since,
            until=self.until,
        )
        return understand(given, decisions), bad

    def _asked(self, decisions: Decisions) -> tuple[Questionnaire | None, dict[str, Any]]:
        """Give the questionnaire, or the columns named in its place, and what the scales are."""
        named = {name: getattr(self, name) for name in _NAMED}
        if self.satisfied is not None:
            named["satisfied"] = meant.satisfied(self.satisfied)
        for name in ("ladder", "not_applicable"):
            if named[name] is not None:
                named[name] = meant.texts(name, named[name])
        if self.overall is not None:
            if self.questionnaire is not None or decisions.about("columns"):
                raise UsageError(
                    zh="指明了总体满意度一列（overall）时不能再给问卷，确认表里也不能再指定题目的列。",
                    en="With overall, neither a questionnaire nor decided columns can be given.",
                )
            bar = str(self.bar) if self.bar is not None else DEFAULT_BAR
            check = meant.questionnaire(None).attention
            return None, {"overall": self.overall, "bar": bar, "attention": check, **named}
        scale = {name: named.pop(name) for name in _SCALE}
        given = [name for name, value in named.items() if value is not None]
        if given:
            raise UsageError(
                zh=f"用了 {'、'.join(given)} 就要同时指明总体满意度一列（overall、--overall）。",
                en=f"With {', '.join(given)} name the column of overall satisfaction (overall).",
            )
        said = decisions.about("survey").get("questionnaire")
        asked = meant.questionnaire(self.questionnaire or (None if said == OTHER else said))
        return (asked if self.bar is None else replace(asked, bar=str(self.bar))), scale

    def _open(
        self, files: Sequence[Path]
    ) -> tuple[list[readers.Export], list[tuple[str, SurveyError]]]:
        """Open every file; keep apart those that cannot be read."""
        book = self.codebook
        if isinstance(book, str | Path):
            book = readers.CodeBook.load(book)
        exports, bad = readers.open_exports(
            files,
            readers.told_apart(files),
            platform=self.platform,
            sheet=self.sheet,
            encoding=self.encoding,
            mode=self.mode,
            kept=None if self.work is None else Path(self.work),
            progress=lambda done: self.progress and self.progress("read", done, len(files)),
        )
        if bad and not self.skip_bad_files:
            raise bad[0][1]
        if book is not None:
            exports = [
                export.decode(book) if export.mode != "text" else _without_book(export)
                for export in exports
            ]
        if self.progress:
            self.progress("read", len(files), len(files))
        if not exports:
            raise UsageError(zh="没有一个文件可以读取。", en="No file could be read.")
        return exports, bad


@former.answered
def read(
    paths: Paths,
    *,
    questionnaire: str | Path | Questionnaire | None = None,
    roster: Roll | None = None,
    roster_sheet: str | None = None,
    confirm: Confirm | None = None,
    branch: str | None = None,
    role: str | None = None,
    overall: str | None = None,
    dimensions: Mapping[str, Sequence[str]] | None = None,
    satisfied: coding.Satisfied | None = None,
    ladder: Sequence[str] | None = None,
    not_applicable: Sequence[str] | None = None,
    bar: str | float | None = None,
    platform: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    mode: Literal["text", "numbered"] | None = None,
    codebook: str | Path | readers.CodeBook | None = None,
    rules: Sequence[Rule] = DEFAULT_RULES,
    since: str | date | None = None,
    until: str | date | None = None,
    allow_unknown_branches: bool = False,
    skip_bad_files: bool = False,
    min_cell: int | None = None,
    keep: str | Sequence[str] = (),
    looks: Sequence[str | date] = (),
    evidence: str | Path | None = None,
    work: str | Path | None = None,
    engine: Engine | None = None,
    spark_master: str | None = None,
    progress: Progress | None = None,
) -> Survey:
    """Read exports into a survey: columns understood, answers coded, rows screened.

    Parameters
    ----------
    paths : path, or sequence of paths
        Export files, or a folder of them. Of a folder with ``survey-report.toml`` the files are
        taken that it names, the roster too, and everything that was decided in it.
    questionnaire : str, path or Questionnaire, optional
        Name of a shipped questionnaire or a TOML file; the Jiangsu standard where no columns are
        named.
    roster : path, data frame or mapping, optional
        Sizes of branches, or people by branch. Without it intervals are binomial and wider than
        they have to be.
    roster_sheet : str, optional
        Sheet of the roster, where several look like one.
    confirm : path, mapping, or sequence of these, optional
        What was decided: the sheet to confirm that ``check --write`` makes, filled in; a file
        ``survey-report.toml``; or its tables, ``{"columns": {item id: selector}}``. Arguments
        override the sheet, the sheet overrides the file.
    branch, role, overall : str, optional
        For a survey without a questionnaire: selectors of its columns, each a question number
        (``"17"``), number and row (``"17—逻辑拆解"``) or the header's text.
    dimensions : mapping of str to sequence of str, optional
        Names of dimensions and the selectors of their items; a whole matrix stands for its rows.
    satisfied : sequence of str or Threshold, optional
        Answers that count as satisfied, or from which number on, `survey.at_least(90)`; needed with
        `overall`, since it is never guessed. With a questionnaire it replaces what counts there,
        for answers on a ladder of their own.
    ladder : sequence of str, optional
        All answers from best to worst, where they are none of the known ladders.
    not_applicable : sequence of str, optional
        Answers that say nothing about satisfaction, beside 不了解, 不适用 and the
        like. They leave the base of every rate and are counted in the audit.
    bar : str or float, optional
        Share of satisfied people to be reached, for example ``"0.9"``; else the questionnaire's.
    platform, sheet, encoding : str, optional
        Override what is recognised in the files.
    mode : {"text", "numbered"}, optional
        How exports of 问卷星 were downloaded, by option text (按文本) or by option number (按序号).
        Needed where digits are to be rated and the files do not prove it.
    codebook : path or CodeBook, optional
        What the numbers of a numbered export mean: made by `survey.pair_exports`, or JSON like
        ``{"4": ["非常满意", "满意"]}`` with the labels of every question in order of their numbers.
    rules : sequence of Rule
        Rules of screening.
    since, until : str or date, optional
        First and last moment of the survey; answers outside are removed. Before `until` a report
        shows the response only.
    allow_unknown_branches : bool
        Leave out answers from branches that are not on the roster instead of stopping.
    skip_bad_files : bool
        Leave out files that cannot be read, with a line in the audit, instead of stopping.
    min_cell : int, optional
        Least number of respondents of a published figure, 5 unless `survey.options` says otherwise.
    keep : str or sequence of str
        Further groupings, for example ``["学院", "年级"]``: headers of the roster, to whose values
        branches belong, or else selectors of columns of the exports.
    looks : sequence of str or date
        Last days or moments of looks before the end that were announced. At each the verdicts on
        branches are published; all looks together err as seldom as one.
    evidence : path, optional
        The workbook of documentary minimums that `survey.evidence` writes, filled in.
    work : path, optional
        Folder for the cells of files that have been read, under their SHA-256: a reading that was
        stopped goes on from there. They are answers of persons; delete it when done.
    engine : {"pandas", "polars", "duckdb", "spark"}, optional
        What reads Parquet files of coded answers, see `survey.from_coded`; the first that is there.
    spark_master : str, optional
        The master of a Spark cluster that is there.
    progress : callable, optional
        Told of every file read.

    Returns
    -------
    Survey

    Raises
    ------
    SurveyError
        If files, columns, answers or roster are not understood for certain.

    Examples
    --------
    >>> import tempfile, survey
    >>> folder = Path(tempfile.mkdtemp())
    >>> made = survey.simulate(folder, n_branches=6, seed=1)
    >>> s = survey.read(made.export, roster=made.roster)
    >>> s.n_read == s.n_used + s.n_removed
    True
    """
    given: dict[str, Any] = dict(locals())  # a field of `Reading` each
    reading = Reading(**{name: value for name, value in given.items() if name != "paths"})
    paths, reading, decisions = reading.prepared(paths)
    facts = taken(decisions)
    times = timetable(reading.looks, reading.until or facts.get("until"))
    if times.has_looks and reading.roster is None:
        raise UsageError(
            zh="预先公布查看时间的调查须有名册。", en="A survey with looks needs a roster."
        )
    if is_coded(paths, reading.roster_path):
        return reading.coded(paths)
    with output.unchanged(reading.inputs(paths)):
        understood, bad = reading.understand(paths, decisions)
        responses, screening = understood.require()
        files = provenance.inputs(understood.exports, reading.roster_path, bad)
    others = (reading.roster, reading.codebook, reading.questionnaire, reading.evidence)
    held = Survey(
        responses=responses,
        roster=understood.roster,
        screening=screening,
        files=files,
        min_cell=settings.current().min_cell if reading.min_cell is None else reading.min_cell,
        groupings=tuple(
            name for name in understood.given.keep if responses.people[name].notna().any()
        ),
        sources=tuple(
            Path(path)
            for path in (
                *(path for export in understood.exports for path in export.paths),
                *others,
                *reading.sources,
            )
            if isinstance(path, str | Path)
        ),
        title=facts.get("title", ""),
        cover=Cover(**{field.name: facts.get(field.name, "") for field in fields(Cover)}),
        timetable=times,
    )
    if reading.evidence is None:
        return held
    return replace(held, evidence=proved(reading.evidence, held))


@former.answered
def check(paths: Paths, **options: Any) -> Understanding:
    """Say what would be read; nothing is computed.

    Parameters
    ----------
    paths, **options
        As for `read`.

    Returns
    -------
    Understanding
        With everything that can be decided, and the errors that would stop the reading.

    Examples
    --------
    >>> import tempfile, survey
    >>> made = survey.simulate(Path(tempfile.mkdtemp()), n_branches=4, seed=1)
    >>> understood = survey.check(made.export)
    >>> understood.errors, "→ overall" in understood.text()
    ((), True)
    """
    paths, reading, decisions = Reading(**options).prepared(paths)
    return reading.understand(paths, decisions | reading.stated(decisions))[0]


def _is_empty(value: object) -> bool:
    return isinstance(value, list) and not value


def _is_same(file: Path, roster: str | Path | None) -> bool:
    """Tell whether a file is the roster, which often lies in the folder of the exports."""
    return roster is not None and file.exists() and Path(roster).resolve() == file.resolve()


def _copied(copy: str, first: str) -> ReadError:
    return ReadError(
        zh=f"与文件“{first}”逐字节相同，只读一次，没有重复计数。",
        en=f"The same, byte by byte, as {first}: read once and not counted twice.",
        place=Place(file=copy),
    )


def _without_book(export: readers.Export) -> readers.Export:
    """Say that a code book was given and not used."""
    unused = readers.Problem(
        zh="文件是按文本下载的，答案本来就是选项文字，没有用到编码本。",
        en="The file was downloaded by text and needs no code book; it was not used.",
        place=export.place,
    )
    return replace(export, problems=(*export.problems, unused))


def _with_passed_over(
    exports: Sequence[readers.Export], paths: Paths, roster: str | Path | None
) -> list[readers.Export]:
    """Let the first export tell what lay in its folders and was not read."""
    known = None if roster is None else Path(roster).name
    passed = [p for p in readers.passed_over(paths) if p.place.file != known]
    first, *rest = exports
    return [replace(first, problems=(*first.problems, *passed)), *rest]
