"""What further platforms write that a round trip does not: groups, typed others, languages."""

from __future__ import annotations

import pickle
from itertools import cycle, islice
from pathlib import Path

import openpyxl
import pytest

from survey.readers import Export, open_export
from survey.readers.platforms.detection import platforms
from tests.survey.readers.checks import given
from tests.writers.files import write_csv, write_xlsx

BEHIND = ["_id", "_uuid", "_submission_time", "_validation_status", "_index"]


def shape(export: Export) -> list[tuple[object, ...]]:
    return [(q.stem, q.kind, q.rows or q.options) for q in export.questions]


def kobo(path: Path, header: list[object], rows: list[list[object]]) -> Path:
    table = [["start", "end", *header, *BEHIND]]
    for i, row in enumerate(islice(cycle(rows), 24)):
        known = ["2024-03-01T10:00:00.000+08:00"] * 2
        table.append([*known, *row, 90 + i, f"u{i}", "2024-03-01T02:00:40", "", i + 1])  # type: ignore[list-item]
    return write_xlsx(path, table)


def test_kobo_by_names_with_groups(tmp_path: Path) -> None:
    header: list[object] = ["about/office", "about/consent", "views/speed", "views/care"]
    header += ["views/used", "views/used/desk", "views/used/web"]
    rows: list[list[object]] = [
        ["north", "1", "good", "fair", "desk web", "1", "1"],
        ["south", "1", "poor", "good", "web", "0", "1"],
        ["north", "1", "fair", "poor", "", "", ""],
    ]
    export = open_export(kobo(tmp_path / "k.xlsx", header, rows))
    assert export.platform == "kobo"
    assert shape(export) == [
        ("about/office", "single", ("north", "south")),
        ("about/consent", "scale", ("1",)),
        ("views", "matrix", ("speed", "care")),
        ("views/used", "multi", ("desk", "web")),
    ]
    assert given(export, "views/used")[:3] == [{"desk", "web"}, {"web"}, None]
    assert export.metadata["submitted_at"].notna().all()


