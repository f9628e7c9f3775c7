"""Which rows count: rules as data, and a line for every row that a rule touches."""

from survey.decisions.values import moment
from survey.screening.rules import DEFAULT_RULES, Rule, load_rules, within
from survey.screening.screen import Screening, Version, filtered, screen
