"""A small report whose every file bears one token, so that a mixture of two is seen."""

from __future__ import annotations

from pathlib import Path

from survey import output
from survey.output import manifest


def write(work: Path, token: str, *, n_charts: int = 2) -> None:
    (work / "report.html").write_text(token)
    (work / "charts").mkdir()
    for name in "abcdefgh"[:n_charts]:
        (work / "charts" / f"{name}.png").write_text(token)
    output.seal(work, {})


def text(place: Path) -> str:
    """Give the token of a report after making sure that it is whole."""
    assert manifest.is_sealed(place)
    assert manifest.strangers(place) == []
    files = [path for path in place.rglob("*") if path.is_file() and path.name != output.RECORD]
    assert {path.relative_to(place).as_posix() for path in files} == set(
        manifest._manifest(place) or ()
    )
    (token,) = {path.read_text() for path in files}
    return token


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
