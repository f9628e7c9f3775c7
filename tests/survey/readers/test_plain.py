"""A worksheet of shared strings read as arrays is, cell by cell, what calamine reads."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey.readers.container import plain
from survey.readers.container.sheet import Sheet
from survey.readers.container.xlsx import read_xlsx
from tests.benchmarks.exports import PARTS
from tests.survey.readers.test_slices import MAIN, SHEET, by_calamine, content, replaced

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
    """Read by calamine, and as arrays in small blocks; say if all was plain."""
    with pytest.MonkeyPatch.context() as patch:
        by_calamine(patch)
        whole = read_xlsx(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "_BLOCK", 128)
        return whole, read_xlsx(path), all(plain.plain_sheets(path).values())


@given(rows=ROWS, style=st.sampled_from(["", ' s="1"']))
@example(rows=[["甲", GAP, EMPTY], ["", "乙"]], style="")
def test_the_same_as_by_calamine(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], style: str
) -> None:
    path = write(tmp_path_factory.getbasetemp() / "plain.xlsx", rows, style=style)
    whole, read, was_plain = both(path)
    assert was_plain
    assert content(read) == content(whole)


def test_merged_cells_are_kept(tmp_path: Path) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A3:B4"/></mergeCells>'
    whole, read, was_plain = both(write(tmp_path / "a.xlsx", [["甲", "乙"]] * 3, after=merged))
    assert was_plain
    assert read[0].merged == whole[0].merged == ((3, 0, 4, 1),)


@pytest.mark.parametrize(
    "other",
    [
        '<c r="A1"><v>1_5</v></c>',
        '<c r="A1"><v></v></c>',
        '<c r="A1" t="d"><v>2025-11-01</v></c>',
        '<c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c>',
        '<c r="A1" t="inlineStr"><is><t>a_x000D_</t></is></c>',
        '<c r="A1" t="inlineStr"><is><t>a </t></is></c>',
        '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>',
        '<c r="A1"/><v>1</v>',
        '<c r="A1" t="str"><f>1</f><v>a</v></c>',
        '<c t="s" r="A1"><v>0</v></c>',
        '<c t="s"><v>0</v></c>',
        '<c r="A1" t="s"><v>7</v></c>',
        '<c r="A1" t="s"><v> 0 </v></c>',
        '<c r="A1" t="s"><v>0</v></c><!-- <row r="9"> -->',
    ],
)
def test_whatever_is_not_plain_is_left_to_calamine(tmp_path: Path, other: str) -> None:
    path = write(tmp_path / "a.xlsx", [["甲"]])
    xml = f'<worksheet {MAIN}><sheetData><row r="1">{other}</row></sheetData></worksheet>'
    assert not any(plain.plain_sheets(replaced(path, tmp_path / "b.xlsx", xml)).values())


@pytest.mark.parametrize(
    "item", ["<r><t>a</t></r>", "<t>a_x000D_</t>", "<t>a\rb</t>", "<t> a</t>", "<t>a\n</t>"]
)
def test_strings_that_are_not_plain_are_left_to_calamine(tmp_path: Path, item: str) -> None:
    path = write(tmp_path / "a.xlsx", [["甲"]])
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for part in old.namelist():
            is_strings = part.endswith("sharedStrings.xml")
            text = f"<sst {MAIN}><si>{item}</si></sst>".encode()
            new.writestr(part, text if is_strings else old.read(part))
    assert not plain.plain_sheets(tmp_path / "b.xlsx")


STYLES = (
    f"<styleSheet {MAIN}>"
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="0.00_ "/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><cellXfs count="5">'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/>'
    '<xf numFmtId="46"/></cellXfs></styleSheet>'
)
NUMBERS = st.one_of(
    st.integers(-(10**15), 10**15).map(str), st.floats(-1e12, 1e12).map(repr), st.just("4.0")
)
TEXTS = st.text(st.sampled_from("甲 a<&\"'>\n😀4.0"), max_size=5)


def styled(path: Path, cells: list[str], styles: str = STYLES) -> Path:
    """Write a workbook of ten columns whose cells are given as XML."""
    rows = [cells[start : start + 10] for start in range(0, len(cells), 10)]
    lines = [
        f'<row r="{n}">'
        + "".join(cell.format(at=f'r="{chr(65 + j)}{n}"') for j, cell in enumerate(row))
        + "</row>"
        for n, row in enumerate(rows, 1)
    ]
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        archive.writestr("xl/styles.xml", styles)
        archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}/>")
        archive.writestr(
            SHEET, f"<worksheet {MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"
        )
    return path


def braced(text: str) -> str:
    return escape(text).replace("{", "{{").replace("}", "}}")


@given(
    cells=st.lists(
        st.one_of(
            NUMBERS.map("<c {{at}}><v>{}</v></c>".format),
            NUMBERS.map('<c {{at}} s="2"><v>{}</v></c>'.format),
            NUMBERS.map('<c {{at}} t="n" s="0"><v>{}</v></c>'.format),
            TEXTS.map(lambda t: f'<c {{at}} t="str"><v>{braced(t)}</v></c>'),
            TEXTS.map(
                lambda t: f'<c {{at}} s="1" t="inlineStr"><is><t>{braced(t.strip())}</t></is></c>'
            ),
            TEXTS.map(
                lambda t: (
                    '<c {at} t="inlineStr" s="3"><is><t xml:space="preserve">'
                    f"{braced(t)}</t></is></c>"
                )
            ),
            st.just('<c {at} s="1"/>'),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_numbers_and_texts_of_their_own(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    whole, read, was_plain = both(styled(tmp_path_factory.getbasetemp() / "own.xlsx", cells))
    assert was_plain
    assert content(read) == content(whole)


@given(
    cells=st.lists(
        st.one_of(
            st.builds(
                '<c {{at}} s="{}"><v>{}</v></c>'.format,
                st.sampled_from([1, 3, 4, 9]),
                st.one_of(st.floats(-5, 1e5), st.integers(0, 10**5)).map(repr),
            ),
            st.sampled_from("01").map('<c {{at}} s="1" t="b"><v>{}</v></c>'.format),
            st.just('<c {at} t="n" s="0"><v>45962.375</v></c>'),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_times_and_truth_values_are_what_calamine_says(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    whole, read, was_plain = both(styled(tmp_path_factory.getbasetemp() / "times.xlsx", cells))
    assert was_plain
    assert content(read) == content(whole)


def test_an_empty_sheet_is_plain(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [["甲"]])
    xml = f"<worksheet {MAIN}><sheetData/></worksheet>"
    whole, read, was_plain = both(replaced(path, tmp_path / "b.xlsx", xml))
    assert was_plain
    assert content(read) == content(whole)
