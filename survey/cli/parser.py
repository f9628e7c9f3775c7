"""The words of the command: subcommands, options, and their help in two languages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from questionnaires.language import say
from survey import former
from survey.cli import options
from survey.cli.options import Options
from survey.decisions.values import positive, share, split
from survey.errors import Language, UsageError
from survey.text import Text

# The frame words that argparse looks up through gettext.
_FRAME = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示帮助并退出",
    "the following arguments are required: %s": "缺少参数：%s",
    "one of the arguments %s is required": "缺少参数：%s 之一",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "“%(value)s”不在可选值中（%(choices)s）",
    "invalid %(type)s value: %(value)r": "“%(value)s”不合要求",
    "expected one argument": "需要一个值",
    "expected at least one argument": "至少需要一个值",
    "ambiguous option: %(option)s could match %(matches)s": "选项 %(option)s 不明确：%(matches)s",
    "ignored explicit argument %r": "不需要值 %r",
    "not allowed with argument %s": "不能与 %s 同时使用",
}


class _Parser(argparse.ArgumentParser):
    """Raise our own error instead of leaving the process."""

    def error(self, message: str) -> NoReturn:
        name = self.prog
        see = Text(f"用 {name} --help 查看用法。", f"See {name} --help.")
        gone = (old for old in former.NOW if old.startswith("--") and old in message)
        hint = former.NOW.get(next(gone, ""), see)
        raise UsageError(zh=f"{message}。{hint.zh}", en=f"{message}. {hint.en}")


def parse(words: Sequence[str], language: Language) -> argparse.Namespace:
    """Parse the words; ``command`` of the result names what to run, ``report`` by default.

    Parameters
    ----------
    words : sequence of str
        Words after the command's name. A file called like a subcommand is written ``./demo``.

    Raises
    ------
    UsageError
        If the words are not understood.

    Examples
    --------
    >>> chosen = parse(["a.xlsx", "--roster", "r.xlsx"], "zh")
    >>> chosen.command, chosen.files, chosen.roster
    ('report', ['a.xlsx'], 'r.xlsx')
    """
    with _frame_words(language):
        return _parse(words, language)


def _parse(words: Sequence[str], language: Language) -> argparse.Namespace:
    command, rest = _command(words)
    parser = _Parser(
        prog="survey-report" + ("" if command == "report" else f" {command}"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    to = Options(parser, language)
    if command == "report":
        parser.description = _overview(language)
        _report(to)
    else:
        build, _, about = COMMANDS[command]
        parser.description = about.text(language)
        build(to)
    to.add("--language", choices=["zh", "en"], zh="语言，默认中文", en="language")
    to.flag("--quiet", "只报告错误", "say nothing but errors")
    # Intermixed parsing cuts the usage where the English frame word ends, so it gets it ready made.
    frame_word = say(language, _FRAME["usage: "], "usage: ")
    parser.usage = parser.format_usage().removeprefix(frame_word).rstrip()
    # Files may stand before options and after them.
    chosen = parser.parse_intermixed_args(options.with_forms(rest))
    chosen.command, chosen.words = command, rest
    return chosen


def _command(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Find the subcommand, the first word but for options that all commands have."""
    at = 0
    while at < len(words) and words[at].startswith(("--quiet", "--language")):
        at += 2 if words[at] == "--language" else 1
    if at < len(words) and words[at] in COMMANDS:
        return words[at], [*words[:at], *words[at + 1 :]]
    return "report", words


@contextmanager
def _frame_words(language: Language) -> Iterator[None]:
    """Let argparse speak Chinese; it has no other door than its module's own gettext."""
    frame: Any = argparse
    kept = frame._, frame.ngettext
    if language == "zh":
        frame._ = lambda text: _FRAME.get(text, text)
        frame.ngettext = lambda one, many, n: _FRAME.get(one if n == 1 else many, many)
    try:
        yield
    finally:
        frame._, frame.ngettext = kept


def _overview(language: Language) -> str:
    """Say what the command is for, and which others there are."""
    about, others = (
        "由问卷导出文件和名册得出各支部满意率、判定、不满意的构成、图表和报告。",
        "其他命令（各有 --help）：",
    )
    about_en = (
        "From questionnaire exports and a roster to the satisfaction of every branch, verdicts, "
        "the breakdown of\ndissatisfaction, charts and a report."
    )
    lines = (
        f"  survey-report {name:<14}  {short.text(language)}"
        for name, (_, short, _) in COMMANDS.items()
    )
    start = say(
        language, f"{about}\n\n{others}", f"{about_en}\n\nOther commands (each with --help):"
    )
    return "\n".join([start, *lines])


def _report(to: Options) -> None:
    options.add_files(to)
    options.add_version(to)
    options.add_earlier(to)
    options.add_report(to)
    group = to.titled("调查进行中", "while the survey runs")
    group.flag(
        "--interim",
        "调查尚未截止：只公布回收情况（--until 未到时自动如此）",
        "the survey is open: show the response only (as before --until)",
    )
    group.add(
        "--looks",
        type=split,
        default=(),
        zh="事先公布的截止前查看日期：届时只公布各支部的判定，多次查看合计误判不增",
        en="announced looks before --until: verdicts on branches alone, with one error for all",
    )


