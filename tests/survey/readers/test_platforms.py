"""Every other platform is recognised by its header and read back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey.errors import ReadError
from survey.readers import open_export
from survey.readers.grammar import joined
from survey.readers.grammar.joined import pieces
from survey.readers.platforms.detection import platforms
from tests.simulations.mutate_exports import by_code
from tests.survey.readers.checks import assert_same
from tests.survey.readers.checks import given as given_answers
from tests.writers.files import write_csv, write_xlsx
from tests.writers.platforms import FORMS, WRITERS, simplified, tencent
from tests.writers.surveys import BLANK, Asked, MadeUp, Person, surveys

TWO = (
    Asked(1, "您的年级", "single", ("大一", "大二")),
    Asked(2, "满意度", "single", ("满意", "一般")),
)


def without(asked: Asked, joint: str) -> Asked:
    """Take the separator out of the options of a choice of several."""
    names = tuple(f"{o.replace(joint.strip(), '')}{i}" for i, o in enumerate(asked.options))
    return replace(asked, options=names) if asked.kind == "multi" else asked


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "spss"])
@settings(max_examples=15)
@given(data=st.data())
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    comes_back(name, data, tmp_path_factory)


@settings(max_examples=4)
@given(data=st.data())
def test_spss_round_trip(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    comes_back("spss", data, tmp_path_factory)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_spss_files_do_not_crash_the_program(tmp_path: Path, seed: int) -> None:
    survey = MadeUp(TWO, tuple(Person((((i % 2, ""),), ((i % 2, ""),))) for i in range(12)))
    path = WRITERS["spss"].write(tmp_path / "e", survey)
    data = bytearray(path.read_bytes())
    rng = random.Random(seed)
    for _ in range(40):
        data[rng.randrange(180, len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(bytes(data[: rng.randrange(300, len(data))]))
    with pytest.raises(ReadError):
        open_export(path)


def comes_back(name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Write a made-up survey, read it, compare."""
    writer = WRITERS[name]
    survey = simplified(data.draw(surveys(kinds=writer.kinds)))
    if writer.platform in ("spss", "manual"):
        # A row without anything is nobody, and a file without a single answer has no header.
        assume(not any(set(person.answers) == {BLANK} for person in survey.people))
    if writer.platform == "manual":
        assume(len(survey.questions) >= 3)
    if writer.joint:
        # An option that holds the separator cannot be told from two: the specification says so.
        survey = replace(
            survey, questions=tuple(without(q, writer.joint) for q in survey.questions)
        )
    if writer.platform in FORMS:
        # Two stems with a dash cannot be told from two rows of a matrix there.
        asked = (replace(q, stem=q.stem.replace("—", "，")) for q in survey.questions)
        survey = replace(survey, questions=tuple(asked))
    export = open_export(writer.write(tmp_path_factory.mktemp("made-up") / "export", survey))
    if writer.numbered:
        survey = replace(survey, questions=tuple(map(by_code, survey.questions)))
    assert export.platform == writer.platform, export.evidence
    assert (export.mode == "numbered") == writer.numbered
    assert_same(
        export,
        survey,
        numbered=writer.numbered,
        selector=(lambda asked: asked.number) if writer.numbered else (lambda asked: asked.stem),
        joint=writer.joint,
    )


def test_every_platform_of_the_specification_is_there() -> None:
    expected = {"wjx", "wenjuan", "tencent", "msforms", "gforms", "limesurvey", "qualtrics"}
    expected |= {"surveymonkey", "kobo", "typeform", "jotform"}
    expected |= {"jinshuju", "feishu", "dingtalk", "wps", "credamo"}
    assert set(platforms()) == expected | {"tencent_docs", "spss", "manual"}


def test_tencent(tmp_path: Path) -> None:
    people = tuple(Person((((i % 2, ""),), ((i % 2, ""),))) for i in range(12))
    survey = MadeUp(TWO, people)
    export = open_export(tencent(tmp_path / "t", survey))
    assert export.platform == "tencent"
    assert export.find(99).question.stem == "请上传照片"
    assert export.raw(export.find(99).question.columns[0])[0].startswith("=Hyperlink")
    kept = replace(export, questions=export.questions[:2])
    assert_same(kept, survey)
    assert export.metadata["submitted_at"].notna().all()


