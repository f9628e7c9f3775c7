"""What is asked for in one run, whoever asks: the command with its options, or a survey's folder.

One road from it to the report, so that figures and words are the same.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd

from survey import vocabulary
from survey.errors import Language, RosterError, UsageError
from survey.results import Cover, Findings
from survey.roster import open_roster, read_roster
from survey.screening import load_rules
from survey.text import Text
from survey.understanding import load_decisions
from survey.workflow import following, meant, reviewing
from survey.workflow.answers import Progress
from survey.workflow.each import write_each
from survey.workflow.publishing import write, write_interim
from survey.workflow.reading import Reading, read
from survey.workflow.survey import Survey

_READ = {f.name for f in fields(Reading)} - {"progress"}
_FOUND = {*inspect.signature(Survey.findings).parameters} - {
    *("self", "language", "earlier", "renamed", "cover", "progress")
}
_COVER = {f.name for f in fields(Cover)}
_JOINTS: Mapping[Language, str] = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class Request:
    """One run from files to a report: what it reads, finds and writes, as arguments of these.

    Empty fields of `cover` are taken from what was decided. The waves before (`earlier`) stand the
    latest first and are read with the same arguments; a wave of several files is a list of its own,
    and a roster that is not given is that of this wave. `interim` publishes the response only,
    though the survey may have ended; with `each`, a grouping, every unit of it has a report that
    shows its colleges.
    """

    files: Any
    reading: Mapping[str, Any] = field(default_factory=dict)
    finding: Mapping[str, Any] = field(default_factory=dict)
    cover: Cover = field(default_factory=Cover)
    earlier: Any = None
    earlier_roster: Any = None
    renamed: Any = None
    language: Any = "zh"
    per_branch: Any = None
    style: Any = "plain"
    interim: bool = False
    anonymous_branches: bool = False
    each: Any = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Request:
        """Sort values by what takes them: a field, `survey.read` or `Survey.findings`.

        Those that are None are not given, others not meant; ``rules`` may be a file.

        Examples
        --------
        >>> asked = Request.of({"files": "a.xlsx", "bar": "0.8", "level": None, "period": "2025"})
        >>> asked.reading, asked.finding, asked.cover.period
        ({'bar': '0.8'}, {}, '2025')
        """
        given = {name: value for name, value in values.items() if value is not None}
        if isinstance(given.get("rules"), str | Path):
            given["rules"] = load_rules(given["rules"])
        if each := given.get("each"):
            kept = given.get("keep") or []
            given["keep"] = [*dict.fromkeys([each, *([kept] if isinstance(kept, str) else kept)])]
        plain = {f.name for f in fields(cls)} - {"reading", "finding", "cover"}
        return cls(
            reading={name: given[name] for name in _READ & given.keys()},
            finding={name: given[name] for name in _FOUND & given.keys()},
            cover=Cover(**{name: given[name] for name in _COVER & given.keys()}),
            **{name: given[name] for name in plain & given.keys()},
        )

    def read(self, progress: Progress | None = None) -> Survey:
        """Read the files; beside a report of every unit with the colleges that the roster names."""
        keep = {} if self.each is None else {"keep": [*self.reading["keep"], *self._colleges()]}
        return read(self.files, **{**self.reading, **keep}, progress=progress)

    def _colleges(self) -> list[str]:
        """List the columns of the roster that name the college of every branch."""
        roster, sheet = self.reading.get("roster"), self.reading.get("roster_sheet")
        if not isinstance(roster, str | Path):
            return []
        asked = meant.questionnaire(self.reading.get("questionnaire"))
        _, layout = open_roster(roster, asked, sheet)
        names = [] if layout is None else layout.colleges
        keep = [*dict.fromkeys([*self.reading["keep"], *names])]
        try:
            read_roster(roster, asked, keep, sheet, open_roles=True)
        except RosterError:  # what nobody asked for must not stop the report; all else stops later
            return []
        return names

    def read_earlier(self) -> list[Survey]:
        """Read the waves before, the latest first; errors say which of them they are about."""
        waves = self.earlier if isinstance(self.earlier, list | tuple) else [self.earlier]
        rosters = self.earlier_roster
        rosters = list(rosters) if isinstance(rosters, list | tuple) else [rosters]
        own: dict[str, Any] = {"since": None, "until": None, "looks": (), "evidence": None}
        own["confirm"] = _without_times(self.reading) or None
        if len(rosters) > max(len(waves), 1):
            raise UsageError(
                zh=f"上次的名册（--earlier-roster）有 {len(rosters)} 份，上次的调查（--earlier）"
                f"只有 {len(waves)} 次。",
                en=f"There are {len(rosters)} rosters (--earlier-roster) for {len(waves)} waves "
                "(--earlier).",
            )
        found = []
        for at, files in enumerate(waves if self.earlier else ()):
            roster = (rosters[at : at + 1] or [None])[0] or self.reading.get("roster")
            with following.telling(following.ago(at + 1)):
                found.append(read(files, **{**self.reading, **own, "roster": roster}))
        return found

    def _require_alone(self) -> None:
        """Refuse, beside a report of every unit, what is one survey's."""
        wrong = {"earlier": self.earlier, "review": self.finding.get("review")}
        wrong |= {
            "actions": self.finding.get("actions"),
            "anonymous_branches": self.anonymous_branches,
        }
        for name, value in wrong.items():
            if value:
                option = "--" + name.replace("_", "-")
                raise UsageError(
                    zh=f"{option} 属于一个单位的调查，不能与逐个单位出报告（--each）同用。",
                    en=f"{option} belongs to the survey of one unit, not to several (--each).",
                )

    def write(
        self,
        held: Survey,
        work: Path,
        progress: Progress | None = None,
        early: Callable[[Written], None] | None = None,
    ) -> Written:
        """Write the report into a folder of `survey.output`; `early` is given what it publishes."""
        alias = held.aliases() if self.anonymous_branches else {}
        shown = held.anonymise(alias) if alias else held
        title = self.finding.get("title")
        if self.interim or held.timetable.is_open():
            write_interim(shown, work, title=title, language=self.language, style=self.style)
            return Written(held, None, alias)
        if self.each is not None:
            self._require_alone()
            write_each(
                held,
                self.each,
                work,
                finding={**self.finding, "title": title},
                language=self.language,
                per_branch=self.per_branch,
                style=self.style,
                progress=progress,
            )
            return Written(held, None, alias)
        earlier = self.read_earlier()
        found = shown.findings(
            **self.finding,
            language=self.language,
            earlier=earlier,
            renamed=self.renamed,
            cover=_over(held.cover, self.cover),
            progress=progress,
        )
        written = Written(held, found, alias)
        if early is not None:
            early(written)
        write(
            found,
            work,
            language=self.language,
            per_branch=self.per_branch,
            style=self.style,
            progress=progress,
        )
        if (review := self.finding.get("review")) is not None:
            reviewing.offer(found.comments, review, self.language)
        following.offer(earlier, held, self.renamed, self.language)
        return written


