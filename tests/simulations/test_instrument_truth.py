"""A small version of ``instrument_truth.py``: its worlds are what it says, the intervals hold."""

import numpy as np
import pytest

from analysis.instrument.reliability import cronbach_alpha, mcdonald_omega
from tests.simulations.instrument_truth import World, coverage


@pytest.mark.parametrize("factor", ["normal", "skewed", "heavy"])
def test_the_integral_is_the_truth(factor):
    world = World((0.9, 0.7, 0.5), 0.8, factor, contented=0.3)
    items = world.draw(np.random.default_rng(1), 200_000, world.cuts)
    alpha, omega = cronbach_alpha(items, level=0.999), mcdonald_omega(items, level=0.999)
    truth = world.truth()
    assert alpha.low < truth[0] < alpha.high
    assert omega.low < truth[1] < omega.high
    assert (items == 5).mean() == pytest.approx(0.86, abs=0.005)


@pytest.mark.parametrize("factor", ["normal", "skewed"])
def test_intervals_cover_where_nearly_all_give_the_top_answer(factor):
    got = coverage(World((0.8,) * 3, 0.9, factor), 400, 300)
    # .92 less 3 standard errors; Feldt's would not pass
    assert min(got.alpha, got.omega) > 0.92 - 0.047 > got.feldt