def test_tencent_cascades_and_blanks(tmp_path: Path) -> None:
    metadata = ["编号", "开始答题时间", "结束答题时间"]
    questions = ["1.所在学院:请选择", "1.所在学院:请选择", "2.您的情况：_填空1"]
    questions += ["2.您的情况：_填空2", "3.方式:线上", "3.方式:其他", "地理位置市"]
    known = ["1", "2025/7/4 7:05", "2025/7/4 7:06"]
    table = [
        [*metadata, *questions],
        [*known, "理学院", "一支部", "甲乙丙", "五年", "", "B.其他:书", ""],
        [*known, "工学院", "二支部", "丁戊己", "六年", "A.线上", "", ""],
    ]
    export = open_export(write_csv(tmp_path / "t.csv", table))
    assert [(q.number, q.stem, q.kind) for q in export.questions] == [
        ("1", "所在学院（第1级）", "single"),
        ("1", "所在学院（第2级）", "single"),
        ("2", "您的情况", "blanks"),
        ("3", "方式", "multi"),
    ]
    assert export.find(2).question.rows == ("填空1", "填空2")
    assert given_answers(export, 3) == [{"其他"}, {"线上"}]


LEVELS = ("非常满意", "满意", "一般", "不满意")


@pytest.mark.parametrize("lettered", [False, True])
def test_rows_of_a_matrix_may_be_numbered_one_by_one(tmp_path: Path, lettered: bool) -> None:
    rows = ("教学", "科研", "服务")
    header = ["编号", "开始答题时间", "结束答题时间", "1.所在支部"]
    header += [f"{n}.请评价以下各项:{row}" for n, row in enumerate(rows, 2)]
    header += ["5.方式:线上", "5.方式:线下", "6.请评价以下各项:到会人数", "8.请评价以下各项:食堂"]
    levels = [f"{'ABCD'[i]}.{level}" if lettered else level for i, level in enumerate(LEVELS)]
    table = [
        [
            i,
            "2025/7/4 7:05",
            "2025/7/4 7:06",
            f"{i % 3}支部",
            *(levels[(i + j) % 4] for j in (0, 1, 3)),
            "线上" if i % 2 else "",
            "线下" if i % 3 else "",
            20 + i,
            levels[i % 4],
        ]
        for i in range(24)
    ]
    export = open_export(write_csv(tmp_path / "t.csv", [header, *table]))
    assert [(q.number, q.stem, q.kind) for q in export.questions] == [
        ("1", "所在支部", "single"),
        ("2", "请评价以下各项", "matrix"),
        ("5", "方式", "multi"),
        ("6", "请评价以下各项:到会人数", "number"),
        ("8", "请评价以下各项:食堂", "single"),
    ]
    assert export.find(2).question.rows == rows
    assert export.find(4).row == 2
    assert export.answers("服务").tolist()[:2] == ["不满意", "非常满意"]


NAMES = ("第一支部", "第二支部", "第三支部")
TYPED = tuple(f"希望第{n}食堂早些开门" for n in range(24))