def _page(to: Options) -> None:
    to.add(
        "--folder",
        zh="各次调查的文件夹，默认是用户文件夹里的“满意度调查”",
        en="folder of the surveys, by default “满意度调查” in the user's own",
    )
    to.flag(
        "--shortcut", "在桌面写一个图标，以后双击打开，不用终端", "write a starter to the desktop"
    )
    to.flag("--no-browser", "不打开浏览器，只给出地址", "show the address only")
    to.flag("--no-terminal", argparse.SUPPRESS, argparse.SUPPRESS)


def _demo(to: Options) -> None:
    to.add("--branches", type=positive, default=40, zh="支部数，默认 40", en="branches, 40")
    options.add_report(to)


def _check(to: Options) -> None:
    options.add_files(to)
    to.add(
        "--write",
        zh="写出确认表，填好后用 --confirm 读入；写成 .toml 则是同样内容的文本",
        en="write the sheet to confirm, to fill in and pass as --confirm; or the same as .toml",
    )
    options.add_force(to)


def _plan(to: Options) -> None:
    which: Any = to.group
    which = Options(which.add_mutually_exclusive_group(required=True), to.language)
    which.add("--roster", zh="名册", en="roster")
    which.add(
        "--blank",
        zh="写一份空白的名册，填好后用 --roster 读入",
        en="write an empty roster to fill in",
    )
    to.facts("roster_sheet")
    to.add("--questionnaire", zh="问卷名或 TOML 文件", en="questionnaire")
    to.facts("bar")
    _add_suppose(to)
    to.add(
        "--looks",
        type=options.bars_in(to.language),
        default=(),
        metavar=("比例,比例", "SHARE,SHARE"),
        zh="改为给出预先公布的几次查看的界限：每次查看时已收到多少比例的答卷（0.4,0.6,0.8）",
        en="give thresholds of announced looks instead: shares that have answered at each "
        "(0.4,0.6,0.8)",
    )
    to.flag(
        "--analysis",
        "改为写出分析计划：怎样判定、公布、剔除，收答卷以前打印签字（--out 计划.txt）",
        "write the analysis plan instead: how answers are judged, published and screened, to "
        "be signed before there are any (--out plan.txt)",
    )
    options.add_out(to, "写成 xlsx 或 csv 文件", "write an xlsx or csv file")


def _progress(to: Options) -> None:
    options.add_files(to)
    to.facts("bar")
    _add_suppose(to)
    to.add(
        "--reply-rate",
        type=share,
        default=0.3,
        zh="提醒后作答的比例，默认 0.3",
        en="share of those reminded who answer, 0.3",
    )
    options.add_out(to, "写成 xlsx 文件", "write an xlsx file")


def _add_suppose(to: Options) -> None:
    to.add(
        "--suppose",
        type=options.bars_in(to.language),
        zh="假定各支部的满意率，逗号分隔；省去则取高于、低于达标线的各一个（0.95,0.8）",
        en="satisfied shares that branches are supposed to have, by comma; else one above and "
        "one below the bar (0.95,0.8)",
    )


def _questionnaire(to: Options) -> None:
    to.add(
        "name",
        nargs="?",
        zh="问卷名或 TOML 文件；省去则列出可用的问卷",
        en="name or file; else the list",
    )
    to.add(
        "--format",
        choices=["wjx", "docx", "md"],
        default="wjx",
        zh="可粘贴到问卷星的文本（默认）、Word 或 Markdown",
        en="text to paste (default), Word or Markdown",
    )
    to.add("--roster", zh="用名册中的支部作选项", en="options of the branch question")
    to.facts("roster_sheet")
    options.add_out(to, "输出文件；docx 必须给出", "file; needed for docx")


def _compare(to: Options) -> None:
    to.add("earlier", zh="上次的导出文件", en="export of the wave before")
    to.add("later", zh="本次的导出文件", en="export of this wave")
    to.add("--earlier-roster", zh="上次名册，省去则同 --roster", en="else as --roster")
    options.add_renamed(to)
    options.add_reading(to)
    to.add("--level", type=share, default=0.95, zh="置信水平", en="confidence level")
    options.add_out(to, "写成 xlsx 或 csv 文件", "write an xlsx or csv file")


def _evidence(to: Options) -> None:
    to.add("--roster", required=True, zh="名册", en="roster")
    to.facts("roster_sheet")
    to.add(
        "--questionnaire",
        zh="问卷名或 TOML 文件，其中指明标准",
        en="questionnaire, which names the standard",
    )
    to.add(
        "--since",
        zh="从哪一天的学期起，默认最近结束的两个学期",
        en="first day, else the last two terms",
    )
    to.add("--until", zh="到哪一天的学期止", en="last day")
    options.add_out(
        to, "输出文件", "file", "-o", default=say(to.language, "佐证.xlsx", "evidence.xlsx")
    )


