"""What each subcommand does: hand its options to the library and say what came out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pandas as pd

import questionnaires
import survey
from questionnaires import Questionnaire
from survey import display, vocabulary
from survey.cli import codebook, lists, messages, places, tables
from survey.cli.progress import Watch, watched
from survey.errors import CodingError, Language, UsageError
from survey.results import Cover, Findings
from survey.screening import load_rules
from survey.understanding import Understanding
from survey.workflow import reviewing
from survey.workflow.publishing import write, write_interim


def run(chosen: argparse.Namespace) -> None:
    """Run the subcommand that was chosen.

    Raises
    ------
    SurveyError
        For every fault that a person can mend.
    """
    commands = {
        "report": _report,
        "demo": _demo,
        "check": _check,
        "plan": _plan,
        "progress": _progress,
        "questionnaire": _questionnaire,
        "compare": _compare,
        "codebook": codebook.run,
    }
    commands[chosen.command](chosen)


def _report(chosen: argparse.Namespace) -> None:
    watch = Watch(chosen.language, show=watched(chosen.quiet))
    with places.folder(chosen) as work, watch.running():
        held = survey.read(
            chosen.files,
            progress=watch,
            **_reading(chosen),
        )
        is_open = chosen.interim or held.timetable.is_open()
        if is_open:
            alias = held.aliases() if chosen.anonymous_branches else {}
            shown = held.anonymise(alias) if alias else held
            write_interim(shown, work, title=chosen.title, language=chosen.language)
        else:
            found, alias = _publish(held, work, chosen, watch)
    if not is_open:
        _tell(held, found, alias, chosen, watch)
    elif not chosen.quiet:
        page = Path(chosen.out) / "report.html"
        print(
            f"调查进行中，只公布回收情况：{page}"
            if chosen.language == "zh"
            else f"The survey is open, only the response is shown: {page}"
        )
        _tell_key(alias, chosen.language)


def _demo(chosen: argparse.Namespace) -> None:
    watch = Watch(chosen.language, show=watched(chosen.quiet))
    with places.folder(chosen) as work, watch.running():
        watch("simulate", 0, 1)
        beside = work / ("模拟数据" if chosen.language == "zh" else "simulated")
        made = survey.simulate(beside, n_branches=chosen.branches, seed=chosen.seed)
        held = survey.read(made.export, roster=made.roster, bar=chosen.bar, progress=watch)
        found, alias = _publish(held, work, chosen, watch)
    _tell(held, found, alias, chosen, watch)


def _publish(
    held: survey.Survey, work: Path, chosen: argparse.Namespace, watch: Watch
) -> tuple[Findings, dict[str, str]]:
    """Compute and write; give what was published, and the key to its branches' numbers."""
    alias = held.aliases() if chosen.anonymous_branches else {}
    shown = held.anonymise(alias) if alias else held
    if chosen.key is not None:
        _require_key(alias, chosen)
    found = shown.findings(
        title=chosen.title,
        language=chosen.language,
        level=chosen.level,
        method=chosen.method,
        seed=chosen.seed,
        score=chosen.score,
        comments=chosen.comments,
        staff=chosen.staff,
        review=chosen.review,
        actions=chosen.actions,
        earlier=_earlier(chosen),
        cover=Cover(chosen.organisation, chosen.period, chosen.author),
        progress=watch,
    )
    write(found, work, language=chosen.language, per_branch=chosen.per_branch, progress=watch)
    if chosen.review is not None:
        reviewing.offer(found.comments, chosen.review, chosen.language)
    if chosen.key is not None:
        _write_key(alias, chosen)
    return found, alias


def _earlier(chosen: argparse.Namespace) -> survey.Survey | None:
    """Read the wave before, where it is given, with the options of this one."""
    if getattr(chosen, "earlier", None) is None:
        return None
    options = _reading(chosen)
    options["roster"] = chosen.earlier_roster or chosen.roster
    return survey.read(chosen.earlier, **options)


