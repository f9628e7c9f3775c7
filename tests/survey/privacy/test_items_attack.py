"""Branch pages beside the university's items: nobody of a small branch can be worked out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey import estimation, privacy
from tests.survey.privacy.attacker import attack, singled_out
from tests.survey.privacy.test_attack import SHAPES
from tests.survey.privacy.universities import findings, people


def attacked_items(
    shape: dict[str, Any], seed: int, n_items: int = 3
) -> Iterator[tuple[pd.DataFrame, list[Any]]]:
    """Draw a university, protect its items, and attack each with every base known."""
    rows = people(seed, **shape)
    found = findings(rows)
    asked = found.questionnaire
    ids = list(asked.item_ids)
    rng = np.random.default_rng(seed)
    # an item goes with the overall answer, and some leave it out
    good = rows["satisfied"].to_numpy()[:, None]
    score = np.where(good, rng.choice([3, 4, 5, 5], (len(rows), len(ids))), rng.integers(1, 6))
    blank = rng.random(score.shape) < rng.choice([0.02, 0.3], len(ids))
    scores = pd.DataFrame(np.where(blank, np.nan, score), columns=ids)
    status = pd.DataFrame(np.where(blank, "missing", "valid"), columns=ids)
    cells = estimation.item_cells(rows[["branch"]], scores, status, asked)
    units = pd.DataFrame({"branch": found.tables["branch",].frame["branch"], "population": None})
    raw = estimation.item_responses(cells, asked, units=units)
    everyone = estimation.item_responses(cells, asked, units=units[["population"]][:1])
    # the attack knows how many answered wherever a figure is withheld
    protected = privacy.protect(replace(found, items=everyone, branch_items=raw))
    assert protected.items is not None
    assert protected.branch_items is not None
    shown = protected.branch_items.summary.set_index(["branch", "item"])["n_satisfied"]
    for item in ids[:n_items]:
        own = raw.summary[raw.summary["item"] == item]
        keys = pd.MultiIndex.from_frame(own[["branch", "item"]])
        whole = protected.items.summary.set_index("item").loc[[item]]
        tables = {
            "overall": whole[["n_valid", "n_satisfied"]].reset_index(drop=True),
            "by_branch": pd.DataFrame(
                {
                    "branch": own["branch"].to_numpy(),
                    "n_valid": own["n_valid"].to_numpy(),
                    "n_satisfied": shown.reindex(keys).to_numpy(),
                }
            ),
        }
        yield attack(tables), singled_out(tables)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(2))
def test_no_item_tells_of_a_few(shape: str, seed: int) -> None:
    n_small = 0
    for result, groups in attacked_items(SHAPES[shape] | {"sizes": (2, 20)}, seed):
        assert not groups
        assert not result["holds"].any(), result[result["holds"]].to_string()
        n_small += len(result)
    assert n_small, "the shape must have small cells"
