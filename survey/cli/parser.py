"""The words of the command: subcommands, options, and their help in two languages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn

from questionnaires.language import say as choose
from survey.cli import options
from survey.cli.options import Say
from survey.decisions.values import positive, share, split
from survey.errors import Language, UsageError

COMMANDS = (
    *("page", "demo", "check", "plan", "progress", "questionnaire", "compare", "evidence"),
    *("codebook", "bundle"),
)

_RENAMED = {"--write-mapping": "--write"}
"""Options of earlier versions, and what they are called now."""

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
        new = next((new for old, new in _RENAMED.items() if old in message), None)
        raise UsageError(
            zh=f"{message}。" + (f"现在写作 {new}。" if new else f"用 {name} --help 查看用法。"),
            en=f"{message}. " + (f"It is {new} now." if new else f"See {name} --help."),
        )


def parse(words: Sequence[str], language: Language) -> argparse.Namespace:
    """Parse the words; ``command`` of the result names what to run, ``report`` by default.

    Parameters
    ----------
    words : sequence of str
        Words after the command's name. A file called like a subcommand is written ``./demo``.
    language : {"zh", "en"}
        Language of help and errors.

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
    say = partial(choose, language)
    command, rest = _command(words)
    build = {
        "report": _report,
        "page": _page,
        "demo": _demo,
        "check": _check,
        "plan": _plan,
        "progress": _progress,
        "questionnaire": _questionnaire,
        "compare": _compare,
        "evidence": _evidence,
        "codebook": _codebook,
        "bundle": _bundle,
    }[command]
    parser = _Parser(
        prog="survey-report" + ("" if command == "report" else f" {command}"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    build(parser, say)
    parser.add_argument("--language", choices=["zh", "en"], help=say("语言，默认中文", "language"))
    parser.add_argument(
        "--quiet", action="store_true", help=say("只报告错误", "say nothing but errors")
    )
    # Intermixed parsing cuts the usage where the English frame word ends, so it gets it ready made.
    frame_word = say(_FRAME["usage: "], "usage: ")
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


def _report(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.description = say(
        "由问卷导出文件和名册得出各支部满意率、判定、不满意的构成、图表和报告。\n\n"
        "其他命令（各有 --help）：\n"
        "  survey-report page            在浏览器里放入文件、确认、看结果，不用写命令\n"
        "  survey-report demo            用模拟数据演示全过程\n"
        "  survey-report check 导出.xlsx  只显示识别结果，不计算\n"
        "  survey-report plan            各支部需要多少份答卷\n"
        "  survey-report progress        调查进行中：回收进度，先提醒谁\n"
        "  survey-report questionnaire   输出问卷文本\n"
        "  survey-report compare         与上一次调查比较\n"
        "  survey-report evidence        写出标准最低要求的佐证表，供各支部填写\n"
        "  survey-report codebook        由按文本、按序号两份下载得出编码本\n"
        "  survey-report bundle          做一份不需要网络的安装包",
        "From questionnaire exports and a roster to the satisfaction of every branch, verdicts, "
        "the breakdown of\ndissatisfaction, charts and a report.\n\n"
        "Other commands (each with --help):\n"
        "  survey-report page            in the browser: drop the files, confirm, hand on\n"
        "  survey-report demo            the whole way on simulated data\n"
        "  survey-report check FILE      what is understood, nothing computed\n"
        "  survey-report plan            answers each branch needs\n"
        "  survey-report progress        while it runs: answers so far, whom to remind\n"
        "  survey-report questionnaire   the questionnaire as text\n"
        "  survey-report compare         against an earlier wave\n"
        "  survey-report evidence        the workbook of documentary minimums to fill in\n"
        "  survey-report codebook        what option numbers mean, from both downloads\n"
        "  survey-report bundle          an installer for computers without a network",
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar=say("导出文件", "FILE"),
        help=say("一个或多个导出文件，或文件夹", "exports"),
    )
    options.add_version(parser, say)
    options.add_reading(parser, say)
    options.add_counting(parser, say)
    options.add_columns(parser, say)
    options.add_earlier(parser, say)
    options.add_judging(parser, say)
    options.add_comments(parser, say)
    options.add_actions(parser, say)
    options.add_evidence(parser, say)
    options.add_writing(parser, say)
    group = parser.add_argument_group(say("调查进行中", "while the survey runs"))
    group.add_argument(
        "--interim",
        action="store_true",
        help=say(
            "调查尚未截止：只公布回收情况（--until 未到时自动如此）",
            "the survey is open: show the response only (as before --until)",
        ),
    )
    group.add_argument(
        "--looks",
        type=split,
        default=(),
        metavar=say("日期,日期", "DATE,DATE"),
        help=say(
            "事先公布的截止前查看日期：届时只公布各支部的判定，多次查看合计误判不增",
            "announced looks before --until: verdicts on branches alone, with one error for all",
        ),
    )


def _page(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.description = say(
        "在浏览器里完成全过程：放入文件、确认、计算、查看结果、下载。只在这台电脑上运行，文件不外传。",
        "The whole way in the browser: drop the files, confirm, compute, hand on. It runs on this "
        "computer alone, and no file leaves it.",
    )
    parser.add_argument(
        "--folder",
        help=say(
            "各次调查的文件夹，默认是用户文件夹里的“满意度调查”",
            "folder of the surveys, by default “满意度调查” in the user's own",
        ),
    )
    parser.add_argument(
        "--shortcut",
        action="store_true",
        help=say("在桌面写一个图标，以后双击打开，不用终端", "write a starter to the desktop"),
    )
    parser.add_argument(
        "--no-browser",
        action="store_true",
        help=say("不打开浏览器，只给出地址", "show the address only"),
    )
    parser.add_argument("--no-terminal", action="store_true", help=argparse.SUPPRESS)


def _demo(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.description = say(
        "模拟一所大学今年和去年的调查，写出问卷星式导出文件、名册、去年的整改清单和佐证表，"
        "再走一遍与真实数据完全相同的流程。",
        "Simulate a university this year and last, write exports, rosters, last year's list of "
        "actions and evidence, and treat them like any other.",
    )
    parser.add_argument(
        "--branches", type=positive, default=40, help=say("支部数，默认 40", "branches, 40")
    )
    options.add_judging(parser, say)
    options.add_comments(parser, say)
    options.add_actions(parser, say)
    options.add_evidence(parser, say)
    options.add_writing(parser, say)


def _check(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.description = say(
        "显示导出文件和名册的识别结果：平台、题目、对应的指标、未能识别之处。不计算。",
        "Show what is understood of exports and roster: platform, questions, items. Nothing is "
        "computed.",
    )
    parser.add_argument("files", nargs="+", metavar=say("导出文件", "FILE"))
    options.add_reading(parser, say)
    options.add_counting(parser, say)
    options.add_columns(parser, say)
    parser.add_argument(
        "--write",
        metavar=say("确认表.xlsx", "SHEET.xlsx"),
        help=say(
            "写出确认表，填好后用 --confirm 读入；写成 .toml 则是同样内容的文本",
            "write the sheet to confirm, to fill in and pass as --confirm; or the same as .toml",
        ),
    )
    options.add_force(parser, say)


def _plan(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.description = say(
        "各支部需要多少份有效答卷，才有 50%、80%、95% 的可能作出判定。",
        "How many valid answers each branch needs for a 50, 80 or 95 % chance of a verdict.",
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--roster", help=say("名册", "roster"))
    which.add_argument(
        "--blank",
        metavar=say("名册.xlsx", "ROSTER.xlsx"),
        help=say("写一份空白的名册，填好后用 --roster 读入", "write an empty roster to fill in"),
    )
    options.add_facts(parser, say, "roster_sheet")
    parser.add_argument("--questionnaire", help=say("问卷名或 TOML 文件", "questionnaire"))
    options.add_facts(parser, say, "bar")
    _add_suppose(parser, say)
    parser.add_argument(
        "--looks",
        type=options.bars_in(say),
        default=(),
        metavar=say("比例,比例", "SHARE,SHARE"),
        help=say(
            "改为给出预先公布的几次查看的界限：每次查看时已收到多少比例的答卷（0.4,0.6,0.8）",
            "give thresholds of announced looks instead: shares that have answered at each "
            "(0.4,0.6,0.8)",
        ),
    )
    parser.add_argument(
        "--analysis",
        action="store_true",
        help=say(
            "改为写出分析计划：怎样判定、公布、剔除，收答卷以前打印签字（--out 计划.txt）",
            "write the analysis plan instead: how answers are judged, published and screened, to "
            "be signed before there are any (--out plan.txt)",
        ),
    )
    parser.add_argument("--out", help=say("写成 xlsx 或 csv 文件", "write an xlsx or csv file"))
    options.add_force(parser, say)


def _progress(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.description = say(
        "调查进行中：各支部、各类人员的回收情况与所需份数，先提醒谁。不显示任何满意情况。",
        "While a survey runs: answers by branch and role against what is needed, whom to remind. "
        "Nothing of what was answered is shown.",
    )
    parser.add_argument("files", nargs="+", metavar=say("导出文件", "FILE"))
    options.add_reading(parser, say)
    options.add_counting(parser, say)
    options.add_columns(parser, say)
    options.add_facts(parser, say, "bar")
    _add_suppose(parser, say)
    parser.add_argument(
        "--reply-rate",
        type=share,
        default=0.3,
        help=say("提醒后作答的比例，默认 0.3", "share of those reminded who answer, 0.3"),
    )
    parser.add_argument("--out", help=say("写成 xlsx 文件", "write an xlsx file"))
    options.add_force(parser, say)


def _add_suppose(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument(
        "--suppose",
        type=options.bars_in(say),
        metavar=say("满意率,满意率", "RATE,RATE"),
        help=say(
            "假定各支部的满意率，逗号分隔；省去则取高于、低于达标线的各一个（0.95,0.8）",
            "satisfied shares that branches are supposed to have, by comma; else one above and "
            "one below the bar (0.95,0.8)",
        ),
    )


def _questionnaire(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.description = say(
        "输出一份问卷：可粘贴到问卷星的文本、Markdown 或 Word。",
        "Write a questionnaire as text to paste, Markdown or Word.",
    )
    parser.add_argument(
        "name",
        nargs="?",
        help=say("问卷名或 TOML 文件；省去则列出可用的问卷", "name or file; else the list"),
    )
    parser.add_argument("--format", choices=["wjx", "docx", "md"], default="wjx")
    parser.add_argument(
        "--roster", help=say("用名册中的支部作选项", "options of the branch question")
    )
    options.add_facts(parser, say, "roster_sheet")
    parser.add_argument("--out", help=say("输出文件；docx 必须给出", "file; needed for docx"))
    options.add_force(parser, say)


def _compare(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.description = say(
        "比较两次调查：各支部满意率之差及其区间。", "Compare two waves, branch by branch."
    )
    parser.add_argument("earlier", metavar=say("上次导出", "EARLIER"))
    parser.add_argument("later", metavar=say("本次导出", "LATER"))
    parser.add_argument(
        "--earlier-roster", help=say("上次名册，省去则同 --roster", "else as --roster")
    )
    options.add_renamed(parser, say)
    options.add_reading(parser, say)
    options.add_counting(parser, say)
    options.add_columns(parser, say)
    parser.add_argument(
        "--level", type=share, default=0.95, help=say("置信水平", "confidence level")
    )
    parser.add_argument("--out", help=say("写成 xlsx 或 csv 文件", "write an xlsx or csv file"))
    options.add_force(parser, say)


def _evidence(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.description = say(
        "按名册和标准写出佐证表：每个支部每学期的研讨会、培训等最低要求各占几行，带下拉列表和检查。\n"
        "填好后，出报告时用 --evidence 读入。",
        "Write the workbook of the standard's documentary minimums, with lines for every branch "
        "and term,\ndrop-downs and checks. Pass it to the report as --evidence once filled in.",
    )
    parser.add_argument("--roster", required=True, help=say("名册", "roster"))
    options.add_facts(parser, say, "roster_sheet")
    parser.add_argument(
        "--questionnaire",
        help=say("问卷名或 TOML 文件，其中指明标准", "questionnaire, which names the standard"),
    )
    for name, zh, en in (
        ("since", "从哪一天的学期起，默认最近结束的两个学期", "first day, else the last two terms"),
        ("until", "到哪一天的学期止", "last day"),
    ):
        parser.add_argument(f"--{name}", help=say(zh, en))
    parser.add_argument(
        *("-o", "--out"), default=say("佐证.xlsx", "evidence.xlsx"), help=say("输出文件", "file")
    )
    options.add_force(parser, say)


def _codebook(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.description = say(
        "由同一份问卷星问卷的两份下载（按文本、按序号）得出各选项序号的含义，写成编码本（JSON），\n"
        "供 --codebook 使用。没有人选过的选项无从得知，会列出，可在文件中补上。",
        "Learn what option numbers mean from two downloads of one 问卷星 survey, by text and by "
        "number,\nand write a code book (JSON) for --codebook. Options that nobody chose are "
        "listed, to be added by hand.",
    )
    parser.add_argument(
        "text", metavar=say("按文本", "TEXT"), help=say("按选项文本下载的文件", "by option text")
    )
    parser.add_argument(
        "numbered",
        metavar=say("按序号", "NUMBERED"),
        help=say("按选项序号下载的文件", "by option number"),
    )
    parser.add_argument(
        "-o", "--out", help=say("写成编码本文件（JSON）", "write the code book (JSON)")
    )
    options.add_facts(parser, say, "sheet", "encoding")
    options.add_force(parser, say)


def _bundle(parser: argparse.ArgumentParser, say: Say) -> None:
    from survey.cli.bundle import here

    parser.description = say(
        "把这个版本和它需要的全部安装包收进一个压缩包，拿到不能上网的电脑上解压、运行 start。\n"
        "Python 不在其中。",
        "Collect this version and all that it needs in one zip, for computers that reach no "
        "registry:\nunzip it there and run start. Python itself is not in it.",
    )
    parser.add_argument(
        "--platform",
        default=here(),
        help=say(
            "对方的电脑：win_amd64、linux_x86_64、linux_aarch64、macos_arm64、macos_x86_64；"
            "省去则同这台电脑",
            "the other computer; else like this one",
        ),
    )
    parser.add_argument(
        "--python",
        default=f"{sys.version_info.major}.{sys.version_info.minor}",
        help=say("对方的 Python，如 3.12；省去则同这台电脑", "its Python, e.g. 3.12"),
    )
    parser.add_argument(
        "-o", "--out", required=True, metavar="安装包.zip", help=say("写成的文件", "file to write")
    )
    options.add_force(parser, say)
