import re
import time
from collections import Counter
from dataclasses import replace
from itertools import permutations

import numpy as np
import openpyxl
import pandas as pd
import pytest

import questionnaires
import survey
from questionnaires.asking import questions
from survey.errors import ReportError, UsageError
from survey.simulation import (
    draw_people,
    simulate,
    true_contributions,
    true_satisfaction,
    university_contributions,
)
from survey.simulation.files import branch_names


def cells(path):
    book = openpyxl.load_workbook(path)
    header, *rows = book.worksheets[0].iter_rows(values_only=True)
    return book, list(header), pd.DataFrame(rows, columns=list(header))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("university"), seed=0)


@pytest.fixture(scope="module")
def export(made):
    return cells(made.export)


def test_the_export_looks_like_the_platforms(export):
    book, header, frame = export
    assert book.sheetnames == ["Sheet1"]
    assert header[:6] == ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
    assert all(isinstance(value, str) for value in frame.to_numpy().ravel())
    assert frame["序号"].tolist() == [str(k) for k in range(1, len(frame) + 1)]
    assert frame["提交答卷时间"].str.fullmatch(r"2025/7/\d{1,2} \d{1,2}:\d{2}:\d{2}").all()
    assert pd.to_datetime(frame["提交答卷时间"]).is_monotonic_increasing
    assert frame["所用时间"].str.fullmatch(r"\d+秒").all()
    assert frame["来自IP"].str.fullmatch(r"203\.0\.113\.\d+\((\S+-\S+|未知)\)").all()


def test_the_columns_are_those_of_the_pasted_questionnaire(export):
    _, header, _ = export
    expected = []
    for question in questions(questionnaires.load("jiangsu-2014")):
        texts = question.rows or (question.stem,)
        expected += [f"{question.number}、{text}" for text in texts]
    assert [re.sub(r"、.*—", "、", text) for text in header[6:]] == expected
    assert [text for text in header if "—" in text] == [
        text for text in header if re.match(r"[4-9]、您对", text)
    ]


def test_every_mark_occurs_and_every_label_is_known(made, export):
    _, header, frame = export
    scale = questionnaires.load("jiangsu-2014").overall.scale
    items = frame[header[9:27]]
    labels = Counter(items.to_numpy().ravel())
    assert {"(空)", "(跳过)", "不了解", "非常满意", "非常不满意"} <= set(labels)
    assert all(scale.find(label) for label in labels if label not in {"(空)", "(跳过)"})
    skipped = (items == "(跳过)").any(axis=1)
    assert skipped.equals((items == "(跳过)").all(axis=1))
    assert skipped.equals(frame[header[8]] == "不了解")
    blank = (items == "(空)").to_numpy().mean()
    assert 0.02 < blank < 0.04


def test_names_in_remarks_are_there_to_be_masked(export):
    _, header, frame = export
    remarks = "".join(frame[header[-1]])
    assert all(char in remarks for char in "玥珺喆堃")
    assert re.search(r"1\d{10}", remarks)
    assert "无" in set(frame[header[-1]])


def test_the_roster_counts_the_population(made):
    book = openpyxl.load_workbook(made.roster)
    header, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert header == ("支部", "身份", "人数")
    roles = {"党员": "members", "师生员工": "staff_students"}
    assert [(b, roles[r], n) for b, r, n in rows] == list(
        made.truth[["branch", "role", "population"]].itertuples(index=False, name=None)
    )


def test_rows_are_the_people_who_responded(made, export):
    _, header, frame = export
    asked = questionnaires.load("jiangsu-2014")
    counted = Counter(zip(frame[header[6]], frame[header[7]].map(asked.role_of), strict=True))
    assert counted == {
        (branch, role): n
        for branch, role, n in made.truth[["branch", "role", "n_responses"]].itertuples(index=False)
        if n
    }


def test_overall_answers_are_honest(made, export):
    """Of the people of a branch, no more are satisfied in the file than in truth."""
    _, header, frame = export
    satisfied = frame[header[8]].isin(["非常满意", "满意"]).groupby(frame[header[6]]).sum()
    answered = frame[header[8]].isin(["非常满意", "满意", "一般", "不满意", "非常不满意"])
    dissatisfied = (answered.groupby(frame[header[6]]).sum() - satisfied).to_dict()
    truth = made.truth.groupby("branch")[["population", "population_satisfied"]].sum()
    for branch, row in truth.iterrows():
        assert satisfied.get(branch, 0) <= row["population_satisfied"]
        assert dissatisfied.get(branch, 0) <= row["population"] - row["population_satisfied"]


