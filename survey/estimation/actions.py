"""What has become of last time's list of actions, line by line."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from survey import identifiers
from survey.estimation.comparison import judged, of_counts
from survey.results import Actions, ItemResponses, Satisfaction

_COUNTS = ["n_satisfied", "n_valid", "population"]


def followed(
    before: pd.DataFrame,
    items: ItemResponses | None,
    branch_items: ItemResponses | None,
    tables: Mapping[tuple[str, ...], Satisfaction],
    *,
    level: float,
) -> Actions:
    """Hold last time's counts of every line against what is published this time.

    A line has a change only where both waves have its figures; p-values are adjusted over all lines
    (Benjamini and Hochberg).
    """
    keys = ["unit", "number", "title"]
    old = before.assign(unit=before["branch"].astype("object").fillna(""))
    both = old.merge(
        _published(items, branch_items, tables),
        on=keys,
        how="left",
        suffixes=("_before", "_after"),
        indicator="there",
    )
    of_waves = [f"{name}_{wave}" for wave in ("after", "before") for name in _COUNTS[:2]]
    shown = both[of_waves].notna().all(axis=1)
    shown &= (both["n_valid_before"] > 0).fillna(False) & (both["n_valid_after"] > 0).fillna(False)
    part = both[shown]
    made = of_counts(part, level=level)
    made = judged(made, level)
    frame = both.join(made[["difference", "low", "high", "p_adjusted", "change"]])
    for wave in ("before", "after"):
        share = frame[f"n_satisfied_{wave}"].astype("Float64") / frame[f"n_valid_{wave}"]
        frame[f"rate_{wave}"] = share.astype(float)
    gone = (both["there"] == "left_only").map({True: "gone", False: "withheld"})
    kept = ["branch", "number", "title", "measure"]
    kept += [f"{name}_{wave}" for wave in ("before", "after") for name in ("n_valid", "rate")]
    return Actions(
        frame=frame.assign(
            change=frame["change"].fillna(gone), measure=identifiers.mask(frame["measure"])
        )[[*kept, "difference", "low", "high", "p_adjusted", "change"]],
        level=level,
    )


def _published(
    items: ItemResponses | None,
    branch_items: ItemResponses | None,
    tables: Mapping[tuple[str, ...], Satisfaction],
) -> pd.DataFrame:
    """List this time's figures by unit, number and title in either language."""
    parts = []
    if items is not None:
        (size,) = tables[()].frame["population"]
        parts.append(items.summary.assign(unit="", population=size))
    if branch_items is not None:
        sizes = tables["branch",].frame.set_index("branch")["population"]
        own = branch_items.summary
        parts.append(own.assign(unit=own["branch"], population=own["branch"].map(sizes)))
    columns = ["unit", "number", "title", *_COUNTS]
    if not parts:
        return pd.DataFrame(columns=columns)
    summary = pd.concat(parts, ignore_index=True).astype(dict.fromkeys(_COUNTS, "Int64"))
    english = summary.drop(columns="title").rename(columns={"title_en": "title"})
    both = pd.concat([summary[columns], english[columns]], ignore_index=True)
    return both.drop_duplicates(["unit", "number", "title"]).astype({"number": "Int64"})
