from __future__ import annotations

import pickle
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey
from questionnaires import Dimension
from survey.report.wording import breakdown_notes
from survey.results import Drivers


@pytest.fixture(scope="module")
def university(tmp_path_factory: pytest.TempPathFactory) -> survey.Survey:
    made = survey.simulate(tmp_path_factory.mktemp("made"), n_branches=20, seed=4)
    return survey.read(made.export, roster=made.roster)


@pytest.fixture(scope="module")
def drivers(university: survey.Survey) -> Drivers:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return university.drivers()


def test_the_parts_add_up_exactly(drivers: Drivers) -> None:
    summary: Any = drivers.summary
    parts = summary["floor_rate"] + drivers.frame["contribution"].sum() + summary["residual"]
    assert parts == pytest.approx(summary["observed_rate"], abs=1e-12)
    totals = drivers.branch_totals.set_index("branch")
    shown = totals[~totals["withheld"]]
    by_branch = drivers.branches.groupby("branch")["contribution"].sum()
    rest = shown["observed_rate"] - shown["floor_rate"] - shown["residual"]
    pd.testing.assert_series_equal(by_branch[shown.index], rest, check_names=False, atol=1e-12)
    items = drivers.items.groupby("dimension")["contribution"].sum()
    np.testing.assert_allclose(items[drivers.frame["dimension"]], drivers.frame["contribution"])


def test_who_is_counted(drivers: Drivers, university: survey.Survey) -> None:
    summary: Any = drivers.summary
    dropped = sum(summary["dropped"].values())
    assert summary["n_used"] + dropped == university.n_used
    assert summary["n_satisfied"] + summary["n_dissatisfied"] == summary["n_used"]


def test_the_frames_carry_titles_and_shares(drivers: Drivers, university: survey.Survey) -> None:
    asked = university.questionnaire
    assert drivers.frame["title"].tolist() == [d.title for d in asked.dimensions]
    assert drivers.items["item"].tolist() == list(asked.item_ids)
    shares = drivers.frame["contribution"] / drivers.summary["observed_rate"]
    np.testing.assert_allclose(drivers.frame["share"], shares)
    assert set(drivers.branches["branch"]) <= set(university.branches)
    assert (drivers.frame["low"] <= drivers.frame["contribution"]).all()


def test_small_branches_are_withheld(drivers: Drivers) -> None:
    small = drivers.branch_totals.loc[drivers.branch_totals["n"] < 10, "branch"]
    assert len(small)
    hidden = drivers.branches[drivers.branches["branch"].isin(small)]
    assert hidden["withheld"].all()
    assert hidden[["contribution", "low", "high", "difference"]].isna().all(axis=None)


def test_an_order_only_where_the_difference_excludes_nothing(drivers: Drivers) -> None:
    assert ((drivers.order["low"] > 0) & (drivers.order["difference"] > 0)).all()


def test_sensitivity_names_its_variants(drivers: Drivers, university: survey.Survey) -> None:
    names = drivers.sensitivity["variant"].tolist()
    assert names == ["target", "calibrated", "ordinal", "logit", "blanks", "strict"]
    assert drivers.sensitivity["same_first"].isin([True, False]).all()
    strict = university.drivers(version="strict")
    assert strict.sensitivity["variant"].tolist() == names[:5]
    assert drivers.summary["share_blank"] > 0.05
    assert (drivers.frame["low_blanks"] <= drivers.frame["low"]).all()
    assert (drivers.frame["high_blanks"] >= drivers.frame["high"]).all()


def test_too_few_dissatisfied_people_give_no_breakdown(university: survey.Survey) -> None:
    scores = university.responses.scores.copy()
    scores["overall"] = 5.0
    made = replace(university, responses=replace(university.responses, scores=scores)).drivers()
    assert made.status.startswith("none_")
    assert made.frame["contribution"].isna().all()
    assert made.sensitivity.empty
    assert made.summary["observed_rate"] == 0


def test_one_dimension_is_nothing_to_split(university: survey.Survey) -> None:
    asked = replace(university.questionnaire, dimensions=university.questionnaire.dimensions[:1])
    with pytest.raises(survey.SurveyError, match="两个以上的维度"):
        replace(university, responses=replace(university.responses, questionnaire=asked)).drivers()


def test_items_on_different_ladders_are_not_mixed(university: survey.Survey) -> None:
    asked = university.questionnaire
    first: Dimension = asked.dimensions[0]
    indicator = first.indicators[0]
    item = replace(
        indicator.items[0],
        scale=replace(
            indicator.items[0].scale, id="three", levels=indicator.items[0].scale.levels[:3]
        ),
    )
    changed = replace(first, indicators=(replace(indicator, items=(item,)), *first.indicators[1:]))
    asked = replace(asked, dimensions=(changed, *asked.dimensions[1:]))
    with pytest.raises(survey.SurveyError, match="量表不同"):
        replace(university, responses=replace(university.responses, questionnaire=asked)).drivers()


def test_the_seed_decides_the_imputation(university: survey.Survey, drivers: Drivers) -> None:
    pd.testing.assert_frame_equal(university.drivers().frame, drivers.frame)


