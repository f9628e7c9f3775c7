"""Statistics of satisfaction surveys: arrays in, values out; no file, no chart, no Chinese.

=================  ===============================================================================
`counts`           rows to counts: `tabulate`, and to `patterns` of those who answered alike
`proportions`      one unit: `intervals`, `bounds` (over roles, too) and `verdicts` against the
                   bar, `reasons` (why not decided), `nonresponse` (what the silent could change)
`many`             many units: `pooling` (shrunken rates, sides, ranks), `funnel`, `multiplicity`
`weights`          `weighting`, `calibration` (to known sizes and rates)
`breakdown`        dissatisfaction by dimensions: `drivers` (returns `contributions`), `imputation`,
                   `withholding` (what may be shown), `sensitivity` (would other choices order them
                   otherwise), `relative_importance` (for readers of other tools)
`change`           two waves: `comparison`, `paired`
`design`           before and during the survey: `planning`, `reminders`, `sequential` (looks)
`instrument`       `reliability`
=================  ===============================================================================

Each of these modules is reached as ``analysis.verdicts`` too, whatever folder it lives in. The
others are their kernels.

**What was measured** (every N up to 300, every n, K and x gone through, nothing sampled).

=================================  ==============
interval at 95 %                   least coverage
=================================  ==============
exact finite-population            .9500
Blaker                             .9500
Wilson with correction, as counts  .797
=================================  ==============

========================================  ===================  ==================  ==============
rule for the verdict at 5 %               worst error given n  worst error over n  mean undecided
========================================  ===================  ==================  ==============
exact one-sided (the default)             .0500                .0350               .266
mid-p                                     .100                 .0496               .232
exact 95 % interval against the bar       .025                 .017                .303
Blaker 95 % interval against the bar      .050                 .029                .282
========================================  ===================  ==================  ==============

Undecided is the mean over K >= .8 N and n >= N / 2. Given n no rule without randomisation decides
more than the exact one at the same error (see `judge`).
Two roles that answer at different rates must not be pooled: the error of the pooled verdict reaches
.57 and 1.00, that of the stratified one stays at .05 (see `bounds`). The script
``tests/simulations/enumerate_verdicts.py`` makes this table.
"""

from __future__ import annotations

import ast as _ast
from importlib import import_module as _import_module
from pathlib import Path as _Path

_LISTED = _ast.parse(_Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")).body
_FOLDERS = {
    name.name: (node.module or "").partition(".")[2]
    for node in _LISTED
    if isinstance(node, _ast.ImportFrom)
    for name in node.names
}
"""The public modules and the folder of each, as ``__init__.pyi`` lists them for type checkers."""
__all__ = sorted(_FOLDERS)


def __getattr__(name: str) -> object:
    # Statistics come when they are asked for: scipy takes its second.
    if name not in _FOLDERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _import_module(f"{__name__}.{_FOLDERS[name]}.{name}")


def __dir__() -> list[str]:
    return __all__
