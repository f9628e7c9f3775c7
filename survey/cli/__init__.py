"""The command ``survey-report``: nothing heavy is imported before it is known what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from survey import namesakes
from survey.cli import messages, parser
from survey.errors import SurveyError, unwritable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the command's name; those of the process by default.

    Returns
    -------
    int
        0 done, 2 wrong usage, 3 input not understood or refused, 4 output cannot be written,
        130 interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    for name in ("stdout", "stderr"):
        # The system gives no stream where a caller has closed it.
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        # A console of another code page must not turn a message into a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    language = messages.language(words)
    try:
        namesakes.require_own_packages()
        chosen = parser.parse(words, language)
        if chosen.command == "page":
            from survey.cli import page

            page.run(chosen)
        else:
            from survey.cli import commands

            commands.run(chosen)
        sys.stdout.flush()
    except SurveyError as error:
        return _fail(messages.error(error.text(language), language), error.exit_code)
    except BrokenPipeError:
        # Whoever read the output has seen enough (``| head``); leave without a complaint.
        _silence(sys.stdout)
        return 0
    except OSError as error:
        return _fail(messages.error(unwritable(error).text(language), language), 4)
    except KeyboardInterrupt:
        return _fail(messages.interrupted(language), 130)
    return 0


def _fail(message: str, code: int) -> int:
    """Say what is wrong, where anything can still be said."""
    try:
        print(message, file=sys.stderr)
        sys.stdout.flush()
    except OSError:
        # What waits in a buffer for a full disk must not become a traceback at the very end.
        _silence(sys.stdout)
        _silence(sys.stderr)
    return code


def _silence(stream: TextIO) -> None:
    """Send all that is still to be written to nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
