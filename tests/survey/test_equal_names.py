"""Two universities whose branches bear the same names: never merged, never confused."""

from __future__ import annotations

import shutil
import warnings
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

import survey
from survey.workflow.answers import joined_names
from survey.workflow.each import parts
from survey.workflow.request import Request

SCHOOLS = {"东海大学": 1, "东海大学滨江学院": 2}  # the name of one lies in that of the other
TITLES = {"members": "党员", "staff_students": "师生员工"}


class Made(NamedTuple):
    """Exports in folders of their schools, their rosters and the roster of both."""

    exports: dict[str, Path]
    rosters: dict[str, Path]
    both: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("equal")
    exports, rosters, parts = {}, {}, []
    for school, seed in SCHOOLS.items():
        own = survey.simulate(folder / str(seed), n_branches=6, seed=seed, sizes=(12, 40))
        exports[school] = folder / f"{school}-导出.xlsx"
        shutil.copy(own.export, exports[school])
        rosters[school] = own.roster
        parts.append(own.truth.assign(学校=school))
    lines = pd.concat(parts)[["branch", "role", "population", "学校"]]
    lines = lines.assign(role=lines["role"].map(TITLES))
    lines.columns = ["支部", "身份", "人数", "学校"]
    assert lines.groupby("支部")["学校"].nunique().eq(2).all()
    lines.to_csv(folder / "名册.csv", index=False)
    return Made(exports, rosters, folder / "名册.csv")


@pytest.fixture(scope="module")
def both(made: Made) -> survey.Survey:
    return survey.read([*made.exports.values()], roster=made.both, keep="学校")


COUNTS = ["population", "n_valid", "n_satisfied", "lower", "upper", "verdict"]


def test_every_branch_has_the_figures_of_its_own_university(
    made: Made, both: survey.Survey
) -> None:
    assert len(both.branches) == 12
    told = both.satisfaction().frame.set_index("branch")[COUNTS]
    for school, export in made.exports.items():
        alone = survey.read(export, roster=made.rosters[school]).satisfaction().frame
        own = told.loc[[f"{school}·{name}" for name in alone["branch"]]].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, alone[COUNTS], check_dtype=False)
    assert any("6 个名称为不同单位的支部共用" in zh for zh, _ in both.notices)


@pytest.mark.usefixtures("alone", "page_and_tables")
def test_reports_of_universities_are_those_of_each_alone(made: Made, tmp_path: Path) -> None:
    given = {"files": [*made.exports.values()], "roster": made.both, "each": "学校"}
    request = Request.of({**given, "per_branch": "html"})
    request.write(request.read(), tmp_path)
    for place, (school, export) in enumerate(made.exports.items(), start=1):
        folder = tmp_path / f"{place:03d}_{school}"
        survey.read(export, roster=made.rosters[school]).report(
            tmp_path / f"alone{place}", per_branch="html"
        )
        sheets = [
            pd.read_excel(where / "results.xlsx", sheet_name=None, engine="openpyxl")
            for where in (folder, tmp_path / f"alone{place}")
        ]
        assert sheets[0].keys() == sheets[1].keys()
        for name in sheets[0].keys() - {"说明", "文件"}:  # titles, and names of rosters
            pd.testing.assert_frame_equal(sheets[0][name], sheets[1][name])
        pages = [
            {page.name for page in (where / "branches").iterdir()}
            for where in (folder, tmp_path / f"alone{place}")
        ]
        assert pages[0] == pages[1]
        page = (folder / "report.html").read_text(encoding="utf-8")
        assert f"{school}·" not in page
        other_school = next(name for name in SCHOOLS if name != school)
        assert f"{other_school}-导出" not in page
    overview = pd.read_excel(tmp_path / "results.xlsx", sheet_name=None, engine="openpyxl")
    branches = next(f for f in overview.values() if {"达标", "未达标"} <= {*f.columns})
    assert branches[["达标", "未达标", "无法判定", "暂不评定"]].sum(axis=1).tolist() == [6, 6]


def test_a_column_of_the_unit_tells_them_apart(made: Made, both: survey.Survey) -> None:
    """In a frame, whose rows have no file."""
    rows = both.coded
    assert rows["branch"].str.contains("·").all()
    short = rows.assign(branch=rows["branch"].str.partition("·")[2])
    for table in (rows, short):
        again = survey.from_coded(table, roster=made.both, keep="学校")
        pd.testing.assert_frame_equal(again.cells, both.cells, check_dtype=False)


