"""Other tools' measures beside the breakdown: named for what they are, hidden with it."""

from __future__ import annotations

import dataclasses

import pytest

from survey import charts
from survey.errors import Language
from survey.report.document import Table, Text
from survey.report.sections import compose, models
from survey.report.texts import sentence
from survey.report.wording import breakdown_notes
from tests.survey import results_samples as samples

LANGUAGES: tuple[Language, ...] = ("zh", "en")
WITHHELD = (
    "sum_only_vif",
    "none_too_few_events",
    "none_no_convergence",
    "none_separation",
    "none_extreme_slope",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", WITHHELD)
def test_nothing_steps_into_the_place_of_a_withheld_breakdown(
    status: str, language: Language
) -> None:
    result = samples.sample_drivers(status=status)
    assert not result.companions.empty
    findings = dataclasses.replace(samples.sample_findings(), drivers=result)
    assert "explained_variance" not in {t.name for t in compose(findings, language).tables()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_quadrants_describe_and_do_not_advise(language: Language) -> None:
    blocks = models.companions(samples.sample_drivers(), language)
    (table,) = (block for block in blocks if isinstance(block, Table))
    quadrants = set(table.frame["quadrant"])
    assert len(quadrants) == 4
    words = ("评分", "相关") if language == "zh" else ("score", "correlation")
    assert all(word in text for text in quadrants for word in words)
    advice = ("重点", "投入", "次要", "保持", "priority", "overkill", "concentrate", "keep")
    assert not any(word in text for text in quadrants for word in advice)
    said = " ".join(block.text for block in blocks if isinstance(block, Text))
    assert ("没有区间" if language == "zh" else "without intervals") in said


@pytest.mark.parametrize("status", [s for s in WITHHELD if s.startswith("none")])
def test_where_nothing_is_broken_down_nothing_is_said_of_intervals_or_the_floor(
    status: str,
) -> None:
    result = dataclasses.replace(
        samples.sample_drivers(5, status=status), flags=("few_clusters", "floor_unsupported")
    )
    for language in LANGUAGES:
        assert breakdown_notes.flags(result, language) == ()
        findings = dataclasses.replace(samples.sample_findings(), drivers=result)
        said = {b.text for b in compose(findings, language).blocks() if isinstance(b, Text)}
        flags = ("few_clusters", "floor_unsupported")
        assert not said & {sentence(language, f"breakdown_flag.{flag}") for flag in flags}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_branch_is_compared_by_the_interval_of_the_difference(language: Language) -> None:
    result = samples.sample_drivers(12)
    branch = result.branches["branch"].iloc[0]
    own = result.branches["branch"] == branch
    title = result.branches.loc[own, "title" if language == "zh" else "title_en"].iloc[0]
    frame = result.branches.copy()
    # the branch's own interval excludes the university's value, that of the difference holds 0
    frame.loc[own, ["low", "high", "university"]] = [0.02, 0.03, 0.01]
    frame.loc[own, ["difference_low", "difference_high"]] = [-0.001, 0.02]
    words = charts.describe(
        "branch_dimensions",
        dataclasses.replace(result, branches=frame),
        {"branch": branch},
        language=language,
    )
    assert title not in words
    assert ("都含 0" if language == "zh" else "contain 0") in words
    first = frame.index[own][0]
    frame.loc[first, ["difference_low", "difference_high"]] = [0.001, 0.02]
    words = charts.describe(
        "branch_dimensions",
        dataclasses.replace(result, branches=frame),
        {"branch": branch},
        language=language,
    )
    assert title in words
    frame.loc[own, ["difference_low", "difference_high"]] = float("nan")
    words = charts.describe(
        "branch_dimensions",
        dataclasses.replace(result, branches=frame),
        {"branch": branch},
        language=language,
    )
    assert ("不作比较" if language == "zh" else "nothing is compared") in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dimension_is_named_though_its_id_is_a_part_of_another_or_of_a_title(
    language: Language,
) -> None:
    result = samples.sample_drivers()
    own = result.frame["dimension"].tolist()
    ids = ["work", "work_style", *own[2:]]
    frame = result.frame.assign(dimension=ids, title_en=["work_style", *own[1:]])
    told = result.sensitivity.assign(reversed="work > work_style; work_style > work")
    renamed = dataclasses.replace(result, frame=frame, sensitivity=told)
    (table,) = models.sensitivity(renamed, language)
    a, b = frame["title" if language == "zh" else "title_en"].head(2)
    assert isinstance(table, Table)
    assert set(table.frame["reversed"]) == {f"{a} > {b}; {b} > {a}"}
