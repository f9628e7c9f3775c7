"""The file survey-report.toml: every decision about a survey, to edit, to keep and to read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from survey.decisions.made import TOPICS, Decisions
from survey.errors import CodingError, Place, not_utf8
from survey.text import Text

FILE = "survey-report.toml"
"""Its name in the folder of a survey."""
OF_FOLDER = ("files", "sha256")
"""Tables that say which file in the folder is what, and what it was when it was read."""
KINDS: Mapping[str, Text] = {
    "export": Text("导出", "export"),
    "roster": Text("名册", "roster"),
    "earlier": Text("上次的导出", "export of the wave before"),
    "earlier_roster": Text("上次的名册", "roster of the wave before"),
    "actions": Text("上次的整改清单", "last time's list of actions"),
    "evidence": Text("佐证表", "workbook of evidence"),
    "renamed": Text("更名合并表", "branches renamed or merged"),
    "staff": Text("教职工名单", "names of staff"),
    "review": Text("评论审阅", "review of comments"),
    "codebook": Text("编码本", "code book"),
    "rules": Text("筛查规则", "rules of screening"),
    "questionnaire": Text("自己的问卷", "a questionnaire of its own"),
    "score": Text("记分办法", "rule of scores"),
}
"""What a file of a survey can be. There may be several exports; of the others one a wave."""
_AT = re.compile(r"at line (\d+), column (\d+)")
_HEAD = """# 对一次调查的各项决定；把它所在的文件夹交给 survey-report，或用 --confirm 读入。
# 写着 "?" 的还没有定；删去一行就由程序自己判断。明年的导出也可以用。
# What was decided about a survey; "?" is still open, a deleted line is left to the program.
"""
_ABOUT: Mapping[str, str] = {
    "survey": "questionnaire 问卷（别的调查写 other）；title 报告标题；organisation 报告单位；"
    "period 调查时期；author 执笔人；since、until 起止，如 2025-11-01；"
    "ladder 由好到差的等级，用 > 隔开；satisfied 数字多少起算满意，如 >=90；bar 达标线，如 0.9；"
    "还可以写 level、min_cell、looks、keep、score、comments、per_branch、anonymous_branches 等",
    "columns": '题目 = "列"：题目文字、题号（"17"）、题号与行（"17—逻辑拆解"）或 "列 F"；'
    '没有问的题目写 ""',
    "dimensions": '题目 = "维度名称"，同名的合为一个维度；不用的写 ""（只在没有问卷时）',
    "levels": '答案 = "satisfied"（满意）、"unsatisfied"（不满意）或 "aside"（不计入有效回答）',
    "branches": '答卷中的支部名 = "名册中的支部"；不计这些答卷写 ""',
    "roles": "答卷中的身份 = 问卷中的身份",
    "roster": 'branch、role、population、alias = "名册的表头"',
    "files": '文件 = "export"（导出）、"roster"（名册）、"earlier"（上次导出）、"earlier_roster"、'
    '"actions"（上次的整改清单）等',
    "sha256": "上次读入时各文件的 SHA-256，由程序填写",
}


def load(path: Path) -> Decisions:
    """Read decisions from a TOML file, an old mapping of columns too; errors as `load_all`."""
    return load_all(path)[0]


def load_all(path: Path) -> tuple[Decisions, dict[str, tuple[str, str]]]:
    """Read what was decided about a survey, and which file of its folder is what.

    Returns
    -------
    decisions : Decisions
        Everything that was decided.
    files : dict of str to (str, str)
        What each file is and its SHA-256, by its name in the folder; empty where it is not said.

    Raises
    ------
    CodingError
        If the file is missing or not understood.
    """
    content, place = tables(path), Place(file=str(path))
    decisions = Decisions.of({n: t for n, t in content.items() if n not in OF_FOLDER}, place)
    files, digests = (content.get(name, {}) for name in OF_FOLDER)
    for table in (files, digests):
        values = table.values() if isinstance(table, dict) else [None]
        if not all(isinstance(value, str) for value in values):
            raise CodingError(
                zh='[files] 的每一行应写作 "文件名" = "种类"。',
                en='Every line of [files] is "name" = "kind".',
                place=place,
            )
    for name, kind in files.items():
        if kind not in KINDS:
            raise CodingError(
                zh=f"[files] 里“{name}”的种类“{kind}”没有；可以写：{'、'.join(KINDS)}。",
                en=f"“{name}” of [files] is a “{kind}”, which is none of {', '.join(KINDS)}.",
                place=place,
            )
        path_of = PurePath(name)
        if path_of.is_absolute() or ".." in path_of.parts or not path_of.name:
            raise CodingError(
                zh=f"[files] 里的“{name}”不在这个文件夹里。请把文件放进来，写它在这里的名字。",
                en=f"“{name}” of [files] is not in this folder: put the file in and write its name "
                "here.",
                place=place,
            )
    return decisions, {name: (kind, digests.get(name, "")) for name, kind in files.items()}


def tables(path: Path) -> dict[str, Any]:
    """Read the tables of a TOML file as they stand.

    Raises
    ------
    CodingError
        If the file is missing or no TOML.
    """
    place = Place(file=str(path))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise CodingError(
            zh="找不到这个文件。", en="There is no such file.", place=place
        ) from error
    except OSError as error:
        raise CodingError(
            zh=f"无法读取（{error.strerror or error}）。",
            en=f"Cannot be read ({error.strerror or error}).",
            place=place,
        ) from error
    except UnicodeDecodeError as error:
        raise not_utf8(CodingError, "文件", "The file", place) from error
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        where = f"第 {at[1]} 行第 {at[2]} 个字附近" if at else "文件末尾附近"
        raise CodingError(
            zh=f'{where}的写法不对，不是有效的 TOML。每行应写作 题目 = "列"，'
            "右边用英文双引号括起，同一题目只写一次。",
            en=f'No valid TOML: {error}. Each line must be item = "column", each item once.',
            place=place,
        ) from error


def dump(
    filled: Mapping[str, Mapping[str, str]], notes: Mapping[tuple[str, str], str] | None = None
) -> str:
    r"""Write tables of decisions as TOML, each with what it is about.

    Parameters
    ----------
    filled : mapping of str to mapping of str to str
        By table and key; `OPEN` where a person has still to decide.
    notes : mapping of (str, str) to str, optional
        A comment for the line above a key.

    Examples
    --------
    >>> text = dump({"levels": {"基本满意": "?"}}, {("levels", "基本满意"): "共选 3 次"})
    >>> print(text.split("\n\n")[1])
    # 答案 = "satisfied"（满意）、"unsatisfied"（不满意）或 "aside"（不计入有效回答）
    [levels]
    # 共选 3 次
    "基本满意" = "?"
    <BLANKLINE>
    """
    lines = [_HEAD.rstrip()]
    for name in (*TOPICS, *OF_FOLDER):
        if filled.get(name):
            lines += ["", f"# {_ABOUT[name]}", f"[{name}]"]
        for key, value in filled.get(name, {}).items():
            if note := (notes or {}).get((name, key)):
                lines.append("# " + _plain(note))
            lines.append(f"{_key(key)} = {_quoted(value)}")
    return "\n".join(lines) + "\n"


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_]+", text) else _quoted(text)


def _quoted(text: str) -> str:
    r"""Quote a text so that it is read back as it is, line breaks and all.

    >>> tomllib.loads("a = " + _quoted('x"\n\\'))["a"]
    'x"\n\\'
    """
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(c: str) -> str:
    if c in '"\\':
        return "\\" + c
    return c if c.isprintable() else f"\\U{ord(c):08X}"


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def is_survey(path: object) -> bool:
    """Tell whether something is the folder of a survey."""
    return isinstance(path, str | Path) and (Path(path) / FILE).is_file()


def of_folder(folder: str | Path) -> dict[str, Any]:
    """Give the files of a survey's folder as the arguments that take them.

    Returns
    -------
    dict
        ``files``, the exports; ``roster``, ``actions`` … by the kind of each file; ``earlier`` and
        ``earlier_roster``, the waves before, of which each lies in one folder;
        ``confirm``, the file of decisions.

    Raises
    ------
    CodingError
        If the file of decisions is not understood, or names no export.
    """
    path = Path(folder) / FILE
    found: dict[str, list[Path]] = {}
    for name, (kind, _) in load_all(path)[1].items():
        found.setdefault(kind, []).append(path.parent / name)
    exports = found.pop("export", [])
    if not exports:
        raise CodingError(
            zh='[files] 里还没有导出文件。请写上一行 "文件名" = "export"，或在页面上放入文件。',
            en='There is no export in [files] yet: add a line "name" = "export", or drop the file '
            "on the page.",
            place=Place(file=str(path)),
        )
    # a wave is what lies in one folder
    waves: dict[Path, list[Path]] = {}
    for file in found.pop("earlier", []):
        waves.setdefault(file.parent, []).append(file)
    rosters = {file.parent: file for file in found.pop("earlier_roster", [])}
    own: dict[str, Any] = {kind: paths[-1] for kind, paths in found.items()}
    if waves:
        own["earlier"] = [*waves.values()]
        own["earlier_roster"] = [rosters.get(place) for place in waves]
    return {**own, "files": exports, "confirm": [path]}
