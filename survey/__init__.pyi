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
from survey.readers import (
    CodeBook as CodeBook,
    Export as Export,
    open_export as open_export,
    pair_exports as pair_exports,
)
from survey.results import (
    Comparison as Comparison,
    Cover as Cover,
    Drivers as Drivers,
    Evidence as Evidence,
    Fieldwork as Fieldwork,
    Findings as Findings,
    ItemResponses as ItemResponses,
    Planning as Planning,
    Ranking as Ranking,
    Reliability as Reliability,
    Satisfaction as Satisfaction,
    Waves as Waves,
)
from survey.screening import Rule as Rule
from survey.settings import options as options
from survey.simulation import (
    Province as Province,
    Simulation as Simulation,
    simulate as simulate,
    simulate_province as simulate_province,
)
from survey.workflow import (
    Survey as Survey,
    blank_roster as blank_roster,
    check as check,
    evidence as evidence,
    from_coded as from_coded,
    from_frame as from_frame,
    plan as plan,
    read as read,
    waves as waves,
)

__version__: str
