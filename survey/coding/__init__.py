"""From columns to items and from answers to codes."""

from survey.coding.answers import code, grouping
from survey.coding.checking import Understanding, understand
from survey.coding.mapping import load_mapping, save_mapping
from survey.coding.matching import Matching, match_columns, require_certain
from survey.coding.naming import name_columns
from survey.coding.responses import Responses, concatenate, unused_columns

__all__ = [
    "Matching",
    "Responses",
    "Understanding",
    "code",
    "concatenate",
    "grouping",
    "load_mapping",
    "match_columns",
    "name_columns",
    "require_certain",
    "save_mapping",
    "understand",
    "unused_columns",
]
