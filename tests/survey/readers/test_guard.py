"""Hostile and mislabelled files: refused quickly, with a message that says why."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from survey.errors import ReadError
from survey.readers import expand, open_export
from survey.readers.container import guard
from survey.readers.container.xlsx import read_xlsx
from tests.writers.files import write_csv, write_ods, write_xls, write_xlsb, write_xlsx

TABLE = [
    ["序号", "提交答卷时间", "1、您的性别"],
    ["1", "2025/7/4 7:05:34", "男"],
    ["2", "2025/7/4 7:06:00", "女"],
]


def workbook(path: Path, parts: dict[str, bytes] | None = None) -> Path:
    """A small real workbook with some parts replaced or added."""
    source = io.BytesIO()
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in TABLE:
        page.append(row)
    book.save(source)
    given = dict(parts or {})
    with (
        zipfile.ZipFile(source) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            new.writestr(name, given.pop(name, None) or old.read(name))
        for name, data in given.items():
            new.writestr(name, data)
    return path


def sheet(*cells: str) -> bytes:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + "".join(cells)
        + "</sheetData></worksheet>"
    ).encode()


SHEET = "xl/worksheets/sheet1.xml"
FAR = sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def far_cell(path: Path) -> Path:
    return workbook(path, {SHEET: FAR})


def far_cell_in_a_row_that_lies(path: Path) -> Path:
    return workbook(
        path, {SHEET: sheet('<row r="1"><c s="0"  r = \'XFD1048576\'><v>1</v></c></row>')}
    )


def far_cell_of_another_kind(path: Path) -> Path:
    return workbook(path, {SHEET: FAR.replace(b"<v>", b' t="b"><v>').replace(b'"> t', b'" t')})


def far_cell_in_a_part_of_another_name(path: Path) -> Path:
    links = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(workbook(path)) as book:
        moved = book.read(links).replace(b"worksheets/sheet1.xml", b"media/photo.bin")
    return workbook(path, {"xl/media/photo.bin": FAR, links: moved})


def wide_characters(path: Path) -> Path:
    return workbook(path, {SHEET: FAR.decode().encode("utf-16")})


def many_strings(path: Path) -> Path:
    item = b"<si><t>" + b"\xe6\xbb\xa1" * 333 + b"</t></si>"
    return workbook(path, {"xl/sharedStrings.xml": b"<sst>" + item * 95_000 + b"</sst>"})


def bomb(path: Path) -> Path:
    """About 2 MB that inflate to 2 GB: one flushed block of zeros, repeated."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflater.compress(bytes(2**20)) + deflater.flush(zlib.Z_FULL_FLUSH)
    packed = block * 2048 + deflater.flush()
    return _with_raw_part(workbook(path), "xl/media/image1.bin", packed, 2**31, 0)


def _with_raw_part(path: Path, name: str, packed: bytes, size: int, crc: int) -> Path:
    """Append a part whose directory entry says whatever is asked."""
    content = path.read_bytes()
    end = content.rfind(b"PK\x05\x06")
    count, length, offset = struct.unpack("<HII", content[end + 10 : end + 20])
    fields = struct.pack(
        "<HHHHHIIIHH", 20, 0, 8, 0, 0, crc, len(packed), size & 0xFFFFFFFF, len(name), 0
    )
    local = b"PK\x03\x04" + fields + name.encode() + packed
    entry = (
        b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, offset)
    )
    directory = content[offset : offset + length] + entry + name.encode()
    tail = struct.pack(
        "<HHHHIIH", 0, 0, count + 1, count + 1, len(directory), offset + len(local), 0
    )
    path.write_bytes(content[:offset] + local + directory + b"PK\x05\x06" + tail)
    return path


def part_that_lies_about_its_size(path: Path) -> Path:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflater.compress(bytes(3 * 2**20)) + deflater.flush()
    return _with_raw_part(workbook(path), "xl/media/i.bin", packed, 10, zlib.crc32(bytes(10)))


