"""What each subcommand does: hand its options to the library and say what came out."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

import questionnaires
import survey
from questionnaires import Questionnaire
from survey import display, output, provenance
from survey.cli import bundle, codebook, demo, lists, places, tables
from survey.cli.messages import tell
from survey.cli.progress import Watch, watched
from survey.decisions import FILE, load_all
from survey.decisions.values import split
from survey.errors import CodingError, Language, UsageError
from survey.project.stages import shown
from survey.understanding import Understanding
from survey.workflow import following
from survey.workflow.request import Request, Written

_OF_CHECK = ("--write", "--confirm", "--mapping")
"""Options, each with a value, that the run after a check has no use for."""


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
        "evidence": _evidence,
        "codebook": codebook.run,
        "bundle": bundle.run,
    }
    commands[chosen.command](places.remembered(chosen))


def _report(chosen: argparse.Namespace) -> None:
    watch = Watch(chosen.language, show=watched(chosen.quiet))
    asked, lacking = Request.of(_values(chosen)), _lacking(chosen)
    replaced = output.records(chosen.out)
    with places.folder(chosen) as work, watch.running():
        _require_key(chosen)
        written = asked.write(asked.read(watch), work, watch)
    _tell(written, chosen, watch, replaced)
    _tell_offered(lacking, chosen)


def _demo(chosen: argparse.Namespace) -> None:
    watch = Watch(chosen.language, show=watched(chosen.quiet))
    replaced = output.records(chosen.out)
    with places.folder(chosen) as work, watch.running():
        _require_key(chosen)
        watch("simulate", 0, 1)
        asked = Request.of({**vars(chosen), **demo.files(work, chosen)})
        written = asked.write(asked.read(watch), work, watch)
    _tell(written, chosen, watch, replaced)


def _lacking(chosen: argparse.Namespace) -> list[str]:
    """List the sheets that are written to be filled in, as they are not there yet."""
    sheets = (getattr(chosen, name, None) for name in ("renamed", "review"))
    return [sheet for sheet in sheets if sheet is not None and not Path(sheet).exists()]


def _tell_offered(sheets: Sequence[str], chosen: argparse.Namespace) -> None:
    """Say which of them are there now."""
    for sheet in sheets if not chosen.quiet else ():
        if Path(sheet).exists():
            print(
                f"已写出：{sheet}。请填好保存，再运行一次。"
                if chosen.language == "zh"
                else f"Written: {sheet}. Fill it in, save it, and run the command once more."
            )


def _require_key(chosen: argparse.Namespace) -> None:
    """Refuse a key without numbers, or inside the report."""
    if chosen.key is None:
        return
    if not chosen.anonymous_branches:
        raise UsageError(
            zh="--key 是编号对照的文件，要与 --anonymous-branches 同用。",
            en="--key is the file of the key to the numbers: give --anonymous-branches too.",
        )
    if Path(chosen.out).resolve() in Path(chosen.key).resolve().parents:
        raise UsageError(
            zh="--key 的文件不能放在报告文件夹里：报告会交给别人。",
            en="--key must not lie in the report's folder: the report is handed on.",
        )


def _write_key(alias: Mapping[str, str], chosen: argparse.Namespace) -> None:
    """Keep which branch has which number, once the report is written."""
    with places.file(chosen, chosen.key) as file:
        if file is not None:
            rows = sorted(alias.items(), key=lambda pair: pair[1])
            names = ["支部", "编号"] if chosen.language == "zh" else ["branch", "number"]
            key = pd.DataFrame(rows, columns=names)
            key.to_csv(file, index=False, encoding="utf-8-sig")


def _values(chosen: argparse.Namespace) -> dict[str, Any]:
    """Turn the options into the arguments of the library, by their names."""
    values = dict(vars(chosen))
    for name in ("satisfied", "ladder", "not_applicable"):
        values[name] = None if values.get(name) is None else split(values[name])
    values["keep"] = [name for given in values.get("keep", ()) for name in split(given)]
    values["dimensions"] = lists.dimensions(values.get("dimension", ())) or None
    return values


def _reading(chosen: argparse.Namespace) -> dict[str, Any]:
    """Turn the options of reading into the arguments of `survey.read`."""
    return dict(Request.of(_values(chosen)).reading)


def _tell(
    written: Written, chosen: argparse.Namespace, watch: Watch, replaced: Mapping[str, Any]
) -> None:
    """Say rows read and used, verdicts, and where the report is."""
    if chosen.key is not None:
        _write_key(written.alias, chosen)
    if chosen.quiet:
        return
    for text in written.told():
        tell(chosen, text.zh, text.en)
    if not written.alias and (said := provenance.near(replaced, output.records(chosen.out))):
        tell(chosen, said.zh, said.en)
    if chosen.timings:
        for stage, seconds in watch.seconds.items():
            print(f"  {shown(stage).text(chosen.language)}  {seconds:.1f} s")
    _tell_fonts(chosen)
    _tell_key(written.alias, chosen)
    page, told = Path(chosen.out) / "report.html", ("报告：", "Report: ")
    if written.found is None and not getattr(chosen, "each", None):
        told = "调查进行中，只公布回收情况：", "The survey is open, only the response is shown: "
    tell(chosen, *(f"{begin}{page}" for begin in told))


def _tell_fonts(chosen: argparse.Namespace) -> None:
    """Say which fonts of the paper this machine lacks, and what Word shows in their place."""
    from survey.report import paper

    lacking = paper.missing(chosen.style or "plain")
    if not lacking:
        return
    pairs = [f"{f.name} → {f.instead[0]}" for f in lacking]
    tell(
        chosen,
        f"提示：本机没有公文所用的字体，Word 中改用代替字体显示：{'、'.join(pairs)}。"
        "装有这些字体的电脑上照规定显示。",
        "Note: this machine lacks fonts of official paper, Word shows others: "
        f"{', '.join(pairs)}. Where they are installed the document looks as it should.",
    )


def _tell_key(alias: Mapping[str, str], chosen: argparse.Namespace) -> None:
    if alias:
        tell(chosen, "编号对照（不写入报告）：", "Key to the numbers (not in the report):")
        for name, number in sorted(alias.items(), key=lambda pair: pair[1]):
            print(f"  {number}  {name}")


def _check(chosen: argparse.Namespace) -> None:
    tables.require_known(chosen.write, (".xlsx", ".toml"))
    with places.file(chosen, chosen.write) as file:
        understood = survey.check(chosen.files, **_reading(chosen))
        if file is not None and file.suffix.lower() == ".toml":
            understood.to_toml(file, Path(chosen.write).absolute().parent)
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


def _for_the_report(words: Sequence[str]) -> list[str]:
    """Leave out of the words of a check what is its own: the sheet holds what was decided."""
    kept = []
    for before, word in pairwise(["", *words]):
        name = word.partition("=")[0]
        if before not in _OF_CHECK and name not in (*_OF_CHECK, "--force"):
            kept.append(word)
    return kept


def _tell_sheet(understood: Understanding, chosen: argparse.Namespace) -> None:
    """Say what to do with the sheet that was written."""
    n = len(understood.undecided)
    given = [*_for_the_report(chosen.words), "--confirm", chosen.write]
    if Path(chosen.write).name == FILE and load_all(Path(chosen.write))[1]:
        given = [str(Path(chosen.write).parent)]
    words = " ".join(f'"{word}"' if " " in word else word for word in given)
    tell(
        chosen,
        f"确认表：{chosen.write}，有 {n} 处要确认。填好保存后，运行：\nsurvey-report {words}",
        f"Sheet to confirm: {chosen.write}, {n} to decide. Fill it in, save it, and run:\n"
        f"survey-report {words}",
    )


def _plan(chosen: argparse.Namespace) -> None:
    if chosen.blank is not None:
        tables.require_known(chosen.blank, (".xlsx",))
        asked = {"questionnaire": chosen.questionnaire, "language": chosen.language}
        survey.blank_roster(chosen.blank, force=chosen.force, **asked)
        _tell_file(chosen, chosen.blank)
        return
    if chosen.analysis:
        _fix(chosen)
        return
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
    _tell_file(chosen)


def _fix(chosen: argparse.Namespace) -> None:
    """Print the analysis plan, or write it as a text."""
    from survey.workflow.fixing import analysis_plan

    tables.require_known(chosen.out, (".txt",))
    with places.file(chosen) as file:
        text = analysis_plan(
            chosen.roster,
            roster_sheet=chosen.roster_sheet,
            questionnaire=chosen.questionnaire,
            bar=chosen.bar,
            looks=chosen.looks,
        ).text(chosen.language)
        if file is None:
            print(text)
        else:
            file.write_text(text + "\n", encoding="utf-8-sig")
    _tell_file(chosen)


def _progress(chosen: argparse.Namespace) -> None:
    tables.require_known(chosen.out, (".xlsx",))
    with places.file(chosen) as file:
        held = survey.read(chosen.files, **_reading(chosen))
        found = held.fieldwork(suppose=chosen.suppose, reply_rate=chosen.reply_rate)
        if file is not None:
            found.to_excel(file, language=chosen.language, force=True)
        else:
            for table in (found.expected, found.frame, found.roles):
                if len(table):
                    _emit(table, None, chosen.language)
                    print()
    if not chosen.quiet and (why := found.falls(chosen.language)):
        print(why)
    _tell_file(chosen)


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
        make = wording.to_wjx if chosen.format == "wjx" else wording.to_markdown
        text = make(asked, branches=branches)
        if chosen.format == "docx":
            wording.to_docx(asked, str(file), branches=branches)
        elif file is None:
            print(text)
        else:
            file.write_text(text, encoding="utf-8")
    _tell_file(chosen)


def _evidence(chosen: argparse.Namespace) -> None:
    tables.require_known(chosen.out, (".xlsx",))
    survey.evidence(
        chosen.roster,
        chosen.out,
        roster_sheet=chosen.roster_sheet,
        questionnaire=chosen.questionnaire,
        since=chosen.since,
        until=chosen.until,
        language=chosen.language,
        force=chosen.force,
    )
    tell(
        chosen,
        f"佐证表：{chosen.out}。各支部填好后，出报告时加 --evidence {chosen.out}",
        f"Workbook: {chosen.out}. Once it is filled in, pass it as --evidence {chosen.out}",
    )


def _branch_names(chosen: argparse.Namespace, asked: Questionnaire) -> list[str]:
    from survey.roster import read_roster

    if chosen.roster is None:
        return []
    return read_roster(chosen.roster, asked, sheet=chosen.roster_sheet).branches


def _compare(chosen: argparse.Namespace) -> None:
    tables.require_known(chosen.out)
    asked, lacking = Request.of({**_values(chosen), "files": chosen.later}), _lacking(chosen)
    with places.file(chosen) as file:
        later, (earlier,) = asked.read(), asked.read_earlier()
        changes = later.compare(earlier, level=chosen.level, renamed=chosen.renamed)
        _emit(changes.named(chosen.language), file, chosen.language)
    following.offer(earlier, later, chosen.renamed, chosen.language)
    _tell_file(chosen)
    _tell_offered(lacking, chosen)


def _tell_file(chosen: argparse.Namespace, place: str | None = None) -> None:
    """Say what file was written, ``--out`` by default, if one was asked for."""
    place = place or chosen.out
    if place is not None:
        tell(chosen, f"已写出：{place}", f"Written: {place}")


def _emit(frame: pd.DataFrame, file: Path | None, language: Language) -> None:
    """Print a frame of results, or write it as a workbook or csv file."""
    if file is None:
        print(display.display(frame, language).to_string(index=False))
    else:
        tables.write(frame, file, language)
