"""Fetch the wheels that another computer needs, as its own pip would choose them."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from survey.bundle import wheel
from survey.errors import ReportError, UsageError, nearest

STARTER = Path(__file__).parent / "starter"


@dataclass(frozen=True)
class Platform:
    """A kind of computer: the tags of its wheels, and what its markers say."""

    tags: tuple[str, ...]
    markers: dict[str, str]


def _linux(machine: str) -> Platform:
    tags = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014")
    said = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
    return Platform(tuple(f"{tag}_{machine}" for tag in tags), said | {"platform_machine": machine})


def _mac(machine: str) -> Platform:
    tags = tuple(f"macosx_{version}_0_{machine}" for version in (14, 13, 12, 11))
    said = {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"}
    return Platform(tags, said | {"platform_machine": machine})


PLATFORMS = {
    "win_amd64": Platform(
        ("win_amd64",),
        {
            "sys_platform": "win32",
            "platform_system": "Windows",
            "os_name": "nt",
            "platform_machine": "AMD64",
        },
    ),
    "linux_x86_64": _linux("x86_64"),
    "linux_aarch64": _linux("aarch64"),
    "macos_arm64": _mac("arm64"),
    "macos_x86_64": _mac("x86_64"),
}
"""Kinds of computers that a bundle can be made for."""

Fetch = Callable[[list[str], Path, list[str]], None]
"""Takes requirements, the folder of the wheels and the options that tell the other computer."""


def collect(
    folder: Path, platform: str, python: str, fetch: Fetch | None = None
) -> dict[str, Path]:
    """Put the wheels of this version and of all that it needs into a folder.

    They are given by distribution. `platform` is one of `PLATFORMS`, `python` the version of the
    other computer's, such as ``3.12``; `fetch` fetches wheels in place of pip.
    """
    if platform not in PLATFORMS:
        raise nearest("platform", platform, PLATFORMS)
    kind = PLATFORMS[platform]
    markers = kind.markers | {"python_version": python, "python_full_version": f"{python}.0"}
    options = ["--python-version", python, "--implementation", "cp"]
    for tag in kind.tags:
        options += ["--platform", tag]
    folder.mkdir(parents=True, exist_ok=True)
    wheel.write(folder)
    held = _held(folder)
    # pip reads the markers of this computer: what only the other one needs is asked for by name
    while wanted := _missing(held, markers):
        (fetch or _pip)(wanted, folder, options)
        before, held = held, _held(folder)
        if held == before:
            raise ReportError(
                zh=f"下载不到：{'、'.join(wanted)}。", en=f"Not to be had: {', '.join(wanted)}."
            )
    return held


def _held(folder: Path) -> dict[str, Path]:
    paths = sorted(folder.glob("*.whl"))
    return {canonicalize_name(path.name.split("-")[0]): path for path in paths}


def _missing(held: dict[str, Path], markers: dict[str, str]) -> list[str]:
    """List what the wheels held require on the other computer and none of them is."""
    wanted = {
        f"{needed.name}{needed.specifier}"
        for path in held.values()
        for needed in _needs(path)
        if canonicalize_name(needed.name) not in held
        and (needed.marker is None or needed.marker.evaluate({**markers, "extra": ""}))
    }
    return sorted(wanted)


def _needs(path: Path) -> Iterable[Requirement]:
    with zipfile.ZipFile(path) as file:
        (name,) = (name for name in file.namelist() if name.endswith(".dist-info/METADATA"))
        said = Parser().parsestr(file.read(name).decode())
    return [Requirement(text) for text in said.get_all("Requires-Dist", [])]


def _pip(wanted: list[str], folder: Path, options: list[str]) -> None:
    """Let pip fetch them, wheels alone."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:"]
    command += ["--dest", str(folder), *options, *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "No module named pip" in done.stderr:
        raise UsageError(
            zh="这个环境里没有 pip，无法下载各个安装包。请在用 python -m venv 建的环境里运行。",
            en="This environment has no pip to fetch wheels with. Use one made by python -m venv.",
        )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise ReportError(
            zh="下载安装包没有成功："
            + "；".join(said)
            + "。请检查网络，以及 --platform、--python。",
            en="Fetching did not succeed: " + "; ".join(said) + ". Check the network, --platform "
            "and --python.",
        )


def write(file: Path, platform: str, python: str, work: Path) -> int:
    """Write the bundle: the wheels, the installer, a starter by its side; give how many wheels."""
    held = collect(work, platform, python)
    starters = ("*.bat",) if platform.startswith("win") else ("*.sh", "*.command")
    version = held["survey-report"].name.split("-")[1]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in held.values():
            bundle.write(path, f"survey-report-{version}/wheels/{path.name}", zipfile.ZIP_STORED)
        for pattern in ("*.py", "*.txt", *starters):
            for path in sorted(STARTER.glob(pattern)):
                text = path.read_text(encoding="utf-8")
                text = text.replace("@VERSION@", version).replace("@PYTHON@", python)
                entry = zipfile.ZipInfo(f"survey-report-{version}/{path.name}")
                entry.external_attr = 0o755 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                line = "\r\n" if path.suffix in (".bat", ".txt") else "\n"
                bundle.writestr(entry, text.replace("\n", line).encode())
    return len(held)
