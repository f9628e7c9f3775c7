"""Writes a made-up survey the way the other platforms do. SEEN, DOC and ASSUMED as in wjx.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd

from tests.writers.files import write_csv, write_xlsx
from tests.writers.surveys import BLANK, SKIPPED, Asked, Kind, MadeUp


class Writer(NamedTuple):
    """One platform's file: its name, the kinds it can hold, and how it is written."""

    platform: str
    kinds: tuple[Kind, ...]
    write: Callable[[Path, MadeUp], Path]
    numbered: bool = False
    joint: str = ""


def simplified(survey: MadeUp) -> MadeUp:
    """Without typed texts and with skips as blanks, which these platforms do not tell apart."""
    people = [
        replace(person, answers=tuple(_simple(answer) for answer in person.answers))
        for person in survey.people
    ]
    return replace(survey, people=tuple(people))


def _simple(answer: object) -> object:
    if answer == SKIPPED:
        return BLANK
    if isinstance(answer, tuple) and answer and isinstance(answer[0], tuple):
        return tuple((position, "") for position, _ in answer)
    return answer


def _chosen(asked: Asked, answer: object) -> list[str]:
    return [asked.options[position] for position, _ in answer]  # type: ignore[union-attr]


def _joined(asked: Asked, answer: object, joint: str, end: str = "") -> list[str]:
    """One cell for a question, one a row for a matrix."""
    if answer == BLANK:
        return [""] * (len(asked.rows) or 1)
    if asked.kind == "text":
        return [str(answer)]
    if asked.kind == "matrix":
        return [asked.options[position] for position in answer]  # type: ignore[union-attr]
    return [joint.join(_chosen(asked, answer)) + (end if asked.kind == "multi" else "")]


def _rows(
    survey: MadeUp,
    metadata: Callable[[int], list[object]],
    cells: Callable[[Asked, object], list[str]],
) -> list[list[object]]:
    return [
        [
            *metadata(i),
            *(c for q, a in zip(survey.questions, p.answers, strict=True) for c in cells(q, a)),
        ]
        for i, p in enumerate(survey.people)
    ]


def _grid(asked: Asked, space: str = " ") -> list[str]:
    return [f"{asked.stem}{space}[{row}]" for row in asked.rows] or [asked.stem]


def msforms(path: Path, survey: MadeUp, *, chinese: bool = False, quiz: bool = False) -> Path:
    """SEEN; Chinese names ASSUMED; quiz columns DOC fixture."""
    names = ["ID", "Start time", "Completion time", "Email", "Name"]
    if chinese:
        names = ["ID", "开始时间", "完成时间", "电子邮件", "名称"]
    header: list[object] = [*names, *(q.stem for q in survey.questions)]
    rows = _rows(
        survey,
        lambda i: [
            i + 1,
            f"7/{i % 28 + 1}/25 7:05:34",
            f"7/{i % 28 + 1}/25 7:09:34",
            "anonymous",
            "",
        ],
        lambda q, a: _joined(q, a, ";", ";"),
    )
    if quiz:
        header += [f"Points - {survey.questions[0].stem}", f"Feedback - {survey.questions[0].stem}"]
        rows = [[*row, "0", ""] for row in rows]
    return write_xlsx(path.with_suffix(".xlsx"), [header, *rows])


def gforms(path: Path, survey: MadeUp, *, chinese: bool = False) -> Path:
    """SEEN; Chinese names ASSUMED."""
    header: list[object] = ["时间戳记" if chinese else "Timestamp"]
    header += [name for q in survey.questions for name in _grid(q, "  " if chinese else " ")]
    rows = _rows(
        survey, lambda i: [f"2025/7/4 7:05:{i % 60:02d}"], lambda q, a: _joined(q, a, ", ")
    )
    return write_csv(path.with_suffix(".csv"), [header, *rows], encoding="utf-8", newline="\n")


