"""Points by a rule, beside the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from questionnaires.language import named
from survey.contract import Result
from survey.errors import Language

if TYPE_CHECKING:
    from questionnaires.scoring import Profile


@dataclass(frozen=True, eq=False, repr=False)
class Scores(Result):
    """Scores by a school's rule, beside the verdicts.

    Attributes
    ----------
    frame : DataFrame
        One row a unit: ``branch`` (missing for all together), ``n_valid``, ``n_satisfied``,
        ``score`` (missing where it is withheld or the rule gives none), ``passes`` (boolean),
        ``rate``, ``verdict``, ``difference``: empty where score and verdict agree, ``uncertain``
        (passes, the verdict is open), ``outweighed`` (passes, below the bar), ``ladder`` (fails,
        meets the bar).
    profile : Profile
        The rule.
    points : mapping of str to float
        Level of the overall question → points, the best first.
    pass_mark : float
        The score that passes.
    """

    _name = ("按记分办法的得分", "Scores by a school's rule")
    _shown = ("branch", "n_valid", "score", "rate", "verdict")

    frame: pd.DataFrame
    profile: Profile
    points: Mapping[str, float]
    pass_mark: float

    def _caption(self, language: Language) -> str:
        return f"{named(self.profile, language)}（{self.profile.source}）"
