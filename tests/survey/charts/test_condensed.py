"""Charts of many units: one page, decided ones named, the others as a distribution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.charts import layout, marks, plans
from survey.palette import Marker


def chart(n: int, decided: np.ndarray | None = None, name: str = "第{}支部") -> plans.RowChart:
    """Make a chart of so many rows with a dot, an interval and a bar in each."""
    row, x = np.arange(n), np.linspace(0.1, 0.9, n)
    dots = marks.Dots(row, x, Marker("black"), x - 0.05, x + 0.05)
    bars = marks.Bars(row, np.zeros(n), x, np.full(n, "white", object), texts=row.astype(str))
    return plans.RowChart(
        "题",
        tuple(name.format(number) for number in range(n)),
        plans.Scale(0, 1),
        (dots, bars),
        columns=(plans.column("n", row),),
        hints=plans.Hints(row, np.array([f"第{number}支部" for number in range(n)], object)),
        decided=decided,
    )


def page_of(plan: plans.RowChart) -> plans.RowChart:
    (page,) = plans.pages(plan, language="zh")
    assert isinstance(page, plans.RowChart)
    return page


@given(
    n=st.integers(100, 900),
    decided=st.integers(0, 400),
    name=st.sampled_from(["第{}支部", "一个名称有二十个汉字以上因而要分成两行的第{}支部"]),
    seed=st.integers(0, 9),
)
def test_one_page_holds_all_rows_in_their_order(n: int, decided: int, name: str, seed: int) -> None:
    is_decided = np.random.default_rng(seed).permutation(n) < decided
    whole = chart(n, is_decided, name)
    page = page_of(whole)
    assert layout.rows(page.names, least=page.least).extent <= layout.PER_PAGE + 1e-9
    named = [text for text in page.names if text]
    known = [text for text, told in zip(whole.names, is_decided, strict=True) if told]
    assert named == known[: len(named)]
    assert len(named) == len(known) or len(named) >= 10
    # what a row shows goes with its name
    shown = {int(r): x for mark in page.of_rows[:2] for r, x in zip(mark.row, mark.x, strict=True)}
    assert sorted(shown) == list(range(len(page.names)))
    assert np.all(np.diff([shown[row] for row in sorted(shown)]) > 0)
    for row, text in enumerate(page.names):
        if text:
            original = whole.names.index(text)
            assert shown[row] == pytest.approx(whole.of_rows[0].x[original])
            assert page.columns[0].texts[row] == str(original)
        else:
            assert page.columns[0].texts[row] == ""


def test_what_is_left_out_of_twenty_thousand_is_told() -> None:
    page = page_of(chart(20_000, np.zeros(20_000, bool)))
    assert 500 < len(page.names) < 800
    assert "共 20000 行：写出名称的 0 行" in page.title
    step = 20_000 // len(page.names)
    assert f"每 {step + 1} 行画 1 行" in page.title


def test_a_chart_that_says_nothing_of_decisions_names_its_first_rows() -> None:
    page = page_of(chart(200))
    named = sum(map(bool, page.names))
    assert named >= 20
    assert page.names[:named] == tuple(f"第{number}支部" for number in range(named))
    assert len(page.names) == 200
    assert page.hints is not None
    assert page.hints.texts.tolist() == [f"第{number}支部" for number in range(200)]


def test_few_rows_stay_on_pages_with_their_names() -> None:
    pages = plans.pages(chart(80), language="zh")
    names = [name for page in pages if isinstance(page, plans.RowChart) for name in page.names]
    assert (len(pages), len(names), "" in names) == (2, 80, False)
    # an analyst's own pages name every row, however many
    assert len(plans.pages(chart(200))) == 5


def test_thin_rows_are_drawn_finer_and_without_figures() -> None:
    page = page_of(chart(300))
    of_named, of_thin, bars, thin_bars = page.of_rows
    assert of_thin.size < 3
    assert of_thin.line < 0.5 * of_named.line
    assert bars.texts is not None
    assert thin_bars.texts is None
    rows = layout.rows(page.names, least=page.least)
    boxes = thin_bars.boxes(rows)
    assert np.all(boxes[:-1, 3] <= boxes[1:, 2] + 1e-9)  # none over the next
