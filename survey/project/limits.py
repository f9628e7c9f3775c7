"""How much memory and time a child process may use, and how it is held to that."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What a child may use."""

    # MiB a process. On Linux the system refuses more (``RLIMIT_AS``); elsewhere whoever started the
    # child looks at it several times a second and ends it.
    memory: int = 4096
    seconds: float = 1800.0  # of the clock


def hold(memory: int) -> None:
    """Let the system refuse this process, and whatever it starts, more memory: in MiB."""
    if sys.platform == "linux":
        import resource

        bound = memory * MIB
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard != resource.RLIM_INFINITY:
            bound = min(bound, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end_after(seconds: float) -> None:
    """Let the system end this process when its next task has taken so much of the processor.

    Whoever started it stops it by the clock; this holds where nobody is left who could.
    """
    if sys.platform != "win32":
        import resource

        bound = int(time.process_time() + seconds) + 1
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        if hard != resource.RLIM_INFINITY:
            bound = min(bound, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (bound, hard))


def used(process: subprocess.Popen[bytes]) -> int:
    """Say how much memory a process holds, in MiB; 0 where it is gone or cannot be known."""
    if sys.platform == "win32":
        return _used_on_windows(int(process._handle))
    if sys.platform == "linux":
        try:
            pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        except (OSError, IndexError):
            return 0
        import resource

        return pages * resource.getpagesize() // MIB
    import subprocess

    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(process.pid)], capture_output=True, text=True, check=False
    )
    return int(told.stdout.strip() or 0) // 1024


def _used_on_windows(handle: int) -> int:
    """Ask the system (``GetProcessMemoryInfo``) for the bytes that are the process's own."""
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            *((name, ctypes.c_size_t) for name in _COUNTERS),
        )

    found = Counters(cb=ctypes.sizeof(Counters))
    ask = ctypes.windll.kernel32.K32GetProcessMemoryInfo  # type: ignore[attr-defined]
    if not ask(wintypes.HANDLE(handle), ctypes.byref(found), found.cb):
        return 0
    return int(found.PagefileUsage) // MIB


_COUNTERS = (
    *("PeakWorkingSetSize", "WorkingSetSize", "QuotaPeakPagedPoolUsage", "QuotaPagedPoolUsage"),
    *("QuotaPeakNonPagedPoolUsage", "QuotaNonPagedPoolUsage", "PagefileUsage", "PeakPagefileUsage"),
)