def gforms_download(path: Path, survey: MadeUp) -> Path:
    """SEEN: the csv file that Forms itself offers; zoned times, choices joined by semicolons."""
    header: list[object] = ["Timestamp", *(name for q in survey.questions for name in _grid(q))]
    rows = _rows(
        survey,
        lambda i: [f"2025/07/04 7:05:{i % 60:02d} PM GMT+8"],
        lambda q, a: _joined(q, a, ";"),
    )
    return write_csv(path.with_suffix(".csv"), [header, *rows], encoding="utf-8", newline="\n")


def limesurvey(path: Path, survey: MadeUp, *, coded: bool = False) -> Path:
    """SEEN, by wording alone and with the codes before it."""
    header: list[object] = ["Response ID", "Date submitted", "Last page", "Start language", "Seed"]
    if coded:
        codes = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
        header = [f"{code}. {name}" for code, name in zip(codes, header, strict=True)]
    for q in survey.questions:
        names = _grid(replace(q, rows=q.options) if q.kind == "multi" else q)
        several = len(names) > 1
        code = [
            f"Q{q.number}[SQ{i:03d}]. " if several else f"Q{q.number}. " for i in range(len(names))
        ]
        header += [c + name for c, name in zip(code, names, strict=True)] if coded else names

    def cells(q: Asked, answer: object) -> list[str]:
        if q.kind != "multi":
            return _joined(q, answer, "")
        if answer == BLANK:
            return [""] * len(q.options)
        chosen = _chosen(q, answer)
        return ["Yes" if option in chosen else "No" for option in q.options]

    rows = _rows(survey, lambda i: [i + 7, "2025-07-04 07:05:34", 3, "zh-Hans", 123456 + i], cells)
    return write_csv(path.with_suffix(".csv"), [header, *rows], encoding="utf-8-sig")


def qualtrics(path: Path, survey: MadeUp, *, legacy: bool = False) -> Path:
    """SEEN, the new form and the legacy one."""
    names = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)"]
    names += ["Finished", "RecordedDate", "ResponseId", "UserLanguage"]
    meta: list[object] = ["2025-07-04 07:05:34", "2025-07-04 07:06:34", "IP Address", "203.0.113.9"]
    meta += [100, 60, "True", "2025-07-04 07:06:35"]
    codes, labels = [*names], [*names]
    if legacy:
        labels = ["ResponseID", "ResponseSet", "StartDate", "EndDate", "Finished"]
        codes = [f"V{i}" for i in range(1, 6)]
    for number, q in enumerate(survey.questions, 1):
        parts = q.rows or (q.options if q.kind == "multi" else ())
        codes += [f"Q{number}_{i}" for i in range(1, len(parts) + 1)] or [f"Q{number}"]
        labels += [f"{q.stem} - {part}" for part in parts] or [q.stem]

    def cells(q: Asked, answer: object) -> list[str]:
        if q.kind != "multi":
            return _joined(q, answer, "")
        chosen = [] if answer == BLANK else _chosen(q, answer)
        return [option if option in chosen else "" for option in q.options]

    def metadata(i: int) -> list[object]:
        if legacy:
            return [f"R_{i}", "Default", "2025-07-04 07:05:34", "2025-07-04 07:06:34", "1"]
        return [*meta, f"R_{i}", "ZH-S"]

    ids = [json.dumps({"ImportId": f"QID{i}"}) for i in range(len(codes))]
    table: list[list[object]] = [[*codes], [*labels], *([] if legacy else [[*ids]])]
    table += _rows(survey, metadata, cells)
    return write_csv(path.with_suffix(".csv"), table, encoding="utf-8-sig", newline="\n")


def tencent(path: Path, survey: MadeUp) -> Path:
    """DOC, a fixture only."""
    header: list[object] = ["编号", "开始答题时间", "结束答题时间", "答题时长"]
    header += [f"{q.number}.{q.stem}" for q in survey.questions]
    header += ["99.请上传照片"]
    rows = _rows(
        survey,
        lambda i: [str(i + 1), "2026/5/26 12:00", "2026/5/26 12:01", "60"],
        lambda q, a: _joined(q, a, "┋"),
    )
    upload = '=Hyperlink("https://example.org/1.jpg"，"1.jpg")'
    return write_xlsx(path.with_suffix(".xlsx"), [header, *([*row, upload] for row in rows)])


