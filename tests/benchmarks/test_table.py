"""The table of costs is printed whole, on small data: every row works, ours and the peer's."""

from __future__ import annotations

import re
from importlib.util import find_spec

import pytest

from tests.benchmarks.__main__ import main
from tests.benchmarks.rows import ROWS


def test_every_row_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--quick"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(ROWS)
    for row, line in zip(ROWS, lines, strict=True):
        assert line.startswith(row.work.format(n=f"{row.quick[-1]:,}"))
        if row.needs and find_spec(row.needs) is None:
            assert line.endswith(f"needs {row.needs}")
            continue
        assert re.search(r"\d+\.\d\d s +\d+ MB  slope +-?\d+\.\d\d", line)
        assert (f" × {row.beside} (" in line) == (row.peer is not None)
