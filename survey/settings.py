"""What holds for every call that says nothing else: language, least cell that is shown, font."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from questionnaires import language as _words
from survey.errors import Language, UsageError, nearest

USUAL_MIN_CELL = 5
"""Least number of respondents of a published figure, where nothing else is asked for."""


@dataclass(frozen=True)
class _Set:
    language: Language = "zh"
    min_cell: int = USUAL_MIN_CELL
    font: str = ""


_current = [_Set()]


def current() -> _Set:
    """Give what is set."""
    return _current[0]


def language(asked: Language | None = None) -> Language:
    """Give the language asked for, or the one that is set."""
    return asked or current().language


def require_min_cell(given: object) -> None:
    """Refuse what is no least number of answers."""
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise UsageError(
            zh=f"min_cell={given} 不行：最小公布人数是从 1 起的整数，通常是 5。",
            en=f"min_cell={given} cannot be: it is a whole number from 1, usually 5.",
        )


def require_seed(given: object) -> None:
    """Refuse what starts no random numbers."""
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise UsageError(
            zh=f"seed={given!r} 不行：随机数的种子是从 0 起的整数。",
            en=f"seed={given!r} cannot be: it is a whole number from 0.",
        )


class options:  # noqa: N801
    """Set what errors, results, charts and reports follow; within ``with`` for a while only.

    Parameters
    ----------
    language : {"zh", "en"}, optional
        Language of all texts.
    min_cell : int, optional
        Least number of respondents of a published figure, at least 1, of surveys read from now on.
    font : path, optional
        A TrueType or OpenType file in which charts are drawn; ``""`` is the font that is shipped.

    Raises
    ------
    UsageError
        If a value is none of these.

    Examples
    --------
    >>> with options(language="en"):
    ...     print(UsageError(zh="不对。", en="Wrong."))
    Wrong.
    >>> print(UsageError(zh="不对。", en="Wrong."))
    不对。
    """

    def __init__(
        self,
        *,
        language: Language | None = None,
        min_cell: int | None = None,
        font: str | Path | None = None,
    ) -> None:
        if language is not None and language not in ("zh", "en"):
            raise nearest("language", language, ("zh", "en"))
        if min_cell is not None:
            require_min_cell(min_cell)
        if font and not Path(font).is_file():
            raise UsageError(
                zh=f"font={str(font)!r}：没有这个字体文件。请给出文件的路径；装在电脑上的字体，"
                "路径由 matplotlib.font_manager.findfont(名称) 给出。",
                en=f"font={str(font)!r}: there is no such font file. Give its path; that of an "
                "installed font matplotlib.font_manager.findfont(name) tells.",
            )
        self._before = current()
        file = None if font is None else str(Path(font).resolve()) if font else ""
        given = {"language": language, "min_cell": min_cell, "font": file}
        chosen = {name: value for name, value in given.items() if value is not None}
        _put(replace(self._before, **chosen))  # type: ignore[arg-type]

    def __enter__(self) -> options:
        """Keep what was set until the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Set again what held before."""
        _put(self._before)

    def __repr__(self) -> str:
        held = current()
        font = f", font={held.font!r}" if held.font else ""
        return f"survey.options(language={held.language!r}, min_cell={held.min_cell}{font})"


def _put(chosen: _Set) -> None:
    _current[0] = chosen
    _words.choose(chosen.language)
