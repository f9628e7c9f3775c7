"""Previews, rows not finished, copies: what stands in an export and is no answer of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

import survey
from survey.screening import DEFAULT_RULES, load_rules
from tests.writers.files import write_csv, write_xlsx

NAMED: dict[str, Any] = {
    "branch": "所在支部",
    "overall": "总体满意度",
    "satisfied": ["非常满意", "满意"],
}
ANSWERS = ["满意", "不满意", "满意", "满意"]


def qualtrics(path: Path, states: Sequence[tuple[str, str]]) -> Path:
    """Write rows with their Status and Finished."""
    codes = ["StartDate", "EndDate", "Status", "Finished", "ResponseId", "Q1", "Q2"]
    labels = ["Start Date", "End Date", "Response Type", "Finished", "Response ID"]
    ids = [json.dumps({"ImportId": code}) for code in codes]
    rows = [
        [*["2025-11-01 09:00:00"] * 2, status, finished, f"R_{i}", "甲", ANSWERS[i % 4]]
        for i, (status, finished) in enumerate(states)
    ]
    table = [codes, [*labels, "所在支部", "总体满意度"], ids, *rows]
    return write_csv(path / "q.csv", table)


def limesurvey(path: Path, submitted: Sequence[str]) -> Path:
    headers = [
        "Response ID",
        "Date submitted",
        "Last page",
        "Start language",
        "所在支部",
        "总体满意度",
    ]
    rows = [[i, when, 3, "zh-Hans", "甲", ANSWERS[i % 4]] for i, when in enumerate(submitted)]
    return write_csv(path / "l.csv", [headers, *rows])


def tencent(path: Path, states: Sequence[str], name: str = "答题状态") -> Path:
    headers = [
        "编号",
        "开始答题时间",
        "结束答题时间",
        "答题时长",
        name,
        "1.所在支部",
        "2.总体满意度",
    ]
    rows = [
        [i, "2025/11/1 9:00", "2025/11/1 9:05", "300", state, "甲", ANSWERS[i % 4]]
        for i, state in enumerate(states)
    ]
    return write_xlsx(path / "t.xlsx", [headers, *rows])


def wenjuan(path: Path, states: Sequence[str]) -> Path:
    headers = ["答题序号", "来源", "开始时间", "提交时间", "答题时长", "IP省份", "状态"]
    rows = [
        [
            i,
            "链接",
            "2025-11-01 09:00:00",
            "2025-11-01 09:05:00",
            "300",
            "江苏",
            state,
            "甲",
            ANSWERS[i % 4],
        ]
        for i, state in enumerate(states)
    ]
    return write_xlsx(path / "w.xlsx", [[*headers, "Q1.所在支部", "Q2.总体满意度"], *rows])


DONE = "2025-11-01 09:00:00"


@pytest.mark.parametrize(
    ("write", "states", "rule"),
    [
        (qualtrics, [("IP Address", "True")] * 6 + [("Survey Preview", "True")] * 2, "preview"),
        (qualtrics, [("IP Address", "TRUE")] * 6 + [("Survey Test", "TRUE")] * 2, "preview"),
        (qualtrics, [("0", "1")] * 6 + [("1", "1")] * 2, "preview"),
        (qualtrics, [("IP Address", "True")] * 6 + [("IP Address", "False")] * 2, "incomplete"),
        (qualtrics, [("0", "1")] * 6 + [("0", "0")] * 2, "incomplete"),
        (limesurvey, [DONE] * 6 + [""] * 2, "incomplete"),
        (limesurvey, ["1980-01-01 00:00:00"] * 6 + [""] * 2, "incomplete"),
        (tencent, ["已完成"] * 6 + ["未完成"] * 2, "incomplete"),
        (tencent, ["已完成"] * 6 + ["中途退出"] * 2, "incomplete"),
        (wenjuan, ["已完成"] * 6 + ["答题中"] * 2, "incomplete"),
        (wenjuan, ["有效"] * 6 + ["测试答卷"] * 2, "preview"),
    ],
)
def test_what_the_platform_calls_no_answer_is_taken_out_and_counted(
    tmp_path: Path, write: Any, states: Sequence[Any], rule: str
) -> None:
    held = survey.read(write(tmp_path, states), **NAMED)
    assert (held.n_read, held.n_used) == (8, 6)
    assert held.audit.query("action == 'remove'")["rule"].tolist() == [rule] * 2
    frame = held.satisfaction(by=None).frame.iloc[0]
    assert (frame["n_satisfied"], frame["n_valid"]) == (4, 6)


def test_the_analyst_may_keep_them(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text('[incomplete]\naction = "flag"', encoding="utf-8")
    rules = load_rules(tmp_path / "rules.toml")
    file = limesurvey(tmp_path, [DONE] * 6 + [""] * 2)
    held = survey.read(file, rules=rules, **NAMED)
    assert (held.n_used, held.screening.strict.sum()) == (8, 6)


@pytest.mark.parametrize(
    "file", [lambda p: limesurvey(p, [""] * 8), lambda p: tencent(p, ["通过"] * 8, "审核状态")]
)
def test_a_column_that_says_nothing_takes_nobody_out(tmp_path: Path, file: Any) -> None:
    assert survey.read(file(tmp_path), **NAMED).n_used == 8


ITEMS = [f"第{i}项" for i in "一二三四"]
LEVELS = ["非常满意", "满意", "一般", "不满意"]


def untimed(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    return write_csv(path, [["所在支部", "总体满意度", *ITEMS], *rows])


def varied(n: int, salt: int = 0) -> list[list[str]]:
    """Give rows of which no two of one salt are alike."""
    return [
        ["甲乙"[i % 2], "满意", *(LEVELS[(i // 4**k + salt) % 4] for k in range(4))]
        for i in range(n)
    ]


def by_item(path: Path | list[Path]) -> survey.Survey:
    return survey.read(path, dimensions={"服务": ITEMS}, **NAMED)  # type: ignore[arg-type]


def test_a_copy_of_a_file_is_read_once(tmp_path: Path) -> None:
    folder = tmp_path / "导出"
    folder.mkdir()
    first = untimed(folder / "导出.csv", varied(12))
    copyfile(first, folder / "导出 (1).csv")
    untimed(folder / "另一份.csv", varied(12, salt=1))
    held = by_item(folder)
    assert held.n_read == 24
    copies = held.audit[held.audit["zh"].str.contains("逐字节相同", na=False)]
    assert copies["file"].tolist() == ["导出.csv"]
    assert "导出 (1).csv" in copies["zh"].iloc[0]


def test_a_file_saved_again_is_told_by_its_rows(tmp_path: Path) -> None:
    first = untimed(tmp_path / "a.csv", varied(12))
    again = write_xlsx(tmp_path / "b.xlsx", [["所在支部", "总体满意度", *ITEMS], *varied(12)])
    held = by_item([first, again])
    flagged = held.audit[held.audit["rule"] == "repeated_file"]
    assert flagged["file"].tolist() == ["b.xlsx"] * 12
    assert (held.n_used, held.screening.strict.sum()) == (24, 12)
    other = by_item([first, untimed(tmp_path / "c.csv", varied(12, salt=1))])
    assert "repeated_file" not in set(other.audit["rule"])


def test_rows_pasted_twice_without_times_are_noticed(tmp_path: Path) -> None:
    alike = [["甲", "满意", *["满意"] * 4]] * 6
    held = by_item(untimed(tmp_path / "a.csv", [*varied(8), *varied(3), *alike]))
    noted = held.audit[held.audit["rule"] == "repeated_row"]
    # The first of the three has one answer to every item: that is no sign.
    assert noted["row"].tolist() == [11, 12]
    assert set(noted["action"]) == {"note"}
    assert held.n_used == 17


def test_one_account_in_several_roles_is_flagged_across_files(tmp_path: Path) -> None:
    headers = [
        "序号",
        "提交答卷时间",
        "所用时间",
        "来源",
        "openid",
        "1、所在支部",
        "2、身份",
        "3、总体满意度",
    ]

    def file(name: str, people: Sequence[tuple[str, str]]) -> Path:
        rows = [
            [i, f"2025/11/1 8:{i:02}:00", "60秒", "微信", who, "甲", role, "满意"]
            for i, (who, role) in enumerate(people)
        ]
        return write_csv(tmp_path / name, [headers, *rows])

    members = file("党员.csv", [(f"o{i}", "党员") for i in range(8)])
    others = file("群众.csv", [("o3", "群众"), ("o9", "群众"), ("", "群众"), ("o10", "群众")])
    held = survey.read([members, others], role="身份", **NAMED)
    flagged = held.audit[held.audit["rule"] == "several_roles"]
    assert flagged[["file", "row"]].to_numpy().tolist() == [["群众.csv", 2]]
    assert held.n_used == 12
    assert "o3" not in held.responses.people.to_csv()


def test_every_rule_can_be_named_in_a_file_of_rules(tmp_path: Path) -> None:
    text = "\n".join(f'[{rule.name}]\naction = "off"' for rule in DEFAULT_RULES)
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
    assert {rule.action for rule in load_rules(tmp_path / "rules.toml")} == {"off"}
