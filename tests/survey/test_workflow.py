from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import questionnaires
import survey
from survey.estimation.ranking import ranking
from survey.report import drawing, html
from survey.report.sections import compose
from survey.workflow.gathering import title_of
from tests.survey import offices
from tests.survey.offices import MEMBER, SHORT, STAFF

YES, NO = "满意", "不满意"


@pytest.fixture(autouse=True)
def _nothing_spilled() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def read(export: Any, **given: Any) -> survey.Survey:
    return survey.read(export, questionnaire=SHORT, **given)


def test_rows_read_are_rows_used_and_rows_removed(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 8, ("", MEMBER, YES): 2, ("测试", STAFF, NO): 1}
    held = read(offices.short(tmp_path / "a.csv", counts))
    assert (held.n_read, held.n_used, held.n_removed) == (11, 8, 3)
    removed = held.audit[held.audit["action"] == "remove"]
    assert len(removed) == held.n_removed
    assert removed["rule"].value_counts().to_dict() == {"branch_missing": 2, "test_row": 1}
    assert repr(held) == "<Survey jiangsu-2014-short: 8 of 11 rows used, 1 branches>"
    assert "读入 11 份 = 采用 8 份 + 剔除 3 份" in held._repr_html_()
    assert "问卷星" in held._repr_html_()
    assert repr(held.screening) == "<Screening 11 rows: 8 used, 8 without the flagged>"


def test_scores_are_the_used_rows_and_meet_their_people(tmp_path: Path) -> None:
    counts = {("", MEMBER, YES): 2, ("甲", MEMBER, YES): 3, ("乙", STAFF, NO): 4}
    held = read(offices.short(tmp_path / "a.csv", counts))
    scores = held.scores
    assert scores.shape == (held.n_used, 1) == (7, 1)
    branches = held.responses.people["branch"]
    by_branch = scores["overall"].groupby(branches).agg(["size", "nunique"])
    assert by_branch.loc[["甲", "乙"]].to_numpy().tolist() == [[3, 1], [4, 1]]
    scores["overall"] = 0.0
    assert held.scores["overall"].gt(0).all()


NAMES = [
    "玥珺喆堃党支部",
    "马克思主义学院中国近现代史基本研究与思想政治教育专业博士研究生第十二联合党支部甲",
    "Branch «A», 100 %",
    "<b>研究生</b>&第二党支部",
]


def test_names_of_any_kind_reach_the_page_whole(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, names=NAMES, seed=4, sizes=(30, 60))
    document = compose(survey.read(made.export, roster=made.roster).findings())
    page = html.render(document, drawing.gallery(document.pictures(), ["page"], workers=1))
    assert all(escape(name, quote=False) in page for name in NAMES)
    assert "<b>研究生" not in page


def test_answers_left_out_on_request_are_in_the_audit(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 8, ("甲", MEMBER, NO): 2, ("甲", MEMBER, "未参加"): 5}
    export = offices.short(tmp_path / "a.csv", counts)
    named: dict[str, Any] = {"branch": "1", "overall": "3", "satisfied": [YES]}
    held = survey.read(export, not_applicable=["未参加"], **named)
    frame = held.satisfaction().frame.iloc[0]
    assert (frame["n_responses"], frame["n_valid"], frame["n_not_applicable"]) == (15, 10, 5)
    assert frame["rate"] == 0.8
    assert held.audit["zh"].str.contains("不计入有效回答的答案：“未参加”5 次").sum() == 1
    asked = read(export, not_applicable=["未参加"]).satisfaction().frame.iloc[0]
    assert (asked["n_valid"], asked["n_not_applicable"]) == (10, 5)


def test_unknown_branches_stop_unless_allowed(tmp_path: Path) -> None:
    export = offices.short(
        tmp_path / "a.csv", {("甲", MEMBER, YES): 8, ("丙", MEMBER, NO): 3, ("丁", STAFF, NO): 1}
    )
    roster = offices.roster(tmp_path / "r.csv", {"甲": 9})
    with pytest.raises(survey.SurveyError, match="“丙”（3 份）；“丁”（1 份）"):
        read(export, roster=roster)
    held = read(export, roster=roster, allow_unknown_branches=True)
    assert (held.n_used, held.n_removed) == (8, 4)
    assert set(held.audit["rule"]) >= {"unknown_branch"}
    assert held.satisfaction().frame["branch"].tolist() == ["甲"]
    assert held.satisfaction(None).frame["n_valid"].tolist() == [8]


