"""What may be published.

`rule` decides on numbers of valid answers alone; `audit` looks for what whole numbers tell beyond;
`protection` applies both to everything that is published together.
"""

from survey.privacy.protection import decide, protect, rounded, withhold
from survey.privacy.rule import FEW, PARTNER, SHOWN, Pattern, groupings, lacking
