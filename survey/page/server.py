"""Serve the page on this computer alone, and open it in the browser."""

from __future__ import annotations

import signal
import socket
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn

    from survey.page.guard import Guard
    from survey.page.office import Office

from survey.errors import Language
from survey.page import opening

IDLE = 8 * 3600.0
"""Seconds without a request, of an open window or anybody, after which the server ends itself."""
_LOOK = 60.0


def serve(
    home: Path | None = None,
    *,
    language: Language = "zh",
    open_browser: bool = True,
    tell: Callable[[str], None] = print,
) -> None:
    """Serve until the page's own button, or the terminal, ends it, or nobody has it open.

    Parameters
    ----------
    home : Path, optional
        Folder that the surveys' folders lie in; ``survey.page.opening.HOME`` of the user's folder
        by default, made where it is not there.
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
        guard = Guard(app, keys, port, language)
        config = uvicorn.Config(
            guard,
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
            threading.Thread(
                target=_end_when_left, args=(server, guard, app.state.office), daemon=True
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


def _end_when_left(server: uvicorn.Server, guard: Guard, office: Office) -> None:
    """End the server once no window is open; an open one asks every few minutes."""
    while not server.should_exit:
        time.sleep(_LOOK)
        if time.monotonic() - guard.asked > IDLE and not office.is_working:
            server.should_exit = True


def _open(door: opening.Door, open_browser: bool, tell: Callable[[str], None]) -> None:
    tell(door.address)
    if open_browser:
        # The address holds the token: a file of the user's own keeps it off the list of processes.
        webbrowser.open(door.file.as_uri())