def test_default_university_shows_all_that_the_report_has_to_say(made):
    truth = made.truth.groupby("branch")[
        ["population", "population_satisfied", "n_responses"]
    ].sum()
    rate = truth["population_satisfied"] / truth["population"]
    assert len(truth) == 40
    assert {8, 12, 300} <= set(truth["population"])
    assert (rate > 0.95).sum() >= 5
    assert (rate < 0.85).sum() >= 5
    assert rate.between(0.85, 0.95).sum() >= 5
    answered = made.people.persons.query("responded")
    assert (~answered["satisfied"]).sum() >= 100
    assert 0.6 < truth["n_responses"].sum() / truth["population"].sum() < 0.8


def test_same_seed_same_files_other_seed_others(tmp_path):
    first, again, other = (
        simulate(tmp_path / name, seed=seed, n_branches=8)
        for name, seed in (("first", 1), ("again", 1), ("other", 2))
    )
    assert cells(again.export)[2].equals(cells(first.export)[2])
    assert again.truth.equals(first.truth)
    assert not other.truth.equals(first.truth)


def test_noise_in_the_file_leaves_the_truth_alone(tmp_path, made):
    clean = simulate(tmp_path, seed=0, blank_share=0, not_applicable_share=0, straightliner_share=0)
    assert clean.truth.equals(made.truth)
    _, header, frame = cells(clean.export)
    marks = {"(空)", "(跳过)", "不了解"}
    assert not frame[header[8:27]].isin(marks).to_numpy().any()


def test_straight_liners_are_quick_and_half_fail_the_check(tmp_path):
    made = simulate(tmp_path, n_branches=15, seed=2, straightliner_share=0.3)
    _, header, frame = cells(made.export)
    seconds = frame["所用时间"].str.removesuffix("秒").astype(int)
    straight = frame[header[9:27]].nunique(axis=1) == 1
    quick = seconds < 40
    assert 0.25 < quick.mean() < 0.35
    assert (straight & quick).sum() == quick.sum()
    failed = frame[header[27]] != "一般"
    assert 0.4 < failed[quick].mean() < 0.6
    assert failed[~quick].mean() < 0.03


def test_respondents_are_like_the_others_unless_a_bias_is_asked_for():
    gaps = {
        bias: [
            people.groupby("responded")["satisfied"].mean().diff().iloc[-1]
            for people in (
                draw_people(seed=seed, nonresponse_bias=bias).persons for seed in range(40)
            )
        ]
        for bias in (0.0, 1.5)
    }
    assert abs(np.mean(gaps[0.0])) < 3 * np.std(gaps[0.0]) / np.sqrt(40)
    assert np.min(gaps[1.5]) > 0.03


def test_the_bar_sets_the_level_and_slopes_are_in_the_answers():
    from statsmodels.discrete.discrete_model import Logit

    people = draw_people(n_branches=200, seed=4, bar="0.8")
    assert people.persons["satisfied"].mean() == pytest.approx(0.8, abs=0.01)
    dimensions = questionnaires.load("jiangsu-2014").dimension_items
    means = [people.persons[list(ids)].mean(axis=1) for ids in dimensions.values()]
    design = np.column_stack([np.ones(len(people.persons)), *means])
    fit = Logit(~people.persons["satisfied"], design).fit(disp=0)
    true = np.array([people.intercept, *people.slopes.values()])
    assert (np.abs(fit.params - true) < 4 * fit.bse).all()


def test_contributions_agree_with_averaging_over_all_orders():
    asked = questionnaires.load("jiangsu-2014")
    asked = replace(asked, dimensions=asked.dimensions[:4])
    people = draw_people(asked, n_branches=3, seed=6, sizes=(8, 12), slopes=[-0.5, -0.9, 0.0, -0.3])
    persons = people.persons

    def rate(raised, rows):
        linear = people.intercept
        for dimension in asked.dimensions:
            scores = rows[[item.id for item in dimension.items]]
            mean = (scores.clip(lower=4) if dimension.id in raised else scores).mean(axis=1)
            linear = linear + people.slopes[dimension.id] * mean
        return float((1 / (1 + np.exp(-linear))).mean())

    ids = list(people.slopes)
    found = true_contributions(people, asked).set_index(["branch", "dimension"])["contribution"]
    for branch, rows in persons.groupby("branch"):
        total = dict.fromkeys(ids, 0.0)
        for order in permutations(ids):
            for place, id in enumerate(order):
                # Raising to the target must not move what is already above it.
                total[id] += rate(order[:place], rows) - rate(order[: place + 1], rows)
        for id in ids:
            assert found[branch, id] == pytest.approx(total[id] / 24, abs=1e-12)

    whole = university_contributions(true_contributions(people, asked), people)
    fall = rate((), persons) - rate(ids, persons)
    assert whole["contribution"].sum() == pytest.approx(fall, abs=1e-12)
    assert whole["contribution"][2] == 0


