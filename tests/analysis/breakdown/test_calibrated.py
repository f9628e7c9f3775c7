"""A breakdown of calibrated answers against the same with each answer repeated, and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.breakdown import logit
from analysis.breakdown.drivers import Breakdown, breakdown, breakdown_imputed
from analysis.breakdown.regression import fit_model, odds_ratios

PARTS = {"care": [0, 1], "rooms": [2, 3], "food": [4, 5]}


def answers(seed: int, n: int = 600) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=n)
    items = np.clip(np.round(3.6 + 0.8 * mood[:, None] + rng.normal(size=(n, 6))), 1, 5)
    y = rng.random(n) < logit.probability(4 - 0.9 * items[:, :2].mean(1) - 0.6 * items[:, 3])
    return {"items": items, "dissatisfied": y * 1.0, "clusters": rng.integers(0, 15, n)}


def figures(made: Breakdown) -> np.ndarray:
    whole = made.whole
    rates = [whole.observed_rate, whole.predicted_rate, whole.floor_rate]
    return np.concatenate([rates, whole.contributions, made.items.contributions, made.coefficients])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_whole_factors_are_answers_repeated(seed: int) -> None:
    given_ = answers(seed)
    times = np.random.default_rng(seed).integers(1, 4, len(given_["items"]))
    got = breakdown(**given_, dimensions=PARTS, calibration=times)
    repeated = {name: np.repeat(values, times, axis=0) for name, values in given_.items()}
    np.testing.assert_allclose(
        figures(got), figures(breakdown(**repeated, dimensions=PARTS)), atol=1e-9
    )


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_parts_add_up_to_the_weighted_rate(seed: int) -> None:
    given_ = answers(seed)
    factors = np.random.default_rng(seed).uniform(0.3, 3, len(given_["items"]))
    made = breakdown(**given_, dimensions=PARTS, calibration=factors)
    whole = made.whole
    rate = factors @ given_["dissatisfied"] / factors.sum()
    assert whole.observed_rate == pytest.approx(rate)
    assert whole.floor_rate + whole.contributions.sum() == pytest.approx(rate, abs=1e-9)
    of_items = made.items.contributions.reshape(3, 2).sum(axis=1)
    np.testing.assert_allclose(of_items, whole.contributions, atol=1e-12)


def test_equal_factors_change_nothing() -> None:
    given_ = answers(3)
    plain = breakdown(**given_, dimensions=PARTS)
    made = breakdown(**given_, dimensions=PARTS, calibration=np.full(600, 7.0))
    np.testing.assert_allclose(figures(made), figures(plain), atol=1e-12)
    for one, other in ((made.whole, plain.whole), (made.by_cluster, plain.by_cluster)):
        np.testing.assert_allclose(one.standard_errors, other.standard_errors, rtol=1e-9)
        np.testing.assert_allclose(one.degrees_of_freedom, other.degrees_of_freedom)
    np.testing.assert_allclose(made.p_same_slopes, plain.p_same_slopes)


def test_intervals_are_those_of_weights() -> None:
    given_ = answers(4)
    factors = np.random.default_rng(4).uniform(0.5, 2, 600)
    made = breakdown(**given_, dimensions=PARTS, calibration=factors)
    weighted = breakdown(**given_, dimensions=PARTS, weights=factors)
    np.testing.assert_allclose(made.whole.standard_errors, weighted.whole.standard_errors)
    np.testing.assert_allclose(made.whole.degrees_of_freedom, weighted.whole.degrees_of_freedom)
    np.testing.assert_allclose(made.items.standard_errors, weighted.items.standard_errors)


def test_clusters_are_split_by_their_own_answers() -> None:
    given_ = answers(5)
    factors = np.random.default_rng(5).uniform(0.5, 2, 600)
    made = breakdown(**given_, dimensions=PARTS, calibration=factors)
    # the model is that of the calibrated whole, the people are counted alike
    alike = breakdown(**given_, dimensions=PARTS, coefficients=made.coefficients)
    for name in ("observed_rate", "predicted_rate", "floor_rate", "contributions"):
        np.testing.assert_allclose(
            getattr(made.by_cluster, name), getattr(alike.by_cluster, name), atol=1e-12
        )
    apart = made.by_cluster.contributions - made.whole.contributions
    np.testing.assert_allclose(made.differences.contributions, apart)


def test_the_scale_of_weights_is_no_evidence_of_slopes_that_differ() -> None:
    given_ = answers(6)
    one, many = (
        breakdown(**given_, dimensions=PARTS, weights=np.full(600, scale), slopes_vary=True)
        for scale in (1.0, 50.0)
    )
    assert many.p_same_slopes == pytest.approx(one.p_same_slopes)
    np.testing.assert_allclose(many.by_cluster.standard_errors, one.by_cluster.standard_errors)


def test_the_regression_is_that_of_statsmodels() -> None:
    given_ = answers(7, 1500)
    factors = np.random.default_rng(7).uniform(0.5, 2, 1500)
    model = fit_model(**given_, dimensions=PARTS, calibration=factors)
    ours = odds_ratios(breakdown(**given_, dimensions=PARTS, calibration=factors))
    np.testing.assert_allclose(model.params, ours.coefficient, atol=1e-9)
    np.testing.assert_allclose(model.bse, ours.standard_error, rtol=1e-6)
    # the sandwich by hand: sums of weighted scores of each cluster
    x = np.column_stack(
        [np.ones(1500), *(given_["items"][:, part].mean(axis=1) for part in PARTS.values())]
    )
    p = logit.probability(x @ model.params.to_numpy())
    bread = np.linalg.inv((x.T * (factors * p * (1 - p))) @ x)
    pull = x * (factors * (given_["dissatisfied"] - p))[:, None]
    sums = np.array([pull[given_["clusters"] == c].sum(axis=0) for c in range(15)])
    covariance = bread @ sums.T @ sums @ bread * 15 / 14 * 1499 / 1496
    np.testing.assert_allclose(model.bse, np.sqrt(np.diagonal(covariance)), rtol=1e-6)


def test_blanks_and_patterns_bear_their_factors() -> None:
    given_ = answers(8)
    rng = np.random.default_rng(8)
    given_["items"][rng.random((600, 6)) < 0.04] = np.nan
    factors = rng.integers(1, 4, 600) / 2.0
    made = breakdown_imputed(**given_, dimensions=PARTS, calibration=factors, seed=1)
    order = rng.permutation(600)
    turned = {name: values[order] for name, values in given_.items()}
    again = breakdown_imputed(**turned, dimensions=PARTS, calibration=factors[order], seed=1)
    np.testing.assert_allclose(figures(made), figures(again), atol=1e-9)
    used = np.count_nonzero(~np.isnan(given_["items"]), axis=1) >= 2
    rate = (factors * given_["dissatisfied"])[used].sum() / factors[used].sum()
    assert made.whole.observed_rate == pytest.approx(rate)


@pytest.mark.parametrize("factors", [np.full(600, -1.0), np.full(600, np.nan), np.ones(3)])
def test_impossible_factors_are_refused(factors: np.ndarray) -> None:
    with pytest.raises(ValueError, match="calibration"):
        breakdown(**answers(1), dimensions=PARTS, calibration=factors)