def _require_key(alias: dict[str, str], chosen: argparse.Namespace) -> None:
    """Refuse a key without numbers, or inside the report."""
    if not alias:
        raise UsageError(
            zh="--key 是编号对照的文件，要与 --anonymous-branches 同用。",
            en="--key is the file of the key to the numbers: give --anonymous-branches too.",
        )
    if Path(chosen.out).resolve() in Path(chosen.key).resolve().parents:
        raise UsageError(
            zh="--key 的文件不能放在报告文件夹里：报告会交给别人。",
            en="--key must not lie in the report's folder: the report is handed on.",
        )


def _write_key(alias: dict[str, str], chosen: argparse.Namespace) -> None:
    """Keep which branch has which number, once the report is written."""
    with places.file(chosen, chosen.key) as file:
        if file is not None:
            rows = sorted(alias.items(), key=lambda pair: pair[1])
            names = ["支部", "编号"] if chosen.language == "zh" else ["branch", "number"]
            key = pd.DataFrame(rows, columns=names)
            key.to_csv(file, index=False, encoding="utf-8-sig")


def _reading(chosen: argparse.Namespace) -> dict[str, Any]:
    """Turn the options of reading into the arguments of `survey.read`."""
    plain = ["questionnaire", "confirm", "codebook", "platform", "sheet", "encoding", "mode"]
    plain += ["roster", "roster_sheet", "allow_unknown_branches", "skip_bad_files", "min_cell"]
    plain += ["since", "until", "looks", "branch", "role", "overall", "bar"]
    options: dict[str, Any] = {
        name: getattr(chosen, name) for name in plain if hasattr(chosen, name)
    }
    for name in ("satisfied", "ladder", "not_applicable"):
        given = getattr(chosen, name)
        options[name] = None if given is None else lists.split(given)
    options["keep"] = [name for given in chosen.keep for name in lists.split(given)]
    options["dimensions"] = lists.dimensions(chosen.dimension) or None
    if getattr(chosen, "rules", None) is not None:
        options["rules"] = load_rules(chosen.rules)
    return options


def _tell(
    held: survey.Survey,
    found: Findings,
    alias: dict[str, str],
    chosen: argparse.Namespace,
    watch: Watch,
) -> None:
    """Say rows read and used, verdicts, and where the report is."""
    if chosen.quiet:
        return
    zh = chosen.language == "zh"
    removed = found.removed
    by_rule = (
        "、".join(f"{row.zh} {row.n}" for row in removed.itertuples())
        if zh
        else ", ".join(f"{row.en} {row.n}" for row in removed.itertuples())
    )
    n_removed = found.n_read - found.n_used
    tail = (f"（{by_rule}）" if zh else f" ({by_rule})") if by_rule else ""
    print(
        f"答卷：读入 {found.n_read} 份 = 采用 {found.n_used} 份 + 剔除 {n_removed} 份{tail}"
        if zh
        else f"Rows: {found.n_read} read = {found.n_used} used + {n_removed} removed{tail}"
    )
    verdicts = found.tables["branch",].frame["verdict"].value_counts()
    counted = [
        f"{vocabulary.verdict(code, chosen.language)} {int(verdicts.get(code, 0))}"
        for code in ("meets", "below", "inconclusive", "withheld")
    ]
    print(
        f"支部（{verdicts.sum()} 个）：" + "、".join(counted)
        if zh
        else f"Branches ({verdicts.sum()}): " + ", ".join(counted)
    )
    for text_zh, text_en in found.notices:
        print(f"提示：{text_zh}" if zh else f"Note: {text_en}")
    if chosen.timings:
        for stage, seconds in watch.seconds.items():
            print(f"  {messages.stage(stage, chosen.language)}  {seconds:.1f} s")
    _tell_key(alias, chosen.language)
    page = Path(chosen.out) / "report.html"
    print(f"报告：{page}" if zh else f"Report: {page}")


def _tell_key(alias: dict[str, str], language: Language) -> None:
    if alias:
        zh = language == "zh"
        print("编号对照（不写入报告）：" if zh else "Key to the numbers (not in the report):")
        for name, number in sorted(alias.items(), key=lambda pair: pair[1]):
            print(f"  {number}  {name}")