def test_rows_of_a_test_do_not_stop_for_the_roster(tmp_path: Path) -> None:
    export = offices.short(tmp_path / "a.csv", {("甲", MEMBER, YES): 8, ("测试", MEMBER, NO): 2})
    held = read(export, roster=offices.roster(tmp_path / "r.csv", {"甲": 9}))
    assert held.n_used == 8
    assert held.screening.tally("remove")["rule"].tolist() == ["test_row"]


def test_a_roster_with_roles_for_a_survey_without(tmp_path: Path) -> None:
    export = offices.short(tmp_path / "a.csv", {("甲", MEMBER, YES): 8, ("乙", STAFF, NO): 7})
    sizes = {("甲", "党员"): 9, ("甲", "师生员工"): 9, ("乙", "师生员工"): 9}
    roster = offices.roster(tmp_path / "r.csv", sizes)
    held = survey.read(export, roster=roster, branch="1", overall="3", satisfied=[YES])
    found = held.findings()
    assert ("role",) not in found.tables
    assert found.tables["branch",].frame["population"].tolist() == [18, 9]
    assert found.tables[()].frame["rate"].tolist() == [round(18 / 27, 3)]


def test_branch_names_meet_by_nfkc_blanks_and_alias(tmp_path: Path) -> None:
    export = offices.short(
        tmp_path / "a.csv",
        {
            ("机械（１）支部", MEMBER, YES): 3,
            ("机械(1) 支部", MEMBER, YES): 3,
            ("一支部", MEMBER, NO): 2,
        },
    )
    roster = offices.write_csv(
        tmp_path / "r.csv", [("支部", "人数", "别名"), ("机械(1)支部", 9, "一支部")]
    )
    assert read(export, roster=roster).satisfaction().frame["n_valid"].tolist() == [8]
    without = read(export)
    assert without.branches == sorted(["机械（１）支部", "一支部"]) or len(without.branches) == 2


def test_more_answers_than_people_stop(tmp_path: Path) -> None:
    export = offices.short(tmp_path / "a.csv", {("甲", MEMBER, YES): 10})
    with pytest.raises(survey.SurveyError, match="“甲”有 10 份答卷，名册上只有 9 人"):
        read(export, roster=offices.roster(tmp_path / "r.csv", {"甲": 9}))


def test_a_roster_of_one_line_a_person(tmp_path: Path) -> None:
    export = offices.short(tmp_path / "a.csv", {("甲", MEMBER, YES): 6})
    lines = [("姓名", "支部", "身份"), *[(f"人{i}", "甲", "党员") for i in range(12)]]
    held = read(export, roster=offices.write_csv(tmp_path / "r.csv", lines))
    assert held.satisfaction().frame["population"].tolist() == [12]


def test_a_folder_with_the_roster_in_it(tmp_path: Path) -> None:
    offices.short(tmp_path / "甲.csv", {("甲", MEMBER, YES): 6})
    offices.short(tmp_path / "乙.csv", {("乙", STAFF, NO): 7})
    (tmp_path / "~$甲.csv").write_bytes(b"x")
    roster = offices.roster(tmp_path / "名册.csv", {"甲": 9, "乙": 9})
    held = read(tmp_path, roster=roster)
    assert held.n_read == 13
    assert held.files["file"].tolist() == ["乙.csv", "甲.csv", "名册.csv"]


def test_the_same_rows_in_two_downloads_count_once(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 9, ("甲", STAFF, NO): 5}
    one = offices.short(tmp_path / "a.csv", counts)
    two = offices.short(tmp_path / "b.csv", counts | {("乙", STAFF, NO): 1})
    held = read([one, two])
    assert (held.n_read, held.n_used) == (29, 15)
    assert held.screening.tally("remove")["rule"].tolist() == ["exact_double"]
    kept = read([one, two], rules=[])
    assert kept.n_used == 29


def test_a_bad_file_stops_or_is_left_out(tmp_path: Path) -> None:
    good = offices.short(tmp_path / "a.csv", {("甲", MEMBER, YES): 6})
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(survey.SurveyError, match=r"坏\.xlsx"):
        read([good, bad])
    assert read([good, bad], skip_bad_files=True).n_read == 6
    with pytest.raises(survey.SurveyError, match="没有一个文件可以读取"):
        read([bad], skip_bad_files=True)


