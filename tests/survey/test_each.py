"""A report of every university, and the overview of what they publish."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import survey
from survey.simulation import simulate_province
from survey.workflow.each import parts
from survey.workflow.request import Request


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Simulate one export of three universities, one of which has two people."""
    folder = tmp_path_factory.mktemp("province")
    made = survey.simulate(folder, n_branches=9, seed=5, sizes=(20, 60))
    roster = pd.DataFrame(made.truth[["branch", "role", "population"]])
    titles = {"members": "党员", "staff_students": "师生员工"}
    names = dict.fromkeys(roster["branch"])
    schools = {name: f"第{'一二'[place % 2]}大学" for place, name in enumerate(names)}
    roster = roster.assign(role=roster["role"].map(titles), 学校=roster["branch"].map(schools))
    small = pd.DataFrame(
        {"branch": ["小支部"], "role": ["党员"], "population": [2], "学校": ["小/学院"]}
    )
    roster = pd.concat([roster, small]).rename(
        columns={"branch": "支部", "role": "身份", "population": "人数"}
    )
    roster.to_csv(folder / "名册.csv", index=False)
    return made.export, folder / "名册.csv"


def asked(province: tuple[Path, Path], **values: object) -> Request:
    export, roster = province
    return Request.of({"files": export, "roster": roster, "each": "学校", **values})


@pytest.mark.usefixtures("alone", "page_and_tables")
def test_every_unit_has_its_report_and_the_overview_holds_what_they_publish(
    province: tuple[Path, Path], tmp_path: Path
) -> None:
    request = asked(province)
    held = request.read()
    request.write(held, tmp_path)
    folders = sorted(path.name for path in tmp_path.iterdir() if path.is_dir())
    assert folders == ["001_第一大学", "002_第二大学"]
    shown = pd.read_excel(
        tmp_path / "results.xlsx", sheet_name=None, header=None, engine="openpyxl"
    )
    cells = {str(cell) for frame in shown.values() for cell in frame.to_numpy().ravel()}
    assert {"第一大学", "第二大学"} <= cells
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for place, name in enumerate(["第一大学", "第二大学"]):
        own = held.filter(学校=name)
        rate = own.findings().tables[()].frame["rate"].iloc[0]
        assert f"{rate:.1%}" in page
        record = json.loads((tmp_path / folders[place] / "run.json").read_text(encoding="utf-8"))
        n_own = int((held.responses.people["学校"] == name).sum())
        assert record["rows"]["read"] == n_own
        assert record["rows"]["used"] == own.n_used
        assert sum(record["rows"]["removed"].values()) == n_own - own.n_used
        assert name in (tmp_path / folders[place] / "report.html").read_text(encoding="utf-8")


def test_what_belongs_to_one_survey_is_refused(province: tuple[Path, Path], tmp_path: Path) -> None:
    request = asked(province, anonymous_branches=True)
    with pytest.raises(survey.UsageError, match="--anonymous-branches"):
        request.write(request.read(), tmp_path)


@pytest.mark.usefixtures("alone", "page_and_tables")
def test_colleges_stand_beside_their_universities_as_their_own_reports_publish_them(
    tmp_path: Path,
) -> None:
    made = simulate_province(
        tmp_path, n_universities=2, n_colleges=3, n_branches=3, sizes=(4, 30), seed=2
    )
    request = Request.of({"files": made.exports, "roster": made.roster, "each": "学校"})
    held = request.read()
    out = tmp_path / "out"
    out.mkdir()
    request.write(held, out)
    wanted = [
        (name, *row)
        for name, own in parts(held, "学校", ["001号大学", "002号大学"])
        for row in own.published()["学院",].frame[["学院", "n_valid", "rate"]].to_numpy().tolist()
    ]
    assert len({college for _, college, *_ in wanted}) < len(wanted)  # equal names stay apart
    sheet = pd.read_excel(out / "results.xlsx", sheet_name="学院", engine="openpyxl")
    shown = sheet[["学校", "学院", "有效回答", "满意率"]].to_numpy().tolist()
    known, told = ({(*row[:3], f"{row[3]:.3f}") for row in rows} for rows in (wanted, shown))
    assert told == known
    page = (out / "report.html").read_text(encoding="utf-8")
    assert f"学院共 {len(wanted)} 个：" in " ".join(page.split())
