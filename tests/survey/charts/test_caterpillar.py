from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D

from survey.charts import caterpillar, layout, palette, style
from survey.results import Satisfaction
from tests.survey.results_samples import sample_satisfaction


def drawn(result: Satisfaction) -> Axes:
    with style.offscreen():
        return caterpillar.draw(result)


def lines_with(ax: Axes, gid: str) -> list[Line2D]:
    return [line for line in ax.lines if str(line.get_gid()).startswith(gid)]


def test_the_bar_stands_where_the_result_has_it() -> None:
    (bar,) = lines_with(drawn(sample_satisfaction()), "bar")
    assert set(bar.get_xdata()) == {0.9}


def test_one_marker_a_branch_at_its_rate_and_none_for_withheld_ones() -> None:
    result = sample_satisfaction(14)
    ax = drawn(result)
    shown = result.frame[result.frame["verdict"] != "withheld"]
    rates = np.concatenate([line.get_xdata() for line in lines_with(ax, "verdict-")])
    assert sorted(rates) == sorted(shown["rate"])
    for code, units in shown.groupby("verdict"):
        (line,) = lines_with(ax, f"verdict-{code}")
        assert sorted(line.get_xdata()) == sorted(units["rate"])
        assert line.get_marker() == palette.VERDICT_MARKERS[str(code)]


def test_intervals_are_those_of_the_result() -> None:
    result = sample_satisfaction(14)
    ax = drawn(result)
    segments = [
        segment[:, 0] for collection in ax.collections for segment in collection.get_segments()
    ]
    shown = result.frame.dropna(subset=["lower"])
    expected = shown[["lower", "upper"]].to_numpy(float)
    assert np.allclose(np.sort(np.array(segments), axis=0), np.sort(expected, axis=0))


def test_the_best_comes_first_and_withheld_ones_last() -> None:
    frame = caterpillar.ordered(sample_satisfaction(40)).frame
    rates = frame["rate"].dropna()
    assert rates.is_monotonic_decreasing
    assert frame["verdict"].iloc[-1] == "withheld"
    assert frame["rate"].notna().iloc[:-1].all()


def test_a_withheld_branch_shows_no_figure() -> None:
    result = sample_satisfaction(5, withheld=True)
    texts = [text.get_text() for text in drawn(result).texts]
    assert texts.count("不予公布") == 5
    assert not any(char.isdigit() for text in texts for char in text)
    assert "依据 0 份有效回答" in caterpillar.describe(result)


def test_figures_stand_beside_the_markers() -> None:
    texts = [text.get_text() for text in drawn(sample_satisfaction(1)).texts]
    assert "100.0%" in texts
    assert "7/12" in texts
    unknown = sample_satisfaction(1, known_population=False)
    texts = [text.get_text() for text in drawn(unknown).texts]
    assert "7" in texts
    assert "应答数" in texts
    assert not any("/" in text or "?" in text for text in texts)


def test_few_units_are_named_and_not_counted() -> None:
    result = sample_satisfaction(2)
    text = caterpillar.describe(result)
    for name in result.frame["branch"]:
        assert name in text
    assert "个支部" not in text
    assert "90% " not in caterpillar.describe(result, language="en").split("The bar is")[0]
    legend = drawn(result).get_legend()
    assert not any(char.isdigit() for entry in legend.get_texts() for char in entry.get_text())


def test_the_table_holds_the_numbers_of_the_result() -> None:
    result = sample_satisfaction(14)
    table = caterpillar.table(result).set_index("支部").sort_index()
    frame = result.frame.set_index("branch").sort_index()
    for shown, name in {"满意率": "rate", "下限": "lower", "有效回答": "n_valid"}.items():
        pd.testing.assert_series_equal(table[shown], frame[name], check_names=False)
    assert table["判定"].value_counts()["达标"] == (frame["verdict"] == "meets").sum()


def test_pages_hold_every_branch_once_in_order() -> None:
    result = sample_satisfaction(300)
    pages = caterpillar.pages(result, per_page=40)
    assert max(len(page.frame) for page in pages) <= 40
    assert min(len(page.frame) for page in pages) >= 30
    together = pd.concat([page.frame for page in pages])
    assert together["branch"].to_list() == caterpillar.ordered(result).frame["branch"].to_list()


def test_the_figure_grows_with_its_rows() -> None:
    few, many = (drawn(sample_satisfaction(n)).figure.get_figheight() for n in (10, 100))
    assert many - few > 80 * layout.ROW


def test_large_counts_keep_clear_of_the_rates() -> None:
    result = sample_satisfaction(2)
    frame = result.frame.assign(n_valid=125_280, population=190_380)
    ax = drawn(dataclasses.replace(result, frame=frame))
    FigureCanvasAgg(ax.figure).draw()
    boxes = {text.get_text(): text.get_window_extent() for text in ax.texts}
    count = boxes["125280/190380"]
    assert all(box.x1 < count.x0 for text, box in boxes.items() if text.endswith("%"))
