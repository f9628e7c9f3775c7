"""Change of every unit between two waves."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.change.comparison import (
    Change,
    detectable,
    exact_change,
    hybrid_change,
    hybrid_detectable,
)
from analysis.change.paired import paired_change
from analysis.many.multiplicity import adjust
from analysis.proportions.intervals import binomial_interval
from survey.estimation.satisfaction import ALPHA
from survey.results import Comparison, Drivers, ItemResponses, Satisfaction

SMALL = 40
"""With fewer people in a wave the least change that could be told is told."""
LARGEST = 20_000
"""People up to which waves are compared exactly."""
PAIRS = ["both", "only_before", "only_after", "neither"]
"""How matched people answered: satisfied in both waves, in one only, in neither."""
_COUNTS = ["n_satisfied", "n_valid", "population"]
_BOUNDS = ["rate", "lower", "upper"]
_OF_DIMENSION = ["contribution", "low", "high"]
_NAMED = ["number", "title", "title_en"]
_CHANGED = ["n_valid_before", "rate_before", "n_valid_after", "rate_after"]
_CHANGED += ["difference", "low", "high", "p_value"]


def comparison(
    earlier: tuple[Satisfaction, Satisfaction],
    later: tuple[Satisfaction, Satisfaction],
    *,
    level: float,
    pairs: pd.DataFrame | None = None,
) -> Comparison:
    """Compare two waves, each given for everyone and by units of the same kind.

    A unit that is withheld in either wave, or missing from one, has no figures of change. One
    whose answers are one random sample in both waves is compared exactly; where a wave was
    estimated over roles or branches, by the rates and bounds of both waves. Where at least half of
    those who answered in either wave are matched (`pairs`), the change is that of the matched
    people; but not where this would be a second figure on a base that differs by fewer than
    `min_cell`.
    """
    (by,) = later[1].by
    before, after = (
        pd.concat([everyone.frame.assign(**{by: None}), units.frame], ignore_index=True)
        for everyone, units in (earlier, later)
    )
    both = after.merge(before, on=by, how="left", suffixes=("_after", "_before"))
    gone = before[~before[by].isin(after[by])]
    both = pd.concat([both, gone.add_suffix("_before").rename(columns={f"{by}_before": by})])
    both = both.reset_index(drop=True)
    shown = both["rate_before"].notna() & both["rate_after"].notna()
    is_exact = shown.copy()
    for wave in ("before", "after"):
        is_exact &= both[f"estimator_{wave}"].eq("hypergeometric")
        is_exact &= both[f"population_{wave}"].le(LARGEST).fillna(False).astype(bool)
    if pairs is None:
        pairs = pd.DataFrame(columns=PAIRS, dtype="int64")
    both[PAIRS] = pairs.reindex(both[by].fillna(""), fill_value=0).to_numpy()
    is_paired = shown & _are_enough(both, max(earlier[0].min_cell, later[0].min_cell))
    exact, hybrid = both[is_exact & ~is_paired], both[shown & ~is_exact & ~is_paired]
    error = later[0].alpha
    parts = [
        _paired(both[is_paired], level),
        _exact(exact, level),
        _hybrid(hybrid, level, error=error),
    ]
    counts = ["n_valid_before", "n_valid_after"]
    both[counts] = both[counts].astype("Int64")
    names = [by, "n_valid_before", "rate_before", "n_valid_after", "rate_after"]
    frame = both[names].join(pd.concat(parts).sort_index())
    frame = frame.join(_detectable(exact, hybrid, level, error=error))
    is_told = (frame["low"] > 0) | (frame["high"] < 0)
    unknown = pd.Series("withheld", index=frame.index)
    unknown[~frame[by].isin(before[by])] = "new"
    unknown[~frame[by].isin(after[by])] = "gone"
    direction = np.select(
        [~shown, is_told & (frame["difference"] > 0), is_told], [unknown, "up", "down"], "undecided"
    )
    return Comparison(frame.assign(change=direction), level, by, english=later[1].english)


def of_items(
    earlier: tuple[ItemResponses, Satisfaction],
    later: tuple[ItemResponses, Satisfaction],
    *,
    level: float,
) -> Comparison:
    """Compare the indicators of two waves that were asked in the same words.

    Parameters
    ----------
    earlier, later : pair of ItemResponses and Satisfaction
        Of everyone, as published.
    level : float
        Confidence level of the differences.
    """
    keys, counts = ["item", "title"], ["n_satisfied", "n_valid"]
    before, after = (
        items.summary.assign(population=whole.frame["population"].iloc[0])
        for items, whole in (earlier, later)
    )
    told = before[[*keys, *counts, "rate", "population"]]
    both = after.merge(told, on=keys, suffixes=("_after", "_before"))
    both = both.dropna(subset=["rate_before", "rate_after"]).reset_index(drop=True)
    integers = {f"{name}_{wave}": "Int64" for name in _COUNTS for wave in ("before", "after")}
    both = both.astype(integers)
    frame = both.join(of_counts(both, level=level))
    return Comparison(judged(frame[_NAMED + _CHANGED], level), level, "item")


def of_dimensions(before: Drivers, after: Drivers, *, level: float) -> Comparison:
    """Compare the breakdowns of two waves, dimension by dimension.

    Parameters
    ----------
    before, after : Drivers
        As published; of other targets no dimension is compared.
    level : float
        Confidence level of both and of the differences.

    Notes
    -----
    By the intervals of both waves, as independent of each other (`hybrid_change`): people who
    answered twice make it cautious.
    """
    told = before.frame.assign(n_valid=before.summary["n_used"])
    now = after.frame.assign(n_valid=after.summary["n_used"], number=range(1, len(after.frame) + 1))
    if before.target != after.target or before.level != after.level:
        told = told.head(0)
    old = told[["dimension", "title", "n_valid", *_OF_DIMENSION]]
    both = now.merge(old, on=["dimension", "title"], suffixes=("_after", "_before"))
    ends = [f"{name}_{wave}" for name in _OF_DIMENSION for wave in ("before", "after")]
    both = both.dropna(subset=ends).reset_index(drop=True)
    waves = (
        both[[f"{n}_{w}" for n in _OF_DIMENSION]].to_numpy(float).T for w in ("before", "after")
    )
    change = hybrid_change(*waves, error=(1 - before.level) / 2, level=level)
    own = both.rename(columns=lambda name: name.replace("contribution", "rate"))
    frame = own.join(_frame(change, both, "hybrid"))
    return Comparison(judged(frame[_NAMED + _CHANGED], level), level, "dimension")


def judged(frame: pd.DataFrame, level: float) -> pd.DataFrame:
    """Judge changes together: ``p_adjusted`` and ``change`` beside their ``p_value``."""
    p = adjust(frame["p_value"])
    direction = np.where(frame["difference"] > 0, "up", "down")
    return frame.assign(p_adjusted=p, change=np.where(p <= 1 - level, direction, "undecided"))


def matched(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Count the people of every unit who gave a valid answer in both waves, as `PAIRS`.

    A row is a valid answer: ``person`` (a code; one that comes twice in a wave is matched with
    none), ``unit`` and ``satisfied``. Under the empty name is everybody, also who changed the
    unit.
    """
    once = [
        wave.dropna(subset="person").drop_duplicates("person", keep=False)
        for wave in (before, after)
    ]
    both = once[0].merge(once[1], on="person", suffixes=("_before", "_after"))
    kinds = pd.DataFrame(
        {
            "both": both["satisfied_before"] & both["satisfied_after"],
            "only_before": both["satisfied_before"] & ~both["satisfied_after"],
            "only_after": ~both["satisfied_before"] & both["satisfied_after"],
            "neither": ~both["satisfied_before"] & ~both["satisfied_after"],
        }
    )
    stayed = both["unit_before"] == both["unit_after"]
    by_unit = kinds[stayed].groupby(both.loc[stayed, "unit_after"]).sum()
    return pd.concat([by_unit, kinds.sum().to_frame("").T])


