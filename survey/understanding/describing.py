"""What was understood of an export, as a table to read before anything is computed."""

from __future__ import annotations

from questionnaires import Questionnaire
from survey import identifiers
from survey.coding.columns import answered_labels, column, describe
from survey.coding.matching import Matching
from survey.errors import Language
from survey.readers import Export, Question
from survey.readers.container.guard import column_letters
from survey.readers.export.selecting import Found
from survey.readers.platforms.detection import platforms
from survey.understanding.points import HOW

_SHOWN = 6
_KINDS = {
    "single": ("单选", "one choice"),
    "scale": ("打分", "score"),
    "multi": ("多选", "several choices"),
    "matrix": ("矩阵单选", "matrix"),
    "matrix_multi": ("矩阵多选", "matrix of several choices"),
    "ranking": ("排序", "ranking"),
    "number": ("数字", "number"),
    "text": ("填空", "text"),
    "blanks": ("多项填空", "several texts"),
    "shares": ("比重", "shares of 100"),
}
_MODES = {
    "text": ("按文本", "text"),
    "numbered": ("按序号", "numbered"),
    "undecided": ("无法判断", "undecided"),
}


def describe_export(
    export: Export, questionnaire: Questionnaire, matching: Matching, language: Language = "zh"
) -> str:
    """Put one export into words: platform, every column with its answers and item, what is odd.

    Parameters
    ----------
    export : Export
        The file.
    questionnaire : Questionnaire
        What was asked.
    matching : Matching
        Which column answers what.
    language : {"zh", "en"}
        Language of the words.
    """
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
    told = questionnaire.open_question.id if questionnaire.open_question else None
    used = {column(t.found): (slot, t.how) for slot, t in matching.targets.items()}
    for question in export.questions:
        for found in _columns(question):
            slot, how = used.get(column(found), ("", ""))
            arrow = f"  → {slot} ({HOW[how].text(language)})" if slot else ""
            letters = column_letters(column(found))
            kind = _KINDS[question.kind][language != "zh"]
            lines.append(f"  {letters:>3}  {describe(found)}  [{kind}]{arrow}")
            answers = _answers(export, found, language)
            if answers and not question.personal and not (slot and slot == told):
                lines.append(f"       {answers}")
    lines += [f"  !  {problem.text(language)}" for problem in export.problems]
    return "\n".join(lines)


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
    quoted = ((identifiers.shown(label, n or identifiers.OFTEN), n) for label, n in ranked)
    listed = joint.join(f"{label} {n}" if n else label for label, n in quoted)
    return listed + (more if len(counts) > _SHOWN else "")
