"""What is done in a child process for a survey's folder: the library, called as an analyst would.

Every task takes the folder, a function of progress, the language of what is in one language, and
its own options; it gives one of `survey.project.views`.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

import questionnaires
import survey
from questionnaires.text import normalise
from survey import display, forms, output, privacy, provenance, vocabulary
from survey.decisions import KINDS, of_folder
from survey.documentary.sheets import EVENTS
from survey.errors import Language, SurveyError
from survey.forms import Form
from survey.project import before, showing, views
from survey.project import folder as folders
from survey.project.kept import kept_result
from survey.project.stages import Clock
from survey.project.telling import Tell
from survey.readers import Export, open_export
from survey.report import actions
from survey.report.branch_pages import file_names
from survey.results import Findings, Satisfaction
from survey.roster import open_roster
from survey.screening import Screening, Version, load_rules
from survey.text import Text
from survey.understanding import Point, Understanding, load_decisions
from survey.understanding.sheet import topic_name
from survey.workflow import reviewing
from survey.workflow.reading import DECIDED
from survey.workflow.request import Request, Written

SHEET: Mapping[Language, str] = {"zh": "确认表.xlsx", "en": "confirm.xlsx"}
_ROWS = "rows.json"
_FILLED: Mapping[str, Form] = {
    "actions": actions.FORM,
    "review": reviewing.FORM,
    "evidence": EVENTS,
}
"""Workbooks that people fill in, known by a sheet of theirs."""
_BETWEEN = pd.Timedelta(days=60)
"""Without an answer, after which answers are those of another wave."""
_TIMES = ["submitted_at", "duration"]
_MOST, _MOST_TIMED = 0.5, 0.9
"""Share of the answers that are there which a file has that takes their place; more of it where
times of submission tell which answers of files that overlap are the same, so that both can stay."""


def understand(folder: Path, tell: Tell, language: Language) -> views.Understood:
    """Say what is understood of the files, and what a person has to decide."""
    found = survey.check(folder, progress=tell)
    screening, suspects = found.screening, found.suspects
    return views.Understood(
        points=tuple(_ask(point, point in suspects) for point in found.points),
        faults=tuple(_text(error) for error in found.faults),
        errors=tuple(_text(error) for error in found.errors),
        removed=() if screening is None else tuple(_removed(screening)),
        described=Text(found.text("zh"), found.text("en")),
        n_read=0 if screening is None else len(screening.used),
        n_used=0 if screening is None else int(screening.used.sum()),
        n_branches=_n_branches(found),
    )


def sheet(folder: Path, tell: Tell, language: Language) -> views.Made:
    """Write the sheet to confirm."""
    found = survey.check(folder, progress=tell)
    place = folder / folders.STATE / SHEET[language]
    with output.file(place, force=True) as new:
        found.to_workbook(new, language)
    return views.Made(place.name, len(found.undecided))


def confirm(folder: Path, tell: Tell, language: Language, *, path: str) -> views.Made:
    """Take over what a sheet to confirm says; what contradicts itself decides nothing."""
    said = load_decisions(path)
    folders.decide(folder, said)
    return views.Made(Path(path).name, len(said.made))


def report(folder: Path, tell: Tell, language: Language) -> views.Outcome:
    """Compute and write the report, and say what is other than in the one before.

    As soon as they are there, its figures are kept as ``verdicts``, without files and changes.
    """
    project = folders.load(folder)
    values = of_folder(folder)
    facts = {name: value for name, value in project.facts.items() if name not in DECIDED}
    asked = Request.of({**facts, **values, "files": folder, "confirm": None})
    clock = Clock()

    def watch(stage: str, done: int, total: int) -> None:
        clock(stage, done, total)
        tell(stage, done, total)

    inputs = [folder / source.name for source in project.sources]
    replaced = output.records(project.report)

    with output.folder(project.report, force=True, inputs=inputs, tell=_nothing) as work:
        held = asked.read(watch)
        written = asked.write(
            held, work, watch, early=lambda now: tell.early("verdicts", _outcome(now, project, {}))
        )
        clock.book()
    outcome = _outcome(written, project, clock.seconds)
    if (said := provenance.near(replaced, output.records(project.report))) and not written.alias:
        outcome = replace(outcome, summary=(*outcome.summary, said))
    before, (rows_before, rows) = kept_result(folder, "report"), _rows_kept(project)
    if before is None or before[1].is_interim or outcome.is_interim:
        return outcome
    return replace(outcome, changes=_changes(before[1], rows_before, outcome, rows))


def suppose(
    folder: Path,
    tell: Tell,
    language: Language,
    *,
    bar: str | None = None,
    level: float | None = None,
    min_cell: int | None = None,
    screening: str = "all",
) -> views.Supposed:
    """Say what another bar, level, screening or minimum cell would say of everyone.

    Parameters
    ----------
    folder, tell, language
        As for every task.
    bar, level, min_cell
        Supposed; as decided where None.
    screening : {"all", "strict"}
        With the flagged rows, or without them.
    """
    decided = folders.load(folder).facts.get("level", 0.95)
    held = survey.read(folder, progress=tell)
    other = held if min_cell is None else replace(held, min_cell=min_cell)
    version: Version = "strict" if screening == "strict" else "all"
    now = held.satisfaction(None, level=decided)
    then = other.satisfaction(None, bar=bar, level=level or decided, version=version)
    n_removed = int(now.frame["n_valid"].sum() - then.frame["n_valid"].sum())
    if 0 < n_removed < other.min_cell:
        # the difference would tell of a few people
        then = replace(then, frame=privacy.withhold(then.frame, [privacy.FEW]))
    whole = (_whole(privacy.rounded(one), language) for one in (now, then))
    rows = [*zip(*whole, strict=True)]
    rows.append(tuple(_n_shown(one) for one in (held, other)))
    names = [
        *(_AS_ONE_SAMPLE.get(n, t) for n, t in zip(_WHOLE, showing.titles(_WHOLE), strict=True))
    ]
    names += [Text("公布的支部数", "branches that are published")]
    return views.Supposed(tuple((name, *row) for name, row in zip(names, rows, strict=True)))


def response(folder: Path, tell: Tell, language: Language) -> views.Response:
    """Say how far a running survey is and whom to remind, and nothing of what was answered."""
    found = survey.read(folder, progress=tell).fieldwork()
    titled = (
        (Text("预计可判定的支部", "Verdicts to be expected"), found.expected),
        (Text("各支部回收进度与提醒", "Answers by branch, and whom to remind"), found.frame),
        (Text("各类人员", "By role"), found.roles),
    )
    return views.Response(
        tuple((title, showing.table(frame, language)) for title, frame in titled if len(frame))
    )


def recognise(folder: Path, tell: Tell, language: Language, *, path: str) -> views.Recognised:
    """Say what a file that was dropped is: an export, newer or further, a roster, or another."""
    file = Path(path)
    if file.suffix.lower() == ".toml":
        return _of_toml(file)
    try:
        export: Export | None = open_export(file)
        wrong = Text("", "")
    except SurveyError as error:
        export, wrong = None, _text(error)
    if export is None or not export.evidence.is_sure:
        with suppress(SurveyError):
            whole, layout = open_roster(file, questionnaires.load("jiangsu-2014"))
            if layout is not None and (layout.sizes or layout.parts):
                why = Text("有支部和人数两列", "it has columns of branches and of sizes")
                names = whole.columns[layout.known["branch"]].levels
                return views.Recognised(_whose(names, folders.load(folder)), why)
        for kind, form in _FILLED.items():
            with suppress(SurveyError):
                forms.read(file, [form])
                return views.Recognised(kind, form.name)
    if export is None:
        return views.Recognised("", wrong)
    opened = _opened(folders.load(folder).paths("export"))
    timed = all(map(_is_timed, (export, *opened)))
    rows, held = _rows([export]), _rows(opened)
    own, there = (_moments([export]), _moments(opened)) if timed else (rows, held)
    known, apart = (own & there).total(), _apart(export, opened)
    relation = "further" if opened else "first"
    if rows == held:
        relation = "same"
    elif known and known >= there.total() * (_MOST_TIMED if timed else _MOST):
        relation = "newer"
    elif apart:
        relation = "wave"
    why = Text(export.evidence.zh, export.evidence.en)
    kind = "earlier" if apart < 0 else "export"
    return views.Recognised(kind, why, relation, export.n_rows, there.total(), known)


def _whose(names: Iterable[str], project: folders.Project) -> str:
    """Say which wave a roster is of: that before only where its branches are rather those of it."""
    branches = {*map(normalise, names)}
    now, before = (
        len(branches & {normalise(text) for column in columns for text in column.levels})
        for columns in (
            [c for export in _opened(project.paths(kind)) for c in export.body.columns]
            for kind in ("export", "earlier")
        )
    )
    return "earlier_roster" if before > now else "roster"


def _of_toml(file: Path) -> views.Recognised:
    """Say whether a text of ours is a questionnaire or rules of screening."""
    takers: Mapping[str, Callable[[Path], object]] = {
        "questionnaire": questionnaires.load,
        "rules": load_rules,
    }
    for kind, take in takers.items():
        with suppress(SurveyError):
            take(file)
            return views.Recognised(kind, KINDS[kind])
    wrong = Text("既不是问卷，也不是筛查规则。", "It is neither a questionnaire nor rules.")
    return views.Recognised("", wrong)


def _apart(export: Export, opened: Sequence[Export]) -> int:
    """Say whether an export is of a later survey than others (1), an earlier one (-1), or this."""
    first, last = _times([export])
    begun, ended = _times(opened)
    if first > ended + _BETWEEN:
        return 1
    return -1 if last + _BETWEEN < begun else 0


def _times(exports: Sequence[Export]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Give the first and the last submission; a missing time is neither before nor after any."""
    found = [export.table["submitted_at"] for export in exports if "submitted_at" in export.table]
    times = pd.concat(found) if found else pd.Series(dtype="datetime64[ns]")
    return times.min(), times.max()


