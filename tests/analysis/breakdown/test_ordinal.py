"""Proportional odds against statsmodels and against the logit it contains."""

import numpy as np
import pytest

from analysis.breakdown import logit
from analysis.breakdown.ordinal import fit_proportional_odds


def simulate(seed, n=600, cuts=(-1.0, 0.3, 1.5), d=3):
    rng = np.random.default_rng(seed)
    x = rng.normal(4, 1, (n, d))
    latent = (x - 4) @ np.linspace(0.2, 1.0, d) + rng.logistic(size=n)
    return x, 1.0 + np.searchsorted(cuts, latent)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_equals_statsmodels(seed):
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    x, answers = simulate(seed)
    result = fit_proportional_odds(x, answers)
    model = OrderedModel(answers.astype(int), x, distr="logit")
    peer = model.fit(method="bfgs", disp=0, gtol=1e-8, maxiter=500)
    assert result.converged
    np.testing.assert_allclose(-result.slopes, peer.params[:3], atol=1e-4)
    cuts = model.transform_threshold_params(peer.params)[1:-1]
    np.testing.assert_allclose(result.thresholds, cuts, atol=1e-3)
    assert result.log_likelihood == pytest.approx(peer.llf, abs=1e-5)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_statsmodels_finds_no_higher_likelihood_and_no_slope_there(seed):
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    x, answers = simulate(seed)
    result = fit_proportional_odds(x, answers)
    model = OrderedModel(answers.astype(int), x, distr="logit")
    cuts = np.append(result.thresholds[0], np.log(np.diff(result.thresholds)))
    there = np.concatenate([-result.slopes, cuts])
    assert model.loglike(there) == pytest.approx(result.log_likelihood, rel=1e-9)
    assert np.abs(model.score(there)).max() < 1e-4  # it differentiates numerically
    bse = np.sqrt(np.diagonal(np.linalg.inv(model.hessian(there) * -1)))[:3]
    ours = np.sqrt(np.diagonal(np.linalg.inv(result.hessian)))[3:]
    np.testing.assert_allclose(ours, bse, rtol=1e-4)


def test_two_levels_are_a_logit():
    x, answers = simulate(4, cuts=(0.2,))
    weights = np.random.default_rng(1).uniform(0.5, 2, len(x))
    ordinal = fit_proportional_odds(x, answers, weights)
    binary = logit.fit(x, answers == 1, weights)
    np.testing.assert_allclose(ordinal.slopes, binary.coefficients[1:], atol=1e-8)
    assert ordinal.thresholds[0] == pytest.approx(binary.coefficients[0], abs=1e-8)


def test_weights_count_rows():
    x, answers = simulate(5, n=200)
    count = np.random.default_rng(2).integers(1, 4, 200)
    weighted = fit_proportional_odds(x, answers, count)
    repeated = fit_proportional_odds(np.repeat(x, count, axis=0), np.repeat(answers, count))
    np.testing.assert_allclose(weighted.slopes, repeated.slopes, atol=1e-9)


def test_no_maximum():
    x, answers = simulate(6, n=100)
    assert not fit_proportional_odds(x, np.ones(100)).converged
    assert not fit_proportional_odds(np.ones((100, 2)), answers).converged
    assert not fit_proportional_odds(answers[:, None], answers).converged
    assert not fit_proportional_odds(np.empty((0, 2)), np.empty(0)).converged
