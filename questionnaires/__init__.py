"""What is asked: questionnaires as data, knowing nothing of answers."""

from questionnaires.catalogue import available, load, parse
from questionnaires.errors import QuestionnaireError
from questionnaires.model import (
    AttentionCheck,
    ChoiceQuestion,
    Dimension,
    DocumentaryMinimum,
    Indicator,
    Item,
    Level,
    OpenQuestion,
    Questionnaire,
    Role,
    Scale,
)
from questionnaires.text import normalise
from questionnaires.writing import to_toml

__all__ = [
    "AttentionCheck",
    "ChoiceQuestion",
    "Dimension",
    "DocumentaryMinimum",
    "Indicator",
    "Item",
    "Level",
    "OpenQuestion",
    "Questionnaire",
    "QuestionnaireError",
    "Role",
    "Scale",
    "available",
    "load",
    "normalise",
    "parse",
    "to_toml",
]
