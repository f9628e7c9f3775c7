"""From a path to sheets: the file is known by its bytes, not by its name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from survey.errors import Place, ReadError
from survey.readers.container.apart import read_apart
from survey.readers.container.delimited import read_delimited
from survey.readers.container.guard import damaged
from survey.readers.container.opened import encrypted
from survey.readers.container.sheet import Sheet
from survey.readers.container.spss import read_spss
from survey.readers.container.xls import read_xls
from survey.readers.container.xlsx import read_xlsx
from survey.readers.problems import Problem

OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
SPSS = (b"$FL2", b"$FL3")
_FOREIGN = {
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"PK\x05\x06": "ZIP",
}
_DOCUMENTS = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx"}
_NUMBERS = "Index/Document.iwa"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def read_container(path: Path, encoding: str | None = None) -> list[Sheet]:
    """Read every sheet of a file.

    In the order of the file, empty and hidden ones too.

    Raises
    ------
    ReadError
        Missing, a directory, empty, encrypted, damaged, refused by the guard, or of another kind.
    """
    place = Place(file=path.name)
    head = _head(path, place)
    if head.startswith(ZIP):
        return _read_zipped(path, place)
    if head.startswith(OLE):
        return read_xls(_as_biff(path, place))
    if head.startswith(SPSS):
        return read_spss(path, encoding)
    for magic, name in _FOREIGN.items():
        if head.startswith(magic):
            raise _other_kind(name, place)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower() in (b"<html", b"<!doc", b"<tabl", b"<?xml"):
        raise ReadError(
            zh="文件内容是网页（HTML/XML），只是扩展名像工作簿。请用 Excel/WPS 打开后另存为 xlsx。",
            en="The file is a web page (HTML/XML) under a workbook's name. "
            "Open it in Excel or WPS and save it as xlsx.",
            place=place,
        )
    return read_delimited(path, encoding)


def choose(
    sheets: Sequence[Sheet],
    wanted: str | None,
    *,
    rank: Callable[[Sheet], int] | None = None,
    option: str = "sheet",
) -> Sheet:
    """Choose the sheet to read.

    `wanted`: a name; by default the only visible sheet with content, or the one of highest rank.

    With a notice for every sheet with content that was not read.

    Raises
    ------
    ReadError
        No sheet of that name, none with content, or several with content of which none ranks
        above the others.
    """
    place = Place(file=sheets[0].file if sheets else None)
    named = f"{option}=（--{option.replace('_', '-')}）"
    named_en = f"{option}= (--{option.replace('_', '-')})"
    if wanted is not None:
        for sheet in sheets:
            if sheet.name == wanted:
                return sheet
        names = "、".join(sheet.name or "（无名）" for sheet in sheets)
        raise ReadError(
            zh=f"没有名为“{wanted}”的工作表；文件里有：{names}。",
            en=f"No sheet is named {wanted!r}; the file has: {names}.",
            place=place,
        )
    filled = [sheet for sheet in sheets if sheet.columns and sheet.occupied().any()]
    shown = [sheet for sheet in filled if sheet.visible]
    if not shown:
        raise ReadError(
            zh="文件里没有任何内容" + "（隐藏的工作表不算）" * bool(filled) + "。",
            en="The file has no visible content.",
            place=place,
        )
    best = shown
    if len(shown) > 1 and rank is not None:
        ranks = [*map(rank, shown)]
        best = [one for one, r in zip(shown, ranks, strict=True) if 0 < r == max(ranks)] or shown
    if len(best) > 1:
        names = "、".join(sheet.name for sheet in best)
        raise ReadError(
            zh=f"有多个工作表有内容：{names}。请用 {named}指定一个。",
            en=f"Several sheets have content: {names}. Name one with {named_en}.",
            place=place,
        )
    notices = (
        Problem(
            zh=f"工作表{'' if sheet.visible else '是隐藏的，'}未读取；需要时用 {named}指定它。",
            en=f"The sheet {'' if sheet.visible else 'is hidden and '}was not read; name it with "
            f"{named_en} to read it.",
            place=sheet.place(),
        )
        for sheet in filled
        if sheet is not best[0]
    )
    return replace(best[0], problems=(*best[0].problems, *notices))


def _head(path: Path, place: Place) -> bytes:
    try:
        mode = path.stat().st_mode
        if not (S_ISREG(mode) or S_ISDIR(mode)):
            raise ReadError(
                zh="这不是普通文件（而是管道或设备），不能读取。请给出文件。",
                en="This is no regular file but a pipe or a device. Give a file.",
                place=place,
            )
        with path.open("rb") as handle:
            head = handle.read(64)
    except FileNotFoundError as fault:
        raise ReadError(
            zh="找不到这个文件。", en="The file does not exist.", place=place
        ) from fault
    except IsADirectoryError as fault:
        raise ReadError(
            zh="这是一个文件夹，不是文件。", en="This is a folder, not a file.", place=place
        ) from fault
    except OSError as fault:
        if path.is_dir():
            raise ReadError(
                zh="这是一个文件夹，不是文件。", en="This is a folder, not a file.", place=place
            ) from fault
        reason = fault.strerror or str(fault)
        raise ReadError(
            zh=f"无法读取文件（{reason}）。", en=f"Cannot read the file ({reason}).", place=place
        ) from fault
    if not head:
        raise ReadError(zh="文件是空的（0 字节）。", en="The file is empty (0 bytes).", place=place)
    return head


def _read_zipped(path: Path, place: Place) -> list[Sheet]:
    """Read a workbook among zip files, known by the names in its directory."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            kind = archive.open("mimetype").read(len(_ODS)) if "mimetype" in names else b""
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as fault:
        raise damaged(place) from fault
    if "xl/workbook.xml" in names:
        return read_xlsx(path)
    if "xl/workbook.bin" in names or kind == _ODS:
        return read_apart(path)
    if _NUMBERS in names:
        raise ReadError(
            zh="这是 Numbers 表格，无法直接读取。请用 Numbers 打开，选“文件 → 导出为 → Excel”，"
            "再给出 xlsx。",
            en="This is a Numbers document. Open it in Numbers, choose File → Export To → Excel, "
            "and give the xlsx.",
            place=place,
        )
    for mark, name in _DOCUMENTS.items():
        if mark in names:
            raise _other_kind(name, place)
    raise ReadError(
        zh="这是一个普通压缩包，不是工作簿。请先解压，再给出里面的 xlsx 或 csv。",
        en="This is a plain zip archive, not a workbook. "
        "Extract it and give the xlsx or csv in it.",
        place=place,
    )


def _as_biff(path: Path, place: Place) -> Path:
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise encrypted(place)
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise _other_kind("doc / OLE", place)
    return path


def _other_kind(name: str, place: Place) -> ReadError:
    return ReadError(
        zh=f"文件内容是 {name} 格式，不是表格。请给出 xlsx、xls、csv 或 sav 文件，"
        "或把内容另存为 xlsx。",
        en=f"The file is of the kind {name}, not a table. Give an xlsx, xls, csv or sav file, or "
        "save its content as xlsx.",
        place=place,
    )
