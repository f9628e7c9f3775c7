"""Split the rate of dissatisfaction by the dimensions it goes with, in the whole and by cluster.

**What was measured** (``tests/simulations/drivers_coverage.py``; 70 % of the members answer;
coverage of 95 % intervals where they are shown, the least and the mean over six dimensions; for
branches the least over dimensions and sizes 10–19, 20–49, 50 and more answers. 800 surveys a row
without blanks, standard error of one dimension's coverage .008; 60 to 300 with blanks, .01–.03).

========  =======  ======  ======  ============  ==============  ==================  =========
branches  members  blanks  bias ≤  whole         these branches  a branch's members  minus all
========  =======  ======  ======  ============  ==============  ==================  =========
4         400      0       .001    .964, .981    .991, .994      .973, .978          .987
6         400      0       .001    .932, .962    .976, .985      .963, .969          .982
9         400      0       .001    .929, .955    .972, .981      .952, .964          .977
12        400      0       .001    .938, .957    .969, .983      .965, .973          .983
20        400      0       .001    .935, .952    .959, .978      .954, .970          .981
4         8–300    0       .007    .979, .984    .969, .986      .957, .980          .986
6         8–300    0       .002    .953, .977    .984, .989      .971, .980          .988
9         8–300    0       .001    .939, .964    .968, .979      .962, .973          .981
12        8–300    0       .001    .945, .967    .979, .981      .966, .979          .985
20        8–300    0       .001    .934, .956    .968, .975      .964, .976          .983
6         8–300    10 %    .004    .990, .997    1.00, 1.00      .967, .993          .996
9         8–300    10 %    .004    .971, .988    .986, .990      .968, .984          .987
12        8–300    10 %    .003    .967, .982    .980, .986      .967, .984          .989
20        8–300    10 %    .001    .947, .966    .963, .979      .963, .979          .983
20        8–300    30 %    .001    .930, .965    .960, .982      .947, .978          .980
60        8–300    10 %    .001    .933, .956    .933, .967      .960, .981          .987
60        8–300    30 %    .002    .933, .967    .967, .981      .971, .984          .985
========  =======  ======  ======  ============  ==============  ==================  =========

The truth of the whole is that of an endless population of branches; beside it stands the
coverage of the members of the branches at hand. With few small branches (4 or 6 of 8–300) most
surveys have too few dissatisfied people or branches too unequal, so nothing or no interval is
shown: of 800 with 4 branches 400 had no breakdown and 304 no interval, with 6 branches 165 and
144, with 9 34 and 10; those left have more dissatisfied people than most, hence the bias. By
person, intervals of fewer than 10 branches cover .89–.90 of new branches, and .81 (.64 the least)
where branches have 400 members; by the influence formula with t of branches less one, .90–.91.

**Beside the peers** (``drivers_truth.py``; random worlds of six dimensions, two of which nothing
depends on; ``halo``: a mood that lifts all items and moves the log odds by so much; ``felt``: the
overall answer depends on what three rounded items measure with reliability .8, not on the items.
Null share: sum of the two over the sum of all, signed, each averaged over 1,500, 400 and 60
worlds, with its standard error.)

=======  =====  =============  =============  =============  ================
people   halo   null: ours     calibrated     null: LMG      in one survey, ±
=======  =====  =============  =============  =============  ================
1,000    0      .002 (.002)    -.157 (.003)   .120 (.001)    .078
4,000    0      -.001 (.002)   -.162 (.004)   .116 (.001)    .038
100,000  0      -.001 (.001)   -.152 (.006)   .115 (.001)    .007
1,000    .15    .023 (.002)    -.123 (.003)   .130 (.001)    .069
1,000    .2     .030 (.002)    -.112 (.003)   .133 (.001)    .068
4,000    .2     .029 (.002)    -.116 (.003)   .130 (.001)    .036
100,000  .2     .029 (.002)    -.107 (.004)   .130 (.001)    .014
4,000    .3     .041 (.002)    -.096 (.003)   .137 (.001)    .036
100,000  .3     .042 (.002)    -.087 (.003)   .137 (.001)    .018
1,000    felt   .110 (.002)    .004 (.003)    .179 (.001)    .090
100,000  felt   .104 (.003)    .001 (.002)    .173 (.001)    .027
=======  =====  =============  =============  =============  ================

So where people judge by their ratings null dimensions get nothing, at any number of people; that
their ratings go together does not matter. Where a mood moves the overall answer beyond the
ratings, null dimensions get up to 3 % as long as it moves the log odds by no more than .2 a
standard deviation, and more beyond. This is neither bias nor noise but the association itself,
the same among 100,000 people: such ratings do tell of the mood, and no method that sees only
ratings can know it from the dimension. Where people judge by what they feel, ratings measure it
with error and null dimensions get about a tenth; the scores corrected for it (`calibrated` in
`analysis.sensitivity`) give them nothing, but take from them where ratings are exact. Hence both
are reported.

======  ====  ==============================
people  halo  first right: ours / LMG / IPA
======  ====  ==============================
1,000   0     .76 / .61 / .65
1,000   .15   .73 / .56 / .71
4,000   0     .90 / .55 / .76
4,000   .15   .89 / .54 / .76
4,000   .3    .88 / .51 / .74
======  ====  ==============================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.breakdown import logit, shapley
from analysis.breakdown.combining import FIRST_DRAWS, combine, combine_items, draws_needed
from analysis.breakdown.contributions import Breakdown, ImputedBreakdown, Split
from analysis.breakdown.estimation import estimate, split_items, undefined
from analysis.breakdown.imputation import Imputation, impute
from analysis.breakdown.respondents import (
    Answers,
    Dimensions,
    Respondents,
    cluster_codes,
    read_answers,
    read_respondents,
)
from analysis.breakdown.slopes import Slopes, estimate_slopes
from analysis.breakdown.withholding import (
    cluster_withheld,
    hides_dimensions,
    hides_model,
    withholding,
)

Floats = NDArray[np.float64]
AnyBreakdown = TypeVar("AnyBreakdown", bound=Breakdown)


def breakdown(
    items: ArrayLike,
    dissatisfied: ArrayLike,
    *,
    dimensions: Dimensions,
    target: float = 4,
    clusters: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    overall: ArrayLike | None = None,
    slopes_vary: bool = False,
    coefficients: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    calibration: ArrayLike | None = None,
) -> Breakdown:
    """Split the rate of dissatisfaction by dimension with an exact Shapley value.

    Parameters
    ----------
    items : array_like, shape (n, k)
        Scores without blanks.
    dissatisfied : array_like of 0 and 1, shape (n,)
    dimensions : sequence or mapping
        For each of up to 15 dimensions the columns of its items, one or several: integers, a
        slice or a mask. A mapping gives names, a sequence is named by position.
    target : float
        Score to which items below it are raised; nobody is lowered.
    clusters : array_like, shape (n,), optional
        Branch of each respondent.
    weights : array_like, shape (n,), optional
    overall : array_like, shape (n,), optional
        The ordered overall answer, lower for everyone dissatisfied: where slopes are the same at
        all its cuts, those that are estimated borrow from it; see `analysis.breakdown.slopes`.
    slopes_vary : bool
        Whether each of 10 or more clusters has slopes of its own, as far as the data tell; see
        `analysis.breakdown.varying`. The whole keeps the common ones.
    coefficients : array_like, shape (D + 1,), optional
        Intercept and slopes taken as known instead of fitted.
    counts : array_like of int, shape (n,), optional
        People of each row, where rows are those of `analysis.patterns.response_patterns`: of any
        engine, or of chunks that were merged. `weights` are those of one person.
    calibration : array_like, shape (n,), optional
        Factors of `weights` in the whole and in the model, as of
        `analysis.weights.calibration.calibration_weights`. Clusters are split without them:
        what they are calibrated to is known of the whole.

    Returns
    -------
    Breakdown
        With NaN where the model has no maximum; ``status`` says what may be shown.

    Raises
    ------
    ValueError
        Where shapes, dimensions, weights or values do not fit.

    Notes
    -----
    The model is logit P(dissatisfied) = b0 + Σ b_d x_d with x_d the mean of the dimension's items.
    Weighted, it is fitted by the pseudo-likelihood, whose maximum estimates what a fit to everybody
    would give (Binder 1983; Pfeffermann 1993), so that the weighted mean probability is the
    weighted rate; an unweighted fit would hold that only if the model were true. With `overall`,
    contributions are those of slopes shrunk towards parallel ones, and all variances those of the
    logit alone: an interval about a James-Stein estimate, as wide as that about the unshrunk one,
    covers more often (Hwang and Casella 1982). v(S) is the weighted mean probability with the items
    of the dimensions in S raised to the target; the contribution of a dimension is its Shapley
    value in the fall v(∅) - v(S) (Shapley 1953). The covariance sums the clusters' influences
    (Liang and Zeger 1986): that of the coefficients by the delta method, and that of who answered.
    With fewer than 10 clusters it is by respondent. Intervals rest on leaving out one cluster at a
    time instead (CR3 of Bell and McCaffrey 2002), with the effective number of clusters less one
    for degrees of freedom (Carter, Schnepel and Steigerwald 2017), at most their number less two
    (Donald and Lang 2007).

    References
    ----------
    Binder, D. A. (1983), On the variances of asymptotically normal estimators from complex
    surveys, International Statistical Review 51, 279-292. Hwang, J. T. and Casella, G. (1982),
    Minimax confidence sets for the mean of a multivariate normal distribution, Annals of
    Statistics 10, 868-881. Pfeffermann, D. (1993), The role of sampling weights when modeling
    survey data, International Statistical Review 61, 317-337.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> items = rng.integers(1, 6, size=(500, 4))
    >>> unhappy = rng.random(500) < 1 / (1 + np.exp(items[:, 0] + items[:, 1] - 5.0))
    >>> result = breakdown(items, unhappy, dimensions={"care": [0, 1], "rooms": [2, 3]})
    >>> result.status, result.whole.contributions.round(3).tolist()
    ('full', [0.307, 0.001])
    >>> whole = result.whole
    >>> bool(abs(whole.floor_rate + whole.total + whole.residual - unhappy.mean()) < 1e-12)
    True
    """
    people = read_respondents(
        items, dissatisfied, dimensions, clusters, weights, overall, counts, calibration
    )
    scores, gaps = shapley.dimension_scores(people.items, people.dimensions, target)
    if coefficients is None:
        slopes = estimate_slopes(
            scores, people.outcome, people.weights, people.overall, people.counts
        )
        return _broken_down(people, scores, gaps, slopes.coefficients, slopes, target, slopes_vary)
    beta = np.asarray(coefficients, dtype=np.float64)
    if beta.shape != (scores.shape[1] + 1,):
        raise ValueError(
            f"coefficients must be intercept and {scores.shape[1]} slopes, not {beta.shape}"
        )
    return _broken_down(people, scores, gaps, beta, None, target, slopes_vary)


def _broken_down(
    people: Respondents,
    scores: Floats,
    gaps: Floats,
    beta: Floats,
    slopes: Slopes | None,
    target: float,
    slopes_vary: bool,
    completed: Callable[[], Floats] | None = None,
) -> Breakdown:
    """Break down by known coefficients, or by `slopes` that were estimated.

    Where `completed` makes the items anew, none are held.
    """
    w, y, d = people.weights, people.outcome, scores.shape[1]
    fitted = None if slopes is None else slopes.fitted
    vif = logit.variance_inflation(scores, people.counts)
    n_dissatisfied = int(people.counts @ y)
    events = min(n_dissatisfied, people.n - n_dissatisfied)
    n_at_target = int(people.counts[~gaps.any(axis=1)].sum())
    defined = w.sum() > 0 and (fitted is None or fitted.converged)
    estimates = (
        estimate(people, scores, gaps, beta, fitted, slopes_vary=slopes_vary)
        if defined
        else undefined(people)
    )
    verdict = withholding(
        n_events=events,
        is_ordered=slopes is not None and bool(np.isfinite(slopes.parallel).all()),
        converged=fitted is None or fitted.converged,
        separated=fitted is not None and fitted.separated,
        slopes=beta[1:] if fitted is None else fitted.coefficients[1:],
        vif=vif,
        n_clusters=people.n_clusters,
        degrees_of_freedom=estimates["degrees_of_freedom"],
        n_at_target=n_at_target,
    )
    if completed is None:
        completed = partial(getattr, people, "items")
    else:
        people = people._replace(items=np.empty((0, 0)))
    return Breakdown(
        dimensions=people.names,
        target=float(target),
        n_dissatisfied=n_dissatisfied,
        events=events,
        coefficients=beta,
        logit_coefficients=beta if fitted is None else fitted.coefficients,
        parallel_slopes=np.full(d, np.nan) if slopes is None else slopes.parallel,
        shrinkage=0.0 if slopes is None else slopes.shrinkage,
        p_parallel=np.nan if slopes is None else slopes.p_parallel,
        between=np.zeros((d, d)),
        coefficient_between=np.zeros((d + 1, d + 1)),
        draws=1,
        n_at_target=n_at_target,
        vif=vif,
        n_clusters=people.n_clusters,
        status=verdict.status,
        flags=verdict.flags,
        is_withheld=cluster_withheld(estimates["by_cluster"].n),
        split_items=partial(
            split_items, people, completed, target, beta, fitted, estimates["whole"]
        ),
        **estimates,
    )


def breakdown_imputed(
    items: ArrayLike,
    dissatisfied: ArrayLike,
    *,
    dimensions: Dimensions,
    target: float = 4,
    clusters: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    overall: ArrayLike | None = None,
    slopes_vary: bool = False,
    draws: int | None = None,
    seed: int,
    bounds: tuple[ArrayLike, ArrayLike] | None = None,
    keep_few: int = 1,
    counts: ArrayLike | None = None,
    calibration: ArrayLike | None = None,
) -> ImputedBreakdown:
    """Split the rate of dissatisfaction where items have blanks, and withhold what is not sure.

    Parameters
    ----------
    items : array_like, shape (n, k)
        NaN where blank.
    dissatisfied : array_like, shape (n,)
        0 or 1, NaN where the overall question was not answered.
    dimensions, target, clusters, weights, overall, slopes_vary, counts, calibration
        As for `breakdown`; clusters without blanks.
    draws : int, optional
        Imputations where more than 5 % of the cells are blank; by default as many as are needed,
        5 to 20 (see `analysis.breakdown.combining.draws_needed`).
    seed : int
    bounds : pair of array_like, optional
        Ends of the scale; by default the least and the greatest answer.
    keep_few : int
        People with too few items are used all the same where they number fewer than this in a
        cluster: a rate without them beside one with them would tell what they answered.

    Returns
    -------
    ImputedBreakdown
        Contributions are NaN where `withhold` says so.

    Notes
    -----
    Respondents are used who answered the overall question and at least a third of the items
    (6 of 18) that anybody answered. A dimension of which nobody answered an item, or whose items
    everybody answered alike, is left out and named; the others are broken down. Estimates are
    combined over the fills by Rubin's rules (1987), with the degrees of freedom of Barnard and
    Rubin (1999).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> items = rng.integers(1, 6, size=(500, 4)).astype(float)
    >>> unhappy = rng.random(500) < 1 / (1 + np.exp(items[:, 0] + items[:, 1] - 5.0))
    >>> items[rng.random(items.shape) < 0.1] = np.nan
    >>> result = breakdown_imputed(
    ...     items, unhappy, dimensions={"care": [0, 1], "rooms": [2, 3]}, seed=1
    ... )
    >>> result.status, result.imputation, result.n_used
    ('full', 'multiple', 497)
    """
    answers = read_answers(
        items, dissatisfied, dimensions, clusters, weights, keep_few, counts, calibration
    )
    return break_down(
        answers,
        target=target,
        overall=overall,
        slopes_vary=slopes_vary,
        draws=draws,
        seed=seed,
        bounds=bounds,
    )


def break_down(
    answers: Answers,
    *,
    target: float = 4,
    overall: ArrayLike | None = None,
    slopes_vary: bool = False,
    draws: int | None = None,
    seed: int,
    bounds: tuple[ArrayLike, ArrayLike] | None = None,
    once: Floats | None = None,
) -> ImputedBreakdown:
    """Break down answers that were read, `overall` being that of the rows given then.

    `once` are the items from `analysis.imputation.fill_once`, where blanks were filled so before.

    See `breakdown_imputed`.
    """
    y, columns = answers.outcome, answers.columns
    parts: Dimensions = answers.dimensions
    if columns.size:
        codes = None if answers.clusters is None else cluster_codes(answers.clusters, y.size)[0]
        filled = impute(
            answers.items[:, columns],
            y,
            draws=FIRST_DRAWS if draws is None else draws,
            seed=seed,
            clusters=codes,
            counts=answers.counts,
            bounds=bounds,
            once=None if once is None else once[:, columns],
        )
    else:  # no dimension with an answer that varies: constant scores, which fit no model
        parts = answers.asked
        filled = Imputation(np.empty((y.size, 0)), np.empty((1, 0)), "none", 0.0)
    completed = partial(_completed, filled, columns, answers.items.shape[1], float(target))
    people = read_respondents(
        completed(0),
        y,
        parts,
        answers.clusters,
        answers.weights,
        None if overall is None else np.asarray(overall)[answers.rows],
        answers.counts,
        answers.calibration,
    )
    first, near = _of_fill(people, completed, 0, None, target, slopes_vary)
    results = [first]

    def fill_up(filled: Imputation) -> None:
        made = partial(_completed, filled, columns, answers.items.shape[1], float(target))
        results.extend(
            _of_fill(people, made, number, near, target, slopes_vary)[0]
            for number in range(len(results), len(filled))
        )

    fill_up(filled)
    if draws is None and filled.method == "multiple":
        filled = filled.extended(draws_needed(results))
        fill_up(filled)
    return withhold(
        ImputedBreakdown(
            **combine(results),
            n_rows=answers.n_rows,
            n_used=int(answers.counts.sum()),
            n_dropped=answers.n_dropped,
            share_blank=filled.share_blank,
            imputation=filled.method,
            items_unanswered=answers.unanswered,
            left_out=answers.left_out,
            split_items=partial(combine_items, results),
        )
    )


def withhold(result: AnyBreakdown) -> AnyBreakdown:
    """Blank what must not be shown.

    Parameters
    ----------
    result : Breakdown

    Returns
    -------
    Breakdown
        The same with NaN for the contributions, slopes and items where the status is
        ``"none_…"`` or ``"sum_only_vif"``, for the rates by the model where it is ``"none_…"``,
        and for the contributions of clusters too small to show. Observed rates stay; so do, for
        ``"sum_only_vif"``, the floor, the sum and its interval. With the flag
        ``"no_intervals"`` all intervals are NaN, and no two dimensions are told apart.

    Examples
    --------
    >>> result = breakdown([[1.0], [5.0], [3.0]] * 9, [1, 0, 0] * 9, dimensions=[[0]])
    >>> withhold(result).status, withhold(result).whole.contributions
    ('none_too_few_events', array([nan]))
    """
    hides = partial(
        _hide,
        model=hides_model(result.status),
        intervals="no_intervals" in result.flags,
    )
    hidden = hides_dimensions(result.status)
    hidden_clusters = result.is_withheld | hidden
    changes: dict[str, Any] = {
        "whole": hides(result.whole, parts=np.asarray(hidden)),
        "by_cluster": hides(result.by_cluster, parts=hidden_clusters),
        "differences": hides(result.differences, parts=hidden_clusters),
        "split_items": lambda: hides(result.split_items(), parts=np.asarray(hidden)),
    }
    if hidden:
        for name in ("solo", "last", "coefficients", "logit_coefficients"):
            changes[name] = np.full_like(getattr(result, name), np.nan)
    if "no_intervals" in result.flags:
        changes["interval_covariance"] = result.interval_covariance * np.nan
    return replace(result, **changes)


def _hide(split: Split, *, parts: NDArray[np.bool_], model: bool, intervals: bool) -> Split:
    """Blank contributions of the units in `parts`, all the model says, and all intervals."""
    by_part = parts[..., None]
    return replace(
        split,
        predicted_rate=np.where(model, np.nan, split.predicted_rate),
        floor_rate=np.where(model, np.nan, split.floor_rate),
        contributions=np.where(by_part, np.nan, split.contributions),
        standard_errors=np.where(by_part | intervals, np.nan, split.standard_errors),
    )


def _of_fill(
    people: Respondents,
    completed: Callable[[int], Floats],
    number: int,
    near: Slopes | None,
    target: float,
    slopes_vary: bool,
) -> tuple[Breakdown, Slopes]:
    """Break down one fill of the blanks; give its slopes, from which other fills may start."""
    scores, gaps = shapley.dimension_scores(completed(number), people.dimensions, target)
    slopes = estimate_slopes(
        scores, people.outcome, people.weights, people.overall, people.counts, near
    )
    made = _broken_down(
        people,
        scores,
        gaps,
        slopes.coefficients,
        slopes,
        target,
        slopes_vary,
        partial(completed, number),
    )
    return made, slopes


def _completed(
    filled: Imputation, columns: NDArray[np.intp], n_items: int, target: float, number: int
) -> Floats:
    """Give the items with a fill of their blanks; columns of no dimension are constant."""
    part = filled.completed(number)
    if columns.size == n_items:
        return part
    items = np.full((len(part), n_items), target)
    items[:, columns] = part
    return items
