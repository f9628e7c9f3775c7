"""Pooling against high-precision references, SciPy's betabinom, and simulation."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.many import pooling

TESTS = Path(__file__).parents[2]
CASES = json.loads((TESTS / "references" / "beta_binomial.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_fit(case):
    fit = pooling.fit_beta_binomial(case["x"], case["n"])
    assert fit.mu == pytest.approx(case["mu"], abs=1e-6)
    assert fit.rho == pytest.approx(case["rho"], abs=1e-5)
    assert fit.loglik == pytest.approx(case["loglik"], abs=1e-7)
    assert fit.is_boundary == case["boundary_rho_0"]
    if case["a"] is None:
        assert (fit.a, fit.b) == (np.inf, np.inf)
    else:
        assert (fit.a, fit.b) == pytest.approx((case["a"], case["b"]), rel=1e-3)


BRANCHES = [
    pytest.param(case, branch, id=f"{case['id']}-{branch['i']}")
    for case in CASES
    for branch in case["branches"]
]


@pytest.mark.parametrize(("case", "branch"), BRANCHES)
def test_predict(case, branch):
    fit = pooling.fit_beta_binomial(case["x"], case["n"])
    prediction = pooling.predict(fit, branch["x"], branch["n"], branch["N"])
    assert float(prediction.rate) == pytest.approx(branch["mean_share"], abs=1e-5)
    assert float(prediction.p_meets) == pytest.approx(branch["P_K_ge_K0"], abs=1e-5)
    assert (prediction.low_count, prediction.high_count) == (branch["K_q025"], branch["K_q975"])
    assert float(prediction.low) == pytest.approx(branch["share_q025"], abs=1e-5)
    assert float(prediction.high) == pytest.approx(branch["share_q975"], abs=1e-5)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_all_branches_at_once(case):
    fit = pooling.fit_beta_binomial(case["x"], case["n"])
    together = pooling.predict(fit, case["x"], case["n"], case["N"])
    for i, unit in enumerate(zip(case["x"], case["n"], case["N"], strict=True)):
        alone = pooling.predict(fit, *unit)
        assert [column[i] for column in together] == pytest.approx([float(c) for c in alone])


COUNTS = st.lists(
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=12,
)


@settings(max_examples=80, deadline=None)
@given(COUNTS)
def test_fit_is_a_maximum(counts):
    x, n = np.array(counts).T
    fit = pooling.fit_beta_binomial(x, n)
    assert 0 <= fit.mu <= 1
    assert 0 <= fit.rho < 1
    flipped = pooling.fit_beta_binomial(n - x, n)
    assert flipped.mu == pytest.approx(1 - fit.mu, abs=1e-7)
    assert flipped.loglik == pytest.approx(fit.loglik, abs=1e-7)
    for mu in (0.05, 0.3, 0.6, 0.9, min(max(fit.mu, 0.01), 0.99)):
        assert stats.binom.logpmf(x, n, mu).sum() <= fit.loglik + 1e-7
        for rho in (0.001, 0.03, 0.2, 0.6, 0.95):
            a, b = mu * (1 - rho) / rho, (1 - mu) * (1 - rho) / rho
            assert stats.betabinom.logpmf(x, n, a, b).sum() <= fit.loglik + 1e-7


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 60).flatmap(
        lambda N: st.integers(0, N).flatmap(
            lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(N))
        )
    ),
    st.floats(0.05, 0.95),
    st.floats(0.001, 0.9),
)
def test_predict_equals_scipy(unit, mu, rho):
    x, n, N = unit
    fit = pooling.BetaBinomial(mu, rho, 0.0, False)
    prediction = pooling.predict(fit, x, n, N, bar="0.8", level=0.9)
    distribution = stats.betabinom(N - n, fit.a + x, fit.b + n - x)
    least = -(-8 * N // 10)
    assert float(prediction.p_meets) == pytest.approx(distribution.sf(least - x - 1), abs=1e-8)
    assert float(prediction.rate) == pytest.approx((x + distribution.mean()) / N, abs=1e-9)
    for count, q in ((prediction.low_count, 0.05), (prediction.high_count, 0.95)):
        assert distribution.cdf(count - x) >= q - 1e-9
        assert distribution.cdf(count - x - 1) < q + 1e-9


def test_degenerate_data_give_the_limit():
    everyone = pooling.fit_beta_binomial([5, 10], [5, 10])
    assert everyone[:2] == (1.0, 0.0)
    assert pooling.predict(everyone, [5], [5], [9]).low_count.tolist() == [9]
    one_mind = pooling.fit_beta_binomial([5, 0, 8, 9], [5, 7, 8, 9])
    assert one_mind.rho == pytest.approx(1, abs=1e-8)
    assert one_mind.mu == pytest.approx(0.75, abs=1e-6)
    assert pooling.predict(one_mind, [5, 0], [5, 0], [20, 20]).rate == pytest.approx([1.0, 0.75])
    single_answers = pooling.fit_beta_binomial([1, 0, 1], [1, 1, 1])
    assert (single_answers.mu, single_answers.rho) == pytest.approx((2 / 3, 0))
    nobody = pooling.predict(one_mind, 0, 0, 0)
    assert (float(nobody.low), float(nobody.high), float(nobody.p_meets)) == (0, 1, 1)
    with pytest.raises(ValueError, match="no unit has a valid answer"):
        pooling.fit_beta_binomial([0], [0])
    with pytest.raises(ValueError, match="level"):
        pooling.predict(everyone, 1, 1, 2, level=95)


def test_no_spread_is_the_binomial():
    fit = pooling.BetaBinomial(0.9, 0.0, 0.0, True)
    prediction = pooling.predict(fit, 10, 12, 40)
    assert float(prediction.p_meets) == pytest.approx(stats.binom.sf(25, 28, 0.9), rel=1e-12)


def test_thousands_of_branches():
    rng = np.random.default_rng(3)
    N = rng.integers(8, 300, 5000)
    n = rng.binomial(N, 0.6)
    x = rng.binomial(n, rng.beta(18, 2, 5000))
    fit = pooling.fit_beta_binomial(x, n)
    assert fit.mu == pytest.approx(0.9, abs=0.01)
    assert fit.rho == pytest.approx(1 / 21, abs=0.01)
    prediction = pooling.predict(fit, x, n, N)
    # the mean of the probability of meeting is the share that would meet
    truth = x + rng.binomial(N - n, rng.beta(fit.a + x, fit.b + n - x))
    assert prediction.p_meets.mean() == pytest.approx((10 * truth >= 9 * N).mean(), abs=0.02)
    covered = (prediction.low_count <= truth) & (truth <= prediction.high_count)
    assert 0.945 < covered.mean() < 1


def test_ranks():
    fit = pooling.BetaBinomial(0.9, 0.05, 0.0, False)
    x, n, N = [10, 9, 5, 0, 10], [10, 10, 10, 0, 10], [10, 10, 10, 50, 12]
    one_mind = pooling.BetaBinomial(0.75, pooling.GREATEST_RHO, 0.0, False)
    assert pooling.rank_intervals(one_mind, x, n, N, n_draws=200).mean.sum() == pytest.approx(15)
    ranks = pooling.rank_intervals(fit, x, n, N, seed=5)
    again = pooling.rank_intervals(fit, x, n, N, seed=5)
    assert all(np.array_equal(one, two) for one, two in zip(ranks, again, strict=True))
    assert ranks.mean.sum() == pytest.approx(15, rel=1e-6)
    assert np.all(ranks.low <= ranks.mean)
    assert np.all(ranks.mean <= ranks.high)
    # censuses of 10 and 5 satisfied: the first is never behind, the third in front of nobody known
    assert ranks.high[0] <= 2
    assert ranks.low[2] >= 4
    with pytest.raises(ValueError, match="no people"):
        pooling.rank_intervals(fit, [0], [0], [0])


def test_calibration_small():
    path = TESTS / "simulations" / "calibrate_pooling.py"
    spec = importlib.util.spec_from_file_location("calibrate_pooling", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table = module.calibrate(n_runs=60, n_units=60, mu=0.9, rho=0.05, seed=11)
    assert 0.93 < table["coverage"] < 0.995
    assert table["rank_coverage"] > 0.92
    assert abs(table["p_meets_mean"] - table["meets"]) < 0.03
    assert table["worst_bin_gap"] < 0.10