def test_nothing_left_after_screening_is_an_error(tmp_path: Path) -> None:
    export = offices.short(tmp_path / "a.csv", {("", MEMBER, YES): 6})
    with pytest.raises(survey.SurveyError, match="6 份答卷全部被剔除（没有填写支部 6）"):
        read(export)


def test_a_window(tmp_path: Path) -> None:
    times = [f"2025/11/{day} 8:00:00" for day in (1, 2, 3, 4)]
    export = offices.short(tmp_path / "a.csv", {("甲", MEMBER, YES): 4}, times=times)
    held = read(export, since="2025-11-02", until="2025-11-03", min_cell=2)
    assert held.n_used == 2
    assert held.findings().options["rules"]["outside_window"] == "remove"  # type: ignore[index]


def test_naming_columns_and_a_questionnaire_exclude_each_other(tmp_path: Path) -> None:
    export = offices.short(tmp_path / "a.csv", {("甲", MEMBER, YES): 6})
    with pytest.raises(survey.SurveyError, match="不能再给问卷"):
        survey.read(export, questionnaire=SHORT, overall="3", satisfied=[YES])
    with pytest.raises(survey.SurveyError, match="overall"):
        survey.read(export, branch="1")


def test_the_roster_is_no_export(tmp_path: Path) -> None:
    roster = offices.roster(tmp_path / "r.csv", {"甲": 9})
    with pytest.raises(survey.SurveyError, match="同一个文件"):
        read(roster, roster=roster)


def test_without_a_branch_there_is_one_unit(tmp_path: Path) -> None:
    export = offices.short(tmp_path / "a.csv", {("甲", MEMBER, YES): 6, ("乙", MEMBER, NO): 2})
    held = survey.read(export, overall="3", satisfied=["满意"])
    assert held.branches == ["全部答卷"]
    assert held.findings().tables["branch",].frame["n_valid"].tolist() == [8]


def test_check_says_what_would_stop(tmp_path: Path) -> None:
    fine = offices.short(tmp_path / "a.csv", {("甲", MEMBER, YES): 6})
    odd = offices.short(tmp_path / "b.csv", {("甲", MEMBER, "超好"): 6})
    understood = survey.check([fine, odd], questionnaire=SHORT)
    (error,) = understood.errors
    assert "b.csv" in error.text("en")
    assert "超好" in error.text("en")


def test_a_numbered_export_needs_a_code_book(tmp_path: Path) -> None:
    header = [
        *offices.METADATA,
        f"1、{offices.BRANCH}",
        f"2、{offices.OVERALL}",
        "3、(内存)",
        "3、(屏)",
    ]
    rows = [
        (i, f"2021/4/26 8:{i:02d}:00", "60秒", "微信", "N/A", "", 1 + i % 2, 1 + i % 4, 0, 1)
        for i in range(12)
    ]
    export = offices.write_csv(tmp_path / "n.csv", [header, *rows])
    with pytest.raises(survey.SurveyError, match="按序号"):
        read(export)
    book = survey.CodeBook.from_mapping(
        {"1": ["甲", "乙"], "2": ["满意", "基本满意", "不太满意", "不满意"]}
    )
    held = read(export, codebook=book)
    assert held.branches == ["乙", "甲"] or held.branches == ["甲", "乙"]
    assert held.satisfaction(None).frame["n_satisfied"].tolist() == [6]
    book.save(tmp_path / "book.json")
    again = read(export, codebook=tmp_path / "book.json")
    pd.testing.assert_frame_equal(again.responses.scores, held.responses.scores)
    with pytest.raises(survey.SurveyError, match="book"):
        read(export, codebook=tmp_path / "no-book.json")


