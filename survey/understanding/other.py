"""A survey of another questionnaire: which columns are what, as it is said in the sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from questionnaires import Questionnaire
from survey.coding import Matching
from survey.coding.columns import answered_labels, column
from survey.decisions import Decisions
from survey.forms import Text
from survey.readers import Export, Question
from survey.readers.export.selecting import Found
from survey.understanding.points import NOT_ASKED, Choice, Point
from survey.understanding.questions import selector, selectors

UNUSED = Text("不用", "not used")
OTHER = "other"
"""The questionnaire of a survey whose columns are named."""
OTHER_SURVEY = Text("别的调查", "another survey")
_ROLES: Mapping[str, tuple[Text, Text]] = {
    "branch": (
        Text("支部（或部门、班级）", "branch (unit)"),
        Text(
            "哪一列是所在支部？不分支部的，选“没有问”。",
            "Which column is the branch? Or “not asked”.",
        ),
    ),
    "role": (
        Text("身份（人员类别）", "role"),
        Text(
            "哪一列是人员类别？不分类别的，选“没有问”。",
            "Which column is the role? May be left empty.",
        ),
    ),
    "overall": (
        Text("总体满意度", "overall satisfaction"),
        Text("哪一列是总体满意度？", "Which column is the overall satisfaction?"),
    ),
}


def looks_other(asked: Questionnaire, matchings: Sequence[Matching]) -> bool:
    """Tell whether no rated question of a questionnaire was found."""
    rated = {"overall", *asked.item_ids}
    return not any(rated & {*matching.targets} for matching in matchings)


def named(export: Export, decisions: Decisions) -> dict[str, Any]:
    """Give the columns that were decided, for `name_columns`; nothing without the overall one."""
    columns = decisions.about("columns")
    if not columns.get("overall"):
        return {}
    dimensions: dict[str, list[str]] = {}
    for _, name, parts in _rated(export, decisions):
        if name:
            dimensions.setdefault(name, []).extend(selector(export, part) for part in parts)
    kept = {slot: columns.get(slot) or None for slot in _ROLES}
    return {**kept, "dimensions": dimensions or None}


def points(asked: Questionnaire, export: Export, decisions: Decisions) -> list[Point]:
    """Give the points of such a survey: what it is, branch, role, overall, and dimensions.

    Parameters
    ----------
    asked : Questionnaire
        The questionnaire that the files do not look like.
    export : Export
        The first file.
    decisions : Decisions
        What was decided.
    """
    columns = decisions.about("columns")
    which = Point(
        "survey",
        "questionnaire",
        Text("用的问卷", "the questionnaire"),
        decisions.about("survey").get("questionnaire"),
        Text(
            f"没有题目与问卷“{asked.title}”相符。是别的调查，还是题目全部改过？",
            f"No question is one of {asked.id}. Is it another survey, or was every word changed?",
        ),
        (Choice(OTHER, OTHER_SURVEY), Choice(asked.id, Text(asked.title, asked.id))),
        is_stated=True,
    )
    texts = dict.fromkeys(selectors(export).values())
    choices = (*(Choice(text, Text(text, text)) for text in texts), Choice("", NOT_ASKED))
    found = [which] + [
        Point(
            "columns",
            slot,
            shown,
            columns.get(slot),
            why,
            choices,
            is_stated=True,
            stops=slot == "overall",
        )
        for slot, (shown, why) in _ROLES.items()
    ]
    for question, name, parts in _rated(export, decisions):
        why = Text(
            f"{len(parts)} 道题；属于哪个维度？写名称，同名的合为一个维度。",
            f"{len(parts)} questions; the name of their dimension, or “not used”.",
        )
        key = _key(question)
        is_stated = key in decisions.about("dimensions")
        shown = Text(question.label, question.label)
        found.append(
            Point(
                "dimensions",
                key,
                shown,
                name,
                why,
                (Choice("", UNUSED),),
                is_stated=is_stated,
                is_free=True,
            )
        )
    return found


def _key(question: Question) -> str:
    return question.stem or question.label


def _rated(export: Export, decisions: Decisions) -> Iterator[tuple[Question, str, list[Found]]]:
    """Give the questions that are rated like the overall one, their dimension and their columns.

    A matrix is a dimension of its own unless something else was decided, or most of its answers are
    none of the overall question's: «一般» alone does not make importance a satisfaction. A single
    question is none.
    """
    stated, columns = decisions.about("dimensions"), decisions.about("columns")
    overall = export.find(columns["overall"]) if columns.get("overall") else None
    ladder = {*answered_labels(export, overall)} if overall else set()
    for question in export.questions:
        if question.personal or question.kind not in ("matrix", "single", "scale"):
            continue
        rows = range(len(question.rows)) if question.rows else (None,)
        parts = [Found(question, row) for row in rows]
        parts = [part for part in parts if not overall or column(part) != column(overall)]
        labels = {*answered_labels(export, parts[0])} if parts else set()
        if ladder & labels:
            is_alike = 2 * len(ladder & labels) > len(labels)
            own = _key(question) if question.kind == "matrix" and is_alike else ""
            yield question, stated.get(_key(question), own), parts
