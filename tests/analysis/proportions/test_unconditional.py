import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.proportions.unconditional import (
    _halves,
    _stays_at_most,
    judge_unconditional,
    raised_limit,
)
from analysis.proportions.verdicts import bar_count, judge

ALPHA = Fraction(1, 20)
SIZES = [8, 10, 12, 15, 20, 25, 33, 50, 80, 120]


def verdicts_of_all_outcomes(N: int, bar: str = "0.9") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n, x = np.tril_indices(N + 1)
    return n, x, judge_unconditional(x, n, N, bar=bar).verdict


def errors_given_n(N: int, K: int, wrong: str, bar: str = "0.9") -> np.ndarray:
    n, x, verdict = verdicts_of_all_outcomes(N, bar)
    chance = stats.hypergeom.pmf(x, N, K, n)
    return np.bincount(n, np.where(verdict == wrong, chance, 0.0), minlength=N + 1)


@pytest.mark.parametrize("bar", ["0.9", "0.75"])
@pytest.mark.parametrize("N", SIZES)
def test_error_over_the_chance_of_answering_never_exceeds_alpha(N: int, bar: str) -> None:
    # Independent of the proof in the module: the error itself, summed on a fine grid.
    K0 = int(bar_count(N, bar))
    chance_of_n = stats.binom.pmf(np.arange(N + 1), N, np.linspace(0, 1, 2001)[:, np.newaxis])
    for K in (K0 - 1, K0 - 2, K0, K0 + 1):
        if 0 <= K <= N:
            given_n = errors_given_n(N, K, "meets" if K < K0 else "below", bar)
            assert (chance_of_n @ given_n).max() <= 0.05


@pytest.mark.parametrize("N", [9, 10, 14])
def test_error_is_exact_in_fractions(N: int) -> None:
    K0 = int(bar_count(N))
    n, x, verdict = verdicts_of_all_outcomes(N)
    for K, wrong in ((K0 - 1, "meets"), (K0, "below")):
        for q in (Fraction(i, 40) for i in range(41)):
            error = sum(
                (
                    math.comb(K, s) * math.comb(N - K, m - s) * q**m * (1 - q) ** (N - m)
                    for m, s, v in zip(n.tolist(), x.tolist(), verdict, strict=True)
                    if v == wrong and 0 <= m - s <= N - K
                ),
                Fraction(0),
            )
            assert error <= ALPHA


@pytest.mark.parametrize("N", SIZES)
def test_the_limit_is_the_greatest(N: int) -> None:
    # With the next greater p-value let in, some chance of answering gives too many errors.
    K = int(bar_count(N)) - 1
    limit = raised_limit(N, K, ALPHA)
    n, x = np.tril_indices(N + 1)
    tail = stats.hypergeom.sf(x - 1, N, K, n)
    beyond = tail[(tail > limit * (1 + 1e-6)) & (tail < 0.49)].min(initial=0.49)
    error = np.zeros(N + 1)
    kept = tail <= beyond * (1 + 1e-6)
    np.maximum.at(error, n[kept], tail[kept])
    q = np.linspace(0, 1, 4001)[:, np.newaxis]
    assert (stats.binom.pmf(np.arange(N + 1), N, q) @ error).max() > 0.05


@pytest.mark.parametrize("N", [*SIZES, 300, 301])
def test_plain_verdicts_are_kept_and_more_units_decided(N: int) -> None:
    n, x, verdict = verdicts_of_all_outcomes(N)
    plain = judge(x, n, N).verdict
    decided = plain != "inconclusive"
    assert np.array_equal(verdict[decided], plain[decided])
    if N <= 300:
        assert np.sum(verdict != "inconclusive") > decided.sum()
    else:
        assert np.array_equal(verdict, plain)


def test_the_limit_bounds_the_error_given_n() -> None:
    for N in (10, 25, 60):
        K0 = int(bar_count(N))
        assert errors_given_n(N, K0 - 1, "meets").max() <= raised_limit(N, K0 - 1, ALPHA)
        assert errors_given_n(N, K0, "below").max() <= raised_limit(N, N - K0, ALPHA)


def test_more_satisfied_answers_never_lower_the_verdict() -> None:
    rank = {"below": 0, "inconclusive": 1, "meets": 2}
    for N in (10, 25, 60):
        for n in range(N + 1):
            verdicts = judge_unconditional(np.arange(n + 1), n, N).verdict
            assert np.all(np.diff([rank[v] for v in verdicts]) >= 0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.sampled_from(np.linspace(0, 1, 21)))
def test_halves_describe_the_same_polynomial(coefficients: list[float], q: float) -> None:
    def value(row: np.ndarray, at: float) -> float:
        degree = row.size - 1
        return float(stats.binom.pmf(np.arange(row.size), degree, at) @ row)

    whole = np.array(coefficients)
    left, right = _halves(whole)
    assert value(left, q) == pytest.approx(value(whole, q / 2), abs=1e-12)
    assert value(right, q) == pytest.approx(value(whole, (1 + q) / 2), abs=1e-12)


def test_a_bound_is_proven_only_where_it_holds() -> None:
    bump = np.array([0.0, 1.0, 0.0])  # 2q(1 - q), greatest at 1/2
    assert _stays_at_most(0.5001, bump)
    assert not _stays_at_most(0.4999, bump)
    assert not _stays_at_most(0.5, np.array([0.0, 0.6]))


def test_shapes_and_units_without_people() -> None:
    judged = judge_unconditional([[11], [0]], [[11], [0]], [20, 30])
    assert {column.shape for column in judged} == {(2, 2)}
    assert judge_unconditional(0, 0, [0, 5]).verdict.tolist() == ["inconclusive"] * 2
    assert judge_unconditional([], [], []).verdict.shape == (0,)
    assert isinstance(judge_unconditional(11, 11, 20).verdict, str)
