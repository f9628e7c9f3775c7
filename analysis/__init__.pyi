"""The public modules of the package, each once: its folder. See ``__init__.py``."""

from analysis.breakdown import (
    contributions as contributions,
    drivers as drivers,
    imputation as imputation,
    relative_importance as relative_importance,
    sensitivity as sensitivity,
    withholding as withholding,
)
from analysis.change import comparison as comparison, paired as paired
from analysis.counts import patterns as patterns, tabulate as tabulate
from analysis.design import planning as planning, reminders as reminders, sequential as sequential
from analysis.instrument import reliability as reliability
from analysis.many import funnel as funnel, multiplicity as multiplicity, pooling as pooling
from analysis.proportions import (
    bounds as bounds,
    intervals as intervals,
    nonresponse as nonresponse,
    reasons as reasons,
    verdicts as verdicts,
)
from analysis.weights import calibration as calibration, weighting as weighting
