"""Arguments that people try: each is answered by a sentence that names it, never by a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from survey import project
from survey.decisions.values import moment, share
from survey.errors import UsageError

Try = Callable[[survey.Survey, survey.Simulation], object]
WRONG: dict[str, Try] = {
    "bar='85%'": lambda s, m: s.satisfaction(bar="85%"),
    "bar=90": lambda s, m: s.satisfaction(bar=90),
    "bar=0": lambda s, m: survey.plan(m.roster, bar=0),
    "bar='x'": lambda s, m: s.satisfaction(bar="x"),
    "palette='viridis'": lambda s, m: s.satisfaction().plot(palette="viridis"),  # type: ignore[arg-type]
    "figsize=5": lambda s, m: s.satisfaction().plot(figsize=5),  # type: ignore[arg-type]
    "figsize=(7, 'x')": lambda s, m: s.satisfaction().plot(figsize=(7, "x")),  # type: ignore[arg-type]
    "seed='x'": lambda s, m: s.drivers(seed="x"),  # type: ignore[arg-type]
    "seed=-1": lambda s, m: s.ranking(seed=-1),
    "suppose='95%'": lambda s, m: survey.plan(m.roster, suppose="95%"),
    "looks='soon'": lambda s, m: survey.plan(m.roster, looks=["soon"]),
    "reply_rate='x'": lambda s, m: s.fieldwork(reply_rate="x"),  # type: ignore[arg-type]
    "by='3'": lambda s, m: s.satisfaction(3),  # type: ignore[arg-type]
    "mask": lambda s, m: s.filter([True]),  # type: ignore[arg-type]
    "min_cell=0": lambda s, m: survey.read(m.export, roster=m.roster, min_cell=0),
    "keep='rate'": lambda s, m: survey.read(m.export, roster=m.roster, keep="rate"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> survey.Simulation:
    return survey.simulate(tmp_path_factory.mktemp("inputs"), n_branches=3, seed=1)


@pytest.fixture(scope="module")
def held(made: survey.Simulation) -> survey.Survey:
    return survey.read(made.export, roster=made.roster)


@pytest.mark.parametrize("named", WRONG)
def test_the_argument_is_named(named: str, held: survey.Survey, made: survey.Simulation) -> None:
    with pytest.raises(survey.UsageError) as caught:
        WRONG[named](held, made)
    assert named in caught.value.text("en")


FORMER: dict[str, Try] = {
    "confirm": lambda s, m: survey.read(m.export, mapping="映射.toml"),  # type: ignore[call-arg]
    "confirm now": lambda s, m: survey.check(m.export, mapping="映射.toml"),
    "satisfaction(level": lambda s, m: s.report("报告", method="blaker"),  # type: ignore[call-arg]
    "exact": lambda s, m: s.findings(method="blaker"),  # type: ignore[call-arg]
    "aliases()": lambda s, m: s.anonymise(seed=1),  # type: ignore[call-arg]
    "keep one": lambda s, m: s.aliases(seed=1),  # type: ignore[call-arg]
}
"""What is to be written now, and what was written in 0.1."""


@pytest.mark.parametrize("now", FORMER)
def test_an_argument_that_changed_is_answered_with_what_it_is_now(
    now: str, held: survey.Survey, made: survey.Simulation
) -> None:
    with pytest.raises(survey.UsageError) as caught:
        FORMER[now](held, made)
    assert now in caught.value.text("en")


@pytest.mark.parametrize("seed", range(3))
def test_a_mask_made_of_the_frame_finds_its_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"unit": rng.choice([*"ab"], 60), "q": rng.integers(1, 6, 60)})
    frame = frame.sample(frac=1, random_state=seed)  # labels in another order than rows
    held = survey.from_frame(frame, branch="unit", overall="q", satisfied=["4", "5"])
    wanted = frame["unit"] == "a"
    rows: Any
    for rows in (wanted, wanted.sample(frac=1, random_state=1), wanted.to_numpy(), [*wanted]):
        part = held.filter(rows)
        assert part.n_used == wanted.sum()
        assert part.branches == ["a"]
    with pytest.raises(survey.UsageError):
        held.filter(wanted.set_axis(range(100, 160)))


@given(st.text(max_size=400))
def test_any_name_of_a_file_becomes_one_that_every_system_takes(name: str) -> None:
    safe = project.safe_name(name)
    assert 0 < len(safe.encode()) <= 201
    assert not set(safe) & set('/\\:*?"<>|\n\0')
    assert safe not in (".", "..")
    assert project.safe_name(safe) == safe or safe.startswith("_")


def test_sizes_of_units_come_as_a_mapping_a_series_or_a_frame() -> None:
    answers = pd.DataFrame({"科室": ["内科"] * 8 + ["外科"] * 7, "q": [5, 5, 4, 5, 3] * 3})
    people = {"内科": 20, "外科": 10}
    named: dict[str, Any] = {"branch": "科室", "overall": "q", "satisfied": survey.at_least(4)}
    frame = pd.DataFrame({"科室": [*people], "人数": [*people.values()]})
    forms = (people, pd.Series(people), frame)
    held = [survey.from_frame(answers, roster=roster, **named) for roster in forms]
    first, *others = (one.satisfaction(by="科室").frame for one in held)
    assert first["population"].tolist() == [20, 10]
    assert all(first.equals(other) for other in others)
    assert survey.plan(people).frame["population"].unique().tolist() == [20, 10]


@pytest.mark.parametrize("thing", [[1, 2], 5, object()])
def test_what_is_no_frame_is_refused_in_words(thing: Any) -> None:
    answers = pd.DataFrame({"q": [5, 4, 3]})
    with pytest.raises(survey.UsageError, match="不是数据框"):
        survey.from_frame(thing, overall="q", satisfied=["5"])
    with pytest.raises(survey.UsageError, match="不是数据框"):
        survey.from_frame(answers, overall="q", satisfied=["5"], roster=thing)


@pytest.mark.parametrize(
    ("satisfied", "labels"),
    [([4, 5], ("5", "4")), (">=4", ("5", "4")), (["4", 5.0], ("5", "4")), (4, None), (4.5, None)],
)
def test_satisfied_answers_given_as_numbers(
    tmp_path: Path, satisfied: Any, labels: tuple[str, ...] | None
) -> None:
    answers = pd.DataFrame({"科室": list("甲乙") * 15, "总体": [5, 4, 3, 2, 1] * 6})
    answers.to_csv(tmp_path / "a.csv", index=False)
    named = {"branch": "科室", "overall": "总体", "satisfied": satisfied}
    for take in (
        lambda: survey.from_frame(answers, **named),
        lambda: survey.read(tmp_path / "a.csv", **named),
    ):
        if labels is None:
            with pytest.raises(survey.UsageError, match="at_least"):
                take()
        else:
            assert take().satisfaction().satisfied_labels == labels


@pytest.mark.parametrize("until", ["9999-12-31", "9999-12-31 23:59:59.999999", "0000-01-01", "²"])
def test_days_without_a_next_one_are_none(until: str) -> None:
    with pytest.raises(UsageError, match="不是日期"):
        moment(until)


@pytest.mark.parametrize("text", ["1e-400", "0.99999999999999999999", "nan", "inf", "²"])
def test_shares_lie_inside_whatever_is_written(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        share(text)


@pytest.mark.parametrize("name", ["branch", "role", "overall", "q01", "weight"])
def test_rows_may_be_labelled_by_a_name_of_ours(name: str) -> None:
    frame = pd.DataFrame({"dept": [*"AB"] * 9, "q": [5, 4, 3] * 6, "a": [5, 4] * 9})
    given = {"branch": "dept", "overall": "q", "satisfied": ["5"], "dimensions": {"A": "a"}}
    plain = survey.from_frame(frame, **given)
    made = survey.from_frame(frame.rename_axis(name), **given)
    for by in ("branch", None):
        pd.testing.assert_frame_equal(made.satisfaction(by).frame, plain.satisfaction(by).frame)
    assert len(made.responses_by_item("branch").frame) == len(
        plain.responses_by_item("branch").frame
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"keep": "q01"}, "q01"),
        ({"keep": "overall"}, "overall"),
        ({"frame": pd.DataFrame([[1, 2]], columns=["q", "q"])}, "'q'"),
        ({"frame": pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "q")]))}, "'q'"),
        ({"dimensions": ["q"]}, "mapping"),
    ],
)
def test_what_cannot_be_meant_is_refused(changed: dict[str, Any], said: str) -> None:
    frame = pd.DataFrame({"q": [5, 4, 3] * 6, "q01": 1, "overall": 1})
    with pytest.raises(survey.UsageError) as fault:
        survey.from_frame(**{"frame": frame, "overall": "q", "satisfied": ["5"], **changed})
    assert said in fault.value.text("en")
