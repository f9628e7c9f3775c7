"""The breakdown of dissatisfaction by dimension, labelled with the questionnaire's titles."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.breakdown import relative_importance
from analysis.breakdown.contributions import Breakdown, ImputedBreakdown
from analysis.breakdown.drivers import break_down
from analysis.breakdown.imputation import fill_once
from analysis.breakdown.regression import OddsRatios, fit_model, odds_ratios
from analysis.breakdown.respondents import Answers, read_answers
from analysis.breakdown.sensitivity import Variant, sensitivity
from analysis.breakdown.shapley import dimension_scores
from analysis.breakdown.varying import same_items, same_slopes
from analysis.counts.patterns import response_patterns
from analysis.weights.calibration import calibration_weights
from questionnaires import Questionnaire
from survey.errors import UsageError
from survey.results import Drivers, DriversSummary


class Known(NamedTuple):
    """What is known of everybody on the roster, to which the breakdown of all is weighted."""

    population: pd.Series[int]
    """People of every role, by its id."""
    rate: float
    """Share of everybody who is satisfied, as estimated, or as it is published."""


def drivers(
    people: pd.DataFrame,
    scores: pd.DataFrame,
    questionnaire: Questionnaire,
    *,
    strict: pd.Series[bool] | None,
    weights: pd.Series[float] | None = None,
    known: Known | None = None,
    level: float,
    seed: int,
    min_cell: int,
) -> Drivers:
    """Break the rate of dissatisfaction down for everyone and every branch.

    `strict` tells the rows that a strict screening keeps; None where these are all. Branches with
    fewer than `min_cell` respondents are withheld; where fewer people of a branch gave too few
    items for the breakdown, they are in it all the same, lest two rates tell what they answered. A
    breakdown that must not be shown has missing contributions and a status that says why; items
    that do not share one scale raise a `UsageError`.

    With `known`, each answer of a role stands for as many of its people, and the whole adds up to
    the known rate (`analysis.calibration.calibration_weights`). Branches are split by their own
    answers alone: beside their numbers a weighted rate would tell how each role answered.
    """
    target, ladder = _scale(questionnaire)
    rows = _patterns(people, scores, questionnaire, strict, weights)
    overall = rows["overall"]
    satisfied = overall.isin(questionnaire.overall.scale.satisfied_scores)
    dissatisfied = (~satisfied).astype("float64").where(overall.notna())
    ids = list(questionnaire.item_ids)
    given: _Given = {
        "items": rows[[_column(item) for item in ids]].to_numpy(),
        "dissatisfied": np.asarray(dissatisfied, dtype=np.float64),
        "dimensions": {
            name: [ids.index(item) for item in items]
            for name, items in questionnaire.dimension_items.items()
        },
        "clusters": rows["branch"].to_numpy(),
        "weights": None if weights is None else rows["weight"].to_numpy(),
        "keep_few": min_cell,
        "counts": rows["n"].to_numpy(),
        "calibration": None,
    }
    answers = read_answers(**given)
    if known is not None and answers.rows.size:
        calibration = _calibration(answers, rows["role"], known)
        given["calibration"] = calibration
        answers = answers._replace(calibration=calibration[answers.rows])
    bounds = (ladder[0], ladder[-1])
    filled = fill_once(answers, bounds)
    result = break_down(
        answers,
        bounds=bounds,
        once=filled,
        target=target,
        overall=overall.to_numpy() if _is_ordered(overall, satisfied) else None,
        slopes_vary=True,
        seed=seed,
    )
    variants = sensitivity(
        result,
        answers,
        filled,
        other_target=_other_target(target, ladder),
        strict=None if strict is None else rows["strict"].to_numpy(),
    )
    named = pd.DataFrame(
        [(d.id, d.title, d.title_en or d.title) for d in questionnaire.dimensions],
        columns=["dimension", "title", "title_en"],
    )
    is_left_out = named["dimension"].isin(list(result.left_out))
    left_out = named[is_left_out]
    # Where nothing varies, all are there without a figure.
    titles = named if is_left_out.all() else named[~is_left_out].reset_index(drop=True)
    whole = result.whole
    together = result.total_interval(level)
    return Drivers(
        frame=_frame(result, variants, titles, level),
        branches=_branches(result, titles, level, min_cell),
        branch_totals=_totals(result, min_cell),
        items=_items(result, questionnaire, level),
        diagnostics=_diagnostics(result, variants, titles, seed).assign(
            p_same_items=_same_items(result, answers, filled)
        ),
        companions=_companions(rows, dissatisfied, questionnaire, titles),
        regression=_regression(result, titles, level),
        left_out=left_out.assign(reason=left_out["dimension"].map(dict(result.left_out))),
        fit_model=partial(fit_model, **given, bounds=bounds),
        summary=DriversSummary(
            observed_rate=float(whole.observed_rate),
            predicted_rate=float(whole.predicted_rate),
            floor_rate=float(whole.floor_rate),
            residual=float(whole.residual),
            total_low=together.low.item(),
            total_high=together.high.item(),
            n_used=result.n_used,
            n_dissatisfied=result.n_dissatisfied,
            n_satisfied=result.n_used - result.n_dissatisfied,
            n_branches=len(result.labels),
            dropped=dict(result.n_dropped),
            share_blank=result.share_blank,
            imputation=result.imputation,
            estimator=_estimator(weights, known),
            n_full=result.n_at_target,
            shrinkage=result.shrinkage,
            p_parallel=result.p_parallel,
            slope_variance=result.slope_variance,
            p_same_slopes=result.p_same_slopes,
            p_same_roles=_same_roles(result, answers, filled, rows["role"]),
        ),
        status=result.status,
        flags=tuple(result.flags),
        order=_order(result, level),
        sensitivity=_sensitivity(variants, result.dimensions),
        target=target,
        level=level,
    )


class _Given(TypedDict):
    """The answers, as every analysis of them takes them."""

    items: NDArray[np.float64]
    dissatisfied: NDArray[np.float64]
    dimensions: dict[str, list[int]]
    clusters: NDArray[Any]
    weights: NDArray[np.float64] | None
    keep_few: int
    counts: NDArray[np.int64]
    calibration: NDArray[np.float64] | None


def _patterns(
    people: pd.DataFrame,
    scores: pd.DataFrame,
    questionnaire: Questionnaire,
    strict: pd.Series[bool] | None,
    weights: pd.Series[float] | None,
) -> pd.DataFrame:
    """Count people who are and answered alike, in the canonical order of their answers."""
    apart = people[["branch", "role"]]
    if strict is not None:
        apart = apart.assign(strict=strict)
    if weights is not None:
        apart = apart.assign(weight=weights)
    answers = scores[["overall", *questionnaire.item_ids]]
    answers = answers.set_axis(["overall", *map(_column, questionnaire.item_ids)], axis=1)
    rows = pd.concat([apart, answers], axis=1)
    return response_patterns(rows, [*map(str, answers)], by=[*map(str, apart)])


def _estimator(weights: pd.Series[float] | None, known: Known | None) -> str:
    """Name the weights of the whole by their code."""
    if weights is not None:
        return "weighted"
    return "unweighted" if known is None else "poststratified"


def _calibration(answers: Answers, role: pd.Series[str], known: Known) -> NDArray[np.float64]:
    """Weigh every row by what is known of everybody, the people that are used having mean 1."""
    codes = known.population.index.get_indexer(pd.Index(role))
    given = np.ones(len(codes))
    given[answers.rows] = calibration_weights(
        codes[answers.rows],
        answers.outcome,
        known.population.to_numpy(),
        1 - known.rate,
        counts=answers.counts,
    )
    return given


def _column(item: str) -> str:
    """Name the column of an item, apart from all others."""
    return f"item {item}"


def _is_ordered(overall: pd.Series[float], satisfied: pd.Series[bool]) -> bool:
    """Tell whether every satisfied answer scores higher than every other one."""
    others = overall[~satisfied & overall.notna()]
    return bool(others.max() < overall[satisfied].min()) if len(others) else True


def _same_roles(
    result: ImputedBreakdown, answers: Answers, filled: NDArray[np.float64], role: pd.Series[str]
) -> float:
    """Test whether people of all roles have the same slopes; NaN for one role or no breakdown."""
    codes, _ = pd.factorize(role[answers.rows])
    known = codes >= 0
    if not np.isfinite(result.coefficients).all() or not known.any():
        return np.nan
    columns = tuple(answers.dimensions.values())
    scores, _ = dimension_scores(filled[known], columns, result.target)
    outcome = answers.outcome[known]
    counts = answers.counts[known]
    return same_slopes(scores, outcome, counts, result.coefficients, codes[known])


def _same_items(
    result: ImputedBreakdown, answers: Answers, filled: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Test of every dimension whether its items weigh alike; NaN without a breakdown."""
    if not np.isfinite(result.coefficients).all():
        return np.full(len(result.dimensions), np.nan)
    columns = tuple(answers.dimensions.values())
    return same_items(filled, answers.outcome, answers.counts, result.coefficients, columns)


