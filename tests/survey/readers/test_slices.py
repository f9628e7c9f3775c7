"""A large worksheet read in slices gives cell by cell what it gives when read whole."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.errors import ReadError
from survey.readers.container import slices as module
from survey.readers.container.sheet import Sheet
from survey.readers.container.xlsx import read_xlsx

SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def cut_small(patch: pytest.MonkeyPatch, n_bytes: int) -> list[int]:
    """Cut after so many bytes; list how many slices each sheet gave."""
    counts: list[int] = []
    whole = module.slices

    def counted(path: Path, part: str):  # type: ignore[no-untyped-def]
        counts.append(0)
        for data in whole(path, part):
            counts[-1] += 1
            yield data

    patch.setattr("survey.readers.container.xlsx.slices", counted)
    patch.setattr(module, "SLICE_BYTES", n_bytes)
    patch.setattr(module, "_BLOCK", 1024)
    return counts


def content(sheets: list[Sheet]) -> list[object]:
    return [
        (
            sheet.name,
            [(column.levels, column.codes.tolist()) for column in sheet.columns],
            sheet.rows.tolist(),
            sheet.merged,
            sheet.visible,
            [(p.en, p.place) for p in sheet.problems],
        )
        for sheet in sheets
    ]


def by_calamine(patch: pytest.MonkeyPatch) -> None:
    """Let no worksheet be read as arrays."""
    patch.setattr("survey.readers.container.xlsx.plain_sheets", lambda _: {})


def both(path: Path, n_bytes: int = 500) -> tuple[list[Sheet], list[Sheet], list[int]]:
    with pytest.MonkeyPatch.context() as patch:
        by_calamine(patch)
        whole = read_xlsx(path)
        counts = cut_small(patch, n_bytes)
        return whole, read_xlsx(path), counts


def replaced(path: Path, target: Path, xml: str) -> Path:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            new.writestr(part, xml.encode() if part == SHEET else old.read(part))
    return target


def small_book(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def test_every_kind_of_cell_gap_and_merge(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["C4"] = "标题"
    page.merge_cells("C4:E4")
    for row in range(6, 60):
        if row in (20, 21, 40):
            continue
        page.cell(row, 2 + row % 3, f"文本{row % 7}")
        page.cell(row, 6, row * 1.5)
        page.cell(row, 7, dt.datetime(2026, 5, row % 28 + 1, 8, 30))
        page.cell(row, 8, row % 2 == 0)
        page.cell(row, 9, dt.date(2026, 5, 1) if row > 50 else None)
    page["F30"].value, page["F30"].data_type = "#N/A", "e"
    page["K59"] = "最右"
    other = book.create_sheet("其他")
    for row in range(100):
        other.append([row, f"第{row}"])
    other.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    whole, cut, counts = both(tmp_path / "a.xlsx")
    assert len(counts) == 2
    assert min(counts) > 3
    assert content(cut) == content(whole)
    assert cut[0].merged == ((4, 2, 4, 4),)


CELLS = st.one_of(
    st.none(),
    st.integers(-5, 10**12),
    st.floats(-1e6, 1e6),
    st.booleans(),
    st.text("满意一般<&>\"' r=5\n", max_size=8).filter(lambda text: not text.startswith("=")),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=40),
    n_bytes=st.integers(100, 900),
)
def test_any_table(
    rows: list[list[object]], n_bytes: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = small_book(tmp_path_factory.mktemp("any") / "a.xlsx", rows)
    whole, cut, _ = both(path, n_bytes)
    assert content(cut) == content(whole) == content(read_xlsx(path))


def rows_of(form: str, n_rows: int = 40) -> str:
    return "".join(form.format(row=row) for row in range(1, n_rows + 1))


CELL = '<c r="A{row}" t="inlineStr"><is><t>第{row}</t></is></c>'


@pytest.mark.parametrize(
    ("xml", "is_cut"),
    [
        (rows_of(f'<row r="{{row}}" spans="1:1">{CELL}</row>'), True),
        (rows_of(f"<row\n spans='1:1' r='{{row}}'>{CELL}</row>"), True),
        (rows_of(f"<row>{CELL}</row>"), False),
        (rows_of(f'<row x:r="{{row}}" xmlns:x="u">{CELL}</row>'), False),
        (rows_of('<row r="{row}"/>') + rows_of('<row><c t="str"><v>{row}</v></c></row>'), True),
        ('<!-- <row r="9"> -->' + rows_of(f'<row r="{{row}}">{CELL}</row>'), False),
        (
            rows_of(
                '<row r="{row}"><c r="A{row}" t="inlineStr"><is><t><![CDATA[<row r="1">{row}]]>'
                "</t></is></c></row>"
            ),
            False,
        ),
    ],
    ids=["plain", "single quotes", "bare", "foreign r", "blank", "comment", "cdata"],
)
def test_rows_as_other_programs_write_them(tmp_path: Path, xml: str, is_cut: bool) -> None:
    book = small_book(tmp_path / "plain.xlsx", [["x"]])
    path = replaced(
        book, tmp_path / "a.xlsx", f"<worksheet {MAIN}><sheetData>{xml}</sheetData></worksheet>"
    )
    whole, cut, counts = both(path)
    assert (counts[0] > 1) == is_cut
    assert content(cut) == content(whole)
    assert whole[0].n_rows >= 40


def test_prefixed_names(tmp_path: Path) -> None:
    book = small_book(tmp_path / "plain.xlsx", [["x"]])
    rows = rows_of('<x:row r="{row}"><x:c r="B{row}"><x:v>{row}</x:v></x:c></x:row>')
    xml = (
        f"<x:worksheet {MAIN.replace('xmlns', 'xmlns:x')}><x:sheetData>{rows}</x:sheetData>"
        '<x:mergeCells count="1"><x:mergeCell ref="B2:B3"/></x:mergeCells></x:worksheet>'
    )
    whole, cut, counts = both(replaced(book, tmp_path / "a.xlsx", xml))
    assert counts[0] > 1
    assert content(cut) == content(whole)
    assert cut[0].columns[1].texts() == [str(row) for row in range(1, 41)]


def test_rows_out_of_order_are_refused_when_cut(tmp_path: Path) -> None:
    book = small_book(tmp_path / "plain.xlsx", [["x"]])
    rows = rows_of(f'<row r="{{row}}">{CELL}</row>')
    xml = f"<worksheet {MAIN}><sheetData>{rows}{rows}</sheetData></worksheet>"
    path = replaced(book, tmp_path / "a.xlsx", xml)
    with pytest.MonkeyPatch.context() as patch:
        cut_small(patch, 500)
        by_calamine(patch)
        with pytest.raises(ReadError, match="损坏"):
            read_xlsx(path)


def test_no_slice_holds_much_more_than_its_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small_book(tmp_path / "a.xlsx", [[f"第{row}", "满意"] * 5 for row in range(2000)])
    monkeypatch.setattr(module, "SLICE_BYTES", 40_000)
    monkeypatch.setattr(module, "_BLOCK", 4_000)
    (part,) = module.large_sheets(path, n_bytes=10**6).values()
    sizes = []
    for data in module.slices(path, part):
        with zipfile.ZipFile(data) as book:
            sizes.append(book.getinfo(part).file_size)
    assert len(sizes) > 5
    assert max(sizes) < 50_000
