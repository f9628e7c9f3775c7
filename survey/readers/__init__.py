"""Exports of questionnaire platforms, read right or refused."""

from survey.readers.container.folders import expand, once, passed_over, readable, told_apart
from survey.readers.export.codebook import CodeBook
from survey.readers.export.export import Export
from survey.readers.export.many import open_exports
from survey.readers.export.opening import open_export
from survey.readers.export.pairing import pair_exports
from survey.readers.export.selecting import Found
from survey.readers.grammar.model import Evidence, Question
from survey.readers.problems import Problem
