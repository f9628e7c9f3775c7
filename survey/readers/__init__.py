"""Exports of questionnaire platforms, read right or refused."""

from survey.readers.export import Export, expand, open_export
from survey.readers.model import Evidence, Question
from survey.readers.problems import Problem

__all__ = ["Evidence", "Export", "Problem", "Question", "expand", "open_export"]
