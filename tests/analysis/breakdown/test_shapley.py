"""The kernel against enumeration of all orders and against numerical derivatives."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.breakdown import shapley
from analysis.breakdown.logit import probability
from analysis.breakdown.shapley import Segments


def mean_probability(items, parts, raised, target, beta, weights):
    """Compute v with the columns `raised` lifted to the target, from the definition."""
    lifted = items.copy()
    lifted[:, raised] = np.maximum(lifted[:, raised], target)
    scores = np.column_stack([lifted[:, part].mean(axis=1) for part in parts])
    return probability(beta[0] + scores @ beta[1:]) @ weights / weights.sum()


def over_all_orders(value, players):
    """Average the fall when each player joins, over every order."""
    falls = np.zeros(players)
    orders = list(permutations(range(players)))
    for order in orders:
        before = value(())
        for position, player in enumerate(order):
            after = value(tuple(sorted(order[: position + 1])))
            falls[player] += before - after
            before = after
    return falls / len(orders)


def random_case(seed, d, n=25):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 4, d)
    columns = rng.permutation(sizes.sum())
    parts = tuple(np.split(columns, np.cumsum(sizes)[:-1]))
    items = rng.integers(1, 6, (n, sizes.sum())).astype(float)
    beta = np.append(rng.normal(4, 2), rng.normal(-0.8, 1, d))
    return items, parts, beta, rng.uniform(0.2, 3, n), rng


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), d=st.integers(3, 5), target=st.sampled_from([3, 4, 4.5, 5]))
def test_contributions_equal_the_mean_over_all_orders(seed, d, target):
    items, parts, beta, weights, _ = random_case(seed, d)
    scores, gaps = shapley.dimension_scores(items, parts, target)
    segments = Segments(np.zeros(len(items), dtype=np.intp), 1)
    sums = shapley.shapley_sums(scores, gaps, weights, beta, segments)

    def value(dimensions):
        raised = np.concatenate([np.empty(0, int), *(parts[x] for x in dimensions)])
        return mean_probability(items, parts, raised, target, beta, weights)

    expected = over_all_orders(value, d)
    got = sums.values @ weights / weights.sum()
    np.testing.assert_allclose(got[:d], expected, atol=1e-12)
    assert got[d] == pytest.approx(value(tuple(range(d))), abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), d=st.integers(1, 3), target=st.sampled_from([4, 5]))
def test_owen_values_equal_the_mean_over_orders_that_keep_dimensions_together(seed, d, target):
    items, parts, beta, weights, _ = random_case(seed, d)
    sums = shapley.owen_sums(items, parts, target, weights, beta)
    expected = np.zeros(items.shape[1])
    for own, part in enumerate(parts):
        for order in permutations(range(d)):
            before = np.concatenate(
                [np.empty(0, int), *(parts[x] for x in order[: order.index(own)])]
            )

            def value(items_in, before=before, part=part):
                raised = np.concatenate([before, part[list(items_in)]])
                return mean_probability(items, parts, raised, target, beta, weights)

            expected[part] += over_all_orders(value, part.size)
    expected /= len(list(permutations(range(d))))
    np.testing.assert_allclose(sums.values @ weights / weights.sum(), expected, atol=1e-12)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), d=st.integers(1, 4))
def test_derivatives(seed, d):
    items, parts, beta, weights, rng = random_case(seed, d, n=40)
    codes = np.sort(rng.integers(0, 5, 40))
    codes = np.unique(codes, return_inverse=True)[1]
    segments = Segments(codes, codes.max() + 1)
    scores, gaps = shapley.dimension_scores(items, parts, 4)

    def cluster_sums(b):
        values = shapley.shapley_sums(scores, gaps, weights, b, segments).values
        return segments.sums(values * weights)

    def item_means(b):
        values = shapley.owen_sums(items, parts, 4, weights, b).values
        return values @ weights / weights.sum()

    jacobians = shapley.shapley_sums(scores, gaps, weights, beta, segments).jacobians
    by_item = shapley.owen_sums(items, parts, 4, weights, beta).jacobian
    for m in range(d + 1):
        step = np.zeros(d + 1)
        step[m] = 1e-5
        numerical = (cluster_sums(beta + step) - cluster_sums(beta - step)) / 2e-5
        np.testing.assert_allclose(jacobians[:, m], numerical, atol=1e-7)
        numerical_items = (item_means(beta + step) - item_means(beta - step)) / 2e-5
        np.testing.assert_allclose(by_item[:, m], numerical_items, atol=1e-8)


def test_blocks_of_rows_do_not_show(monkeypatch):
    items, parts, beta, weights, rng = random_case(3, 4, n=200)
    codes = np.sort(rng.integers(0, 7, 200))
    segments = Segments(codes, 7)
    scores, gaps = shapley.dimension_scores(items, parts, 4)
    whole = shapley.shapley_sums(scores, gaps, weights, beta, segments)
    owen = shapley.owen_sums(items, parts, 4, weights, beta)
    monkeypatch.setattr(shapley, "_CELLS", 16 * 7)
    parted = shapley.shapley_sums(scores, gaps, weights, beta, segments)
    for one, other in zip(whole, parted, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)
    for one, other in zip(owen, shapley.owen_sums(items, parts, 4, weights, beta), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def test_matrix_rows_split_the_whole_fall():
    for players in (1, 4, 9):
        total = shapley.shapley_matrix(players).sum(axis=0)
        expected = np.zeros(1 << players)
        expected[0], expected[-1] = 1.0, -1.0
        np.testing.assert_allclose(total, expected, atol=1e-14)


def test_extreme_coefficients_give_probabilities_not_nan():
    items, parts, _, weights, _ = random_case(5, 3)
    scores, gaps = shapley.dimension_scores(items, parts, 5)
    segments = Segments(np.zeros(len(items), dtype=np.intp), 1)
    beta = np.array([5000.0, -800.0, -900.0, 700.0])
    sums = shapley.shapley_sums(scores, gaps, weights, beta, segments)
    assert all(np.isfinite(part).all() for part in sums)


def test_items_beyond_enumeration_are_refused():
    items = np.full((4, 40), 3.0)
    with pytest.raises(ValueError, match="exact Owen value takes at most 22"):
        shapley.owen_sums(items, (np.arange(40),), 4, np.ones(4), np.zeros(2))


def test_products_are_those_of_each_cluster_alone():
    rng = np.random.default_rng(5)
    left, right = rng.normal(size=(3, 40)), rng.normal(size=(2, 40))
    codes = np.sort(rng.integers(0, 7, 40))
    codes = np.unique(codes, return_inverse=True)[1]
    got = Segments(codes, int(codes[-1]) + 1).products(left, right)
    for number, product in enumerate(got):
        here = codes == number
        np.testing.assert_allclose(product, left[:, here] @ right[:, here].T, atol=1e-14)
