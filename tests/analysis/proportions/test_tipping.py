"""The odds ratio that undoes a verdict, against SciPy and the verdict's own test."""

from math import comb

import numpy as np
import pytest
from scipy.stats import nchypergeom_fisher

from analysis.proportions import bounds
from analysis.proportions.strata import CONFINEMENT
from analysis.proportions.tipping import tipping_odds
from analysis.proportions.verdicts import bar_count, judge

Counts = np.ndarray


def drawn(
    units: int, seed: int = 0, answering: tuple[float, float] = (0.9, 0.6)
) -> tuple[Counts, Counts, Counts, Counts]:
    rng = np.random.default_rng(seed)
    N = rng.integers(4, 60, (units, 2))
    n = rng.binomial(N, answering)
    K = rng.binomial(N, rng.beta(12, 1, (units, 1)))
    return rng.hypergeometric(K, N - K, n), n, N, bar_count(N.sum(axis=1), "0.9")


def p_value(x: np.ndarray, n: np.ndarray, N: np.ndarray, most: int, odds: float) -> float:
    """Go through all pairs of K of two strata that may hold at most `most` satisfied together."""
    spent = float(CONFINEMENT) if ((n > 0) & (n < N)).all() else 0.0
    weight = [N[0] * max(n[1], 1), N[1] * max(n[0], 1)] if N[1] else [1, 1]
    estimate = weight[0] * np.arange(n[0] + 1)[:, None] + weight[1] * np.arange(n[1] + 1)
    reaches = estimate >= weight[0] * x[0] + weight[1] * x[1]
    chances: list[dict[int, np.ndarray]] = [{}, {}]
    for h in (0, 1):
        for K in range(N[h] + 1):
            ways = [comb(K, i) * comb(N[h] - K, n[h] - i) * odds**i for i in range(n[h] + 1)]
            chance = np.array(ways, dtype=float) / float(sum(ways))
            at_least, at_most = chance[x[h] :].sum(), chance[: x[h] + 1].sum()
            if min(at_least, at_most) > spent / 4 or not spent:
                chances[h][K] = chance
    tails = [
        float(one @ reaches @ other)
        for K1, one in chances[0].items()
        for K2, other in chances[1].items()
        if most >= K1 + K2
    ]
    return min(1.0, max(tails, default=0.0) + spent)


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
    x, n, N, K0 = drawn(20, seed=1)
    found = bounds.stratified(x, n, N)
    p = [p_value(*unit, 1.0) for unit in zip(x, n, N, (K0 - 1).tolist(), strict=True)]
    assert p == pytest.approx(found.p_meets, abs=1e-9)


def test_two_strata_stand_up_to_the_odds_and_not_beyond() -> None:
    x, n, N, K0 = drawn(150, seed=2, answering=(0.6, 0.35))
    x[:6, 1] = n[:6, 1] = N[:6, 1]  # of some all of a stratum answered, of some none
    x[6:12, 1] = n[6:12, 1] = 0
    verdict = bounds.verdict(bounds.stratified(x, n, N), n.sum(axis=1), K0)
    odds = tipping_odds(x, n, N, verdict)
    finite = np.flatnonzero(np.isfinite(odds) & (odds > 0))
    assert {"meets", "below"} == set(verdict[finite])
    assert len(finite) > 20
    for i in finite:
        hypothesis = (x[i], n[i], N[i], int(K0[i]) - 1)
        if verdict[i] == "below":
            hypothesis = (n[i] - x[i], n[i], N[i], int(N[i].sum() - K0[i]))
        ratio = max(odds[i], 1 / odds[i])
        assert p_value(*hypothesis, ratio) <= 0.05 < p_value(*hypothesis, ratio * 1.002)


def test_alike_units_and_their_order_change_nothing() -> None:
    x, n, N, K0 = drawn(300, seed=3)
    verdict = bounds.verdict(bounds.stratified(x, n, N), n.sum(axis=1), K0)
    odds = tipping_odds(x, n, N, verdict)
    alone = [
        tipping_odds(*(c[i : i + 1] for c in (x, n, N)), verdict[i : i + 1]) for i in range(40)
    ]
    np.testing.assert_array_equal(np.concatenate(alone), odds[:40])
    mixed = np.random.default_rng(4).permutation(np.repeat(np.arange(300), 2))
    again = tipping_odds(x[mixed], n[mixed], N[mixed], verdict[mixed])
    np.testing.assert_array_equal(again, odds[mixed])


def test_many_people_of_one_stratum_do_not_stand_whatever_the_difference() -> None:
    # 246 of 273 are needed; at greater odds so few answers would be certain, not impossible
    (odds,) = tipping_odds([[184]], [[196]], [[273]], ["meets"])
    assert nchypergeom_fisher.sf(183, 273, 245, 196, odds) == pytest.approx(0.05, rel=0.01)
    assert tipping_odds([[184, 0]], [[196, 0]], [[273, 0]], ["meets"]) == odds


def test_certain_verdicts_stand_whatever_the_difference() -> None:
    # 36 of 40 needed: 36 are known to be satisfied; ten are known not to be
    assert tipping_odds([[36], [20]], [[36], [30]], [[40], [40]], ["meets", "below"]).tolist() == [
        np.inf,
        0,
    ]


def test_three_strata_are_refused() -> None:
    with pytest.raises(ValueError, match="one or two"):
        tipping_odds([[1, 1, 1]], [[1, 1, 1]], [[1, 1, 1]], ["meets"])
