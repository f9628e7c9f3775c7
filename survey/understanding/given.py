"""What is to be understood: the files, and what was stated with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from questionnaires import Questionnaire
from survey.readers import Export
from survey.screening import DEFAULT_RULES, Rule


@dataclass(frozen=True, eq=False)
class Given:
    """What is to be understood, before anything is decided."""

    exports: tuple[Export, ...]  # the files, opened
    questionnaire: Questionnaire | None  # what was asked; None where columns are named
    # arguments of `survey.coding.name_columns`, where there is no questionnaire; with one, those of
    # them that state its scales
    named: Mapping[str, Any] = field(default_factory=dict)
    # whether nobody said that it is this questionnaire, so that it may be another survey
    is_default: bool = False
    roster: str | Path | pd.DataFrame | None = None  # sizes of branches
    roster_sheet: str | None = None  # sheet of the roster, where several look like one
    keep: tuple[str, ...] = ()  # further groupings, those that the questionnaire states among them
    # leave out answers from branches that are not on the roster
    allow_unknown_branches: bool = False
    rules: Sequence[Rule] = DEFAULT_RULES  # rules of screening
    # ends of the survey's time
    since: str | date | None = None
    until: str | date | None = None
