"""From columns to items and from answers to codes."""

from survey.coding.answers import code, grouping
from survey.coding.branches import branches_of, one_branch, several_named
from survey.coding.columns import as_texts
from survey.coding.ladders import Satisfied, cuts
from survey.coding.matching import Matching, match_columns, require_certain
from survey.coding.naming import name_columns
from survey.coding.responses import Responses, concatenate, unused_columns
from survey.coding.scales import restated, undecided_cuts
from survey.coding.undecided import Cut, UndecidedError
