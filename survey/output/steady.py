"""Files that must not change while they are read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from survey.errors import Place, ReadError, SurveyError


@contextmanager
def unchanged(files: Iterable[str | Path]) -> Iterator[None]:
    """Stop where a file was written to or replaced while the block read it.

    Parameters
    ----------
    files : iterable of path
        What is read; one that is not there is told of by whoever reads it.

    Raises
    ------
    ReadError
        Naming the file; whatever else went wrong came of that.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = file.write_text("a")
    >>> try:
    ...     with unchanged([file]):
    ...         _ = file.write_text("other")
    ... except ReadError as error:
    ...     print(error.text("en"))
    file a.csv: It was written to or replaced while it was read. Try again once it is saved.
    """
    before = [(Path(file), _stamp(file)) for file in files]
    try:
        yield
    except (SurveyError, OSError) as error:
        _require_steady(before, error)
        raise
    _require_steady(before)


def _require_steady(
    before: list[tuple[Path, tuple[int, ...]]], error: Exception | None = None
) -> None:
    for file, was in before:
        if _stamp(file) != was:
            raise ReadError(
                zh="读取时文件正在被改写或替换。请等它保存好，再试一次。",
                en="It was written to or replaced while it was read. Try again once it is saved.",
                place=Place(file=file.name),
            ) from error


def _stamp(file: str | Path) -> tuple[int, ...]:
    try:
        told = os.stat(file)
    except OSError:
        return ()
    return told.st_ino, told.st_size, told.st_mtime_ns
