"""TOML files that stand beside this package, by name, and those of anybody's own, by path."""

from __future__ import annotations

import difflib
import os
import tomllib
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from questionnaires.errors import QuestionnaireError


def shipped(folder: str) -> tuple[str, ...]:
    """List the names of the files that are shipped in one folder.

    Examples
    --------
    >>> shipped("scores")[:2]
    ('groups-50-50-trimmed', 'groups-60-40')
    """
    names = (entry.name for entry in (resources.files("questionnaires") / folder).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def read(
    name_or_path: str | os.PathLike[str], folder: str, kind: tuple[str, str]
) -> tuple[str, str]:
    """Read a shipped file by name, or any by path; give its text, and its name for messages.

    `kind` is what it is called there, in Chinese and in English.
    """
    name, known = os.fspath(name_or_path), shipped(folder)
    if name in known:
        found = resources.files("questionnaires") / folder / f"{name}.toml"
        return found.read_text(encoding="utf-8"), f"{name}.toml"
    path = Path(name)
    if not path.is_file():
        near = difflib.get_close_matches(name, known, n=1)
        zh_hint = f"是否想写 {near[0]}？" if near else ""
        en_hint = f" Did you mean {near[0]}?" if near else ""
        raise QuestionnaireError(
            f"既不是已有{kind[0]}的名称，也不是文件。{zh_hint}已有{kind[0]}：{'、'.join(known)}。",
            f"is neither the name of a {kind[1]} nor a file.{en_hint} "
            f"{kind[1].capitalize()}s: {', '.join(known)}.",
            file=name,
        )
    try:
        return path.read_text(encoding="utf-8-sig"), name
    except UnicodeDecodeError as error:
        raise QuestionnaireError(
            f"不是 UTF-8 编码（第 {error.start + 1} 个字节），请另存为 UTF-8。",
            f"is not UTF-8 (byte {error.start + 1}); save it as UTF-8.",
            file=name,
        ) from None
    except OSError as error:
        raise QuestionnaireError(
            f"无法读取：{error.strerror}。", f"cannot be read: {error.strerror}.", file=name
        ) from error


def values(text: str, file: str) -> dict[str, Any]:
    """Give what a TOML text says; decimals stay exactly as they are written."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise QuestionnaireError(
            f"不是合格的 TOML：{error}。", f"is not valid TOML: {error}.", file=file
        ) from None
