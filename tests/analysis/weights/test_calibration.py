"""Calibration weights against weights reckoned person by person."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.weights.calibration import calibration_weights


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), rate=st.floats(0.01, 0.99), strata=st.integers(1, 4))
def test_known_figures_are_reproduced(seed: int, rate: float, strata: int) -> None:
    rng = np.random.default_rng(seed)
    stratum, y = rng.integers(0, strata, 80), rng.integers(0, 2, 80)
    counts, N = rng.integers(1, 5, 80), rng.integers(400, 900, strata)
    w = calibration_weights(stratum, y, N, rate, counts=counts)
    assert w @ counts == pytest.approx(counts.sum())
    assert (w * counts) @ y / (w @ counts) == pytest.approx(rate)
    of_people = calibration_weights(np.repeat(stratum, counts), np.repeat(y, counts), N, rate)
    np.testing.assert_allclose(np.repeat(w, counts), of_people)


def test_without_a_rate_strata_have_their_sizes() -> None:
    rng = np.random.default_rng(1)
    stratum, y = np.repeat([0, 1, 2], [30, 50, 20]), rng.integers(0, 2, 100)
    N = np.array([300, 60, 440])
    w = calibration_weights(stratum, y, N, np.nan)
    np.testing.assert_allclose(np.bincount(stratum, w) / w.sum(), N / N.sum())


def test_answers_in_proportion_weigh_alike() -> None:
    stratum, y = np.repeat([0, 1], [40, 60]), np.tile([0, 0, 0, 0, 1], 20)
    np.testing.assert_allclose(calibration_weights(stratum, y, [80, 120], 0.2), 1.0)


def test_an_unknown_stratum_has_the_mean_weight() -> None:
    w = calibration_weights([0, 0, 1, -1], [0, 1, 0, 1], [10, 50], np.nan)
    assert w[3] == 1
    assert w[:3].mean() == pytest.approx(1)


@pytest.mark.parametrize(("y", "rate"), [(0, 0.3), (1, 0.3), (0, 0.0)])
def test_where_all_answer_alike_only_sizes_count(y: int, rate: float) -> None:
    w = calibration_weights([0, 0, 1, 1], [y] * 4, [10, 40], rate)
    np.testing.assert_allclose(w / w[0], [1, 1, 4, 4])


def test_a_lone_answer_speaks_for_nobody_else() -> None:
    stratum, y = np.repeat([0, 1], [60, 1]), np.tile([0, 1], 31)[:61]
    w = calibration_weights(stratum, y, [120, 200], np.nan)
    assert w[0] / w[-1] == pytest.approx(2)
    w = calibration_weights(stratum, y, [120, 200], 0.3)
    assert w @ y / w.sum() == pytest.approx(0.3)
    assert w.max() / w.min() < 10


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="one value for each row"):
        calibration_weights([0, 1], [1], [5, 5], 0.5)
    with pytest.raises(ValueError, match="codes of 2 strata"):
        calibration_weights([0, 2], [1, 0], [5, 5], 0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibration_weights([0, 1], [1, 0], [5, 5], 1.5)