def test_numbered_and_text_downloads_of_one_survey_agree(tmp_path: Path) -> None:
    names, words = ["甲", "乙"], ["满意", "基本满意", "不太满意", "不满意"]
    answers = [(i % 2, i * 7 % 4) for i in range(12)]
    when = [f"2021/4/26 8:{i:02d}:00" for i in range(12)]
    text = offices.export(
        tmp_path / "t.csv",
        [(names[b], words[o], "内存┋屏") for b, o in answers],
        questions=(offices.BRANCH, offices.OVERALL, "手机"),
        times=when,
    )
    header = [
        *offices.METADATA,
        f"1、{offices.BRANCH}",
        f"2、{offices.OVERALL}",
        "3、(内存)",
        "3、(屏)",
    ]
    rows = [
        (i + 1, when[i], "60秒", "微信", "N/A", "", b + 1, o + 1, 1, 1)
        for i, (b, o) in enumerate(answers)
    ]
    numbered = offices.write_csv(tmp_path / "n.csv", [header, *rows])
    book = survey.pair_exports(survey.open_export(text), survey.open_export(numbered))
    one, other = read(text), read(numbered, codebook=book)
    pd.testing.assert_frame_equal(one.responses.scores, other.responses.scores)
    pd.testing.assert_series_equal(one.responses.people["branch"], other.responses.people["branch"])


def test_digits_are_rated_only_where_the_mode_is_proven_or_stated(tmp_path: Path) -> None:
    rows = [(f"学院{i % 2}", "教工党员", str(1 + i % 5)) for i in range(20)]
    file = offices.export(tmp_path / "a.csv", rows)
    named = {"branch": "1", "overall": "3", "satisfied": ["4", "5"]}
    with pytest.raises(survey.SurveyError, match="--mode text"):
        survey.read(file, **named)  # type: ignore[arg-type]
    held = survey.read(file, mode="text", **named)  # type: ignore[arg-type]
    assert held.satisfaction(None).frame["n_satisfied"].tolist() == [8]
    with pytest.raises(survey.SurveyError, match="不知道方向"):
        survey.read(file, mode="numbered", **named)  # type: ignore[arg-type]
    book = survey.CodeBook.from_mapping({"3": ["很好", "好", "一般", "差", "很差"]})
    named["satisfied"] = ["很好", "好"]
    stated = survey.read(file, codebook=book, **named)  # type: ignore[arg-type]
    assert stated.satisfaction(None).frame["n_satisfied"].tolist() == [8]
    assert stated.responses.scores["overall"].head(5).tolist() == [5.0, 4.0, 3.0, 2.0, 1.0]


def test_anonymous_branches_keep_their_figures(tmp_path: Path) -> None:
    counts = {(f"学院{i}", MEMBER, YES): 6 + i for i in range(12)}
    roster = offices.roster(tmp_path / "r.csv", {f"学院{i}": 40 for i in range(12)})
    held = read(offices.short(tmp_path / "a.csv", counts), roster=roster)
    alias = held.aliases()
    hidden = held.anonymise(alias)
    assert len({tuple(held.aliases().values()) for _ in range(20)}) > 1
    assert hidden.branches == sorted(alias.values())
    assert sorted(alias.values())[0] == "支部 01"
    shown = hidden.satisfaction().frame.set_index("branch")["n_valid"]
    for name, n in held.satisfaction().frame.set_index("branch")["n_valid"].items():
        assert shown[alias[str(name)]] == n
    assert "学院" not in hidden.satisfaction().frame.to_string()
    assert held.branches[0] == "学院0"


@pytest.mark.usefixtures("page_only")
def test_the_size_of_an_anonymous_branch_does_not_tell_its_name(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=14, seed=5, sizes=(9, 60))
    held = survey.read(made.export, roster=made.roster)
    alias = held.aliases()
    told = held.anonymise(alias).findings()
    exact = held.findings().tables["branch",].frame.set_index("branch")
    frame = told.tables["branch",].frame.set_index("branch").loc[[alias[b] for b in exact.index]]
    assert frame["verdict"].tolist() == exact["verdict"].tolist()
    for name in ("population", "n_valid"):
        assert (frame[name] % 5 == 0).all()
        away = frame[name].to_numpy(dtype=float) - exact[name].to_numpy(dtype=float)
        assert (abs(away) <= 2.5).all()
    for name in ("rate", "lower", "upper", "response_rate"):
        shown = frame[name].dropna().astype(float)
        assert np.allclose(shown, shown.round(2))
    assert frame[["n_satisfied", "break_even", "bound_low", "p_meets"]].isna().all(axis=None)
    assert told.tables[()].frame["n_satisfied"].notna().all()
    assert any("取整" in zh for zh, _ in told.notices)
    assert told.ranking is not None
    assert told.drivers is not None
    for frame in (told.ranking.frame, told.drivers.branch_totals, told.drivers.branches):
        shares = frame.select_dtypes("float")
        assert np.allclose(shares, shares.round(2), equal_nan=True)
    pages = held.anonymise(alias).report(tmp_path / "报告", per_branch="html")
    own = [page.read_text(encoding="utf-8") for page in pages.rglob("0*.html")]
    assert any("（约 " in page for page in own)


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> survey.Simulation:
    return survey.simulate(tmp_path_factory.mktemp("forty"), n_branches=40, seed=8, sizes=(20, 200))


