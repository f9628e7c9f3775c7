"""Surveys with known truth, for the demo, for tests and for questions of power."""

from survey.simulation.people import People, draw_people
from survey.simulation.province import Province, University, draw_province, simulate_province
from survey.simulation.truth import (
    true_contributions,
    true_satisfaction,
    university_contributions,
)
from survey.simulation.university import Simulation, simulate
