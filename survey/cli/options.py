"""Options that several commands share, and the values they take."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from questionnaires.language import say
from survey.decisions import FACTS
from survey.decisions.values import bar, positive, share, split, yes
from survey.errors import Language

BRANCH_FORMS = tuple(FACTS["per_branch"].choices)
Group: TypeAlias = argparse._ActionsContainer
_VALUES = {
    ("导出文件", "FILE"): "files",
    ("上次导出", "EARLIER"): "earlier",
    ("本次导出", "LATER"): "later",
    ("按文本", "TEXT"): "text",
    ("按序号", "NUMBERED"): "numbered",
    ("名册.xlsx", "ROSTER.xlsx"): "roster earlier_roster blank",
    ("确认表.xlsx", "SHEET.xlsx"): "confirm write",
    ("编码本.json", "BOOK.json"): "codebook",
    ("规则.toml", "RULES.toml"): "rules",
    ("评论审阅.xlsx", "REVIEW.xlsx"): "review",
    ("去年.xlsx", "LAST.xlsx"): "actions",
    ("佐证.xlsx", "EVIDENCE.xlsx"): "evidence",
    ("更名合并.xlsx", "RENAMED.xlsx"): "renamed",
    ("文件", "FILE"): "out staff",
    ("文件.csv", "FILE.csv"): "key",
    ("文件夹", "FOLDER"): "work folder",
    ("工作表", "SHEET"): "sheet roster_sheet",
    ("列", "COL"): "branch role keep overall each",
    ("名称=列,列", "NAME=COL,COL"): "dimension",
    ("答案,答案", "ANSWER,ANSWER"): "satisfied ladder not_applicable",
    ("名称", "NAME"): "questionnaire name platform encoding spark_master score",
    ("文字", "TEXT"): "title organisation period author",
    ("日期", "DATE"): "since until",
    ("日期,日期", "DATE,DATE"): "looks",
    ("比例", "SHARE"): "bar level reply_rate",
    ("比例,比例", "SHARE,SHARE"): "suppose",
    ("个数", "N"): "min_cell seed branches",
    ("版本", "VERSION"): "python",
}
"""What stands for the value of an option in its help."""


@dataclass(frozen=True)
class Options:
    """A command's parser, or a group of its options, and the language of its help."""

    group: Group
    language: Language

    def add(self, *names: str, zh: str, en: str, **how: Any) -> None:
        """Add an option with its help; what stands for its value is known by its name."""
        first = next(name for name in names if name.startswith("--") or name[0] != "-")
        key = first.lstrip("-").replace("-", "_")
        if how.get("action", "append") == "append" and "choices" not in how:
            shown = how.get("metavar") or next(
                v for v, keys in _VALUES.items() if key in keys.split()
            )
            how["metavar"] = say(self.language, *shown)
        self.group.add_argument(*names, help=say(self.language, zh, en), **how)

    def flag(self, name: str, zh: str, en: str) -> None:
        """Add an option without a value."""
        self.add(name, zh=zh, en=en, action="store_true")

    def facts(self, *names: str) -> None:
        """Add options for facts of a survey: help, choices and kind of value are theirs."""
        for name in names:
            fact = FACTS[name]
            how: dict[str, Any] = {"choices": [*fact.choices]} if fact.choices else {}
            if fact.take in (positive, share, int):
                how["type"] = fact.take
            if fact.take is bar:
                how["type"] = bar_in(self.language)
            elif fact.take is yes:
                how = {"action": "store_true", "default": None}
            told = {"zh": fact.shown.zh.replace("%", "%%"), "en": fact.shown.en.replace("%", "%%")}
            self.add("--" + name.replace("_", "-"), **told, **how)

    def titled(self, zh: str, en: str, *about: str) -> Options:
        """Open a group of options under a heading, with a word about it in either language."""
        told = (say(self.language, *about),) if about else ()
        parser: Any = self.group
        return Options(parser.add_argument_group(say(self.language, zh, en), *told), self.language)


def add_version(to: Options) -> None:
    """Add the version."""
    to.add("--version", zh="显示版本并退出", en="show the version", action=_Version, nargs=0)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> NoReturn:
        from importlib import metadata

        print(metadata.version("survey-report"))
        parser.exit()


def add_files(to: Options) -> None:
    """Add the exports, and how they are read."""
    to.add("files", nargs="+", zh="一个或多个导出文件，或文件夹", en="exports")
    add_reading(to)


def add_reading(to: Options) -> None:
    """Add how exports are read, which answers count, and what the columns are."""
    group = to.titled("读入", "reading")
    group.add("--questionnaire", zh="问卷名或 TOML 文件，默认江苏标准", en="name or TOML file")
    # --mapping is what it was called when it held columns only
    group.add(
        *("--confirm", "--mapping"),
        action="append",
        zh="填好的确认表（check --write 写出），或 survey-report.toml；可重复，确认表优先",
        en="sheet to confirm, filled in (from check --write), or survey-report.toml; repeatable",
    )
    group.add("--codebook", zh="按序号下载的文件的编码本", en="code book of a numbered export")
    group.facts("mode", "platform", "sheet", "encoding")
    _add_counting(to.titled("计数", "counting"))
    _add_columns(
        to.titled(
            *("没有问卷文件时指明各列", "columns of a survey without a questionnaire"),
            "列可写题号（17）、题号与行（17—逻辑拆解）或表头文字；自身含逗号的一项用“ ”括起",
            "a column is a number (17), number and row (17—row) or the header's text; an entry "
            'with a comma of its own stands in ""',
        )
    )


