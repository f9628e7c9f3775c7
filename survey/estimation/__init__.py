"""From used responses to results: each file makes one of the results of `survey.results`."""

from survey.estimation.actions import followed
from survey.estimation.cells import coded, groupings, item_cells, of_units, overall_cells
from survey.estimation.comments import LEAST as LEAST_COMMENTS
from survey.estimation.comments import comments
from survey.estimation.comparison import comparison, matched, of_dimensions, of_items
from survey.estimation.drivers import Known, drivers
from survey.estimation.fieldwork import fieldwork
from survey.estimation.items import item_responses
from survey.estimation.planning import planning
from survey.estimation.ranking import ranking
from survey.estimation.reliability import reliability
from survey.estimation.satisfaction import Terms, counted, satisfaction
from survey.estimation.scores import scores
