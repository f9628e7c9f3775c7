"""The command ``survey-report``: nothing heavy is imported before it is known what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from survey.cli import house, messages, parser
from survey.errors import SurveyError


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
    for stream in (sys.stdout, sys.stderr):
        # A console of another code page must not turn a message into a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    language = messages.language(words)
    try:
        house.require_own_packages()
        chosen = parser.parse(words, language)
        from survey.cli import commands

        commands.run(chosen)
    except SurveyError as error:
        print(messages.error(error.text(language), language), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read the output has seen enough (``| head``); leave without a complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print(messages.interrupted(language), file=sys.stderr)
        return 130
    return 0