def _add_counting(group: Options) -> None:
    group.add("--roster", zh="名册：支部、身份、人数", en="roster: branch, role, size")
    group.facts("roster_sheet", "allow_unknown_branches", "skip_bad_files")
    group.add(
        "--work",
        zh="存放已读文件内容的文件夹，中断后接着读；内有答卷，用完请删除",
        en="folder for what has been read, to go on after a stop; holds answers: delete it",
    )
    group.add(
        "--engine",
        choices=["pandas", "polars", "duckdb", "spark"],
        zh="用什么读编码好的 Parquet",
        en="what reads Parquet files of coded answers",
    )
    group.add(
        "--spark-master",
        zh="已有的 Spark 主节点，如 spark://主机:7077",
        en="master of a Spark cluster",
    )
    group.facts("min_cell", "since", "until")
    group.add("--rules", zh="筛查规则（TOML）", en="rules of screening (TOML)")


def _add_columns(group: Options) -> None:
    several: dict[str, Any] = {"action": "append", "default": []}
    group.add("--branch", zh="所在支部（单位）", en="branch (unit)")
    group.add("--role", zh="身份", en="role")
    group.add(
        "--keep",
        zh="另按此列（学院、年级……）分组，可重复",
        en="also group by this column; repeatable",
        **several,
    )
    group.add("--overall", zh="总体满意度", en="overall satisfaction")
    group.add(
        "--dimension",
        zh="一个维度及其各列，可重复",
        en="a dimension and its columns; may be repeated",
        **several,
    )
    group.add("--satisfied", zh="算作满意的答案，逗号分隔", en="satisfied answers, by comma")
    group.add("--ladder", zh="由好到差的全部答案，逗号分隔", en="all answers, best first")
    group.add(
        "--not-applicable",
        zh="不计入有效回答的答案，逗号分隔；不了解、不适用等不必写",
        en="answers outside the base, by comma; don't know and the like need not be named",
    )


def add_report(to: Options) -> None:
    """Add what a report computes, tells and looks like, and where it is written."""
    group = to.titled("计算", "estimation")
    group.facts("bar", "level")
    group.add(
        "--score",
        zh="另按一种记分办法计分，名称或 TOML 文件，与判定并列",
        en="also score by a school's rule, a name or TOML file, beside the verdicts",
    )
    group.facts("seed")
    group = to.titled("意见", "comments")
    group.facts("comments")
    group.add(
        "--review",
        zh="原话的审阅表：没有时写出，填好后照它公开",
        en="the sheet to review quotations: written if not there, else obeyed",
    )
    group.add(
        "--staff",
        zh="教职工名单，其中的姓名在原话中遮盖",
        en="a file of names to mask in quotations",
    )
    to.add(
        "--actions",
        zh="上次的整改清单：逐项说明变化是否超出抽样误差",
        en="last time's list of actions: which lines moved beyond chance",
    )
    to.add(
        "--evidence",
        zh="填好的佐证表（survey-report evidence 写出）：逐个支部说明最低要求是否达到",
        en="the workbook of survey-report evidence, filled in: which minimums are met",
    )
    group = to.titled("输出", "output")
    group.add(
        "--out", zh="输出文件夹，默认“报告”", en="folder, report", metavar=("文件夹", "FOLDER")
    )
    group.facts("title", "organisation", "period", "author")
    group.add(
        "--each",
        zh="按名册的这一列（如 学校）各出一份报告，并作总览",
        en="a report of every unit of this column of the roster, and an overview",
    )
    group.facts("per_branch", "style", "anonymous_branches")
    group.add(
        "--key",
        zh="把编号对照写入这个 csv 文件（与 --anonymous-branches 同用）",
        en="write the key to the numbers into this csv (with --anonymous-branches)",
    )
    group.flag("--force", "替换已有的报告", "replace a report")
    group.flag("--timings", "显示各步用时", "time per stage")


def add_earlier(to: Options) -> None:
    """Add the wave before, to be compared with."""
    group = to.titled("与上次比较", "the wave before")
    group.add(
        "--earlier",
        action="append",
        zh="上次的导出文件，按同样的选项读入；可重复，近的在前",
        en="export of the wave before, read alike; repeatable, the latest first",
    )
    group.add(
        "--earlier-roster",
        action="append",
        zh="上次的名册，默认同 --roster；与 --earlier 一一对应",
        en="its roster, by default that of --roster; one for each --earlier",
    )
    add_renamed(group)


def add_renamed(to: Options) -> None:
    """Add the sheet of branches that were renamed or became one."""
    to.add(
        "--renamed",
        zh="更名、合并的支部：没有这个文件时写出，填好后照它比较",
        en="branches renamed or merged: written if not there, else obeyed",
    )


def add_force(to: Options) -> None:
    """Add what replaces a file."""
    to.flag("--force", "替换已有的文件", "replace an existing file")


def add_out(to: Options, zh: str, en: str, *names: str, **how: Any) -> None:
    """Add the file that is written, and what replaces one that is there."""
    to.add(*names, "--out", zh=zh, en=en, **how)
    add_force(to)


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


def bar_in(language: Language) -> Callable[[str], str]:
    """Take a share as written, and say of another number how a share is written."""

    def shared(text: str) -> str:
        try:
            return bar(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(
                say(
                    language,
                    f"“{text}”不是 0 与 1 之间的比例，请写作 0.9 或 90%",
                    f"{text!r} is no share between 0 and 1: write 0.9 or 90%",
                )
            ) from error

    return shared


def bars_in(language: Language) -> Callable[[str], list[str]]:
    """Take shares parted by commas, each as `bar_in` does."""
    one = bar_in(language)
    return lambda text: [one(part) for part in split(text)]
