"""Waterfall, map, items and single branches show the numbers of the breakdown and no others."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.collections import QuadMesh

from survey.charts import branch_dimensions, dimension_map, item_forest, style, waterfall
from tests.survey.results_samples import RARE_NAME, sample_drivers


def test_waterfall_ends_at_the_observed_rate() -> None:
    drivers = sample_drivers()
    table = waterfall.table(drivers)
    sizes = table["相联系的不满意率"]
    assert sizes.iloc[:-1].sum() == pytest.approx(drivers.summary["observed_rate"])
    assert sizes.iloc[-1] == pytest.approx(drivers.summary["observed_rate"])
    assert table["区间下限"].iloc[1:7].to_numpy(float) == pytest.approx(drivers.frame["low"])


def test_waterfall_bars_join() -> None:
    with style.offscreen():
        ax = waterfall.draw(sample_drivers())
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert len(bars) == 9
    for (_, end), (start, _) in pairwise(bars[:8]):
        assert end == pytest.approx(start)


def test_waterfall_tells_clear_contributions_from_others() -> None:
    drivers = sample_drivers()
    with style.offscreen():
        ax = waterfall.draw(drivers)
    hatched = [bool(bar.get_hatch()) for bar in ax.patches][1:7]
    assert hatched == (~drivers.frame["distinguishable"]).to_list()


@pytest.mark.parametrize("module", [waterfall, dimension_map, item_forest])
def test_a_withheld_breakdown_is_a_notice_without_bars(module: object) -> None:
    drivers = sample_drivers(status="none_too_few_events")
    with style.offscreen():
        ax = module.draw(drivers)  # type: ignore[attr-defined]
    assert not ax.patches
    assert not ax.collections
    assert "样本不足，不作分解" in "".join(text.get_text() for text in ax.texts).replace("\n", "")


def test_only_the_sum_is_drawn_where_the_dimensions_cannot_be_told_apart() -> None:
    table = waterfall.table(sample_drivers(status="sum_only_vif"))
    assert table["组成部分"].to_list() == ["基底", "各维度合计", "残差", "不满意率"]
    assert table["相联系的不满意率"].iloc[1] == pytest.approx(0.088)


def test_map_cells_are_the_differences_centred_at_zero() -> None:
    drivers = sample_drivers(14)
    with style.offscreen():
        ax = dimension_map.draw(drivers)
    (mesh,) = (c for c in ax.collections if isinstance(c, QuadMesh))
    cells = np.ma.masked_invalid(mesh.get_array()).compressed()
    assert sorted(cells) == pytest.approx(sorted(drivers.branches["difference"].dropna()))
    assert mesh.norm.vmin == -mesh.norm.vmax
    n_withheld = drivers.branch_totals["withheld"].sum()
    assert sum(bool(patch.get_hatch()) for patch in ax.patches) == n_withheld > 0


def test_map_table_hides_withheld_branches() -> None:
    drivers = sample_drivers(14)
    table = dimension_map.table(drivers).set_index("支部")
    hidden = drivers.branch_totals.loc[drivers.branch_totals["withheld"], "branch"]
    assert table.loc[hidden].isna().all().all()
    assert table.drop(hidden).notna().all().all()


def test_map_pages_keep_their_branches_together() -> None:
    pages = dimension_map.pages(sample_drivers(90), per_page=40)
    sizes = [len(page.branch_totals) for page in pages]
    assert sum(sizes) == 90
    assert len(sizes) == 3
    assert all(set(p.branches["branch"]) == set(p.branch_totals["branch"]) for p in pages)


def test_one_colour_means_one_difference_on_every_page() -> None:
    drivers = sample_drivers(90)
    reach = float(drivers.branches["difference"].abs().max())
    ends = set()
    pages = dimension_map.pages(drivers, per_page=40)
    shown = [page for page in pages if not page.branch_totals["withheld"].all()]
    assert len(shown) > 1
    for page in shown:
        with style.offscreen():
            mesh = dimension_map.draw(page, reach=reach).collections[0]
        ends.add(mesh.get_clim())
        assert f"{100 * reach:.1f}" in dimension_map.describe(page, reach=reach)
    assert ends == {(-reach, reach)}


def test_items_are_marked_by_their_intervals() -> None:
    drivers = sample_drivers()
    with style.offscreen():
        ax = item_forest.draw(drivers)
    clear = next(line for line in ax.lines if line.get_gid() == "items-more")
    above = drivers.items[drivers.items["low"] > 0]
    assert sorted(clear.get_xdata()) == pytest.approx(sorted(above["contribution"]))


def test_a_branch_stands_beside_the_university() -> None:
    drivers = sample_drivers(14)
    rows = drivers.branches[drivers.branches["branch"] == RARE_NAME]
    with style.offscreen():
        ax = branch_dimensions.draw(drivers, branch=RARE_NAME)
    points = {line.get_gid(): line.get_xdata() for line in ax.lines}
    assert points["branch"] == pytest.approx(rows["contribution"])
    assert points["university"] == pytest.approx(rows["university"])


def test_an_unknown_branch_is_an_error() -> None:
    with pytest.raises(KeyError):
        branch_dimensions.table(sample_drivers(3), branch="没有的支部")
