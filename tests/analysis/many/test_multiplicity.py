import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.many.multiplicity import Adjustment, adjust, adjusted_verdicts
from analysis.proportions.verdicts import bar_count, judge

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


@given(p_values, methods, st.randoms(use_true_random=False))
def test_order_of_the_tests_does_not_matter(p: list[float], method: Adjustment, random) -> None:  # type: ignore[no-untyped-def]
    order = random.sample(range(len(p)), len(p))
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


def side_p_values(seed: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    N = rng.integers(8, 60, m)
    n = rng.integers(0, N + 1)
    judged = judge(rng.binomial(n, 0.9), n, N)
    return judged.p_meets, judged.p_below


@pytest.mark.parametrize("seed", range(5))
def test_adjusted_verdicts_equal_the_rule_over_both_sides(seed: int) -> None:
    # As proven in the docstring: 2m p-values at twice the level.
    p_meets, p_below = side_p_values(seed, 60)
    both = adjust(np.concatenate([p_meets, p_below]), "bh")
    judged = adjusted_verdicts(p_meets, p_below)
    assert np.array_equal(judged.verdict == "meets", both[:60] <= 0.1 * (1 + 1e-9))
    assert np.array_equal(judged.verdict == "below", both[60:] <= 0.1 * (1 + 1e-9))


@pytest.mark.parametrize("method", ["bh", "holm"])
def test_adjusted_verdicts_never_contradict_or_add_to_the_plain_ones(method) -> None:  # type: ignore[no-untyped-def]
    p_meets, p_below = side_p_values(9, 200)
    plain = np.where(p_meets <= 0.05, "meets", np.where(p_below <= 0.05, "below", "inconclusive"))
    adjusted = adjusted_verdicts(p_meets, p_below, method=method).verdict
    assert np.all((adjusted == plain) | (adjusted == "inconclusive"))
    assert 0 < np.sum(adjusted != "inconclusive") < np.sum(plain != "inconclusive")


def test_a_single_unit_keeps_its_tie() -> None:
    judged = judge([12], [12], [16])
    assert adjusted_verdicts(judged.p_meets, judged.p_below).verdict == ["meets"]


def test_few_adjusted_verdicts_are_wrong() -> None:
    # Every unit lies on the bar or one person short of it, where errors are likeliest.
    rng = np.random.default_rng(2)
    share_wrong, any_wrong = [], []
    for _ in range(400):
        N = rng.integers(8, 60, 40)
        n = rng.integers(N // 2, N + 1)
        K = bar_count(N) - rng.integers(0, 2, 40)
        judged = judge(rng.hypergeometric(K, N - K, n), n, N)
        truth = np.where(bar_count(N) <= K, "meets", "below")
        for method, record in (("bh", share_wrong), ("holm", any_wrong)):
            verdict = adjusted_verdicts(judged.p_meets, judged.p_below, method=method).verdict  # type: ignore[arg-type]
            given_ones = verdict != "inconclusive"
            wrong = np.sum(given_ones & (verdict != truth))
            record.append(wrong / max(given_ones.sum(), 1) if method == "bh" else wrong > 0)
    assert np.mean(share_wrong) <= 0.05
    assert np.mean(any_wrong) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 400)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([0.1], [0.9]), {"method": "by"}, "method='by' is not one of bh, holm"),
        (([0.1], [0.9]), {"alpha": 0.5}, "alpha=0.5"),
        (([0.1], [0.9, 1.0]), {}, "p_meets has shape"),
        (([1.1], [1.2]), {}, r"p\[0\]=1.1"),
    ],
)
def test_bad_side_p_values(arguments, options, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        adjusted_verdicts(*arguments, **options)