def tencent_csv(path: Path, survey: MadeUp) -> Path:
    """SEEN: every header ends in a comma, metadata also behind, choices as one column an option.

    The letters before options are SEEN, rows of a matrix behind a colon ASSUMED.
    """
    header: list[object] = ["编号", "开始答题时间", "结束答题时间", "答题时长"]
    for q in survey.questions:
        parts = q.rows or (q.options if q.kind == "multi" else ())
        header += [f"{q.number}.{q.stem}:{part}" for part in parts] or [f"{q.number}.{q.stem}"]
    tail = ["语言", "清洗数据结果", "智能清洗数据无效概率", "地理位置省", "昵称", "自定义字段"]
    header += [*tail, "IP", "UA", "Referrer", ""]

    def lettered(q: Asked, position: int) -> str:
        return f"{chr(65 + position)}.{q.options[position]}"

    def cells(q: Asked, answer: object) -> list[str]:
        if q.kind == "multi":
            taken = [] if answer == BLANK else [position for position, _ in answer]  # type: ignore[union-attr]
            return [lettered(q, i) if i in taken else "" for i in range(len(q.options))]
        if q.kind == "single" and answer != BLANK:
            return [lettered(q, answer[0][0])]  # type: ignore[index]
        return _joined(q, answer, "")

    rows = _rows(
        survey,
        lambda i: [i + 1, "04-Jul-2025 07:05:34", "04-Jul-2025 07:06:34", 60],
        cells,
    )
    behind = ["简体中文", "有效", "0.1", "江苏省", "阿一", "", "203.0.113.9", "Mozilla/5.0", "", ""]
    return write_csv(path.with_suffix(".csv"), [header, *([*row, *behind] for row in rows)])


def tencent_docs(path: Path, survey: MadeUp) -> Path:
    """SEEN in code that reads them: names, the time, commas between choices; no whole file."""
    header: list[object] = ["提交时间（自动）", *(f"{q.stem}（必填）" for q in survey.questions)]
    rows = _rows(
        survey, lambda i: [f"2025年7月{i % 28 + 1}日 7:05"], lambda q, a: _joined(q, a, ",")
    )
    table = [[*header, "提交者（自动）"], *([*row, f"昵称{i}"] for i, row in enumerate(rows))]
    return write_xlsx(path.with_suffix(".xlsx"), table)


def wenjuan_coded(path: Path, survey: MadeUp, *, tail: bool = False) -> Path:
    """SEEN: codes, several choices as one column an option, rows of a matrix; metadata behind."""
    before: list[object] = ["seq", "source"]
    metadata: list[object] = ["start", "finish", "time_used", "ip_province"]
    behind = [*metadata, "ip_city", "ip", "browser", "os"] if tail else []
    header = before if tail else [*before, *metadata]
    for q in survey.questions:
        several = q.kind == "multi"
        header += (
            [f"Q{q.number}|A{i + 1}" for i in range(len(q.options))]
            if several
            else [f"Q{q.number}|A1|open"]
            if tail and q.kind == "text"
            else [f"Q{q.number}_R{i + 1}" for i in range(len(q.rows))] or [f"Q{q.number}"]
        )

    def cells(q: Asked, answer: object) -> list[str]:
        if q.kind == "matrix":
            empty = answer == BLANK
            return ["" if empty else str(p + 1) for p in (q.rows if empty else answer)]  # type: ignore[operator,union-attr]
        if q.kind == "multi":
            chosen = [] if answer == BLANK else _chosen(q, answer)
            empty = answer == BLANK
            return ["" if empty else str(int(option in chosen)) for option in q.options]
        if answer == BLANK or q.kind == "text":
            return ["" if answer == BLANK else str(answer)]
        return [f"{answer[0][0] + 1}.0"]  # type: ignore[index]

    rows = _rows(
        survey,
        lambda i: [i + 1, "微信", *([] if tail else _WENJUAN_TIMES)],
        cells,
    )
    table = [[*header, *behind], *([*row, *[""] * len(behind)] for row in rows)]
    return write_csv(path.with_suffix(".csv"), table, encoding="utf-8")


