"""The words of the command: subcommands, options, and their help in two languages."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from survey.errors import Language, UsageError

COMMANDS = ("demo", "check", "plan", "questionnaire", "compare")

# The frame words that argparse looks up through gettext.
_FRAME = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示帮助并退出",
    "the following arguments are required: %s": "缺少参数：%s",
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
        raise UsageError(
            zh=f"{message}。用 {name} --help 查看用法。",
            en=f"{message}. See {name} --help.",
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
    >>> chosen.command, chosen.files, chosen.out
    ('report', ['a.xlsx'], '报告')
    """
    if language == "zh":
        # argparse has no other door for its frame words than the module's own gettext.
        frame: Any = argparse
        frame._ = lambda text: _FRAME.get(text, text)
        frame.ngettext = lambda one, many, n: _FRAME.get(one if n == 1 else many, many)

    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    if words and words[0] in COMMANDS:
        command, rest = words[0], words[1:]
    else:
        command, rest = "report", words
    build = {
        "report": _report,
        "demo": _demo,
        "check": _check,
        "plan": _plan,
        "questionnaire": _questionnaire,
        "compare": _compare,
    }[command]
    parser = _Parser(
        prog="survey-report" + ("" if command == "report" else f" {command}"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    build(parser, say)
    parser.add_argument(
        "--language", choices=["zh", "en"], default="zh", help=say("语言，默认中文", "language")
    )
    parser.add_argument(
        "--quiet", action="store_true", help=say("只报告错误", "say nothing but errors")
    )
    chosen = parser.parse_args(rest)
    chosen.command = command
    return chosen


def _report(parser: argparse.ArgumentParser, say: Any) -> None:
    parser.description = say(
        "由问卷导出文件和名册得出各支部满意率、判定、不满意的构成、图表和报告。\n\n"
        "其他命令（各有 --help）：\n"
        "  survey-report demo            用模拟数据演示全过程\n"
        "  survey-report check 导出.xlsx  只看读懂了什么，不计算\n"
        "  survey-report plan            各支部需要多少份答卷\n"
        "  survey-report questionnaire   输出问卷文本\n"
        "  survey-report compare         与上一次调查比较",
        "From questionnaire exports and a roster to the satisfaction of every branch, verdicts, "
        "the breakdown of\ndissatisfaction, charts and a report.\n\n"
        "Other commands (each with --help):\n"
        "  survey-report demo            the whole way on simulated data\n"
        "  survey-report check FILE      what is understood, nothing computed\n"
        "  survey-report plan            answers each branch needs\n"
        "  survey-report questionnaire   the questionnaire as text\n"
        "  survey-report compare         against an earlier wave",
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar=say("导出文件", "FILE"),
        help=say("一个或多个导出文件，或文件夹", "exports"),
    )
    _add_version(parser, say)
    _add_reading(parser, say)
    _add_judging(parser, say)
    _add_writing(parser, say)


def _demo(parser: argparse.ArgumentParser, say: Any) -> None:
    parser.description = say(
        "模拟一所大学的调查，写出问卷星式导出文件和名册，再走一遍与真实数据完全相同的流程。",
        "Simulate a university, write its export and roster, and treat them like any other.",
    )
    parser.add_argument(
        "--branches", type=_positive, default=40, help=say("支部数，默认 40", "branches, 40")
    )
    _add_judging(parser, say)
    _add_writing(parser, say)


def _check(parser: argparse.ArgumentParser, say: Any) -> None:
    parser.description = say(
        "显示对导出文件的理解：平台、题目、对应的指标、未读懂之处。不计算。",
        "Show what is understood of the exports: platform, questions, items. Nothing is computed.",
    )
    parser.add_argument("files", nargs="+", metavar=say("导出文件", "FILE"))
    _add_reading(parser, say)
    parser.add_argument(
        "--write-mapping",
        metavar=say("映射.toml", "MAPPING.toml"),
        help=say(
            "写出列与指标的对应，供修改后用 --mapping 读入",
            "write the mapping, to edit and pass as --mapping",
        ),
    )


def _plan(parser: argparse.ArgumentParser, say: Any) -> None:
    parser.description = say(
        "各支部至少需要多少份有效答卷才有可能判定为达标。",
        "How many valid answers each branch needs to be able to pass.",
    )
    parser.add_argument("--roster", required=True, help=say("名册", "roster"))
    parser.add_argument("--questionnaire", help=say("问卷名或 TOML 文件", "questionnaire"))
    parser.add_argument("--bar", help=say("达标线，如 0.9", "the bar, e.g. 0.9"))
    parser.add_argument("--out", help=say("写成 xlsx 或 csv 文件", "write an xlsx or csv file"))


def _questionnaire(parser: argparse.ArgumentParser, say: Any) -> None:
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
    parser.add_argument("--out", help=say("输出文件；docx 必须给出", "file; needed for docx"))


def _compare(parser: argparse.ArgumentParser, say: Any) -> None:
    parser.description = say(
        "比较两次调查：各支部满意率之差及其区间。", "Compare two waves, branch by branch."
    )
    parser.add_argument("earlier", metavar=say("上次导出", "EARLIER"))
    parser.add_argument("later", metavar=say("本次导出", "LATER"))
    parser.add_argument(
        "--earlier-roster", help=say("上次名册，省去则同 --roster", "else as --roster")
    )
    _add_reading(parser, say)
    parser.add_argument(
        "--level", type=_share, default=0.95, help=say("置信水平", "confidence level")
    )
    parser.add_argument("--out", help=say("写成 xlsx 或 csv 文件", "write an xlsx or csv file"))


def _add_version(parser: argparse.ArgumentParser, say: Any) -> None:
    parser.add_argument(
        "--version", action=_Version, nargs=0, help=say("显示版本并退出", "show the version")
    )


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> NoReturn:
        from importlib import metadata

        print(metadata.version("survey-report"))
        parser.exit()


def _add_reading(parser: argparse.ArgumentParser, say: Any) -> None:
    group = parser.add_argument_group(say("读入", "reading"))
    group.add_argument("--roster", help=say("名册：支部、身份、人数", "roster: branch, role, size"))
    group.add_argument(
        "--questionnaire", help=say("问卷名或 TOML 文件，默认江苏标准", "name or TOML file")
    )
    group.add_argument("--mapping", help=say("列与指标的对应（TOML）", "mapping (TOML)"))
    group.add_argument(
        "--codebook", help=say("按序号下载的文件的编码本", "code book of a numbered export")
    )
    group.add_argument("--platform", help=say("指定平台，如 wjx", "platform, e.g. wjx"))
    group.add_argument("--sheet", help=say("指定工作表", "sheet"))
    group.add_argument("--encoding", help=say("指定 csv 编码", "encoding of a csv file"))
    group.add_argument(
        "--allow-unknown-branches",
        action="store_true",
        help=say("不计名册以外支部的答卷，而不是停止", "leave out branches not on the roster"),
    )
    group.add_argument(
        "--skip-bad-files",
        action="store_true",
        help=say("跳过读不了的文件，记入审计", "leave out unreadable files"),
    )
    group.add_argument(
        "--min-cell", type=_positive, default=5, help=say("最小公布人数，默认 5", "minimum cell, 5")
    )
    group.add_argument(
        "--since", help=say("只计此时起提交的答卷，如 2025-11-01", "answers from then on")
    )
    group.add_argument(
        "--until", help=say("只计至此时提交的答卷，如 2025-11-30", "answers until then")
    )
    group.add_argument("--rules", help=say("筛查规则（TOML）", "rules of screening (TOML)"))
    named = parser.add_argument_group(
        say("没有问卷文件时指明各列", "columns of a survey without a questionnaire"),
        say(
            "列可写题号（17）、题号与行（17—逻辑拆解）或表头文字",
            "a column is a number (17), number and row (17—row) or the header's text",
        ),
    )
    named.add_argument("--branch", help=say("所在支部（单位）", "branch (unit)"))
    named.add_argument("--role", help=say("身份", "role"))
    named.add_argument("--overall", help=say("总体满意度", "overall satisfaction"))
    named.add_argument(
        "--dimension",
        action="append",
        default=[],
        metavar=say("名称=列,列", "NAME=COL,COL"),
        help=say("一个维度及其各列，可重复", "a dimension and its columns; may be repeated"),
    )
    named.add_argument(
        "--satisfied", help=say("算作满意的答案，逗号分隔", "satisfied answers, by comma")
    )
    named.add_argument(
        "--ladder", help=say("由好到差的全部答案，逗号分隔", "all answers, best first")
    )


def _add_judging(parser: argparse.ArgumentParser, say: Any) -> None:
    group = parser.add_argument_group(say("计算", "estimation"))
    group.add_argument("--bar", help=say("达标线，如 0.9", "the bar, e.g. 0.9"))
    group.add_argument(
        "--level", type=_share, default=0.95, help=say("置信水平，默认 0.95", "0.95")
    )
    group.add_argument(
        "--method",
        choices=["exact", "blaker", "wilson"],
        default="exact",
        help=say("区间方法，默认 exact", "interval method"),
    )
    group.add_argument("--seed", type=int, default=0, help=say("随机种子，默认 0", "seed, 0"))


def _add_writing(parser: argparse.ArgumentParser, say: Any) -> None:
    group = parser.add_argument_group(say("输出", "output"))
    group.add_argument("--out", default="报告", help=say("输出文件夹，默认“报告”", "folder"))
    group.add_argument("--title", help=say("报告标题", "title of the report"))
    group.add_argument(
        "--per-branch", action="store_true", help=say("另写各支部单页", "also a page a branch")
    )
    group.add_argument(
        "--anonymous-branches",
        action="store_true",
        help=say("用编号代替支部名称", "numbers instead of branch names"),
    )
    group.add_argument(
        "--force", action="store_true", help=say("替换已有的报告", "replace a report")
    )
    group.add_argument("--timings", action="store_true", help=say("显示各步用时", "time per stage"))


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 < value < 1:
        raise ValueError
    return value
