"""What a survey yields: frozen results with a frame, a plot and a display form.

One file a result; all are to be had from here.
"""

from __future__ import annotations

from survey.results.actions import Actions
from survey.results.comments import Comments
from survey.results.comparison import Comparison, Waves
from survey.results.drivers import Drivers, DriversSummary
from survey.results.findings import Cover, Doubts, Evidence, Findings, Late, Strict
from survey.results.items import ItemResponses
from survey.results.planning import Fieldwork, Planning
from survey.results.ranking import Ranking
from survey.results.reliability import Reliability
from survey.results.satisfaction import Funnel, Satisfaction, Target
from survey.results.scores import Scores
