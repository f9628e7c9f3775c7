"""What a workbook says of its parts: names of worksheets, and which styles show plain numbers."""

from __future__ import annotations

import posixpath
import re
import zipfile
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt

_DIRECTORY_BYTES = 2**24
_BOOK, _LINKS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
DIRECTORY = ("_rels/.rels", _BOOK, _LINKS, _STYLES)
"""Parts without which a workbook has no sheets, or no formats."""
# What is written by these formats is neither date nor time nor duration.
_PLAIN_FORMATS = frozenset(map(str, [*range(5), *range(9, 14), *range(37, 41), 48, 49]))
_PLAIN_CODE = re.compile(r"General|@|[0#?.,%_() ;+-]+")


class Worksheet(NamedTuple):
    """A worksheet, as the workbook lists it."""

    name: str
    part: str
    visible: bool


def worksheets(archive: zipfile.ZipFile) -> list[Worksheet]:
    """List the worksheets in the order of the workbook."""
    links = {
        link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", "")))[1:]
        for link in _small(archive, _LINKS)
        if link.get("Type", "").endswith("/worksheet")
    }
    found = []
    for element in _small(archive, _BOOK).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            identity = next((v for k, v in element.items() if k.endswith("}id")), None)
            if identity in links:
                shown = element.get("state", "visible") == "visible"
                found.append(Worksheet(element.get("name", ""), links[identity], shown))
    return found


def plain_styles(archive: zipfile.ZipFile) -> npt.NDArray[np.bool_]:
    """Tell by which styles, by their numbers, a number is written as a number; the last is none."""
    plain = set(_PLAIN_FORMATS)
    styles = []
    for group in _small(archive, _STYLES) if _STYLES in archive.namelist() else ():
        name = group.tag.rpartition("}")[2]
        if name == "numFmts":
            codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in group}
            plain -= codes.keys()
            plain |= {number for number, code in codes.items() if _PLAIN_CODE.fullmatch(code)}
        elif name == "cellXfs":
            styles = [one.get("numFmtId", "0") in plain for one in group]
    return np.array([*(styles or [True]), False], np.bool_)


def _small(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    """Parse a part that is small in every real workbook."""
    if archive.getinfo(part).file_size > _DIRECTORY_BYTES:
        raise zipfile.BadZipFile(part)
    return ElementTree.fromstring(archive.read(part))
