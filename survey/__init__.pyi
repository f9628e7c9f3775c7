"""The public names of the package, each once: where it is defined. See ``__init__.py``."""

from questionnaires.errors import (
    QuestionnaireError as QuestionnaireError,
    SurveyError as SurveyError,
)
from questionnaires.threshold import at_least as at_least, at_most as at_most
from survey.errors import (
    CodingError as CodingError,
    ReadError as ReadError,
    ReportError as ReportError,
    RosterError as RosterError,
    UsageError as UsageError,
)
from survey.readers.export.codebook import CodeBook as CodeBook
from survey.readers.export.export import Export as Export
from survey.readers.export.opening import open_export as open_export
from survey.readers.export.pairing import pair_exports as pair_exports
from survey.results.comparison import Comparison as Comparison, Waves as Waves
from survey.results.drivers import Drivers as Drivers
from survey.results.findings import Cover as Cover, Evidence as Evidence, Findings as Findings
from survey.results.items import ItemResponses as ItemResponses
from survey.results.planning import Fieldwork as Fieldwork, Planning as Planning
from survey.results.ranking import Ranking as Ranking
from survey.results.reliability import Reliability as Reliability
from survey.results.satisfaction import Satisfaction as Satisfaction
from survey.screening.rules import Rule as Rule
from survey.settings import options as options
from survey.simulation.province import Province as Province, simulate_province as simulate_province
from survey.simulation.university import Simulation as Simulation, simulate as simulate
from survey.workflow.blank import blank_roster as blank_roster
from survey.workflow.coded import from_coded as from_coded
from survey.workflow.following import waves as waves
from survey.workflow.frames import from_frame as from_frame
from survey.workflow.planning import plan as plan
from survey.workflow.proving import evidence as evidence
from survey.workflow.reading import check as check, read as read
from survey.workflow.survey import Survey as Survey

__version__: str
