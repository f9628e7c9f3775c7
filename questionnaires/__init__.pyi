"""The public names of the package, each once: where it is defined. See ``__init__.py``."""

from questionnaires.catalogue import available as available, load as load, parse as parse
from questionnaires.errors import QuestionnaireError as QuestionnaireError
from questionnaires.model import (
    AttentionCheck as AttentionCheck,
    ChoiceQuestion as ChoiceQuestion,
    Dimension as Dimension,
    Indicator as Indicator,
    Item as Item,
    OpenQuestion as OpenQuestion,
    Questionnaire as Questionnaire,
    Role as Role,
)
from questionnaires.scale import Level as Level, Scale as Scale
from questionnaires.text import normalise as normalise
from questionnaires.writing import to_toml as to_toml
