import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.design.planning import power
from analysis.design.reminders import MOST_NUMBERS, reminders
from tests.simulations.reminders_promised import realised


@st.composite
def units(draw: st.DrawFn) -> tuple[int, int, int]:
    N = draw(st.integers(0, 60))
    return draw(st.integers(0, N)), N, draw(st.integers(N // 2, N))


def chance_after(n: int, N: int, K: int, sent: int, reply_rate: float) -> float:
    replies = np.arange(sent + 1)
    found = power(n + replies, N, K)
    right = found.meets if 10 * K >= 9 * N else found.below
    return float(stats.binom.pmf(replies, sent, reply_rate) @ right)


@settings(max_examples=40)
@given(units(), st.sampled_from([0.25, 0.5, 1.0]))
def test_the_fewest_reminders_from_which_on_the_chance_is_there(unit, reply_rate) -> None:  # type: ignore[no-untyped-def]
    n, N, _ = unit
    found = reminders(*unit, reply_rate=reply_rate)
    chances = [chance_after(*unit, sent, reply_rate) for sent in range(N - n + 1)]
    assert found.chance_now == pytest.approx(chances[0])
    assert found.chance == pytest.approx(chances[int(found.n_reminders)])
    if chances[-1] < 0.8:
        assert found.n_reminders == N - n
    else:
        assert min(chances[int(found.n_reminders) :]) >= 0.8 - 1e-9
        assert found.n_reminders == 0 or chances[int(found.n_reminders) - 1] < 0.8
    assert found.priority == (found.n_reminders > 0)


def test_cheap_verdicts_come_first_and_those_out_of_reach_last() -> None:
    found = reminders([25, 5, 55, 0, 40], [40, 60, 80, 0, 80], [38, 57, 76, 0, 76])
    assert found.chance[1] < 0.8 <= found.chance[2]
    assert found.n_reminders[3] == found.priority[3] == 0
    order = np.argsort(np.where(found.priority > 0, found.priority, 99), kind="stable")
    reachable = found.chance[order] >= 0.8
    assert reachable[: found.priority.max()].tolist() == sorted(reachable[:4], reverse=True)
    assert found.n_reminders[2] > 0
    assert found.priority[2] < found.priority[1]


@pytest.mark.parametrize(("n", "N", "K"), [(25, 40, 38), (30, 80, 64), (150, 300, 285)])
def test_what_is_promised_comes_true(n: int, N: int, K: int) -> None:
    found = reminders(n, N, K, reply_rate=0.4)
    share, error = realised(n, N, K, int(found.n_reminders), 0.4, runs=2000, seed=3)
    assert share == pytest.approx(float(found.chance), abs=0.03 + 2 * error)


def test_large_units_are_searched_in_steps() -> None:
    found = reminders(100, 3000, 2850)
    assert 0 < found.n_reminders < 2900
    assert found.chance >= 0.8
    assert found.n_reminders in np.linspace(0, 2900, MOST_NUMBERS + 1).astype(int)


def test_shapes() -> None:
    assert reminders([[1], [2]], [5, 6], 5).chance.shape == (2, 2)
    assert reminders([], [], []).priority.shape == (0,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"reply_rate": 0}, "reply_rate=0"), ({"wanted_chance": 0}, "wanted_chance=0")],
)
def test_bad_arguments(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        reminders(1, 2, 2, **arguments)  # type: ignore[arg-type]
