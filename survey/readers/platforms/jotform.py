"""Jotform: ``Submission Date`` first, matrices as ``stem >> row``, several choices line by line.

SEEN: the first header; DOC: rows behind ``>>``; ASSUMED: one option a line, ``Submission ID`` and
``Submission IP`` last.
"""

from __future__ import annotations

import re

from survey.readers.grammar.dialect import Dialect, Sign
from survey.readers.grammar.model import Grammar

NAMES = {
    "submissiondate": "submitted_at",
    "lastupdatedate": "modified_at",
    "submissionid": "respondent_id",
    "submissionip": "ip",
    "ip": "ip",
    "flowstatus": "review",
    "approvalstatus": "review",
}

DIALECT = Dialect(
    "jotform",
    "Jotform",
    NAMES,
    signs=(Sign(0.85, every=("submitted_at",), first=True),),
    grammar=Grammar(joint=re.compile("┋"), lines=True),
    header=re.compile(r"(?P<stem>.*?)\s*>>\s*(?P<part>.*)", re.DOTALL),
    options=False,
)
