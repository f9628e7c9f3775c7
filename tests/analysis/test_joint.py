import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from analysis.joint import judge_roles, role_verdict_chances, worst_role_errors
from analysis.verdicts import judge


def test_the_joint_rule() -> None:
    n, N = [10, 30], [10, 40]
    outcomes = np.array(list(itertools.product(range(11), range(31))))
    judged = judge_roles(outcomes, n, N)
    vetoed = 0
    for overall, union, roles in zip(
        judged.overall, judged.union, judged.roles.verdict, strict=True
    ):
        if union == "meets" and "below" in roles:
            assert overall == "inconclusive"
            vetoed += 1
        else:
            assert overall == union
    assert vetoed > 0
    assert np.array_equal(judged.roles.verdict, judge(outcomes, n, N).verdict)


def test_pooling_is_the_verdict_of_the_sum() -> None:
    outcomes = np.array(list(itertools.product(range(7), range(16))))
    judged = judge_roles(outcomes, [6, 15], [10, 25], union="pooled")
    assert np.array_equal(judged.union, judge(outcomes.sum(axis=1), 21, 35).verdict)


def test_one_empty_role_leaves_the_verdict_of_the_other() -> None:
    x = np.arange(16)
    both = judge_roles(np.stack([x, np.zeros_like(x)], axis=-1), [15, 0], [20, 0])
    assert np.array_equal(both.overall, judge(x, 15, 20).verdict)


def test_chances_are_exact() -> None:
    N, n, K = (6, 9), (4, 7), (5, 9)
    expected = {"meets": Fraction(0), "below": Fraction(0), "inconclusive": Fraction(0)}
    for x in itertools.product(range(n[0] + 1), range(n[1] + 1)):
        chance = Fraction(1)
        for k, draws, people, drawn in zip(K, n, N, x, strict=True):
            chance *= Fraction(
                math.comb(k, drawn) * math.comb(people - k, draws - drawn), math.comb(people, draws)
            )
        expected[str(judge_roles(x, n, N, bar="0.8").overall)] += chance
    chances = role_verdict_chances(K, n, N, bar="0.8")
    assert chances == pytest.approx([float(p) for p in expected.values()], abs=1e-12)


@pytest.mark.parametrize("population", [(10, 20), (8, 40), (30, 30)])
@pytest.mark.parametrize("share", [(0.5, 0.5), (0.9, 0.3), (0.3, 0.9), (1.0, 0.5)])
def test_strata_keep_the_error_however_often_each_role_answered(population, share) -> None:  # type: ignore[no-untyped-def]
    n = [round(part * people) for part, people in zip(share, population, strict=True)]
    meets, below = worst_role_errors(n, population)
    assert max(meets, below) <= 0.05


def test_pooling_loses_the_error_where_roles_answered_unequally() -> None:
    # Kept as a warning: this is why strata are the default.
    assert max(worst_role_errors([25, 30], [30, 90], union="pooled")) > 0.9


def test_the_worst_case_is_the_worst_of_all() -> None:
    n, N = [5, 8], [7, 10]
    meets, below = worst_role_errors(n, N, bar="0.8", union="pooled")
    # 14 of 17 meet a bar of 80 %.
    everywhere = {
        K: role_verdict_chances(K, n, N, bar="0.8", union="pooled")
        for K in itertools.product(range(8), range(11))
    }
    assert meets == pytest.approx(max(c.meets for K, c in everywhere.items() if sum(K) < 14))
    assert below == pytest.approx(max(c.below for K, c in everywhere.items() if sum(K) >= 14))


def test_shapes_and_units_without_answers() -> None:
    judged = judge_roles(np.zeros((3, 2, 2)), np.zeros((3, 2, 2)), np.ones((3, 2, 2)))
    assert judged.overall.shape == judged.union.shape == (3, 2)
    assert set(judged.overall.flat) == {"inconclusive"}
    assert judge_roles([0, 0], [0, 0], [0, 0]).overall == "inconclusive"
    three = judge_roles([5, 5, 5], [5, 5, 5], [5, 5, 5], union="pooled")
    assert three.overall == "meets"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: judge_roles(1, 2, 3), "the last axis"),
        (lambda: judge_roles([1, 1], [2, 2], [3, 3], union="sum"), "stratified, pooled"),
        (lambda: worst_role_errors([1, 1, 1], [2, 2, 2]), "two roles"),
        (lambda: role_verdict_chances([3, 3], [2, 2], [2, 2]), "satisfied=3 is greater"),
    ],
)
def test_bad_arguments(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()