@dataclass(frozen=True)
class Written:
    """A report that was written: the survey as read, what was published, numbers in place of names.

    `found` is None where only the response was published.
    """

    held: Survey
    found: Findings | None
    alias: Mapping[str, str]

    def told(self) -> list[Text]:
        """Say rows read and used, verdicts, and what a reader has to know; nothing while open."""
        found = self.found
        if found is None:
            return []
        n_removed, removed = found.n_read - found.n_used, [*found.removed.itertuples()]
        by_rule = "、".join(f"{row.zh} {row.n}" for row in removed)
        by_rule_en = ", ".join(f"{row.en} {row.n}" for row in removed)
        counts = vocabulary.tally(found.tables["branch",].frame["verdict"])
        n_branches = sum(counts.values())
        counted = "、".join(f"{vocabulary.verdict(c, 'zh')} {n}" for c, n in counts.items())
        counted_en = ", ".join(f"{vocabulary.verdict(c, 'en')} {n}" for c, n in counts.items())
        return [
            Text(
                f"答卷：读入 {found.n_read} 份 = 采用 {found.n_used} 份 + 剔除 {n_removed} 份"
                + (f"（{by_rule}）" if by_rule else ""),
                f"Rows: {found.n_read} read = {found.n_used} used + {n_removed} removed"
                + (f" ({by_rule_en})" if by_rule else ""),
            ),
            *_valid(found.tables[()].frame.iloc[0]),
            Text(
                f"支部（{n_branches} 个）：{counted}",
                f"Branches ({n_branches}): {counted_en}",
            ),
            *(Text(f"提示：{zh}", f"Note: {en}") for zh, en in found.notices),
        ]


def _valid(everyone: pd.Series[Any]) -> Iterator[Text]:
    """Lead from the rows that are used to the valid answers that the report counts."""
    if pd.isna(everyone["n_valid"]):
        return
    others = ("n_missing", "n_not_applicable", "n_not_asked")
    apart = {name: int(everyone[name]) for name in others if everyone[name] > 0}
    told, told_en = (
        joint.join(f"{vocabulary.column(name, one)} {n}" for name, n in apart.items())
        for one, joint in _JOINTS.items()
    )
    n = int(everyone["n_valid"])
    yield Text(
        f"总体满意度的有效回答：{n} 份" + (f"（其余：{told}）" if apart else ""),
        f"Valid answers on overall satisfaction: {n}" + (f" (others: {told_en})" if apart else ""),
    )


def _without_times(reading: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    """Give what was decided, but for the time of this wave: another one has its own."""
    decisions = load_decisions(reading.get("confirm"))
    tables: dict[str, dict[str, str]] = {}
    for (topic, key), decision in decisions.made.items():
        if key not in ("since", "until", "looks") or topic != "survey":
            tables.setdefault(topic, {})[key] = decision.value
    return tables


def _over(below: Cover, above: Cover) -> Cover:
    return replace(below, **{n: v for n in _COVER if (v := getattr(above, n))})
