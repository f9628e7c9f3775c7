"""Answers as read, and every estimate of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd

from questionnaires import Questionnaire
from survey import coding, estimation, provenance, settings
from survey.errors import UsageError, nearest, require_level
from survey.estimation.looks import Looks
from survey.estimation.satisfaction import Method
from survey.results import (
    Cover,
    Drivers,
    Evidence,
    Fieldwork,
    ItemResponses,
    Ranking,
    Reliability,
    Satisfaction,
)
from survey.roster import Roster
from survey.screening import Screening, Version, filtered
from survey.workflow.supposing import checked, shares, supposed
from survey.workflow.timetable import UNKNOWN, Timetable

By = str | Sequence[str] | None
Published = Mapping[tuple[str, ...], Satisfaction]
Progress = Callable[[str, int, int], None]
"""Called with the name of a stage, the steps done and the steps in all.

In a notebook `print` will do (``survey.read(…, progress=print)``); with tqdm, which is not
installed with this package, a bar is four lines::

    from tqdm.auto import tqdm
    bar = tqdm()

    def progress(stage, done, total):
        bar.set_description(stage, refresh=False); bar.total = total; bar.n = done; bar.refresh()
"""


@dataclass(frozen=True, eq=False)
class Answers:
    """Coded answers, a roster and which rows count: whatever can be estimated of them.

    Every method computes from the rows in ``responses`` that the screening uses;
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
    sources : tuple of Path
        What was read, never to be written over.
    title : str
        Title of its report, where one was decided.
    cover : Cover
        Who reports and on which time, where it was decided.
    groupings : tuple of str
        Further columns that people are grouped by, beside ``branch`` and ``role``.
    is_anonymous : bool
        Whether branches bear `aliases`: what is published tells their sizes roughly, then.
    evidence : Evidence or None
        What documents prove of the standard's minimums, where their workbook was read.
    """

    responses: coding.Responses
    roster: Roster | None
    screening: Screening
    files: pd.DataFrame
    min_cell: int = settings.USUAL_MIN_CELL
    groupings: tuple[str, ...] = ()
    sources: tuple[Path, ...] = ()
    is_anonymous: bool = False
    title: str = ""
    cover: Cover = field(default_factory=Cover)
    timetable: Timetable = UNKNOWN
    evidence: Evidence | None = None

    def __post_init__(self) -> None:
        settings.require_min_cell(self.min_cell)

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
    def scores(self) -> pd.DataFrame:
        """Answers of the rows used as scores, for statistics of your own.

        One row a person, one column an item and ``overall``; NaN where there is no valid answer.
        The rows bear the labels of ``responses.people``, which holds their branch and role. These
        are answers of persons: no report, chart or workbook contains them.
        """
        return self.responses.scores[self.screening.used]

    @property
    def branches(self) -> list[str]:
        """Names of the branches: the roster's in its order, else those answered."""
        if self.roster is not None:
            return self.roster.branches
        return sorted(self.responses.people.loc[self.screening.used, "branch"].dropna().unique())

    @property
    def audit(self) -> pd.DataFrame:
        """Every row, column and file not used or in doubt, and why.

        ``file``, ``sheet``, ``row``, ``column``, ``rule``, ``action``, ``zh``, ``en``.
        """
        parts = [
            self.screening.lines(),
            coding.unused_columns(self.responses),
            provenance.skipped(self.files),
            self.responses.problems.assign(rule="reading", action="note"),
        ]
        columns = ["file", "sheet", "row", "column", "rule", "action", "zh", "en"]
        filled = [part for part in parts if len(part)]
        if not filled:
            return pd.DataFrame(columns=columns)
        return pd.concat(filled, ignore_index=True).reindex(columns=columns)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Answers to the overall question, counted in every combination of groupings.

        One row a combination of ``branch``, ``role`` and `groupings`, missing where a person's is
        not known: ``n_responses``, ``n_valid``, ``n_missing``, ``n_not_asked``,
        ``n_not_applicable``, ``n_satisfied`` and ``score_sum`` (points of the index). Whatever is
        said of satisfaction is a function of these numbers and of the roster.
        """
        return self._cells(self.screening.used)

    def _cells(self, rows: pd.Series[bool]) -> pd.DataFrame:
        cells = self._item_cells(rows, ["overall"])
        return estimation.overall_cells(cells, self.questionnaire.overall.scale)

    @cached_property
    def item_cells(self) -> pd.DataFrame:
        """Answers to the items, counted likewise: ``item``, ``value``, ``status`` and ``n``."""
        return self._item_cells(self.screening.used, list(self.questionnaire.item_ids))

    def _item_cells(self, rows: pd.Series[bool], items: list[str]) -> pd.DataFrame:
        return estimation.item_cells(
            self.responses.people.loc[rows, ["branch", "role", *self.groupings]],
            self.responses.scores.loc[rows, items],
            self.responses.status.loc[rows, items],
            self.questionnaire,
            self._weights(rows),
        )

    @property
    def coded(self) -> pd.DataFrame:
        """The rows used as one table of codes, to be written as Parquet and read again.

        See `survey.from_coded` for its columns. These are answers of persons, without anything
        that names them.

        Examples
        --------
        >>> import tempfile, survey
        >>> made = survey.simulate(Path(tempfile.mkdtemp()), n_branches=4, seed=1)
        >>> survey.read(made.export).coded.columns[:4].tolist()
        ['branch', 'role', 'overall', 'q01']
        """
        rows, own = self.screening.used, self.responses
        groups = own.people.loc[rows, ["branch", "role", *self.groupings]]
        marked = {name: estimation.coded(own.scores[name], own.status[name]) for name in own.scores}
        table = pd.DataFrame(marked)[rows].astype("float32")
        return pd.concat([groups, table], axis=1).reset_index(drop=True)

    def _weights(self, rows: pd.Series[bool]) -> pd.Series[float] | None:
        return self.responses.people.loc[rows, "weight"] if self.is_weighted else None

    @property
    def is_weighted(self) -> bool:
        """Whether the answers bear weights of the user's own."""
        return "weight" in self.responses.people

    def satisfaction(
        self,
        by: By = "branch",
        *,
        bar: str | float | None = None,
        level: float | None = None,
        method: Method = "exact",
        version: Version = "all",
    ) -> Satisfaction:
        """Estimate the satisfaction of units and judge it against the bar, for the analyst.

        Parameters
        ----------
        by : str, sequence of str, or None
            The units: ``branch``, ``role``, one of `groupings`, or several; None is everyone. Of
            colleges alone those of one name are one, with a warning where they are of several
            universities.
        bar : str or float, optional
            Share to be reached, as written; the questionnaire's by default.
        level : float, optional
            Confidence level, between 0 and 1, of two-sided intervals ``low`` and ``high`` for the
            answers taken as one random sample; without it there are none.
        method : {"exact", "blaker", "wilson"}
            Method of these intervals. Without a roster they are those of Clopper and Pearson.
        version : {"all", "strict"}
            With the flagged rows or without them.

        Returns
        -------
        Satisfaction

        Notes
        -----
        The bounds ``lower`` and ``upper`` and the verdict read from them have an error of 5 % on
        each side, whatever `level` is; see `survey.estimation.satisfaction` for the estimators. The
        frame holds every unit, however small: it is not protected as `published` tables are.

        Examples
        --------
        >>> import tempfile, survey
        >>> made = survey.simulate(Path(tempfile.mkdtemp()), n_branches=4, seed=1)
        >>> held = survey.read(made.export, roster=made.roster)
        >>> frame = held.satisfaction().frame
        >>> int(frame["n_valid"].sum()) <= held.n_used
        True
        """
        return self.estimate(self._grouped(by), bar, level, method, version)

    def estimate(
        self,
        units: tuple[str, ...],
        bar: str | float | None = None,
        level: float | None = None,
        method: Method = "exact",
        version: Version = "all",
        unsplit: Collection[str] = (),
        pooled: Collection[str] = (),
        untold: Collection[str] = (),
        alone: Collection[str] = (),
        roles: Satisfaction | None = None,
        explained: bool = True,
        roster: Roster | None = None,
    ) -> Satisfaction:
        """Judge units by the totals alone of what is not told of branches and roles.

        Everyone's joint verdict rests on `roles`, where these are judged already. If not
        `explained` there are verdicts alone: a third of the work. Another `roster` may be supposed.
        """
        require_level(level)
        terms = self._terms(units, bar, roster)
        rows, looks = self.screening.rows(version), None
        if units == ("branch",) and self.timetable.has_looks:
            submitted = self.responses.people["submitted_at"]
            *early, now = (
                rows & self.timetable.answered_by(at, submitted)
                for at in range(self.timetable.at + 1)
            )
            before = tuple(
                estimation.satisfaction(
                    self._cells(mask),
                    terms,
                    unsplit=unsplit,
                    looks=Looks((), (step,)),
                    explained=False,
                )
                for mask, step in zip(early, self.timetable.steps, strict=False)
            )
            rows, looks = now, Looks(before, self.timetable.spent)
        is_all = version == "all" and looks is None
        cells = self.cells if is_all else self._cells(rows)
        return estimation.satisfaction(
            cells,
            terms,
            level=level,
            method=method,
            unsplit=unsplit,
            pooled=pooled,
            untold=untold,
            alone=alone,
            looks=looks,
            roles=roles,
            explained=explained,
        )

    def counted(self, units: tuple[str, ...]) -> Satisfaction:
        """Count units without an estimate."""
        return estimation.counted(self.cells, self._terms(units))

    def _terms(
        self, units: tuple[str, ...], bar: str | float | None = None, roster: Roster | None = None
    ) -> estimation.Terms:
        asked = self.questionnaire
        return estimation.Terms(
            by=units,
            scale=asked.overall.scale,
            roles=asked.roles,
            roster=self.roster if roster is None else roster,
            bar=asked.bar if bar is None else checked("bar", bar),
            min_cell=self.min_cell,
        )

    def at_look(self, now: datetime | None = None) -> Self | None:
        """Give the survey as it was at the last announced look before the end; None before any.

        Parameters
        ----------
        now : datetime, optional
            The present, by default.
        """
        times = self.timetable.look(now)
        if times is None:
            return None
        people = self.responses.people
        kept = times.answered_by(times.at, people["submitted_at"])
        return replace(self, timetable=times, screening=filtered(self.screening, kept, people))

    def drivers(
        self,
        by: str = "branch",
        *,
        level: float = 0.95,
        seed: int = 0,
        version: Version = "all",
    ) -> Drivers:
        """Break the rate of dissatisfaction down by the dimensions, for all and every unit.

        Parameters
        ----------
        by : str
            One grouping. Its units stand in the column ``branch`` of the result, and people of one
            unit are taken to answer alike: intervals of fewer than ten units are wide, and two or
            three, or one beside which the others hardly count, have none.
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
            If the questionnaire has fewer than two dimensions, `by` is no one grouping, or `level`
            is no share.

        Notes
        -----
        Where the roster has sizes by role, each answer of a role stands for as many of its people,
        and the whole adds up to the rate of dissatisfaction that `satisfaction` gives of everyone;
        units are broken down by their own answers, unweighted.
        """
        known = None
        if self.has_sizes_of_roles:
            rate = self.estimate((), version=version).frame["rate"].item()
            known = self.known_of_all(rate)
        self._grouped(by)
        return self.break_down(by, known, level=level, seed=seed, version=version)

    @property
    def has_sizes_of_roles(self) -> bool:
        """Whether answers can be weighted to the roster's sizes of two roles or more.

        Examples
        --------
        >>> import tempfile, survey
        >>> made = survey.simulate(Path(tempfile.mkdtemp()), n_branches=4, seed=1)
        >>> held = survey.read(made.export, roster=made.roster)
        >>> held.has_sizes_of_roles, held.counted(()).frame["n_valid"].item() < held.n_used
        (True, True)
        >>> held.break_down("branch", held.known_of_all(0.9), level=0.95, seed=0).level
        0.95
        """
        return (
            not self.is_weighted
            and len(self.questionnaire.roles) > 1
            and self.roster is not None
            and self.roster.has_roles
            and bool(self.cells["role"].notna().any())
        )

    def known_of_all(self, rate: float) -> estimation.Known:
        """Put the roster's sizes of the roles beside a rate of everyone."""
        assert self.roster is not None
        return estimation.Known(self.roster.population(["role"]), rate)

    def break_down(
        self,
        by: str,
        known: estimation.Known | None,
        *,
        level: float,
        seed: int,
        version: Version = "all",
    ) -> Drivers:
        """Break down as `drivers` does, weighted to what is `known` of everybody."""
        require_level(level)
        settings.require_seed(seed)
        if len(self.questionnaire.dimensions) < 2:
            raise UsageError(
                zh="问卷没有两个以上的维度，无法作分解。",
                en="The questionnaire has fewer than two dimensions: nothing to break down.",
            )
        rows = self.screening.rows(version)
        people = self.responses.people
        return estimation.drivers(
            people.assign(branch=self._titled(people[self.one_unit(by)]))[rows],
            self.responses.scores[rows],
            self.questionnaire,
            strict=None if self.screening.strict[rows].all() else self.screening.strict[rows],
            weights=self._weights(rows),
            known=known,
            level=level,
            seed=seed,
            min_cell=self.min_cell,
        )

    def responses_by_item(self, by: By = None) -> ItemResponses:
        """Count how every item was answered, by everyone or in every unit.

        Parameters
        ----------
        by : str, sequence of str, or None
            As for `satisfaction`.

        Returns
        -------
        ItemResponses
            Every unit, however small: not protected.

        Raises
        ------
        UsageError
            If the questionnaire has no items.
        """
        if not self.questionnaire.items:
            raise UsageError(
                zh="问卷没有分项指标，只有总体满意度。",
                en="The questionnaire has no items beside overall satisfaction.",
            )
        names = list(self._grouped(by))
        units = estimation.of_units(self.cells, names, self.roster)[[*names, "population"]]
        return estimation.item_responses(self.item_cells, self.questionnaire, units=units)

    def reliability(self, *, level: float = 0.95) -> Reliability:
        """Compute the reliability of the instrument; its `why` says where there is too little."""
        require_level(level)
        return estimation.reliability(self.scores, self.questionnaire, level=level)

    def ranking(self, by: str = "branch", *, level: float = 0.95, seed: int = 0) -> Ranking:
        """Compare units of one grouping under one model; they stand in the column ``branch``.

        Without a roster, with fewer than three units, or where answers are weighted, there are no
        figures: `why` says it.
        """
        require_level(level)
        settings.require_seed(seed)
        made = self.estimate(self._grouped(self.one_unit(by)), explained=False)
        named = made.frame.rename(columns={made.by[0]: "branch"})
        has_roles = bool(self.questionnaire.roles) and self.cells["role"].notna().any()
        split = has_roles and made.by == ("branch",)
        by_role = self.counted(("branch", "role")) if split else None
        return estimation.ranking(replace(made, frame=named), by_role, level=level, seed=seed)

    def valid(self, codes: pd.Series, by: str) -> pd.DataFrame:
        """Give unit and satisfaction of everyone with a valid answer, under a code each."""
        rows = self.screening.used & (self.responses.status["overall"] == "valid")
        satisfied = self.questionnaire.overall.scale.satisfied_scores
        return pd.DataFrame(
            {
                "person": codes.reindex(self.responses.people.index)[rows],
                "unit": self.responses.people.loc[rows, by],
                "satisfied": self.responses.scores.loc[rows, "overall"].isin(satisfied),
            }
        )

    def fieldwork(
        self, *, suppose: Sequence[str | float] | None = None, reply_rate: float = 0.3
    ) -> Fieldwork:
        """Say how far a running survey is and whom to remind, and nothing of what was answered.

        Parameters
        ----------
        suppose : sequence of str or float, optional
            Satisfied shares that branches are supposed to have, as in `survey.plan`.
        reply_rate : float
            Supposed chance that a reminded person answers, in (0, 1].

        Returns
        -------
        Fieldwork

        Raises
        ------
        UsageError
            Without a roster, or if a share is out of range.
        """
        if self.roster is None:
            raise UsageError(
                zh="没有名册，不知道还有多少人没有作答；请给出名册（roster、--roster）。",
                en="Without a roster nobody knows who is silent: give one (roster, --roster).",
            )
        shares("reply_rate", [reply_rate])
        has_roles = len(self.questionnaire.roles) > 1 and self.roster.has_roles
        return estimation.fieldwork(
            self.satisfaction("branch"),
            self.satisfaction(["branch", "role"]) if has_roles else None,
            suppose=supposed(suppose, self.questionnaire.bar),
            reply_rate=reply_rate,
        )

    def filter(self, mask: pd.Series[bool] | None = None, **values: str | Sequence[str]) -> Self:
        """Give the survey of some of its people, the roster cut alike.

        Parameters
        ----------
        mask : Series of bool, optional
            By the labels of ``responses.people``, or one value a row; missing is False. The roster
            does not know whom it leaves out: the survey has none.
        **values : str or sequence of str
            Values of groupings to be kept: ``branch="甲"``, ``学院=["机械", "电气"]``.

        Returns
        -------
        Survey
            Rows left out are removed by the rule ``filtered`` and stand in the audit. Figures of a
            part beside those of the whole may tell of a few people: what is published of both is
            outside the privacy rule.

        Raises
        ------
        UsageError
            If a grouping is unknown, or nobody is left.

        Examples
        --------
        >>> import tempfile, survey
        >>> made = survey.simulate(Path(tempfile.mkdtemp()), n_branches=4, seed=1)
        >>> held = survey.read(made.export, roster=made.roster)
        >>> one = held.filter(branch=held.branches[0])
        >>> one.branches == held.branches[:1], one.roster.size < held.roster.size
        (True, True)
        """
        people, known = self.responses.people, self.roster
        kept = pd.Series(True, index=people.index)
        if mask is not None:
            given = _as_mask(mask, people.index)
            kept, known = given.reindex(people.index).fillna(False).astype(bool), None
        for name, wanted in values.items():
            (unit,) = self._units(name)
            several = [wanted] if isinstance(wanted, str) else list(wanted)
            there = dict.fromkeys(people[unit].dropna())
            if known is not None and unit in known.frame:
                there |= dict.fromkeys(known.frame[unit])
            for value in several:
                if value not in there:
                    raise nearest(unit, str(value), [str(name) for name in there])
            kept &= people[unit].isin(several)
            if known is not None:
                part = known.frame[known.frame[unit].isin(several)] if unit in known.frame else None
                known = None if part is None else replace(known, frame=part.reset_index(drop=True))
        if not (kept & self.screening.used).any():
            raise UsageError(zh="筛选之后没有答卷了。", en="The filter leaves no answers.")
        # nobody knows whose open answers are whose
        own = replace(self.responses, texts=self.responses.texts.iloc[:0])
        screening = filtered(self.screening, kept, people)
        return replace(self, responses=own, roster=known, screening=screening)

    def one_unit(self, by: str) -> str:
        """Give the grouping of that name; refuse several, and what is none.

        Examples
        --------
        >>> import tempfile, survey
        >>> made = survey.simulate(Path(tempfile.mkdtemp()), n_branches=4, seed=1)
        >>> survey.read(made.export).one_unit("您的身份")
        'role'
        """
        units = self._units(by)
        if len(units) != 1:
            raise UsageError(
                zh=f"这里的 by 只能是一个分组，不能是 {list(units)}。",
                en=f"by must be one grouping here, not {list(units)}.",
            )
        return units[0]

    def _grouped(self, by: By) -> tuple[str, ...]:
        """Give the units to group by, and warn where several of one name become one."""
        units = self._units(by)
        if said := joined_names(self, units):
            warnings.warn(" / ".join(said), stacklevel=3)
        return units

    def _titled(self, units: pd.Series[Any]) -> pd.Series[Any]:
        """Give units by their names: roles have codes."""
        if units.name != "role":
            return units
        return units.map({role.id: role.title for role in self.questionnaire.roles})

    def _units(self, by: By) -> tuple[str, ...]:
        units = tuple(by) if isinstance(by, list | tuple) else () if by is None else (by,)
        asked = self.questionnaire
        own = {q.text: q.id for q in (asked.branch, asked.role) if q is not None}
        units = tuple(own.get(str(unit), unit) for unit in units)
        known = ("branch", "role", *self.groupings)
        for place, unit in enumerate(units):
            if unit not in known or unit in units[:place]:
                wrong = nearest(
                    "by", str(unit), [name for name in known if name not in units[:place]]
                )
                raise UsageError(
                    zh=wrong.zh + "别的列请在读入时保留（keep、--keep）。",
                    en=wrong.en + " Keep other columns (keep, --keep) on reading.",
                )
        order = (*self.groupings, "branch", "role")
        return tuple(unit for unit in order if unit in units)


