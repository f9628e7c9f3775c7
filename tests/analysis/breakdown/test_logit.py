"""The logistic fit against statsmodels, the reference figures and cases without a maximum."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.outliers_influence import variance_inflation_factor

from analysis.breakdown import logit

REFERENCES = Path(__file__).parents[2] / "references"
REFERENCE = json.loads((REFERENCES / "logit_cluster.json").read_text(encoding="utf-8"))
DATA = pd.read_csv(REFERENCES / "logit_cluster.csv")
SCORES = DATA[[f"x{d}" for d in range(1, 7)]].to_numpy()
OUTCOME = DATA["y"].to_numpy(float)


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: case["id"])
def test_coefficients_and_robust_errors(case):
    weights = DATA["w"].to_numpy() if case["id"] == "weighted" else np.ones(len(DATA))
    result = logit.fit(SCORES, OUTCOME, weights)
    assert result.converged
    assert not result.separated
    np.testing.assert_allclose(result.coefficients, case["coef"], atol=1e-8)
    assert result.log_likelihood == pytest.approx(case["loglik"], abs=1e-6)
    model = np.sqrt(np.diagonal(np.linalg.inv(result.hessian)))
    np.testing.assert_allclose(model, case["se_model"], rtol=1e-6)
    scores = logit.score_rows(SCORES, OUTCOME, weights, result.coefficients)
    groups = pd.factorize(DATA["branch"])[0]
    sums = np.array([np.bincount(groups, row) for row in scores])
    influence = np.linalg.solve(result.hessian, sums)
    robust = np.sqrt(np.diagonal(influence @ influence.T) * (sums.shape[1] / (sums.shape[1] - 1)))
    np.testing.assert_allclose(robust, case["se_CR1"], rtol=1e-6)


def test_variance_inflation():
    expected = REFERENCE["cases"][0]["vif"]
    np.testing.assert_allclose(logit.variance_inflation(SCORES), expected, rtol=1e-8)
    design = np.column_stack([np.ones(len(SCORES)), SCORES])
    peer = [variance_inflation_factor(design, column) for column in range(1, 7)]
    np.testing.assert_allclose(logit.variance_inflation(SCORES), peer, rtol=1e-9)


def test_variance_inflation_without_an_answer():
    assert np.isinf(logit.variance_inflation(np.ones((30, 2)))).all()
    assert np.isinf(logit.variance_inflation(np.repeat(np.arange(30.0)[:, None], 2, axis=1))).all()
    assert np.isinf(logit.variance_inflation(np.ones((1, 2)))).all()


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(80, 400),
    k=st.integers(1, 6),
    weighted=st.booleans(),
    scale=st.sampled_from([0.01, 1.0, 100.0]),
)
def test_equals_statsmodels(seed, n, k, weighted, scale):
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    rng = np.random.default_rng(seed)
    x = rng.normal(4, 1, (n, k))
    y = (rng.random(n) < logit.probability(-0.5 + (x - 4) @ rng.normal(0, 0.5, k))).astype(float)
    weights = rng.uniform(0.5, 3, n) if weighted else np.ones(n)
    result = logit.fit(x * scale, y, weights)
    design = np.column_stack([np.ones(n), x])
    peer = GLM(y, design, family=Binomial(), freq_weights=weights).fit(tol=1e-14, maxiter=100)
    unscaled = result.coefficients * np.append(1.0, np.full(k, scale))
    np.testing.assert_allclose(unscaled, peer.params, atol=1e-9, rtol=1e-9)


def test_separation_is_told_from_a_flat_likelihood():
    rng = np.random.default_rng(4)
    x = rng.integers(1, 6, (200, 2)).astype(float)
    whole = logit.fit(x, x[:, 0] <= 2)
    assert (whole.converged, whole.separated) == (False, True)
    assert np.isnan(whole.coefficients).all()
    x[:, 1] = x[:, 1] > 4
    partly = logit.fit(x, (x[:, 1] == 0) & (rng.random(200) < 0.5))
    assert (partly.converged, partly.separated) == (False, True)
    single = logit.fit(x, np.zeros(200))
    assert (single.converged, single.separated) == (False, False)
    constant = logit.fit(np.column_stack([x, np.full(200, 4.0)]), rng.random(200) < 0.5)
    assert (constant.converged, constant.separated) == (False, False)


def test_probability_does_not_overflow():
    result = logit.probability(np.array([-1000.0, 0.0, 1000.0]))
    assert result.tolist() == [0.0, 0.5, 1.0]


def test_start_from_a_sample_does_not_show():
    rng = np.random.default_rng(7)
    x = rng.normal(4, 1, (80_000, 2))
    y = (rng.random(80_000) < logit.probability(1 - x @ [0.5, 0.3])).astype(float)
    large = logit.fit(x, y)
    score = logit.score_rows(x, y, np.ones(80_000), large.coefficients).sum(axis=1)
    assert large.converged
    np.testing.assert_allclose(score, 0, atol=1e-6)
    rare = np.zeros(80_000)
    rare[1:1600:16] = 1  # the sample has no event
    assert logit.fit(x, rare).converged
