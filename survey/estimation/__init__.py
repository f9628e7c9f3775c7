"""From used responses to results: each file makes one of the results of `survey.results`."""

from survey.estimation.comparison import comparison
from survey.estimation.drivers import drivers
from survey.estimation.fieldwork import fieldwork
from survey.estimation.items import branch_item_responses, item_responses
from survey.estimation.planning import planning
from survey.estimation.ranking import ranking
from survey.estimation.reliability import reliability
from survey.estimation.satisfaction import adjust_verdicts, satisfaction

__all__ = [
    "adjust_verdicts",
    "branch_item_responses",
    "comparison",
    "drivers",
    "fieldwork",
    "item_responses",
    "planning",
    "ranking",
    "reliability",
    "satisfaction",
]
