"""What may be published: small units hidden, and the fewest others that would give them away.

`protection` applies the rule to everything that is published together; `published` reads the tables
as groups of respondents, `suppression` chooses what to hide, `alternatives` solves the linear
programmes behind it; `branch_items` holds the rule for the answers to items in single branches.
"""

from survey.privacy.protection import USUAL_MIN_CELL, masked_texts, protect, withhold

__all__ = ["USUAL_MIN_CELL", "masked_texts", "protect", "withhold"]