TASKS: Mapping[str, Callable[..., Any]] = {
    "understand": understand,
    "sheet": sheet,
    "confirm": confirm,
    "report": report,
    "suppose": suppose,
    "response": response,
    "recognise": recognise,
    "plan": before.plan,
    "material": before.material,
}


_WHOLE = ("n_valid", "rate", "lower", "upper", "verdict", "low", "high")
_AS_ONE_SAMPLE = {
    "low": Text("区间下限（不按名册加权）", "lower limit (not weighted by the roster)"),
    "high": Text("区间上限（不按名册加权）", "upper limit (not weighted by the roster)"),
}


def _whole(found: Satisfaction, language: Language) -> list[str]:
    frame = display.display(found.frame.reindex(columns=[*_WHOLE]), language)
    return [str(cell) for cell in frame.iloc[0]]


def _n_shown(held: survey.Survey) -> str:
    """Count the branches that would be published: by counts alone, as always."""
    verdicts = held.published()["branch",].frame["verdict"]
    return str(int((verdicts != "withheld").sum()))


def _text(error: SurveyError) -> Text:
    return Text(error.text("zh"), error.text("en"))


def _nothing(zh: str, en: str) -> None:
    """Tell nobody that an earlier run was cut short: its state said so."""


def _ask(point: Point, is_suspect: bool) -> views.Ask:
    label = Text("", "") if point.value is None else point.label(point.value)
    return views.Ask(
        point.topic,
        point.key,
        topic_name(point.topic),
        point.shown,
        point.value,
        label,
        point.why,
        tuple((choice.value, choice.label) for choice in point.choices),
        is_suspect,
        point.is_free,
    )


