"""The survey an analyst holds: read once, asked many times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

import questionnaires
from questionnaires import Questionnaire
from questionnaires.text import normalise
from survey import coding, estimation, output, privacy, provenance, readers
from survey.errors import Language, SurveyError, UsageError
from survey.estimation.satisfaction import Method
from survey.results import (
    Comparison,
    Drivers,
    Findings,
    ItemResponses,
    Planning,
    Ranking,
    Reliability,
    Satisfaction,
)
from survey.roster import Roster, read_roster, require_known, require_room
from survey.screening import DEFAULT_RULES, Rule, Screening, Version, screen

By = Literal["branch", "role"] | Sequence[str] | None
Paths = str | Path | Sequence[str | Path]
Progress = Callable[[str, int, int], None]
"""Called with the name of a stage, the steps done and the steps in all."""

STANDARD = "jiangsu-2014"
MIN_CELL = 5
DEFAULT_BAR = "0.9"


def read(
    paths: Paths,
    *,
    questionnaire: str | Path | Questionnaire | None = None,
    roster: str | Path | None = None,
    mapping: str | Path | Mapping[str, str] | None = None,
    branch: str | None = None,
    role: str | None = None,
    overall: str | None = None,
    dimensions: Mapping[str, Sequence[str]] | None = None,
    satisfied: Sequence[str] | None = None,
    ladder: Sequence[str] | None = None,
    bar: str | float | None = None,
    platform: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    codebook: str | Path | None = None,
    rules: Sequence[Rule] = DEFAULT_RULES,
    allow_unknown_branches: bool = False,
    skip_bad_files: bool = False,
    min_cell: int = MIN_CELL,
    progress: Progress | None = None,
) -> Survey:
    """Read exports into a survey: columns understood, answers coded, rows screened.

    Parameters
    ----------
    paths : path, or sequence of paths
        Export files, or a folder of them.
    questionnaire : str, path or Questionnaire, optional
        Name of a shipped questionnaire or a TOML file; the Jiangsu standard where no columns are
        named.
    roster : path, optional
        Sizes of branches. Without it intervals are binomial and wider than they have to be.
    mapping : path or mapping, optional
        Which column answers which item: a TOML file or ``{item id: selector}``.
    branch, role, overall : str, optional
        For a survey without a questionnaire: selectors of its columns, each a question number
        (``"17"``), number and row (``"17—逻辑拆解"``) or the header's text.
    dimensions : mapping of str to sequence of str, optional
        Names of dimensions and the selectors of their items.
    satisfied : sequence of str, optional
        Answers that count as satisfied; needed with `overall`, since it is never guessed.
    ladder : sequence of str, optional
        All answers from best to worst, where they are none of the known ladders.
    bar : str or float, optional
        Share of satisfied people to be reached, for example ``"0.9"``; else the questionnaire's.
    platform, sheet, encoding : str, optional
        Override what is recognised in the files.
    codebook : path, optional
        Code book of a numbered export.
    rules : sequence of Rule
        Rules of screening.
    allow_unknown_branches : bool
        Leave out answers from branches that are not on the roster instead of stopping.
    skip_bad_files : bool
        Leave out files that cannot be read, with a line in the audit, instead of stopping.
    min_cell : int
        Least number of respondents of a published figure.
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
    exports, bad = _open(paths, platform, sheet, encoding, codebook, skip_bad_files, progress)
    asked, matchings = _match(
        exports,
        questionnaire=questionnaire,
        mapping=mapping,
        branch=branch,
        role=role,
        overall=overall,
        dimensions=dimensions,
        satisfied=satisfied,
        ladder=ladder,
        bar=bar,
    )
    for export, matching in zip(exports, matchings, strict=True):
        coding.require_certain(export, matching)
    responses = coding.concatenate(
        [coding.code(e, asked, m) for e, m in zip(exports, matchings, strict=True)]
    )
    known = read_roster(roster, asked) if roster is not None else None
    responses, unknown = _match_branches(responses, known, allow_unknown_branches)
    screening = screen(responses, rules, unknown_branch=unknown)
    if known is not None:
        require_room(responses.people[screening.used], known, asked)
    return Survey(
        responses=responses,
        roster=known,
        screening=screening,
        files=provenance.inputs(exports, roster, bad),
        min_cell=min_cell,
    )


