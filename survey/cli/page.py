"""The subcommand that serves the page on this computer."""

from __future__ import annotations

import argparse
from pathlib import Path

from survey.cli.messages import tell
from survey.errors import Language, SurveyError, unwritable
from survey.page import opening, server, shortcut


def run(chosen: argparse.Namespace) -> None:
    """Serve the page until its button, or the terminal, ends it; or write its starter."""
    language: Language = "en" if chosen.language == "en" else "zh"
    chosen.language = language
    home = Path(chosen.folder) if chosen.folder else None
    if chosen.shortcut:
        file = shortcut.write(home=home, language=language)
        tell(chosen, f"已写出，双击打开：{file}", f"Written, to open: {file}")
        if file.suffix == ".desktop":
            tell(
                chosen,
                "有的桌面第一次要先右键点它，选“允许运行”。",
                "Some desktops ask for a right click and “Allow Launching” first.",
            )
        return

    def show(address: str) -> None:
        tell(chosen, f"页面地址：{address}", f"The page: {address}")

    try:
        server.serve(home, language=language, open_browser=not chosen.no_browser, tell=show)
    except (SurveyError, OSError) as error:
        if chosen.no_terminal:
            told = error if isinstance(error, SurveyError) else unwritable(error)
            opening.explain(told.text(language))
        raise