def with_columns(made: Made, file: Path, **columns: dict[str, str]) -> Path:
    """Put the answers of both universities in one export, columns that tell these by school."""
    parts_ = []
    for school, export in made.exports.items():
        rows = pd.read_excel(export, dtype="object", engine="openpyxl")
        at = next(i for i, header in enumerate(rows.columns) if "支部" in str(header))
        for name, of in columns.items():
            rows.insert(at, name, of[school])
        parts_.append(rows)
    whole = pd.concat(parts_, ignore_index=True)
    whole["序号"] = range(1, len(whole) + 1)
    whole = whole.rename(columns={"又一列": "学校"})
    whole.to_excel(file, index=False, engine="openpyxl")
    return file


ITSELF = dict(zip(SCHOOLS, SCHOOLS, strict=True))


def test_one_export_of_all_with_a_column_of_the_unit(
    made: Made, both: survey.Survey, tmp_path: Path
) -> None:
    file = with_columns(made, tmp_path / "全省.xlsx", 学校=ITSELF)
    held = survey.read(file, roster=made.both, keep="学校")
    pd.testing.assert_frame_equal(held.cells, both.cells)


def test_two_columns_of_the_unit_are_named(made: Made, tmp_path: Path) -> None:
    file = with_columns(made, tmp_path / "全省.xlsx", 学校=ITSELF, 又一列=ITSELF)
    with pytest.raises(survey.SurveyError, match="“学校”不止指一个题目"):
        survey.read(file, roster=made.both, keep="学校")


def test_several_units_in_one_answer_are_none(made: Made, tmp_path: Path) -> None:
    ticked = {school: "┋".join(SCHOOLS) if n == 1 else school for school, n in SCHOOLS.items()}
    file = with_columns(made, tmp_path / "全省.xlsx", 学校=ticked)
    with pytest.raises(survey.SurveyError, match="要有“学校”一列，每份答卷写名册上的一个单位"):
        survey.read(file, roster=made.both, keep="学校")


@pytest.mark.parametrize("headers", [["学校食堂"], ["学校食堂", "学校环境"]])
def test_questions_about_the_unit_are_no_column_of_it(
    made: Made, both: survey.Survey, tmp_path: Path, headers: list[str]
) -> None:
    files = []
    for school, export in made.exports.items():
        rows = pd.read_excel(export, dtype="object", engine="openpyxl")
        rows = rows.assign(**dict.fromkeys(headers, "满意"))
        rows.to_excel(file := tmp_path / f"{school}-导出.xlsx", index=False, engine="openpyxl")
        files.append(file)
    held = survey.read(files, roster=made.both, keep="学校")
    pd.testing.assert_frame_equal(held.cells, both.cells)
    shutil.copy(files[0], tmp_path / "一.xlsx")
    with pytest.raises(survey.SurveyError, match="要有“学校”一列"):
        survey.read(tmp_path / "一.xlsx", roster=made.both, keep="学校")


def test_answers_that_may_be_of_either_are_refused(made: Made, tmp_path: Path) -> None:
    for number, export in enumerate(made.exports.values()):
        shutil.copy(export, tmp_path / f"{number}.xlsx")
    files = [tmp_path / "0.xlsx", tmp_path / "1.xlsx"]
    with pytest.raises(survey.SurveyError, match="分不清是哪一个"):
        survey.read(files, roster=made.both, keep="学校")
    with pytest.raises(survey.SurveyError, match="--keep"):  # nobody said that units matter
        survey.read(files, roster=made.both)
    folders = []
    for school, file in zip(SCHOOLS, files, strict=True):
        (tmp_path / school).mkdir()
        folders.append(shutil.copy(file, tmp_path / school / "导出.xlsx"))
    told = survey.read(folders, roster=made.both, keep="学校")
    assert told.responses.people["学校"].value_counts().min() > 20


def test_lines_of_one_branch_that_disagree_are_a_slip(made: Made, tmp_path: Path) -> None:
    school, export = next(iter(made.exports.items()))
    lines = pd.read_csv(made.both)
    lines = lines[lines["学校"] == school].assign(学院="机械学院")
    lines.loc[lines.index[0], "学院"] = "机械工程学院"
    lines.to_csv(tmp_path / "名册.csv", index=False)
    with pytest.raises(survey.SurveyError, match="每个支部只能属于一个学院"):
        survey.read(export, roster=tmp_path / "名册.csv", keep=["学校", "学院"])


