"""The list of actions 整改清单: what the answers ask to be mended, for people to fill in."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd

from questionnaires.language import say
from survey import formats, forms
from survey.errors import Language, ReadError
from survey.forms import Column, Entry, Form, Line, Text
from survey.report.texts import sentence
from survey.report.wording.phrases import Row, rows
from survey.results import Findings, ItemResponses

MOST = 3
"""Indicators of one branch, the lowest first."""
WHOLE = Text("全校", "University")
COUNTS = ("n_satisfied", "n_valid", "population")
FORM = Form(
    "actions",
    Text("整改清单", "Actions"),
    Text(
        "每行一项：某个范围的某项指标，满意率的上限低于标准。请填写黄色各格；其余各格供下次调查比较"
        "（--actions 本文件），请勿改动。",
        "One line an indicator whose upper bound is below the bar. Fill in the yellow cells; the "
        "others are for the comparison with the next survey (--actions FILE): leave them.",
    ),
    (
        Column("unit", Text("范围", "Unit"), 22),
        Column("number", Text("序号", "No."), 6),
        Column("title", Text("指标", "Indicator"), 18),
        Column("evidence", Text("依据", "Evidence"), 30),
        Column("comments", Text("意见", "Comments"), 10),
        Column("counts", Text("满意/回答/名册", "Satisfied/answers/people"), 15),
        Column("measure", Text("整改措施", "Measure"), 32, filled=True),
        Column("owner", Text("责任人", "Owner"), 10, filled=True),
        Column("due", Text("完成时限", "Due"), 12, filled=True),
        Column("state", Text("完成情况", "State"), 16, filled=True),
    ),
)


def listed(findings: Findings) -> pd.DataFrame:
    """Choose what has to be mended.

    Parameters
    ----------
    findings : Findings
        Under the privacy rule.

    Returns
    -------
    DataFrame
        One row a unit and indicator whose upper bound is below the bar: of the university all, of
        a branch its `MOST` lowest. ``branch`` (missing for the university), ``number``, ``title``,
        ``title_en``, ``n_satisfied``, ``n_valid``, ``population``, ``rate``, ``university`` (the
        rate of all), the lowest first.
    """
    if findings.items is None:
        return pd.DataFrame()
    bar = float(Fraction(findings.tables[()].bar))
    whole = _below(findings.items, bar)
    (size,) = findings.tables[()].frame["population"]
    parts = [whole.assign(branch=None, population=size)]
    if findings.branch_items is not None and not findings.branch_items.summary.empty:
        own = _below(findings.branch_items, bar)
        sizes = findings.tables["branch",].frame.set_index("branch")["population"]
        parts.append(
            own.groupby("branch", sort=False)
            .head(MOST)
            .assign(population=lambda part: part["branch"].map(sizes))
            .sort_values("branch", key=lambda names: names.map(sizes.index.get_loc), kind="stable")
        )
    made = pd.concat(parts, ignore_index=True)
    of_all = findings.items.summary.set_index("item")["rate"]
    return made.assign(university=made["item"].map(of_all))


def _below(items: ItemResponses, bar: float) -> pd.DataFrame:
    summary = items.summary
    return summary[summary["upper"] < bar].sort_values("rate", kind="stable")


def write(findings: Findings, path: Path, language: Language = "zh") -> Path:
    """Write the list as a workbook to fill in."""
    found = findings.comments
    told: dict[object, object] = {}
    if found is not None:
        themes = found.frame[found.frame["number"].notna()]
        for key in ("number", "title"):
            told |= dict(zip(themes[key], themes["n"], strict=True))
    lines = [Line(_values(row, told, language)) for row in rows(listed(findings))]
    forms.write(path, {FORM: lines}, language)
    return path


def _values(row: Row, told: dict[object, object], language: Language) -> dict[str, str]:
    is_whole = not formats.present(row["branch"])
    evidence = sentence(
        language,
        "actions.evidence",
        rate=formats.percent(row["rate"]),
        upper=formats.percent(row["upper"]),
    )
    if not is_whole:
        beside = say(language, "；全校 {rate}", "; university {rate}")
        evidence += beside.format(rate=formats.percent(row["university"]))
    # comments are counted for the university alone
    about = row["number"] if formats.present(row["number"]) else row["title"]
    told_n = told.get(about) if is_whole else None
    n = formats.count(told_n) if formats.number(told_n) > 0 else ""
    return {
        "unit": WHOLE.text(language) if is_whole else str(row["branch"]),
        "number": formats.count(row["number"]) if formats.present(row["number"]) else "",
        "title": str(row[say(language, "title", "title_en")]),
        "evidence": evidence,
        "comments": say(language, "提及 {n} 条", "{n} on it", n=n) if n else "",
        "counts": _counts(row),
    }


def _counts(row: Row) -> str:
    """Write the counts that the next survey is held against; nothing where one is not told."""
    if not all(formats.present(row[name]) for name in COUNTS[:2]):
        return ""
    return "/".join(f"{int(row[name])}" for name in COUNTS if formats.present(row[name]))


def read(path: str | Path) -> pd.DataFrame:
    """Read last time's list.

    Returns
    -------
    DataFrame
        ``branch`` (missing for the university), ``number``, ``title``, ``n_satisfied``,
        ``n_valid``, ``population`` (missing where it was), ``measure``.

    Raises
    ------
    ReadError
        If a number is none, or more are satisfied than answered: named by its cell.
    """
    frame = pd.DataFrame(
        [_entry(entry) for entry in forms.read(path, [FORM])],
        columns=["branch", "number", "title", *COUNTS, "measure"],
    )
    return frame.astype(dict.fromkeys(("number", *COUNTS), "Int64"))


def _entry(entry: Entry) -> dict[str, object]:
    unit = entry.values["unit"]
    given = entry.values["counts"].split("/") if entry.values["counts"] else []
    parts = [*given, *[""] * (len(COUNTS) - len(given))]
    satisfied, n, size = (_whole(entry, "counts", text) for text in parts[: len(COUNTS)])
    if n is not None and not (satisfied or 0) <= n <= (n if size is None else size):
        raise ReadError(
            zh="满意人数不能多于回答人数，回答人数不能多于名册人数。",
            en="No more can be satisfied than answered, nor more answer than are on the roster.",
            place=entry.places["counts"],
        )
    return {
        "branch": None if unit in (WHOLE.zh, WHOLE.en) else unit,
        "number": _whole(entry, "number", entry.values["number"]),
        "title": entry.values["title"],
        "measure": entry.values["measure"],
        **dict(zip(COUNTS, (satisfied, n, size), strict=True)),
    }


def _whole(entry: Entry, key: str, text: str) -> int | None:
    if not text:
        return None
    found = forms.whole(text)
    if found is None:
        raise ReadError(
            zh=f"“{text}”不是整数。", en=f"{text!r} is no whole number.", place=entry.places[key]
        )
    return found
