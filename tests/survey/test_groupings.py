"""Colleges above branches, years beside them, three roles: from files, frames and the command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

import survey
from survey import cli

SATISFIED = ["很好", "好"]
LADDER = ["很好", "好", "一般", "差"]
COLLEGES = ["理", "工", "文"]
ROLES = ["教工", "本科生", "研究生"]
OPTIONS: dict[str, Any] = {"branch": "支部", "role": "身份", "overall": "总体"}
OPTIONS |= {"satisfied": SATISFIED, "ladder": LADDER}

Tables = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Give answers and roster of 15 branches in three colleges, three roles, four years."""
    rng = np.random.default_rng(4)
    roster, rows = [], []
    for i in range(15):
        for role in ROLES:
            people = int(rng.integers(14, 30))
            roster.append((COLLEGES[i % 3], f"支部{i:02}", role, people))
            n = int(rng.binomial(people, {"教工": 0.9, "本科生": 0.5, "研究生": 0.7}[role]))
            for answer in rng.choice(LADDER, n, p=[0.5, 0.4, 0.07, 0.03]):
                rows.append((f"支部{i:02}", role, f"{rng.integers(2021, 2025)}级", answer))
    return (
        pd.DataFrame(rows, columns=["支部", "身份", "年级", "总体"]),
        pd.DataFrame(roster, columns=["学院", "支部", "身份", "人数"]),
    )


