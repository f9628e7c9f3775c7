from __future__ import annotations

import dataclasses

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D

from survey import charts, vocabulary
from survey.charts import layout, style
from survey.charts.plans import RowChart
from survey.palette import STANDARD
from survey.report import units
from survey.results import Satisfaction
from tests.survey.charts.gallery import written
from tests.survey.results_samples import sample_satisfaction


def drawn(result: Satisfaction) -> Axes:
    with style.offscreen():
        return result.plot()


def texts(ax: Axes) -> list[str]:
    return [text for text, _ in written(ax)]


def names(result: Satisfaction) -> list[str]:
    plan = charts.plan("caterpillar", result)
    assert isinstance(plan, RowChart)
    return list(plan.names)


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
    for code, several in shown.groupby("verdict"):
        (line,) = lines_with(ax, f"verdict-{code}")
        assert sorted(line.get_xdata()) == sorted(several["rate"])
        assert line.get_marker() == STANDARD.verdict(str(code)).marker


def test_intervals_are_those_of_the_result() -> None:
    result = sample_satisfaction(14)
    ax = drawn(result)
    segments = [
        segment[:, 0] for collection in ax.collections for segment in collection.get_segments()
    ]
    shown = result.frame.dropna(subset=["lower"])
    expected = shown[["lower", "upper"]].to_numpy(float)
    assert np.allclose(np.sort(np.array(segments), axis=0), np.sort(expected, axis=0))


def test_units_stand_as_in_the_table_below_first_and_withheld_last() -> None:
    result = sample_satisfaction(40)
    frame = result.frame.set_index("branch").loc[names(result)]
    verdicts = list(dict.fromkeys(frame["verdict"]))
    assert verdicts == ["below", "inconclusive", "meets", "withheld"]
    assert all(of["rate"].dropna().is_monotonic_increasing for _, of in frame.groupby("verdict"))
    table = units.satisfaction(result, "branches", "zh")
    assert names(result) == table.frame["branch"].tolist()
    assert names(result) != result.frame["branch"].tolist()


def test_a_withheld_branch_shows_no_figure() -> None:
    result = sample_satisfaction(5, withheld=True)
    ax = drawn(result)
    shown = texts(ax)
    assert shown.count("暂不评定") == 5
    others = [text for text in shown if "%" not in text]
    assert not any(char.isdigit() for text in others for char in text)
    assert "依据 0 份有效回答" in charts.describe("caterpillar", result)


def test_figures_stand_beside_the_markers() -> None:
    shown = texts(drawn(sample_satisfaction(1)))
    assert "100.0%" in shown
    assert "7/12" in shown
    shown = texts(drawn(sample_satisfaction(1, known_population=False)))
    assert "7" in shown
    assert "有效回答" in shown
    assert not any("/" in text or "?" in text for text in shown)


def test_few_units_are_named_and_not_counted() -> None:
    result = sample_satisfaction(2)
    text = charts.describe("caterpillar", result)
    for name in result.frame["branch"]:
        assert name in text
    assert "个支部" not in text
    said = charts.describe("caterpillar", result, language="en")
    assert "90% " not in said.split("The bar is")[0]
    legend = drawn(result).get_legend()
    assert not any(char.isdigit() for entry in legend.get_texts() for char in entry.get_text())


def test_the_figure_grows_with_its_rows() -> None:
    few, many = (drawn(sample_satisfaction(n)).figure.get_figheight() for n in (10, 100))
    assert many - few > 80 * layout.ROW


def test_large_counts_keep_clear_of_the_rates() -> None:
    result = sample_satisfaction(2)
    frame = result.frame.assign(n_valid=125_280, population=190_380)
    ax = drawn(dataclasses.replace(result, frame=frame))
    FigureCanvasAgg(ax.figure).draw()
    boxes = [(text, box) for text, box in written(ax)]
    (count, *_) = [box for text, box in boxes if text == "125280/190380"]
    right = [box for text, box in boxes if text.endswith(".0%")]
    assert right
    assert all(box.x1 < count.x0 for box in right)


def test_the_legend_counts_what_the_table_of_verdicts_does() -> None:
    """A branch in which nobody answered has bounds and no rate; one may have its verdict alone."""
    result = sample_satisfaction(14)
    frame = result.frame.copy()
    open_ = frame.index[frame["verdict"] == "inconclusive"]
    assert len(open_) > 2
    frame.loc[open_[0], ["rate", "n_satisfied"]] = None
    frame.loc[open_[1], ["rate", "lower", "upper", "n_satisfied"]] = None
    result = dataclasses.replace(result, frame=frame)
    legend = drawn(result).get_legend()
    assert legend is not None
    told = {text.get_text().split()[0]: text.get_text().split()[-1] for text in legend.get_texts()}
    for code, n in vocabulary.tally(frame["verdict"]).items():
        if n and code != "withheld":
            assert told[vocabulary.verdict(code)] == str(n)
