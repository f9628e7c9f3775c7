"""Items that run against the others: found where they are, and no sound one accused."""

import numpy as np
import pytest
from scipy import stats

from analysis.instrument.item_moments import item_moments
from analysis.instrument.reversed_items import _against, _lower_tail, items_against
from tests.simulations.instrument_truth import SOUND, World, named


@pytest.mark.parametrize("label", SOUND)
def test_sound_items_are_left_alone(label):
    world = World(SOUND[label].loadings, 0.9, SOUND[label].factor, second=SOUND[label].second)
    _, accused, _ = named(world, 400, 150)
    # at most 1 % by design: six or more of 150 would have a chance of .004
    assert accused * 150 < 6


def test_items_scored_the_wrong_way_round_are_found():
    found, accused, _ = named(World((0.75,) * 18, 0.9), 400, 40, turned=(4, 9))
    assert found > 0.9
    assert accused == 0


def test_two_halves_that_run_against_each_other_are_told_apart_but_not_judged():
    rng = np.random.default_rng(3)
    items = np.round(4 + rng.normal(size=(200, 1)) + 0.5 * rng.normal(size=(200, 4))).clip(1, 5)
    items[:, 2:] = 6 - items[:, 2:]
    result = items_against(items)
    assert not result.is_clear
    assert result.named.tolist() in ([True, True, False, False], [False, False, True, True])


def test_items_that_do_not_vary_are_not_named():
    assert not items_against([[5, 4], [5, 3], [5, 5]] * 4).named.any()
    assert not items_against(np.full((9, 3), 5)).named.any()


@pytest.mark.parametrize("skewness", [-2.0, -0.3, 0.0, 0.7])
def test_the_tail_is_that_of_a_pearson_type_iii_or_normal(skewness):
    z = np.array([-4.0, -1.0, -0.2, 0.0, 1.5])
    expected = stats.pearson3.cdf(z, min(skewness, 0))
    assert _lower_tail(z, np.full(5, skewness)) == pytest.approx(expected, rel=0.02, abs=1e-12)


def test_the_p_value_is_that_of_all_permutations():
    rng = np.random.default_rng(5)
    # most give the top answer to one item and the lowest to the other
    x, y = (
        np.append(np.zeros(52), -rng.integers(1, 5, 8)),
        np.append(rng.integers(1, 5, 8), [0] * 52),
    )
    centred = np.c_[x - x.mean(), y - y.mean()]
    sums = np.array([rng.permutation(x) @ centred[:, 1] for _ in range(40_000)])
    for shift in (0, 3, 5):
        moved = np.c_[centred[:, 0], np.roll(centred[:, 1], shift - 8)]
        share = np.mean(sums <= moved[:, 0] @ moved[:, 1] + 1e-9)
        found = _against(item_moments(moved), np.array([1.0, -1.0]))
        assert found[1] == pytest.approx(share, abs=0.03)
