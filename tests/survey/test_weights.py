"""Weights of the user's own: in every rate, bound and the breakdown, without raw counts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

import survey

LADDER = ["很好", "好", "一般", "差"]
OPTIONS: dict[str, Any] = {
    "branch": "支部",
    "role": "身份",
    "overall": "总体",
    "satisfied": LADDER[:2],
    "ladder": LADDER,
    "dimensions": {"甲": ["a", "b"], "乙": ["c"]},
}


@pytest.fixture(scope="module")
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(4)
    rows, sizes = [], []
    for i in range(12):
        for role in ("教工", "学生"):
            people = int(rng.integers(14, 40))
            sizes.append((f"支部{i:02}", role, people))
            for _ in range(rng.binomial(people, 0.7)):
                mood = rng.normal()
                answers = np.digitize(mood + rng.normal(size=4), [-1.6, -1.2, -0.3])
                rows.append((f"支部{i:02}", role, *(LADDER[3 - a] for a in answers)))
    frame = pd.DataFrame(rows, columns=["支部", "身份", "总体", "a", "b", "c"])
    roster = pd.DataFrame(sizes, columns=["支部", "身份", "人数"])
    return frame.assign(w=rng.gamma(4, size=len(frame)) / 4), roster


def test_rates_and_bounds_are_those_of_weighted_answers(tables: Any) -> None:
    frame, roster = tables
    held = survey.from_frame(frame, roster=roster, weights="w", **OPTIONS)
    frame = frame.assign(x=frame["总体"].isin(LADDER[:2]) * 1.0)
    units = [*frame.groupby("支部"), (None, frame)]
    table = pd.concat([held.satisfaction().frame, held.satisfaction(None).frame])
    assert set(table["estimator"]) == {"weighted"}
    for (_, own), row in zip(units, table.to_dict("records"), strict=True):
        n, by_hand = len(own), DescrStatsW(own["x"], own["w"])
        assert row["rate"] == pytest.approx(by_hand.mean, rel=1e-12)
        residuals = own["w"] * (own["x"] - by_hand.mean)
        se = np.sqrt(n / (n - 1) * (residuals**2).sum()) / own["w"].sum()
        answers = by_hand.mean * (1 - by_hand.mean) / se**2 if se else by_hand.sum_weights**2
        x = by_hand.mean * answers
        if se:  # Clopper and Pearson at the effective number of answers
            assert row["lower"] == pytest.approx(stats.beta.ppf(0.05, x, answers - x + 1))
            assert row["upper"] == pytest.approx(stats.beta.ppf(0.95, x + 1, answers - x))
        goal = "meets" if row["lower"] >= 0.9 else "below" if row["upper"] < 0.9 else "inconclusive"
        assert row["verdict"] == goal


def test_equal_weights_change_no_rate(tables: Any) -> None:
    frame, _ = tables
    plain = survey.from_frame(frame, **OPTIONS)
    equal = survey.from_frame(frame.assign(w=3.0), weights="w", **OPTIONS)
    for by in (None, "branch", "role"):
        one, other = (held.satisfaction(by).frame for held in (plain, equal))
        for name in ("rate", "index"):
            np.testing.assert_allclose(one[name], other[name], rtol=1e-12)
        items, others = (held.responses_by_item(by) for held in (plain, equal))
        pd.testing.assert_series_equal(items.frame["share"], others.frame["share"])
        for name in ("rate", "index"):
            pd.testing.assert_series_equal(items.summary[name], others.summary[name])
    one, other = (held.drivers().frame["contribution"] for held in (plain, equal))
    np.testing.assert_allclose(one, other, atol=1e-9)
    # bounds of equal weights are those of as many answers, but for the correction of n - 1
    whole = [held.satisfaction(None).frame.iloc[0] for held in (plain, equal)]
    assert whole[1]["lower"] == pytest.approx(whole[0]["lower"], abs=2e-3)


def test_a_weight_of_two_counts_like_two_answers_in_the_breakdown(tables: Any) -> None:
    frame, _ = tables
    double = frame["身份"] == "学生"
    held = survey.from_frame(frame.assign(w=1.0 + double), weights="w", **OPTIONS)
    twice = survey.from_frame(pd.concat([frame, frame[double]]), **OPTIONS)
    slopes = held.drivers().model.params
    np.testing.assert_allclose(slopes, twice.drivers().model.params, rtol=1e-6)
    for name in ("observed_rate", "predicted_rate"):
        assert held.drivers().summary[name] == pytest.approx(twice.drivers().summary[name])


def test_a_report_prints_weighted_rates_without_counts(tables: Any, tmp_path: Path) -> None:
    frame, roster = tables
    held = survey.from_frame(frame, roster=roster, weights="w", **OPTIONS)
    for table in held.published().values():
        assert table.frame["n_satisfied"].isna().all()
        assert table.frame["share_of_answers"].isna().all()
    found = held.findings()
    assert found.items is not None
    assert found.items.summary["n_satisfied"].isna().all()
    assert found.items.frame["n"].isna().all()
    assert found.drivers is not None
    assert not {"n_dissatisfied", "n_satisfied"} & set(found.drivers.summary)
    held.report(tmp_path / "r")
    page = (tmp_path / "r" / "report.html").read_text(encoding="utf-8")
    assert "加权" in page
    assert "近似" in page
    assert not re.search(r"\d\s*人不满意（", page)
    assert "其中不满意" not in page
    with pytest.raises(survey.UsageError, match="weights"):
        held.compare(held)
    assert held.ranking().status == "none_weighted"


@pytest.mark.parametrize("wrong", [[-1.0], ["x"], [None], [np.inf]])
def test_what_is_no_weight_is_named(tables: Any, wrong: list[Any]) -> None:
    frame = tables[0].assign(w=[*wrong, *[1.0] * (len(tables[0]) - 1)])
    with pytest.raises(survey.UsageError, match="第 1 行"):
        survey.from_frame(frame, weights="w", **OPTIONS)


def test_intervals_and_scores_of_weighted_answers(tables: Any) -> None:
    frame, _ = tables
    held = survey.from_frame(frame, weights="w", **OPTIONS)
    row = held.satisfaction(None, level=0.9).frame.iloc[0]
    assert (row["low"], row["high"]) == pytest.approx((row["lower"], row["upper"]))
    with pytest.raises(survey.UsageError, match="weights"):
        held.score("national-2009")
