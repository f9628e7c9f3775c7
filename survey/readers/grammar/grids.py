"""Headers of the form ``stem [row]``: neighbours with the same stem are one question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from survey.readers.wording import key

_BRACKETED = re.compile(
    r"(?P<stem>.*?)\s*\[(?P<row>[^\[\]]*(?:\[[^\[\]]*\])?[^\[\]]*)\]", re.DOTALL
)


def are_ticks(answers: Sequence[Mapping[str, int]], options: Sequence[str]) -> bool:
    """Tell whether each column holds nothing but its own option, or a 1 in its place.

    Parameters
    ----------
    answers : sequence of mapping of str to int
        Valid texts of every column.
    options : sequence of str
        What the headers name.

    Examples
    --------
    >>> are_ticks([{"食堂": 3}, {}], ["食堂", "宿舍"]), are_ticks([{"好": 3}], ["食堂"])
    (True, False)
    """
    return any(answers) and all(
        {key(text) for text in texts} <= {key(option), "1"} and len(texts) <= 1
        for texts, option in zip(answers, options, strict=True)
    )


def bracketed(
    asked: Sequence[int], headers: Sequence[str]
) -> list[tuple[str, tuple[int, ...], tuple[str, ...]]]:
    """Group columns by the stem before their last brackets.

    Parameters
    ----------
    asked : sequence of int
        Columns, ascending.
    headers : sequence of str
        Tidied header of every column.

    Returns
    -------
    list of (stem, columns, rows)
        `rows` is empty for a header without brackets, or whose stem no neighbour shares: brackets
        may also belong to the wording.

    Examples
    --------
    >>> bracketed([0, 1, 2], ["年级", "评价 [食堂]", "评价 [宿舍]"])
    [('年级', (0,), ()), ('评价', (1, 2), ('食堂', '宿舍'))]
    """
    found: list[tuple[str, list[int], list[str]]] = []
    for index in asked:
        match = _BRACKETED.fullmatch(headers[index])
        stem, row = (match["stem"], match["row"].strip()) if match else (headers[index], "")
        last = found[-1] if found else None
        if match and last and last[2] and last[0] == stem and last[1][-1] == index - 1:
            last[1].append(index)
            last[2].append(row)
        else:
            found.append((stem, [index], [row] if match else []))
    return [
        (stem, tuple(columns), tuple(rows))
        if len(columns) > 1
        else (headers[columns[0]], tuple(columns), ())
        for stem, columns, rows in found
    ]
