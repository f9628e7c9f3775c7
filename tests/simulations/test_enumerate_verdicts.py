import csv
from pathlib import Path

import pytest

from tests.simulations import enumerate_verdicts as script


@pytest.mark.parametrize("N", [8, 9, 10, 16, 21, 40, 75])
def test_no_rule_breaks_its_guarantee(N: int) -> None:
    row = script.enumerate_size(N)
    for method in ("exact", "blaker"):
        assert row[f"{method} least coverage"] >= 0.95
    for side in ("meets", "below"):
        assert row[f"exact error {side}"] <= 0.05
        assert row[f"blaker interval error {side}"] <= 0.05
    # What the docstring claims of the orderings that cannot help.
    assert row["exact undecided"] <= row["blaker interval undecided"]
    if N >= 10:
        assert max(row["mid-p error meets"], row["mid-p error below"]) > 0.05


def test_files_are_written(tmp_path: Path) -> None:
    script.main(["--out", str(tmp_path), "--from", "8", "--to", "16", "--step", "4"])
    with (tmp_path / "verdicts.csv").open(encoding="utf-8") as file:
        assert [row["N"] for row in csv.DictReader(file)] == ["8", "12", "16"]
    assert "| mid-p |" in (tmp_path / "verdicts.md").read_text("utf-8")
    assert (tmp_path / "verdicts.png").stat().st_size > 10_000
