"""The same people twice: symmetry, coverage, and no more width than independent waves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.change import comparison, paired
from analysis.proportions.intervals import binomial_interval

FOUR = st.tuples(*[st.integers(0, 30)] * 4)


@settings(max_examples=150, deadline=None)
@given(FOUR)
def test_paired_properties(counts):
    both, one, other, neither = counts
    there = paired.paired_change(both, one, other, neither)
    back = paired.paired_change(both, other, one, neither)
    flipped = paired.paired_change(neither, other, one, both)
    assert float(there.low) == pytest.approx(-float(back.high), abs=1e-12)
    assert float(there.low) == pytest.approx(-float(flipped.high), abs=1e-12)
    assert -1 <= there.low <= there.high <= 1
    if sum(counts):
        assert there.low - 1e-12 <= there.difference <= there.high + 1e-12
        # people who answer alike twice tell more about the change than independent samples
        n = sum(counts)
        waves = [
            (x / n, *binomial_interval(x, n, level=0.95, method="wilson"))
            for x in (both + one, both + other)
        ]
        apart = comparison.hybrid_change(*waves, error=0.025)
        if both * neither > one * other + n:
            assert there.high - there.low <= apart.high - apart.low + 1e-12
    else:
        assert np.isnan(there.difference)


def test_paired_interval_covers():
    rng = np.random.default_rng(6)
    people = rng.multinomial(60, [0.6, 0.15, 0.1, 0.15], size=20_000)
    interval = paired.paired_change(*people.T)
    assert 0.94 < ((interval.low <= -0.05) & (interval.high >= -0.05)).mean() < 0.97
