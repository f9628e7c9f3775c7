import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.many.multiplicity import Adjustment, adjust

REFERENCES = Path(__file__).parents[2] / "references"
CASES = json.loads((REFERENCES / "differences_multiplicity.json").read_text("utf-8"))["cases"]
NAMES: dict[str, Adjustment] = {
    "BH": "bh", "BY": "by", "holm": "holm", "bonferroni": "bonferroni"
}  # fmt: skip
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=30)
methods = st.sampled_from(list(NAMES.values()))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("case", CASES["adjust"], ids=lambda case: f"m{case['m']}")
def test_reference(case: dict[str, list[float | None]], name: str) -> None:
    given_p, expected = (
        np.array([np.nan if v is None else v for v in case[key]]) for key in ("p", name)
    )
    assert adjust(given_p, NAMES[name]) == pytest.approx(expected, rel=1e-12, nan_ok=True)


@given(p_values, methods)
def test_adjusting_keeps_order_and_never_lowers(p: list[float], method: Adjustment) -> None:
    adjusted = adjust(p, method)
    assert np.all(adjusted >= np.array(p) * (1 - 1e-12))
    assert np.all(adjusted <= 1)
    assert np.all(np.diff(adjusted[np.argsort(p)]) >= 0)


@given(p_values, methods, st.integers(0, 2**32))
def test_order_of_the_tests_does_not_matter(p: list[float], method: Adjustment, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(p))
    shuffled = adjust(np.array(p)[order], method)
    assert shuffled == pytest.approx(adjust(p, method)[order], rel=1e-12)


@given(p_values, methods)
def test_tests_not_made_do_not_count(p: list[float], method: Adjustment) -> None:
    with_gap = adjust([np.nan, *p], method)
    assert np.isnan(with_gap[0])
    assert np.array_equal(with_gap[1:], adjust(p, method))


def test_nothing_tested() -> None:
    assert adjust([], "bh").size == 0
    assert np.isnan(adjust([np.nan], "holm")).all()


@pytest.mark.parametrize(
    ("p", "method", "message"),
    [
        ([0.1, 1.2], "bh", r"p\[1\]=1.2"),
        ([[0.1]], "bh", "one-dimensional"),
        ([0.1], "fdr", "method='fdr' is not one of bh, by, holm, bonferroni"),
    ],
)
def test_bad_arguments(p: list[float], method: Adjustment, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        adjust(p, method)