def check(
    paths: Paths,
    *,
    questionnaire: str | Path | Questionnaire | None = None,
    mapping: str | Path | Mapping[str, str] | None = None,
    branch: str | None = None,
    role: str | None = None,
    overall: str | None = None,
    dimensions: Mapping[str, Sequence[str]] | None = None,
    satisfied: Sequence[str] | None = None,
    ladder: Sequence[str] | None = None,
    platform: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    codebook: str | Path | None = None,
) -> list[coding.Understanding]:
    """Say what would be read of every export; nothing is computed.

    Parameters
    ----------
    paths, questionnaire, mapping, branch, role, overall, dimensions, satisfied, ladder, platform, \
sheet, encoding, codebook
        As for `read`.

    Returns
    -------
    list of Understanding
        One a file, with the error that would stop the reading.
    """
    exports, _ = _open(paths, platform, sheet, encoding, codebook, False, None)
    asked, matchings = _match(
        exports,
        questionnaire=questionnaire,
        mapping=mapping,
        branch=branch,
        role=role,
        overall=overall,
        dimensions=dimensions,
        satisfied=satisfied,
        ladder=ladder,
        bar=None,
    )
    return [coding.understand(e, asked, m) for e, m in zip(exports, matchings, strict=True)]


def _open(
    paths: Paths,
    platform: str | None,
    sheet: str | None,
    encoding: str | None,
    codebook: str | Path | None,
    skip_bad_files: bool,
    progress: Progress | None,
) -> tuple[list[readers.Export], list[tuple[Path, SurveyError]]]:
    """Open every file; keep apart those that cannot be read."""
    files = readers.expand(paths)
    exports, bad = [], []
    for done, file in enumerate(files):
        if progress:
            progress("read", done, len(files))
        try:
            export = readers.open_export(file, platform=platform, sheet=sheet, encoding=encoding)
            exports.append(export)
        except SurveyError as error:
            if not skip_bad_files:
                raise
            bad.append((file, error))
    if not exports:
        raise UsageError(zh="没有一个文件可以读取。", en="No file could be read.")
    return exports, bad


def _match(
    exports: Sequence[readers.Export],
    *,
    questionnaire: str | Path | Questionnaire | None,
    mapping: str | Path | Mapping[str, str] | None,
    overall: str | None,
    bar: str | float | None,
    **named: Any,
) -> tuple[Questionnaire, list[coding.Matching]]:
    """Find out what was asked and which column answers it."""
    if overall is not None:
        if questionnaire is not None or mapping is not None:
            raise UsageError(
                zh="指明了总体满意度一列（overall）时不能再给问卷或映射文件。",
                en="With overall, neither a questionnaire nor a mapping can be given.",
            )
        written = str(bar) if bar is not None else DEFAULT_BAR
        return coding.name_columns(exports, overall=overall, bar=written, **named)
    given = [name for name, value in named.items() if value is not None]
    if given:
        raise UsageError(
            zh=f"用了 {'、'.join(given)} 就要同时用 overall（--overall）指明总体满意度一列。",
            en=f"With {', '.join(given)} name the column of overall satisfaction too (overall).",
        )
    asked = _questionnaire(questionnaire)
    if bar is not None:
        asked = replace(asked, bar=str(bar))
    chosen = coding.load_mapping(mapping) if mapping is not None else {}
    return asked, [coding.match_columns(export, asked, chosen) for export in exports]


def _questionnaire(given: str | Path | Questionnaire | None) -> Questionnaire:
    if isinstance(given, Questionnaire):
        return given
    return questionnaires.load(given or STANDARD)


def _match_branches(
    responses: coding.Responses, roster: Roster | None, allow_unknown: bool
) -> tuple[coding.Responses, pd.Series | None]:
    """Give every branch one name: the roster's, or its most frequent spelling."""
    answers = responses.people["branch"]
    if roster is None:
        spellings = answers.value_counts().index
        first = {normalise(name): name for name in reversed(list(spellings))}
        matched = answers.map({name: first[normalise(name)] for name in spellings})
        unknown = None
    else:
        matched = roster.match(answers)
        if not allow_unknown:
            require_known(answers, matched)
        unknown = matched.isna() & answers.notna()
        matched = matched.fillna(answers)
    people = responses.people.assign(branch=matched)
    return replace(responses, people=people), unknown


