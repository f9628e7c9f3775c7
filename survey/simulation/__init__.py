"""Surveys with known truth, for the demo, for tests and for questions of power."""

from survey.simulation.people import People, draw_people
from survey.simulation.truth import (
    true_contributions,
    true_satisfaction,
    university_contributions,
)
from survey.simulation.university import Simulation, simulate

__all__ = [
    "People",
    "Simulation",
    "draw_people",
    "simulate",
    "true_contributions",
    "true_satisfaction",
    "university_contributions",
]
