"""Pages and lists made for single branches tell nothing that the report withholds."""

from __future__ import annotations

import pandas as pd
import pytest

import survey
from survey.report import actions, branch_page
from survey.results import Findings


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    # many small branches, so that much has to be withheld
    folder = tmp_path_factory.mktemp("inputs")
    made = survey.simulate(folder, n_branches=24, sizes=(5, 40), seed=5, response_rate=0.5)
    return survey.read(made.export, roster=made.roster).findings()


def test_pages_show_published_figures_and_no_others(found: Findings) -> None:
    own = found.branch_items.of_branches()
    hidden = 0
    both = found.tables.get(("branch", "role"))
    for row in found.tables["branch",].frame.to_dict("records"):
        name = row["branch"]
        tables = {t.name: t.frame for t in branch_page.compose(found, name, own.get(name)).tables()}
        if row["verdict"] == "withheld":
            assert not tables
            hidden += 1
            continue
        units = tables["units"]
        assert units["n_valid"].iloc[0] == row["n_valid"]
        told = set()
        if both is not None:
            cells = both.frame[both.frame["branch"] == name]
            told = set(cells.loc[cells["rate"].notna() | (cells["n_valid"] == 0), "role"])
        shown = {text.removeprefix("　其中：") for text in units["branch"] if "其中" in text}
        assert shown <= told
        if "indicators" in tables:
            published = own[name].summary.dropna(subset=["rate"]).set_index("item")["rate"]
            listed = tables["indicators"].set_index("item")["rate"]
            pd.testing.assert_series_equal(published.reindex(listed.index), listed)
    assert hidden > 2


def test_actions_list_published_counts_and_no_others(found: Findings) -> None:
    made = actions.listed(found)
    own = made[made["branch"].notna()].set_index(["branch", "item"])
    published = found.branch_items.summary.dropna(subset=["rate"]).set_index(["branch", "item"])
    assert len(own) > 3
    assert own.index.isin(published.index).all()
    assert (own["n_valid"].astype(int) >= found.tables[()].min_cell).all()
