"""Cells as ranges of bytes: coded as by hand, in whatever lengths, and csv as by the csv module."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import ReadError
from survey.readers.container import delimited, texts
from survey.readers.container.delimited import read_delimited

CELLS = st.lists(st.text(st.sampled_from("aé满𠮷 \n"), max_size=30), max_size=40)


def coded(cells: list[str]) -> list[str]:
    packed = [cell.encode() for cell in cells]
    ends = np.cumsum([0, *map(len, packed)])
    known = texts.Texts()
    places = known.places(b"".join(packed) + bytes(texts.PAD), ends[:-1], ends[1:])
    strings = known.strings()
    assert len(set(strings)) == len(strings)
    return [strings[place] for place in places]


@given(CELLS)
def test_every_cell_keeps_its_text(cells: list[str]) -> None:
    assert coded(cells) == cells


def test_texts_that_are_mixed_up_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_FACTORS", np.zeros(4, np.uint64))
    cells = [f"很长的一段回答 {n % 3}" for n in range(9)]
    assert coded(cells) == cells


def outcome(path: Path) -> list[list[str]] | str:
    """Give all rows, or why they are refused."""
    try:
        (sheet,) = read_delimited(path)
    except ReadError as error:
        return str(error)
    return [sheet.row(at) for at in range(sheet.n_rows)]


@given(
    rows=st.integers(1, 3).flatmap(
        lambda width: st.lists(
            st.lists(
                st.text(st.sampled_from('a满,;"\n\r '), max_size=6),
                min_size=width,
                max_size=width,
            ),
            min_size=1,
            max_size=12,
        )
    ),
    delimiter=st.sampled_from(",\t;"),
    ending=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    last=st.booleans(),
)
def test_a_table_is_read_as_by_the_csv_module(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    delimiter: str,
    ending: str,
    quoting: int,
    last: bool,
) -> None:
    header = ["甲", "乙", "丙"][: len(rows[0])]
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator=ending, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([header, *rows])
    text = written.getvalue() if last else written.getvalue().removesuffix(ending)
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    path.write_text(text, encoding="utf-8", newline="")
    read = {}
    for least in (0, delimited._LONG):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(delimited, "_LONG", least)
            patch.setattr(delimited, "_BLOCK", 64)
            read[least] = outcome(path)
    assert read[0] == read[delimited._LONG]
    if quoting == csv.QUOTE_ALL:
        assert read[0] == [header, *rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_long_table_is_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    rows = [[str(n), f"第{n % 7}支部", '他说"好"，\r\n行', "满意" * (n % 30)] for n in range(2_000)]
    path = tmp_path / "table.csv"
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(rows)
    (sheet,) = read_delimited(path)
    assert [sheet.row(at) for at in range(sheet.n_rows)] == rows
    assert sheet.columns[1].levels == tuple(f"第{n}支部" for n in range(7))


def test_a_byte_that_is_no_text_is_named_far_down(tmp_path: Path) -> None:
    good = "序号,满意\n".encode() * 20_000
    path = tmp_path / "table.csv"
    path.write_bytes(good + b"1,\xff\xff\n")
    with pytest.raises(Exception, match=f"{len(good) + 2:,}"):
        read_delimited(path)