def _removed(screening: Screening) -> Iterable[views.Removed]:
    lines = screening.audit[screening.audit["action"].isin(["remove", "flag"])]
    for (file, sheet, row), told in lines.groupby(
        ["file", "sheet", "row"], sort=False, dropna=False
    ):
        action = "remove" if (told["action"] == "remove").any() else "flag"
        why = Text("；".join(told["zh"]), "; ".join(told["en"]))
        yield views.Removed(str(file), str(sheet), int(str(row)), action, why)


def _n_branches(found: Understanding) -> int:
    if found.roster is not None:
        return len(found.roster.branches)
    return 0 if found.responses is None else int(found.responses.people["branch"].nunique())


def _outcome(
    written: Written, project: folders.Project, seconds: Mapping[str, float]
) -> views.Outcome:
    found, language = written.found, project.language
    files = sorted(
        path.relative_to(project.report).as_posix()
        for path in (project.report.rglob("*") if seconds else ())
        if path.is_file()
    )
    tables: tuple[views.Table, ...] = ()
    if found is not None:
        tables = tuple(
            showing.published(one, language, _parents(written)) for one in found.tables.values()
        )
    branches = found.tables["branch",].frame["verdict"] if found is not None else pd.Series()
    verdicts = branches.value_counts().to_dict()
    return views.Outcome(
        created=date.today().isoformat(),
        is_interim=found is None,
        summary=tuple(written.told()),
        n_read=written.held.n_read,
        n_used=written.held.n_used,
        verdicts={str(code): int(n) for code, n in verdicts.items()},
        tables=tables,
        files=tuple(files),
        changes=None,
        seconds={stage: round(took, 2) for stage, took in seconds.items()},
        pages={} if found is None else _pages(found, files),
    )


