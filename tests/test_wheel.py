"""A wheel, installed away from the checkout, must run the demo: package data get lost easily."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_holds_the_data_and_nothing_else_at_the_top(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "survey",
        "analysis",
        "questionnaires",
    }
    for needed in (
        "shipped/jiangsu-2014.toml",
        "standards/jiangsu-2014.toml",
        ".ttf",
        "OFL.txt",
        "report.html.j2",
        "py.typed",
    ):
        assert any(name.endswith(needed) for name in names), needed


def test_runs_the_demo_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel]
    subprocess.run(pip, check=True, capture_output=True)
    script = (
        "import sys, survey; assert survey.__file__.startswith(sys.argv[1]), survey.__file__;"
        "from survey.cli import main; sys.exit(main(['demo', '--branches', '12', '--out', '报告']))"
    )
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(site)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    written = {path.name for path in (tmp_path / "报告").iterdir()}
    assert {"report.html", "report.docx", "results.xlsx", "charts", "run.json"} <= written
