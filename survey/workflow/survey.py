"""The survey an analyst holds: read once, asked many times."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Literal, cast

import pandas as pd

from questionnaires import scoring
from survey import estimation, former, output, provenance, settings
from survey.errors import Language, UsageError, require_level
from survey.readers.platforms.detection import platforms
from survey.results import (
    Comments,
    Comparison,
    Cover,
    Findings,
    Scores,
)
from survey.workflow import anonymity, following, gathering, reviewing
from survey.workflow.answers import Answers, Progress, Published
from survey.workflow.notices import notices
from survey.workflow.publishing import write, write_interim


@dataclass(frozen=True, eq=False)
class Survey(Answers):
    """One survey: its answers, what may be published of them, and the report.

    Made by `read` or `from_frame`. Every method computes from the rows in ``responses`` that the
    screening uses; nothing is changed. Its attributes are those of `Answers`.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> held.questionnaire.id, held.is_weighted, held.n_read == held.n_used + held.n_removed
    ('jiangsu-2014', False, True)
    >>> len(held.scores) == held.n_used, len(held.audit) >= held.n_removed, held.notices
    (True, True, ())
    >>> sorted(held.published()), held.at_look() is None
    ([(), ('branch',), ('role',)], True)
    >>> held.comments().n > 0, len(held.score("national-2009").frame)
    (True, 5)
    >>> secret = held.anonymise(held.aliases())
    >>> secret.branches
    ['支部 1', '支部 2', '支部 3', '支部 4']
    >>> [file.name for file in sorted(held.report(made.export.parent / "报告").iterdir())]
    ['charts', 'report.docx', 'report.html', 'results.xlsx', 'run.json', '整改清单.xlsx']
    """

    @cached_property
    def notices(self) -> tuple[tuple[str, str], ...]:
        """What a reader must know of this survey, in Chinese and in English."""
        return notices(self)

    def published(self) -> Published:
        """Give the satisfaction tables exactly as a report prints them, by their units.

        Returns
        -------
        mapping of tuple of str to Satisfaction
            ``()`` for everyone, ``("branch",)``, ``("role",)`` and ``("branch", "role")``; the last
            two only where they are published.

        Raises
        ------
        UsageError
            If there are fewer valid answers than one published figure needs.
        """
        return gathering.published(self).tables

    def score(self, rule: str | Path) -> Scores:
        """Score the university and its branches by a school's rule, beside their verdicts.

        Parameters
        ----------
        rule : str or path
            One of `questionnaires.scoring.available`, or a TOML file.

        Returns
        -------
        Scores
            Of what a report publishes, and of nothing else.

        Raises
        ------
        QuestionnaireError
            If there is no such rule, or it does not fit the levels of the overall question.
        UsageError
            If the rule weighs other roles, or there are too few answers.
        """
        if self.is_weighted:
            raise UsageError(
                zh="记分办法按份数计分，不支持加权的数据：读入时请不要给 weights。",
                en="Rules of scoring count answers: read the survey without weights.",
            )
        return cast(Scores, gathering.published(self, scoring.load(rule)).scores)

    def comments(
        self,
        *,
        quotes: bool = False,
        staff: str | Path | None = None,
        review: str | Path | None = None,
    ) -> Comments | None:
        """Count what the open answers speak of, and quote them where asked.

        Parameters
        ----------
        quotes : bool
            Whether to quote them, masked and in no one's order.
        staff : path, optional
            A file whose cells are names to be masked, beside what is recognised as one.
        review : path, optional
            A filled sheet of decisions on quotations. What it does not decide is not quoted: of a
            file that is not there yet, nothing.

        Returns
        -------
        Comments or None
            Of the whole university; None where nobody wrote anything.

        Notes
        -----
        Comments were separated from their rows on reading: they are those of all rows read.
        """
        known = {*self.branches, *(reviewing.names(staff) if staff is not None else ())}
        if self.roster is not None:  # branches are called by their aliases and plain names, too
            named = {*self.roster.plain.values(), *self.roster.names, *self.roster.shared}
            known |= {name for name in named if not name.isdigit()}
        decided = None
        if review is not None:
            decided = reviewing.decisions(review) if Path(review).exists() else {}
        return estimation.comments(
            self.responses.texts,
            self.questionnaire,
            least=max(estimation.LEAST_COMMENTS, self.min_cell),
            quotes=quotes,
            known=known,
            decisions=decided,
        )

    def compare(
        self,
        earlier: Survey,
        *,
        by: str = "branch",
        level: float = 0.95,
        same_people: tuple[pd.Series, pd.Series] | None = None,
        renamed: following.Renamed = None,
    ) -> Comparison:
        """Compare every branch, or other unit, with an earlier wave.

        Parameters
        ----------
        earlier : Survey
            The wave before; branches are matched by name, or by the aliases of either roster.
        by : str
            The units: ``branch``, ``role``, or a grouping that both waves have.
        level : float
            Confidence level of the differences.
        same_people : pair of Series, optional
            Codes of the people of the wave before and of this one, by the labels of
            ``responses.people``: where the same people were asked twice, they are matched by them.
            They are used here and kept nowhere.
        renamed : path or mapping, optional
            Branches that had another name, or several that became one: earlier name → name of
            today. Of a sheet that is not there yet, nothing.

        Returns
        -------
        Comparison

        Raises
        ------
        UsageError
            If the answers of a wave are weighted: waves are compared exactly, on counts; or if one
            lacks the grouping.
        """
        return following.compared(
            earlier, self, level=level, by=by, same_people=same_people, renamed=renamed
        )

    @former.answered
    def findings(
        self,
        *,
        title: str | None = None,
        language: Language | None = None,
        level: float = 0.95,
        seed: int = 0,
        score: str | Path | None = None,
        comments: Literal["none", "counts", "quotes"] = "counts",
        staff: str | Path | None = None,
        review: str | Path | None = None,
        actions: str | Path | None = None,
        earlier: Survey | Sequence[Survey] | None = None,
        renamed: following.Renamed = None,
        cover: Cover | None = None,
        progress: Progress | None = None,
    ) -> Findings:
        """Compute everything that a report holds, and put it under the privacy rule.

        Parameters
        ----------
        title : str, optional
            Title of the report; made from the questionnaire's by default.
        language : {"zh", "en"}, optional
            Language of the default title; else the one that `survey.options` sets.
        level, seed
            As in `satisfaction` and `drivers`.
        score : str or path, optional
            A rule by which the school scores, see `score`.
        comments : {"none", "counts", "quotes"}
            What is told of the open answers.
        staff, review : path, optional
            As for `comments`.
        actions : path, optional
            Last time's list of actions, to be held against this survey.
        earlier : Survey or sequence of Survey, optional
            The wave before, to say what has changed, or several waves, the latest first; not of a
            survey under numbers.
        renamed : path or mapping, optional
            As for `compare`.
        cover : Cover, optional
            Who reports, and on which time.
        progress : callable, optional
            Told of every result.

        Returns
        -------
        Findings
        """
        require_level(level)
        if earlier and self.is_anonymous:
            raise UsageError(
                zh="支部以编号代替名称时不能与上次比较：上次的人数会说出编号是谁。",
                en="Branches under numbers cannot be compared with an earlier wave: its sizes "
                "would tell whose numbers they are.",
            )
        if actions is not None and (self.is_anonymous or self.is_weighted):
            raise UsageError(
                zh="整改清单按支部名称和准确人数比较：支部以编号代替名称或答卷加权时不能比较。",
                en="Lists of actions are held against names and exact counts: not of branches "
                "under numbers, nor of weighted answers.",
            )
        if self.evidence is not None and self.is_anonymous:
            raise UsageError(
                zh="支部以编号代替名称时不能列出佐证材料：活动和文件会说出编号是谁。",
                en="Evidence is not listed for branches under numbers: events and files would tell "
                "whose numbers they are.",
            )
        found = gathering.gather(
            self,
            title=gathering.titled(self, title, settings.language(language)),
            level=level,
            seed=seed,
            score=None if score is None else scoring.load(score),
            comments=None
            if comments == "none"
            else self.comments(quotes=comments == "quotes", staff=staff, review=review),
            actions=None if actions is None else reviewing.actions(actions, self.roster),
            progress=progress,
        )
        before = following.several(earlier)
        if renamed is not None and not before:
            raise UsageError(
                zh="更名合并表（--renamed）要与上次的调查（--earlier）同用。",
                en="Renamed branches need the wave before: give that, too (earlier, --earlier).",
            )
        changes = None
        if before:
            changes = following.compared(before[0], self, level=level, renamed=renamed)
            changes = following.detailed(changes, before[0], found, level=level, seed=seed)
        told = following.named(before, self, settings.language(language))
        evidence = None if self.evidence is None else self.evidence.of(self.branches)
        several = following.waves(told, level=level, renamed=renamed) if len(told) > 2 else None
        found = replace(found, changes=changes, waves=several)
        return replace(found, evidence=evidence, cover=cover or self.cover)

    @former.answered
    def report(
        self,
        folder: str | Path,
        *,
        title: str | None = None,
        language: Language | None = None,
        level: float = 0.95,
        seed: int = 0,
        score: str | Path | None = None,
        comments: Literal["none", "counts", "quotes"] = "counts",
        staff: str | Path | None = None,
        review: str | Path | None = None,
        actions: str | Path | None = None,
        earlier: Survey | Sequence[Survey] | None = None,
        renamed: following.Renamed = None,
        cover: Cover | None = None,
        per_branch: Literal["html", "docx"] | None = None,
        style: Literal["plain", "official"] = "plain",
        force: bool = False,
        progress: Progress | None = None,
    ) -> Path:
        """Write the report: HTML, Word, workbook, charts and a record of the run.

        Before the end of the survey (`until` of `read`) it shows the response only and, once an
        announced look has passed, the verdicts at that look.

        Parameters
        ----------
        folder : path
            Made by the report; it appears only when everything is written.
        title : str, optional
            Title of the report.
        language : {"zh", "en"}, optional
            Language of the report; else the one that `survey.options` sets.
        level, seed, score, comments, staff, actions, earlier, renamed, cover
            As in `findings`.
        review : path, optional
            A sheet of decisions on quotations: written where it is not there, to be filled in, and
            obeyed where it is.
        per_branch : {"html", "docx"}, optional
            Also write one page a branch, for its secretary.
        style : {"plain", "official"}
            Paper of the Word report: plain, or as offices hand documents in.
        force : bool
            Replace an earlier report in `folder`: its own files, never any other.
        progress : callable, optional
            Told of every stage.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        ReportError
            If the folder holds a report and `force` is not given, or anything else; if what was
            read lies in it, another run is writing to it, or it cannot be written.
        """
        language = settings.language(language)
        replaced = output.records(folder)
        with output.folder(folder, force=force, inputs=self.sources) as work:
            if self.timetable.is_open():
                write_interim(self, work, title=title, language=language, style=style)
                return Path(folder)
            found = self.findings(
                title=title,
                language=language,
                level=level,
                seed=seed,
                score=score,
                comments=comments,
                staff=staff,
                review=review,
                actions=actions,
                earlier=earlier,
                renamed=renamed,
                cover=cover,
                progress=progress,
            )
            write(
                found,
                work,
                language=language,
                per_branch=per_branch,
                style=style,
                progress=progress,
            )
        if review is not None:
            reviewing.offer(found.comments, review, language)
        following.offer(earlier, self, renamed, language)
        if (said := provenance.near(replaced, output.records(folder))) is not None:
            warnings.warn(f"{said.zh} / {said.en}", stacklevel=2)
        return Path(folder)

    @former.answered
    def aliases(self) -> dict[str, str]:
        """Give every branch's name a number in an order drawn anew: 支部 01, 支部 02 ….

        Nothing that is published tells the order: keep the result to know which is which.
        """
        return anonymity.aliases(self.branches)

    @former.answered
    def anonymise(self, alias: Mapping[str, str] | None = None) -> Survey:
        """Give the survey with branches under their `aliases`, in the order of these.

        A report counts the people of such branches in fives, lest their size tell their name.

        Parameters
        ----------
        alias : mapping of str to str, optional
            As made by `aliases`; a new one by default.
        """
        return anonymity.renamed(self, self.aliases() if alias is None else alias)

    def __repr__(self) -> str:
        return (
            f"<Survey {self.questionnaire.id}: {self.n_used} of {self.n_read} rows used, "
            f"{len(self.branches)} branches>"
        )

    def _repr_html_(self) -> str:
        """Summarise the survey for a notebook, in the language that is set."""
        zh = settings.language() == "zh"
        names = set(self.files["platform"].dropna())
        exports = self.files.loc[self.files["kind"] == "export", "file"]
        title = self.questionnaire.title
        read, used, removed = self.n_read, self.n_used, self.n_removed
        rows = [
            ("问卷", "Questionnaire", title, self.questionnaire.title_en or title),
            ("文件", "Files", "、".join(exports), ", ".join(exports)),
            ("平台", "Platform", *2 * ("、".join(platforms()[n].title for n in sorted(names)),)),
            (
                *("答卷", "Answers", f"读入 {read} 份 = 采用 {used} 份 + 剔除 {removed} 份"),
                f"{read} read = {used} used + {removed} removed",
            ),
            ("支部", "Branches", f"{len(self.branches)} 个", f"{len(self.branches)}"),
        ]
        if self.roster is not None and self.roster.size > 0:
            share = f"{used} / {self.roster.size} = {used / self.roster.size:.1%}"
            rows.append(("回收率", "Response rate", share, share))
        rows += [("提示", "Notice", *notice) for notice in self.notices]
        pairs = [(row[0], row[2]) if zh else (row[1], row[3]) for row in rows]
        cells = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th>"
            f"<td style='text-align:left'>{escape(value)}</td></tr>"
            for name, value in pairs
        )
        return f"<table>{cells}</table>"