@pytest.mark.parametrize(
    ("named", "answers"),
    [
        (["2.评价:教学", "3.评价:科研"], [LEVELS, LEVELS]),
        (["2.评价:教学", "3.评价:科研", "5.评价:后勤"], [LEVELS, LEVELS, LEVELS]),
        (["2.评价:教学", "3.评价:科研", "4.评价:教学"], [LEVELS, LEVELS, LEVELS]),
        (["2.评价:教学", "3.评价:科研", "4.评议:后勤"], [LEVELS, LEVELS, LEVELS]),
        (["2.评价:教学", "3.评价:科研", "4.评价:后勤"], [LEVELS, LEVELS, ("同意", "不同意")]),
        (["2.基本信息:支部", "3.基本信息:原支部", "4.基本信息:拟转支部"], [NAMES, NAMES, NAMES]),
        (
            ["2.基本信息:身份", "3.基本信息:学历", "4.基本信息:性别"],
            ["师生", ("硕士", "博士"), "男女"],
        ),
        (["2.您:是否党员", "3.您:是否住校", "4.您:是否带班"], ["是否", "是否", "是否"]),
        (["2.建议:教学", "3.建议:科研", "4.建议:后勤"], [TYPED, TYPED, TYPED]),
        (["2.评价:教学", "3.评价:科研", "4.评价:建议"], [LEVELS, LEVELS, TYPED]),
        (["2.家中:老人数", "3.家中:子女数", "4.家中:住房数"], ["0123", "012", "12"]),
    ],
)
def test_questions_of_one_stem_are_no_rows_without_evidence(
    tmp_path: Path, named: list[str], answers: list[Sequence[str]]
) -> None:
    header = ["编号", "开始答题时间", "结束答题时间", "1.所在支部", *named]
    table = [
        [
            i,
            "2025/7/4 7:05",
            "2025/7/4 7:06",
            NAMES[i % 3],
            *(a[(i + i // 5) % len(a)] for a in answers),
        ]
        for i in range(24)
    ]
    export = open_export(write_csv(tmp_path / "t.csv", [header, *table]))
    assert [f"{q.number}.{q.stem}" for q in export.questions] == ["1.所在支部", *named]


def test_a_text_below_the_rows_is_none_of_them(tmp_path: Path) -> None:
    named = [f"{n}.评价:{row}" for n, row in enumerate(("教学", "科研", "后勤", "建议"), 2)]
    header = ["编号", "开始答题时间", "结束答题时间", *named]
    table = [
        [i, "2025/7/4 7:05", "2025/7/4 7:06", LEVELS[i % 2], *[LEVELS[i % 3 + 1]] * 2, TYPED[i]]
        for i in range(24)
    ]
    export = open_export(write_csv(tmp_path / "t.csv", [header, *table]))
    assert [(q.kind, q.rows) for q in export.questions] == [
        ("matrix", ("教学", "科研", "后勤")),
        ("text", ()),
    ]


@pytest.mark.parametrize(
    ("platform", "mark"),
    [("jinshuju", "{}、{}—{}"), ("jinshuju", "{}、{} - {}"), ("wenjuan", "Q{}.{}：{}")],
)
def test_other_platforms_number_no_rows(tmp_path: Path, platform: str, mark: str) -> None:
    rows = ("教学", "科研", "后勤")
    header = ["序号", "提交人", "提交时间"]
    header += [mark.format(n, "评价", row) for n, row in enumerate(rows, 1)]
    table = [[i, "某", "2025/7/4 7:05", *[LEVELS[i % 4]] * 3] for i in range(24)]
    export = open_export(write_csv(tmp_path / "t.csv", [header, *table]), platform=platform)
    assert [q.kind for q in export.questions if q.number] == ["single"] * 3


def test_qualtrics_selected_choice_and_wordy_options(tmp_path: Path) -> None:
    """SEEN: one option of a whole sentence, and whom a panel sent."""
    sentence = "我已阅读以上说明，自愿参加本次调查，"
    sentence += "并同意在不公开个人信息的前提下将答案用于统计分析和改进工作。"
    stem = "方式 - Selected Choice"
    labels = ["Start Date", "End Date", "Response ID", "说明", f"{stem} - 线上", f"{stem} - 线下"]
    table = [
        ["StartDate", "EndDate", "ResponseId", "Q1", "Q2_1", "Q2_2", "PROLIFIC_PID"],
        [*labels, "PROLIFIC_PID"],
        [f'{{"ImportId":"{i}"}}' for i in range(7)],
    ]
    ticks = (["线上", ""], ["", "线下"])
    times = ["2025-07-04 07:05:34", "2025-07-04 07:06:34"]
    table += [[*times, f"R_{i}", sentence, *ticks[i % 2], f"5f{i:022d}"] for i in range(12)]
    export = open_export(write_csv(tmp_path / "q.csv", table))
    assert [(q.stem, q.kind, q.options) for q in export.questions] == [
        ("说明", "single", (sentence,)),
        ("方式", "multi", ("线上", "线下")),
    ]
    assert "user" in export.personal()


@pytest.mark.parametrize(
    "names",
    [
        ["Id", "Start time", "Completion time", "Email", "Name", "Grade posted time"],
        ["識別碼", "開始時間", "完成時間", "電子郵件", "名稱", "上次修改時間"],
    ],
)
def test_rankings_of_microsoft_forms(tmp_path: Path, names: list[str]) -> None:
    """SEEN: Id; ASSUMED: Traditional Chinese. A ranking is joined like choices of several."""
    orders = ["讲座;参观;观影;", "参观;讲座;观影;", "观影;参观;讲座;"]
    table = [[*names, "请排序", "用过的", "满意度", "分数 - 满意度"]]
    known = ["1", "7/4/25 7:05:34", "7/4/25 7:09:34", "anonymous", "", ""]
    table += [[*known, orders[i], ["食堂;", "宿舍;食堂;"][i % 2], "满意", "1"] for i in range(3)]
    export = open_export(write_xlsx(tmp_path / "m.xlsx", table))
    assert [(q.stem, q.kind) for q in export.questions] == [
        ("请排序", "ranking"),
        ("用过的", "multi"),
        ("满意度", "single"),
    ]
    assert given_answers(export, "请排序")[1] == {"参观": 1, "讲座": 2, "观影": 3}
    assert "email" in export.personal()


def test_codes_of_wenjuan_are_known_without_their_metadata(tmp_path: Path) -> None:
    table: list[list[object]] = [["seq", "Q2", "Q5_R1", "Q5_R2", "Q5_R28", "Q6|A1|open"]]
    table += [[i, i % 2 + 1, 1, 1, 1, f"意见{i}很长"] for i in range(12)]
    export = open_export(write_csv(tmp_path / "w.csv", table))
    assert (export.platform, export.mode) == ("wenjuan", "numbered")
    assert [(q.number, q.kind, q.coded) for q in export.questions] == [
        ("2", "single", True),
        ("5", "matrix", True),
        ("6", "text", False),
    ]
    assert export.find(5).question.rows == ("R1", "R2", "R28")


@pytest.mark.parametrize(
    "metadata",
    [
        ["id", "submitdate", "lastpage", "startlanguage"],
        ["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache"],
    ],
)
def test_limesurvey_codes_and_what_was_not_shown(tmp_path: Path, metadata: list[str]) -> None:
    header = [*metadata, "Q1", "Q2[SQ001]", "Q2[SQ002]", "Q2[other]", "Q3[ SQ1 ]", "Q3[SQ2]"]
    known = ["7", "2025-07-04 07:05:34", "3", "zh-Hans"]
    table = [
        header,
        [*known, "满意", "Y", "N", "", "一般", "满意"],
        [*known, "满意", "N/A", "N/A", "", "满意", "满意"],
        [*known, "一般", "N", "Y", "骑车", "", ""],
    ]
    export = open_export(write_csv(tmp_path / "l.csv", table, delimiter=";"))
    assert export.platform == "limesurvey"
    assert [(q.stem, q.kind) for q in export.questions] == [
        ("Q1", "single"),
        ("Q2", "multi"),
        ("Q2[other]", "text"),
        ("Q3", "matrix"),
    ]
    assert export.status("Q2").tolist() == ["valid", "not_asked", "valid"]
    assert given_answers(export, "Q2") == [{"SQ001"}, None, {"SQ002"}]
    assert export.find("Q3").question.rows == ("SQ1", "SQ2")
    assert export.metadata["submitted_at"].notna().all()


def test_header_rows_pasted_in_again_are_nobody(tmp_path: Path) -> None:
    survey = MadeUp(TWO, tuple(Person((((i % 2, ""),), ((i % 2, ""),))) for i in range(4)))
    lines = WRITERS["qualtrics"].write(tmp_path / "q", survey).read_text("utf-8-sig").splitlines()
    (tmp_path / "twice.csv").write_text("\n".join([*lines, *lines]), "utf-8")
    export = open_export(tmp_path / "twice.csv")
    assert export.n_rows == 8
    assert sum("重复了表头" in problem.zh for problem in export.problems) == 3


@pytest.mark.parametrize("row", [0, 1])
@pytest.mark.parametrize("form", ["qualtrics", "qualtrics legacy"])
def test_names_that_moved_in_one_header_row_are_refused(
    tmp_path: Path, form: str, row: int
) -> None:
    survey = MadeUp(TWO, tuple(Person((((i % 2, ""),), ((i % 2, ""),))) for i in range(4)))
    lines = WRITERS[form].write(tmp_path / "q", survey).read_text("utf-8-sig").splitlines()
    lines[row] = "(".join(lines[row].rsplit(",", 1))
    (tmp_path / "torn.csv").write_text("\n".join(lines), "utf-8")
    with pytest.raises(ReadError, match=f"第 {row + 1} 行.*错了位"):
        open_export(tmp_path / "torn.csv")


@pytest.mark.parametrize(
    ("stamp", "joint"),
    [
        ("2025/07/04 7:05:34 PM GMT+8", ";"),
        ("2025/7/4 下午 7:05:34", ", "),
        ("2025/7/4 7:05:34 下午 GMT+8", ";"),
    ],
)
def test_google_forms_joins_by_where_the_file_came_from(
    tmp_path: Path, stamp: str, joint: str
) -> None:
    chosen = [("讲座", "参观"), ("参观",), ("讲座", "观影"), ("观影",), ("参观", "观影")]
    table = [["時間戳記", "電子郵件地址", "希望的活动"]]
    table += [[stamp, "a@example.com", joint.join(several)] for several in chosen]
    export = open_export(write_csv(tmp_path / "g.csv", table))
    assert (export.platform, [q.stem for q in export.questions]) == ("gforms", ["希望的活动"])
    assert export.questions[0].options == ("讲座", "参观", "观影")
    assert given_answers(export, "希望的活动") == [set(several) for several in chosen]
    assert export.metadata["submitted_at"].dt.hour.eq(19).all()
    assert "email" in export.personal()


def test_metadata_is_typed_and_personal_columns_stay_out(tmp_path: Path) -> None:
    survey = MadeUp(TWO, tuple(Person((((i % 2, ""),), ((i % 2, ""),))) for i in range(12)))
    times = {"msforms": "submitted_at", "qualtrics": "started_at", "wenjuan worded": "submitted_at"}
    times |= {"tencent csv": "started_at", "tencent docs": "submitted_at"}
    for name, column in times.items():
        export = open_export(WRITERS[name].write(tmp_path / "e", survey))
        assert export.metadata[column].notna().all()
        assert not {"ip", "email", "name", "nickname"} & set(export.metadata)
    assert "email" in open_export(WRITERS["msforms"].write(tmp_path / "e", survey)).personal()


def test_a_new_platform_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import survey.readers.platforms as package

    (tmp_path / "newcomer.py").write_text(
        "from survey.readers.grammar.dialect import Dialect, Sign\n"
        "NAMES = {'甲': 'sequence'}\n"
        "DIALECT = Dialect('newcomer', 'Newcomer', NAMES, (Sign(1, every=('sequence',)),))\n",
        "utf-8",
    )
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    platforms.cache_clear()
    try:
        table = [["甲", "乙", "丙"], ["是", "否", "是"]]
        assert open_export(write_csv(tmp_path / "n.csv", table)).platform == "newcomer"
    finally:
        platforms.cache_clear()


def test_typed_lists_are_not_compared_pair_by_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    monkeypatch.setattr(joined, "pieces", lambda *a: calls.append(1) or pieces(*a))
    opinions = [f"意见{i}、说明{i}、更多" for i in range(200)]
    rows = [[f"第{i % 5}支部", "满意", opinion] for i, opinion in enumerate(opinions)]
    export = open_export(write_csv(tmp_path / "a.csv", [["支部", "评价", "意见"], *rows]))
    assert export.find("意见").question.kind == "text"
    assert len(calls) < 20 * len(opinions)
