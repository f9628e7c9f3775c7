"""A worksheet of shared strings read as arrays is, cell by cell, what calamine reads."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey.readers.container import plain, slices
from survey.readers.container.sheet import Sheet
from survey.readers.container.xlsx import read_xlsx
from tests.benchmarks.exports import PARTS
from tests.survey.readers.test_slices import MAIN, SHEET, content, replaced

GAP, EMPTY = "gap", "empty"
CELLS = st.one_of(
    st.sampled_from([GAP, EMPTY]),
    st.text(st.sampled_from("甲乙 a<&\"'>\n😀_"), max_size=4).filter(lambda text: "_x" not in text),
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=30), min_size=1, max_size=12)


def cell(column: int, row: int, place: int | None, style: str) -> str:
    letters = chr(65 + column) if column < 26 else f"A{chr(39 + column)}"
    if place is None:
        return f'<c r="{letters}{row}"{style}/>'
    return f'<c r="{letters}{row}"{style} t="s"><v>{place}</v></c>'


def write(path: Path, rows: list[list[str]], *, style: str = "", after: str = "") -> Path:
    """Write a workbook, every text twice among its strings."""
    strings: list[str] = []
    lines = []
    for number, row in enumerate(rows, 3):
        cells = []
        for column, text in enumerate(row):
            if text != GAP:
                place = None if text == EMPTY else len(strings)
                strings += [] if place is None else [text]
                cells.append(cell(column, number, place, style))
        lines.append(f'<row r="{number}" spans="1:30">{"".join(cells)}</row>')
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        archive.writestr(
            SHEET, f"<worksheet {MAIN}><sheetData>{''.join(lines)}</sheetData>{after}</worksheet>"
        )
        archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{items}</sst>")
    return path


def both(path: Path) -> tuple[list[Sheet], list[Sheet], bool]:
    """Read by calamine, and with every sheet taken for a large one; say if it was plain."""
    whole = read_xlsx(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE_BYTES", 0)
        patch.setattr(plain, "_BLOCK", 128)
        read = read_xlsx(path)
        return whole, read, plain.plain_columns(path, SHEET) is not None


@given(rows=ROWS, style=st.sampled_from(["", ' s="1"']))
@example(rows=[["甲", GAP, EMPTY], ["", "乙"]], style="")
def test_the_same_as_by_calamine(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], style: str
) -> None:
    path = write(tmp_path_factory.getbasetemp() / "plain.xlsx", rows, style=style)
    whole, read, was_plain = both(path)
    has_text = any(text not in (GAP, EMPTY) for row in rows for text in row)
    assert was_plain == has_text
    assert content(read) == content(whole)


def test_merged_cells_are_kept(tmp_path: Path) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A3:B4"/></mergeCells>'
    whole, read, was_plain = both(write(tmp_path / "a.xlsx", [["甲", "乙"]] * 3, after=merged))
    assert was_plain
    assert read[0].merged == whole[0].merged == ((3, 0, 4, 1),)


@pytest.mark.parametrize(
    "other",
    [
        '<c r="A1"><v>1.5</v></c>',
        '<c r="A1" t="str"><f>1</f><v>a</v></c>',
        '<c r="A1" t="inlineStr"><is><t>a</t></is></c>',
        '<c t="s" r="A1"><v>0</v></c>',
        '<c t="s"><v>0</v></c>',
        '<c r="A1" t="s"><v>7</v></c>',
        '<c r="A1" t="s"><v> 0 </v></c>',
        '<c r="A1" t="s"><v>0</v></c><!-- <row r="9"> -->',
        '<c r="A1" t="b"><v>1</v></c>',
    ],
)
def test_whatever_is_not_plain_is_left_to_calamine(tmp_path: Path, other: str) -> None:
    path = write(tmp_path / "a.xlsx", [["甲"]])
    xml = f'<worksheet {MAIN}><sheetData><row r="1">{other}</row></sheetData></worksheet>'
    assert plain.plain_columns(replaced(path, tmp_path / "b.xlsx", xml), SHEET) is None


@pytest.mark.parametrize("item", ["<r><t>a</t></r>", "<t>a_x000D_</t>", "<t>a\rb</t>"])
def test_strings_that_are_not_plain_are_left_to_calamine(tmp_path: Path, item: str) -> None:
    path = write(tmp_path / "a.xlsx", [["甲"]])
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for part in old.namelist():
            is_strings = part.endswith("sharedStrings.xml")
            text = f"<sst {MAIN}><si>{item}</si></sst>".encode()
            new.writestr(part, text if is_strings else old.read(part))
    assert plain.plain_columns(tmp_path / "b.xlsx", SHEET) is None
