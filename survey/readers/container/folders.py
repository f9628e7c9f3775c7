"""Files and folders as an office gives them: what is read, what passed over, and by which name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from survey.errors import Place, ReadError
from survey.output import sha256
from survey.readers.problems import Problem

_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ett", ".ods")
READABLE = (*_WORKBOOKS, ".csv", ".tsv", ".txt", ".sav", ".zsav")
# Answers may be inside; to be saved as xlsx or unpacked first.
_CONVERTIBLE = (".numbers", ".zip", ".rar", ".7z")
# What this program itself is told by: mappings, questionnaires, rules, code books.
_OWN = (".toml", ".json")
_HIDDEN = (".", "~$")
_SYSTEM = frozenset({"thumbs.db", "desktop.ini"})

Paths = str | Path | Iterable[str | Path]


def expand(paths: Paths) -> list[Path]:
    """Turn files and folders into a list of files.

    `paths`: files are kept as they are; of a folder the readable files directly in it are taken.

    Without repeats; hidden files and the lock files ``~$name`` and ``.~name`` of Excel and WPS are
    left out.

    Raises
    ------
    ReadError
        A folder holds no readable file.
    """
    files: dict[Path, Path] = {}
    for item in _listed(paths):
        here = readable(item) if item.is_dir() else [item]
        if not here:
            raise ReadError(
                zh="文件夹里没有 xlsx、xls、csv 或 sav 文件。",
                en="The folder holds no xlsx, xls, csv or sav file.",
                place=Place(file=str(item)),
            )
        for file in here:
            files.setdefault(file.resolve(), file)
    return [*files.values()]


def passed_over(paths: Paths) -> tuple[Problem, ...]:
    """Name what lies in the folders and is not read.

    A line a file or folder; a warning where answers may be inside. Hidden and lock files, and files
    that this program is told by, are not named.
    """
    found = []
    for folder in (item for item in _listed(paths) if item.is_dir()):
        for entry in _seen(folder):
            if entry.is_dir():
                found.append(_inner_folder(entry))
            elif not _is_readable(entry) and entry.suffix.lower() not in _OWN:
                found.append(_other_file(entry))
    return tuple(found)


def once(files: Sequence[Path]) -> tuple[list[Path], list[tuple[Path, Path]]]:
    """Part files from copies of them, byte by byte the same under another name.

    `copies`: Every file that is left out, and the one that it repeats.
    """
    there = [file for file in files if file.is_file()]
    sizes = Counter(file.stat().st_size for file in there)
    first: dict[str, Path] = {}
    copies = {}
    for file in there:
        # Only files of one size can be the same; the others need not be read for it.
        if sizes[file.stat().st_size] > 1:
            known = first.setdefault(sha256(file), file)
            if known is not file:
                copies[file] = known
    return [file for file in files if file not in copies], [*copies.items()]


def told_apart(files: Sequence[Path]) -> list[str]:
    """Give each file the shortest name that no other one has: its own, or with folders before it.

    Examples
    --------
    >>> told_apart([Path("甲/导出.xlsx"), Path("乙/导出.xlsx"), Path("丙/名册.xlsx")])
    ['甲/导出.xlsx', '乙/导出.xlsx', '名册.xlsx']
    """
    namesakes: dict[str, list[Path]] = {}
    for file in files:
        namesakes.setdefault(file.name, []).append(file)
    return [_shortest(file, namesakes[file.name]) for file in files]


def _shortest(file: Path, namesakes: Sequence[Path]) -> str:
    if len(namesakes) == 1:
        return file.name
    file, *namesakes = (one.resolve() for one in (file, *namesakes))
    for n in range(1, len(file.parts)):
        tail = file.parts[-n:]
        if sum(other.parts[-n:] == tail for other in namesakes) == 1:
            return "/".join(tail)
    return str(file)


def _listed(paths: Paths) -> list[Path]:
    return [*map(Path, [paths] if isinstance(paths, str | Path) else paths)]


def readable(folder: Path) -> list[Path]:
    """List the files directly in a folder that can be read."""
    return [file for file in _seen(folder) if _is_readable(file)]


def _seen(folder: Path) -> list[Path]:
    """List what a person sees in a folder."""
    return sorted(
        entry
        for entry in folder.iterdir()
        if not entry.name.startswith(_HIDDEN) and entry.name.lower() not in _SYSTEM
    )


def _is_readable(file: Path) -> bool:
    return file.is_file() and file.suffix.lower() in READABLE


def _other_file(file: Path) -> Problem:
    convertible = file.suffix.lower() in _CONVERTIBLE
    return Problem(
        zh="不是可以读取的种类，没有读取。"
        + "里面若有答卷，请另存为 xlsx 或先解压。" * convertible,
        en="Of a kind that is not read; passed over."
        + " If it holds answers, save it as xlsx or unpack it first." * convertible,
        place=Place(file=file.name),
        severity="warning" if convertible else "notice",
    )


def _inner_folder(folder: Path) -> Problem:
    n = len(readable(folder))
    return Problem(
        zh="是下一级文件夹，没有读取。" + (f"里面有 {n} 个表格文件，要读入请写上它。" if n else ""),
        en="A folder inside the folder; not read."
        + (f" It holds {n} files of tables; name it to read them." if n else ""),
        place=Place(file=folder.name),
        severity="warning" if n else "notice",
    )
