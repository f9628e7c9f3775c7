"""The logit of dissatisfaction in the usual form: statsmodels' own result, and odds ratios."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from analysis.breakdown.contributions import Breakdown
from analysis.breakdown.imputation import barnard_rubin, fill_once
from analysis.breakdown.respondents import Dimensions, read_answers
from analysis.breakdown.shapley import dimension_scores
from analysis.breakdown.withholding import MIN_CLUSTERS

Floats = NDArray[np.float64]


class OddsRatios(NamedTuple):
    """Hold a logit's terms, intercept first; arrays of shape (D + 1,)."""

    coefficient: Floats
    standard_error: Floats
    odds_ratio: Floats
    low: Floats
    high: Floats
    p_value: Floats


def odds_ratios(result: Breakdown, level: float = 0.95) -> OddsRatios:
    """Give the odds ratios of a breakdown's logit for one point more of each dimension's score.

    Parameters
    ----------
    result : Breakdown
    level : float
        Confidence level of `low` and `high`.

    Returns
    -------
    OddsRatios
        NaN where the breakdown is withheld.

    Notes
    -----
    Standard errors are those of statsmodels for ``cov_type="cluster"`` (with fewer than 10
    clusters ``"HC0"``), with Student's t and the number of clusters less one for degrees of
    freedom (``use_t=True``); over several fills they are combined by Rubin's rules.

    Examples
    --------
    >>> import numpy as np
    >>> from analysis.breakdown.drivers import breakdown
    >>> rng = np.random.default_rng(1)
    >>> items = rng.integers(1, 6, size=(500, 2)) * 1.0
    >>> unhappy = rng.random(500) < 1 / (1 + np.exp(items[:, 0] - 3))
    >>> odds_ratios(breakdown(items, unhappy, dimensions=[0, 1])).odds_ratio.round(2).tolist()
    [12.43, 0.42, 0.98]
    """
    k, n = result.logit_coefficients.size, int(result.whole.n)
    clustered = result.n_clusters is not None and result.n_clusters >= MIN_CLUSTERS
    complete = result.n_clusters - 1 if clustered and result.n_clusters else n - k
    scale = (n - 1) / max(n - k if clustered else n, 1)
    between = np.diagonal(result.coefficient_between)
    variance = (np.diagonal(result.coefficient_covariance) - between) * scale + between
    error = np.where(np.isfinite(result.logit_coefficients), np.sqrt(variance), np.nan)
    freedom = barnard_rubin(variance, between, result.draws, float(complete))
    reach = stdtrit(freedom, (1 + level) / 2) * error
    return OddsRatios(
        result.logit_coefficients,
        error,
        np.exp(result.logit_coefficients),
        np.exp(result.logit_coefficients - reach),
        np.exp(result.logit_coefficients + reach),
        2 * stdtr(freedom, -np.abs(result.logit_coefficients / error)),
    )


def fit_model(
    items: ArrayLike,
    dissatisfied: ArrayLike,
    *,
    dimensions: Dimensions,
    clusters: ArrayLike | None = None,
    bounds: tuple[ArrayLike, ArrayLike] | None = None,
    weights: ArrayLike | None = None,
    keep_few: int = 1,
    counts: ArrayLike | None = None,
    calibration: ArrayLike | None = None,
) -> Any:
    """Fit the logit of a breakdown by statsmodels.

    Parameters
    ----------
    items, dissatisfied, dimensions, clusters, bounds, weights, keep_few, counts, calibration
        As for `analysis.drivers.breakdown_imputed`.

    Returns
    -------
    statsmodels.genmod.generalized_linear_model.GLMResultsWrapper
        Of an unpenalised GLM (Binomial) on the means of the dimensions' items, with covariance
        clustered by branch (HC0 with fewer than 10 clusters) and Student's t. Blanks are filled
        once, by conditional means.

    Notes
    -----
    It holds the answers of every person: neither pickle nor pass it on.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> items = rng.integers(1, 6, size=(500, 2)) * 1.0
    >>> unhappy = rng.random(500) < 1 / (1 + np.exp(items[:, 0] - 3))
    >>> fit_model(items, unhappy, dimensions={"care": 0, "rooms": 1}).params.round(3).to_dict()
    {'const': 2.52, 'care': -0.877, 'rooms': -0.019}
    """
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import SpecificationWarning

    answers = read_answers(
        items, dissatisfied, dimensions, clusters, weights, keep_few, counts, calibration
    )
    columns = tuple(answers.dimensions.values())
    scores, _ = dimension_scores(fill_once(answers, bounds), columns, 0.0)
    person = np.repeat(np.arange(len(scores)), answers.counts.astype(np.intp))
    design = pd.DataFrame(scores[person], columns=list(answers.dimensions))
    design.insert(0, "const", 1.0)
    outcome = pd.Series(answers.outcome[person], name="dissatisfied")
    w = None if answers.weights_of_one is None else answers.weights_of_one[person]
    model = GLM(outcome, design, family=Binomial(), var_weights=w)
    groups = None if answers.clusters is None else pd.factorize(answers.clusters[person])[0]
    with warnings.catch_warnings():
        # of a binomial family the sandwich is right under weights; the tests hold it to the sums
        warnings.simplefilter("ignore", SpecificationWarning)
        if groups is None or groups.max(initial=-1) + 1 < MIN_CLUSTERS:
            return model.fit(cov_type="HC0", use_t=True, tol=1e-12)
        return model.fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True, tol=1e-12)
