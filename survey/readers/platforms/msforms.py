"""Microsoft Forms: one column a question, several choices and rankings as ``a;b;``.

SEEN: English names; DOC: columns of quiz marks; ASSUMED: Chinese names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from survey.readers.grammar.dialect import Asked, Dialect, Sign
from survey.readers.grammar.model import Grammar, Question
from survey.readers.problems import Problem

NAMES = {
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
_GRAMMAR = Grammar(joint=re.compile(r";(?!\s)"), certain_join=False, ended=True)
_GRAMMAR = replace(_GRAMMAR, order=_GRAMMAR.split)


def _group(asked: Asked) -> Iterator[Question | Problem]:
    """Take every column but quiz marks for a question, several options for a choice of several."""
    for index in asked.columns:
        header, answers = asked.headers[index], asked.answers(index)
        if _QUIZ.fullmatch(header):
            yield Problem(
                zh=f"“{header}”是测验的评分列，不作为题目。",
                en=f"{header} is a column of quiz marks, not a question.",
                place=asked.body.place(),
            )
        elif _is_ranking(answers):
            yield Question("", header, (index,), kind="ranking", layout="order")
        elif answers and all(answer.endswith(";") for answer in answers):
            yield Question("", header, (index,), kind="multi", layout="joined")
        else:
            yield Question("", header, (index,))


def _is_ranking(answers: Iterable[str]) -> bool:
    """Tell whether everybody names the same options, but in other orders."""
    orders = [_GRAMMAR.split(answer) for answer in answers]
    same = {frozenset(order) for order in orders}
    return len(orders) > 1 and len(same) == 1 and len(orders[0]) > 2


DIALECT = Dialect(
    "msforms",
    "Microsoft Forms",
    NAMES,
    signs=(
        Sign(0.95, every=_REQUIRED, some=("email", "name")),
        Sign(0.8, every=_REQUIRED),
    ),
    grammar=_GRAMMAR,
    group=_group,
)
