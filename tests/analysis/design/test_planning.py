import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.design.planning import (
    answers_for_chance,
    critical_counts,
    least_answers,
    power,
    supposed_satisfied,
)
from analysis.proportions.verdicts import judge

REFERENCES = Path(__file__).parents[2] / "references"
PLANNING = json.loads((REFERENCES / "hypergeometric_ci.json").read_text("utf-8"))["planning"]


@pytest.mark.parametrize("case", PLANNING, ids=lambda case: f"N{case['N']}")
def test_reference(case: dict) -> None:
    expected = [-1 if n is None else n for n in case["least_n"].values()]
    dissatisfied = [int(d) for d in case["least_n"]]
    assert least_answers(case["N"], dissatisfied).tolist() == expected


def test_every_small_unit_equals_a_search_through_the_verdicts() -> None:
    # The verdicts are checked against fractions for all these units.
    for N in range(1, 31):
        n, x = np.tril_indices(N + 1)
        verdict = judge(x, n, N).verdict
        for d in range(N + 1):
            passing = n[(verdict == "meets") & (n - x == d)]
            assert least_answers(N, d) == (passing.min() if passing.size else -1)
            if passing.size:
                assert passing.tolist() == list(range(passing.min(), N + 1))
        for answers in range(N + 1):
            here = n == answers
            critical = critical_counts(answers, N)
            dissatisfied = (n - x)[here & (verdict == "meets")]
            assert critical.most_dissatisfied == dissatisfied.max(initial=-1)
            assert critical.most_satisfied == x[here & (verdict == "below")].max(initial=-1)


@given(st.data())
def test_power_is_the_sum_over_the_outcomes(data: st.DataObject) -> None:
    N = data.draw(st.integers(0, 120))
    n, K = data.draw(st.integers(0, N)), data.draw(st.integers(0, N))
    x = np.arange(n + 1)
    chance = stats.hypergeom.pmf(x, N, K, n) if N else np.ones(1)
    verdict = judge(x, n, N).verdict
    expected = [chance[verdict == side].sum() for side in ("meets", "below")]
    assert power(n, N, K) == pytest.approx(expected, abs=1e-9)


def test_power_broadcasts_and_knows_the_census() -> None:
    whole = power(20, 20, np.arange(21))
    assert whole.meets.tolist() == [0] * 18 + [1] * 3
    assert whole.below.tolist() == [1] * 18 + [0] * 3
    assert power([[10], [20]], 20, [18, 19, 20]).meets.shape == (2, 3)
    assert isinstance(power(10, 20, 19).meets, float)


@given(st.integers(0, 90), st.floats(0, 1), st.sampled_from([0.3, 0.8, 1.0]))
def test_the_chance_holds_from_there_on_and_not_just_before(N, share, chance) -> None:  # type: ignore[no-untyped-def]
    K = round(share * N)
    n = int(answers_for_chance(N, K, chance))
    side = "meets" if 10 * K >= 9 * N else "below"
    chances = []
    for answers in range(N + 1):
        x = np.arange(answers + 1)
        verdict = judge(x, answers, N).verdict
        point = stats.hypergeom.pmf(x, N, K, answers) if N else np.ones(1)
        chances.append(point[verdict == side].sum())
    assert min(chances[n:], default=1) >= chance - 1e-9 or N == 0
    assert n == 0 or chances[n - 1] < chance + 1e-9


def test_the_supposed_number_is_the_next_whole_one() -> None:
    for N in range(200):
        K = int(supposed_satisfied(N, "0.95"))
        assert abs(20 * K - 19 * N) <= 10


def test_units_without_people_need_nothing_and_cannot_pass() -> None:
    assert least_answers(0) == -1
    assert critical_counts(0, 0) == (-1, -1)
    assert power(0, 0, 0) == (0, 0)
    assert least_answers([]).shape == (0,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: least_answers(10, -1), "n_dissatisfied=-1 is negative"),
        (lambda: least_answers(10.5), "10.5 is not a whole number"),
        (lambda: power(5, 10, 11), "satisfied=11 is greater than population=10"),
        (lambda: critical_counts(11, 10), "n_valid=11 is greater than"),
        (lambda: answers_for_chance(10, 9, 0), "chance=0"),
    ],
)
def test_bad_arguments(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()
