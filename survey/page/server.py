"""Serve the page on this computer alone, and open it in the browser."""

from __future__ import annotations

import signal
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn

from survey.errors import Language
from survey.page import opening


def serve(
    home: Path | None = None,
    *,
    language: Language = "zh",
    open_browser: bool = True,
    tell: Callable[[str], None] = print,
) -> None:
    """Serve until the page's own button, or the terminal, ends it.

    Parameters
    ----------
    home : Path, optional
        Folder that the surveys' folders lie in; ``survey.page.opening.HOME`` of the user's folder
        by default, made where it is not there.
    language : {"zh", "en"}
        Language the page begins with.
    open_browser : bool
        Open it in the browser.
    tell : callable
        Told the address to open by hand.

    Raises
    ------
    ReportError
        If the folder cannot be written, or another server is just opening it.
    """
    home = opening.prepared(home)
    running = opening.running(home)
    if running is not None:
        _open(running, open_browser, tell)
        return
    import uvicorn

    from survey.page.app import application
    from survey.page.guard import Guard, Keys

    keys = Keys()
    with _listening() as listener, opening.shelter(home) as shelter:
        port = listener.getsockname()[1]
        tempfile.tempdir = str(shelter)  # what is being received lies nowhere else
        app = application(home, shelter, keys, language)
        config = uvicorn.Config(
            Guard(app, keys, port, language),
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)
        app.state.stop = lambda: setattr(server, "should_exit", True)
        _end_gently(server)
        address = f"http://127.0.0.1:{port}/start/{keys.token}"
        with opening.door(home, address) as door:
            threading.Thread(
                target=_open, args=(door, open_browser, tell), daemon=True, name="open"
            ).start()
            server.run(sockets=[listener])
        app.state.office.end()


def _listening() -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform == "win32":  # nobody else may take the port over
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    return listener


def _end_gently(server: uvicorn.Server) -> None:
    """Let a signal end the server and then this process in good order: uvicorn would die of it."""
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: setattr(server, "should_exit", True))


def _open(door: opening.Door, open_browser: bool, tell: Callable[[str], None]) -> None:
    tell(door.address)
    if open_browser:
        # The address holds the token: a file of the user's own keeps it off the list of processes.
        webbrowser.open(door.file.as_uri())
