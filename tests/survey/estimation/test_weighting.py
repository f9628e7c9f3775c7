from __future__ import annotations

from pathlib import Path

import pytest

from analysis.weighting import stratified_proportion
from tests.survey.estimation.test_satisfaction import MEMBER, NO, STAFF, YES, held

COUNTS = {
    ("甲", MEMBER, YES): 40,
    ("甲", STAFF, YES): 8,
    ("甲", STAFF, NO): 8,
    ("乙", MEMBER, YES): 10,
    ("乙", MEMBER, NO): 10,
    ("乙", STAFF, NO): 3,
}
SIZES = {
    ("甲", "党员"): 50,
    ("甲", "师生员工"): 100,
    ("乙", "党员"): 40,
    ("乙", "师生员工"): 20,
    ("丙", "师生员工"): 10,
}
WEIGHTED = ["weighted_rate", "weighted_low", "weighted_high"]


def test_everyone_at_their_true_sizes(tmp_path: Path) -> None:
    row = held(tmp_path, COUNTS, SIZES).satisfaction(None).frame.iloc[0]
    # The branch that is silent is a stratum without an answer.
    strata = [40, 8, 10, 0, 0], [40, 16, 20, 3, 0], [50, 100, 40, 20, 10]
    expected = stratified_proportion(*strata)
    assert row[WEIGHTED].tolist() == [expected.rate, expected.low, expected.high]
    assert row["weighted_rate"] < row["rate"]


def test_each_role_at_its_true_sizes(tmp_path: Path) -> None:
    frame = held(tmp_path, COUNTS, SIZES).satisfaction("role").frame.set_index("role")
    expected = stratified_proportion([40, 10, 0], [40, 20, 0], [50, 40, 0])
    assert frame.loc["党员", WEIGHTED].tolist() == [expected.rate, expected.low, expected.high]
    assert frame.loc["党员", "weighted_rate"] == pytest.approx((50 + 20) / 90)


def test_a_census_is_a_point(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 9, ("甲", MEMBER, NO): 1, ("乙", MEMBER, YES): 10}
    row = held(tmp_path, counts, {"甲": 10, "乙": 10}).satisfaction(None).frame.iloc[0]
    assert row[WEIGHTED].tolist() == [0.95] * 3


def test_people_without_a_role_fall_back_on_branches(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 10, ("甲", "校友", NO): 10, ("乙", MEMBER, YES): 10}
    sizes = {("甲", "党员"): 10, ("甲", "师生员工"): 30, ("乙", "党员"): 10}
    row = held(tmp_path, counts, sizes).satisfaction(None).frame.iloc[0]
    assert row["weighted_rate"] == pytest.approx((0.5 * 40 + 10) / 50)


def test_without_sizes_there_is_no_weighting(tmp_path: Path) -> None:
    assert "weighted_rate" not in held(tmp_path, COUNTS).satisfaction(None).frame
    frame = held(tmp_path, COUNTS, {"甲": 150, "乙": 60}).satisfaction("role").frame
    assert frame[WEIGHTED].isna().all(axis=None)


def test_published_weights_rest_on_all_cells_and_are_rounded(tmp_path: Path) -> None:
    one = held(tmp_path, COUNTS, SIZES)
    raw, published = one.satisfaction(None).frame.iloc[0], one.findings().overall.frame.iloc[0]
    assert published["weighted_rate"] == round(raw["weighted_rate"], 4)
    assert raw["weighted_rate"] != round(raw["weighted_rate"], 4)
