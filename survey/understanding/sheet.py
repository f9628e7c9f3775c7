"""The sheet to confirm: the points of a survey as a workbook, and what people filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

import questionnaires
from survey import forms
from survey.decisions import FACTS, Decision, Decisions, Topic
from survey.errors import CodingError, Language, Place
from survey.forms import Column, Entry, Form, Line, Text
from survey.understanding.other import OTHER, OTHER_SURVEY, UNUSED
from survey.understanding.points import LEFT_OUT, LEVELS, NO_COLUMN, NO_ROLE, NOT_ASKED, Point

_KEY = Column("key", Text("项目", "Item"), 24)
_SHOWN = Column("shown", Text("内容", "Content"), 36)
_TAKEN = Column("taken", Text("读作", "Taken for"), 32)
_WHY = Column("why", Text("依据", "Why"), 40)
_ABOUT: Mapping[Topic, tuple[Text, Text]] = {
    "columns": (
        Text("题目", "Questions"),
        Text(
            "问卷的每道题由导出的哪一列回答。有误的，在黄色格里另选一列；没有问的选“没有问”。",
            "The column that answers each question; choose another where it is wrong.",
        ),
    ),
    "dimensions": (
        Text("维度", "Dimensions"),
        Text(
            "各题属于哪个维度，同名的合为一个。要改的在黄色格里写名称，不用的写“不用”。",
            "The dimension of each question. Write a name in the yellow cell, or “not used”.",
        ),
    ),
    "levels": (
        Text("答案", "Answers"),
        Text(
            "每种答案算满意、不满意，还是不计入有效回答。要改的在黄色格里另选。",
            "Whether an answer counts as satisfied, not, or is left out of the base.",
        ),
    ),
    "branches": (
        Text("支部名", "Branches"),
        Text(
            "答卷里写的支部是名册中的哪一个。要改的在黄色格里另选。",
            "The branch of the roster that an answered name stands for.",
        ),
    ),
    "roles": (
        Text("身份", "Roles"),
        Text(
            "答卷里写的身份算哪一类人员。", "The kind of people that an answered role stands for."
        ),
    ),
    "roster": (
        Text("名册", "Roster"),
        Text("名册的哪一列是什么。", "Which column of the roster is what."),
    ),
    "survey": (
        Text("调查", "Survey"),
        Text(
            "标题、报告单位、起止时间等，可以不填。",
            "Title, who reports, time and so on; may be left empty.",
        ),
    ),
}
_OPEN = Form(
    "open",
    Text("待确认", "To confirm"),
    Text(
        "请在黄色格里选择（点一下，再点右边的小箭头），保存后运行 survey-report 导出… --confirm "
        "本文件。后面各表是已识别的内容，有误才需要改。",
        "Choose in the yellow cells, save, and run survey-report FILE --confirm THIS_FILE. "
        "The other sheets hold what is understood; change them only where it is wrong.",
    ),
    (
        Column("topic", Text("类别", "Kind"), 10),
        _KEY,
        _SHOWN,
        Column("why", Text("为什么要问", "Why it is asked"), 48),
        Column("value", Text("请选择", "Choose"), 32, filled=True),
    ),
)
_TOPICS: Mapping[Topic, Form] = {
    topic: Form(
        topic,
        name,
        note,
        (
            _KEY,
            _SHOWN,
            _TAKEN,
            _WHY,
            Column("value", Text("改为", "Change to"), 32, filled=True),
        ),
    )
    for topic, (name, note) in _ABOUT.items()
}
_REMOVED = Form(
    "removed",
    Text("将剔除", "Removed"),
    Text(
        "这些答卷不计入结果（“标记”的仍计入，另算一个不含它们的版本）。",
        "These rows do not count; flagged ones do, and are left out of a second version.",
    ),
    (
        Column("file", Text("文件", "File"), 24),
        Column("sheet", Text("工作表", "Sheet"), 12),
        Column("row", Text("行", "Row"), 8),
        Column("action", Text("处理", "Action"), 8),
        Column("why", Text("理由", "Why"), 36),
    ),
)
_ACTIONS = {"remove": Text("剔除", "removed"), "flag": Text("标记", "flagged")}
_NAMES: Mapping[str, str] = {
    "questionnaire": "问卷",
    "branch": "支部",
    "role": "身份",
    "overall": "总体",
    "attention": "注意检测",
    "open": "意见和建议",
    "title": "标题",
    "organisation": "报告单位",
    "period": "时期",
    "author": "执笔人",
    "since": "开始",
    "until": "结束",
    "ladder": "等级次序",
    "satisfied": "满意线",
    "population": "人数",
    "alias": "别名",
}
"""Keys of the program in Chinese, where they are no texts of the files themselves."""
_NAMED = ("survey", "columns", "roster")
_KEYS = {name: key for key, name in _NAMES.items()}
_MEANT: Mapping[Topic, Mapping[str, str]] = {
    "columns": dict.fromkeys((NOT_ASKED.zh, NOT_ASKED.en), ""),
    "dimensions": dict.fromkeys((UNUSED.zh, UNUSED.en), ""),
    "survey": dict.fromkeys((OTHER_SURVEY.zh, OTHER_SURVEY.en), OTHER),
    "branches": dict.fromkeys((LEFT_OUT.zh, LEFT_OUT.en), ""),
    "roles": dict.fromkeys((NO_ROLE.zh, NO_ROLE.en), ""),
    "roster": dict.fromkeys((NO_COLUMN.zh, NO_COLUMN.en), ""),
    "levels": {text: code for code, pair in LEVELS.items() for text in (pair.zh, pair.en, code)},
}


def topic_name(topic: Topic) -> Text:
    """Give what a person sees of a topic."""
    return _ABOUT[topic][0]


def write(
    path: str | Path,
    points: Sequence[Point],
    removed: pd.DataFrame | None,
    faults: Sequence[str],
    language: Language,
) -> None:
    """Write the sheet to confirm.

    Parameters
    ----------
    path : path
        A file ending in ``.xlsx``.
    points : sequence of Point
        What is to be decided stands on the first sheet, what is sure on one for each topic.
    removed : DataFrame or None
        The audit of the screening, where it came so far.
    faults : sequence of str
        What stops the reading and no decision could mend.
    language : {"zh", "en"}
        Language of the sheets.
    """
    filled: dict[Form, list[Line]] = {_OPEN: []}
    for point in points:
        form = _OPEN if point.value is None else _TOPICS[point.topic]
        filled.setdefault(form, []).append(_line(point, language))
    fault = Text("先改正文件", "Mend the files").text(language)
    filled[_OPEN] += [Line({"topic": fault, "why": text}) for text in faults]
    if removed is not None:
        touched = removed[removed["action"].isin([*_ACTIONS])]
        filled[_REMOVED] = [
            Line(
                {
                    "file": str(row.file),
                    "sheet": str(row.sheet),
                    "row": str(row.row),
                    "action": _ACTIONS[str(row.action)].text(language),
                    "why": str(getattr(row, language)),
                }
            )
            for row in touched.itertuples()
        ]
    forms.write(path, filled, language)


def _line(point: Point, language: Language) -> Line:
    shown, value = point.shown.text(language), point.value
    named = point.topic in _NAMED and language == "zh"
    values = {
        "topic": _ABOUT[point.topic][0].text(language),
        "key": _NAMES.get(point.key, point.key) if named else point.key,
        "shown": "" if shown == point.key else shown,
        "why": point.why.text(language),
    }
    if value is not None and not (point.topic == "survey" or point.is_stated):
        values["taken"] = point.label(value).text(language)
    elif value is not None:
        values["value"] = point.label(value).text(language)
    offered = () if point.is_free else point.choices
    return Line(values, tuple(choice.label.text(language) for choice in offered))


def read(path: str | Path) -> Decisions:
    """Read what people filled in; an empty cell decides nothing, and is known as left open.

    Raises
    ------
    ReadError
        If the file is no sheet to confirm.
    CodingError
        If a cell holds what is none of its choices, or two cells contradict each other.
    """
    made: dict[tuple[Topic, str], Decision] = {}
    empty: dict[tuple[Topic, str], Place] = {}
    topics = {name: t for t, (pair, _) in _ABOUT.items() for name in (t, pair.zh, pair.en)}
    for entry in forms.read(path, [_OPEN, *_TOPICS.values()]):
        topic = topics.get(entry.values.get("topic", entry.form))
        value = entry.values["value"]
        if topic is None:
            continue
        key = entry.values["key"]
        key = _KEYS.get(key, key) if topic in _NAMED else key
        if not value:
            if entry.form == _OPEN.key:
                empty[topic, key] = entry.places["value"]
            continue
        decision = _decision(topic, key, entry)
        before = made.setdefault((topic, key), decision)
        if before.value != decision.value:
            raise CodingError(
                zh=f"“{key}”在 {before.place.cell}（工作表 {before.place.sheet}）已选了别的，"
                "两处矛盾，请清空一处。",
                en=f"“{key}” has another value in {before.place.cell} (sheet "
                f"{before.place.sheet}); clear one of the two.",
                place=decision.place,
            )
    return Decisions(made, empty)


def _decision(topic: Topic, key: str, entry: Entry) -> Decision:
    value, place = entry.values["value"], entry.places["value"]
    value = _MEANT.get(topic, {}).get(value, value)
    if topic == "survey" and key in FACTS:
        choices = FACTS[key].choices.items()
        value = next((code for code, label in choices if value in (label.zh, label.en)), value)
    if (topic, key) == ("survey", "questionnaire"):
        titles = {questionnaires.load(name).title: name for name in questionnaires.available()}
        value = titles.get(value, value)
    if topic == "levels" and value not in LEVELS:
        allowed, allowed_en = [t.zh for t in LEVELS.values()], [t.en for t in LEVELS.values()]
        raise CodingError(
            zh=f"“{value}”不是可选的：{'、'.join(allowed)}。请从下拉列表中选。",
            en=f"“{value}” is none of {', '.join(allowed_en)}. Choose from the list.",
            place=place,
        )
    return Decision(value, place)
