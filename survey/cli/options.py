"""Options that several commands share, and the values they take."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeAlias

from survey.decisions import FACTS
from survey.decisions.values import bar, positive, share, split, yes

Say = Callable[[str, str], str]
"""Choose between a Chinese and an English text."""
BRANCH_FORMS = tuple(FACTS["per_branch"].choices)
Group: TypeAlias = argparse._ActionsContainer


def add_facts(group: Group, say: Say, *names: str) -> None:
    """Add options for facts of a survey: help, choices and kind of value are theirs."""
    for name in names:
        fact = FACTS[name]
        how: dict[str, Any] = {"choices": [*fact.choices] or None}
        if fact.take in (positive, share, int):
            how["type"] = fact.take
        if fact.take is bar:
            how["type"] = bar_in(say)
        elif fact.take is yes:
            how = {"action": "store_true", "default": None}
        help_ = say(fact.shown.zh, fact.shown.en).replace("%", "%%")
        group.add_argument("--" + name.replace("_", "-"), help=help_, **how)


def add_force(parser: argparse.ArgumentParser, say: Say) -> None:
    """Add what replaces a file."""
    parser.add_argument(
        "--force", action="store_true", help=say("替换已有的文件", "replace an existing file")
    )


def add_version(parser: argparse.ArgumentParser, say: Say) -> None:
    """Add the version."""
    parser.add_argument(
        "--version", action=_Version, nargs=0, help=say("显示版本并退出", "show the version")
    )


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> NoReturn:
        from importlib import metadata

        print(metadata.version("survey-report"))
        parser.exit()


def add_reading(parser: argparse.ArgumentParser, say: Say) -> None:
    """Add what decides how files are read."""
    group = parser.add_argument_group(say("读入", "reading"))
    group.add_argument(
        "--questionnaire", help=say("问卷名或 TOML 文件，默认江苏标准", "name or TOML file")
    )
    # --mapping is what it was called when it held columns only
    group.add_argument(
        "--confirm",
        "--mapping",
        action="append",
        metavar=say("确认表.xlsx", "SHEET.xlsx"),
        help=say(
            "填好的确认表（check --write 写出），或 survey-report.toml；可重复，确认表优先",
            "sheet to confirm, filled in (from check --write), or survey-report.toml; repeatable",
        ),
    )
    group.add_argument(
        "--codebook", help=say("按序号下载的文件的编码本", "code book of a numbered export")
    )
    add_facts(group, say, "mode", "platform", "sheet", "encoding")


def add_counting(parser: argparse.ArgumentParser, say: Say) -> None:
    """Add what decides which answers count."""
    group = parser.add_argument_group(say("计数", "counting"))
    group.add_argument("--roster", help=say("名册：支部、身份、人数", "roster: branch, role, size"))
    add_facts(group, say, "roster_sheet", "allow_unknown_branches", "skip_bad_files")
    group.add_argument(
        "--work",
        help=say(
            "存放已读文件内容的文件夹，中断后接着读；内有答卷，用完请删除",
            "folder for what has been read, to go on after a stop; holds answers: delete it",
        ),
    )
    group.add_argument(
        "--engine",
        choices=["pandas", "polars", "duckdb", "spark"],
        help=say("用什么读编码好的 Parquet", "what reads Parquet files of coded answers"),
    )
    group.add_argument(
        "--spark-master",
        help=say("已有的 Spark 主节点，如 spark://主机:7077", "master of a Spark cluster"),
    )
    add_facts(group, say, "min_cell", "since", "until")
    group.add_argument("--rules", help=say("筛查规则（TOML）", "rules of screening (TOML)"))


def add_columns(parser: argparse.ArgumentParser, say: Say) -> None:
    """Add what names the columns of a survey without a questionnaire."""
    named = parser.add_argument_group(
        say("没有问卷文件时指明各列", "columns of a survey without a questionnaire"),
        say(
            "列可写题号（17）、题号与行（17—逻辑拆解）或表头文字；自身含逗号的一项用“ ”括起",
            "a column is a number (17), number and row (17—row) or the header's text; an entry "
            'with a comma of its own stands in ""',
        ),
    )
    named.add_argument("--branch", help=say("所在支部（单位）", "branch (unit)"))
    named.add_argument("--role", help=say("身份", "role"))
    named.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar=say("列", "COL"),
        help=say("另按此列（学院、年级……）分组，可重复", "also group by this column; repeatable"),
    )
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
    named.add_argument(
        "--not-applicable",
        help=say(
            "不计入有效回答的答案，逗号分隔；不了解、不适用等不必写",
            "answers outside the base, by comma; don't know and the like need not be named",
        ),
    )


def add_judging(parser: argparse.ArgumentParser, say: Say) -> None:
    """Add what decides how figures are computed."""
    group = parser.add_argument_group(say("计算", "estimation"))
    add_facts(group, say, "bar", "level")
    group.add_argument(
        "--score",
        metavar=say("办法", "RULE"),
        help=say(
            "另按一种记分办法计分，名称或 TOML 文件，与判定并列",
            "also score by a school's rule, a name or TOML file, beside the verdicts",
        ),
    )
    add_facts(group, say, "seed")


def add_comments(parser: argparse.ArgumentParser, say: Say) -> None:
    """Add what is told of the open answers."""
    group = parser.add_argument_group(say("意见", "comments"))
    add_facts(group, say, "comments")
    group.add_argument(
        "--review",
        metavar=say("评论审阅.xlsx", "REVIEW.xlsx"),
        help=say(
            "原话的审阅表：没有时写出，填好后照它公开",
            "the sheet to review quotations: written if not there, else obeyed",
        ),
    )
    group.add_argument(
        "--staff",
        metavar=say("名单", "NAMES"),
        help=say("教职工名单，其中的姓名在原话中遮盖", "a file of names to mask in quotations"),
    )


def add_actions(parser: argparse.ArgumentParser, say: Say) -> None:
    """Add last time's list of actions."""
    parser.add_argument(
        "--actions",
        metavar=say("去年.xlsx", "LAST.xlsx"),
        help=say(
            "上次的整改清单：逐项说明变化是否超出抽样误差",
            "last time's list of actions: which lines moved beyond chance",
        ),
    )


