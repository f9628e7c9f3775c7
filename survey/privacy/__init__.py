"""What may be published.

`rule` decides on numbers of valid answers alone; `audit` looks for what whole numbers tell beyond;
`protection` applies both to everything that is published together; `coarsening` rounds the sizes of
branches without names.
"""

from survey.privacy.coarsening import coarsened
from survey.privacy.protection import decide, masked_texts, protect, withhold
from survey.privacy.rule import FEW, PARTNER, USUAL_MIN_CELL, Pattern, lacking

__all__ = [
    "FEW",
    "PARTNER",
    "USUAL_MIN_CELL",
    "Pattern",
    "coarsened",
    "decide",
    "lacking",
    "masked_texts",
    "protect",
    "withhold",
]
