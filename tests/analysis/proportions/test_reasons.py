import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.proportions.intervals import finite_population_interval
from analysis.proportions.reasons import explain
from analysis.proportions.verdicts import bar_count, judge


@st.composite
def units(draw: st.DrawFn) -> tuple[int, int, int]:
    N = draw(st.integers(1, 200))
    n = draw(st.integers(0, N))
    return draw(st.integers(n // 2, n)), n, N


@given(units())
def test_reasons_are_what_they_say(unit) -> None:  # type: ignore[no-untyped-def]
    _, n, N = unit
    reason = explain(*unit)
    assert (reason == "") == (judge(*unit).verdict != "inconclusive")
    if reason == "":
        return
    could_pass = judge(n, n, N).verdict == "meets"
    assert (reason == "cannot_pass") == (not could_pass)
    interval = finite_population_interval(*unit, level=0.9)
    reach = max(1, N // 20)
    near = max(interval.high_count - bar_count(N), bar_count(N) - interval.low_count) <= reach
    if could_pass:
        assert (reason == "near_bar") == near


def test_arrays_scalars_and_units_without_people() -> None:
    assert explain([[6], [0]], [[6], [0]], [10, 6]).shape == (2, 2)
    assert explain(0, 0, 0) == "cannot_pass"
    assert isinstance(explain(6, 6, 10), str)
    assert explain([], [], []).shape == (0,)


def test_a_wider_margin_calls_more_units_near() -> None:
    assert explain(17, 19, 22) == "needs_more_answers"
    assert explain(17, 19, 22, margin=0.1) == "near_bar"
    with pytest.raises(ValueError, match="margin=0"):
        explain(1, 2, 3, margin=0)
