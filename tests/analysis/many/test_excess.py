from __future__ import annotations

from math import comb

import pytest

from analysis.many.excess import chance_of_as_many, share_elsewhere


@pytest.mark.parametrize(("x", "n", "p"), [(0, 9, 0.2), (3, 9, 0.2), (9, 9, 0.7), (5, 40, 0.01)])
def test_the_chance_is_the_upper_tail_of_the_binomial(x: int, n: int, p: float) -> None:
    exact = sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(x, n + 1))
    assert chance_of_as_many(x, n, p) == pytest.approx(exact)
    assert chance_of_as_many(x, n, p, n_looks=1000) == pytest.approx(min(1, 1000 * exact))


def test_the_share_elsewhere_is_never_nought_and_leaves_the_group_out() -> None:
    assert share_elsewhere([5, 0], [10, 90], 5, 100).tolist() == [1 / 91, 6 / 11]
    assert share_elsewhere(4, 4, 4, 4) == 1