def many_parts(path: Path) -> Path:
    return workbook(path, {f"xl/media/{i}.bin": b"x" for i in range(2_001)})


def entities(path: Path) -> Path:
    dtd = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    return workbook(path, {"xl/sharedStrings.xml": dtd + b"<sst><si><t>&b;</t></si></sst>"})


def encrypted(path: Path) -> Path:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    )
    return path


def word_document(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return path


def nested_zip(path: Path) -> Path:
    inner = workbook(path.with_name("inner.xlsx")).read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.xlsx", inner)
    return path


def web_page(path: Path) -> Path:
    path.write_text("<html><table><tr><td>序号</td></tr></table></html>", "utf-8")
    return path


def pdf(path: Path) -> Path:
    path.write_bytes(b"%PDF-1.7\n")
    return path


def nothing(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def half_a_workbook(path: Path) -> Path:
    content = workbook(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def binary(path: Path) -> Path:
    path.write_bytes(bytes(range(256)) * 10)
    return path


REFUSED: list[tuple[Callable[[Path], Path], str]] = [
    (far_cell, "1,048,576"),
    (far_cell_of_another_kind, "1,048,576"),
    (far_cell_in_a_row_that_lies, "16,384"),
    (far_cell_in_a_part_of_another_name, "1,048,576"),
    (wide_characters, "损坏"),
    (many_strings, "压缩"),
    (bomb, "压缩"),
    (part_that_lies_about_its_size, "损坏"),
    (many_parts, "部件"),
    (entities, "DTD"),
    (encrypted, "密码"),
    (word_document, "docx"),
    (nested_zip, "解压"),
    (web_page, "网页"),
    (pdf, "PDF"),
    (nothing, "空的"),
    (half_a_workbook, "损坏"),
    (binary, "字节"),
]


@pytest.mark.parametrize(("make", "word"), REFUSED, ids=[make.__name__ for make, _ in REFUSED])
def test_refused(make: Callable[[Path], Path], word: str, tmp_path: Path) -> None:
    path = make(tmp_path / "export.xlsx")
    started = time.perf_counter()
    with pytest.raises(ReadError) as caught:
        open_export(path)
    assert time.perf_counter() - started < 3
    assert word in caught.value.text("zh")
    assert "export.xlsx" in caught.value.text("zh")
    assert caught.value.text("en").isascii()


@pytest.mark.parametrize("make", [far_cell, many_strings, bomb])
def test_refused_with_little_memory(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path / "export.xlsx")
    tracemalloc.start()
    try:
        with pytest.raises(ReadError):
            open_export(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 * 2**20


def test_caps_on_parts_that_do_not_compress_so_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strings = b"<sst>" + b"".join(b"<si><t>%d</t></si>" % (i * i) for i in range(9_000)) + b"</sst>"
    path = workbook(tmp_path / "a.xlsx", {"xl/sharedStrings.xml": strings})
    monkeypatch.setattr(guard, "MAX_STRINGS_BYTES", 50_000)
    with pytest.raises(ReadError, match="共享字符串"):
        open_export(path)
    monkeypatch.setattr(guard, "MAX_STRINGS_BYTES", 2**26)
    monkeypatch.setattr(guard, "MAX_TOTAL_BYTES", 50_000)
    assert open_export(path).n_rows == 2
    monkeypatch.setattr(guard, "MAX_TOTAL_RATIO", 2)
    with pytest.raises(ReadError, match="全部内容"):
        open_export(path)
    monkeypatch.setattr(guard, "MAX_TOTAL_RATIO", 50)
    monkeypatch.setattr(guard, "MAX_STREAMED_BYTES", 60_000)
    with pytest.raises(ReadError, match="全部内容"):
        open_export(path)


@pytest.mark.parametrize("booleans", [False, True])
def test_a_sheet_may_be_large_but_not_nearly_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, booleans: bool
) -> None:
    monkeypatch.setattr(guard, "MAX_BOX_CELLS", 100)
    rows: list[list[object]] = [
        ["1、甲", "2、乙", "3、丙"],
        *([["是", "否", booleans or "否"]] * 99),
    ]
    path = tmp_path / "a.xlsx"
    assert open_export(write_xlsx(path, rows)).n_rows == 99
    rows[0] += [None] * 12 + ["4、丁"]
    with pytest.raises(ReadError, match="第 100 行、第 16 列"):
        open_export(write_xlsx(path, rows))
    monkeypatch.setattr(guard, "MAX_CELLS", 1_000)
    full = [["1、甲", *["否"] * 11], *([["是"] * 12] * 99)]
    with pytest.raises(ReadError, match="1,200"):
        open_export(write_xlsx(path, full))


def test_sizes_of_the_attacks(tmp_path: Path) -> None:
    assert far_cell(tmp_path / "a.xlsx").stat().st_size < 8_000
    assert many_strings(tmp_path / "b.xlsx").stat().st_size < 500_000
    assert bomb(tmp_path / "c.xlsx").stat().st_size < 2_500_000


@pytest.mark.parametrize("name", ["a.ods", "a.xlsb", "a.xlsx", "名册.xls"])
@pytest.mark.parametrize("write", [write_ods, write_xlsb])
def test_other_workbooks_are_read_whatever_they_are_called(
    write: Callable[..., Path], name: str, tmp_path: Path
) -> None:
    export = open_export(write(tmp_path / name, TABLE))
    assert export.platform == "wjx"
    assert export.answers("1").tolist() == ["男", "女"]


@pytest.mark.parametrize(
    ("write", "far"), [(write_ods, {"repeated": 2**30}), (write_xlsb, {"last_row": 2**20 - 1})]
)
def test_a_far_cell_of_other_workbooks_is_refused(
    write: Callable[..., Path], far: dict[str, int], tmp_path: Path
) -> None:
    with pytest.raises(ReadError, match=r"损坏|撑得过大"):
        open_export(write(tmp_path / "a", [row * 10 for row in TABLE], **far))


def test_numbers_formatted_as_durations_beyond_any_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "答卷"
    for row in [["支部", "电话"], ["甲支部", 13912345678], ["乙支部", 13712345678]]:
        page.append(row)
    page["B3"].number_format = "[h]:mm:ss"
    book.save(tmp_path / "a.xlsx")
    (sheet,) = read_xlsx(tmp_path / "a.xlsx")
    assert sheet.columns[1].texts() == ["电话", "13912345678", "13712345678"]
    (told,) = sheet.problems
    assert "[h]:mm" in told.zh
    assert told.place.column == "B"
    page["C3"] = "=1/0"
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(ReadError, match=r"工作表 答卷：.*\[h\]:mm.*电话") as refused:
        open_export(tmp_path / "b.xlsx")
    assert "损坏" not in refused.value.text()


@pytest.mark.parametrize("pattern", ["yyyy-mm-dd", "[h]:mm"])
def test_numbers_of_xls_formatted_as_dates_beyond_any_stay_numbers(
    pattern: str, tmp_path: Path
) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("答卷")
    for i, row in enumerate([["支部", "房间"], ["甲支部", 13912345678], ["乙支部", 45992]]):
        for j, cell in enumerate(row):
            page.write(i, j, cell, xlwt.easyxf(num_format_str=pattern))
    book.save(str(tmp_path / "a.xls"))
    told = open_export(tmp_path / "a.xls").answers("房间").tolist()
    assert told == ["13912345678", "2025-12-01 00:00:00"]


def test_numbers_documents_come_with_the_way_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.numbers", "w") as archive:
        archive.writestr("Index/Document.iwa", b"x")
    with pytest.raises(ReadError, match="导出为 → Excel"):
        open_export(tmp_path / "a.numbers")


def test_missing_folder_and_wrong_sheet(tmp_path: Path) -> None:
    for path, word in ((tmp_path / "none.xlsx", "找不到"), (tmp_path, "文件夹")):
        with pytest.raises(ReadError, match=word):
            open_export(path)
    good = workbook(tmp_path / "good.xlsx")
    with pytest.raises(ReadError, match="Sheet"):
        open_export(good, sheet="没有")
    with pytest.raises(ReadError, match="wjx"):
        open_export(good, platform="没有")


def test_an_empty_workbook_and_one_without_answers(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="没有任何内容"):
        open_export(write_xlsx(tmp_path / "empty.xlsx", []))
    with pytest.raises(ReadError, match="没有任何答卷"):
        open_export(write_xlsx(tmp_path / "header.xlsx", TABLE[:1]))


def test_several_sheets_must_be_named(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(tmp_path / "two.xlsx"))
    page = book.create_sheet("另一个")
    for row in TABLE:
        page.append(row)
    book.save(tmp_path / "two.xlsx")
    with pytest.raises(ReadError, match="另一个"):
        open_export(tmp_path / "two.xlsx")
    assert open_export(tmp_path / "two.xlsx", sheet="另一个").n_rows == 2


def test_a_hidden_sheet_is_not_read_by_accident(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(tmp_path / "hidden.xlsx"))
    page = book.create_sheet("旧数据", 0)
    for row in [*TABLE, ["3", "2025/7/4 8:00:00", "男"]]:
        page.append(row)
    page.sheet_state = "hidden"
    book.save(tmp_path / "hidden.xlsx")
    export = open_export(tmp_path / "hidden.xlsx")
    assert export.n_rows == 2
    assert [p.place.sheet for p in export.problems if "隐藏" in p.zh] == ["旧数据"]
    assert open_export(tmp_path / "hidden.xlsx", sheet="旧数据").n_rows == 3


def test_error_cells_and_formulas_without_value_are_reported(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(tmp_path / "errors.xlsx"))
    page = book.active
    assert page is not None
    page["C2"] = "#DIV/0!"
    page["C2"].data_type = "e"
    page["C3"] = "=1+1"
    page.append(["3", "2025/7/4 8:00:00", "女"])
    book.save(tmp_path / "errors.xlsx")
    assert guard.look(tmp_path / "errors.xlsx", ()).flagged
    export = open_export(tmp_path / "errors.xlsx")
    found = {(p.place.row, p.place.column) for p in export.problems if p.severity == "warning"}
    assert found == {(2, "C"), (3, "C")}
    assert export.status(1).tolist() == ["missing", "missing", "valid"]


def test_numbers_dates_and_booleans_are_read_by_content(tmp_path: Path) -> None:
    from datetime import datetime

    rows = [
        ["序号", "提交答卷时间", "1、评分", "2、学号", "3、是否", "4、甲"],
        [1.0, datetime(2025, 7, 4, 7, 5, 34), 4.0, 20241234567890.0, True, "4.0"],
        ["2", "2025/7/4 7:06", "4", "20241234567891", "TRUE", 4],
    ]
    export = open_export(write_xlsx(tmp_path / "types.xlsx", rows))
    assert export.answers(1).tolist() == ["4", "4"]
    assert export.answers(2).tolist() == ["20241234567890", "20241234567891"]
    assert export.answers(3).tolist() == ["TRUE", "TRUE"]
    assert export.answers(4).tolist() == ["4", "4"]
    assert export.metadata["sequence"].tolist() == ["1", "2"]
    assert export.metadata["submitted_at"].notna().all()


def test_a_table_away_from_the_corner_keeps_its_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for i, row in enumerate(TABLE):
        for j, cell in enumerate(row):
            page.cell(i + 1, j + 3, cell)
    book.save(tmp_path / "corner.xlsx")
    export = open_export(tmp_path / "corner.xlsx")
    assert export.find(1).question.columns == (4,)
    assert export.provenance["row"].tolist() == [2, 3]


def test_a_full_sheet_is_probably_truncated(tmp_path: Path) -> None:
    export = open_export(
        write_xls(tmp_path / "a.xls", [["1、甲", "2、乙"], *([["a", "b"]] * 65_535)])
    )
    assert any("截断" in problem.zh for problem in export.problems)


def test_bad_bytes_are_named_by_their_offset(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", TABLE, encoding="utf-8")
    content = path.read_bytes()
    path.write_bytes(content[:60] + b"\xff\xff" + content[60:])
    with pytest.raises(ReadError, match="60"):
        open_export(path)


def test_an_encoding_that_nobody_announced(tmp_path: Path) -> None:
    text = "序號,提交時間,1、您對圖書館的服務是否滿意\n1,2025/7/4,非常滿意希望學校改善宿舍環境\n"
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("big5"))
    with pytest.raises(ReadError, match="encoding"):
        open_export(path)
    assert "圖書館" in open_export(path, encoding="big5").questions[-1].stem
    path.write_bytes(text.encode("gb18030"))
    assert "圖書館" in open_export(path).questions[-1].stem
    with pytest.raises(ReadError, match="编码"):
        open_export(path, encoding="没有")


def test_slipped_and_short_rows(tmp_path: Path) -> None:
    good = [["序号", "提交答卷时间", "1、甲", "2、乙"]] + [
        [str(i), "2025/7/4 7:05:34", "是", "否"] for i in range(12)
    ]
    path = write_csv(tmp_path / "long.csv", [*good, ["12", "2025/7/4 7:05:34", "是", "否", "否"]])
    with pytest.raises(ReadError, match="错位") as caught:
        open_export(path)
    assert caught.value.place is not None
    assert caught.value.place.row == 14
    early = [*good[:3], [*good[3], "多"], *good[4:]]
    with pytest.raises(ReadError, match="错位") as caught:
        open_export(write_csv(tmp_path / "early.csv", early))
    assert caught.value.place is not None
    assert caught.value.place.row == 4
    about = [["单位", "某大学"], ["时间", "2025"], []]
    assert open_export(write_csv(tmp_path / "about.csv", [*about, *good])).n_rows == 12
    export = open_export(
        write_csv(tmp_path / "short.csv", [*good, ["12", "2025/7/4 7:05:34", "是"]])
    )
    assert [p.place.row for p in export.problems if p.severity == "warning"] == [14]
    assert export.status(2).tolist()[-1] == "missing"


def test_expand_leaves_lock_files_out(tmp_path: Path) -> None:
    names = ["b.xlsx", "a.csv", "~$b.xlsx", ".~b.xlsx", "c.docx"]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in expand(tmp_path)] == ["a.csv", "b.xlsx"]
    assert expand([tmp_path / "b.xlsx", tmp_path / "b.xlsx"]) == [tmp_path / "b.xlsx"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadError):
        expand(tmp_path / "empty")


def test_faulty_cells_in_every_notation(tmp_path: Path) -> None:
    header = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABCDE", ["1、甲", "2、乙", "3、丙", "4、丁", "5、戊"], strict=True)
    )
    cells = (
        '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"><f>1+1</f></c>'
        '<c r="C2" t="str"><f>""</f><v></v></c><c r="D2"><f>1+1</f><v>2</v></c>'
        "<c t='e'><f>1/0</f><v>#DIV/0!</v></c></row>"
    )
    path = workbook(tmp_path / "f.xlsx", {SHEET: sheet(f'<row r="1">{header}</row>', cells)})
    export = open_export(path)
    found = [(p.place.row, p.place.column) for p in export.problems if p.severity == "warning"]
    assert found == [(2, "A"), (2, "B"), (2, "E")]
    assert export.answers(4).tolist() == ["2"]
    assert export.status(5).tolist() == ["missing"]


def test_thousands_of_faulty_cells_are_counted(tmp_path: Path) -> None:
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>1、甲</t></is></c></row>'
    rows = [f'<row r="{i}"><c r="A{i}" t="e"><v>#N/A</v></c></row>' for i in range(2, 500)]
    good = '<row r="500"><c r="A500" t="inlineStr"><is><t>是</t></is></c></row>'
    path = workbook(tmp_path / "f.xlsx", {SHEET: sheet(header, *rows, good)})
    warnings = [p for p in open_export(path).problems if p.severity == "warning"]
    assert len(warnings) == 51
    assert "448" in warnings[-1].zh