def test_a_survey_of_named_columns_can_be_split(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=12, seed=2)
    held = survey.read(made.export)
    asked = held.questionnaire
    named = survey.read(
        made.export,
        branch=asked.branch.text,
        overall=asked.overall.text,
        dimensions={d.title: [item.text for item in d.items] for d in asked.dimensions},
        satisfied=["非常满意", "满意"],
    )
    assert named.n_read == held.n_read
    one, other = held.drivers(), named.drivers()
    if held.n_used == named.n_used:
        np.testing.assert_allclose(one.frame["contribution"], other.frame["contribution"])
    assert other.frame["title"].tolist() == one.frame["title"].tolist()


def test_diagnostics_agree_with_the_frame(drivers: Drivers) -> None:
    diagnostics = drivers.diagnostics
    assert diagnostics["dimension"].tolist() == drivers.frame["dimension"].tolist()
    np.testing.assert_array_equal(diagnostics["slope"], drivers.frame["slope"])
    assert (diagnostics["slope_standard_error"] > 0).all()
    assert (diagnostics["vif"] >= 1).all()
    assert diagnostics["probability_first"].sum() == pytest.approx(1)
    apart = diagnostics["calibrated"] - drivers.frame["contribution"]
    assert 0 < apart.abs().max() < 0.1
    assert abs(apart.sum()) < 0.05
    largest = drivers.frame["contribution"].idxmax()
    assert diagnostics["probability_first"].idxmax() == largest


def test_companions_split_the_explained_variance(
    drivers: Drivers, university: survey.Survey
) -> None:
    companions = drivers.companions
    scores = university.responses.scores[university.screening.used]
    columns = ["overall", *university.questionnaire.item_ids]
    complete = scores[columns].dropna()
    assert (companions["n"] == len(complete)).all()
    means = [
        complete[list(items)].mean(axis=1)
        for items in university.questionnaire.dimension_items.values()
    ]
    x = np.column_stack([np.ones(len(complete)), *means])
    y = (complete["overall"] < 4).to_numpy(dtype=float)
    fitted = x @ np.linalg.lstsq(x, y, rcond=None)[0]
    explained = 1 - ((y - fitted) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    assert companions["lmg"].sum() == pytest.approx(explained)
    assert companions["relative_weight"].sum() == pytest.approx(explained)


def test_the_regression_is_that_of_statsmodels(university: survey.Survey) -> None:
    scores = university.responses.scores.fillna(4.0)
    whole = replace(university, responses=replace(university.responses, scores=scores))
    made = whole.drivers()
    model = made.model
    assert model is made.model
    assert model.params.index.tolist() == made.regression["term"].tolist()
    assert made.summary["imputation"] == "none"
    np.testing.assert_allclose(made.regression["coefficient"], model.params, rtol=1e-9)
    np.testing.assert_allclose(made.regression["standard_error"], model.bse, rtol=1e-9)
    interval = np.exp(model.conf_int())
    np.testing.assert_allclose(made.regression[["low", "high"]], interval, rtol=1e-8)
    np.testing.assert_allclose(made.regression["p_value"], model.pvalues, rtol=1e-6)
    assert "GLM" in str(model.summary())


def test_no_answers_travel_with_a_pickled_breakdown(drivers: Drivers) -> None:
    assert drivers.model is not None
    copied = pickle.loads(pickle.dumps(drivers))
    pd.testing.assert_frame_equal(copied.regression, drivers.regression)
    assert "model" not in vars(copied)
    with pytest.raises(survey.SurveyError, match=r"survey\.drivers\(\)\.model"):
        _ = copied.model


def test_a_dimension_nobody_was_asked_is_named_and_the_others_are_broken_down(
    university: survey.Survey,
) -> None:
    first, second = university.questionnaire.dimensions[:2]
    scores = university.responses.scores.copy()
    scores[[item.id for item in first.items]] = np.nan
    scores[[item.id for item in second.items]] = 5.0
    responses = replace(university.responses, scores=scores)
    made = replace(university, responses=responses).drivers()
    assert made.status == "full"
    assert made.left_out["dimension"].tolist() == [first.id, second.id]
    assert made.left_out["reason"].tolist() == ["not_asked", "alike"]
    rest = [d.id for d in university.questionnaire.dimensions[2:]]
    for frame in (made.frame, made.diagnostics, made.companions):
        assert frame["dimension"].tolist() == rest
    assert made.frame["contribution"].notna().all()
    assert made.items["dimension"].drop_duplicates().tolist() == rest
    assert made.regression["term"].tolist() == ["const", *rest]
    summary: Any = made.summary
    parts = summary["floor_rate"] + made.frame["contribution"].sum() + summary["residual"]
    assert parts == pytest.approx(summary["observed_rate"], abs=1e-12)
    said = breakdown_notes.left_out(made)
    assert first.title in said
    assert second.title in said


@pytest.mark.parametrize("n_branches", [1, 12])
def test_answers_all_alike_are_reported_without_a_breakdown(
    university: survey.Survey, n_branches: int, tmp_path: Path
) -> None:
    held = university.filter(branch=university.branches[:n_branches])
    scores = held.responses.scores.mask(held.responses.scores.notna(), 4.0)
    held = replace(held, responses=replace(held.responses, scores=scores))
    made = held.drivers()
    assert made.status.startswith("none")
    assert len(made.frame) == len(made.left_out) == len(held.questionnaire.dimensions)
    assert made.frame["contribution"].isna().all()
    page = held.report(tmp_path / "报告", per_branch="html") / "report.html"
    assert made.frame["title"][0] in page.read_text(encoding="utf-8")
