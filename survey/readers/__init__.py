"""Exports of questionnaire platforms, read right or refused."""

from survey.readers.codebook import CodeBook
from survey.readers.export import Export
from survey.readers.folders import expand, once, passed_over, told_apart
from survey.readers.model import Evidence, Question
from survey.readers.opening import open_export
from survey.readers.pairing import pair_exports
from survey.readers.problems import Problem
from survey.readers.selecting import Found

__all__ = [
    "CodeBook",
    "Evidence",
    "Export",
    "Found",
    "Problem",
    "Question",
    "expand",
    "once",
    "open_export",
    "pair_exports",
    "passed_over",
    "told_apart",
]
