import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.design.reminders import reminders
from analysis.proportions.verdicts import judge


@st.composite
def units(draw: st.DrawFn) -> tuple[int, int, int]:
    N = draw(st.integers(0, 80))
    n = draw(st.integers(0, N))
    return draw(st.integers(n // 2, n)), n, N


def chance_of_a_verdict(x: int, n: int, N: int, further: int, silent_rate: float) -> float:
    new = np.arange(further + 1)
    decided = judge(x + new, n + further, N).verdict != "inconclusive"
    return float(stats.binom.pmf(new, further, silent_rate)[decided].sum())


@settings(max_examples=40)
@given(units(), st.sampled_from([0.25, 0.5, 1.0]), st.sampled_from([0.0, 0.6, 0.95, 1.0]))
def test_the_fewest_answers_that_reach_the_chance(unit, reply_rate, silent_rate) -> None:  # type: ignore[no-untyped-def]
    x, n, N = unit
    found = reminders(*unit, reply_rate=reply_rate, silent_rate=silent_rate)
    if judge(*unit).verdict != "inconclusive":
        assert found == (0, 1, 0)
        return
    chances = [
        chance_of_a_verdict(x, n, N, further, silent_rate)
        for further in range(1, int(reply_rate * (N - n)) + 1)
    ]
    enough = [further for further, chance in enumerate(chances, 1) if chance >= 0.8]
    if not enough:
        assert found.chance == pytest.approx(max(chances, default=0))
        assert found.n_reminders == found.priority == 0
        return
    assert found.n_reminders == np.ceil(enough[0] / reply_rate) <= N - n
    assert found.chance == pytest.approx(chances[enough[0] - 1])
    assert found.priority == 1


def test_cheap_verdicts_come_first() -> None:
    found = reminders([14, 14, 5, 20, 0], [14, 14, 5, 20, 0], [25, 30, 60, 20, 0])
    assert found.priority.tolist() == [2, 1, 0, 0, 0]
    assert 0 < found.n_reminders[1] < found.n_reminders[0]
    assert found.chance[3] == 1


def test_shapes() -> None:
    assert reminders([[1], [2]], 2, [5, 6]).chance.shape == (2, 2)
    assert reminders([], [], []).priority.shape == (0,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"reply_rate": 0}, "reply_rate=0"),
        ({"silent_rate": 1.1}, "silent_rate=1.1"),
        ({"wanted_chance": 0}, "wanted_chance=0"),
    ],
)
def test_bad_arguments(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        reminders(1, 2, 5, **arguments)  # type: ignore[arg-type]