def add_evidence(parser: argparse.ArgumentParser, say: Say) -> None:
    """Add the workbook of documentary minimums."""
    parser.add_argument(
        "--evidence",
        metavar=say("佐证.xlsx", "EVIDENCE.xlsx"),
        help=say(
            "填好的佐证表（survey-report evidence 写出）：逐个支部说明最低要求是否达到",
            "the workbook of survey-report evidence, filled in: which minimums are met",
        ),
    )


def add_earlier(parser: argparse.ArgumentParser, say: Say) -> None:
    """Add the wave before, to be compared with."""
    group = parser.add_argument_group(say("与上次比较", "the wave before"))
    group.add_argument(
        "--earlier",
        action="append",
        metavar=say("上次导出", "EXPORT"),
        help=say(
            "上次的导出文件，按同样的选项读入；可重复，近的在前",
            "export of the wave before, read alike; repeatable, the latest first",
        ),
    )
    group.add_argument(
        "--earlier-roster",
        action="append",
        metavar=say("上次名册", "ROSTER"),
        help=say(
            "上次的名册，默认同 --roster；与 --earlier 一一对应",
            "its roster, by default that of --roster; one for each --earlier",
        ),
    )
    add_renamed(group, say)


def add_renamed(parser: Group, say: Say) -> None:
    """Add the sheet of branches that were renamed or became one."""
    parser.add_argument(
        "--renamed",
        metavar=say("更名合并.xlsx", "RENAMED.xlsx"),
        help=say(
            "更名、合并的支部：没有这个文件时写出，填好后照它比较",
            "branches renamed or merged: written if not there, else obeyed",
        ),
    )


def add_writing(parser: argparse.ArgumentParser, say: Say) -> None:
    """Add where and how the report is written."""
    group = parser.add_argument_group(say("输出", "output"))
    group.add_argument(
        "--out",
        help=say("输出文件夹，默认“报告”", "folder, report"),
    )
    add_facts(group, say, "title", "organisation", "period", "author")
    group.add_argument(
        "--each",
        help=say(
            "按名册的这一列（如 学校）各出一份报告，并作总览",
            "a report of every unit of this column of the roster, and an overview",
        ),
    )
    add_facts(group, say, "per_branch", "style", "anonymous_branches")
    group.add_argument(
        "--key",
        metavar=say("文件", "FILE"),
        help=say(
            "把编号对照写入这个 csv 文件（与 --anonymous-branches 同用）",
            "write the key to the numbers into this csv (with --anonymous-branches)",
        ),
    )
    group.add_argument(
        "--force", action="store_true", help=say("替换已有的报告", "replace a report")
    )
    group.add_argument("--timings", action="store_true", help=say("显示各步用时", "time per stage"))


def with_forms(words: Sequence[str]) -> list[str]:
    """Give a bare ``--per-branch`` its form: it would take the file after it for one.

    Examples
    --------
    >>> with_forms(["--per-branch", "a.xlsx"]), with_forms(["--per-branch", "docx"])
    (['--per-branch=html', 'a.xlsx'], ['--per-branch', 'docx'])
    """
    pairs = zip(words, [*words[1:], ""], strict=False)
    return [
        "--per-branch=html" if word == "--per-branch" and after not in BRANCH_FORMS else word
        for word, after in pairs
    ]


def bar_in(say: Say) -> Callable[[str], str]:
    """Take a share as written, and say of another number how a share is written."""

    def shared(text: str) -> str:
        try:
            return bar(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(
                say(
                    f"“{text}”不是 0 与 1 之间的比例，请写作 0.9 或 90%",
                    f"{text!r} is no share between 0 and 1: write 0.9 or 90%",
                )
            ) from error

    return shared


def bars_in(say: Say) -> Callable[[str], list[str]]:
    """Take shares parted by commas, each as `bar_in` does."""
    one = bar_in(say)
    return lambda text: [one(part) for part in split(text)]
