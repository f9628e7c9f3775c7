"""Whatever is given is answered or refused soon."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from survey.errors import ReadError
from survey.readers import open_export

WIDE = 16_000


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices here")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/null"])
def test_devices_are_refused(device: str) -> None:
    with pytest.raises(ReadError, match="管道或设备"):
        open_export(device)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_pipes_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(ReadError, match="管道或设备"):
        open_export(tmp_path / "a.csv")


def test_tables_beyond_any_survey_are_refused(tmp_path: Path) -> None:
    row = ",".join(map(str, range(100_000)))
    (tmp_path / "a.csv").write_text(f"{row}\n{row}\n")
    with pytest.raises(ReadError, match="100,000 列"):
        open_export(tmp_path / "a.csv")


@pytest.mark.parametrize("cell", ["好" * 1_100_000, '"' + "好\n" * 600_000 + '"'])
def test_a_cell_beyond_any_answer_is_refused(tmp_path: Path, cell: str) -> None:
    (tmp_path / "a.csv").write_text(f"序号,满意吗\n1,{cell}\n", "utf-8")
    with pytest.raises(ReadError, match="列 B：有一格超过"):
        open_export(tmp_path / "a.csv")


METADATA = "序号,提交答卷时间,所用时间,来源,"
FIRST = "1,2025/11/1 9:00,3秒,微信,"


@pytest.mark.parametrize(
    ("header", "answer"),
    [
        (
            METADATA + ",".join(f"{i}、题{i}" for i in range(WIDE)),
            FIRST + ",".join(["满意"] * WIDE),
        ),
        (METADATA + ",".join(f"1、(项{i})" for i in range(WIDE)), FIRST + ",".join(["1"] * WIDE)),
        ("序号," + ",".join(f"组_项{i}" for i in range(WIDE)), "1," + ",".join(["满意"] * WIDE)),
        (",".join(f"题{i}" for i in range(WIDE)), ",".join("12" * (WIDE // 2))),
    ],
)
def test_wide_tables_take_time_in_proportion(tmp_path: Path, header: str, answer: str) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\n{answer}\n{answer}\n", encoding="utf-8")
    began = time.process_time()
    assert open_export(tmp_path / "a.csv").n_rows == 2
    assert time.process_time() - began < 10
