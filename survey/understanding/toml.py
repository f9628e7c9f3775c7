"""The file survey-report.toml: every decision about a survey, to edit, to keep and to read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from survey.errors import CodingError, Place, not_utf8
from survey.understanding.decisions import OPEN, TOPICS, Decisions, Topic
from survey.understanding.points import Point

_AT = re.compile(r"at line (\d+), column (\d+)")
_HEAD = """# 对一次调查的各项决定，用 --confirm 此文件 读入；明年的导出也可以用。
# 写着 "?" 的还没有定；删去一行就由程序自己判断。
# What was decided about a survey; "?" is still open, a deleted line is left to the program.
"""
_ABOUT: Mapping[Topic, str] = {
    "survey": "questionnaire 问卷（别的调查写 other）；title 报告标题；"
    "since、until 起止，如 2025-11-01；ladder 由好到差的等级，用 > 隔开；"
    "satisfied 数字多少起算满意，如 >=90",
    "columns": '题目 = "列"：题目文字、题号（"17"）、题号与行（"17—逻辑拆解"）或 "列 F"；'
    '没有问的题目写 ""',
    "dimensions": '题目 = "维度名称"，同名的合为一个维度；不用的写 ""（只在没有问卷时）',
    "levels": '答案 = "satisfied"（满意）、"unsatisfied"（不满意）或 "aside"（不计入有效回答）',
    "branches": '答卷中的支部名 = "名册中的支部"；不计这些答卷写 ""',
    "roles": "答卷中的身份 = 问卷中的身份",
    "roster": 'branch、role、population、alias = "名册的表头"',
}


def load(path: Path) -> Decisions:
    """Read decisions from a TOML file, an old mapping of columns too.

    Raises
    ------
    CodingError
        If the file is missing or no such TOML.
    """
    place = Place(file=str(path))
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
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
    return Decisions.of(content, place)


def dump(points: Iterable[Point]) -> str:
    """Write the points that need a person or were decided, and all columns, as TOML."""
    lines = [_HEAD.rstrip()]
    for topic in TOPICS:
        about = [p for p in points if p.topic == topic and (p.topic == "columns" or p.is_stated)]
        if about:
            lines += ["", f"# {_ABOUT[topic]}", f"[{topic}]"]
        for point in about:
            lines.append("# " + _plain(f"{point.shown.zh} {point.why.zh}".strip()))
            value = OPEN if point.value is None else point.value
            near = "、".join(choice.value for choice in point.choices[:3] if choice.value)
            hint = f"  # 请填写 / fill in: {_plain(near)}" if point.value is None else ""
            lines.append(f"{_key(point.key)} = {_quoted(value)}{hint}")
    return "\n".join(lines) + "\n"


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_]+", text) else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_plain(escaped)}"'


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
