"""The same respondents met again in overlapping downloads: found and reported, never removed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from survey.readers.export import Export

_IDENTITIES = ("respondent_id", "sequence")


def find_overlaps(exports: Sequence[Export]) -> pd.DataFrame:
    """Find rows that are the same submission as an earlier row.

    Parameters
    ----------
    exports : sequence of Export
        In the order in which they count as earlier.

    Returns
    -------
    DataFrame
        One line a repeated row: ``export`` (position in `exports`), ``position`` (row in it, from
        0), ``file``, ``sheet``, ``row``, and ``first_file``, ``first_sheet``, ``first_row``.

    Notes
    -----
    Two rows are the same submission when the respondent's number (序号 or ID) and the submit time
    are both present and equal. 序号 alone is an ordinal that restarts in pasted downloads: two
    people may share it. Exports without either column find nothing.
    """
    parts = []
    for number, export in enumerate(exports):
        known = export.metadata
        name = next((name for name in _IDENTITIES if name in known), None)
        if name is None or "submitted_at" not in known:
            continue
        part = export.provenance.assign(
            export=number,
            position=np.arange(export.n_rows),
            identity=known[name].astype(object),
            submitted_at=known["submitted_at"],
        )
        parts.append(part.dropna(subset=["identity", "submitted_at"]))
    columns = [
        "export",
        "position",
        "file",
        "sheet",
        "row",
        "first_file",
        "first_sheet",
        "first_row",
    ]
    if not parts:
        return pd.DataFrame(columns=columns)
    rows = pd.concat(parts, ignore_index=True)
    same = rows.groupby(["identity", "submitted_at"], sort=False)
    for name in ("file", "sheet", "row"):
        rows[f"first_{name}"] = same[name].transform("first")
    return rows.loc[same.cumcount() > 0, columns].reset_index(drop=True)


def without_overlaps(exports: Sequence[Export]) -> list[Export]:
    """Remove the rows that `find_overlaps` finds.

    Parameters
    ----------
    exports : sequence of Export
        As for `find_overlaps`.

    Returns
    -------
    list of Export
        Each without the rows that an earlier row repeats.
    """
    found = find_overlaps(exports)
    kept = []
    for number, export in enumerate(exports):
        keep = np.ones(export.n_rows, np.bool_)
        keep[found.loc[found["export"] == number, "position"].to_numpy(np.intp)] = False
        kept.append(export if keep.all() else export.keep(keep))
    return kept
