"""Sheets as bytes: a line of JSON, then the codes of all columns. Nothing in them is ever run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import BinaryIO

import numpy as np

from survey.errors import Place
from survey.readers.container.sheet import Column, IntArray, Sheet
from survey.readers.problems import Problem

FORMAT = 4
"""Changes with what is written, and with what a container understands of a file."""
END = b"\nend of sheets\n"
"""Stands last: what was cut short does not end so."""


def dump(sheets: Sequence[Sheet], stream: BinaryIO) -> None:
    """Write the sheets of one file.

    Parameters
    ----------
    sheets : sequence of Sheet
        Of files, not put together.
    stream : binary file
    """
    head = [
        {
            "name": sheet.name,
            "merged": sheet.merged,
            "visible": sheet.visible,
            "since_1904": sheet.since_1904,
            "problems": [asdict(problem) for problem in sheet.problems],
            "n_rows": sheet.n_rows,
            "levels": [column.levels for column in sheet.columns],
        }
        for sheet in sheets
    ]
    stream.write(json.dumps(head).encode() + b"\n")
    for sheet in sheets:
        for codes in (sheet.rows, *(column.codes for column in sheet.columns)):
            stream.write(codes.astype(np.int32).tobytes())
    stream.write(END)


def load(stream: BinaryIO, file: str) -> list[Sheet]:
    """Read what `dump` wrote.

    Parameters
    ----------
    stream : binary file
    file : str
        Name of the file.

    Raises
    ------
    ValueError
        If it was not written to the end.
    """

    def take(n: int) -> IntArray:
        taken = np.frombuffer(stream.read(4 * n), np.int32)
        if len(taken) != n:
            raise ValueError("cut short")
        return taken

    return [
        Sheet(
            file,
            one["name"],
            rows=take(one["n_rows"]),
            columns=tuple(Column(take(one["n_rows"]), tuple(texts)) for texts in one["levels"]),
            merged=tuple(map(tuple, one["merged"])),
            problems=tuple(
                Problem(**(told | {"place": Place(**told["place"])})) for told in one["problems"]
            ),
            visible=one["visible"],
            since_1904=one["since_1904"],
        )
        for one in json.loads(stream.readline())
    ]