def _as_mask(mask: object, rows: pd.Index[Any]) -> pd.Series[bool]:
    """Take a mask by its labels, or one value a row."""
    if isinstance(mask, pd.Series) and mask.index.isin(rows).all():
        return mask
    values = [mask] if isinstance(mask, str) else list(mask)  # type: ignore[call-overload]
    if isinstance(mask, pd.Series) or len(values) != len(rows):
        raise UsageError(
            zh=f"mask 须是以 responses.people 的行标签为索引的 Series，或 {len(rows)} 个真假值。",
            en="mask is a Series by the labels of responses.people, or one truth value for each "
            f"of {len(rows)} rows.",
        )
    return pd.Series(values, index=rows)


def joined_names(held: Answers, units: Sequence[str]) -> tuple[str, str] | None:
    """Say which units of one name are taken for one though broader units part them.

    Colleges of several universities, say; broader is what stands before in `groupings`. Years
    of study cross colleges within a branch: these are not meant.
    """
    alone = [unit for unit in units if unit in held.groupings]
    for unit in alone:
        for broad in held.groupings[: held.groupings.index(unit)]:
            if broad in units:
                continue
            known = held.roster.frame if held.roster is not None else None
            if known is None or not {broad, unit} <= {*known}:
                known = held.responses.people[held.screening.used]
            lines = known[["branch", broad, unit]].dropna().drop_duplicates()
            pairs = lines[[broad, unit]].drop_duplicates()
            shared = pairs.loc[pairs[unit].duplicated(), unit].drop_duplicates()
            within = pairs[broad].duplicated().any()
            if lines.duplicated(["branch", broad]).any() or shared.empty or not within:
                continue
            n, first = len(shared), shared.iloc[0]
            return (
                f"有 {n} 个“{unit}”的名称（如“{first}”）在几个“{broad}”里都有，按名称合在一起"
                f"计算；要分开，请用 by=[{broad!r}, {unit!r}]，或每个“{broad}”一份报告"
                f"（--each {broad}）。",
                f"{n} names of {unit} (as “{first}”) stand under several {broad} and are taken "
                f"for one unit each; to tell them apart use by=[{broad!r}, {unit!r}], or a "
                f"report for each {broad} (--each {broad}).",
            )
    return None
