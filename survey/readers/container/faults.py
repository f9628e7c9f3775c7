"""Cells that calamine hands over as blanks: errors, and formulas without a stored value."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from survey.errors import Place
from survey.readers.container.guard import column_letters, column_number, damaged
from survey.readers.container.parts import worksheets
from survey.readers.problems import Problem, abridged

_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d+)")
_BLOCK = 2**20


def faulty_cells(path: Path, parts: Iterable[str]) -> dict[str, tuple[Problem, ...]]:
    """List the error cells and the formulas without a stored value of some worksheets.

    By sheet name; each problem names row and column.

    Raises
    ------
    ReadError
        The XML is not well formed.
    """
    found = {}
    try:
        with zipfile.ZipFile(path) as archive:
            names = {sheet.part: sheet.name for sheet in worksheets(archive)}
            for part in parts:
                name = names.get(part)
                if name is not None:
                    problems = _problems(archive, part, Place(file=path.name, sheet=name))
                    found[name] = abridged(problems, path.name)
    except (expat.ExpatError, ParseError, KeyError, ValueError) as fault:
        raise damaged(Place(file=path.name)) from fault
    except zipfile.BadZipFile as fault:
        raise damaged(Place(file=path.name)) from fault
    return found


@dataclass
class _Cell:
    """The cell that the parser is in."""

    row: int = 0
    column: int = 0
    kind: str = "n"
    has_formula: bool = False
    has_value: bool = False
    in_value: bool = False
    value: list[str] = field(default_factory=list)

    def fault(self) -> tuple[str, str] | None:
        """Say in both languages what is wrong with the cell, if anything is."""
        text = "".join(self.value)
        if self.kind == "e":
            return (
                f"单元格是错误值 {text}，按空白处理。",
                f"The cell holds the error {text}; taken as blank.",
            )
        # A formula may well have the empty text as its stored value.
        stored = bool(text) or (self.has_value and self.kind == "str")
        if self.has_formula and not stored:
            return (
                "单元格是没有存储结果的公式，按空白处理。请用 Excel 打开并保存一次。",
                "The cell is a formula without a stored value; taken as blank. "
                "Open the file in Excel and save it.",
            )
        return None


def _problems(archive: zipfile.ZipFile, part: str, sheet: Place) -> Iterator[Problem]:
    """Walk through one worksheet with a streaming parser."""
    cell = _Cell()
    found: list[Problem] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cell
        match tag.rpartition(":")[2]:
            case "row":
                cell = _Cell(row=int(attributes.get("r", cell.row + 1)))
            case "c":
                at = _REFERENCE.fullmatch(attributes.get("r", ""))
                column = column_number(at[1]) if at else cell.column + 1
                row = int(at[2]) if at else cell.row
                cell = _Cell(row, column, attributes.get("t", "n"))
            case "f":
                cell.has_formula = True
            case "v":
                cell.has_value = cell.in_value = True

    def text(data: str) -> None:
        if cell.in_value:
            cell.value.append(data)

    def end(tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "v":
            cell.in_value = False
        elif name == "c" and (fault := cell.fault()):
            place = Place(
                file=sheet.file,
                sheet=sheet.sheet,
                row=cell.row,
                column=column_letters(cell.column - 1),
            )
            found.append(Problem(zh=fault[0], en=fault[1], place=place, severity="warning"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EndElementHandler = end
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            parser.Parse(block, False)
            yield from found
            found.clear()
    parser.Parse(b"", True)
    yield from found
