import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.proportions.verdicts import bar_count, judge, judge_binomial, side_level

REFERENCES = Path(__file__).parents[2] / "references"
REFERENCE = json.loads((REFERENCES / "hypergeometric_ci.json").read_text("utf-8"))
ALPHA = Fraction(1, 20)


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: case["id"])
def test_reference(case: dict) -> None:
    judged = judge(case["x"], case["n"], case["N"])
    assert judged.verdict == case["verdict"]
    assert judged.bar_count == case["K0"]
    assert judged.p_meets == pytest.approx(case["p_H0_K_le_K0m1"], rel=1e-9, abs=1e-15)
    assert judged.p_below == pytest.approx(case["p_H0_K_ge_K0"], rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("case", REFERENCE["ties_at_exactly_5_percent"])
def test_a_tie_at_exactly_five_percent_meets(case: dict) -> None:
    judged = judge(case["x"], case["n"], case["N"])
    assert judged.verdict == case["verdict"] == "meets"
    assert judged.p_meets == 0.05
    hair = Fraction("0.05") - Fraction(1, 10**30)
    assert judge(case["x"], case["n"], case["N"], alpha=hair).verdict == "inconclusive"


def lower_tails(N: int, K: int, n: int) -> list[Fraction]:
    total, tails = Fraction(0), []
    for y in range(n + 1):
        total += Fraction(math.comb(K, y) * math.comb(N - K, n - y), math.comb(N, n))
        tails.append(total)
    return tails


def brute_force(N: int, n: int, K0: int) -> tuple[list[str], list[Fraction], list[Fraction]]:
    p_below = lower_tails(N, K0, n)
    p_meets = lower_tails(N, N - K0 + 1, n)[::-1]
    verdicts = [
        "meets" if m <= ALPHA else "below" if b <= ALPHA else "inconclusive"
        for m, b in zip(p_meets, p_below, strict=True)
    ]
    return verdicts, p_meets, p_below


@pytest.mark.parametrize(("bar", "share"), [("0.9", (9, 10)), ("0.85", (17, 20)), ("1", (1, 1))])
def test_every_small_unit_equals_brute_force(bar: str, share: tuple[int, int]) -> None:
    for N in range(1, 31):
        K0 = next(K for K in range(N + 1) if share[1] * K >= share[0] * N)
        for n in range(N + 1):
            judged = judge(np.arange(n + 1), n, N, bar=bar)
            verdicts, p_meets, p_below = brute_force(N, n, K0)
            assert judged.verdict.tolist() == verdicts
            assert set(judged.bar_count) == {K0}
            assert judged.p_meets == pytest.approx([float(p) for p in p_meets], rel=1e-12)
            assert judged.p_below == pytest.approx([float(p) for p in p_below], rel=1e-12)


@st.composite
def units(draw: st.DrawFn, largest: int = 400) -> tuple[int, int, int]:
    N = draw(st.integers(0, largest))
    n = draw(st.integers(0, N))
    return draw(st.integers(0, n)), n, N


bars = st.fractions(Fraction(1, 100), 1, max_denominator=1000)


@given(units(), bars)
def test_mirrored_counts_swap_the_sides(unit, bar) -> None:  # type: ignore[no-untyped-def]
    # "At least K0 satisfied" is "at most N - K0 dissatisfied": the sides swap at N - K0 + 1.
    x, n, N = unit
    K0 = int(bar_count(N, bar))
    if K0 == 0:
        return
    judged = judge(x, n, N, bar=bar)
    mirror = judge(n - x, n, N, bar=Fraction(N - K0 + 1, N))
    assert mirror.bar_count == N - K0 + 1
    assert mirror.p_below == pytest.approx(judged.p_meets, rel=1e-9)
    assert mirror.p_meets == pytest.approx(judged.p_below, rel=1e-9)
    assert mirror.verdict == {"meets": "below", "below": "meets"}.get(
        judged.verdict, judged.verdict
    )


@given(units(), bars)
def test_p_values_fall_and_rise_with_the_satisfied(unit, bar) -> None:  # type: ignore[no-untyped-def]
    _, n, N = unit
    judged = judge(np.arange(n + 1), n, N, bar=bar)
    assert np.all(np.diff(judged.p_meets) <= 1e-12)
    assert np.all(np.diff(judged.p_below) >= -1e-12)
    order = [["below", "inconclusive", "meets"].index(v) for v in judged.verdict]
    assert order == sorted(order)
    assert np.all(judged.p_meets + judged.p_below >= 1 - 1e-12)


@given(units(), bars, st.fractions(0, Fraction(1, 2), max_denominator=100))
def test_a_greater_alpha_keeps_what_was_decided(unit, bar, alpha) -> None:  # type: ignore[no-untyped-def]
    if not 0 < alpha < Fraction(1, 2):
        return
    strict = judge(*unit, bar=bar, alpha=alpha / 2).verdict
    assert strict in ("inconclusive", judge(*unit, bar=bar, alpha=alpha).verdict)


@given(units(), bars)
def test_a_census_is_decided_by_counting(unit, bar) -> None:  # type: ignore[no-untyped-def]
    x, _, N = unit
    if N == 0:
        return
    assert judge(x, N, N, bar=bar).verdict == ("meets" if x >= bar * N else "below")


@given(units(), bars)
def test_known_and_unknown_size_agree_for_an_endless_population(unit, bar) -> None:  # type: ignore[no-untyped-def]
    x, n, _ = unit
    endless = judge_binomial(x, n, bar=bar)
    huge = judge(x, n, 2_000_000_000, bar=bar)
    assert huge.p_meets == pytest.approx(endless.p_meets, abs=1e-4)
    assert huge.p_below == pytest.approx(endless.p_below, abs=1e-4)


@given(units(60), st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=20))
def test_binomial_verdict_equals_exact_fractions(unit, bar) -> None:  # type: ignore[no-untyped-def]
    x, n, _ = unit
    points = [math.comb(n, y) * bar**y * (1 - bar) ** (n - y) for y in range(n + 1)]
    meets, below = sum(points[x:]), sum(points[: x + 1])
    judged = judge_binomial(x, n, bar=bar)
    assert judged.verdict == (
        "meets" if meets <= ALPHA else "below" if below <= ALPHA else "inconclusive"
    )
    assert judged.p_meets == pytest.approx(float(meets), rel=1e-9)
    assert judged.p_below == pytest.approx(float(below), rel=1e-9)
    assert judged.bar_count == -1
    # A tie with alpha itself must be seen as one.
    if 0 < meets < Fraction(1, 2):
        assert judge_binomial(x, n, bar=bar, alpha=meets).verdict == "meets"


