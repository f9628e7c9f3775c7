"""Slopes shrunk towards parallel ones: what bounds them, and what they do on known populations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.breakdown import logit, ordinal
from analysis.breakdown.drivers import breakdown
from analysis.breakdown.slopes import estimate_slopes, level_intercept

ONES = np.ones(1500)


def people(seed, *, other_cut=None, n=1500, rate=0.04):
    """Give scores, answers of 2–5 with the slopes at the lowest cut and `other_cut` above it."""
    rng = np.random.default_rng(seed)
    x = 4 + 0.5 * rng.normal(size=(n, 1)) + 0.5 * rng.normal(size=(n, 6))
    slopes = np.array([-1.2, -0.8, -0.5, -0.3, 0, 0])
    low = x @ slopes
    high = low if other_cut is None else x @ np.asarray(other_cut)
    low = low + level_intercept(low, rate * n, np.ones(n))
    high = high + level_intercept(high, 0.45 * n, np.ones(n))
    u = rng.random(n)
    answer = np.where(u < logit.probability(low), 3.0, 5.0)
    answer[(answer == 5) & (u < logit.probability(high))] = 4.0
    return x, answer, slopes


def test_between_the_logit_and_the_parallel_slopes():
    x, answer, _ = people(4)
    y = (answer < 4) * 1.0
    one = estimate_slopes(x, y, ONES, answer)
    assert 0 < one.shrinkage < 1
    assert one.p_parallel > 0.05
    plain = logit.fit(x, y)
    parallel = ordinal.fit_proportional_odds(x, answer).slopes
    np.testing.assert_array_equal(one.fitted.coefficients, plain.coefficients)
    np.testing.assert_array_equal(one.parallel, parallel)
    between = (1 - one.shrinkage) * plain.coefficients[1:] + one.shrinkage * parallel
    np.testing.assert_allclose(one.coefficients[1:], between, rtol=1e-12)
    p = logit.probability(one.coefficients[0] + x @ one.coefficients[1:])
    assert p.sum() == pytest.approx(y.sum(), abs=1e-8)


def test_the_test_of_parallel_slopes_keeps_its_level_and_has_power():
    same = [_test(people(seed)) for seed in range(120)]
    assert 0.01 < np.mean(np.array(same) < 0.05) < 0.12
    other = (0, -0.3, -1.2, -0.8, -0.5, 0)
    differ = [_test(people(seed, other_cut=other)) for seed in range(40)]
    assert np.mean(np.array(differ) < 0.05) > 0.8


def _test(drawn):
    x, answer, _ = drawn
    return estimate_slopes(x, (answer < 4) * 1.0, ONES, answer).p_parallel


def test_nearer_to_the_truth_where_slopes_are_parallel_and_hardly_further_where_not():
    for other, most in ((None, 0.85), ((0, -0.3, -1.2, -0.8, -0.5, 0), 1.05)):
        errors = np.zeros(2)
        for seed in range(80):
            x, answer, slopes = people(seed, other_cut=other)
            one = estimate_slopes(x, (answer < 4) * 1.0, ONES, answer)
            errors += [
                np.sum((one.coefficients[1:] - slopes) ** 2),
                np.sum((one.fitted.coefficients[1:] - slopes) ** 2),
            ]
        assert np.sqrt(errors[0] / errors[1]) < most


def test_nothing_is_borrowed_where_there_is_nothing_to_borrow():
    x, answer, _ = people(2)
    y = (answer < 4) * 1.0
    for overall in (None, 5 - y):
        one = estimate_slopes(x, y, ONES, overall)
        assert (one.shrinkage, one.parallel.tolist()) == (
            0,
            pytest.approx([np.nan] * 6, nan_ok=True),
        )
        np.testing.assert_array_equal(one.coefficients, logit.fit(x, y).coefficients)
    assert estimate_slopes(x[:, :2], y, ONES, answer).shrinkage == 0
    with pytest.raises(ValueError, match="higher for everyone satisfied"):
        estimate_slopes(x, y, ONES, 5 - answer)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.001, 0.999), st.sampled_from([0.1, 1.0, 30.0]))
def test_the_intercept_gives_the_rate(seed, rate, spread):
    rng = np.random.default_rng(seed)
    eta, weights = spread * rng.normal(size=50), rng.uniform(0.1, 3, 50)
    events = rate * weights.sum()
    intercept = level_intercept(eta, events, weights)
    assert weights @ logit.probability(intercept + eta) == pytest.approx(events, rel=1e-9)


def test_the_breakdown_rests_on_them_and_its_spread_on_the_logit():
    x, answer, _ = people(3)
    y, branch = (answer < 4) * 1.0, np.arange(1500) % 25
    given = {"dimensions": list(range(6)), "clusters": branch}
    one = breakdown(x, y, overall=answer, **given)
    fixed = breakdown(x, y, coefficients=one.coefficients, **given)
    np.testing.assert_allclose(one.whole.contributions, fixed.whole.contributions, atol=1e-14)
    assert one.whole.observed_rate == pytest.approx(one.whole.predicted_rate, abs=1e-12)
    plain = breakdown(x, y, **given)
    np.testing.assert_allclose(one.coefficient_covariance, plain.coefficient_covariance)
    np.testing.assert_array_equal(one.logit_coefficients, plain.coefficients)
    wide = np.sqrt(np.diag(one.interval_covariance) / np.diag(plain.interval_covariance))
    assert np.all((wide > 0.7) & (wide < 1.4))
    shuffled = np.random.default_rng(1).permutation(1500)
    again = breakdown(
        x[shuffled],
        y[shuffled],
        overall=answer[shuffled],
        dimensions=list(range(6)),
        clusters=branch[shuffled],
    )
    np.testing.assert_allclose(again.whole.contributions, one.whole.contributions, atol=1e-10)
