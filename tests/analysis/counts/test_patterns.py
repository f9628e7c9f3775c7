"""Response patterns are the same from whatever holds the rows, in whatever order and chunks."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counts.patterns import response_patterns
from tests.analysis.counts.test_tabulate import ENGINES, convert, responses

ITEMS = ["q2", "q1"]


def by_loop(rows: pd.DataFrame, by: list[str]) -> Counter:
    plain = rows.replace({"q1": {-98: np.nan, -99: np.nan}}).astype(object)
    plain = plain.where(plain.notna(), None)
    return Counter(plain[[*by, *ITEMS]].itertuples(index=False, name=None))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", [[], ["branch"], ["branch", "role"]])
def test_patterns_equal_a_plain_loop(engine, by):
    rows = responses()
    table = response_patterns(convert(rows, engine), ITEMS, by=by)
    assert list(table) == [*by, *ITEMS, "n"]
    plain = table.astype(object).where(table.notna(), None)
    got = {row[:-1]: row[-1] for row in plain.itertuples(index=False, name=None)}
    assert got == by_loop(rows, by)
    order = [tuple(-1 if x is None else x for x in key) for key in got]
    assert order == sorted(order)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.lists(st.integers(1, 199), min_size=1, max_size=4, unique=True),
    st.sampled_from(["pandas", "polars", "duckdb"]),
)
def test_chunks_in_any_order_merge_into_the_patterns_of_the_whole(seed, cuts, engine):
    rows = responses(200, seed % 7).assign(branch=lambda t: t["branch"].where(t["q2"] > 1, None))
    whole = response_patterns(rows, ITEMS, by=["branch"])
    shuffled = rows.sample(frac=1, random_state=seed)
    chunks = np.split(np.arange(200), sorted(cuts))
    parts = [
        response_patterns(convert(shuffled.iloc[chunk], engine), ITEMS, by=["branch"])
        for chunk in chunks
    ]
    merged = response_patterns(pd.concat(parts), ITEMS, by=["branch"], counts="n")
    pd.testing.assert_frame_equal(merged, whole)


def test_answers_of_many_levels_and_items_fill_several_words():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.integers(0, 40, (300, 30)) / 7, columns=[f"q{i}" for i in range(30)])
    twice = pd.concat([frame, frame.sample(frac=1, random_state=1)])
    table = response_patterns(twice, list(frame), by=[])
    assert (table["n"] == 2).all()
    pd.testing.assert_frame_equal(table[[*frame]], frame.sort_values([*frame], ignore_index=True))


@pytest.mark.parametrize("engine", ENGINES)
def test_no_rows_have_no_patterns(engine):
    none = convert(responses(5).head(0), engine)
    for by in ([], ["branch"]):
        assert len(response_patterns(none, ITEMS, by=by)) == 0
