"""How many people each branch and role has, and whether the answers agree with it."""

from survey.roster.agreement import renamed, require_known, require_room, require_told_apart
from survey.roster.model import JOINT, Roster
from survey.roster.reading import open_roster, read_roster
