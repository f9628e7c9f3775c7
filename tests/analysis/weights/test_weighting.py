"""Weighted estimates against R's survey package."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.proportions import intervals
from analysis.weights import weighting

REFERENCES = Path(__file__).parents[2] / "references"
REFERENCE = json.loads((REFERENCES / "survey_weighted.json").read_text())
CASES = REFERENCE["cases"]
CELLS = REFERENCE["inputs"]["population"]["cells"]
BRANCHES = sorted({cell["branch"] for cell in CELLS})
ROLES = ["staff", "student"]


def tables() -> dict[str, np.ndarray]:
    """Counts and sums by branch × role."""
    shape = (len(BRANCHES), len(ROLES))
    table = {name: np.zeros(shape) for name in ("n", "x", "N")}
    with (REFERENCES / "survey_weighted.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cell = BRANCHES.index(row["branch"]), ROLES.index(row["role"])
            table["n"][cell] += 1
            table["x"][cell] += float(row["score"]) >= 4
            table["N"][cell] = int(row["N_h"])
    return table


TABLE = tables()


def part(case: dict) -> dict[str, np.ndarray]:
    """The strata of a case, in one line."""
    if case["id"].startswith("university"):
        return {name: values.ravel() for name, values in TABLE.items()}
    if case["id"] in ROLES:
        return {name: values[:, ROLES.index(case["id"])] for name, values in TABLE.items()}
    return {name: values[BRANCHES.index(case["id"])] for name, values in TABLE.items()}


ALL = [
    CASES["university"],
    *CASES["roles"],
    *CASES["branches"],
]
# Rows with standard error 0 (census, all answers alike) are artefacts of the method: an interval of
# no width for an incomplete sample, or none at all. What we give there is tested below.
REGULAR = [case for case in ALL if not case["degenerate"]]
name = {"ids": lambda case: case["id"]}


@pytest.mark.parametrize("case", ALL, **name)
def test_rate(case):
    data = part(case)
    result = weighting.stratified_proportion(data["x"], data["n"], data["N"])
    assert float(result.rate) == pytest.approx(case["rate"], abs=1e-10)
    assert float(result.se) == pytest.approx(case["rate_se"], rel=1e-7, abs=1e-15)
    assert int(result.df) == case["df"]


INTERVALS = [
    pytest.param(case, case["svyciprop"]["beta"], id=case["id"])
    for case in REGULAR
    if not case["svyciprop"]["beta"].get("degenerate", False)
]


@pytest.mark.parametrize(("case", "expected"), INTERVALS)
def test_interval(case, expected):
    data = part(case)
    result = weighting.stratified_proportion(data["x"], data["n"], data["N"])
    assert float(result.low) == pytest.approx(expected["low"], abs=1e-6)
    assert float(result.high) == pytest.approx(expected["high"], abs=1e-6)


@pytest.mark.parametrize("case", [case for case in ALL if case["degenerate"]], **name)
def test_where_the_standard_error_is_0(case):
    data = part(case)
    result = weighting.stratified_proportion(data["x"], data["n"], data["N"])
    if case["census"]:
        assert float(result.low) == float(result.high) == case["rate"]
    else:
        exact = intervals.binomial_interval(case["x"], case["n"])
        assert float(result.low) == pytest.approx(float(exact.low), abs=1e-12)
        assert float(result.high) == 1


def test_all_branches_at_once():
    together = weighting.stratified_proportion(TABLE["x"], TABLE["n"], TABLE["N"])
    assert together.rate == pytest.approx([case["rate"] for case in CASES["branches"]], abs=1e-10)
    assert together.se.shape == (40,)


UNIT = st.integers(0, 50).flatmap(
    lambda N: st.integers(0, N).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(N))
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(UNIT, min_size=1, max_size=4))
def test_never_nan_and_inside(units):
    x, n, N = np.array(units).T
    result = weighting.stratified_proportion(x, n, N)
    assert 0 <= result.low <= result.high <= 1
    if n.sum() == 0:
        assert np.isnan(result.rate)
        assert (result.low, result.high) == (0, 1)
    else:
        assert result.low - 1e-9 <= result.rate <= result.high + 1e-9
    # an empty stratum changes nothing
    padded = weighting.stratified_proportion([*x, 0], [*n, 0], [*N, 0])
    assert float(padded.low) == pytest.approx(float(result.low), abs=1e-12)
    assert float(padded.high) == pytest.approx(float(result.high), abs=1e-12)


def test_single_answers_borrow_the_spread_of_all():
    alone = weighting.stratified_proportion([1, 5], [1, 10], [20, 20])
    assert alone.se > weighting.stratified_proportion([1, 5], [20, 10], [20, 20]).se > 0


def test_refusals():
    with pytest.raises(ValueError, match="level"):
        weighting.korn_graubard(0.5, 0.1, 10, df=9, level=95)
