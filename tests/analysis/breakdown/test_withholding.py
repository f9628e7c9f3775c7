"""Every rule of withholding at its edge."""

import numpy as np
import pytest

from analysis.breakdown.withholding import (
    cluster_withheld,
    hides_dimensions,
    hides_model,
    withholding,
)

FINE = {
    "n_events": 60,
    "converged": True,
    "separated": False,
    "slopes": np.array([-1.0, 0.5]),
    "vif": np.array([2.0, 3.0]),
    "n_clusters": 10,
    "degrees_of_freedom": 8.0,
    "n_at_target": 30,
}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "full"),
        ({"n_events": 59}, "indicative"),
        ({"n_events": 30}, "indicative"),
        ({"n_events": 29}, "none_too_few_events"),
        ({"converged": False}, "none_no_convergence"),
        ({"converged": False, "separated": True}, "none_separation"),
        ({"n_events": 5, "converged": False, "separated": True}, "none_too_few_events"),
        ({"slopes": np.array([-10.0, 1.0])}, "full"),
        ({"slopes": np.array([-10.1, 1.0])}, "none_extreme_slope"),
        ({"vif": np.array([10.0, 1.0])}, "full"),
        ({"vif": np.array([10.1, 1.0])}, "sum_only_vif"),
        ({"vif": np.array([10.1, 1.0]), "n_events": 40}, "sum_only_vif"),
        ({"slopes": np.array([np.nan, np.nan]), "converged": False}, "none_no_convergence"),
    ],
)
def test_status(changes, status):
    assert withholding(**(FINE | changes)).status == status


def test_flags():
    assert withholding(**FINE).flags == ()
    assert withholding(**(FINE | {"n_clusters": 9})).flags == ("few_clusters",)
    assert withholding(**(FINE | {"n_clusters": None})).flags == ()
    assert withholding(**(FINE | {"degrees_of_freedom": 2.0})).flags == ()
    assert withholding(**(FINE | {"degrees_of_freedom": 1.9})).flags == ("no_intervals",)
    assert withholding(**(FINE | {"degrees_of_freedom": np.nan})).flags == ()
    assert withholding(**(FINE | {"n_at_target": 29})).flags == ("floor_unsupported",)


def test_what_a_status_hides():
    assert not hides_dimensions("full")
    assert not hides_dimensions("indicative")
    assert hides_dimensions("sum_only_vif")
    assert not hides_model("sum_only_vif")
    assert hides_dimensions("none_separation")
    assert hides_model("none_separation")


def test_small_clusters():
    assert cluster_withheld(np.array([9, 10, 0])).tolist() == [True, False, True]