def _scale(questionnaire: Questionnaire) -> tuple[float, list[float]]:
    """Give the target and the scores of the one scale that all items share, in their order."""
    ladders = {
        (item.scale.target, *sorted(float(rung.score or 0) for rung in item.scale.valid_levels))
        for item in questionnaire.items
    }
    if len(ladders) != 1:
        raise UsageError(
            zh="各维度的题目量表不同，不能一起分解。",
            en="The items of the dimensions are on different scales: no common breakdown.",
        )
    target, *ladder = ladders.pop()
    return target, ladder


def _other_target(target: float, ladder: list[float]) -> float:
    """Give the level above the target, or the one below the top."""
    above = [score for score in ladder if score > target]
    return above[0] if above else ladder[-2]


def _sensitivity(variants: Sequence[Variant], dimensions: Sequence[str]) -> pd.DataFrame:
    """Say of every variant whether it orders the dimensions as the breakdown does."""
    rows = [
        (
            variant.name,
            variant.same_first,
            variant.same_order,
            "; ".join(f"{dimensions[i]} > {dimensions[j]}" for i, j in variant.reversed_pairs),
        )
        for variant in variants
    ]
    return pd.DataFrame(rows, columns=["variant", "same_first", "same_order", "reversed"])


def _of(variants: Sequence[Variant], name: str) -> NDArray[np.float64] | float:
    """Give the contributions of one variant, NaN where there is none."""
    return next((one.contributions for one in variants if one.name == name), np.nan)


