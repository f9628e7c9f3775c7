"""A breakdown of too few branches: figures without intervals, and no word that needs one."""

from __future__ import annotations

import re
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest

import survey
from survey import charts
from survey.errors import Language
from survey.report.sections import breakdown as section
from survey.report.sections import compose
from survey.report.texts import sentence
from survey.report.wording import breakdown, breakdown_notes
from survey.results import Drivers

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> survey.Survey:
    folder = tmp_path_factory.mktemp("three")
    made = survey.simulate(folder, n_branches=3, seed=3, sizes=(150, 300))
    return survey.read(made.export, roster=made.roster)


@pytest.fixture(scope="module")
def drivers(three: survey.Survey) -> Drivers:
    return three.drivers()


def test_figures_stand_and_intervals_are_missing(drivers: Drivers) -> None:
    assert drivers.status == "full"
    assert "no_intervals" in drivers.flags
    for frame in (drivers.frame, drivers.items, drivers.branches):
        assert np.isfinite(frame["contribution"]).all()
        assert frame[["low", "high"]].isna().all(axis=None)
    assert drivers.order.empty
    assert drivers.diagnostics["probability_first"].isna().all()


@pytest.mark.parametrize(
    ("language", "withheld", "size"),
    [("zh", "区间不公布", "个百分点"), ("en", "interval withheld", "percentage points")],
)
def test_sentences(drivers: Drivers, language: Language, withheld: str, size: str) -> None:
    row = drivers.frame.iloc[0].to_dict()
    text = breakdown.one_dimension(row, "4", drivers.level, language)
    assert withheld in text
    assert "区分" not in text
    assert "distinguishable" not in text
    assert breakdown.pairs(drivers, language) == ""
    why = sentence(language, "breakdown_flag.no_intervals")
    assert breakdown_notes.flags(drivers, language) == (why,)
    full = replace(drivers, status="full")
    assert breakdown.largest(full, "4", language) == why
    assert breakdown.largest(drivers, "4", language).endswith(why)
    assert size not in breakdown.largest(drivers, "4", language)
    table = section.drivers(drivers, language)
    assert (table.frame["distinguishable"] == "—").all()


def test_nothing_breaks_on_missing_intervals(three: survey.Survey, drivers: Drivers) -> None:
    drivers.to_display("zh")
    assert "<table" in drivers._repr_html_()
    for draw in (drivers.plot, drivers.plot_items, drivers.plot_branches):
        draw()
        plt.close("all")
    drivers.plot_branch(str(drivers.branch_totals["branch"].iloc[0]))
    plt.close("all")
    for language in LANGUAGES:
        text = charts.describe("waterfall", drivers, language=language)
        assert "distinguishable" not in text
        assert "区分" not in text
        texts = re.findall(r"text='([^']*)'", repr(compose(three.findings(), language)))
        assert any(sentence(language, "breakdown_flag.no_intervals") in text for text in texts)
        assert not any(re.search(r"\bnan\b", text) for text in texts)
