"""Funnel limits against R, SciPy's exact distributions and their own definition."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.many import funnel

REFERENCES = Path(__file__).parents[2] / "references"
CASES = json.loads((REFERENCES / "differences_multiplicity.json").read_text())["cases"]["funnel"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['target']}-{case['n']}")
def test_limits(case):
    outer = funnel.funnel_limits(case["n"], case["target"], level=0.998)
    inner = funnel.funnel_limits(case["n"], case["target"], level=0.95)
    clipped = [outer.low, inner.low, inner.high, outer.high]
    names = ["low_998", "low_95", "high_95", "high_998"]
    assert [float(v) for v in clipped] == pytest.approx([case[name] for name in names], abs=1e-9)
    raw = [
        outer.low_unclipped,
        inner.low_unclipped,
        inner.high_unclipped,
        outer.high_unclipped,
    ]
    assert [float(v) for v in raw] == pytest.approx(case["unclipped"], abs=1e-9)
    counts = [outer.low_count, inner.low_count, inner.high_count, outer.high_count]
    assert [int(v) for v in counts] == case["r"]


def test_all_sizes_at_once():
    target = CASES[0]["target"]
    cases = [case for case in CASES if case["target"] == target]
    limits = funnel.funnel_limits([case["n"] for case in cases], target)
    assert limits.low == pytest.approx([case["low_95"] for case in cases], abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 200), st.floats(0.01, 0.99), st.sampled_from([0.8, 0.95, 0.998]))
def test_counts_are_quantiles(n, target, level):
    limits = funnel.funnel_limits(n, target, level=level)
    distribution = stats.binom(n, target)
    for count, q in ((limits.low_count, (1 - level) / 2), (limits.high_count, (1 + level) / 2)):
        assert distribution.cdf(count) >= q - 1e-12
        assert distribution.cdf(count - 1) < q + 1e-12
    assert (
        (limits.low_count - 1) / n <= limits.low_unclipped + 1e-12 <= limits.low_count / n + 2e-12
    )
    assert 0 <= limits.low <= limits.high <= 1


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 60), st.data())
def test_finite_population(N, data):
    n = data.draw(st.integers(1, N))
    K = data.draw(st.integers(0, N))
    limits = funnel.funnel_limits(n, K / N, population=N)
    distribution = stats.hypergeom(N, K, n)
    for count, q in ((limits.low_count, 0.025), (limits.high_count, 0.975)):
        assert distribution.cdf(count) >= q - 1e-9
        assert distribution.cdf(count - 1) < q + 1e-9
    wide = funnel.funnel_limits(n, K / N)
    # without replacement the quantiles are nowhere further out than with, but for the lattice
    assert limits.low_count >= wide.low_count - 1
    assert limits.high_count <= wide.high_count + 1


def test_census_is_a_point():
    limits = funnel.funnel_limits([40], 0.9, population=[40])
    assert (limits.low_count[0], limits.high_count[0]) == (36, 36)
    signals = funnel.funnel_signal([35, 36, 37], 40, 0.9, population=40)
    assert signals.tolist() == [-1, 0, 1]


def test_target_between_whole_people_keeps_the_mean():
    # 90 % of 15 people is 13.5: half of 13 and half of 14
    n, N = 6, 15
    at_most = [
        float(funnel._at_most(np.array(r), np.array(n), np.array(N), 0.9)) for r in range(n + 1)
    ]
    mixed = [
        (stats.hypergeom(N, 13, n).cdf(r) + stats.hypergeom(N, 14, n).cdf(r)) / 2 for r in range(7)
    ]
    assert at_most == pytest.approx(mixed, abs=1e-12)
    assert n - sum(at_most[:-1]) == pytest.approx(0.9 * n)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 80), st.floats(0.05, 0.95), st.data())
def test_signal_is_the_exact_tail(n, target, data):
    x = data.draw(st.integers(0, n))
    signal = int(funnel.funnel_signal(x, n, target))
    lower, upper = stats.binom.cdf(x, n, target), stats.binom.sf(x - 1, n, target)
    if abs(lower - 0.025) > 1e-9 and abs(upper - 0.025) > 1e-9:
        assert signal == (int(upper <= 0.025) - int(lower <= 0.025))
    mirrored = int(funnel.funnel_signal(n - x, n, 1 - target))
    assert abs(lower - 0.025) < 1e-9 or abs(upper - 0.025) < 1e-9 or mirrored == -signal
    # what lies beyond the outer lies beyond the inner
    assert abs(int(funnel.funnel_signal(x, n, target, level=0.998))) <= abs(signal)


def test_false_alarms_are_as_rare_as_said():
    rng = np.random.default_rng(2)
    n = rng.integers(5, 200, 20_000)
    signals = funnel.funnel_signal(rng.binomial(n, 0.9), n, 0.9)
    assert (signals == 1).mean() < 0.025
    assert (signals == -1).mean() < 0.025
    assert (signals != 0).mean() > 0.01


def test_refusals():
    with pytest.raises(ValueError, match="no answer"):
        funnel.funnel_limits([3, 0], 0.9)
    with pytest.raises(ValueError, match="target"):
        funnel.funnel_limits([3], 90)
    with pytest.raises(ValueError, match="level"):
        funnel.funnel_signal([3], [3], 0.9, level=95)
