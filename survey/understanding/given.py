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
    """What is to be understood, before anything is decided.

    Parameters
    ----------
    exports : tuple of Export
        The files, opened.
    questionnaire : Questionnaire or None
        What was asked; None where columns are named.
    named : mapping
        Arguments of `survey.coding.name_columns`, where there is no questionnaire; with one, those
        of them that state its scales.
    is_default : bool
        Whether nobody said that it is this questionnaire, so that it may be another survey.
    roster : path, DataFrame or None
        Sizes of branches.
    roster_sheet : str or None
        Sheet of the roster, where several look like one.
    keep : tuple of str
        Further groupings, those that the questionnaire states among them.
    allow_unknown_branches : bool
        Leave out answers from branches that are not on the roster.
    rules : sequence of Rule
        Rules of screening.
    since, until : str or date, optional
        Ends of the survey's time.
    """

    exports: tuple[Export, ...]
    questionnaire: Questionnaire | None
    named: Mapping[str, Any] = field(default_factory=dict)
    is_default: bool = False
    roster: str | Path | pd.DataFrame | None = None
    roster_sheet: str | None = None
    keep: tuple[str, ...] = ()
    allow_unknown_branches: bool = False
    rules: Sequence[Rule] = DEFAULT_RULES
    since: str | date | None = None
    until: str | date | None = None