def _pages(found: Findings, files: Sequence[str]) -> dict[str, str]:
    """Give the file of each branch's page, where there is one."""
    pages = {name: f"branches/{file}" for name, file in file_names(found).items()}
    there = {*files}
    return {name: page for name, page in pages.items() if page in there}


def _parents(written: Written) -> dict[str, dict[str, str]]:
    """Give what each branch of the roster belongs to, by the name of the grouping."""
    roster = written.held.roster
    if roster is None or written.alias:
        return {}
    frame = roster.frame.drop_duplicates("branch").set_index("branch")
    known = [name for name in written.held.groupings if name in frame]
    return {
        name: dict(zip(map(str, frame.index), map(str, frame[name]), strict=True)) for name in known
    }


def _changes(
    before: views.Outcome, rows_before: Counter[str], after: views.Outcome, rows: Counter[str]
) -> views.Changes:
    """List what both reports published and is another; nothing of single answers."""
    then, now = _verdicts(before), _verdicts(after)
    verdicts = tuple(
        views.Change(name, was, now[name], _verdict(was), _verdict(now[name]))
        for name, was in then.items()
        if name in now and now[name] != was
    )
    return views.Changes(
        before.n_used,
        after.n_used,
        (rows - rows_before).total(),
        (rows_before - rows).total(),
        _overall(before),
        _overall(after),
        verdicts,
    )


def _verdict(code: str) -> Text:
    return Text(vocabulary.verdict(code, "zh"), vocabulary.verdict(code, "en"))


def _verdicts(outcome: views.Outcome) -> dict[str, str]:
    table = next(table for table in outcome.tables if table.by == ("branch",))
    at = table.codes.index("branch")
    return {row[at]: code for row, code in zip(table.rows, table.verdicts, strict=True)}


def _overall(outcome: views.Outcome) -> str:
    table = next(table for table in outcome.tables if table.by == ())
    return table.rows[0][table.codes.index("rate")]


def _opened(files: Iterable[Path]) -> list[Export]:
    """Open the exports that can be read; of the others the reading itself will speak."""
    opened = []
    for file in files:
        with suppress(SurveyError):
            opened.append(open_export(file))
    return opened


def _rows(exports: Iterable[Export]) -> Counter[str]:
    """Count the rows of exports by a digest of their cells."""
    return Counter(row for export in exports for row in _fingerprints(export))


def _fingerprints(export: Export) -> list[str]:
    texts = [column.texts() for column in export.body.columns]
    return [
        hashlib.sha256("\x1f".join(row).encode()).hexdigest()[:16]
        for row in zip(*texts, strict=True)
    ]


def _is_timed(export: Export) -> bool:
    """Whether time and duration tell answers apart: both are there for all, to the second."""
    times = export.table.reindex(columns=_TIMES)
    told = times.notna().all(axis=None)
    return bool(told and (times["submitted_at"].dt.second > 0).any())


def _moments(exports: Iterable[Export]) -> Counter[str]:
    """Count answers by when they were given, which stays when cells are corrected."""
    found = Counter[str]()
    for export in exports:  # what several files hold counts once
        found |= Counter(map(" ".join, export.table[_TIMES].astype(str).itertuples(index=False)))
    return found


def _rows_kept(project: folders.Project) -> tuple[Counter[str], Counter[str]]:
    """Give the rows of the report before, and those of now: exports are read only if others."""
    place = project.folder / folders.STATE / _ROWS
    files = sorted(source.sha256 for source in project.sources if source.kind == "export")
    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there, or cut short with the child that wrote it
        kept = {"files": [], "rows": {}}
    before = Counter({str(digest): int(n) for digest, n in kept["rows"].items()})
    if kept["files"] == files:
        return before, before
    now = _rows(_opened(project.paths("export")))
    with output.file(place, force=True) as new:
        new.write_text(json.dumps({"files": files, "rows": now}), encoding="utf-8")
    return before, now