def test_an_alias_may_be_shared_by_branches_that_are_told_apart(made: Made, tmp_path: Path) -> None:
    lines = pd.read_csv(made.both)
    first = lines["支部"].iloc[0]
    lines.loc[lines["支部"] == first, "别名"] = "一支部"
    lines.to_csv(tmp_path / "名册.csv", index=False)
    frame = pd.DataFrame(
        {"支部": ["一支部", "一支部", first], "学校": [*SCHOOLS, "东海大学"], "总体": "满意"}
    )
    held = survey.from_frame(
        frame,
        branch="支部",
        overall="总体",
        satisfied="满意",
        roster=tmp_path / "名册.csv",
        keep="学校",
        min_cell=3,
    )
    assert held.responses.people["branch"].tolist() == [
        f"东海大学·{first}",
        f"东海大学滨江学院·{first}",
        f"东海大学·{first}",
    ]


def with_colleges(made: Made, folder: Path) -> pd.DataFrame:
    """Let both universities have two colleges of the same names."""
    lines = pd.read_csv(made.both)
    half = lines.groupby("学校")["支部"].transform(lambda own: pd.factorize(own)[0] % 2)
    lines["院系"] = half.map({0: "机械学院", 1: "文学院"})
    lines.to_csv(folder / "名册.csv", index=False)
    return lines


@pytest.mark.usefixtures("alone", "page_and_tables")
def test_a_report_of_a_university_shows_its_colleges(made: Made, tmp_path: Path) -> None:
    lines = with_colleges(made, tmp_path)
    out = tmp_path / "报告"
    out.mkdir()
    given = {"files": [*made.exports.values()], "roster": tmp_path / "名册.csv", "each": "学校"}
    request = Request.of(given)
    held = request.read()
    assert held.groupings == ("学校", "院系")
    request.write(held, out)
    for place, school in enumerate(SCHOOLS, start=1):
        folder = out / f"{place:03d}_{school}"
        shown = pd.read_excel(folder / "results.xlsx", sheet_name="院系", engine="openpyxl")
        sizes = lines[lines["学校"] == school].groupby("院系")["人数"].sum()
        assert shown.set_index("院系")["名册人数"].to_dict() == sizes.to_dict()
        own = held.filter(学校=school).satisfaction("院系").frame.set_index("院系")
        assert shown.set_index("院系")["有效回答"].to_dict() == own["n_valid"].to_dict()
        book = pd.read_excel(folder / "results.xlsx", sheet_name=None, engine="openpyxl")
        assert "学校" not in book  # one row alone, the university itself


def test_a_roster_that_leaves_colleges_out_has_none(made: Made, tmp_path: Path) -> None:
    lines = with_colleges(made, tmp_path)
    lines.loc[lines["支部"] == lines["支部"].iloc[0], "院系"] = ""
    lines.to_csv(tmp_path / "名册.csv", index=False)
    given = {"files": [*made.exports.values()], "roster": tmp_path / "名册.csv", "each": "学校"}
    assert Request.of(given).read().groupings == ("学校",)
    with pytest.raises(survey.SurveyError, match="院系"):  # who asks for them is told
        Request.of({**given, "keep": "院系"}).read()