def _codebook(to: Options) -> None:
    to.add("text", zh="按选项文本下载的文件", en="by option text")
    to.add("numbered", zh="按选项序号下载的文件", en="by option number")
    options.add_out(to, "写成编码本文件（JSON）", "write the code book (JSON)", "-o")
    to.facts("sheet", "encoding")


def _bundle(to: Options) -> None:
    from survey.cli.bundle import here

    to.add(
        "--platform",
        default=here(),
        zh="对方的电脑：win_amd64、linux_x86_64、linux_aarch64、macos_arm64、macos_x86_64；"
        "省去则同这台电脑",
        en="the other computer; else like this one",
    )
    to.add(
        "--python",
        default=f"{sys.version_info.major}.{sys.version_info.minor}",
        zh="对方的 Python，如 3.12；省去则同这台电脑",
        en="its Python, e.g. 3.12",
    )
    options.add_out(to, "写成的文件", "file to write", "-o", required=True)


COMMANDS: Mapping[str, tuple[Callable[[Options], None], Text, Text]] = {
    "page": (
        _page,
        Text(
            "在浏览器里放入文件、确认、看结果，不用写命令",
            "in the browser: drop the files, confirm, hand on",
        ),
        Text(
            "在浏览器里完成全过程：放入文件、确认、计算、查看结果、下载。只在这台电脑上运行，文件不外传。",
            "The whole way in the browser: drop the files, confirm, compute, hand on. It runs on "
            "this computer alone, and no file leaves it.",
        ),
    ),
    "demo": (
        _demo,
        Text("用模拟数据演示全过程", "the whole way on simulated data"),
        Text(
            "模拟一所大学今年和去年的调查，写出问卷星式导出文件、名册、去年的整改清单和佐证表，"
            "再走一遍与真实数据完全相同的流程。",
            "Simulate a university this year and last, write exports, rosters, last year's list of "
            "actions and evidence, and treat them like any other.",
        ),
    ),
    "check": (
        _check,
        Text("只显示导出文件的识别结果，不计算", "what is understood, nothing computed"),
        Text(
            "显示导出文件和名册的识别结果：平台、题目、对应的指标、未能识别之处。不计算。",
            "Show what is understood of exports and roster: platform, questions, items. Nothing is "
            "computed.",
        ),
    ),
    "plan": (
        _plan,
        Text("各支部需要多少份答卷", "answers each branch needs"),
        Text(
            "各支部需要多少份有效答卷，才有 50%、80%、95% 的可能作出判定。",
            "How many valid answers each branch needs for a 50, 80 or 95 % chance of a verdict.",
        ),
    ),
    "progress": (
        _progress,
        Text("调查进行中：回收进度，先提醒谁", "while it runs: answers so far, whom to remind"),
        Text(
            "调查进行中：各支部、各类人员的回收情况与所需份数，先提醒谁。不显示任何满意情况。",
            "While a survey runs: answers by branch and role against what is needed, whom to "
            "remind. Nothing of what was answered is shown.",
        ),
    ),
    "questionnaire": (
        _questionnaire,
        Text("输出问卷文本", "the questionnaire as text"),
        Text(
            "输出一份问卷：可粘贴到问卷星的文本、Markdown 或 Word。",
            "Write a questionnaire as text to paste, Markdown or Word.",
        ),
    ),
    "compare": (
        _compare,
        Text("与上一次调查比较", "against an earlier wave"),
        Text("比较两次调查：各支部满意率之差及其区间。", "Compare two waves, branch by branch."),
    ),
    "evidence": (
        _evidence,
        Text(
            "写出标准最低要求的佐证表，供各支部填写",
            "the workbook of documentary minimums to fill in",
        ),
        Text(
            "按名册和标准写出佐证表：每个支部每学期的研讨会、培训等最低要求各占几行，带下拉列表和检查。\n"
            "填好后，出报告时用 --evidence 读入。",
            "Write the workbook of the standard's documentary minimums, with lines for every "
            "branch and term,\ndrop-downs and checks. Pass it to the report as --evidence once "
            "filled in.",
        ),
    ),
    "codebook": (
        _codebook,
        Text("由按文本、按序号两份下载得出编码本", "what option numbers mean, from both downloads"),
        Text(
            "由同一份问卷星问卷的两份下载（按文本、按序号）得出各选项序号的含义，写成编码本（JSON），\n"
            "供 --codebook 使用。没有人选过的选项无从得知，会列出，可在文件中补上。",
            "Learn what option numbers mean from two downloads of one 问卷星 survey, by text and "
            "by number,\nand write a code book (JSON) for --codebook. Options that nobody chose "
            "are listed, to be added by hand.",
        ),
    ),
    "bundle": (
        _bundle,
        Text("做一份不需要网络的安装包", "an installer for computers without a network"),
        Text(
            "把这个版本和它需要的全部安装包收进一个压缩包，拿到不能上网的电脑上解压、运行 start。\n"
            "Python 不在其中。",
            "Collect this version and all that it needs in one zip, for computers that reach no "
            "registry:\nunzip it there and run start. Python itself is not in it.",
        ),
    ),
}
"""What builds the options of each, what it does in short, and in full."""
