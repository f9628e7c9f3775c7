"""Announced looks: verdicts, bounds over all looks, and reports before the end."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy import stats

import survey
from analysis.design.sequential import spending, thresholds
from analysis.proportions import bounds
from survey.estimation.looks import Looks
from survey.results import Satisfaction
from tests.survey import offices
from tests.survey.estimation.test_satisfaction import MEMBER, NO, YES

LOOKS, END = ["2025-11-01", "2025-11-02"], "2025-11-03"


def _survey(
    folder: Path, days: list[list[str]], size: int, until: str = END, looks: list[str] = LOOKS
) -> survey.Survey:
    """Make a survey of one branch with the answers of each day."""
    folder.mkdir(exist_ok=True)
    answers = [("甲", MEMBER, answer) for day in days for answer in day]
    times = [
        f"2025/11/{number} 9:{i // 60:02d}:{i % 60:02d}"
        for number, day in enumerate(days, start=1)
        for i in range(len(day))
    ]
    export = offices.export(folder / "导出.csv", answers, times=times)
    roster = offices.roster(folder / "名册.csv", {"甲": size})
    return survey.read(export, roster=roster, questionnaire=offices.SHORT, until=until, looks=looks)


def _row(held: survey.Survey) -> pd.Series:
    return held.satisfaction().frame.set_index("branch").loc["甲"]


def test_a_verdict_of_an_early_look_stays(tmp_path: Path) -> None:
    critical = thresholds([40, 60, 80], 100, spending(3))
    days = [[YES] * 40, [NO] * 7 + [YES] * 13, [YES] * 20]
    assert critical.most_dissatisfied.tolist() == [0, 3, 5]
    early = _row(_survey(tmp_path / "a", days, 100))
    assert early["verdict"] == "meets"
    assert any("3 次" in zh for zh, _ in _survey(tmp_path / "a", days, 100).notices)
    assert early["lower"] >= 0.9
    assert np.isnan(early["p_meets"])
    late = _row(_survey(tmp_path / "b", [days[1] + [YES] * 20, [YES] * 20, [YES] * 20], 100))
    assert late["verdict"] == "inconclusive"
    alone = _row(_survey(tmp_path / "c", days, 100, looks=[]))
    assert alone["verdict"] == "inconclusive"


def _paths(n_valid: list[int], N: int) -> tuple[np.ndarray, np.ndarray]:
    """List all x at the looks, and their chances for every K in rows."""
    steps = np.diff([0, *n_valid])
    gains = np.array(list(product(*(range(step + 1) for step in steps))))
    K = np.arange(N + 1)[:, None]
    chance, left, before = np.ones((N + 1, len(gains))), K, 0
    for step, gain in zip(steps, gains.T, strict=True):
        chance = chance * np.nan_to_num(stats.hypergeom.pmf(gain, N - before, left, step))
        left, before = np.maximum(left - gain, 0), before + step
    return np.cumsum(gains, axis=1), chance


def _table(x: np.ndarray, n: int, N: int, found: bounds.Bounds | None = None) -> Satisfaction:
    names = np.arange(len(x))
    frame = pd.DataFrame(
        {"branch": names, "population": N, "n_valid": n, "n_satisfied": x, "lower": 0, "upper": 1}
    )
    if found is not None:
        frame = frame.assign(lower=found.lower / N, upper=found.upper / N)
    return Satisfaction(frame, ("branch",), "0.9", 0.05, None, "exact", 5, ())


@pytest.mark.parametrize("is_one_sample", [True, False])
@pytest.mark.parametrize(("N", "n_valid"), [(10, [4, 7, 9]), (24, [8, 14, 19]), (33, [16, 27])])
def test_each_bound_holds_at_all_looks_together(N, n_valid, is_one_sample) -> None:  # type: ignore[no-untyped-def]
    x, chance = _paths(n_valid, N)
    assert chance.sum(axis=1) == pytest.approx(np.ones(N + 1))
    spent = spending(len(n_valid))
    steps = np.diff([0, *spent])
    tables = []
    for look, (n, step) in enumerate(zip(n_valid, steps, strict=True)):
        size = np.full(len(x), N)
        found = bounds.whole(x[:, look], np.full(len(x), n), size, alpha=step)
        tables.append(_table(x[:, look], n, N, found))
    looks = Looks(tuple(tables[:-1]), spent)
    joined = looks.tighten(found, tables[-1].frame, "0.9", is_one_sample=is_one_sample)
    K = np.arange(N + 1)[:, None]
    assert np.max((chance * (joined.lower > K)).sum(axis=1)) <= 0.05 + 1e-9
    assert np.max((chance * (joined.upper < K)).sum(axis=1)) <= 0.05 + 1e-9
    critical = thresholds(n_valid, N, spent)
    meets = ((np.array(n_valid) - x) <= critical.most_dissatisfied).any(axis=1)
    K0 = -(-9 * N // 10)
    if is_one_sample:
        assert ((joined.lower >= K0) == meets).all()
    else:
        assert (meets | (joined.lower < K0)).all()


def test_before_the_end_a_report_knows_no_answers(tmp_path: Path) -> None:
    pages = []
    for answer in (YES, NO):
        held = _survey(tmp_path / answer, [[answer] * 30], 40, until="2999-12-31", looks=[])
        folder = held.report(tmp_path / f"报告{answer}")
        assert {path.name for path in folder.iterdir()} == {
            *("report.html", "report.docx", "results.xlsx", "run.json")
        }
        pages.append((folder / "report.html").read_text(encoding="utf-8"))
    assert pages[0] == pages[1]
    assert "只公布回收情况" in pages[0]
    assert "未达标" not in pages[0]


def test_at_a_look_the_verdict_alone_is_published(tmp_path: Path) -> None:
    held = _survey(
        tmp_path / "s", [[YES] * 40, [NO] * 20], 100, until="2999-12-31", looks=["2025-11-01"]
    )
    folder = held.report(tmp_path / "报告")
    book = openpyxl.load_workbook(folder / "results.xlsx")
    cells = [value for sheet in book for row in sheet.values for value in row]
    assert "达标" in cells
    assert "第 1 次查看的判定" in (folder / "report.html").read_text(encoding="utf-8")
    assert not {"满意率", "满意人数", "下限"} & set(cells)
    assert held.at_look(datetime(2025, 11, 1, 12)) is None


@pytest.mark.parametrize(
    ("looks", "until"), [(["2025-11-01"], None), (["2025-11-04"], "2025-11-03"), (["某日"], END)]
)
def test_looks_need_an_end_and_an_order(tmp_path: Path, looks: list[str], until: str) -> None:
    with pytest.raises(survey.UsageError):
        _survey(tmp_path / "x", [[YES]], 10, until=until, looks=looks)


def test_looks_need_a_roster(tmp_path: Path) -> None:
    export = offices.export(tmp_path / "a.csv", [("甲", MEMBER, YES)] * 9)
    with pytest.raises(survey.UsageError, match="名册"):
        survey.read(export, questionnaire=offices.SHORT, until=END, looks=LOOKS)


def test_an_open_survey_bears_the_title_that_was_decided(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path / "inputs", n_branches=3, seed=1)
    decided = {"survey": {"title": "我的题目", "until": "2099-01-01"}}
    held = survey.read(made.export, roster=made.roster, confirm=decided)
    page = held.report(tmp_path / "report") / "report.html"
    assert "<title>我的题目" in page.read_text(encoding="utf-8")


def test_what_is_read_with_looks_is_checked_with_looks(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path / "inputs", n_branches=3, seed=1)
    given = {"roster": made.roster, "looks": ["2026-05-01"], "until": "2026-06-01"}
    assert survey.check(made.export, **given).errors == survey.check(made.export).errors
    assert survey.read(made.export, **given).timetable.has_looks
