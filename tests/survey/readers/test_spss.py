"""SPSS files: as another reader gives them, as other programs write them, and hostile ones."""

from __future__ import annotations

import datetime as dt
import random
import struct
import sys
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from survey.errors import ReadError
from survey.readers import open_export
from survey.readers.container import spss
from survey.readers.container.sheet import Sheet, encode
from survey.readers.container.spss import read_spss

ABSENT = -1.7976931348623157e308


def only(path: Path) -> Sheet:
    (sheet,) = read_spss(path)
    return sheet


def by_pyreadstat(path: Path) -> list[list[str]]:
    """All columns under their headers, value labels in place of codes."""
    frame, meta = pyreadstat.read_sav(str(path))
    columns: list[list[object]] = []
    for name, label in zip(meta.column_names, meta.column_labels, strict=True):
        labels = meta.variable_value_labels.get(name, {})
        cells = [None if pd.isna(cell) else cell for cell in frame[name]]
        columns.append([label or name, *(labels.get(cell, cell) for cell in cells)])
    return [column.texts() for column in encode(columns)]


def answers(rng: random.Random, n: int) -> pd.DataFrame:
    start = dt.datetime(2025, 3, 1)
    long = [200, 255, 256, 257, 504, 505, 760, 3000]
    return pd.DataFrame(
        {
            "支部": [f"第{rng.randrange(9)}党支部" for _ in range(n)],
            "Q1_overall_long_name": [
                rng.choice([1.0, 2.0, 5.0, 8.0, 9.0, np.nan]) for _ in range(n)
            ],
            "Q2": [rng.choice([-3.0, 0.0, 1.5, 151.0, 152.0, 1e10, 99.0]) for _ in range(n)],
            "建议": [rng.choice(["", " 改进  ", "多谈心" * rng.randrange(20)]) for _ in range(n)],
            "long": [
                "".join(rng.choices("abc 满", k=rng.choice(long) // 3)) + "." for _ in range(n)
            ],
            "code": [rng.choice(["y", "n", ""]) for _ in range(n)],
            "day": [dt.date(2025, 1, 1) + dt.timedelta(rng.randrange(900)) for _ in range(n)],
            "sent": [start + dt.timedelta(seconds=rng.randrange(9**8)) for _ in range(n)],
            "behind": [float(i) for i in range(n)],
        }
    )


@pytest.mark.parametrize("how", [{}, {"row_compress": True}, {"compress": True}])
@pytest.mark.parametrize("n", [1, 7, 3000])
def test_the_same_as_another_reader(
    n: int, how: dict[str, bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(
        answers(random.Random(n), n),
        str(path),
        column_labels=["1、您所在的党支部", "总体", *[""] * 7],
        variable_value_labels={
            "Q1_overall_long_name": {1.0: "非常满意", 2.0: "满意  ", 9.0: "拒答"},
            "code": {"y": "是", "n": "否"},
            "Q2": {151.0: "极大"},
        },
        missing_ranges={"Q1_overall_long_name": [{"lo": 8, "hi": 9}], "Q2": [99.0, -3.0]},
        **how,
    )
    assert [column.texts() for column in only(path).columns] == by_pyreadstat(path)
    assert not only(path).problems
    monkeypatch.setattr(spss, "_BLOCK_WORDS", 2_000)
    monkeypatch.setattr(spss, "_READ_BYTES", 4_096)
    assert [column.texts() for column in only(path).columns] == by_pyreadstat(path)


def record(order: str, width: int, name: bytes, shown: int = 5, label: bytes = b"") -> bytes:
    padded = label + b" " * (-len(label) % 4)
    told = struct.pack(order + "i", len(label)) + padded if label else b""
    head = struct.pack(order + "6i", 2, width, bool(label), 0, shown << 16, shown << 16)
    return head + name.ljust(8) + told


def by_hand(
    path: Path,
    variables: Sequence[bytes],
    data: bytes,
    *,
    order: str = "<",
    compression: int = 0,
    n_cases: int = -1,
    extensions: bytes = b"",
) -> Path:
    """A file as programs without ReadStat write it, in either order of bytes."""
    kind = b"$FL3" if compression == 2 else b"$FL2"
    head = struct.pack(order + "5id", 2, len(variables), compression, 0, n_cases, 100.0)
    start = kind + b"@(#) by hand".ljust(60) + head + bytes(84)
    end = struct.pack(order + "2i", 999, 0)
    path.write_bytes(start + b"".join(variables) + extensions + end + data)
    return path


def extension(order: str, subtype: int, size: int, data: bytes) -> bytes:
    return struct.pack(order + "4i", 7, subtype, size, len(data) // size) + data


@pytest.mark.parametrize("order", ["<", ">"])
def test_either_order_of_bytes_and_the_encoding_that_is_told(order: str, tmp_path: Path) -> None:
    machine = extension(order, 3, 4, struct.pack(order + "8i", *[1] * 7, 936))
    labels = struct.pack(order + "2i", 3, 1) + struct.pack(order + "d", 2.0)
    labels += b"\6" + "不满意".encode("gbk") + b" " + struct.pack(order + "3i", 4, 1, 1)
    variables = [record(order, 0, b"Q1", label="总体".encode("gbk")), record(order, 8, b"WHO")]
    rows = [(1.0, "甲支部"), (2.0, "乙支部"), (ABSENT, "")]
    data = b"".join(
        struct.pack(order + "d", score) + who.encode("gbk").ljust(8) for score, who in rows
    )
    path = by_hand(tmp_path / "a.sav", variables, data, order=order, extensions=labels + machine)
    told = [column.texts() for column in only(path).columns]
    assert told == [["总体", "1", "不满意", ""], ["WHO", "甲支部", "乙支部", ""]]


def charset(code: int | None, name: bytes = b"") -> bytes:
    machine = b"" if code is None else extension("<", 3, 4, struct.pack("<8i", *[1] * 7, code))
    return machine + (extension("<", 20, 1, name) if name else b"")


def in_bytes(path: Path, encoding: str, texts: Sequence[str], extensions: bytes = b"") -> Path:
    """The first text as label of a number, the second as that of a value, others as cells."""
    header, label, *cells = (text.encode(encoding) for text in texts)
    labels = struct.pack("<2id", 3, 1, 1.0) + bytes([len(label)]) + label
    labels += bytes(-len(labels) % 8) + struct.pack("<3i", 4, 1, 1)
    variables = [record("<", 0, b"Q1", label=header), record("<", 16, b"Q2")]
    variables += [record("<", -1, b""), labels]
    data = b"".join(struct.pack("<d", 1.0) + cell.ljust(16) for cell in cells)
    return by_hand(path, variables, data, extensions=extensions)


def cells(sheet: Sheet) -> list[str]:
    (header, label, *_), (_, *others) = (column.texts() for column in sheet.columns)
    return [header, label, *others]


@pytest.mark.parametrize("code", [None, 2, 3])
def test_all_texts_have_the_first_encoding_that_all_can_have(
    code: int | None, tmp_path: Path
) -> None:
    # as GBK writes the first three they could be UTF-8
    texts = ["硕士", "女", "女", "博士", "职工"]
    for encoding in ("utf-8", "gbk", "gb18030"):
        path = in_bytes(tmp_path / "a.sav", encoding, texts, charset(code))
        assert cells(only(path)) == texts
    ambiguous = in_bytes(tmp_path / "a.sav", "gbk", texts[:3], charset(code))
    assert cells(read_spss(ambiguous, "gbk")[0]) == texts[:3]
    for cell in ("\xff", "Qualit\xe9", "b\x80"):  # none of them is cut off for a character
        odd = in_bytes(tmp_path / "a.sav", "latin-1", ["a", "b", cell], charset(code))
        with pytest.raises(ReadError, match=r"utf-8 / gb18030 解码.*--encoding"):
            read_spss(odd)
    old = in_bytes(
        tmp_path / "a.sav", "big5", ["對學校的總體滿意程度", "滿意", "無"], charset(code)
    )
    with pytest.raises(ReadError, match=r"生僻字.*--encoding.*big5"):
        read_spss(old)
    assert cells(read_spss(old, "big5")[0])[1] == "滿意"


@pytest.mark.parametrize(
    ("code", "name", "written"),
    [
        (None, b"windows-936-2000", "gbk"),
        (None, b"ibm-1386_P100-2001", "gbk"),
        (1252, b"GB2312", "gb18030"),
        (None, b"EUC-CN", "gbk"),
        (None, b"Big5", "cp950"),
        (None, b"windows-950-2000", "cp950"),
        (54936, b"", "gb18030"),
        (65001, b"  ", "utf-8"),
    ],
)
def test_an_encoding_is_known_by_any_of_its_names(
    code: int | None, name: bytes, written: str, tmp_path: Path
) -> None:
    texts = ["名稱", "滿意", "宏碁", "恒"]
    path = in_bytes(tmp_path / "a.sav", written, texts, charset(code, name))
    assert cells(only(path)) == texts


def test_code_pages_of_windows_and_of_iso(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    for code, encoding in ((28591, "latin-1"), (28605, "iso8859-15"), (1252, "cp1252")):
        assert cells(only(in_bytes(path, encoding, ["Étude", "très", "ß"], charset(code)))) == [
            "Étude",
            "très",
            "ß",
        ]
    euro = in_bytes(path, "latin-1", ["\x80", "a\x80", "\x81\x80"], charset(936))
    assert cells(only(euro)) == ["€", "a€", b"\x81\x80".decode("gbk")]


def test_a_stated_encoding_that_fails_is_refused_with_the_place(tmp_path: Path) -> None:
    damaged = "不\udce6\udc84意"
    texts = ["总体", "满意", "满意", "不满意"]
    for at, told in ((0, "列 Q1"), (1, "列 Q1"), (3, "第 3 行，列 Q2")):
        broken = [*texts[:at], damaged, *texts[at + 1 :]]
        header, label, *others = (text.encode("utf-8", "surrogateescape") for text in broken)
        raw = [part.decode("latin-1") for part in (header, label, *others)]
        path = in_bytes(tmp_path / "a.sav", "latin-1", raw, charset(65001, b"UTF-8"))
        with pytest.raises(ReadError, match=rf"{told}：文本无法按 UTF-8 解码.*--encoding"):
            read_spss(path)
    other = in_bytes(tmp_path / "a.sav", "gbk", texts, charset(1252))
    assert cells(read_spss(other, "gbk")[0]) == texts
    with pytest.raises(ReadError, match="按 utf-8 解码"):
        open_export(other, encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["no-such", "99999", "hex", "rot13", "utf-16", "utf-7", "unicode_escape"]
)
def test_what_is_no_encoding_of_such_a_file_is_told(name: str, tmp_path: Path) -> None:
    path = in_bytes(tmp_path / "a.sav", "gbk", ["总体", "满意", "无"], charset(None, name.encode()))
    with pytest.raises(ReadError, match=f"不认识的编码 {name}.*--encoding"):
        read_spss(path)
    assert cells(read_spss(path, "gbk")[0])[0] == "总体"
    with pytest.raises(ReadError, match=f"不认识的编码 {name}"):
        read_spss(in_bytes(tmp_path / "a.sav", "gbk", ["总体", "满意", "无"]), name)


def test_labels_of_long_texts_in_a_file_without_long_names(tmp_path: Path) -> None:
    counted = [b"where", struct.pack("<2i", 9, 2), b"canteen  ", "食堂".encode()]
    counted += [b"dormitory", "宿舍".encode()]
    told = b"".join(c if at == 1 else struct.pack("<i", len(c)) + c for at, c in enumerate(counted))
    missing = b"\5\0\0\0where\1" + struct.pack("<i", 8) + b"none    "
    variables = [record("<", 9, b"WHERE"), record("<", -1, b"")]
    data = b"".join(cell.ljust(16) for cell in (b"canteen", b"none", b"dormitory", b"here"))
    more = extension("<", 21, 1, told) + extension("<", 22, 1, missing)
    sheet = only(by_hand(tmp_path / "a.sav", variables, data, extensions=more))
    assert sheet.columns[0].texts() == ["WHERE", "食堂", "", "宿舍", "here"]
    other = more.replace(b"where", b"there")
    with pytest.raises(ReadError, match="损坏"):
        read_spss(by_hand(tmp_path / "a.sav", variables, data, extensions=other))


@pytest.mark.parametrize("blank", [" ", "    ", "\u3000"])
def test_blank_labels_are_none(blank: str, tmp_path: Path) -> None:
    path = in_bytes(tmp_path / "a.sav", "utf-8", [blank, blank, "x"])
    assert cells(only(path)) == ["Q1", "1", "x"]


def test_a_text_cut_off_within_a_character_keeps_what_is_whole_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    for code, cut in ((65001, "满意的".encode()[:8]), (936, "x满意满意".encode("gbk")[:8])):
        by_hand(path, [record("<", 8, b"Q1")], cut, extensions=charset(code))
        whole = cut.decode({936: "gbk"}.get(code, "utf-8"), "ignore")
        assert only(path).columns[0].texts() == ["Q1", whole]
    by_hand(path, [record("<", 8, b"Q1")], cut)
    with pytest.raises(ReadError, match="--encoding"):
        read_spss(path)


def test_times_beyond_any_stay_numbers_and_are_named(tmp_path: Path) -> None:
    rows = [13_970_000_000.0, 4e11, -4e12, 3e15, ABSENT]
    data = struct.pack("<5d", *rows)
    sheet = only(by_hand(tmp_path / "a.sav", [record("<", 0, b"SENT", shown=22)], data))
    shown = ["SENT", str(dt.datetime(1582, 10, 14) + dt.timedelta(seconds=rows[0]))]
    assert sheet.columns[0].texts() == [
        *shown,
        "400000000000",
        "-4000000000000",
        str(3 * 10**15),
        "",
    ]
    (told,) = sheet.problems
    assert "超出了任何日期" in told.zh
    assert told.place.column == "SENT"


def test_durations_are_written_as_those_of_workbooks(tmp_path: Path) -> None:
    data = struct.pack("<3d", 425.0, 90_000.0, 45.5)
    sheet = only(by_hand(tmp_path / "a.sav", [record("<", 0, b"TOOK", shown=21)], data))
    expected = [dt.time(0, 7, 5), dt.timedelta(seconds=90_000), dt.time(0, 0, 45, 500_000)]
    assert sheet.columns[0].texts() == ["TOOK", *map(str, expected)]


def packed(codes: bytes) -> bytes:
    return codes + bytes(-len(codes) % 8)


def zipped(content: bytes, n_cut: int = 0) -> bytes:
    deflated = zlib.compress(content, 9)
    deflated = deflated[: len(deflated) - n_cut]
    end = 176 + len(record("<", 0, b"Q1")) + 8 + 24 + len(deflated)
    return struct.pack("<3q", 0, end, 0) + deflated


BAD = {
    "fewer cases than told": ([record("<", 0, b"Q1")], bytes(80), {"n_cases": 11}),
    "half a case": ([record("<", 0, b"Q1"), record("<", 0, b"Q2")], bytes(24), {}),
    "a text behind the case": ([record("<", 80, b"Q1")], bytes(80), {}),
    "words that do not follow": ([record("<", 0, b"Q1")], packed(b"\xfd" * 8), {"compression": 1}),
    "labels of no variable": (
        [record("<", 0, b"Q1"), struct.pack("<5i", 3, 0, 4, 1, 9)],
        bytes(8),
        {},
    ),
    "labels without end": ([record("<", 0, b"Q1"), struct.pack("<2i", 3, 2**31 - 1)], b"", {}),
    "an extension without end": (
        [record("<", 0, b"Q1"), struct.pack("<4i", 7, 13, 2**16, 2**15)],
        b"",
        {},
    ),
    "bytes of no word": ([record("<", 0, b"Q1")], bytes(8) + b"abc", {}),
    "bytes of no word behind codes": (
        [record("<", 0, b"Q1")],
        packed(b"\xfd") + bytes(8) + b"\xfd\0",
        {"compression": 1},
    ),
    "no variable": ([], bytes(2**24), {}),
    "a deflated block cut off": (
        [record("<", 0, b"Q1")],
        zipped(b"\xff" * 80, n_cut=5),
        {"compression": 2},
    ),
    "no deflated block": (
        [record("<", 0, b"Q1")],
        zipped(b"")[:24] + b"x" * 99,
        {"compression": 2},
    ),
    "blocks that end before they begin": (
        [record("<", 0, b"Q1")],
        bytes(24) + zipped(b"\xff" * 8)[24:],
        {"compression": 2},
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_does_not_hang_together_is_refused(name: str, tmp_path: Path) -> None:
    variables, data, how = BAD[name]
    with pytest.raises(ReadError, match=r"损坏.*SPSS 打开"):
        read_spss(by_hand(tmp_path / "a.sav", variables, data, **how))  # type: ignore[arg-type]


def test_texts_that_are_mostly_blank_are_no_bomb(tmp_path: Path) -> None:
    variables = [record("<", 0, b"Q1"), record("<", 248, b"Q2")]
    variables += [record("<", -1, b"")] * 30
    path = tmp_path / "a.zsav"
    codes = (b"\x65" + b"\xfe" * 31) * 600_000  # 19 MB in 20 kB
    end = 176 + sum(map(len, variables)) + 8 + 24
    deflated = zlib.compress(codes, 9)
    data = struct.pack("<3q", 0, end + len(deflated), 0) + deflated
    sheet = only(by_hand(path, variables, data, compression=2))
    assert path.stat().st_size < 50_000
    assert [column.levels for column in sheet.columns] == [("Q1", "1"), ("Q2", "")]
    assert sheet.n_rows == 600_001


def test_blocks_that_end_where_reading_pauses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spss, "_READ_BYTES", 4_096)
    for n in (0, 8, 4_088, 4_096, 4_104, 8_192):
        deflated = zlib.compress(b"\xff" * n)
        start = 176 + len(record("<", 0, b"Q1")) + 8 + 24
        data = struct.pack("<3q", 0, start + 2 * len(deflated) * (n > 0), 0) + 2 * deflated
        path = by_hand(tmp_path / "a.zsav", [record("<", 0, b"Q1")], data, compression=2)
        assert only(path).n_rows == 1 + 2 * n


def test_more_cases_than_told_are_not_read_and_not_passed_over(tmp_path: Path) -> None:
    variables = [record("<", 0, b"Q1"), record("<", 0, b"Q2")]
    for n_bytes, is_told in ((64, True), (48, True), (40, False), (35, False), (32, False)):
        path = by_hand(tmp_path / "a.sav", variables, bytes(n_bytes), n_cases=2)
        sheet = only(path)
        assert sheet.n_rows == 3
        assert [("2 行" in p.zh, p.severity) for p in sheet.problems] == [
            (True, "warning")
        ] * is_told, n_bytes
    path = by_hand(tmp_path / "a.sav", variables, packed(b"\xff" * 6), n_cases=2, compression=1)
    assert "2 rows" in only(path).problems[0].en


def test_bombs_are_refused_before_they_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = zipped(bytes(2**27))  # codes that stand for nothing: not a single case
    started = time.process_time()
    with pytest.raises(ReadError, match="过大"):
        read_spss(by_hand(tmp_path / "a.sav", [record("<", 0, b"Q1")], nothing, compression=2))
    assert time.process_time() - started < 5
    absent = zipped(b"\xff" * 80_000)
    for limit, value in (("MAX_CELLS", 79_999), ("MAX_STREAMED_BYTES", 639_999)):
        with monkeypatch.context() as patched:
            patched.setattr(spss, limit, value)
            with pytest.raises(ReadError, match="过大"):
                read_spss(
                    by_hand(tmp_path / "a.sav", [record("<", 0, b"Q1")], absent, compression=2)
                )
    texts = b"".join(b"%8d" % i for i in range(1000))
    path = by_hand(tmp_path / "a.sav", [record("<", 8, b"Q1")], texts)
    assert only(path).n_rows == 1001
    monkeypatch.setattr(spss, "MAX_TOTAL_BYTES", 1_000)
    with pytest.raises(ReadError, match="过大"):
        read_spss(path)


def test_damaged_files_are_read_or_refused_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(answers(random.Random(5), 30), str(path), row_compress=True)
    data, rng = path.read_bytes(), random.Random(6)
    n_refused = 0
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(rng.choice([1, 5, 40])):
            damaged[rng.randrange(4, len(data))] = rng.choice([0, 1, 253, 255, rng.randrange(256)])
        path.write_bytes(damaged[: rng.choice([len(data), rng.randrange(200, len(data))])])
        try:
            read_spss(path)
        except ReadError:
            n_refused += 1
    assert 100 < n_refused < 300


def test_a_file_of_spss_needs_no_further_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = [record("<", 0, b"Q1", label="总体".encode()), record("<", 8, b"Q2")]
    data = b"".join(struct.pack("<d8s", i % 3, b"text") for i in range(40))
    path = by_hand(tmp_path / "a.sav", variables, data)
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    export = open_export(path)
    assert (export.platform, export.n_rows) == ("spss", 40)
