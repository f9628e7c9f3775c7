"""Reliability of the dimensions and of the whole instrument."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.instrument import reliability as statistics
from questionnaires import Questionnaire
from survey.results import Reliability

MIN_COMPLETE = 10
ALPHA_FLAG = 0.7


def reliability(
    scores: pd.DataFrame, questionnaire: Questionnaire, *, level: float
) -> Reliability | None:
    """Compute alpha, omega and the item statistics on complete answers.

    Parameters
    ----------
    scores : DataFrame
        Rows that are used; columns are item ids.
    questionnaire : Questionnaire
        Gives dimensions and titles.
    level : float
        Confidence level of Feldt's interval.

    Returns
    -------
    Reliability or None
        None where no dimension has two items or fewer than 10 people answered all items.
    """
    sets = [
        (dimension.id, dimension.title, dimension.title_en, [item.id for item in dimension.items])
        for dimension in questionnaire.dimensions
    ]
    sets.append(("all", "全部指标", "All items", list(questionnaire.item_ids)))
    sets = [entry for entry in sets if len(entry[3]) >= 2]
    complete = scores[list(questionnaire.item_ids)].dropna()
    complete = complete.loc[:, complete.nunique() > 1]
    if not sets or len(complete) < MIN_COMPLETE or complete.shape[1] < 2:
        return None
    rows, item_rows = [], []
    for key, title, title_en, ids in sets:
        values = scores[ids].dropna().to_numpy()
        if len(values) < MIN_COMPLETE or (values.std(axis=0) == 0).any():
            continue
        alpha = statistics.cronbach_alpha(values, level=level)
        omega = statistics.mcdonald_omega(values).omega if len(ids) >= 3 else np.nan
        rows.append(
            {
                "dimension": key,
                "title": title,
                "title_en": title_en or title,
                "n_items": len(ids),
                "n_used": len(values),
                "alpha": float(alpha.alpha),
                "low": float(alpha.low),
                "high": float(alpha.high),
                "omega": float(omega),
                "flagged": bool(alpha.alpha < ALPHA_FLAG),
            }
        )
        if key != "all":
            item_rows.append(_items(questionnaire, key, scores[ids]))
    if not rows:
        return None
    values = complete.to_numpy()
    return Reliability(
        frame=pd.DataFrame(rows),
        items=pd.concat(item_rows, ignore_index=True) if item_rows else pd.DataFrame(),
        kmo=float(statistics.kmo(values).overall),
        bartlett_p=float(statistics.bartlett_sphericity(values).p_value),
        missing="complete",
        level=level,
    )


def _items(questionnaire: Questionnaire, dimension: str, scores: pd.DataFrame) -> pd.DataFrame:
    """Item statistics of one dimension."""
    items = [questionnaire.item(str(item)) for item in scores.columns]
    ladder = [float(rung.score or 0) for rung in items[0].scale.valid_levels]
    ends = statistics.floor_ceiling(scores, lowest=min(ladder), highest=max(ladder))
    return pd.DataFrame(
        {
            "item": [item.id for item in items],
            "title": [item.text for item in items],
            "title_en": [item.text_en or item.text for item in items],
            "dimension": dimension,
            "item_total": statistics.item_total(scores).correlation,
            "floor_share": ends.floor,
            "ceiling_share": ends.ceiling,
        }
    )
