"""Names with characters that nobody sees: nothing that is written fails of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import survey
from survey.cli import main

SEEN = ["甲支部", "乙支部"]
HIDDEN = ["甲\x0b支\x1f部", "\x01乙支部\x02"]
ANSWERS = ["满意", "满意", "基本满意", "不满意", "满意", "满意", "满意"]


def _answers(names: list[str]) -> pd.DataFrame:
    rows = [(name, answer) for name in names for answer in ANSWERS]
    return pd.DataFrame(rows, columns=["支部", "总体满意度"])


def _roster(names: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"支部": names, "人数": [len(ANSWERS) + 3] * len(names)})


def _csv(frame: pd.DataFrame, path: Path) -> Path:
    frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("way", ["frame", "file"])
def test_reports_name_the_branches_as_people_see_them(tmp_path: Path, way: str) -> None:
    how = {"branch": "支部", "overall": "总体满意度", "satisfied": ["满意"]}
    if way == "frame":
        held = survey.from_frame(_answers(HIDDEN), roster=_roster(HIDDEN), **how)  # type: ignore[arg-type]
    else:
        export = _csv(_answers(HIDDEN), tmp_path / "答卷.csv")
        roster = _csv(_roster(HIDDEN), tmp_path / "名册.csv")
        held = survey.read(export, roster=roster, **how)  # type: ignore[arg-type]
    assert sorted(held.branches) == sorted(SEEN)
    held.satisfaction().to_excel(tmp_path / "结果.xlsx")
    held.report(tmp_path / "报告", per_branch="docx")
    assert (tmp_path / "报告" / "report.docx").stat().st_size


def test_coded_answers_name_the_branches_as_people_see_them() -> None:
    coded = pd.DataFrame({"branch": HIDDEN * 9, "overall": [5.0, 1.0] * 9})
    assert sorted(survey.from_coded(coded).branches) == sorted(SEEN)


def test_commands_write_what_a_roster_names(tmp_path: Path) -> None:
    roster = str(_csv(_roster(HIDDEN).assign(身份="党员"), tmp_path / "名册.csv"))
    for words in (["plan", "--out"], ["evidence", "-o"]):
        file = tmp_path / f"{words[0]}.xlsx"
        assert main([words[0], "--roster", roster, words[1], str(file), "--quiet"]) == 0
        assert file.is_file()
