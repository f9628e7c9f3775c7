"""Microsoft Forms: one column a question, several choices and rankings as ``a;b;``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from survey.readers.container.sheet import Sheet
from survey.readers.grammar.inference import Spec
from survey.readers.grammar.model import Evidence, Grammar, Parsed, Platform
from survey.readers.grammar.plain import Asked, assemble, header_keys
from survey.readers.problems import Problem
from survey.readers.wording import tidy

METADATA = {
    "id": "respondent_id",
    "starttime": "started_at",
    "开始时间": "started_at",
    "completiontime": "submitted_at",
    "完成时间": "submitted_at",
    "email": "email",
    "电子邮件": "email",
    "name": "name",
    "名称": "name",
    "姓名": "name",
    "lastmodifiedtime": "modified_at",
    "上次修改时间": "modified_at",
    "language": "language",
    "totalpoints": "score",
    "总分": "score",
    "quizfeedback": "remark",
    "测验反馈": "remark",
    "gradepostedtime": "graded_at",
    "识别码": "respondent_id",
}
_REQUIRED = ("respondent_id", "started_at", "submitted_at")
_QUIZ = re.compile(
    r"(?:Points|Feedback|得分|分数|反馈|點數|意見反應)\s*[-–—]\s*.+", re.IGNORECASE | re.DOTALL
)


_GRAMMAR = Grammar(
    missing=frozenset(), joint=re.compile(r";(?!\s)"), certain_join=False, ended=True
)
_GRAMMAR = replace(_GRAMMAR, order=_GRAMMAR.split)


def detect(sheet: Sheet) -> Evidence | None:
    """Recognise ID, Start time and Completion time, in English or Chinese.

    Parameters
    ----------
    sheet : Sheet
        Any sheet.

    Returns
    -------
    Evidence or None
    """
    names = {METADATA.get(name) for name in header_keys(sheet)}
    if not names.issuperset(_REQUIRED):
        return None
    return Evidence(
        "msforms",
        "表头有 ID、开始时间、完成时间",
        "header has ID, Start time and Completion time",
        0.95 if "email" in names or "name" in names else 0.8,
    )


def read(sheet: Sheet) -> Parsed:
    """Understand an export of Microsoft Forms.

    Parameters
    ----------
    sheet : Sheet
        With the header in its first row.

    Returns
    -------
    Parsed
        Points and feedback of a quiz are not questions.
    """
    headers = sheet.row(0)
    quiz = [tidy(header) for header in headers if _QUIZ.fullmatch(tidy(header))]
    left_out = [
        Problem(
            zh=f"“{header}”是测验的评分列，不作为题目。",
            en=f"{header} is a column of quiz marks, not a question.",
            place=sheet.place(),
        )
        for header in quiz
    ]

    def specs(asked: Asked) -> Iterator[Spec]:
        for index in asked.columns:
            header, answers = asked.headers[index], asked.answers(index)
            if _QUIZ.fullmatch(header):
                continue
            if _is_ranking(answers):
                yield Spec("", header, (index,), kind="ranking", layout="order")
            elif answers and all(answer.endswith(";") for answer in answers):
                yield Spec("", header, (index,), kind="multi", layout="joined")
            else:
                yield Spec("", header, (index,))

    return assemble(sheet, headers, 1, METADATA, _GRAMMAR, specs, problems=left_out)


def _is_ranking(answers: Iterable[str]) -> bool:
    """Tell whether everybody names the same options, but in other orders."""
    orders = [_GRAMMAR.split(answer) for answer in answers]
    same = {frozenset(order) for order in orders}
    return len(orders) > 1 and len(same) == 1 and len(orders[0]) > 2


PLATFORM = Platform("msforms", "Microsoft Forms", detect, read)