@pytest.mark.parametrize("bar", [0.9, 0.85, 0.875])
def test_figures_of_anonymous_branches_are_rough_and_still_true(
    forty: survey.Simulation, bar: float
) -> None:
    held = survey.read(forty.export, roster=forty.roster, bar=bar)
    alias = held.aliases()
    hidden, exact = held.anonymise(alias), held.findings(score="national-2009")
    told = hidden.findings(score="national-2009")
    order = [alias[b] for b in held.branches]
    true = exact.tables["branch",].frame.set_index("branch")
    frame = told.tables["branch",].frame.set_index("branch").loc[order]
    assert (frame["lower"].to_numpy() <= true["lower"].to_numpy() + 1e-12).all()
    assert (frame["upper"].to_numpy() >= true["upper"].to_numpy() - 1e-12).all()
    assert (abs(frame["rate"].to_numpy() - true["rate"].to_numpy()) <= 0.01).all()
    for name in ("rate", "lower", "upper"):
        assert ((frame[name] >= bar).to_numpy() == (true[name] >= bar).to_numpy()).all()
    assert not (frame["rate"].eq(1) & (true["rate"] < 1).to_numpy()).any()
    assert told.scores is not None
    assert exact.scores is not None
    points = told.scores.frame.set_index("branch").loc[order]
    of_all = exact.scores.frame.set_index("branch").loc[held.branches]
    assert (abs(points["score"].to_numpy() - of_all["score"].to_numpy()) <= 1).all()
    passes = points["score"] >= told.scores.pass_mark
    assert passes.tolist() == of_all["passes"].tolist()
    rough = points["score"] == points["score"].round(0)
    beside = abs(points["score"] - told.scores.pass_mark) < 1
    assert (rough | beside).all()
    assert (points["rate"] == frame["rate"]).all()
    alone = hidden.score("national-2009").frame.set_index("branch").loc[order]
    assert alone["score"].tolist() == points["score"].tolist()


@pytest.mark.parametrize(
    "counts",
    [
        {("甲", MEMBER, YES): 7},
        {("甲", MEMBER, NO): 7},
        {("甲", MEMBER, YES): 7, ("乙", STAFF, NO): 1},
    ],
)
@pytest.mark.parametrize("sized", [True, False])
def test_findings_at_the_edges(
    tmp_path: Path, counts: dict[tuple[str, str, str], int], sized: bool
) -> None:
    roster = offices.roster(tmp_path / "r.csv", {"甲": 9, "乙": 12, "丙": 6}) if sized else None
    found = read(offices.short(tmp_path / "a.csv", counts), roster=roster).findings()
    assert found.n_read == found.n_used == sum(counts.values())
    assert ("branch", "role") not in found.tables
    for table in (found.tables[()], found.tables["branch",], found.tables["role",]):
        assert table is not None
        table.to_display("zh")
        table.to_display("en")
        table._repr_html_()
        bounds = table.frame[["lower", "upper"]].dropna()
        assert bounds.apply(lambda bound: bound.between(0, 1)).all(axis=None)


@pytest.mark.parametrize("answer", [YES, "(空)", "不了解"])
def test_no_report_of_fewer_answers_than_one_figure_needs(tmp_path: Path, answer: str) -> None:
    held = read(offices.short(tmp_path / "a.csv", {("甲", MEMBER, answer): 4}))
    with pytest.raises(survey.SurveyError, match="有效回答不足 5 份"):
        held.findings()
    with pytest.raises(survey.SurveyError, match="有效回答不足 5 份"):
        held.report(tmp_path / "报告")
    assert not (tmp_path / "报告").exists()


