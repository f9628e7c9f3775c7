"""The subcommand that serves the page on this computer."""

from __future__ import annotations

import argparse
from pathlib import Path

from survey.errors import Language, SurveyError, unwritable
from survey.page import opening, server, shortcut


def run(chosen: argparse.Namespace) -> None:
    """Serve the page until its button, or the terminal, ends it; or write its starter."""
    language: Language = "en" if chosen.language == "en" else "zh"
    zh = language == "zh"
    home = Path(chosen.folder) if chosen.folder else None
    if chosen.shortcut:
        file = shortcut.write(home=home, language=language)
        if not chosen.quiet:
            print(f"已写出，双击打开：{file}" if zh else f"Written, to open: {file}")
            if file.suffix == ".desktop":
                print(
                    "有的桌面第一次要先右键点它，选“允许运行”。"
                    if zh
                    else "Some desktops ask for a right click and “Allow Launching” first."
                )
        return

    def tell(address: str) -> None:
        if not chosen.quiet:
            print(f"页面地址：{address}" if zh else f"The page: {address}", flush=True)

    try:
        server.serve(home, language=language, open_browser=not chosen.no_browser, tell=tell)
    except (SurveyError, OSError) as error:
        if chosen.no_terminal:
            told = error if isinstance(error, SurveyError) else unwritable(error)
            opening.explain(told.text(language))
        raise
