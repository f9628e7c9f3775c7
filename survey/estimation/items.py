"""How every item was answered, over all respondents."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import proportions, tabulate
from questionnaires import Questionnaire
from survey.results import ItemResponses


def item_responses(
    scores: pd.DataFrame,
    status: pd.DataFrame,
    questionnaire: Questionnaire,
    *,
    population: int | None,
    level: float,
) -> ItemResponses:
    """Count the answers to every item, level by level.

    Parameters
    ----------
    scores, status : DataFrame
        Rows that are used; columns are item ids.
    questionnaire : Questionnaire
        Gives order, titles and scales.
    population : int or None
        People on the roster; None where there is none.
    level : float
        Confidence level of the rates' intervals.

    Returns
    -------
    ItemResponses
    """
    ids = list(questionnaire.item_ids)
    counted = tabulate.item_counts(scores, ids, by=[])
    n_by_code = counted.dropna(subset="value").set_index(["item", "value"])["n"]
    levels, summaries = [], []
    for dimension in questionnaire.dimensions:
        for indicator in dimension.indicators:
            for item in indicator.items:
                title = item.text if len(indicator.items) > 1 else indicator.title
                title_en = item.text_en if len(indicator.items) > 1 else indicator.title_en
                names = {
                    "item": item.id,
                    "title": title,
                    "title_en": title_en or title,
                    "dimension": dimension.id,
                }
                ladder = sorted(item.scale.valid_levels, key=lambda rung: -float(rung.score or 0))
                n = np.array(
                    [int(n_by_code.get((item.id, float(rung.score or 0)), 0)) for rung in ladder]
                )
                n_valid = int(n.sum())
                levels += [
                    {
                        **names,
                        "label": rung.label,
                        "label_en": rung.label_en or rung.label,
                        "score": rung.score,
                        "satisfied": rung.satisfied,
                        "n": int(count),
                        "share": count / n_valid if n_valid else np.nan,
                    }
                    for rung, count in zip(ladder, n, strict=True)
                ]
                points = [rung.index for rung in ladder]
                has_index = n_valid > 0 and None not in points
                tally = status[item.id].value_counts()
                summaries.append(
                    {
                        **names,
                        "number": indicator.number,
                        "dimension_title": dimension.title,
                        "n_valid": n_valid,
                        **{
                            f"n_{kind}": int(tally.get(kind, 0))
                            for kind in ("missing", "not_asked", "not_applicable")
                        },
                        "n_satisfied": int(n[[rung.satisfied for rung in ladder]].sum()),
                        "index": np.dot(n, np.array(points, float)) / n_valid
                        if has_index
                        else np.nan,
                    }
                )
    summary = pd.DataFrame(summaries)
    if not summary.empty:
        summary = _with_intervals(summary, population, level)
    return ItemResponses(frame=pd.DataFrame(levels), summary=summary)


def _with_intervals(summary: pd.DataFrame, population: int | None, level: float) -> pd.DataFrame:
    x, n = summary["n_satisfied"].to_numpy(), summary["n_valid"].to_numpy()
    if population is None:
        low, high = proportions.binomial_interval(x, n, level=level, method="clopper-pearson")
    else:
        interval = proportions.finite_population_interval(x, n, population, level=level)
        low, high = interval.low, interval.high
    rate = np.divide(x, n, out=np.full(len(n), np.nan), where=n > 0)
    return summary.assign(rate=rate, low=low, high=high)