def test_the_short_form_and_one_full_branch(tmp_path):
    made = simulate(
        tmp_path, questionnaire="jiangsu-2014-short", n_branches=1, response_rate=1.0, seed=3
    )
    _, header, frame = cells(made.export)
    assert len(header) == 9
    assert len(frame) == made.truth["population"].sum()
    assert made.truth_drivers.empty
    assert set(frame[header[8]]) <= {"满意", "基本满意", "不太满意", "不满意", "不了解", "(空)"}


def test_without_a_role_question_there_is_one_population(tmp_path):
    asked = replace(questionnaires.load("jiangsu-2014-short"), role=None)
    made = simulate(tmp_path, questionnaire=asked, n_branches=4)
    assert made.truth["role"].unique().tolist() == ["all"]
    book = openpyxl.load_workbook(made.roster)
    assert next(book.worksheets[0].iter_rows(values_only=True)) == ("支部", "人数")


def test_one_stem_above_every_matrix_is_read_back(tmp_path):
    asked = replace(questionnaires.load("jiangsu-2014"), matrix_stem="请对下列各项评价")
    made = simulate(tmp_path, questionnaire=asked, n_branches=3)
    _, header, _ = cells(made.export)
    assert sum("、请对下列各项评价—" in name for name in header) == 6
    held = survey.read(made.export, questionnaire=asked, roster=made.roster)
    assert held.responses.scores[list(asked.item_ids)].notna().any().all()


def test_nobody_answers(tmp_path):
    made = simulate(tmp_path, n_branches=3, response_rate=0.0)
    assert made.truth["n_responses"].sum() == 0
    assert len(cells(made.export)[2]) == 0


@pytest.mark.parametrize(
    "wrong", [{"n_branches": 0}, {"sizes": (1, 5)}, {"sizes": (9, 8)}, {"response_rate": 1.2}]
)
def test_impossible_wishes_are_refused(wrong):
    with pytest.raises(UsageError):
        draw_people(**wrong)


def test_names_never_repeat():
    names, _ = branch_names(2000)
    assert len(set(names)) == 2000
    assert any(name.endswith("第十党支部") for name in names)


NAMES = (
    "玥珺喆堃党支部",
    "马克思主义学院中国近现代史基本研究与思想政治教育专业博士研究生第十二联合党支部甲",
    "Branch «A», 100 %",
)


def test_branches_bear_the_names_given(tmp_path):
    assert len(NAMES[1]) == 40
    made = simulate(tmp_path / "named", names=NAMES, seed=4)
    _, header, frame = cells(made.export)
    assert set(frame[header[6]]) == set(NAMES) == set(made.truth["branch"])
    held = survey.read(made.export, roster=made.roster)
    assert held.branches == list(NAMES)
    assert held.satisfaction().frame["n_valid"].gt(0).all()
    options = frame.groupby(header[6])[header[7]].agg(set)
    assert options[NAMES[1]] <= {"学生党员", "非党员学生"}
    assert options[NAMES[0]] <= {"教工党员", "非党员教职工"}


def test_names_do_not_change_what_people_think():
    made_up = draw_people(n_branches=3, seed=4).persons
    named = draw_people(names=NAMES, seed=4).persons
    others = made_up.columns.difference(["branch", "answer"])
    pd.testing.assert_frame_equal(named[others], made_up[others])


@pytest.mark.parametrize(
    "wrong",
    [
        {"names": ["甲支部", "乙支部"], "n_branches": 3},
        {"names": ["甲支部", " 甲支部。"]},
        {"names": ["甲支部", " "]},
        {"names": []},
    ],
)
def test_names_that_are_none_are_refused(wrong):
    with pytest.raises(UsageError):
        draw_people(**wrong)


def test_truth_is_counted_from_everybody():
    people = draw_people(n_branches=6, seed=8)
    truth = true_satisfaction(people)
    assert truth["population"].sum() == len(people.persons)
    assert truth["population_satisfied"].sum() == people.persons["satisfied"].sum()
    assert (truth["population"] > 0).all()


def test_a_large_university_is_quick(tmp_path):
    start = time.process_time()
    simulate(tmp_path, n_branches=200, seed=1)
    assert time.process_time() - start < 10


def test_a_roster_that_is_there_is_replaced_only_by_force(tmp_path):
    (tmp_path / "名册.xlsx").write_bytes(b"mine")
    with pytest.raises(ReportError, match="force=True"):
        simulate(tmp_path, n_branches=3)
    assert [file.name for file in tmp_path.iterdir()] == ["名册.xlsx"]
    assert (tmp_path / "名册.xlsx").read_bytes() == b"mine"
    simulate(tmp_path, n_branches=3, force=True)
    assert (tmp_path / "名册.xlsx").read_bytes() != b"mine"
