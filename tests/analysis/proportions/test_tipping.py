"""The odds ratio that undoes a verdict, against SciPy and the verdict's own test."""

import numpy as np
import pytest
from scipy.stats import nchypergeom_fisher

from analysis.proportions import bounds
from analysis.proportions.tipping import _Test, tipping_odds
from analysis.proportions.verdicts import bar_count, judge


def drawn(units: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    N = rng.integers(4, 60, (units, 2))
    n = rng.binomial(N, [0.9, 0.6])
    K = rng.binomial(N, rng.beta(12, 1, (units, 1)))
    return rng.hypergeometric(K, N - K, n), n, N, bar_count(N.sum(axis=1), "0.9")


def test_one_stratum_is_fishers_distribution() -> None:
    x, n, N, _ = (count[:, 0] if count.ndim == 2 else count for count in drawn(60))
    K0 = bar_count(N, "0.9")
    verdict = judge(x, n, N).verdict
    odds = tipping_odds(x[:, None], n[:, None], N[:, None], verdict)
    assert np.isnan(odds).tolist() == (verdict == "inconclusive").tolist()
    tails = {
        "meets": lambda i: nchypergeom_fisher.sf(x[i] - 1, N[i], K0[i] - 1, n[i], odds[i]),
        "below": lambda i: nchypergeom_fisher.cdf(x[i], N[i], K0[i], n[i], odds[i]),
    }
    checked = 0
    for i in np.flatnonzero(np.isfinite(odds) & (odds > 0)):
        assert (odds[i] > 1) == (verdict[i] == "meets")
        assert tails[verdict[i]](i) == pytest.approx(0.05, rel=0.01)
        checked += 1
    assert checked > 10


def test_two_strata_without_bias_have_the_p_value_of_the_verdict() -> None:
    x, n, N, K0 = drawn(60, seed=1)
    found = bounds.stratified(x, n, N)
    p = [_Test.of(*unit).p_value(0.0) for unit in zip(x, n, N, (K0 - 1).tolist(), strict=True)]
    assert p == pytest.approx(found.p_meets, abs=1e-9)


def test_two_strata_beyond_the_odds_do_not_pass() -> None:
    x, n, N, K0 = drawn(60, seed=2)
    verdict = bounds.verdict(bounds.stratified(x, n, N), n.sum(axis=1), K0)
    odds = tipping_odds(x, n, N, verdict)
    finite = np.flatnonzero((verdict == "meets") & np.isfinite(odds))
    assert len(finite) > 10
    for i in finite:
        test = _Test.of(x[i], n[i], N[i], int(K0[i]) - 1)
        assert test.p_value(np.log(odds[i])) <= 0.05 < test.p_value(np.log(odds[i] * 1.01))


def test_certain_verdicts_stand_whatever_the_difference() -> None:
    # 36 of 40 needed: 36 are known to be satisfied; ten are known not to be
    assert tipping_odds([[36], [20]], [[36], [30]], [[40], [40]], ["meets", "below"]).tolist() == [
        np.inf,
        0,
    ]


def test_three_strata_are_refused() -> None:
    with pytest.raises(ValueError, match="one or two"):
        tipping_odds([[1, 1, 1]], [[1, 1, 1]], [[1, 1, 1]], ["meets"])
