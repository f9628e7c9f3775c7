"""From columns to items and from answers to codes."""

from survey.coding.answers import as_texts, code, grouping
from survey.coding.ladders import Satisfied, cuts
from survey.coding.matching import Matching, match_columns, require_certain
from survey.coding.naming import name_columns
from survey.coding.responses import Responses, concatenate, unused_columns
from survey.coding.scales import restated, undecided_cuts
from survey.coding.undecided import Cut, UndecidedError

__all__ = [
    "Cut",
    "Matching",
    "Responses",
    "Satisfied",
    "UndecidedError",
    "as_texts",
    "code",
    "concatenate",
    "cuts",
    "grouping",
    "match_columns",
    "name_columns",
    "require_certain",
    "restated",
    "undecided_cuts",
    "unused_columns",
]