def test_binomial_at_a_bar_of_one() -> None:
    assert judge_binomial([50, 49, 0], [50, 50, 0], bar=1).verdict.tolist() == [
        "inconclusive", "below", "inconclusive"
    ]  # fmt: skip


@pytest.mark.parametrize("bar", ["0.9", "0.90", 0.9, np.float64(0.9), Fraction(9, 10), "9/10"])
def test_the_bar_is_read_as_written(bar: str | float | Fraction) -> None:
    population = np.arange(0, 3001)
    expected = [(9 * N + 9) // 10 for N in population.tolist()]
    assert bar_count(population, bar).tolist() == expected


def test_the_bar_may_have_many_digits() -> None:
    bar = Fraction("0.9000000000000000000001")
    assert bar_count([10, 20, 21], bar).tolist() == [10, 19, 19]


def test_units_without_answers_or_people_are_inconclusive() -> None:
    judged = judge(0, 0, [0, 1, 40])
    assert set(judged.verdict) == {"inconclusive"}
    assert judged.p_meets.tolist() == judged.p_below.tolist() == [1, 1, 1]
    assert judge([], [], []).verdict.shape == (0,)
    assert judge_binomial(0, 0).verdict == "inconclusive"


def test_shapes_and_scalars() -> None:
    judged = judge([[12], [11]], 12, [16, 20])
    assert judged.verdict.shape == judged.p_meets.shape == judged.bar_count.shape == (2, 2)
    assert isinstance(judge(12, 12, 16).verdict, str)
    assert isinstance(judge(12, 12, 16).p_meets, float)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: judge(1, 2, 3, bar=0), "bar=0 must lie in"),
        (lambda: judge(1, 2, 3, bar=90), "bar=90 must lie in"),
        (lambda: judge(1, 2, 3, bar="ninety"), "bar='ninety' is not a number"),
        (lambda: judge(1, 2, 3, alpha=0.5), "alpha=0.5 must lie below 1/2"),
        (lambda: judge([1, 3], 2, 3), "unit 1: n_satisfied=3"),
        (lambda: judge_binomial(1, [2, 0]), "unit 1: n_satisfied=1"),
        (lambda: bar_count([3, -1]), "unit 1"),
        (lambda: side_level(0), "alpha=0"),
    ],
)
def test_bad_arguments(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()
