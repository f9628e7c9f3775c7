"""A bundle holds what the other computer needs, and installs there without a network."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from survey.bundle import collecting, wheel
from survey.cli import main
from survey.errors import UsageError

MACHINE = f"{sys.version_info.major}.{sys.version_info.minor}"


def _wheel(folder: Path, name: str, *needs: str) -> None:
    """Write an empty wheel that requires others."""
    name = name.replace("-", "_")
    said = "".join(f"Requires-Dist: {need}\n" for need in needs)
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as file:
        file.writestr(f"{name}-1.0.dist-info/METADATA", f"Name: {name}\nVersion: 1.0\n{said}")


@pytest.mark.parametrize(
    ("platform", "extra"), [("win_amd64", {"colorama"}), ("linux_aarch64", {"uvloop"})]
)
def test_markers_are_those_of_the_other_computer(platform, extra, tmp_path):
    asked = []

    def fetch(wanted: list[str], folder: Path, options: list[str]) -> None:
        asked.append((wanted, options))
        for requirement in wanted:
            name = requirement.split(">")[0].split("=")[0].split("<")[0]
            needs = ['colorama>=0.4; sys_platform == "win32"', 'uvloop; os_name == "posix"']
            _wheel(folder, name, *(needs if name == "rich" else ()), 'sphinx; extra == "docs"')

    held = collecting.collect(tmp_path, platform, "3.12", fetch)
    assert {"survey-report", "rich", *extra} <= set(held)
    assert not {"colorama", "uvloop", "sphinx", "pytest"} & (set(held) - extra)
    assert any(
        wanted == [name] or f"{name}>=0.4" in wanted for wanted, _ in asked for name in extra
    )
    tags = set(collecting.PLATFORMS[platform].tags)
    assert all(tags <= set(options) and "3.12" in options for _, options in asked)


def test_wheel_made_again_installs_and_is_whole(tmp_path):
    made = wheel.write(tmp_path)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", tmp_path / "there", made], check=True, capture_output=True)
    asked = "import survey, sys; print(survey.__version__, survey.__file__.startswith(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", asked, tmp_path / "there"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "there")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[1] == "True"
    ours = {path.name for path in (wheel.HOME / "survey").rglob("*.j2")}
    assert ours == {path.name for path in (tmp_path / "there" / "survey").rglob("*.j2")}


def test_unknown_platform_is_answered_with_the_nearest(tmp_path, capsys):
    with pytest.raises(UsageError, match="win_amd64"):
        collecting.collect(tmp_path, "win_amd46", "3.12")
    words = ["bundle", "--platform", "win_amd46", "-o", str(tmp_path / "安装包.zip"), "--quiet"]
    assert main(words) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_installs_without_a_network_upgrades_and_goes(tmp_path):
    """Fetch it all, and install it in a network namespace that has no network."""
    file = tmp_path / "安装包.zip"
    assert main(["bundle", "-o", str(file), "--quiet"]) == 0
    subprocess.run([sys.executable, "-m", "zipfile", "-e", file, tmp_path / "there"], check=True)
    (unpacked,) = (tmp_path / "there").iterdir()
    home = tmp_path / "home"
    home.mkdir()
    clean = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONUTF8": "1"}
    alone = ["unshare", "-rn"] if shutil.which("unshare") else []

    def run(*words: str | Path) -> str:
        command = [*alone, *words]
        done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    starter = ["sh", unpacked / "start.sh", "--no-open"]
    assert "正在安装" in run(*starter)
    assert "正在安装" not in run(*starter)
    there = home / ".local/share/survey-report"
    assert run(there / "bin/survey-report", "--version")
    run(there / "bin/survey-report", "demo", "--branches", "6", "--out", str(tmp_path / "报告"))
    opened = subprocess.Popen(
        ["sh", unpacked / "start.sh", "--no-browser", "--folder", str(tmp_path / "调查")],
        env=clean,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        said = next(line for line in opened.stdout if "http://" in line)
        address = urlsplit(re.search(r"http://\S+", said)[0])
        asked = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
        asked.request("GET", address.path)
        assert asked.getresponse().status in (200, 302, 303)
    finally:
        os.killpg(opened.pid, signal.SIGTERM)
        opened.wait(30)
    (there / "installed.txt").write_text("0.1.0-old")
    assert "正在安装" in run(*starter)
    assert "已卸载" in run(sys.executable, unpacked / "install.py", "--uninstall")
    assert not there.exists()
    assert (tmp_path / "报告" / "report.html").exists()


def test_checkout_that_was_changed_since_it_was_installed_is_refused(tmp_path, monkeypatch):
    said = '[project]\nversion = "{}"\ndependencies = ["pandas>=2.2", "nothing-of-the-kind"]\n'
    (tmp_path / "pyproject.toml").write_text(said.format(distribution("survey-report").version))
    monkeypatch.setattr(wheel, "HOME", tmp_path)
    with pytest.raises(UsageError, match="pip install"):
        wheel.write(tmp_path)
