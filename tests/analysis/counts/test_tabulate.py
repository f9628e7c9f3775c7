"""Counts are the same whichever engine holds the rows."""

import numpy as np
import pandas as pd
import pytest

from analysis.counts import tabulate

ENGINES = ["pandas", "pandas_nullable", "polars", "polars_lazy", "duckdb", "dask"]


def responses(n: int = 400, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    status = rng.choice(tabulate.STATUSES, n, p=[0.7, 0.1, 0.1, 0.1])
    code = rng.integers(1, 6, n)
    valid = status == "valid"
    return pd.DataFrame(
        {
            "branch": rng.choice(["b10", "b2", "第一支部"], n),
            "role": rng.choice(["staff", "student"], n),
            "status": status,
            "satisfied": [bool(c >= 4) if v else None for c, v in zip(code, valid, strict=True)],
            "score": [25.0 * (c - 1) if v else None for c, v in zip(code, valid, strict=True)],
            "q1": np.where(valid, code, np.nan),
            "q2": rng.integers(1, 6, n).astype(float),
        }
    )


def convert(frame: pd.DataFrame, engine: str):
    if engine == "pandas":
        return frame
    if engine == "pandas_nullable":
        return frame.convert_dtypes()
    nullable = frame.astype({"satisfied": "boolean"})
    if engine == "dask":
        return pytest.importorskip("dask.dataframe").from_pandas(nullable, npartitions=3)
    columns = {name: [None if pd.isna(value) else value for value in frame[name]] for name in frame}
    polars = pytest.importorskip("polars")
    if engine == "polars":
        return polars.DataFrame(columns)
    if engine == "polars_lazy":
        return polars.LazyFrame(columns)
    duckdb = pytest.importorskip("duckdb")
    return duckdb.connect().from_df(nullable)


def count(frame, by):
    return tabulate.counts(frame, by=by, satisfied="satisfied", status="status", score="score")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", [[], ["branch"], ["branch", "role"]])
def test_counts_equal_plain_loop(engine, by):
    rows = responses()
    table = count(convert(rows, engine), by)

    expected: dict[tuple, dict[str, float]] = {}
    for row in rows.to_dict("records"):
        unit = expected.setdefault(tuple(row[name] for name in by), dict.fromkeys(COUNTS, 0))
        unit["n_responses"] += 1
        unit[f"n_{row['status']}"] += 1
        if row["status"] == "valid":
            unit["n_satisfied"] += int(row["satisfied"])
            unit["score_sum"] += row["score"]
    assert list(table.columns) == [*by, *COUNTS]
    assert [tuple(row) for row in table[by].to_numpy()] == sorted(expected)
    assert table[COUNTS].to_dict("records") == [expected[unit] for unit in sorted(expected)]


COUNTS = [
    "n_responses",
    "n_valid",
    "n_missing",
    "n_not_asked",
    "n_not_applicable",
    "n_satisfied",
    "score_sum",
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", [[], ["role"]])
def test_item_counts_equal_value_counts(engine, by):
    rows = responses()
    table = tabulate.item_counts(convert(rows, engine), ["q2", "q1"], by=by)
    expected = [
        (*unit, item, value, n)
        for unit, part in (rows.groupby(by) if by else [((), rows)])
        for item in ("q2", "q1")
        for value, n in part[item].value_counts(dropna=False).sort_index().items()
    ]
    assert table["item"].tolist() == [row[-3] for row in expected]
    assert np.array_equal(table["value"], [row[-2] for row in expected], equal_nan=True)
    assert table["n"].tolist() == [row[-1] for row in expected]
    assert table["n"].sum() == 2 * len(rows)


def test_units_without_a_name_are_kept():
    rows = responses(20).assign(branch=[None, *["b1"] * 19])
    assert count(rows, ["branch"])["n_responses"].tolist() == [19, 1]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_rows(engine):
    rows = responses(5)
    none = convert(rows, engine)
    none = none.filter("false") if engine == "duckdb" else none.head(0)
    if engine == "dask":
        none = convert(rows.head(0), engine)
    assert count(none, [])[COUNTS].to_numpy().tolist() == [[0] * 7]
    assert len(count(none, ["branch"])) == 0


def test_refuses_what_it_would_have_to_guess():
    rows = responses(20)
    with pytest.raises(ValueError, match="1 rows of 'status'"):
        count(rows.assign(status=["skipped", *rows["status"][1:]]), [])
    with pytest.raises(ValueError, match="no value of 'satisfied'"):
        count(rows.assign(status="valid", satisfied=[None, *[True] * 19], score=1.0), [])


@pytest.mark.parametrize("column", ["satisfied", "score"])
def test_polars_nan_is_no_answer(column):
    polars = pytest.importorskip("polars")
    values = {"status": ["valid", "valid"], "satisfied": [1.0, 0.0], "score": [100.0, 0.0]}
    values[column][0] = float("nan")
    with pytest.raises(ValueError, match="1 valid answers"):
        count(polars.DataFrame(values), [])


def test_counts_without_score_leave_the_sum_unknown():
    table = tabulate.counts(responses(20), by=[], satisfied="satisfied", status="status")
    assert table["score_sum"].isna().all()
