"""Branches by name under the codes that they have: verdicts, changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from survey import formats
from survey.errors import Language

NAMED = 60
"""Branches up to which all are named on the first pages; of more, every list names `MOST`."""
MOST = 15


def by_code(frame: pd.DataFrame, by: str, codes: Iterable[str], language: Language) -> pd.DataFrame:
    """Name the branches under every code that some have: the code, ``n`` and ``names``."""
    named = {code: frame.loc[frame[by] == code, "branch"].astype(str).tolist() for code in codes}
    return pd.DataFrame(
        [(code, len(own), listed(own, language, len(frame))) for code, own in named.items() if own],
        columns=[by, "n", "names"],
    )


def listed(names: Sequence[str], language: Language, of: int) -> str:
    """Name branches: all where there are few, of a large university some."""
    return formats.listing(names, language, most=len(names) if of <= NAMED else MOST)