def test_figures_of_all_branches_are_made_of_the_shown_ones(tmp_path: Path) -> None:
    """What withheld branches answered would else be told by a mean they took part in."""
    made = survey.simulate(tmp_path, n_branches=20, seed=6, sizes=(5, 40), response_rate=0.5)
    found = survey.read(made.export, roster=made.roster).findings()
    frame = found.tables["branch",].frame
    hidden = frame["verdict"] == "withheld"
    assert hidden.any()
    shown = frame[~hidden]
    alone = replace(found.tables["branch",], frame=shown)
    crossed = found.tables.get(("branch", "role"))
    again = ranking(alone, crossed, level=0.95, seed=found.options["seed"])
    assert again is not None
    assert found.ranking is not None
    pd.testing.assert_frame_equal(found.ranking.frame, again.frame)


def test_a_lower_minimum_cell_is_printed_once(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=3, seed=2, sizes=(40, 60))
    notices = survey.read(made.export, roster=made.roster, min_cell=3).findings().notices
    assert [("最小公布人数" in zh, "respondents of a published" in en) for zh, en in notices].count(
        (True, True)
    ) == 1
    assert sum("个人的回答可能被推知" in zh for zh, _ in notices) == 1


def test_notebook_forms_of_every_result(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=6, seed=6)
    held = survey.read(made.export, roster=made.roster)
    found = held.findings()
    for value in (made, held, held.roster, held.screening, held.questionnaire, found):
        assert len(repr(value)) < 120
    results = (found.drivers, found.items, found.ranking, found.reliability)
    for result in (*found.tables.values(), *results):
        if result is not None:
            assert "<table" in result._repr_html_()


def test_wrong_verdicts_and_coverage_on_simulated_universities() -> None:
    """A small version of ``tests/simulations/verdicts_of_the_demo.py``."""
    from tests.simulations.verdicts_of_the_demo import tally

    counted = tally(runs=12, n_branches=40, seed=11)
    n = counted["branches"]
    # Five per cent, and three standard errors of it.
    slack = 3 * np.sqrt(0.05 * 0.95 / n)
    assert counted["wrongly_meets"] / counted["bad"] <= 0.05 + 3 * np.sqrt(0.0475 / counted["bad"])
    assert counted["wrongly_below"] / counted["good"] <= 0.05 + 3 * np.sqrt(
        0.0475 / counted["good"]
    )
    assert counted["covered"] / n >= 0.95 - slack
    assert counted["decided"] / n > 0.2


def test_the_joint_verdict_of_all_does_not_tell_of_a_hidden_role(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 3, ("甲", STAFF, YES): 30, ("乙", STAFF, NO): 20}
    sizes = {("甲", "党员"): 3, ("甲", "师生员工"): 40, ("乙", "师生员工"): 30}
    roster = offices.roster(tmp_path / "r.csv", sizes)
    found = read(offices.short(tmp_path / "a.csv", counts), roster=roster).findings()
    assert ("role",) in found.tables
    assert "withheld" in set(found.tables["role",].frame["verdict"])
    # Were all together to meet the bar, the joint verdict would tell of the three.
    assert found.tables[()].frame["verdict"].tolist() == ["below"]
    assert found.tables[()].frame["verdict_joint"].tolist() == ["below"]
    counts["乙", STAFF, YES] = counts.pop(("乙", STAFF, NO))
    found = read(offices.short(tmp_path / "b.csv", counts), roster=roster).findings()
    assert found.tables[()].frame["verdict_joint"].tolist() == ["withheld"]


def test_the_audit_names_rows_columns_and_what_was_odd(tmp_path: Path) -> None:
    questions = (offices.BRANCH, offices.ROLE, offices.OVERALL, "姓名", "爱好")
    rows = [("甲", MEMBER, YES, "王玥", "球类")] * 7 + [("", "校友", YES, "李堃", "阅读")]
    held = read(offices.export(tmp_path / "a.csv", rows, questions=questions))
    audit = held.audit.set_index("rule")
    assert audit.loc["branch_missing", "row"] == 9
    assert audit.loc["personal_column", "column"] == "J"
    assert audit.loc["unused_column", "zh"] == "“5、爱好”没有用到"
    assert any("不认识的身份：另有 1 份" in text for text in audit.loc[["reading"], "zh"])
    assert "王玥" not in held.audit.to_csv()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("食堂满意度问卷", "食堂满意度调查报告"),
        ("问卷", "满意度调查报告"),
        ("支部满意度测评（简表）", "支部满意度测评（简表）报告"),
        ("图书馆", "图书馆满意度调查报告"),
    ],
)
def test_titles(title: str, expected: str) -> None:
    asked = replace(questionnaires.load(SHORT), title=title)
    assert title_of(asked, "zh") == expected
    assert title_of(asked, "en").startswith("Satisfaction report: ")