_WENJUAN_TIMES: list[object] = ["2025-07-04 07:05:34", "2025-07-04 07:06:34", 60, "江苏"]


def wenjuan_worded(path: Path, survey: MadeUp) -> Path:
    """ASSUMED: the metadata are SEEN, no file by option text was found."""
    header: list[object] = ["答题序号", "开始时间", "提交时间", "答题时长", "IP省份"]
    header += [f"Q{q.number}：{q.stem}" for q in survey.questions]
    rows = _rows(
        survey,
        lambda i: [i + 1, "2025-07-04 07:05:34", "2025-07-04 07:06:34", "1分0秒", "江苏"],
        lambda q, a: _joined(q, a, "┋"),
    )
    return write_xlsx(path.with_suffix(".xlsx"), [header, *rows])


def surveymonkey(path: Path, survey: MadeUp, *, single: bool = False) -> Path:
    """SEEN with two header rows; DOC with one, ``stem - option``."""
    meta: list[object] = ["Respondent ID", "Collector ID", "Start Date", "End Date"]
    stems, parts = [*meta], ["" for _ in meta]
    for q in survey.questions:
        names = [*(q.rows or (q.options if q.kind == "multi" else ()))]
        if single:
            stems += [f"{q.stem} - {name}" for name in names] or [q.stem]
            continue
        stems += [q.stem, *[""] * (len(names) - 1)]
        parts += names or ["Open-Ended Response" if q.kind == "text" else "Response"]
    rows = _rows(
        survey,
        lambda i: [9000 + i, 77, "03/01/2024 10:00:00 AM", "03/01/2024 10:05:00 AM"],
        lambda q, a: _ticks(q, a) if q.kind == "multi" else _joined(q, a, ""),
    )
    heads = [stems] if single else [stems, [*parts]]
    return write_csv(path.with_suffix(".csv"), [*heads, *rows])


def _ticks(asked: Asked, answer: object, chosen: str = "", other: str = "") -> list[str]:
    """One column an option, holding the option itself or a sign of it."""
    taken = [] if answer == BLANK else _chosen(asked, answer)
    empty = "" if answer == BLANK else other
    return [(chosen or option) if option in taken else empty for option in asked.options]


def kobo(path: Path, survey: MadeUp, *, columns: bool = False) -> Path:
    """DOC: choices as one column beside one an option, or as the latter alone; groups by slash."""
    header: list[object] = ["start", "end"]
    for q in survey.questions:
        several = q.kind == "multi"
        parts = q.rows or (q.options if several else ())
        header += [q.stem] if several and not columns else []
        header += [f"{q.stem}/{part.replace('/', '_')}" for part in parts] or [q.stem]

    def cells(q: Asked, answer: object) -> list[str]:
        if q.kind != "multi":
            return _joined(q, answer, "")
        whole = [] if columns else _joined(q, answer, " ")
        return [*whole, *_ticks(q, answer, "1", "0")]

    known = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status"]
    known += ["_submitted_by", "__version__", "_tags", "_index"]
    when = "2024-03-01T10:00:00.000+08:00"
    behind = ["", "", "submitted_via_web", "", "vAbC", ""]
    rows = _rows(survey, lambda i: [when, when], cells)
    table = [
        [*row, 91000 + i, f"uuid-{i}", "2024-03-01T02:00:40", *behind, i + 1]
        for i, row in enumerate(rows)
    ]
    return write_csv(path.with_suffix(".csv"), [[*header, *known], *table])


def typeform(path: Path, survey: MadeUp) -> Path:
    """SEEN: an option's column holds its own header; the wording of such a question is nowhere."""
    header: list[object] = ["#"]
    for q in survey.questions:
        header += q.options if q.kind == "multi" else [q.stem]
    behind = ["Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)"]
    behind += ["Network ID", "Tags"]
    rows = _rows(
        survey,
        lambda i: [f"abc{i}"],
        lambda q, a: _ticks(q, a) if q.kind == "multi" else _joined(q, a, ""),
    )
    when = ["completed", "2024-03-01 10:00:00", "", "2024-03-01 10:00:30", "938f4331f1", ""]
    return write_csv(path.with_suffix(".csv"), [[*header, *behind], *([*r, *when] for r in rows)])


