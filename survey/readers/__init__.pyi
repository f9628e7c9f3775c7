"""The public names of the room, each once: where it is defined. See ``__init__.py``."""

from survey.readers.container.folders import (
    expand as expand,
    once as once,
    passed_over as passed_over,
    readable as readable,
    told_apart as told_apart,
)
from survey.readers.export.codebook import CodeBook as CodeBook
from survey.readers.export.export import Export as Export
from survey.readers.export.many import open_exports as open_exports
from survey.readers.export.opening import open_export as open_export
from survey.readers.export.pairing import pair_exports as pair_exports
from survey.readers.export.selecting import Found as Found
from survey.readers.grammar.model import Evidence as Evidence, Question as Question
from survey.readers.problems import Problem as Problem
