"""Counts are the same whichever engine holds the rows."""

import numpy as np
import pandas as pd
import pytest

from analysis.counts import tabulate

ENGINES = ["pandas", "pandas_nullable", "polars", "polars_lazy", "duckdb", "dask"]
CODES = {"q2": [1, 2, 3], "q1": [1, 2, 3, 4, 5]}
KEYS = ["item", "value", "status"]


def responses(n: int = 400, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "branch": rng.choice(["b10", "b2", "第一支部"], n),
            "role": rng.choice(["staff", "student"], n),
            "q1": rng.choice([1, 2, 3, 4, 5, -98, -99, np.nan], n),
            "q2": rng.integers(1, 4, n).astype(float),
            "w": rng.uniform(0, 3, n),
        }
    )


def convert(frame: pd.DataFrame, engine: str):
    if engine == "pandas":
        return frame
    if engine == "pandas_nullable":
        return frame.convert_dtypes()
    if engine == "dask":
        return pytest.importorskip("dask.dataframe").from_pandas(frame, npartitions=3)
    columns = {name: [None if pd.isna(value) else value for value in frame[name]] for name in frame}
    polars = pytest.importorskip("polars")
    if engine == "polars":
        return polars.DataFrame(columns)
    if engine == "polars_lazy":
        return polars.LazyFrame(columns)
    duckdb = pytest.importorskip("duckdb")
    return duckdb.connect().from_df(frame)


def by_loop(rows: pd.DataFrame, by: list[str]) -> dict[tuple, list[float]]:
    """Count one answer after the other: n, sum of weights, sum of their squares."""
    counted: dict[tuple, list[float]] = {}
    kinds = {-98: "not_applicable", -99: "not_asked"}
    for row in rows.to_dict("records"):
        for item in CODES:
            value = row[item]
            status = "missing" if pd.isna(value) else kinds.get(value, "valid")
            key = (*(row[name] for name in by), item, value if status == "valid" else None, status)
            sums = counted.setdefault(key, [0, 0.0, 0.0])
            sums[0] += 1
            sums[1] += row["w"]
            sums[2] += row["w"] ** 2
    return counted


def check(frame, rows: pd.DataFrame, by: list[str]) -> None:
    expected = by_loop(rows, by)
    table = tabulate.item_counts(frame, CODES, by=by, weight="w")
    assert list(table) == [*by, *KEYS, "n", "weight", "squares"]
    keys = table[[*by, *KEYS]].astype("object")
    keys = [tuple(row) for row in keys.where(keys.notna(), None).to_numpy()]
    order = list(CODES)
    place = len(by)
    assert set(keys) == set(expected)
    assert keys == sorted(
        keys, key=lambda k: (*k[:place], order.index(k[place]), k[place + 1] or 9, k[place + 2])
    )
    assert table["n"].tolist() == [expected[key][0] for key in keys]
    sums = [expected[key][1:] for key in keys]
    np.testing.assert_allclose(table[["weight", "squares"]], sums, rtol=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", [[], ["branch"], ["branch", "role"]])
def test_counts_equal_plain_loop(engine, by):
    rows = responses()
    check(convert(rows, engine), rows, by)


@pytest.mark.parametrize("by", [[], ["branch"]])
def test_totals_are_sums_of_cells(by):
    rows = responses()
    cells = tabulate.item_counts(rows, CODES, by=by, weight="w")
    table = tabulate.totals(cells, "q1", {code: 25 * (code - 1) for code in CODES["q1"]}, [4, 5])
    for unit, part in rows.groupby(by) if by else [((), rows)]:
        row = table.set_index(by).loc[unit[0]] if by else table.iloc[0]
        valid, good = part["q1"] > 0, part["q1"] >= 4
        assert row["n_responses"] == len(part)
        assert row["n_valid"] == valid.sum()
        assert row["n_missing"] == part["q1"].isna().sum()
        assert row["n_not_asked"] == (part["q1"] == -99).sum()
        assert row["n_not_applicable"] == (part["q1"] == -98).sum()
        assert row["n_satisfied"] == good.sum()
        w = part["w"]
        expected = [w[valid], w[good], w[valid] ** 2, w[good] ** 2]
        names = ["weight_sum", "weight_satisfied", "squares_sum", "squares_satisfied"]
        np.testing.assert_allclose(row[names].astype(float), [x.sum() for x in expected])
        assert row["score_sum"] == pytest.approx((25 * (part["q1"] - 1) * w)[valid].sum())


def test_units_without_a_name_are_kept():
    rows = responses(20).assign(branch=[None, *["b1"] * 19])
    for engine in ("pandas", "polars", "duckdb"):
        cells = tabulate.item_counts(convert(rows, engine), CODES, by=["branch"])
        table = tabulate.totals(cells, "q2", {}, [3])
        assert table["n_responses"].tolist() == [19, 1]
        assert table["branch"].isna().tolist() == [False, True]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_rows(engine):
    none = convert(responses(5).head(0), engine)
    for by in ([], ["branch"]):
        cells = tabulate.item_counts(none, CODES, by=by)
        assert len(cells) == 0
        assert len(tabulate.totals(cells, "q1", {}, [5])) == 1 - len(by)


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_refuses_what_is_neither_code_nor_mark(engine):
    rows = responses(20).assign(q2=7.0)
    with pytest.raises(ValueError, match="20 answers, the first to 'q2'"):
        tabulate.item_counts(convert(rows, engine), CODES, by=["branch"])
    with pytest.raises(ValueError, match="among the marks"):
        tabulate.item_counts(rows, {"q1": [-99, 1]}, by=[])


def test_polars_nan_is_no_answer():
    polars = pytest.importorskip("polars")
    cells = tabulate.item_counts(
        polars.DataFrame({"q": [float("nan"), 1.0, None]}), {"q": [1]}, by=[]
    )
    assert dict(zip(cells["status"], cells["n"], strict=True)) == {"valid": 1, "missing": 2}


def test_points_are_unknown_where_a_code_has_none():
    cells = tabulate.item_counts(responses(20), CODES, by=[])
    assert tabulate.totals(cells, "q1", {4: 1.0, 5: None}, [5])["score_sum"].isna().all()
