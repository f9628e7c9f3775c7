"""From columns to items and from answers to codes."""

from survey.coding.answers import as_texts, code, grouping
from survey.coding.matching import Matching, match_columns, require_certain
from survey.coding.naming import name_columns
from survey.coding.responses import Responses, concatenate, unused_columns

__all__ = [
    "Matching",
    "Responses",
    "as_texts",
    "code",
    "concatenate",
    "grouping",
    "match_columns",
    "name_columns",
    "require_certain",
    "unused_columns",
]
