"""Protect random universities, then try to work out what is withheld from all that is published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import questionnaires
from questionnaires import scoring
from survey import privacy
from survey.estimation import comments, scores
from tests.survey.privacy.attacker import (
    attack,
    figures_in_withheld_rows,
    singled_out,
    tables_of,
)
from tests.survey.privacy.universities import MIN_CELL, POINTS, findings, people, survey_of

SHAPES: dict[str, dict[str, Any]] = {
    "5 of 8–15": {"n_branches": 5, "sizes": (8, 15)},
    "8 of 20–60": {"n_branches": 8, "sizes": (20, 60)},
    "12 of 8–15": {"n_branches": 12, "sizes": (8, 15)},
    "20 of 8–40": {"n_branches": 20, "sizes": (8, 40)},
    "40 of 8–40": {"n_branches": 40, "sizes": (8, 40), "rate": 0.95},
    "60 of 8–300": {"n_branches": 60, "sizes": (8, 300)},
}


def inner_of(found: Any) -> Any:
    return found.tables["branch", "role"].frame.set_index(["branch", "role"])["n_valid"].astype(int)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(5))
def test_no_small_group_is_singled_out_or_shown_to_hold_anybody(shape: str, seed: int) -> None:
    raw = findings(people(seed, **SHAPES[shape]))
    published = tables_of(privacy.protect(raw))
    assert not singled_out(published, inner=inner_of(raw))
    assert not figures_in_withheld_rows(published)
    if SHAPES[shape]["n_branches"] >= 12:
        result = attack(published, points=POINTS, inner=inner_of(raw))
        assert not result["holds"].any(), result[result["holds"]].to_string()


@pytest.mark.parametrize("shape", [name for name in SHAPES if SHAPES[name]["n_branches"] >= 12])
@pytest.mark.parametrize("seed", range(3))
def test_scores_beside_the_counts_show_nobody_either(shape: str, seed: int) -> None:
    rows = people(seed, **SHAPES[shape])
    raw = findings(rows)
    published = privacy.protect(raw)
    asked = published.questionnaire
    answers = rows["points"] / 25 + 1
    roles = rows["role"].map({role.title: role.id for role in asked.roles})
    rule = scoring.load("national-2009")
    scored = scores(rows.assign(role=roles), answers, asked, rule, published.tables).frame
    tables = tables_of(published)
    tables["overall"] = tables["overall"].assign(index=scored["score"][:1].to_numpy())
    tables["by_branch"] = tables["by_branch"].assign(index=scored["score"][1:].to_numpy())
    for name in tables.keys() - {"overall", "by_branch"}:
        tables[name] = tables[name].drop(columns="index")
    assert tables["by_branch"]["index"].notna().any()
    result = attack(tables, points=(80.0, 60.0), inner=inner_of(raw))
    assert not result["holds"].any(), result[result["holds"]].to_string()


@pytest.mark.parametrize(
    "shape",
    [
        {"n_branches": 14, "no_role": 0.05},
        {"n_branches": 14, "no_branch": 0.03, "no_role": 0.03},
        {"n_branches": 14, "n_roles": 3, "sizes": (8, 80)},
        {"n_branches": 30, "n_roles": 4, "sizes": (30, 120), "no_role": 0.02},
        {"n_branches": 6, "n_roles": 3},
        {"n_branches": 2},
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", range(4))
def test_more_roles_and_blanks(shape: dict[str, Any], seed: int) -> None:
    raw = findings(people(seed, **shape))
    published = tables_of(privacy.protect(raw))
    assert not singled_out(published, inner=inner_of(raw))


@pytest.mark.parametrize("seed", range(3))
def test_nothing_can_be_worked_out_without_roles(seed: int) -> None:
    raw = findings(people(seed, n_branches=8), roles=False)
    assert not singled_out(tables_of(privacy.protect(raw)))


@pytest.mark.parametrize("seed", range(3))
def test_the_attacker_sees_through_withholding_small_units_only(seed: int) -> None:
    raw = findings(people(seed, n_branches=14))
    careless = {}
    for name, frame in tables_of(raw).items():
        few = frame["n_valid"].between(1, MIN_CELL - 1)
        careless[name] = privacy.withhold(frame, few.map({True: "few", False: ""}))
    assert singled_out(careless)
    assert attack(careless, points=POINTS)["determined"].any()


def test_the_attacker_sees_a_dissatisfied_person_by_whole_numbers() -> None:
    # Of role r ten are dissatisfied, in branch b eight in all: so the two of role r in a are.
    rows = survey_of({"a": {"r": (0, 2), "s": (9, 1)}, "b": {"r": (1, 8), "s": (9, 0)}})
    raw = findings(rows)
    tables = tables_of(raw)
    inner = inner_of(raw)
    del tables["by_branch_role"]
    (told,) = attack(tables, inner=inner).to_dict("records")
    assert (told["branch"], told["role"], told["low"], told["own_low"]) == ("a", "r", 2, 1)
    assert told["holds"]
    assert told["determined"]
    assert not singled_out(tables, inner=inner)


def test_no_withheld_row_keeps_a_figure() -> None:
    raw = findings(people(1, n_branches=14, sizes=(3, 20)))
    protected = privacy.protect(raw)
    frame = protected.tables["branch",].frame
    assert (frame["verdict"] == "withheld").any()
    branches = replace(protected.tables["branch",], frame=frame.assign(bound_low=0.5))
    careless = replace(protected, tables={**protected.tables, ("branch",): branches})
    assert not figures_in_withheld_rows(tables_of(protected))
    assert ("by_branch", "bound_low") in figures_in_withheld_rows(tables_of(careless))


@pytest.mark.parametrize("seed", range(20))
def test_counts_of_comments_leave_no_few_by_subtraction(seed: int) -> None:
    """Every comment on one indicator or on none: then counts add up, and differences tell most."""
    asked = questionnaires.load("jiangsu-2014")
    rng = np.random.default_rng(seed)
    words = [i.keywords[0] for d in asked.dimensions for i in d.indicators]
    n = rng.poisson(rng.choice([0, 3, 12, 30], len(words) + 1))
    texts = pd.Series(np.repeat([*words, "嗯"], n))
    found = comments(texts, asked)
    assert found is not None
    whole = found.frame[found.frame["number"].isna()]
    sets = [(found.n, whole["n"])]
    for dimension, part in found.frame.groupby("dimension"):
        (total,) = whole.loc[whole["dimension"] == dimension, "n"]
        sets.append((total, part.loc[part["number"].notna(), "n"]))
    for total, parts in sets:
        if total is not None and pd.notna(total):
            assert not 0 < int(total) - int(parts.sum()) < found.least
        assert not parts.between(1, found.least - 1).any()
