"""The subcommand that packs this version for computers that reach no registry."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path

from survey.bundle import collecting
from survey.cli import places
from survey.cli.messages import tell


def here() -> str:
    """Name the kind of this computer."""
    system = {"win32": "win", "darwin": "macos"}.get(sys.platform, "linux")
    return f"{system}_{platform.machine().lower()}"


def run(chosen: argparse.Namespace) -> None:
    """Collect, write and say what is in it."""
    with places.file(chosen) as file, tempfile.TemporaryDirectory() as work:
        assert file is not None
        tell(chosen, "正在下载各个安装包……", "Fetching the wheels…")
        count = collecting.write(file, chosen.platform, chosen.python, Path(work))
        size = file.stat().st_size / 1e6
    tell(
        chosen,
        f"{chosen.out}：{count} 个安装包，{size:.0f} MB。对方的电脑要先有 64 位的 Python "
        f"{chosen.python}；解压后运行 start，不需要网络和管理员。",
        f"{chosen.out}: {count} wheels, {size:.0f} MB. The other computer needs Python "
        f"{chosen.python}, 64 bit; unzip it there and run start. No network, no administrator.",
    )
