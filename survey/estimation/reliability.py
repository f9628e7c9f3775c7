"""Reliability of the dimensions and of the whole instrument."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis import reliability as statistics
from analysis.counts.patterns import response_patterns
from analysis.instrument.reversed_items import items_against
from questionnaires import Questionnaire
from survey.results import Reliability

MIN_COMPLETE = 10
COLUMNS = (
    *("dimension", "title", "title_en", "n_items", "n_used", "alpha", "low", "high", "flagged"),
    *("omega", "omega_low", "omega_high", "n_against"),
)


def reliability(scores: pd.DataFrame, questionnaire: Questionnaire, *, level: float) -> Reliability:
    """Compute alpha, omega and the item statistics on complete answers.

    Without figures where no dimension has two items or fewer than 10 people answered all.
    """
    sets = [
        (dimension.id, dimension.title, dimension.title_en, [item.id for item in dimension.items])
        for dimension in questionnaire.dimensions
    ]
    sets.append(("all", "全部指标", "All items", list(questionnaire.item_ids)))
    sets = [entry for entry in sets if len(entry[3]) >= 2]
    ids = list(questionnaire.item_ids)
    columns = [f"item {item}" for item in ids]
    patterns = response_patterns(scores[ids].set_axis(columns, axis=1), columns, by=[])
    n = patterns.pop("n")
    everything = patterns.set_axis(ids, axis=1)
    complete = everything.dropna()
    complete = complete.loc[:, complete.nunique() > 1]
    people = n[complete.index]
    if not sets or people.sum() < MIN_COMPLETE or complete.shape[1] < 2:
        return _none(level)
    values = complete.to_numpy()
    against = items_against(values, counts=people)
    reversed_items = complete.columns[against.named]
    rows, item_rows = [], []
    for key, title, title_en, ids in sets:
        answered = everything[ids].dropna()
        counts = n[answered.index].to_numpy()
        if counts.sum() < MIN_COMPLETE or (answered.nunique() < 2).any():
            continue
        titles = {"dimension": key, "title": title, "title_en": title_en or title}
        n_against = {"n_against": int(np.isin(ids, reversed_items).sum())}
        rows.append(titles | _coefficients(answered.to_numpy(), counts, level) | n_against)
        if key != "all":
            item_rows.append(_items(questionnaire, key, everything[ids], n, reversed_items))
    if not rows:
        return _none(level)
    return Reliability(
        frame=pd.DataFrame(rows),
        items=pd.concat(item_rows, ignore_index=True) if item_rows else pd.DataFrame(),
        against_is_clear=against.is_clear,
        kmo=float(statistics.kmo(values, people).overall),
        bartlett_p=float(statistics.bartlett_sphericity(values, people).p_value),
        level=level,
    )


def _none(level: float) -> Reliability:
    nothing, missing = pd.DataFrame(columns=COLUMNS), math.nan
    return Reliability(
        nothing, pd.DataFrame(), False, missing, missing, level, status="none_too_few_answers"
    )


def _coefficients(answers: np.ndarray, counts: np.ndarray, level: float) -> dict[str, float | bool]:
    alpha = statistics.cronbach_alpha(answers, level=level, counts=counts)
    row = {
        "n_items": answers.shape[1],
        "n_used": alpha.n,
        "alpha": alpha.alpha,
        "low": alpha.low,
        "high": alpha.high,
        "flagged": bool(alpha.alpha < statistics.ENOUGH),
    }
    if answers.shape[1] < 3:
        return row | dict.fromkeys(("omega", "omega_low", "omega_high"), np.nan)
    omega = statistics.mcdonald_omega(answers, level=level, counts=counts)
    return row | {"omega": omega.omega, "omega_low": omega.low, "omega_high": omega.high}


def _items(
    questionnaire: Questionnaire,
    dimension: str,
    scores: pd.DataFrame,
    n: pd.Series[int],
    reversed_items: Sequence[object] | pd.Index,
) -> pd.DataFrame:
    """Item statistics of one dimension."""
    items = [questionnaire.item(str(item)) for item in scores.columns]
    ladder = [float(rung.score or 0) for rung in items[0].scale.valid_levels]
    ends = statistics.floor_ceiling(scores, lowest=min(ladder), highest=max(ladder), counts=n)
    return pd.DataFrame(
        {
            "item": [item.id for item in items],
            "title": [item.text for item in items],
            "title_en": [item.text_en or item.text for item in items],
            "dimension": dimension,
            "item_total": statistics.item_total(scores, n),
            "against": scores.columns.isin(reversed_items),
            "floor_share": ends.floor,
            "ceiling_share": ends.ceiling,
        }
    )
