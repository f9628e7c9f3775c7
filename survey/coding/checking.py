"""What was understood of an export, as a table to read before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from questionnaires import Questionnaire
from survey import identifiers
from survey.coding.answers import code
from survey.coding.columns import answered_labels, column, describe
from survey.coding.matching import Matching, require_certain
from survey.errors import Language, SurveyError
from survey.readers import Export, Question
from survey.readers.detection import platforms
from survey.readers.guard import column_letters
from survey.readers.selecting import Found

_SHOWN = 6
_HOW = {
    "wording": ("题目文字相同", "same wording"),
    "core": ("去掉套话后相同", "same wording without its shell"),
    "mapping": ("映射文件", "mapping"),
    "named": ("用户指明", "named"),
}
_KINDS = {
    "single": ("单选", "one choice"),
    "scale": ("打分", "score"),
    "multi": ("多选", "several choices"),
    "matrix": ("矩阵单选", "matrix"),
    "matrix_multi": ("矩阵多选", "matrix of several choices"),
    "ranking": ("排序", "ranking"),
    "allocation": ("比重", "allocation"),
    "number": ("数字", "number"),
    "text": ("填空", "text"),
    "blanks": ("多项填空", "several texts"),
}
_MODES = {
    "text": ("按文本", "text"),
    "numbered": ("按序号", "numbered"),
    "undecided": ("无法判断", "undecided"),
}


@dataclass(frozen=True)
class Understanding:
    """One export as it would be read.

    Attributes
    ----------
    export : Export
        The file.
    questionnaire : Questionnaire
        What was asked.
    matching : Matching
        Which column answers what.
    error : SurveyError or None
        What stops the reading.
    """

    export: Export
    questionnaire: Questionnaire
    matching: Matching
    error: SurveyError | None

    def text(self, language: Language = "zh") -> str:
        """Put it into words: platform, every column with its answers and item, what is odd."""
        at = 0 if language == "zh" else 1
        export = self.export
        evidence, platform = export.evidence, platforms()[export.platform].title
        lines = [
            f"== {export.name}",
            (
                f"平台 {platform}（{export.platform}；{evidence.zh}，"
                f"把握 {evidence.confidence:.0%}）；{_MODES[export.mode][0]}；"
                f"{export.n_rows} 份答卷；{len(export.questions)} 道题"
                if language == "zh"
                else f"Platform {platform} ({export.platform}; {evidence.en}, confidence "
                f"{evidence.confidence:.0%}); {_MODES[export.mode][1]}; {export.n_rows} rows; "
                f"{len(export.questions)} questions"
            ),
        ]
        used = {column(t.found): (slot, t.how) for slot, t in self.matching.targets.items()}
        for question in export.questions:
            for found in _columns(question):
                slot, how = used.get(column(found), ("", ""))
                arrow = f"  → {slot} ({_HOW[how][at]})" if slot else ""
                letters = column_letters(column(found))
                lines.append(
                    f"  {letters:>3}  {describe(found)}  [{_KINDS[question.kind][at]}]{arrow}"
                )
                answers = _answers(export, found, language)
                if answers and not question.personal and not self._is_open(slot):
                    # Whatever is typed into an unknown column is nobody's business.
                    lines.append(f"       {answers if slot else identifiers.mask(answers)}")
        lines += [f"  !  {problem.text(language)}" for problem in export.problems]
        return "\n".join(lines)

    def __repr__(self) -> str:
        state = "understood" if self.error is None else "not understood"
        return (
            f"<Understanding {self.export.name}: {state}, {self.export.n_rows} rows, "
            f"{len(self.matching.targets)} columns matched>"
        )

    def __str__(self) -> str:
        stopped = [] if self.error is None else [f"  ✗  {self.error.text('zh')}"]
        return "\n".join([self.text(), *stopped])

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def _is_open(self, slot: str) -> bool:
        asked = self.questionnaire.open_question
        return asked is not None and slot == asked.id


def understand(export: Export, questionnaire: Questionnaire, matching: Matching) -> Understanding:
    """Try to read an export and keep what stops it.

    Parameters
    ----------
    export : Export
        The file.
    questionnaire : Questionnaire
        What was asked.
    matching : Matching
        Which column answers what.
    """
    error = None
    try:
        require_certain(export, questionnaire, matching)
        code(export, questionnaire, matching)
    except SurveyError as raised:
        error = raised
    return Understanding(export, questionnaire, matching, error)


def _columns(question: Question) -> list[Found]:
    if question.rows:
        return [Found(question, row) for row in range(len(question.rows))]
    return [Found(question, None)]


def _answers(export: Export, found: Found, language: Language) -> str:
    """List the commonest answers of a closed column with their numbers."""
    question = found.question
    if question.kind in ("single", "scale", "matrix"):
        counts = answered_labels(export, found)
    elif question.options:
        counts = dict.fromkeys(question.options, 0)
    else:
        return ""
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])[:_SHOWN]
    more = f" …（共 {len(counts)} 种）" if language == "zh" else f" … ({len(counts)} in all)"
    joint = "，" if language == "zh" else ", "
    listed = joint.join(f"{label} {n}" if n else label for label, n in ranked)
    return listed + (more if len(counts) > _SHOWN else "")
