"""Neither names nor the order of a file move a figure."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.breakdown.canonical import canonical_order
from analysis.breakdown.drivers import breakdown_imputed
from analysis.breakdown.imputation import impute

Case = tuple[np.ndarray, np.ndarray, np.ndarray]


def answers(seed: int, n: int = 260) -> Case:
    """Draw items with one in eight blank, the outcome, and branches of uneven sizes."""
    rng = np.random.default_rng(seed)
    branch = rng.choice(13, n, p=rng.dirichlet(np.full(13, 5.0)))
    mood = rng.normal(size=(n, 1)) + 0.4 * rng.normal(size=13)[branch, None]
    x = np.clip(np.round(4 + mood + rng.normal(size=(n, 6))), 1, 5)
    y = (x.mean(axis=1) + 0.7 * rng.normal(size=n) < 3.2).astype(float)
    x[rng.random(x.shape) < 0.12] = np.nan
    return x, y, branch


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), by_branch=st.booleans())
def test_fills_follow_the_answers(seed: int, by_branch: bool) -> None:
    x, y, branch = answers(seed % 50)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(len(x)), rng.permutation(x.shape[1])
    names = rng.permutation(13)
    one = impute(x, y, draws=2, seed=3, clusters=branch if by_branch else None)
    moved = names[branch][rows] if by_branch else None
    other = impute(x[rows][:, columns], y[rows], draws=2, seed=3, clusters=moved)
    for number in range(2):
        filled, again = one.completed(number), np.empty_like(x)
        again[np.ix_(rows, columns)] = other.completed(number)
        # people who answered alike, in one branch, may change places
        for at in range(len(x)):
            same = (branch == branch[at]) | (not by_branch)
            same &= (np.nan_to_num(x) == np.nan_to_num(x[at])).all(axis=1) & (y == y[at])
            for column in np.flatnonzero(np.isnan(x[at])):
                np.testing.assert_allclose(
                    np.sort(filled[same, column]), np.sort(again[same, column]), atol=1e-9
                )


def test_a_breakdown_does_not_depend_on_order_or_names() -> None:
    x, y, branch = answers(1, 600)
    rng = np.random.default_rng(2)
    rows, names = rng.permutation(len(x)), rng.permutation(13)
    one = breakdown_imputed(x, y, dimensions=[[0, 1], [2, 3], [4, 5]], clusters=branch, seed=1)
    moved = x[rows][:, [4, 5, 1, 0, 2, 3]]
    other = breakdown_imputed(
        moved, y[rows], dimensions=[[0, 1], [2, 3], [4, 5]], clusters=names[branch][rows], seed=1
    )
    assert one.imputation == "multiple"
    order = [1, 2, 0]
    np.testing.assert_allclose(one.whole.contributions, other.whole.contributions[order], atol=1e-9)
    for ends, again in zip(one.whole.interval(), other.whole.interval(), strict=True):
        np.testing.assert_allclose(ends, again[order], atol=1e-8)
    np.testing.assert_allclose(
        one.probability_first(1), other.probability_first(1)[order], atol=2e-4
    )


def test_blanks_and_numbers_make_different_orders() -> None:
    x, y, branch = answers(4)
    order = canonical_order(x, y, np.ones(len(y)), branch)
    assert sorted(order.rows) == [*range(len(y))]
    assert (np.diff(order.clusters) >= 0).all()
    assert (np.bincount(order.clusters) > 0).all()