@pytest.fixture(scope="module")
def files(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("files")
    answers, roster = folder / "回答.xlsx", folder / "名册.xlsx"
    tables[0].to_excel(answers, index=False)
    tables[1].to_excel(roster, index=False)
    return answers, roster


def held_of(answers: Any, roster: Any) -> survey.Survey:
    return survey.from_frame(answers, roster=roster, keep=["学院", "年级"], **OPTIONS)


def test_files_and_frames_of_every_library_give_the_same(
    tables: Tables, files: tuple[Path, Path]
) -> None:
    answers, roster = tables
    keep = ["学院", "年级"]
    read = survey.read(files[0], roster=files[1], keep=keep, platform="manual", **OPTIONS)
    others = [
        held_of(answers, roster),
        held_of(*(pl.DataFrame(table.to_dict("list")) for table in tables)),
        held_of(pl.DataFrame(answers.to_dict("list")).lazy(), roster),
        held_of(duckdb.sql("select * from answers"), duckdb.sql("select * from roster")),
        held_of(answers, files[1]),
    ]
    for by in (None, "branch", "role", "学院", "年级", ["学院", "role"], ["branch", "role"]):
        wanted = read.satisfaction(by).frame
        for held in others:
            pd.testing.assert_frame_equal(held.satisfaction(by).frame, wanted)


def test_totals_of_a_hierarchy_add(tables: Tables) -> None:
    held = held_of(*tables)
    whole = held.satisfaction(None).frame.iloc[0]
    for by in ("branch", "学院", ["学院", "branch"], ["学院", "branch", "role"]):
        frame = held.satisfaction(by).frame
        for name in ("population", "n_valid", "n_satisfied"):
            assert frame[name].sum() == whole[name], (by, name)
    colleges = held.satisfaction("学院").frame
    assert colleges["学院"].tolist() == COLLEGES
    assert set(colleges["estimator"]) == {"poststratified"}
    years = held.satisfaction("年级").frame
    assert years["population"].isna().all()
    assert set(years["estimator"]) == {"binomial"}


def test_beside_its_college_a_branch_is_judged_as_without(tables: Tables) -> None:
    held = held_of(*tables)
    alone = held.satisfaction("branch").frame.set_index("branch")
    beside = held.satisfaction(["学院", "branch"]).frame.set_index("branch")
    pd.testing.assert_frame_equal(beside[alone.columns], alone)


def test_a_joint_verdict_of_three_roles(tables: Tables) -> None:
    frame = held_of(*tables).satisfaction().frame
    assert "verdict_joint" in frame
    assert set(frame["estimator"]) == {"stratified"}
    assert (frame["lower"] <= frame["rate"]).all()
    assert (frame["rate"] <= frame["upper"]).all()


def test_the_command_reports_by_college_and_year(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["--branch", "支部", "--role", "身份", "--overall", "总体", "--satisfied", "很好,好"]
    told += ["--ladder", ",".join(LADDER), "--keep", "学院,年级"]
    told += ["--roster", str(files[1]), "--platform", "manual", "--out", str(tmp_path / "r")]
    assert cli.main([str(files[0]), *told]) == 0, capsys.readouterr().err
    page = (tmp_path / "r" / "report.html").read_text(encoding="utf-8")
    assert "按学院的满意率" in page
    assert "2021级" in page


def test_whatever_is_said_of_satisfaction_is_a_sum_of_cells(tables: Tables) -> None:
    held, answers = held_of(*tables), tables[0]
    cells = held.cells
    assert not cells.duplicated(["branch", "role", "学院", "年级"]).any()
    by_hand = answers.assign(x=answers["总体"].isin(SATISFIED)).groupby("年级")["x"]
    years = cells.groupby("年级")[["n_valid", "n_satisfied"]].sum()
    assert years["n_valid"].tolist() == by_hand.size().tolist()
    assert years["n_satisfied"].tolist() == by_hand.sum().tolist()
    for by in ((), ("branch",), ("role",), ("学院", "role")):
        table = held.satisfaction(by).frame
        summed = cells.groupby(list(by))["n_satisfied"].sum() if by else cells["n_satisfied"]
        assert sorted(table["n_satisfied"]) == sorted(summed if by else [summed.sum()])


def test_items_by_any_grouping(tables: Tables) -> None:
    rng = np.random.default_rng(1)
    answers = tables[0].assign(食堂=rng.choice([*LADDER, ""], len(tables[0])))
    held = survey.from_frame(
        answers, roster=tables[1], keep=["学院", "年级"], dimensions={"生活": "食堂"}, **OPTIONS
    )
    for by in ("branch", "role", "学院", "年级", ["学院", "role"]):
        names = [by] if isinstance(by, str) else by
        made = held.responses_by_item(by)
        assert made.summary.columns[: len(names)].tolist() == names
        assert made.summary["n_valid"].sum() == (answers["食堂"] != "").sum()
        assert made.summary["n_missing"].sum() == (answers["食堂"] == "").sum()
    years = held.responses_by_item("年级").frame
    wanted = answers[answers["食堂"] == "一般"].groupby("年级").size()
    assert years[years["label"] == "一般"]["n"].tolist() == wanted.tolist()
    assert set(held.responses_by_item("role").summary["role"]) == set(ROLES)


def test_breakdown_and_ranking_by_any_one_grouping(tables: Tables) -> None:
    rng = np.random.default_rng(1)
    answers = tables[0].assign(**{c: rng.choice(LADDER, len(tables[0])) for c in "abcd"})
    given = OPTIONS | {"dimensions": {"甲": ["a", "b"], "乙": ["c", "d"]}}
    held = survey.from_frame(answers, roster=tables[1], keep=["学院", "年级"], **given)
    for by, names in (("学院", COLLEGES), ("role", ROLES), ("年级", None)):
        made = held.drivers(by)
        units = sorted(answers["年级"].unique()) if names is None else sorted(names)
        assert sorted(made.branch_totals["branch"]) == units
        assert made.branch_totals["n"].sum() == len(answers)
        made.plot_branch(units[0])
    ranked = held.ranking("学院")
    assert ranked is not None
    assert sorted(ranked.frame["branch"]) == sorted(COLLEGES)
    with pytest.raises(survey.UsageError, match="一个分组"):
        held.drivers(["学院", "role"])  # type: ignore[arg-type]


def test_a_filter_cuts_the_roster_alike(tables: Tables) -> None:
    held, roster = held_of(*tables), tables[1]
    part = held.filter(学院="工")
    assert part.roster is not None
    assert part.roster.size == roster.loc[roster["学院"] == "工", "人数"].sum()
    assert (part.audit["rule"] == "filtered").sum() == held.n_used - part.n_used > 0
    whole = held.satisfaction().frame.set_index("branch")
    own = part.satisfaction().frame.set_index("branch")
    pd.testing.assert_frame_equal(own, whole.loc[own.index])
    assert held.filter(年级=["2021级", "2022级"]).roster is None
    mask = held.responses.people["年级"] == "2021级"
    masked = held.filter(mask.sample(frac=1, random_state=0))  # by its labels, in any order
    assert masked.n_used == held.filter(mask.to_numpy()).n_used  # type: ignore[arg-type]
    assert masked.n_used == held.filter(年级="2021级").n_used
    with pytest.raises(survey.UsageError, match="keep、--keep"):
        held.filter(专业="数学")
    with pytest.raises(survey.UsageError, match="没有答卷"):
        held.filter(mask & ~mask)
    with pytest.raises(survey.UsageError, match="学院='无'"):
        held.filter(学院="无")


def test_read_names_what_takes_a_frame(tables: Tables) -> None:
    with pytest.raises(survey.UsageError, match="from_frame"):
        survey.read(tables[0])  # type: ignore[arg-type]
    with pytest.raises(survey.UsageError, match=r"没有“总休”一列。相近的列：.*总体"):
        survey.from_frame(tables[0], overall="总休", satisfied=SATISFIED)


def test_strings_are_one_element_and_numbers_their_text() -> None:
    answers = pd.DataFrame({"d": ["A"] * 10, "q": [5.0, 4, 5, 3, None, 5, 5, 1, 2, 5]})
    held = survey.from_frame(answers, branch="d", overall="q", satisfied="5")
    frame = held.satisfaction().frame
    assert frame[["n_valid", "n_satisfied", "n_missing"]].iloc[0].tolist() == [9, 5, 1]


def test_a_branch_belongs_to_one_college(tables: Tables) -> None:
    answers, roster = tables
    wrong = roster.copy()
    wrong.loc[0, "学院"] = "医"
    with pytest.raises(survey.RosterError, match="有两个不同的值"):
        held_of(answers, wrong)
    wrong.loc[wrong["支部"] == "支部00", "学院"] = ""
    with pytest.raises(survey.RosterError, match="是空的"):
        held_of(answers, wrong)


def test_colleges_that_would_give_a_small_branch_away_keep_their_verdict(tables: Tables) -> None:
    answers, roster = tables
    # 支部00 of college 理 keeps three answers, 支部01 of college 工 four: the two hide each other,
    # and each college less its shown branches would tell one of them.
    place = answers.groupby("支部").cumcount()
    few = {"支部00": 3, "支部01": 4}
    kept = place < answers["支部"].map(few).fillna(1000)
    published = held_of(answers[kept], roster).published()
    branches = published["branch",].frame.set_index("branch")["verdict"]
    assert branches[branches == "withheld"].index.tolist() == [*few]
    colleges = published["学院",].frame.set_index("学院")
    assert colleges.loc[["理", "工"], ["rate", "n_satisfied", "lower"]].isna().all(axis=None)
    assert (colleges["verdict"] != "withheld").all()
    assert colleges.loc["文", "rate"] > 0


def test_a_questionnaire_declares_its_groupings(tables: Tables, tmp_path: Path) -> None:
    asked = """
id = "mine"
title = "我的问卷"
bar = "0.9"

[scales.four]
levels = [
  { label = "很好", score = 4, satisfied = true },
  { label = "好", score = 3, satisfied = true },
  { label = "一般", score = 2 },
  { label = "差", score = 1 },
]

[branch]
text = "支部"

[[groupings]]
id = "年级"
text = "你的年级"

[[groupings]]
id = "学院"
text = "你的学院"

[overall]
text = "总体"
scale = "four"
"""
    file = tmp_path / "mine.toml"
    file.write_text(asked, encoding="utf-8")
    answers = tables[0].rename(columns={"年级": "2、你的年级"})
    answers.to_excel(tmp_path / "a.xlsx", index=False)
    roster = tables[1].groupby(["学院", "支部"], as_index=False, sort=False)["人数"].sum()
    held = survey.read(tmp_path / "a.xlsx", questionnaire=file, roster=roster, platform="manual")
    assert held.groupings == ("年级", "学院")
    assert held.satisfaction("学院").frame["学院"].tolist() == COLLEGES
    wanted = held_of(*tables).satisfaction("年级").frame["n_satisfied"].tolist()
    assert held.satisfaction("年级").frame["n_satisfied"].tolist() == wanted


def test_a_report_of_fewer_groupings_shows_nothing_that_the_full_one_hides(tables: Tables) -> None:
    answers, roster = tables
    place = answers.groupby("支部").cumcount()
    kept = place < answers["支部"].map({"支部00": 3, "支部07": 4}).fillna(1000)
    full = held_of(answers[kept], roster).published()
    fewer = survey.from_frame(answers[kept], roster=roster, keep="年级", **OPTIONS).published()
    assert set(full) - set(fewer) == {("学院",)}
    for by, table in fewer.items():
        shown, all_of_it = table.frame["rate"].notna(), full[by].frame["rate"].notna()
        assert not (shown & ~all_of_it).any()


def test_what_would_silently_mislead_is_refused(tables: Tables) -> None:
    held = held_of(*tables)
    with pytest.raises(survey.UsageError, match="理"):
        held.filter(学院=["理", "理学"])
    names = held.branches
    with pytest.raises(survey.UsageError, match="没有"):
        held.anonymise({names[0]: "甲"})
    with pytest.raises(survey.UsageError, match="不同的名称"):
        held.anonymise(dict.fromkeys(names, "甲"))
    for wrong in (0, -3, 1.5, "5"):
        with pytest.raises(survey.UsageError, match="min_cell"):
            survey.from_frame(tables[0], min_cell=wrong, **OPTIONS)  # type: ignore[arg-type]
    answers = tables[0].assign(食堂="好")
    items = survey.from_frame(answers, dimensions={"生活": "食堂"}, **OPTIONS)
    with pytest.raises(survey.UsageError, match="一个单位"):
        items.responses_by_item("role").plot()


def test_groupings_may_be_called_what_no_sheet_can_or_another_is(
    tables: Tables, tmp_path: Path
) -> None:
    answers, roster = tables
    named = {"学院": "学院/部门[单选]?", "年级": "各支部"}
    held = survey.from_frame(
        answers.rename(columns=named),
        roster=roster.rename(columns=named),
        keep=[*named.values()],
        **OPTIONS,
    )
    held.report(tmp_path / "r")
    book = pd.ExcelFile(tmp_path / "r" / "results.xlsx", engine="openpyxl")
    sheets = book.sheet_names
    assert {"学院 部门 单选", "各支部", "各支部（分组）"} <= {*sheets}
    listed = pd.read_excel(book, sheet_name="说明", header=None)
    assert {*sheets} - {"说明"} <= {str(cell) for cell in listed.to_numpy().ravel()}
