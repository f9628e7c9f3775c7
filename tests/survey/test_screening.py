from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import questionnaires
import survey
from survey.coding import Responses, code, concatenate, match_columns
from survey.errors import RosterError, UsageError
from survey.readers import open_export
from survey.screening import DEFAULT_RULES, Rule, Screening, load_rules, screen, within
from survey.screening.checks import CHECKS
from tests.survey import offices

LONG = questionnaires.load("jiangsu-2014")
ITEMS = tuple(LONG.item(id).text for id in LONG.item_ids[:6])
QUESTIONS = (offices.BRANCH, offices.OVERALL, *ITEMS)
CHECK = LONG.attention


def read(path: Path, rows: Sequence[Sequence[object]], **given: Any) -> Responses:
    given.setdefault("questions", QUESTIONS[: len(rows[0])])
    export = open_export(offices.export(path, rows, **given))
    return code(export, LONG, match_columns(export, LONG, given.pop("mapping", None)))


def hits(screening: Screening, rule: str) -> list[int]:
    """Give the rows of the file, without its header, that a rule touches."""
    audit = screening.audit
    return [int(row) - 2 for row in audit.loc[audit["rule"] == rule, "row"]]


def person(branch: str, *answers: str) -> tuple[str, ...]:
    return (branch, "满意", *answers)


MIXED = ("满意", "一般", "满意", "不满意", "满意", "一般")
ALIKE = ("满意",) * 6


def test_every_default_rule_has_a_check_and_every_check_a_rule() -> None:
    assert {rule.name for rule in DEFAULT_RULES} == set(CHECKS)


def test_rows_read_are_used_and_removed(tmp_path: Path) -> None:
    rows = [person(branch, *MIXED) for branch in ("甲", "", "测试", "test", "乙", "(空)")]
    made = screen(read(tmp_path / "a.csv", rows))
    assert hits(made, "branch_missing") == [1, 5]
    assert hits(made, "test_row") == [2, 3]
    assert made.used.tolist() == [True, False, False, False, True, False]
    assert made.tally("remove")["n"].sum() == (~made.used).sum()


def test_no_rows_are_screened_as_well() -> None:
    nobody = pd.DataFrame({"branch": pd.Series(dtype=str), "overall": pd.Series(dtype=float)})
    assert screen(survey.from_coded(nobody).responses).audit.empty


def test_a_removed_row_is_listed_once(tmp_path: Path) -> None:
    row = person("", *ALIKE)
    made = screen(
        read(tmp_path / "a.csv", [row] * 2, serials=[1, 1], times=["2025/11/1 8:00:01"] * 2)
    )
    assert made.audit["rule"].tolist() == ["branch_missing"] * 2


def test_exact_doubles(tmp_path: Path) -> None:
    same = {"serials": [1, 1, 1, 2], "times": ["2025/11/1 8:00:01"] * 4, "seconds": [90] * 4}
    rows = [person("甲", *MIXED), person("甲", *MIXED), person("甲", *ALIKE), person("甲", *MIXED)]
    made = screen(read(tmp_path / "a.csv", rows, **same))
    assert hits(made, "exact_double") == [1]
    # The same number and time but other answers: which one is meant is not known.
    assert hits(made, "duplicate_person") == [2]
    assert made.used.tolist() == [True, False, True, True]
    assert made.strict.tolist() == [True, False, False, True]


def test_where_answers_outnumber_people_the_repeated_ones_are_counted(tmp_path: Path) -> None:
    rows = [*[person("甲", *MIXED)] * 2, person("甲", *ALIKE), person("乙", *MIXED)]
    times = [f"2025/11/1 8:00:{second:02d}" for second in (1, 9, 9, 4)]
    path = offices.export(
        tmp_path / "a.csv", rows, questions=QUESTIONS, serials=[1, 2, 2, 5], times=times
    )
    roster = offices.roster(tmp_path / "r.csv", {"甲": 2, "乙": 5})
    with pytest.raises(
        RosterError, match="“甲”有 3 份答卷（其中标为疑似重复的 1 份），名册上只有 2 人"
    ):
        survey.read(path, roster=roster)


def test_without_number_or_time_agreement_is_no_double(tmp_path: Path) -> None:
    rows = [person("甲", *MIXED)] * 4
    made = screen(read(tmp_path / "a.csv", rows, serials=[1, 1, 1, 1], times=["NULL"] * 4))
    assert made.used.all()
    assert hits(made, "duplicate_person") == []