def _frame(
    result: ImputedBreakdown, variants: Sequence[Variant], titles: pd.DataFrame, level: float
) -> pd.DataFrame:
    interval = result.whole.interval(level)
    moved = _of(variants, "blanks") - result.whole.contributions
    return titles.assign(
        contribution=result.whole.contributions,
        low=interval.low,
        high=interval.high,
        low_blanks=interval.low + np.minimum(moved, 0),
        high_blanks=interval.high + np.maximum(moved, 0),
        solo=result.solo,
        last=result.last,
        share=_share(result.whole.contributions, float(result.whole.observed_rate)),
        slope=result.coefficients[1:],
        distinguishable=(interval.low > 0) | (interval.high < 0),
    )


def _diagnostics(
    result: ImputedBreakdown, variants: Sequence[Variant], titles: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Say of every dimension how well the model knows it."""
    variances = np.diagonal(result.coefficient_covariance)[1:]
    return titles.assign(
        slope=result.coefficients[1:],
        slope_standard_error=np.sqrt(np.maximum(variances, 0.0)),
        vif=result.vif,
        probability_first=result.probability_first(seed),
        calibrated=_of(variants, "calibrated"),
    )


def _regression(result: ImputedBreakdown, titles: pd.DataFrame, level: float) -> pd.DataFrame:
    """Give the logit's terms in the usual form, the constant first."""
    constant = pd.DataFrame([("const", "常数项", "Constant")], columns=titles.columns)
    terms = pd.concat([constant, titles], ignore_index=True).rename(columns={"dimension": "term"})
    if titles.empty:  # every dimension is left out
        return terms.assign(**dict.fromkeys(OddsRatios._fields, np.nan))
    return terms.assign(**odds_ratios(result, level)._asdict())


def _companions(
    rows: pd.DataFrame,
    dissatisfied: pd.Series[float],
    questionnaire: Questionnaire,
    titles: pd.DataFrame,
) -> pd.DataFrame:
    """Give what other tools would: shares of explained variance, importance and performance.

    They use the people who answered everything, as those tools do.
    """
    means = pd.DataFrame(
        {
            name: rows[[*map(_column, questionnaire.dimension_items[name])]].mean(
                axis=1, skipna=False
            )
            for name in titles["dimension"]
        }
    )
    if means.empty:
        return pd.DataFrame()
    complete = means.notna().all(axis=1) & dissatisfied.notna()
    person = np.repeat(np.flatnonzero(complete), rows.loc[complete, "n"])
    x, y = means.to_numpy()[person], dissatisfied.to_numpy()[person]
    if len(y) <= x.shape[1] + 1 or (np.ptp(x, axis=0) == 0).any() or np.ptp(y) == 0:
        return pd.DataFrame()
    placed = relative_importance.importance_performance(x, y)
    return titles.assign(
        lmg=relative_importance.lmg(x, y),
        relative_weight=relative_importance.relative_weights(x, y),
        importance=placed.importance,
        performance=placed.performance,
        quadrant=placed.quadrant,
        n=len(y),
    )


def _share(part: np.ndarray, whole: float) -> np.ndarray:
    return part / whole if whole > 0 else np.full(len(part), np.nan)


def _branches(
    result: ImputedBreakdown, titles: pd.DataFrame, level: float, min_cell: int
) -> pd.DataFrame:
    interval = result.by_cluster.interval(level)
    around = result.differences.interval(level)
    n_branches, n_dimensions = result.by_cluster.contributions.shape
    hidden = result.is_withheld | (result.by_cluster.n < min_cell)
    frame = pd.DataFrame(
        {
            "branch": np.repeat(result.labels.astype(object), n_dimensions),
            **{
                name: np.tile(titles[name].to_numpy(), n_branches)
                for name in ("dimension", "title", "title_en")
            },
            "contribution": result.by_cluster.contributions.ravel(),
            "low": interval.low.ravel(),
            "high": interval.high.ravel(),
            "university": np.tile(result.whole.contributions, n_branches),
            "difference": result.differences.contributions.ravel(),
            "difference_low": around.low.ravel(),
            "difference_high": around.high.ravel(),
            "withheld": np.repeat(hidden, n_dimensions),
        }
    )
    figures = ["contribution", "low", "high", "difference", "difference_low", "difference_high"]
    frame.loc[frame["withheld"], figures] = np.nan
    return frame


def _totals(result: ImputedBreakdown, min_cell: int) -> pd.DataFrame:
    split = result.by_cluster
    frame = pd.DataFrame(
        {
            "branch": result.labels.astype(object),
            "n": split.n,
            "observed_rate": split.observed_rate,
            "predicted_rate": split.predicted_rate,
            "floor_rate": split.floor_rate,
            "residual": split.residual,
            "withheld": result.is_withheld | (split.n < min_cell),
        }
    )
    figures = ["observed_rate", "predicted_rate", "floor_rate", "residual"]
    frame.loc[frame["withheld"], figures] = np.nan
    return frame


def _items(result: ImputedBreakdown, questionnaire: Questionnaire, level: float) -> pd.DataFrame:
    interval = result.items.interval(level)
    titles = questionnaire.item_titles
    names = [
        (item, *titles[item], dimension)
        for dimension, items in questionnaire.dimension_items.items()
        for item in items
    ]
    frame = pd.DataFrame(names, columns=["item", "title", "title_en", "dimension"])
    frame = frame.assign(
        contribution=result.items.contributions, low=interval.low, high=interval.high
    )
    return frame[frame["dimension"].isin(result.dimensions)].reset_index(drop=True)


def _order(result: Breakdown, level: float) -> pd.DataFrame:
    """List the pairs that may be ordered, the larger one first."""
    rows = []
    for one, other in np.argwhere(result.distinguishable(level)):
        estimate, low, high = result.difference(int(one), int(other), level=level)
        if estimate > 0:
            rows.append((result.dimensions[one], result.dimensions[other], estimate, low, high))
    return pd.DataFrame(rows, columns=["first", "second", "difference", "low", "high"])