def test_no_difference_of_bases_singles_a_few_people_out(tmp_path: Path) -> None:
    """Whoever gave few items is left out of the breakdown in fives at least, else kept."""
    made = survey.simulate(tmp_path, n_branches=14, seed=5, sizes=(20, 60))
    held = survey.read(made.export, roster=made.roster)
    scores, ids = held.responses.scores.copy(), list(held.questionnaire.item_ids)
    people = held.responses.people
    rng = np.random.default_rng(2)
    blank = rng.random(len(scores)) < 0.06
    first = (people["branch"] == held.branches[0]).to_numpy()
    blank |= first & (np.cumsum(first) <= 8)
    scores.loc[blank, ids[2:]] = np.nan
    status = held.responses.status.copy()
    status.loc[blank, ids[2:]] = "missing"
    held = replace(held, responses=replace(held.responses, scores=scores, status=status))
    found = held.findings()
    assert found.drivers is not None
    whole = found.tables[()].frame["n_valid"].iloc[0]
    left_out = int(whole - found.drivers.summary["n_used"])
    assert left_out >= found.tables[()].min_cell
    assert found.drivers.summary["dropped"]["few_items"] == left_out
    lacking = pd.Series(blank & scores["overall"].notna() & held.screening.used)
    by_branch = lacking.groupby(people["branch"]).sum()
    assert left_out == by_branch[by_branch >= 5].sum() > 0
    assert (by_branch.between(1, 4)).any()
    # so that no branch loses its breakdown for a few people left out
    totals = found.drivers.branch_totals.set_index("branch")
    own = found.tables["branch",].frame.set_index("branch")["n_valid"]
    gone = own - totals["n"]
    assert not gone.between(1, 4).any()


def test_verdicts_that_hang_on_sizes_and_roles_are_counted(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=20, seed=2)
    held = survey.read(made.export, roster=made.roster)
    doubts = held.findings().doubts
    published = held.published()["branch",].frame.set_index("branch")
    published = published[published["verdict"] != "withheld"]
    sizes = pd.read_excel(made.roster, engine="openpyxl")

    def changed(roster: pd.DataFrame) -> int:
        path = tmp_path / "other.xlsx"
        roster.to_excel(path, index=False)
        other = survey.read(made.export, roster=path).satisfaction().frame.set_index("branch")
        split = published.index[published["estimator"] != "total_only"]
        return int((other["verdict"][split] != published["verdict"][split]).sum())

    larger = sizes.assign(人数=-(-sizes["人数"] * 21 // 20))
    assert doubts is not None
    assert (doubts.n_judged, doubts.most_wrong) == (len(published), 0.05 * len(published))
    unsplit = int((published["estimator"] == "total_only").sum())
    assert 0 <= doubts.n_larger - changed(larger) <= unsplit
    assert 0 < doubts.n_smaller < len(published)
    whole = sizes.groupby("支部", sort=False)["人数"].sum().reset_index()
    assert doubts.n_roles is not None
    assert 0 <= doubts.n_roles - changed(whole) <= unsplit
    assert survey.read(made.export).findings().doubts is None


@pytest.mark.parametrize("which", ["export", "roster"])
def test_a_file_replaced_while_it_is_read_is_named(
    tmp_path: Path, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from survey.workflow import reading

    made = survey.simulate(tmp_path, n_branches=4, seed=1)
    file, understand = getattr(made, which), reading.understand

    def slowly(*given: Any) -> Any:
        other = tmp_path / "new"
        other.write_bytes(file.read_bytes())
        os.replace(other, file)
        return understand(*given)

    monkeypatch.setattr(reading, "understand", slowly)
    with pytest.raises(survey.ReadError, match=f"{file.name}.*正在被改写"):
        survey.read(made.export, roster=made.roster)
    monkeypatch.undo()
    assert survey.read(made.export, roster=made.roster).n_used > 0
