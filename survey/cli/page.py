"""The subcommand that serves the page on this computer."""

from __future__ import annotations

import argparse
from pathlib import Path

from survey.errors import Language
from survey.page import server, shortcut


def run(chosen: argparse.Namespace) -> None:
    """Serve the page until its button, or the terminal, ends it; or write its starter."""
    language: Language = "en" if chosen.language == "en" else "zh"
    zh = language == "zh"
    if chosen.shortcut:
        file = shortcut.write(language=language)
        if not chosen.quiet:
            print(f"已写到桌面，双击打开：{file}" if zh else f"On the desktop, to open: {file}")
        return

    def tell(address: str) -> None:
        if not chosen.quiet:
            print(f"页面地址：{address}" if zh else f"The page: {address}", flush=True)

    server.serve(
        Path(chosen.folder) if chosen.folder else None,
        language=language,
        open_browser=not chosen.no_browser,
        tell=tell,
    )