def test_colleges_tell_branches_of_one_university_apart(made: Made, tmp_path: Path) -> None:
    """Every college calls its branches 第一党支部, 第二党支部 …"""
    rows = []
    for school in SCHOOLS:
        for college in ("机械学院", "文学院"):
            for branch, size in {"第一党支部": 9, "第二党支部": 12}.items():
                rows.append({"支部": branch, "学院": college, "学校": school, "人数": size})
    roster = pd.DataFrame(rows)
    frame = roster.loc[roster.index.repeat(roster["人数"] - 2)].drop(columns="人数")
    frame = frame.assign(
        总体=(["满意"] * 4 + ["不满意"]) * (len(frame) // 5) + ["满意"] * (len(frame) % 5)
    )
    held = survey.from_frame(
        frame.reset_index(drop=True),
        branch="支部",
        overall="总体",
        satisfied="满意",
        roster=roster,
        keep=["学校", "学院"],
    )
    assert held.branches[0] == "东海大学·机械学院·第一党支部"
    told = held.satisfaction().frame
    assert told["n_valid"].tolist() == [7, 10] * 4
    (name, own), _ = parts(held, "学校", [*SCHOOLS])
    assert (name, own.branches[0]) == ("东海大学", "机械学院·第一党支部")
    assert own.satisfaction("学院").frame["population"].tolist() == [21, 21]
    assert not joined_names(own, ["学院"])


def within(school: str, *colleges: str) -> list[dict[str, object]]:
    return [
        {
            "支部": f"{school}{college}一支部",
            "学院": college,
            "学校": school,
            "年级": year,
            "人数": 9,
        }
        for college in colleges
        for year in ("大一", "大二")
    ]


@pytest.mark.parametrize("has_roster", [True, False])
def test_colleges_of_one_name_are_not_joined_silently(has_roster: bool) -> None:
    lines = pd.DataFrame([*within("甲大学", "文学院", "医学院"), *within("乙大学", "文学院")])
    sizes = lines.groupby(["支部", "学院", "学校"], as_index=False)["人数"].sum()
    frame = lines.loc[lines.index.repeat(8)].drop(columns="人数")
    frame = frame.assign(总体="满意", 题一="满意")
    held = survey.from_frame(
        frame.reset_index(drop=True),
        branch="支部",
        overall="总体",
        satisfied="满意",
        dimensions={"思想": ["题一"]},
        roster=sizes if has_roster else None,
        keep=["学校", "学院", "年级"],
    )
    said = r"“学院”的名称（如“文学院”）在几个“学校”里都有.*by=\['学校', '学院'\]"
    with pytest.warns(UserWarning, match=said):
        assert len(held.satisfaction("学院").frame) == 2
    with pytest.warns(UserWarning, match=said):
        held.responses_by_item("学院")
    assert any("在几个“学校”里都有" in zh for zh, _ in held.notices)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(held.satisfaction(["学校", "学院"]).frame) == 3
        for by in ("学校", "branch", "年级", None):  # years cross colleges, and are meant to
            held.satisfaction(by)


def differing_colleges(made: Made, file: Path) -> pd.DataFrame:
    """Give each university one college of its own, whose name tells the branches apart, too."""
    lines = pd.read_csv(made.both)
    lines["学院"] = lines["学校"].map(dict(zip(SCHOOLS, ("数学学院", "文学院"), strict=True)))
    lines.to_csv(file, index=False)
    return lines


@pytest.mark.parametrize("keep", [None, "学院"])
def test_within_a_university_branches_have_their_own_names(
    made: Made, tmp_path: Path, keep: str | None
) -> None:
    lines = differing_colleges(made, tmp_path / "名册.csv")
    request = Request.of(
        {
            "files": [*made.exports.values()],
            "roster": tmp_path / "名册.csv",
            "keep": keep,
            "each": "学校",
        }
    )
    held = request.read()
    assert {*held.branches} == {*(lines["学校"] + "·" + lines["支部"])}
    for school, own in parts(held, "学校", [*SCHOOLS]):
        assert {*own.branches} == {*lines.loc[lines["学校"] == school, "支部"]}


def test_a_slip_in_the_college_splits_no_branch(made: Made, tmp_path: Path) -> None:
    lines = differing_colleges(made, tmp_path / "名册.csv")
    lines.loc[3, "学院"] = "数学系"
    lines.to_csv(tmp_path / "名册.csv", index=False)
    given = {"files": [*made.exports.values()], "roster": tmp_path / "名册.csv", "each": "学校"}
    held = Request.of(given).read()
    assert (held.groupings, len(held.branches)) == (("学校",), 12)
    for keep in (["学校", "学院"], ["学院", "学校"]):
        with pytest.raises(survey.SurveyError, match="“学院”有两个不同的值"):
            survey.read(given["files"], roster=given["roster"], keep=keep)


def test_colleges_of_one_name_show_their_university(made: Made, tmp_path: Path) -> None:
    """A report of 机械学院 takes in those of both universities."""
    lines = with_colleges(made, tmp_path)
    lines.to_csv(tmp_path / "名册.csv", index=False)
    held = survey.read(
        [*made.exports.values()], roster=tmp_path / "名册.csv", keep=["院系", "学校"]
    )
    for college, own in parts(held, "院系", ["机械学院", "文学院"]):
        named = lines[lines["院系"] == college]
        assert {*own.branches} == {*(named["学校"] + "·" + named["支部"])}


def test_a_line_without_its_unit_is_named_as_it_stands(made: Made, tmp_path: Path) -> None:
    lines = pd.read_csv(made.both)
    lines.loc[2, "学校"] = None
    lines.to_csv(tmp_path / "名册.csv", index=False)
    name = lines.loc[2, "支部"]
    with pytest.raises(survey.SurveyError, match=f"支部“{name}”的“学校”是空的"):
        survey.read([*made.exports.values()], roster=tmp_path / "名册.csv", keep="学校")


def test_quotations_do_not_name_branches_without_their_unit_either(both: survey.Survey) -> None:
    plain = both.branches[0].partition("·")[2]
    written = pd.Series([f"{plain}的活动太少了"] * 12)
    held = replace(both, responses=replace(both.responses, texts=written))
    quotes = held.comments(quotes=True).quotes
    assert quotes["text"].tolist() == ["【隐去】的活动太少了"]
