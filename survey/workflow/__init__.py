"""From files to a survey, and from a survey to a report."""

from survey.workflow.blank import blank_roster
from survey.workflow.coded import from_coded
from survey.workflow.following import waves
from survey.workflow.frames import from_frame
from survey.workflow.planning import plan
from survey.workflow.proving import evidence
from survey.workflow.reading import check, read
from survey.workflow.survey import Survey
