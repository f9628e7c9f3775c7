"""The mapping file: which column answers which item, for a person to edit."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from questionnaires import Questionnaire
from survey.coding.columns import column, describe
from survey.coding.matching import OPEN, Matching
from survey.coding.wordings import slots
from survey.errors import CodingError, Place, ReadError, not_utf8
from survey.readers import Export
from survey.readers.guard import column_letters
from survey.readers.selecting import Found

_AT = re.compile(r"at line (\d+), column (\d+)")
_HEAD = """# 列与题目的对应。等号左边是问卷中的题目，右边写列：
# 题号（"17"）、题号与行（"17—逻辑拆解"）、表头文字，或 "列 F"；没有问的题目写 ""。
# 写着 "?" 的题目还不能确定，不填就不能读入（意见和建议 open 除外：不填就不用）。
# Which column answers which item: number, number and row, header text, or "列 F"; "" if not asked.
# A "?" is still open: fill it in, or the file is refused (but for open: left unused).
"""


def load_mapping(source: str | Path | Mapping[str, str]) -> dict[str, str]:
    """Load a mapping from a TOML file, or take one as it is.

    Parameters
    ----------
    source : path or mapping
        A file with a table ``[columns]`` of slots and selectors.

    Returns
    -------
    dict of str to str

    Raises
    ------
    CodingError
        If the file is missing or no such TOML.
    """
    if isinstance(source, Mapping):
        return dict(source)
    place = Place(file=str(source))
    try:
        content = tomllib.loads(Path(source).read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise CodingError(
            zh="找不到映射文件。", en="There is no such mapping file.", place=place
        ) from error
    except OSError as error:
        raise CodingError(
            zh=f"无法读取映射文件（{error.strerror or error}）。",
            en=f"The mapping file cannot be read ({error.strerror or error}).",
            place=place,
        ) from error
    except UnicodeDecodeError as error:
        raise not_utf8(CodingError, "映射文件", "The mapping file", place) from error
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        where = f"第 {at[1]} 行第 {at[2]} 个字附近" if at else "文件末尾附近"
        raise CodingError(
            zh=f'映射文件{where}的写法不对，不是有效的 TOML。每行应写作 题目 = "列"，'
            "右边用英文双引号括起，同一题目只写一次。",
            en=f'The mapping file is no valid TOML: {error}. Each line must be item = "column", '
            "each item once.",
            place=place,
        ) from error
    columns = content.get("columns")
    if not isinstance(columns, dict) or not all(isinstance(v, str) for v in columns.values()):
        raise CodingError(
            zh='映射文件应有 [columns] 一节，其中每项为 题目 = "列"。',
            en='The mapping file needs a table [columns] of lines like item = "column".',
            place=place,
        )
    return dict(columns)


def save_mapping(
    path: str | Path, export: Export, questionnaire: Questionnaire, matching: Matching
) -> None:
    """Write what is understood of an export as a mapping file to edit."""
    doubts = {doubt.slot: doubt for doubt in matching.doubts}
    lines = [_HEAD, "[columns]"]
    for slot, (wording, *_) in slots(questionnaire).items():
        lines.append(f"# {wording}")
        if slot in matching.targets:
            lines.append(f"{slot} = {_quoted(selector(export, matching.targets[slot].found))}")
        elif slot in doubts:
            maybe = "、".join(
                f"{describe(found)} = {selector(export, found)}"
                for found in doubts[slot].candidates[:3]
            )
            lines.append(f'{slot} = "{OPEN}"  # 请填写 / fill in: {maybe}')
        else:
            lines.append(f'{slot} = ""')
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def selector(export: Export, found: Found) -> str:
    """Give the plainest selector that names exactly this column."""
    number = found.question.number
    plain = f"{number}—{found.question.rows[found.row]}" if found.row is not None else number
    if number and _names(export, plain, found):
        return plain
    header = export.headers[column(found)]
    if _names(export, header, found):
        return header
    return f"列 {column_letters(column(found))}"


def _names(export: Export, text: str, found: Found) -> bool:
    try:
        return column(export.find(text)) == column(found) and export.find(text).row == found.row
    except ReadError:
        return False


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'