def jotform(path: Path, survey: MadeUp) -> Path:
    """SEEN: the first header; DOC: rows behind ``>>``; ASSUMED: one option a line."""
    header: list[object] = ["Submission Date"]
    header += [
        name for q in survey.questions for name in [f"{q.stem} >> {r}" for r in q.rows] or [q.stem]
    ]
    rows = _rows(survey, lambda i: ["2024-03-01 10:00:00"], lambda q, a: _joined(q, a, "\n"))
    table = [[*header, "Submission ID"], *([*row, 5000 + i] for i, row in enumerate(rows))]
    return write_csv(path.with_suffix(".csv"), table)


FORMS: dict[str, tuple[list[object], list[object]]] = {
    "jinshuju": (["序号"], ["提交人", "提交时间", "更新时间", "IP"]),
    "feishu": ([], ["提交人", "提交时间"]),
    "dingtalk": (["填写人", "填写时间"], []),
    "wps": (["填写ID"], ["提交者", "提交时间"]),
    "credamo": (["作答ID", "用户ID", "开始时间", "结束时间", "作答时长"], []),
}


def form(name: str) -> Callable[[Path, MadeUp], Path]:
    """SEEN or ASSUMED as the platform's module says; rows stand behind a dash."""

    def cell(header: object, i: int) -> object:
        if "时间" in str(header):
            return "2025-07-04 07:05:34"
        return "60" if "时长" in str(header) else "203.0.113.9" if header == "IP" else i + 1

    def write(path: Path, survey: MadeUp) -> Path:
        before, behind = FORMS[name]
        header = [
            n for q in survey.questions for n in [f"{q.stem}—{r}" for r in q.rows] or [q.stem]
        ]
        rows = _rows(
            survey, lambda i: [cell(h, i) for h in before], lambda q, a: _joined(q, a, "、")
        )
        table = [[*row, *(cell(h, i) for h in behind)] for i, row in enumerate(rows)]
        return write_xlsx(path.with_suffix(".xlsx"), [[*before, *header, *behind], *table])

    return write


def spss(path: Path, survey: MadeUp) -> Path:
    """ASSUMED: no file was found; variable labels hold the stems, value labels the options."""
    import pyreadstat

    columns: dict[str, list[object]] = {}
    labels, values = [], {}
    for q, answers in zip(
        survey.questions, zip(*(p.answers for p in survey.people), strict=True), strict=True
    ):
        name = f"Q{q.number}"
        labels.append(q.stem)
        if q.kind == "text":
            columns[name] = ["" if a == BLANK else a for a in answers]
        else:
            columns[name] = [None if a == BLANK else float(a[0][0] + 1) for a in answers]  # type: ignore[index]
            values[name] = {float(i + 1): option for i, option in enumerate(q.options)}
    frame = pd.DataFrame(
        {n: pd.Series(c, dtype=object if n not in values else float) for n, c in columns.items()}
    )
    target = path.with_suffix(".sav")
    pyreadstat.write_sav(frame, str(target), column_labels=labels, variable_value_labels=values)
    return target


def manual(path: Path, survey: MadeUp) -> Path:
    """SEEN: one header row, something that no platform writes."""
    header: list[object] = ["序号", *(q.stem for q in survey.questions)]
    rows = _rows(survey, lambda i: [i + 1], lambda q, a: _joined(q, a, "、"))
    return write_xlsx(path.with_suffix(".xlsx"), [header, *rows], sheet="汇总")