def _check(chosen: argparse.Namespace) -> None:
    tables.require_known(chosen.write, (".xlsx", ".toml"))
    with places.file(chosen, chosen.write) as file:
        understood = survey.check(chosen.files, **_reading(chosen))
        if file is not None and file.suffix.lower() == ".toml":
            understood.to_toml(file)
        elif file is not None:
            understood.to_workbook(file, chosen.language)
    if not chosen.quiet:
        print(understood.text(chosen.language), flush=True)
    if file is not None:
        _tell_sheet(understood, chosen)
    # what a person can decide is asked on the sheet
    errors = understood.errors if file is None else understood.faults
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise CodingError(
            zh=f"有 {len(errors)} 处不能读入：\n" + "\n".join(e.text("zh") for e in errors),
            en=f"{len(errors)} faults stop the reading:\n"
            + "\n".join(e.text("en") for e in errors),
        )


def _tell_sheet(understood: Understanding, chosen: argparse.Namespace) -> None:
    """Say what to do with the sheet that was written."""
    if chosen.quiet:
        return
    n = len(understood.undecided)
    roster = ["--roster", chosen.roster] if chosen.roster else []
    given = [*chosen.files, *roster, "--confirm", chosen.write]
    words = " ".join(f'"{word}"' if " " in word else word for word in given)
    print(
        f"确认表：{chosen.write}，有 {n} 处要确认。填好保存后，运行：\nsurvey-report {words}"
        if chosen.language == "zh"
        else f"Sheet to confirm: {chosen.write}, {n} to decide. Fill it in, save it, and run:\n"
        f"survey-report {words}"
    )


def _plan(chosen: argparse.Namespace) -> None:
    tables.require_known(chosen.out)
    with places.file(chosen) as file:
        planned = survey.plan(
            chosen.roster,
            roster_sheet=chosen.roster_sheet,
            questionnaire=chosen.questionnaire,
            bar=chosen.bar,
            suppose=chosen.suppose,
            looks=chosen.looks,
        )
        _emit(planned.looks if chosen.looks else planned.frame, file, chosen.language)


def _progress(chosen: argparse.Namespace) -> None:
    tables.require_known(chosen.out, (".xlsx",))
    with places.file(chosen) as file:
        held = survey.read(chosen.files, **_reading(chosen))
        found = held.fieldwork(suppose=chosen.suppose, reply_rate=chosen.reply_rate)
        if file is not None:
            found.to_excel(file, language=chosen.language, force=True)
            return
        for table in (found.expected, found.frame, found.roles):
            if len(table):
                _emit(table, None, chosen.language)
                print()


def _questionnaire(chosen: argparse.Namespace) -> None:
    from questionnaires import wording

    if chosen.name is None:
        for name in questionnaires.available():
            print(f"{name}  {questionnaires.load(name).title}")
        return
    if chosen.format == "docx" and chosen.out is None:
        raise UsageError(zh="docx 需要用 --out 给出文件名。", en="docx needs a file: --out.")
    with places.file(chosen) as file:
        asked = questionnaires.load(chosen.name)
        branches = _branch_names(chosen, asked)
        if chosen.format == "docx":
            wording.to_docx(asked, str(file), branches=branches)
            return
        make = wording.to_wjx if chosen.format == "wjx" else wording.to_markdown
        text = make(asked, branches=branches)
        if file is None:
            print(text)
        else:
            file.write_text(text, encoding="utf-8")


def _branch_names(chosen: argparse.Namespace, asked: Questionnaire) -> list[str]:
    from survey.roster import read_roster

    if chosen.roster is None:
        return []
    return read_roster(chosen.roster, asked, sheet=chosen.roster_sheet).branches


def _compare(chosen: argparse.Namespace) -> None:
    tables.require_known(chosen.out)
    with places.file(chosen) as file:
        later = survey.read(chosen.later, **_reading(chosen))
        earlier = _earlier(chosen)
        assert earlier is not None
        _emit(
            later.compare(earlier, level=chosen.level).named(chosen.language), file, chosen.language
        )


def _emit(frame: pd.DataFrame, file: Path | None, language: Language) -> None:
    """Print a frame of results, or write it as a workbook or csv file."""
    if file is None:
        print(display.display(frame, language).to_string(index=False))
    else:
        tables.write(frame, file, language)