def of_counts(part: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """Compare counts of two waves unit by unit.

    ``n_satisfied``, ``n_valid`` and ``population`` stand there with ``_before`` and ``_after``;
    each wave is one random sample, of known size or not, with answers.
    """
    sizes = part[["population_before", "population_after"]]
    is_exact = sizes.le(LARGEST).fillna(False).all(axis=1).astype(bool)
    rest = part[~is_exact].copy()
    for wave in ("before", "after"):
        x, n = (rest[f"{name}_{wave}"].to_numpy(dtype=np.int64) for name in _COUNTS[:2])
        ends = binomial_interval(x, n, level=1 - 2 * ALPHA, method="clopper-pearson")
        for name, values in zip(_BOUNDS, (x / n, *ends), strict=True):
            rest[f"{name}_{wave}"] = values
    made = pd.concat([_exact(part[is_exact], level), _hybrid(rest, level, error=ALPHA)])
    return made.loc[part.index, ["difference", "low", "high", "p_value"]]


def _are_enough(both: pd.DataFrame, min_cell: int) -> pd.Series[bool]:
    """Tell where matched people may stand for a unit."""
    n = both[PAIRS].sum(axis=1)
    enough = n >= min_cell
    for wave in ("before", "after"):
        left = both[f"n_valid_{wave}"].astype("float64") - n
        enough &= ((left == 0) | (left >= min_cell)) & (left <= n)
    return enough


def _paired(part: pd.DataFrame, level: float) -> pd.DataFrame:
    counts = part[PAIRS].to_numpy(dtype=np.int64).T
    return _frame(paired_change(*counts, level=level), part, "paired")


def _exact(part: pd.DataFrame, level: float) -> pd.DataFrame:
    before, after = _counts(part)
    return _frame(exact_change(*before, *after, level=level), part, "exact")


def _detectable(
    exact: pd.DataFrame, hybrid: pd.DataFrame, level: float, error: float
) -> pd.DataFrame:
    """Find the least changes that could be told in small units, by how these are compared."""
    exact, hybrid = (
        part[part[["population_before", "population_after"]].min(axis=1) < SMALL]
        for part in (exact, hybrid)
    )
    before, after = _counts(exact)
    told = detectable(*before, *after[1:], level=level)
    answers = hybrid["n_valid_after"].to_numpy(dtype=np.int64)
    rates = _rates(hybrid)
    about = hybrid_detectable(rates[0], rates[1], answers, error=error, level=level)
    columns = {
        f"detectable_{side}": np.concatenate([getattr(told, side), getattr(about, side)])
        for side in told._fields
    }
    return pd.DataFrame(columns, index=[*exact.index, *hybrid.index])


def _counts(part: pd.DataFrame) -> list[list[NDArray[np.int64]]]:
    return [
        [part[f"{name}_{wave}"].to_numpy(dtype=np.int64) for name in _COUNTS]
        for wave in ("before", "after")
    ]


def _rates(part: pd.DataFrame) -> list[NDArray[np.float64]]:
    return [
        part[[f"{name}_{wave}" for name in _BOUNDS]].to_numpy(dtype=float).T
        for wave in ("before", "after")
    ]


def _hybrid(part: pd.DataFrame, level: float, error: float) -> pd.DataFrame:
    return _frame(hybrid_change(*_rates(part), error=error, level=level), part, "hybrid")


def _frame(change: Change, part: pd.DataFrame, method: str) -> pd.DataFrame:
    made = pd.DataFrame(change._asdict(), index=part.index)
    return made.assign(method=method)
