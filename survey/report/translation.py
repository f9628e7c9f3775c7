"""Answers and roles in the reader's language, as the questionnaire gives them."""

from __future__ import annotations

import dataclasses

from survey.errors import Language
from survey.results import Findings, Satisfaction


def translate(findings: Findings, language: Language) -> Findings:
    """Give findings whose roles and satisfied answers are named in English, if English is asked.

    Parameters
    ----------
    findings : Findings
        With the names as printed on the questionnaire.
    language : {"zh", "en"}
        Language of the report.

    Returns
    -------
    Findings
        The same for Chinese; branches keep their names in any language.
    """
    if language == "zh":
        return findings
    asked = findings.questionnaire
    roles = {role.title: role.title_en or role.title for role in asked.roles}
    answers = {level.label: level.label_en or level.label for level in asked.overall.scale.levels}

    def named(result: Satisfaction) -> Satisfaction:
        frame = result.frame
        if "role" in result.by:
            frame = frame.assign(role=frame["role"].replace(roles))
        labels = tuple(answers.get(label, label) for label in result.satisfied_labels)
        return dataclasses.replace(result, frame=frame, satisfied_labels=labels)

    return dataclasses.replace(
        findings,
        tables={by: named(table) for by, table in findings.tables.items()},
    )