def test_downloads_that_overlap(tmp_path: Path) -> None:
    times = [f"2025/11/1 8:{i:02d}:11" for i in range(6)]
    rows = [person("甲", *MIXED) for _ in times]
    first = read(tmp_path / "a.csv", rows[:4], times=times[:4], seconds=[70] * 4)
    same = read(
        tmp_path / "b.csv", rows[2:], times=times[2:], seconds=[70] * 4, serials=[3, 4, 5, 6]
    )
    both = screen(concatenate([first, same]))
    assert both.used.tolist() == [True] * 4 + [False] * 2 + [True] * 2
    assert set(both.audit.loc[both.audit["rule"] == "exact_double", "file"]) == {"b.csv"}
    renumbered = read(tmp_path / "c.csv", rows[2:], times=times[2:], seconds=[70] * 4)
    both = screen(concatenate([first, renumbered]))
    assert both.used.tolist() == [True] * 4 + [False] * 2 + [True] * 2
    # told to the minute, or without a duration, it may be another person
    for file in ({"times": [time[:-3] for time in times]}, {"times": times, "seconds": [None] * 6}):
        given = {"seconds": [70] * 6} | file
        parts = [
            read(tmp_path / name, rows[of], **{key: value[of] for key, value in given.items()})
            for name, of in (("a.csv", slice(4)), ("c.csv", slice(2, 6)))
        ]
        both = screen(concatenate(parts))
        assert both.used.all()
        assert hits(both, "duplicate_person") == [0, 1]


def test_two_people_who_agree_to_the_second_stay_two_in_overlapping_downloads(
    tmp_path: Path,
) -> None:
    meeting = {"times": ["2025/11/1 8:00:01"] * 3, "seconds": [70] * 3}
    rows = [person("甲", *MIXED)] * 3
    one = read(tmp_path / "a.csv", rows, serials=[1, 2, 3], **meeting)
    two = read(tmp_path / "b.csv", rows, serials=[7, 8, 9], **meeting)
    assert hits(screen(one), "duplicate_person") == []
    made = screen(concatenate([one, two]))
    assert made.used.tolist() == [True] * 3 + [False] * 3


def test_the_attention_check_removes_only_who_failed(tmp_path: Path) -> None:
    assert CHECK is not None
    wrong = next(v.label for v in CHECK.scale.valid_levels if v.label != CHECK.expected)
    rows = [("甲", "满意", answer) for answer in (CHECK.expected, wrong, "(空)")]
    made = screen(
        read(tmp_path / "a.csv", rows, questions=(offices.BRANCH, offices.OVERALL, CHECK.text))
    )
    assert hits(made, "attention_check") == [1]


def test_too_fast_by_question_and_by_median(tmp_path: Path) -> None:
    rows = [person("甲", *MIXED)] * 6
    made = screen(read(tmp_path / "a.csv", rows, seconds=[13, 15, 200, 200, 200, 66]))
    # Seven closed questions of two seconds are 14; a third of the median of 133 is 44.
    assert hits(made, "too_fast") == [0, 1]
    assert made.used.all()
    assert made.strict.tolist() == [False, False, True, True, True, True]


def test_without_durations_nobody_is_too_fast(tmp_path: Path) -> None:
    header = ["序号", *(f"{i}、{q}" for i, q in enumerate(QUESTIONS, start=1))]
    file = offices.write_csv(tmp_path / "a.csv", [header, *[(1, *person("甲", *ALIKE))] * 3])
    export = open_export(file)
    made = screen(code(export, LONG, match_columns(export, LONG)))
    assert made.strict.all()
    assert len(hits(made, "straight_line")) == 3


def test_answering_all_items_alike_is_noted_and_only_with_haste_flagged(tmp_path: Path) -> None:
    rows = [person("甲", *ALIKE), person("甲", *ALIKE), person("甲", *MIXED)]
    made = screen(read(tmp_path / "a.csv", rows, seconds=[5, 90, 90]))
    assert hits(made, "straight_line") == [0, 1]
    assert hits(made, "straight_line_fast") == [0]
    assert made.strict.tolist() == [False, True, True]
    assert made.tally("flag")["rule"].tolist() == ["too_fast", "straight_line_fast"]


def test_two_items_alike_say_nothing(tmp_path: Path) -> None:
    rows = [person("甲", "满意", "满意", "", "", "", "")] * 2
    assert hits(screen(read(tmp_path / "a.csv", rows)), "straight_line") == []