@dataclass(frozen=True, eq=False)
class Survey:
    """One survey: its coded answers, its roster and which rows count.

    Made by `read`. Every method computes from the rows in ``responses`` that the screening uses;
    nothing is changed.

    Attributes
    ----------
    responses : Responses
        All rows as read, coded.
    roster : Roster or None
        Sizes of branches.
    screening : Screening
        Which rows are used.
    files : DataFrame
        Input files with their SHA-256.
    min_cell : int
        Least number of respondents of a published figure.
    """

    responses: coding.Responses
    roster: Roster | None
    screening: Screening
    files: pd.DataFrame
    min_cell: int = MIN_CELL

    @property
    def questionnaire(self) -> Questionnaire:
        """What was asked."""
        return self.responses.questionnaire

    @property
    def n_read(self) -> int:
        """Rows read."""
        return self.responses.n_rows

    @property
    def n_used(self) -> int:
        """Rows used."""
        return int(self.screening.used.sum())

    @property
    def n_removed(self) -> int:
        """Rows read and not used."""
        return self.n_read - self.n_used

    @property
    def branches(self) -> list[str]:
        """Names of the branches, those of the roster first asked."""
        if self.roster is not None:
            return self.roster.branches
        return sorted(self.responses.people.loc[self.screening.used, "branch"].dropna().unique())

    @property
    def audit(self) -> pd.DataFrame:
        """Every row and column not used, and why: ``file``, ``sheet``, ``row``, ``rule`` …."""
        return pd.concat(
            [self.screening.audit, provenance.skipped(self.files), self._problems()],
            ignore_index=True,
        )

    def _problems(self) -> pd.DataFrame:
        return self.responses.problems.assign(rule="reading", action="note")

    @cached_property
    def notices(self) -> tuple[tuple[str, str], ...]:
        """What a reader must know of this survey, in Chinese and in English."""
        noted = []
        if self.roster is None:
            noted.append(
                (
                    "没有名册：各支部人数未知，区间按无限总体计算，比实际需要的更宽，回收率无法计算。",
                    "No roster: sizes are unknown, intervals are binomial and wider than they have "
                    "to be, and there is no response rate.",
                )
            )
        people = self.responses.people[self.screening.used]
        n_no_role = int(people["role"].isna().sum())
        if self.questionnaire.role is not None and n_no_role:
            noted.append(
                (
                    f"有 {n_no_role} 份答卷没有可识别的身份，计入支部与全校，不计入任何一类人员。",
                    f"{n_no_role} answers give no recognisable role; they count for the branch and "
                    "the university, and for neither role.",
                )
            )
        if self.min_cell < MIN_CELL:
            noted.append(
                (
                    f"最小公布人数被降低为 {self.min_cell} 人（通常为 {MIN_CELL} 人），"
                    "个人的回答可能被推知。",
                    f"The minimum cell was lowered to {self.min_cell} (usually {MIN_CELL}): single "
                    "answers may be inferred.",
                )
            )
        problems = self.responses.problems
        warnings = problems[problems["severity"] == "warning"][["zh", "en"]].drop_duplicates()
        noted += list(warnings.itertuples(index=False, name=None))
        return tuple((str(zh), str(en)) for zh, en in noted)

    def satisfaction(
        self,
        by: By = "branch",
        *,
        bar: str | float | None = None,
        level: float = 0.95,
        method: Method = "exact",
        version: Version = "all",
    ) -> Satisfaction:
        """Estimate the satisfaction of units and judge it against the bar.

        Parameters
        ----------
        by : {"branch", "role"}, sequence of both, or None
            The units; None is everyone together.
        bar : str or float, optional
            Share to be reached, as written; the questionnaire's by default.
        level : float
            Confidence level of the intervals, between 0 and 1.
        method : {"exact", "blaker", "wilson"}
            Finite-population interval. Without a roster the Clopper–Pearson interval is given.
        version : {"all", "strict"}
            With the flagged rows or without them.

        Returns
        -------
        Satisfaction

        Notes
        -----
        Verdicts are one-sided exact tests at 5 %, whatever `level` is.
        """
        rows = self.screening.rows(version)
        return estimation.satisfaction(
            self.responses.people[rows],
            self.responses.scores.loc[rows, "overall"],
            self.responses.status.loc[rows, "overall"],
            self.questionnaire.overall.scale,
            roles=self.questionnaire.roles,
            roster=self.roster,
            by=_units(by),
            bar=str(bar) if bar is not None else self.questionnaire.bar,
            level=level,
            method=method,
            min_cell=self.min_cell,
        )

    def drivers(self, *, level: float = 0.95, seed: int = 0, version: Version = "all") -> Drivers:
        """Break the rate of dissatisfaction down by the dimensions, for all and every branch.

        Parameters
        ----------
        level : float
            Confidence level.
        seed : int
            Seed of the imputation.
        version : {"all", "strict"}
            With the flagged rows or without them.

        Returns
        -------
        Drivers

        Raises
        ------
        UsageError
            If the questionnaire has fewer than two dimensions.
        """
        if len(self.questionnaire.dimensions) < 2:
            raise UsageError(
                zh="问卷没有两个以上的维度，无法作分解。",
                en="The questionnaire has fewer than two dimensions: nothing to break down.",
            )
        rows = self.screening.rows(version)
        return estimation.drivers(
            self.responses.people[rows],
            self.responses.scores[rows],
            self.questionnaire,
            level=level,
            seed=seed,
            min_cell=self.min_cell,
        )

    def responses_by_item(self, *, level: float = 0.95) -> ItemResponses:
        """Count how every item was answered."""
        rows = self.screening.used
        size = int(self.roster.population([]).iloc[0]) if self.roster is not None else None
        return estimation.item_responses(
            self.responses.scores[rows],
            self.responses.status[rows],
            self.questionnaire,
            population=size,
            level=level,
        )

    def reliability(self, *, level: float = 0.95) -> Reliability | None:
        """Compute the reliability of the instrument; None where it has too few items or answers."""
        return estimation.reliability(
            self.responses.scores[self.screening.used], self.questionnaire, level=level
        )

    def ranking(self, *, level: float = 0.95, seed: int = 0) -> Ranking | None:
        """Compare branches under one model; None without a roster or with fewer than three."""
        return estimation.ranking(self.satisfaction("branch"), level=level, seed=seed)

    def compare(self, earlier: Survey, *, level: float = 0.95) -> Comparison:
        """Compare every branch with an earlier wave.

        Parameters
        ----------
        earlier : Survey
            The wave before; branches are matched by name.
        level : float
            Confidence level of the differences.

        Returns
        -------
        Comparison
        """
        before, after = (
            (wave.satisfaction(None), wave.satisfaction("branch")) for wave in (earlier, self)
        )
        return estimation.comparison(before, after, level=level)

    def findings(
        self,
        *,
        title: str | None = None,
        level: float = 0.95,
        method: Method = "exact",
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Findings:
        """Compute everything that a report holds, and put it under the privacy rule.

        Parameters
        ----------
        title : str, optional
            Title of the report.
        level, method, seed
            As in `satisfaction` and `drivers`.
        progress : callable, optional
            Told of every result.

        Returns
        -------
        Findings
        """
        has_items = len(self.questionnaire.items) > 0
        has_dimensions = len(self.questionnaire.dimensions) >= 2
        has_roles = bool(self.questionnaire.roles) and self.responses.people["role"].notna().any()
        judged: dict[str, Any] = {"level": level, "method": method}
        steps: dict[str, Callable[[], Any]] = {
            "overall": lambda: self.satisfaction(None, **judged),
            "by_branch": lambda: self.satisfaction("branch", **judged),
            "by_role": lambda: self.satisfaction("role", **judged) if has_roles else None,
            "by_branch_role": lambda: (
                self.satisfaction(["branch", "role"], **judged) if has_roles else None
            ),
            "strict": lambda: self.satisfaction("branch", version="strict", **judged),
            "drivers": lambda: self.drivers(level=level, seed=seed) if has_dimensions else None,
            "items": lambda: self.responses_by_item(level=level) if has_items else None,
            "ranking": lambda: self.ranking(level=level, seed=seed),
            "reliability": lambda: self.reliability(level=level) if has_items else None,
        }
        done: dict[str, Any] = {}
        for name, step in steps.items():
            if progress:
                progress("estimate", len(done), len(steps))
            done[name] = step()
        found = Findings(
            title=title or f"{self.questionnaire.title}满意度调查报告",
            questionnaire=self.questionnaire,
            created=date.today().isoformat(),
            files=self.files,
            n_read=self.n_read,
            n_used=self.n_used,
            removed=self.screening.tally("remove"),
            flagged=self.screening.tally("flag"),
            notices=self.notices,
            options={
                "bar": self.questionnaire.bar,
                "level": level,
                "method": method,
                "min_cell": self.min_cell,
                "seed": seed,
            },
            **done,
        )
        return privacy.protect(found)

    def report(
        self,
        folder: str | Path,
        *,
        title: str | None = None,
        language: Language = "zh",
        level: float = 0.95,
        method: Method = "exact",
        seed: int = 0,
        per_branch: bool = False,
        force: bool = False,
        progress: Progress | None = None,
    ) -> Path:
        """Write the report: HTML, Word, workbook, charts and a record of the run.

        Parameters
        ----------
        folder : path
            Made by the report; it appears only when everything is written.
        title : str, optional
            Title of the report.
        language : {"zh", "en"}
            Language of the report.
        level, method, seed
            As in `findings`.
        per_branch : bool
            Also write one page a branch.
        force : bool
            Replace an earlier report in `folder`.
        progress : callable, optional
            Told of every stage.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        ReportError
            If the folder exists and `force` is not given, or cannot be written.
        """
        from survey import report

        with output.in_place(folder, force=force) as work:
            found = self.findings(
                title=title, level=level, method=method, seed=seed, progress=progress
            )
            report.write(found, work, language=language, per_branch=per_branch, progress=progress)
            provenance.write_record(work / "run.json", found, language=language)
        return Path(folder)

    def anonymise(self, seed: int = 0) -> Survey:
        """Give the survey with branches named 支部 01, 支部 02 … in a shuffled order."""
        names = self.branches
        order = np.random.default_rng(seed).permutation(len(names)) + 1
        width = len(str(len(names)))
        alias = {name: f"支部 {n:0{width}d}" for name, n in zip(names, order, strict=True)}
        people = self.responses.people
        renamed = people.assign(branch=people["branch"].map(alias))
        known = self.roster
        if known is not None:
            frame = known.frame.assign(branch=known.frame["branch"].map(alias))
            known = Roster(frame.sort_values("branch", ignore_index=True), {})
        return replace(self, responses=replace(self.responses, people=renamed), roster=known)

    def __repr__(self) -> str:
        return (
            f"<Survey {self.questionnaire.id}: {self.n_used} of {self.n_read} rows used, "
            f"{len(self.branches)} branches>"
        )

    def _repr_html_(self) -> str:
        """Summarise the survey for a notebook, in Chinese."""
        rows = [
            ("问卷", self.questionnaire.title),
            ("文件", "、".join(self.files.loc[self.files["kind"] == "export", "file"])),
            ("平台", "、".join(sorted(set(self.files["platform"].dropna())))),
            ("答卷", f"读入 {self.n_read} 份 = 采用 {self.n_used} 份 + 剔除 {self.n_removed} 份"),
            ("支部", f"{len(self.branches)} 个"),
        ]
        if self.roster is not None:
            size = int(self.roster.population([]).iloc[0])
            rows.append(("回收率", f"{self.n_used} / {size} = {self.n_used / size:.1%}"))
        rows += [("提示", zh) for zh, _ in self.notices]
        cells = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th>"
            f"<td style='text-align:left'>{escape(value)}</td></tr>"
            for name, value in rows
        )
        return f"<table>{cells}</table>"


def _units(by: By) -> tuple[str, ...]:
    units = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    unknown = set(units) - {"branch", "role"}
    if unknown or len(set(units)) < len(units):
        raise UsageError(
            zh=f"by 只能是 branch、role、两者或 None，不能是 {list(units)}。",
            en=f"by must be branch, role, both or None, not {list(units)}.",
        )
    return tuple(unit for unit in ("branch", "role") if unit in units)


def plan(
    roster: str | Path,
    *,
    questionnaire: str | Path | Questionnaire | None = None,
    bar: str | float | None = None,
) -> Planning:
    """Say how many answers each branch needs to be able to pass.

    Parameters
    ----------
    roster : path
        Sizes of branches.
    questionnaire : str, path or Questionnaire, optional
        Gives roles and bar.
    bar : str or float, optional
        Share to be reached; the questionnaire's by default.

    Returns
    -------
    Planning
    """
    asked = _questionnaire(questionnaire)
    known = read_roster(roster, asked)
    return estimation.planning(known, bar=str(bar) if bar is not None else asked.bar)
