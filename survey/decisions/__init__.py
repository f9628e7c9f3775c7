"""What people decided about a survey, and the file ``survey-report.toml`` that keeps it.

Nothing heavy is imported: the page tells what was decided before any answer is read.
"""

from survey.decisions.facts import FACTS, Fact, taken
from survey.decisions.file import FILE, KINDS, dump, is_survey, load, load_all, of_folder
from survey.decisions.made import OPEN, TOPICS, Decision, Decisions, Topic
