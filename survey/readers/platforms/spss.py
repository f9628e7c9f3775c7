"""SPSS files (sav, zsav): value labels in place of codes, missing values blank.

SEEN: labels of variables as stems. A sheet is less surely SPSS's than any platform's that finds
its own headers among the labels.
"""

from __future__ import annotations

import re

from survey.readers.container.spss import SPSS
from survey.readers.grammar.dialect import Dialect, Sign

DIALECT = Dialect("spss", "SPSS", signs=(Sign(0.5, sheet=re.compile(SPSS)),), options=False)
