"""The public names of a package that imports what it offers when it is asked for."""

from __future__ import annotations

import ast
from pathlib import Path


def homes(init: str) -> dict[str, str]:
    """Say where each public name is defined, as ``__init__.pyi`` lists them for type checkers.

    `init`: path of the package's ``__init__.py``.
    """
    listed = ast.parse(Path(init).with_suffix(".pyi").read_text(encoding="utf-8")).body
    return {
        name.name: node.module or ""
        for node in listed
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
