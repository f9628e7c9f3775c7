"""What the command says, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from questionnaires.language import say
from survey.errors import Language

STAGES: dict[str, tuple[str, str]] = {
    "simulate": ("生成模拟数据", "Simulating"),
    "read": ("读取文件", "Reading"),
    "estimate": ("计算", "Estimating"),
    "charts": ("绘图", "Drawing charts"),
    "html": ("写 HTML 报告", "Writing HTML"),
    "xlsx": ("写结果工作簿", "Writing workbook"),
    "actions": ("写整改清单", "Writing the list of actions"),
    "docx": ("写 Word 报告", "Writing Word"),
    "branches": ("写各支部单页", "Writing branch pages"),
}


def language(words: Sequence[str]) -> Language:
    """Find the language asked for before the words are parsed.

    Examples
    --------
    >>> language(["a.xlsx", "--language", "en"]), language(["--language=en"]), language([])
    ('en', 'en', 'zh')
    """
    for word, following in pairwise([*words, ""]):
        if word == "--language=en" or (word == "--language" and following == "en"):
            return "en"
    return "zh"


def stage(name: str, language: Language) -> str:
    """Name a stage of the run."""
    return say(language, *STAGES.get(name, (name, name)))


def error(text: str, language: Language) -> str:
    """Frame an error's text."""
    return say(language, f"错误：{text}", f"Error: {text}")


def note(text: tuple[str, str], language: Language) -> str:
    """Frame what a person should know though nothing is wrong."""
    return say(language, f"提示：{text[0]}", f"Note: {text[1]}")


def interrupted(language: Language) -> str:
    """Say that the run was interrupted."""
    return say(
        language, "已中断，没有留下写了一半的结果。", "Interrupted; nothing half-written is left."
    )


def unwritable(error: OSError, language: Language) -> str:
    """Say that the system failed to read or write, the terminal included."""
    named = f"{error.filename}: " if error.filename is not None else ""
    text = f"{named}{error.strerror or error}"
    return say(
        language,
        f"错误：系统不能读写（{text}）。请检查磁盘空间、权限和输出去向。",
        f"Error: the system cannot read or write ({text}). Check disk space, permissions and "
        "where the output goes.",
    )
