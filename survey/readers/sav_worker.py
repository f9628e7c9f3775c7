"""Reads an SPSS file in a process of its own: a damaged one can crash ReadStat beyond catching.

Run as ``python -m survey.readers.sav_worker PATH``; writes one JSON object to standard output.
"""

from __future__ import annotations

import json
import sys

from survey.readers.guard import MAX_BOX_CELLS
from survey.readers.sheet import cell_text

TOO_LARGE = 5


def main(path: str) -> int:
    """Write the labels of the variables and the texts of the cells.

    Parameters
    ----------
    path : str
        A sav or zsav file.

    Returns
    -------
    int
        Exit status: 0, or `TOO_LARGE`.
    """
    import pyreadstat

    _, meta = pyreadstat.read_sav(path, metadataonly=True)
    if (meta.number_rows or 0) * (meta.number_columns or 0) > MAX_BOX_CELLS:
        return TOO_LARGE
    frame, meta = pyreadstat.read_sav(path, apply_value_formats=True)
    named = zip(meta.column_names, meta.column_labels, strict=True)
    columns = (frame[name].astype(object) for name in frame.columns)
    cells = [[*map(cell_text, column.where(column.notna(), None))] for column in columns]
    json.dump({"labels": [label or name for name, label in named], "columns": cells}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