def test_one_device_needs_equal_answers_too(tmp_path: Path) -> None:
    address = ["192.0.2.1(江苏-南京)"] * 4 + ["192.0.2.2(江苏-南京)"]
    rows = [
        person("甲", *MIXED),
        person("甲", *ALIKE),
        person("甲", *MIXED),
        person("乙", *MIXED),
        person("甲", *MIXED),
    ]
    made = screen(read(tmp_path / "a.csv", rows, addresses=address))
    assert hits(made, "duplicate_device") == [2]
    assert made.used.all()
    assert not made.strict[2]
    assert "192.0.2" not in made.audit.to_csv()


def test_missing_scores_stand_behind_very_many_given_ones_one_place_a_reason(
    tmp_path: Path,
) -> None:
    made = read(tmp_path / "a.csv", [person("甲", *MIXED)] * 202)
    scores = made.scores.assign(overall=[*range(300, 100, -1), np.nan, np.nan])
    status = made.status.copy()
    status.loc[200:, "overall"] = ["missing", "not_applicable"]
    places, n = replace(made, scores=scores, status=status).levels
    assert places["overall"][:200].tolist() == [*range(n - 1, n - 201, -1)]
    unasked, *known = places[LONG.item_ids[-1]][:1], *places["overall"][200:]
    assert min(known) >= n
    assert len({*unasked, *known}) == 3


@pytest.mark.parametrize(
    ("since", "until", "kept"),
    [
        ("2025-11-02", None, [1, 2, 3]),
        (None, "2025-11-02", [0, 1, 3]),
        ("2025-11-02", "2025-11-02", [1, 3]),
        ("2025-11-02 09:00", None, [2, 3]),
        (date(2025, 11, 3), datetime(2025, 11, 3, 8, 0, 7), [2, 3]),
    ],
)
def test_the_window(tmp_path: Path, since: Any, until: Any, kept: list[int]) -> None:
    times = ["2025/11/1 23:59:59", "2025/11/2 8:00:07", "2025/11/3 8:00:07", "NULL"]
    responses = read(tmp_path / "a.csv", [person("甲", *MIXED)] * 4, times=times)
    made = screen(responses, within(since, until))
    assert made.used[made.used].index.tolist() == kept


def test_a_window_needs_times(tmp_path: Path) -> None:
    responses = read(tmp_path / "a.csv", [person("甲", *MIXED)] * 2, times=["NULL"] * 2)
    with pytest.raises(UsageError, match="没有提交时间"):
        screen(responses, within("2025-11-01", None))
    assert screen(responses, within(None, None)).used.all()


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("昨天", None),
        ("2025-13-01", None),
        ("2025-11-02", "2025-11-01"),
        ("2025-11-01T08:00+08:00", None),
    ],
)
def test_impossible_windows(since: str, until: str | None) -> None:
    with pytest.raises(UsageError):
        within(since, until)


def test_unknown_branches_come_first(tmp_path: Path) -> None:
    responses = read(tmp_path / "a.csv", [person("甲", *MIXED)] * 3)
    unknown = responses.people["row"] == 3
    made = screen(responses, unknown_branch=unknown)
    assert made.audit.loc[made.audit["action"] == "remove", "rule"].tolist() == ["unknown_branch"]
    assert made.used.tolist() == [True, False, True]


def test_rules_are_data(tmp_path: Path) -> None:
    rows = [person("甲", *MIXED)] * 4
    responses = read(tmp_path / "a.csv", rows, seconds=[5, 90, 90, 90])
    file = tmp_path / "rules.toml"
    file.write_text('[too_fast]\naction = "remove"\nthreshold = 3\n', encoding="utf-8")
    made = screen(responses, load_rules(file))
    assert made.used.tolist() == [False, True, True, True]
    assert screen(responses, []).used.all()
    with pytest.raises(UsageError, match="没有筛查规则"):
        screen(responses, [Rule("no_such", "flag", "", "")])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "不能读取"),
        ("[too_fast", "TOML"),
        ('[so_fast]\naction = "off"', "so_fast"),
        ('[too_fast]\naction = "delete"', "remove、flag、note、off"),
        ("[too_fast]\nlimit = 3", "limit"),
        ("[too_fast]\nthreshold = -1", "threshold"),
        ("too_fast = 1", "too_fast"),
    ],
)
def test_faulty_files_of_rules(tmp_path: Path, text: str | None, said: str) -> None:
    file = tmp_path / "rules.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        load_rules(file)
    assert said in raised.value.text("zh")
