"""The one room that writes where a user says: whole or not at all, and nothing of theirs is lost.

A place is a folder (a report) or a file. Everything is written into a hidden folder beside it, the
place's *space*, and moved at the end in one step. Only one writer at a time holds a space, and
whoever opens one first puts in order what a killed run left in it.
"""

from survey.output.manifest import ACTIONS, RECORD, records, seal, sha256
from survey.output.steady import unchanged
from survey.output.writing import file, folder, tidy
