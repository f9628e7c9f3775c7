"""Slopes that vary: the tests' levels, the two ends, and what a breakdown does with them."""

import numpy as np
import pytest
from scipy.stats import chi2, kstest
from statsmodels.stats.multitest import multipletests

from analysis.breakdown import logit
from analysis.breakdown.drivers import breakdown
from analysis.breakdown.shapley import Segments
from analysis.breakdown.varying import same_items, same_slopes, varying_slopes

D = 3


def drawn(seed, vary, branches=30, size=60):
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(branches), size)
    x = np.clip(np.round(4 + rng.normal(0, 0.9, (codes.size, D))), 1, 5)
    slopes = np.array([-1.2, -0.8, -0.4]) * (1 + vary * rng.normal(size=(branches, D)))
    eta = np.sum((x - 4) * slopes[codes], axis=1) - 1.5 + 0.4 * rng.normal(size=branches)[codes]
    return x, (rng.random(codes.size) < logit.probability(eta)) * 1.0, codes, slopes


def found(seed, vary):
    x, y, codes, slopes = drawn(seed, vary)
    beta = logit.fit(x, y).coefficients
    return varying_slopes(x, y, np.ones(y.size), beta, Segments(codes, 30)), beta, slopes


def test_level_and_power():
    """Levels of branches differ in all of these surveys: only slopes count."""
    same = [found(seed, 0.0)[0] for seed in range(150)]
    assert np.mean([one.p_value < 0.05 for one in same]) < 0.1
    differ = [found(seed, 0.8)[0] for seed in range(20)]
    assert np.mean([one.p_value < 0.05 for one in differ]) > 0.8
    middle = np.median([one.relative_variance for one in differ])
    assert 0.25 < middle < 1.0
    assert np.median([one.relative_variance for one in same]) < 0.1


def test_own_slopes_are_nearer_to_the_truth():
    own = common = 0.0
    for seed in range(20):
        result, beta, slopes = found(seed, 0.8)
        own += np.sum((beta[1:] + result.shifts - slopes) ** 2)
        common += np.sum((beta[1:] - slopes) ** 2)
    assert own < 0.75 * common


def test_the_test_of_roles_keeps_its_level_and_finds_a_difference():
    p = []
    for seed in range(200):
        x, y, _, _ = drawn(seed, 0.0)
        groups = np.random.default_rng(seed).integers(0, 2, y.size)
        p.append(same_slopes(x, y, np.ones(y.size), logit.fit(x, y).coefficients, groups))
    assert kstest(p, "uniform").pvalue > 0.001
    x, y, _, _ = drawn(1, 0.0)
    groups = np.random.default_rng(1).integers(0, 2, y.size)
    turned = np.where(groups[:, None] == 1, x[:, ::-1], x)
    beta = logit.fit(turned, y).coefficients
    assert same_slopes(turned, y, np.ones(y.size), beta, groups) < 0.001
    assert np.isnan(same_slopes(x, y, np.ones(y.size), beta, groups * 0))


def test_a_breakdown_with_own_slopes_adds_up_and_leaves_the_whole_alone():
    x, y, codes, _ = drawn(2, 0.8)
    given = {"dimensions": list(range(D)), "clusters": codes}
    own, common = (breakdown(x, y, slopes_vary=vary, **given) for vary in (True, False))
    np.testing.assert_array_equal(own.whole.contributions, common.whole.contributions)
    np.testing.assert_array_equal(own.interval_covariance, common.interval_covariance)
    assert (own.by_cluster.standard_errors > common.by_cluster.standard_errors).all()
    parts = (
        own.by_cluster.floor_rate
        + own.by_cluster.contributions.sum(axis=1)
        + own.by_cluster.residual
    )
    np.testing.assert_allclose(parts, own.by_cluster.observed_rate, atol=1e-12)
    assert np.abs(own.by_cluster.contributions - common.by_cluster.contributions).max() > 0.005
    assert own.p_same_slopes < 0.01
    assert np.isnan(common.p_same_slopes)


def test_few_branches_share_their_slopes():
    x, y, codes, _ = drawn(3, 0.8)
    one = breakdown(x, y, slopes_vary=True, dimensions=list(range(D)), clusters=codes % 9)
    assert np.isnan(one.p_same_slopes)


@pytest.mark.filterwarnings("error")
def test_a_branch_without_weight_or_with_one_person_does_no_harm():
    x, y, codes, _ = drawn(4, 0.8)
    weights = np.where(codes == 3, 0.0, 1.0)
    keep = (codes != 5) | (np.cumsum(codes == 5) == 1)
    given = {"dimensions": list(range(D)), "slopes_vary": True}
    one = breakdown(x[keep], y[keep], weights=weights[keep], clusters=codes[keep], **given)
    assert np.isfinite(one.whole.contributions).all()
    others = np.delete(np.arange(30), 3)
    assert np.isfinite(one.by_cluster.contributions[others]).all()
    assert np.isnan(one.by_cluster.contributions[3]).all()


def test_items_that_weigh_alike_and_one_that_carries_its_dimension():
    parts = [np.arange(3), np.arange(3, 6), np.array([6])]
    found = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        items = np.clip(
            np.round(4 + rng.normal(0, 0.6, (600, 1)) + rng.normal(0, 1, (600, 7))), 1, 5
        )
        means = np.column_stack([items[:, part].mean(axis=1) for part in parts])
        y = (rng.random(600) < logit.probability(6 - means @ [1.0, 0.6, 0.3])) * 1.0
        found.append(same_items(items, y, np.ones(len(y)), logit.fit(means, y).coefficients, parts))
    p = np.array(found)
    assert np.isnan(p[:, 2]).all()
    assert np.mean(p[:, :2].min(axis=1) < 0.05) < 0.1
    y = (rng.random(600) < logit.probability(5 - items[:, 0] - 0.6 * means[:, 1])) * 1.0
    one = same_items(items, y, np.ones(len(y)), logit.fit(means, y).coefficients, parts)
    assert one[0] < 0.001
    assert one[1] > 0.01


def test_the_test_of_items_equals_the_likelihood_ratio_of_statsmodels():
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    rng = np.random.default_rng(1)
    items = rng.normal(4, 1, (4000, 5))
    parts = [np.arange(3), np.arange(3, 5)]
    means = np.column_stack([items[:, part].mean(axis=1) for part in parts])
    y = (rng.random(4000) < logit.probability(4 - means @ [0.8, 0.4])) * 1.0
    design = np.column_stack([np.ones(4000), means])
    small = GLM(y, design, family=Binomial()).fit()
    ratios = []
    for part in parts:
        large = GLM(y, np.column_stack([design, items[:, part[1:]]]), family=Binomial()).fit()
        ratios.append(chi2.sf(2 * (large.llf - small.llf), part.size - 1))
    p = same_items(items, y, np.ones(len(y)), np.asarray(small.params), parts)
    np.testing.assert_allclose(p, multipletests(ratios, method="holm")[1], rtol=0.03)
