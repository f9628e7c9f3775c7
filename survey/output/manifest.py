"""What is a report's own: its record lists its files with their SHA-256, the rest is the user's."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from survey.output import moves

RECORD = "run.json"
ACTIONS = {"zh": "整改清单.xlsx", "en": "actions.xlsx"}
"""A report's list of actions, which people fill in and hand in with the next survey."""
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What systems lay into folders by themselves."""


def sha256(path: str | Path) -> str:
    """Compute the SHA-256 of a file as hexadecimal text."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def seal(folder: Path, record: Mapping[str, object]) -> None:
    """Write the record of a finished report: what is given, and its files with their SHA-256.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.txt").write_text("a")
    >>> seal(folder, {"language": "zh"})
    >>> strangers(folder)
    []
    >>> _ = (folder / "a.txt").write_text("edited by hand")
    >>> strangers(folder)
    ['a.txt']
    """
    files = {name: sha256(path) for name, path in _entries(folder) if name != RECORD}
    text = json.dumps({**record, "manifest": files}, ensure_ascii=False, indent=2)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")


def to_disk(folder: Path) -> None:
    """Have every file written through, before what they replace is deleted."""
    for _, path in _entries(folder):
        moves.to_disk(path)


def is_sealed(folder: Path) -> bool:
    """Tell whether a folder has a record with a manifest."""
    return _manifest(folder) is not None


def strangers(folder: Path) -> list[str]:
    """Name what is not the report's own, or was changed since: files, links, empty folders.

    Parameters
    ----------
    folder : Path
        An existing folder; without a record of ours everything in it is a stranger.

    Returns
    -------
    list of str
        Names relative to the folder, sorted.
    """
    manifest = _manifest(folder)
    if manifest is None:
        return sorted(set(os.listdir(folder)) - LITTER)
    return sorted(name for name, path in _entries(folder) if not _is_own(name, path, manifest))


def clear(folder: Path) -> bool:
    """Delete a report's own files and the folders that this leaves empty; strangers stay."""
    manifest = _manifest(folder)
    own = [path for name, path in _entries(folder) if _is_own(name, path, manifest)]
    for path in own:
        # The record goes last: who is killed here leaves a folder that the next one can clear.
        if path != folder / RECORD:
            moves.remove(moves.unlink, path)
    for parent, _, _ in os.walk(folder, topdown=False):
        if Path(parent) != folder:
            moves.remove(os.rmdir, Path(parent))
    if manifest is not None and [name for name, _ in _entries(folder)] == [RECORD]:
        moves.remove(moves.unlink, folder / RECORD)
    moves.remove(os.rmdir, folder)
    return not folder.exists()


def records(place: str | Path) -> dict[str, dict[str, Any]]:
    """Read the records of a report and of those in its folder, by their folders' names."""
    folder = Path(place)
    return {
        path.parent.name: _record(path) for path in (folder / RECORD, *folder.glob(f"*/{RECORD}"))
    }


def _record(path: Path) -> dict[str, Any]:
    """Read a record; empty where there is none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _manifest(folder: Path) -> dict[str, str] | None:
    """Read what a record says is its report's; None where there is no record of ours."""
    manifest = _record(folder / RECORD).get("manifest")
    return manifest if isinstance(manifest, dict) else None


def _is_own(name: str, path: Path, manifest: Mapping[str, str] | None) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    if path.name in LITTER:
        return True
    return manifest is not None and (name == RECORD or manifest.get(name) == sha256(path))


def _entries(folder: Path) -> Iterator[tuple[str, Path]]:
    """Walk everything but folders that hold something; links are not followed."""
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in (*files, *links):
            path = Path(parent, name)
            yield path.relative_to(folder).as_posix(), path
        if not folders and not files and Path(parent) != folder:
            yield Path(parent).relative_to(folder).as_posix() + "/", Path(parent)
