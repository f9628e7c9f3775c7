"""From files to a survey, and from a survey to a report."""

from survey.workflow.planning import plan
from survey.workflow.reading import check, read
from survey.workflow.survey import Survey

__all__ = ["Survey", "check", "plan", "read"]