def manual_with_groups(path: Path, survey: MadeUp) -> Path:
    """SEEN: a merged title, group headers over names, a blank row and totals at the end."""
    top: list[object] = ["序号"]
    names: list[object] = [""]
    merges = [(2, 1, 3, 1)]
    for q in survey.questions:
        column = len(top) + 1
        parts = [*q.rows] or [""]
        top += [q.stem, *[""] * (len(parts) - 1)]
        names += parts
        last = column + len(parts) - 1
        merges.append((2, column, 2, last) if q.rows else (2, column, 3, column))
    width = len(top)
    table = [["满意度调查汇总表", *[""] * (width - 1)], top, names]
    table += _rows(survey, lambda i: [i + 1], lambda q, a: _joined(q, a, "、"))
    table += [[""] * width, ["合计", *["9"] * (width - 1)]]
    target = write_xlsx(path.with_suffix(".xlsx"), table)
    book = openpyxl.load_workbook(target)
    page = book.worksheets[0]
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    for first_row, first, last_row, last in merges:
        page.merge_cells(start_row=first_row, start_column=first, end_row=last_row, end_column=last)
    book.save(target)
    return target


PLAIN: tuple[Kind, ...] = ("single", "text")
WRITERS: dict[str, Writer] = {
    "msforms": Writer("msforms", ("single", "scale", "multi", "text"), msforms),
    "msforms zh": Writer(
        "msforms", ("single", "multi", "text"), lambda p, s: msforms(p, s, chinese=True)
    ),
    "msforms quiz": Writer("msforms", PLAIN, lambda p, s: msforms(p, s, quiz=True)),
    "gforms": Writer("gforms", ("single", "multi", "matrix", "text"), gforms, joint=", "),
    "gforms zh": Writer(
        "gforms", ("single", "matrix", "text"), lambda p, s: gforms(p, s, chinese=True), joint=", "
    ),
    "gforms download": Writer(
        "gforms", ("single", "multi", "matrix", "text"), gforms_download, joint=";"
    ),
    "limesurvey": Writer("limesurvey", ("single", "scale", "multi", "matrix", "text"), limesurvey),
    "limesurvey codes": Writer(
        "limesurvey",
        ("single", "scale", "multi", "matrix", "text"),
        lambda p, s: limesurvey(p, s, coded=True),
    ),
    "qualtrics": Writer(
        "qualtrics", ("single", "scale", "multi", "matrix", "text"), qualtrics, joint=","
    ),
    "qualtrics legacy": Writer(
        "qualtrics",
        ("single", "multi", "matrix"),
        lambda p, s: qualtrics(p, s, legacy=True),
        joint=",",
    ),
    "tencent csv": Writer("tencent", ("single", "scale", "multi", "matrix", "text"), tencent_csv),
    "tencent docs": Writer(
        "tencent_docs", ("single", "scale", "multi", "text"), tencent_docs, joint=","
    ),
    "wenjuan coded": Writer(
        "wenjuan", ("single", "multi", "matrix", "text"), wenjuan_coded, numbered=True
    ),
    "wenjuan coded, metadata behind": Writer(
        "wenjuan",
        ("single", "multi", "matrix", "text"),
        lambda p, s: wenjuan_coded(p, s, tail=True),
        numbered=True,
    ),
    "wenjuan worded": Writer("wenjuan", ("single", "multi", "text"), wenjuan_worded),
    "surveymonkey": Writer(
        "surveymonkey", ("single", "scale", "multi", "matrix", "text"), surveymonkey
    ),
    "surveymonkey, one row": Writer(
        "surveymonkey",
        ("single", "scale", "multi", "matrix", "text"),
        lambda p, s: surveymonkey(p, s, single=True),
    ),
    "kobo": Writer("kobo", ("single", "scale", "multi", "matrix", "text"), kobo, joint="/"),
    "kobo columns": Writer(
        "kobo",
        ("single", "scale", "multi", "matrix", "text"),
        lambda p, s: kobo(p, s, columns=True),
        joint="/",
    ),
    "typeform": Writer("typeform", ("single", "scale", "text"), typeform),
    "jotform": Writer("jotform", ("single", "scale", "multi", "matrix", "text"), jotform),
    **{
        name: Writer(name, ("single", "scale", "multi", "matrix", "text"), form(name), joint="、")
        for name in FORMS
    },
    "spss": Writer("spss", PLAIN, spss),
    "manual": Writer("manual", ("single", "scale", "multi", "text"), manual, joint="、"),
    "manual with groups": Writer(
        "manual", ("single", "matrix", "text"), manual_with_groups, joint="、"
    ),
}
