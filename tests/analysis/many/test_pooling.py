"""Many branches under one model: the mixture, what it predicts, and a small simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from analysis.many import mixture, pooling
from analysis.many.mixture import GRID, fit_mixture, npmle
from analysis.many.pooling import compare
from tests.simulations.many_branches import draw, measure


def shares(fit) -> np.ndarray:  # type: ignore[no-untyped-def]
    return special.expit(GRID)


def test_npmle_is_a_maximum() -> None:
    rng = np.random.default_rng(0)
    n = rng.integers(10, 50, 60)
    x = rng.binomial(n, np.where(np.arange(60) < 30, 0.7, 0.95))
    likelihood = stats.binom.pmf(x[:, None], n[:, None], shares(None))
    weights = npmle(likelihood, np.ones((1, 60)))[0]
    height = np.log(likelihood @ weights).sum()
    # Kiefer and Wolfowitz: at the maximum no place on the grid could gain
    gain = (likelihood / (likelihood @ weights)[:, None]).sum(axis=0) - 60
    assert gain.max() < 0.5
    for other in rng.dirichlet(np.ones(GRID.size), 20):
        assert np.log(likelihood @ (0.9 * weights + 0.1 * other)).sum() < height


def test_counted_twice_is_given_twice() -> None:
    likelihood = np.random.default_rng(1).random((5, 4))
    counts = np.array([[2.0, 1, 0, 1, 3]])
    repeated = np.repeat(likelihood, counts[0].astype(int), axis=0)
    assert npmle(likelihood, counts) == pytest.approx(npmle(repeated, np.ones((1, 7))))


def test_supposed_branches_count_as_the_root_of_those_that_are_there() -> None:
    for units in (9, 400):
        known = np.zeros((units, GRID.size))
        known[:, 3] = 1.0
        supposed = mixture.sceptical(units, 0.9)
        weights = npmle(known, np.ones((1, units)), supposed)[0]
        assert weights @ np.arange(GRID.size) == pytest.approx(
            (3 * units + supposed @ np.arange(GRID.size)) / (units + units**0.5)
        )
        assert special.expit(GRID[supposed.argmax()]) == pytest.approx(0.9, abs=0.01)
    assert mixture.sceptical(9, 1.0).argmax() == GRID.size - 1


def test_what_is_redrawn_evenly_is_the_estimate() -> None:
    x, n, N, _ = draw("two", 30, np.random.default_rng(6), roles=True, own=0.5)
    fit = fit_mixture(x, n, N)
    evenly, uneven = np.ones((1, 30)), np.random.default_rng(7).dirichlet(np.ones(30), 3) * 30
    ((posterior, tables),) = fit.redrawn(x, n, evenly)
    expected = fit.weights * fit.tables.likelihood()[0]
    assert posterior == pytest.approx(expected / expected.sum(axis=1, keepdims=True))
    assert tables.points == pytest.approx(fit.tables.points)
    others = [tables.odds[0, 1, 30, 0] for _, tables in fit.redrawn(x, n, uneven)]
    assert np.ptp(others) > 0  # the shift of the roles is redrawn too


@pytest.mark.parametrize(("kind", "own"), [("two", 0.0), ("two", 0.9), ("size", 0.9)])
def test_outcomes_gone_through_are_those_drawn(kind: str, own: float) -> None:
    x, n, N, _ = draw(kind, 60, np.random.default_rng(8), roles=True, own=own)
    fit = fit_mixture(x, n, N)
    ((posterior, tables),) = fit.redrawn(x, n, np.ones((1, 60)))
    few = np.argsort((N - n).sum(axis=1))[:8]
    of = fit.alike.kind[few], (N - n)[few]
    chances = pooling._totals(posterior[of[0]], tables, *of)
    assert chances.sum(axis=1) == pytest.approx(np.ones(8))
    rng = np.random.default_rng(9)
    place = pooling._choose(posterior[of[0]], 20_000, rng)
    drawn = pooling._satisfied(place, tables, *of, rng)
    for silent, chance in zip(drawn.T, chances, strict=True):
        share = np.bincount(silent, minlength=len(chance)) / len(silent)
        assert np.abs(share - chance).max() < 5 * 0.5 / len(silent) ** 0.5


def test_no_slope_on_the_grid_would_be_likelier() -> None:
    """Going uphill finds the top that trying every slope does."""
    for seed, kind in enumerate(("size", "size", "beta", "two", "large")):
        x, n, N, _ = draw(kind, 80, np.random.default_rng(seed), roles=True, own=0.0)
        shifts = mixture._shifts(x, n, np.ones(80))
        sized = mixture.Alike.of(x, n, N, sized=True)
        tried = [mixture._at(sized, shifts, slope, 0.0) for slope in mixture.SLOPES.tolist()]
        best, height = max(tried, key=lambda one: one[1])
        level, at_level = mixture._at(sized, shifts, 0.0, 0.0)
        found = mixture._uphill(sized, shifts, level, at_level)
        assert found.slope == (best.slope if height > at_level + mixture.WORTH else 0.0)


def test_branches_alike_are_reckoned_once_and_count_each() -> None:
    x, n, N, _ = draw("beta", 25, np.random.default_rng(10), roles=True, own=0.0)
    twice = fit_mixture(*(np.repeat(counts, 2, axis=0) for counts in (x, n, N)))
    alike = twice.alike
    assert len(alike.z) <= 25 < len(alike.kind)
    assert (alike.x[alike.kind] == np.repeat(x, 2, axis=0)).all()
    assert alike.counted(np.arange(50.0)[None]).sum() == np.arange(50).sum()
    assert twice.weights == pytest.approx(
        npmle(twice.tables.likelihood()[0][alike.kind], np.ones((1, 50)))[0]
    )


def test_ranks_are_mid_ranks_of_the_shares() -> None:
    rng = np.random.default_rng(11)
    people = rng.integers(3, 12, 30)
    drawn = rng.binomial(people, 0.8, (50, 30)).astype(np.int32)
    expected = stats.rankdata(-np.round(drawn / people, 12), axis=1)
    assert np.array_equal((pooling._ranks(drawn, people) + 1) / 2, expected)
    low, high = pooling._quantiles(drawn, (0.025, 0.975))
    ends = np.quantile(drawn, [0.025, 0.975], axis=0, method="inverted_cdf")
    assert np.array_equal([low, high], ends)


def test_roles_are_told_apart_whatever_they_answered() -> None:
    rng = np.random.default_rng(2)
    x, n, N, K = draw("beta", 300, rng, roles=True, own=0.0)
    found = compare(x, n, N, n_draws=400)
    true = (K.sum(axis=1) / N.sum(axis=1)).mean()
    assert found.rate.mean() == pytest.approx(true, abs=0.01)
    # pooled answers would lean towards the role that answered twice as often
    assert (x.sum() / n.sum()) - true > 0.01


def test_size_is_seen_where_it_tells_and_only_there() -> None:
    rng = np.random.default_rng(3)
    assert fit_mixture(*draw("size", 60, rng, roles=False, own=0.0)[:3]).slope < -0.5
    assert fit_mixture(*draw("beta", 60, rng, roles=False, own=0.0)[:3]).slope == 0


def test_a_census_is_known() -> None:
    N = np.array([[20], [30], [10]])
    x = np.array([[19], [20], [9]])
    found = compare(x, N, N)
    assert found.rate == pytest.approx((x / N)[:, 0])
    assert found.side.tolist() == ["meets", "below", "meets"]
    assert found.rank_low.tolist() == found.rank_high.tolist() == [1, 3, 2]


def test_answers_that_are_all_alike_leave_the_silent_open() -> None:
    n = np.full((5, 1), 10)
    found = compare(n, n, 2 * n)
    assert (found.rate > 0.95).all()
    assert (found.low >= 0.5).all()


def test_thousands_of_branches() -> None:
    rng = np.random.default_rng(4)
    x, n, N, _ = draw("beta", 3000, rng, roles=False, own=0.0)
    found = compare(x, n, N, n_draws=200)
    assert found.side.shape == (3000,)
    assert {"meets", "below"} <= set(found.side)


def test_equal_seeds_give_equal_results() -> None:
    x, n, N, _ = draw("two", 12, np.random.default_rng(5), roles=True, own=0.5)
    one, same, other = (compare(x, n, N, n_draws=300, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.rate, same.rate)
    assert not np.array_equal(one.rate, other.rate)


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match="unit 1 has no people"):
        compare([[1], [0]], [[1], [0]], [[2], [0]])
    with pytest.raises(ValueError, match="level"):
        compare([[1]], [[1]], [[2]], level=95)


@pytest.mark.parametrize(("kind", "roles"), [("near", True), ("two", True), ("size", False)])
def test_few_are_put_on_the_wrong_side(kind: str, roles: bool) -> None:
    got = measure(kind, 40, 25, roles=roles)
    assert got["wrong"][0] <= 0.02 + 3 * got["wrong"][1]
    assert got["rank_coverage"][0] > 0.92
    assert got["decided"][0] > 0.2


@pytest.mark.parametrize("kind", ["beta", "near"])
def test_few_branches_say_less(kind: str) -> None:
    got = measure(kind, 12, 60, roles=True, own=0.5)
    said, did, error = got["high"]
    assert did > said - 0.05 - 3 * error
    assert got["wrong"][0] <= 0.03 + 3 * got["wrong"][1]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_draws_follow_counts_and_not_their_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    N = rng.integers(2, 20, (9, 2))
    N[4] = N[2]
    n = rng.binomial(N, 0.7)
    x = rng.binomial(n, 0.9)
    n[4], x[4] = n[2], x[2]
    order = rng.permutation(9)
    one = compare(x, n, N, n_draws=200, seed=1)
    other = compare(x[order][:, ::-1], n[order][:, ::-1], N[order][:, ::-1], n_draws=200, seed=1)
    for name in ("rate", "low", "high", "p_meets", "rank", "rank_low", "rank_high"):
        np.testing.assert_allclose(getattr(one, name)[order], getattr(other, name), atol=1e-12)
        assert getattr(one, name)[2] == getattr(one, name)[4]
    assert one.side[order].tolist() == other.side.tolist()