def test_repeats_of_kobo_on_a_further_sheet_are_read_where_named(tmp_path: Path) -> None:
    file = kobo(tmp_path / "k.xlsx", ["office", "overall"], [["north", "good"], ["south", "poor"]])
    book = openpyxl.load_workbook(file)
    page = book.create_sheet("children")
    page.append(["name", "age group", "_index", "_parent_table_name", "_parent_index"])
    for i in range(20):
        page.append(["", ["young", "old"][i % 2], i + 1, "Sheet1", 24 - i // 2])
    page.append(["", "old", 21, "Sheet1", 99])
    book.save(file)
    export = open_export(file)
    assert (export.platform, export.n_rows) == ("kobo", 24)
    assert any(p.place.sheet == "children" and "未读取" in p.zh for p in export.problems)
    export = open_export(file, sheet="children")
    assert (export.platform, export.n_rows) == ("kobo", 20)
    assert given(export, "age group") == ["young", "old"] * 10
    assert given(export, "office") == ["south", "south", "north", "north"] * 5
    assert export.metadata["submitted_at"].notna().all()
    assert [p.severity for p in export.problems if "1 行找不到" in p.zh] == ["warning"]


def test_typeform_choices_and_what_was_typed_beside_them(tmp_path: Path) -> None:
    header = ["#", "Which office?", "Desk", "Web", "Never chosen", "Phone", "Other", "Why?"]
    header += ["Other", "Response Type", "Start Date (UTC)", "Submit Date (UTC)", "Network ID"]
    behind = ["completed", "2024-03-01 10:00:00", "2024-03-01 10:01:00", "938f43"]
    rows = [
        ["a1", "North", "Desk", "", "", "Phone", "", "too slow", ""],
        ["a2", "South", "", "Web", "", "", "by letter", "too far away", "none of these"],
        ["a3", "North", "Desk", "Web", "", "", "", "never been there", ""],
    ]
    table = [header, *([*row, *behind] for row in islice(cycle(rows), 24))]
    export = open_export(write_csv(tmp_path / "t.csv", table))
    assert export.platform == "typeform"
    assert shape(export)[:2] == [
        ("Which office?", "single", ("North", "South")),
        ("Desk／Web／Never chosen…", "multi", ("Desk", "Web", "Never chosen", "Phone")),
    ]
    assert [q.kind for q in export.questions[2:]] == ["text", "single", "text"]
    assert export.questions[2].stem == "Desk／Web／Never chosen… - Other"
    assert given(export, "列 C")[:3] == [{"Desk", "Phone"}, {"Web"}, {"Desk", "Web"}]
    assert any("题干不在文件里" in problem.zh for problem in export.problems)


def test_jotform_lines_rows_and_typed_lines(tmp_path: Path) -> None:
    header = ["Submission Date", "Office", "Used", "Rate >> Speed", "Rate >> Care", "Else"]
    rows = [
        ["North", "Desk\nWeb", "Good", "Poor", "one line\nanother line"],
        ["South", "Web", "Good", "Good", "something else entirely"],
        ["North", "Desk\r\nPhone, evenings", "Poor", "Fair", ""],
    ]
    table = [header, *(["Mar 1, 2024 10:00", *row] for row in islice(cycle(rows), 24))]
    export = open_export(write_csv(tmp_path / "j.csv", table))
    assert (export.platform, export.n_rows) == ("jotform", 24)
    assert shape(export)[:3] == [
        ("Office", "single", ("North", "South")),
        ("Used", "multi", ("Desk", "Web", "Phone, evenings")),
        ("Rate", "matrix", ("Speed", "Care")),
    ]
    assert not any("┋" in str(text) for text in given(export, "Else"))
    assert export.metadata["submitted_at"].notna().all()


LIME = ["Numero", "Inviata", "Pagina", "Lingua", "Seme"]


@pytest.mark.parametrize(
    "metadata",
    [
        LIME,
        ["ID di risposta", "送出", "最後", "Språk"],
        ["id. Numero", "submitdate. Inviata", "lastpage. Pagina", "startlanguage. Lingua"],
        ["id", "submitdate", "lastpage", "startlanguage", "seed"],
    ],
)
def test_limesurvey_in_a_language_nobody_listed(tmp_path: Path, metadata: list[str]) -> None:
    questions = ["Sede", "Usati [Sportello]", "Usati [Telefono]", "Giudizio [Tempi]"]
    questions += ["Giudizio [Cura]"]
    if "." in metadata[0]:
        questions = [f"Q{i}[SQ1]. {q}" for i, q in enumerate(questions)]
    rows = [
        ["Nord", "Sì", "No", "Bene", "Male"],
        ["Sud", "No", "Sì", "Male", "Bene"],
        ["Nord", "Sì", "Sì", "Bene", "Bene"],
    ]
    table: list[list[object]] = [[*metadata, *questions]]
    for i, row in enumerate(islice(cycle(rows), 24)):
        known = [i + 1, "2024-03-01 10:00:00", 3, "it", 1234567800 + i][: len(metadata)]
        table.append([*known, *row])
    export = open_export(write_csv(tmp_path / "l.csv", table))
    assert export.platform == "limesurvey"
    assert shape(export) == [
        ("Sede", "single", ("Nord", "Sud")),
        ("Usati", "multi", ("Sportello", "Telefono")),
        ("Giudizio", "matrix", ("Tempi", "Cura")),
    ]
    assert {"respondent_id", "submitted_at", "last_page", "language"} <= set(export.metadata)


@pytest.mark.parametrize(
    ("header", "platform"),
    [
        (["序号", "支部", "满意度", "提交人", "提交时间", "更新时间"], "jinshuju"),
        (["序号", "支部", "满意度", "创建时间", "最后更新时间"], "jinshuju"),
        (["支部", "满意度", "提交人", "提交时间"], "feishu"),
        (["填表人", "填表时间", "支部", "满意度"], "dingtalk"),
        (["支部", "满意度", "提交者", "提交时间"], "wps"),
        (["提交者", "提交时间", "1.支部（必填）", "2.满意度（必填）"], "wps"),
        (["作答ID", "作答时长", "支部", "满意度"], "credamo"),
        (["序号", "支部", "满意度", "提交时间"], "manual"),
        (["序号", "姓名", "支部", "满意度"], "manual"),
    ],
)
def test_forms_are_known_by_their_own_columns(
    tmp_path: Path, header: list[str], platform: str
) -> None:
    def cell(name: str, i: int) -> object:
        told = {"支部": ["甲支部", "乙支部"][i % 2], "满意度": ["满意", "一般", "不满意"][i % 3]}
        name = name[2:-4] if name.endswith("（必填）") else name
        return told.get(name, "2025-07-04 07:05:34" if "时间" in name else f"{i + 1}")

    table = [[*header], *([cell(name, i) for name in header] for i in range(24))]
    export = open_export(write_xlsx(tmp_path / "f.xlsx", table))
    assert export.platform == platform
    closed = [(q.stem, q.kind) for q in export.questions if not q.personal]
    assert closed == [("支部", "single"), ("满意度", "single")]
    assert not {"nickname", "user"} & set(export.metadata)


def test_options_of_a_form_in_columns_of_their_own(tmp_path: Path) -> None:
    header = ["序号", "支部", "原因 - 时间", "原因 - 内容", "原因 - 否", "提交时间", "更新时间"]
    picked = [{"时间"}, {"内容", "否"}, set(), {"时间", "内容", "否"}]
    time = "2025-07-04 07:05:34"
    table: list[list[object]] = [[*header]]
    for i, some in enumerate(islice(cycle(picked), 24)):
        ticks = [name if name in some else "" for name in ("时间", "内容", "否")]
        table.append([i + 1, ["甲支部", "乙支部"][i % 2], *ticks, time, time])
    export = open_export(write_xlsx(tmp_path / "f.xlsx", table))
    assert shape(export)[1:] == [("原因", "multi", ("时间", "内容", "否"))]
    assert given(export, "原因")[:4] == [some or None for some in picked]


def test_rows_of_a_matrix_behind_a_colon(tmp_path: Path) -> None:
    known = ["答题序号", "开始时间", "提交时间", "答题时长", "IP省份"]
    header = [*known, "Q1.支部", "Q2.评价：时间", "Q2.评价：内容", "Q3.时间:早还是晚"]
    rungs, times = ["满意", "一般", "不满意"], ["2025-07-04 07:05:34", "2025-07-04 07:06:34"]
    rows: list[list[object]] = [
        [i, *times, "60秒", "江苏", "甲支部", rungs[i % 3], rungs[i // 2 % 3], "早"]
        for i in range(24)
    ]
    export = open_export(write_xlsx(tmp_path / "f.xlsx", [header, *rows]))
    assert export.platform == "wenjuan"
    assert shape(export)[1:] == [
        ("评价", "matrix", ("时间", "内容")),
        ("时间:早还是晚", "single", ("早",)),
    ]


@pytest.mark.parametrize(
    "below",
    [["注：数据截至 11 月", ""], ["填表人：张三", "审核人：李四"], ["", "Note: see below"]],
)
def test_remarks_below_are_named_and_are_no_answers(tmp_path: Path, below: list[str]) -> None:
    table = [["支部", "满意度"], *([["甲支部", "乙支部"][i % 2], "满意"] for i in range(12))]
    export = open_export(write_xlsx(tmp_path / "r.xlsx", [*table, ["", ""], below]))
    assert export.n_rows == 12
    (told,) = (p for p in export.problems if "备注" in p.zh)
    assert told.place.row == 15


def test_every_dialect_can_be_sent_to_another_process() -> None:
    for dialect in platforms().values():
        grammar = pickle.loads(pickle.dumps(dialect.grammar))
        assert grammar.split("甲┋乙;丙;") == dialect.grammar.split("甲┋乙;丙;")
        assert grammar.order("甲→乙") == dialect.grammar.order("甲→乙")


def test_every_platform_says_what_its_facts_rest_on() -> None:
    from importlib import import_module

    for name in platforms():
        said = import_module(f"survey.readers.platforms.{name}").__doc__ or ""
        assert any(mark in said for mark in ("SEEN", "DOC", "ASSUMED")), name
