"""Small versions of the simulations of the breakdown, so that a broken interval is noticed."""

from importlib import import_module
from types import ModuleType

import numpy as np
import pytest


def load(name: str) -> ModuleType:
    return import_module(f"tests.simulations.{name}")


def test_coverage():
    coverage = load("drivers_coverage")
    result = coverage.simulate(20, 20, 0.1, draws=3, like_them=300, limit_branches=3000)
    assert np.mean(result["whole"]) > 0.9
    assert result["members_mean"] > 0.95
    assert result["like_them_mean"] > 0.92
    assert np.abs(result["bias"]).max() < 0.006


def test_coverage_with_few_branches():
    coverage = load("drivers_coverage")
    result = coverage.simulate(20, 6, 0.0, members=400, like_them=100, limit_branches=3000)
    assert result["without_intervals"] == 0
    assert result["whole_mean"] > 0.92
    assert result["members_mean"] > 0.93


def test_the_right_dimension_is_named():
    truth = load("drivers_truth")
    result = truth.simulate(8, 3000, many=60_000)
    assert np.abs(result["bias"]).max() < 0.006
    assert abs(result["null_share"]) < 0.03
    assert result["null_share_lmg"] > 0.06
    assert result["first_right"] >= max(result["first_right_lmg"], result["first_right_ipa"])


def test_dimensions_that_nothing_depends_on_get_nothing():
    truth = load("drivers_truth")
    plain = truth.null_shares(6, 40_000)
    share, error = plain["null_share"]
    assert abs(share) < 0.01 + 2 * error
    assert plain["null_share_lmg"][0] > 0.1
    share, error = truth.null_shares(6, 40_000, halo=0.2)["null_share"]
    assert abs(share - 0.03) < 0.01 + 2 * error
    felt = truth.null_shares(6, 40_000, felt=True)
    assert abs(felt["null_share_calibrated"][0]) < 0.02 < felt["null_share"][0]


@pytest.mark.parametrize(
    ("world", "least_gain", "most_error"), [("parallel", 0.0, 0.9), ("wholly", -0.06, 1.06)]
)
def test_few_dissatisfied_people(world, least_gain, most_error):
    row = load("drivers_rare").run(world, 1500, 0.02, 100, seed=1)
    assert row.first - row.first_logit >= least_gain
    assert row.error_ratio < most_error
    assert row.coverage_least > 0.88
    assert row.order_wrong < 0.06


def test_blanks_that_are_lower_are_allowed_for():
    row = load("drivers_blanks").run(1500, 0.06, 1.0, 8)
    assert row.mean_allowing > max(0.93, row.mean)
    assert row.least_allowing >= row.least
    assert row.wider < 1.5


@pytest.mark.parametrize("world", ["ratings", "slopes"])
def test_roles_that_answer_at_different_rates(world):
    row = load("roster_weights").run(world, 1500, 0.06, 40)
    assert abs(row.rate_bias) > 0.006 > 4 * abs(row.rate_bias_weighted)
    assert abs(row.bias) > 0.003 > 1.5 * abs(row.bias_weighted)
    assert row.coverage_least < 0.9 < row.coverage_least_weighted
    assert row.coverage_weighted > 0.94


def test_branches_with_slopes_of_their_own():
    varying = load("drivers_varying")
    row = varying.run(5000, 0.12, 0.6, 8)
    assert row.mean > 0.93
    assert row.least > 0.9 > row.mean_common
    assert row.error_ratio < 0.9
    assert row.rejected > 0.9
    same = varying.run(1500, 0.06, 0.0, 12)
    assert same.mean > 0.95
    assert same.error_ratio < 1.1
    assert same.rejected < 0.4
    one_item = varying.run(1500, 0.06, 0.0, 12, world="item")
    assert one_item.least > 0.93


def test_the_table_of_all_claims():
    table = load("table")
    found = {line.claim: line for line in (*table.instrument(60), *table.planning(300))}
    assert all(found[claim].now > 0.85 for claim in found if "covers" in claim)
    assert found["reminders: promised less realised"].now < 0.09
    assert [found[f"plan: answers of {N} for 80 % at 95 %"].now for N in (80, 200, 300)] == [
        59,
        106,
        123,
    ]
    assert found["6 looks: greatest error"].now <= 0.05
    assert found["unchanged branches called changed, least"].now >= 0.02
    assert found["unchanged branches called changed, most"].now <= 0.05
    assert len([*table.branches(2)]) == 2 * 3 * 5
