"""Looks: thresholds against all orders of the answers, and against the plain verdict."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from analysis.design.planning import critical_counts
from analysis.design.sequential import course, spending, thresholds
from analysis.proportions.verdicts import bar_count
from tests.simulations.enumerate_looks import errors


def _decided_in_all_orders(n_valid, N, dissatisfied, critical):  # type: ignore[no-untyped-def]
    """Go through every place of the dissatisfied; tell the share that ever meets, or is below."""
    meets = below = total = 0
    for places in combinations(range(N), dissatisfied):
        d = np.array([sum(place < n for place in places) for n in n_valid])
        meets += bool((d <= critical.most_dissatisfied).any())
        below += bool((np.array(n_valid) - d <= critical.most_satisfied).any())
        total += 1
    return Fraction(meets, total), Fraction(below, total)


@pytest.mark.parametrize("N", [5, 8, 10, 14, 20])
def test_errors_over_every_order_of_the_answers(N: int) -> None:
    for n_valid in ([N // 2, N - 2], [1, N // 3, N // 2, N - 1], [N // 2, N // 2, N]):
        critical = thresholds(n_valid, N, spending(len(n_valid)))
        K0 = int(bar_count(N))
        assert _decided_in_all_orders(n_valid, N, N - K0 + 1, critical)[0] <= Fraction(1, 20)
        assert _decided_in_all_orders(n_valid, N, N - K0, critical)[1] <= Fraction(1, 20)


def test_no_threshold_can_be_raised() -> None:
    n_valid, N, spent = [8, 11, 14], 18, spending(3)
    critical = thresholds(n_valid, N, spent)
    for look in range(3):
        wider = critical.most_dissatisfied.copy()
        wider[look] += 1
        wider[look + 1 :] = -1
        found = _decided_in_all_orders(n_valid, N, 2, critical._replace(most_dissatisfied=wider))
        assert found[0] > spent[look]


def test_one_look_is_the_plain_verdict() -> None:
    for N in range(1, 120, 7):
        for n in range(N + 1):
            found, plain = thresholds([n], N, spending(1)), critical_counts(n, N)
            assert [int(part[0]) for part in found] == [int(part) for part in plain]


@pytest.mark.parametrize("n_looks", range(1, 7))
def test_errors_with_one_to_six_looks(n_looks: int) -> None:
    for N in (8, 33, 90, 150, 300):
        assert max(errors(N, n_looks)) <= 0.05 + 1e-12


def test_a_threshold_knows_nothing_of_later_looks() -> None:
    spent = spending(3)
    early = thresholds([20, 30], 60, spent[:2])
    for last in (30, 41, 60):
        whole = thresholds([20, 30, last], 60, spent)
        assert whole.most_dissatisfied[:2].tolist() == early.most_dissatisfied.tolist()
        assert whole.most_satisfied[:2].tolist() == early.most_satisfied.tolist()


def test_the_course_is_that_of_simulated_surveys() -> None:
    n_valid, N, K = [20, 32, 44], 60, 57
    critical = thresholds(n_valid, N, spending(3))
    rng, runs = np.random.default_rng(1), 4000
    order = rng.permuted(np.tile(np.arange(N) >= K, (runs, 1)), axis=1)
    d = np.cumsum(order, axis=1)[:, np.array(n_valid) - 1]
    passes = d <= critical.most_dissatisfied
    first = np.where(passes.any(axis=1), passes.argmax(axis=1), -1)
    seen = [(first == look).mean() for look in range(3)]
    expected = course(n_valid, N, K, critical)
    assert expected.meets == pytest.approx(seen, abs=4 * 0.5 / np.sqrt(runs))
    assert (expected.meets + expected.below).sum() <= 1 + 1e-12
    alone = stats.hypergeom.cdf(critical.most_dissatisfied[0], N, N - K, 20)
    assert expected.meets[0] == pytest.approx(alone)


def test_what_is_spent_rises_to_all() -> None:
    for n_looks in range(1, 8):
        spent = spending(n_looks, "0.025")
        assert list(spent) == sorted(set(spent))
        assert spent[-1] == Fraction(1, 40)


@pytest.mark.parametrize(
    "call",
    [
        lambda: spending(0),
        lambda: thresholds([5, 4], 10, spending(2)),
        lambda: thresholds([5, 11], 10, spending(2)),
        lambda: thresholds([5], 10, spending(2)),
        lambda: thresholds([0], 0, spending(1)),
    ],
)
def test_bad_arguments(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="must"):
        call()
