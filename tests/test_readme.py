"""What the README says can be typed, and does what it says."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from matplotlib import pyplot as plt

import survey
from survey.cli import main
from survey.cli.parser import COMMANDS, parse

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [README, *(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md"))]
BLOCKS = re.compile(r"^```(?:bash|powershell|sh|\{run\} console)\n(.*?)^```", flags=re.M | re.S)


def _commands() -> list[list[str]]:
    """Words after ``survey-report`` of every such command in the README and the site."""
    parts = [
        part
        for page in PAGES
        for block in BLOCKS.findall(page)
        for line in block.splitlines()
        for part in re.split(r"&&|;", line.partition("#")[0])
    ]
    found = (re.search(r"(?:^|[\s\\/])survey-report\s+(.*)", part) for part in parts)
    return [shlex.split(match[1]) for match in found if match]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files the README names."""
    folder = tmp_path_factory.mktemp("office")
    survey.simulate(folder, n_branches=6, seed=3)
    return folder


@pytest.fixture(autouse=True)
def in_office(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office)


def test_names_every_subcommand_and_only_options_that_exist():
    commands = [words for words in _commands() if "--help" not in words]
    assert {parse(words, "zh").command for words in commands} == {*COMMANDS, "report"}


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([*command.split(), "--help"])
    assert left.value.code == 0
    assert "survey-report" in capsys.readouterr().out


def test_library_lines_run(office):
    lines = re.search(r"<!-- library -->\n```python\n(.*?)```", README, flags=re.S)[1]
    assert len(re.findall(r"^\w.*[)\w]", lines, flags=re.M)) == 6, "an import and five lines"
    names: dict[str, object] = {}
    exec(lines, names)
    plt.close("all")
    assert len(names["sat"].frame) == 6
    assert (office / "报告-笔记本" / "report.html").stat().st_size > 10_000


def test_files_it_links_to_exist():
    linked = re.findall(r"\]\(((?!http)[^)]+)\)|src=\"([^\"]+)\"", README)
    assert linked
    assert [name for pair in linked for name in pair if name and not (ROOT / name).exists()] == []


def test_extras_it_names_exist_and_hold_what_the_notebooks_import():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = tomllib.loads(text)["project"]["optional-dependencies"]
    assert set(re.findall(r"\.\[(\w+)\]", README)) <= set(extras)
    assert "notebooks" in re.findall(r"\.\[(\w+)\]", README)
    cells = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("notebooks/*.ipynb"))
    imported = set(re.findall(r"\b(?:import|from) (\w+)", cells)) & {"polars", "duckdb"}
    assert imported <= {re.match(r"\w+", name)[0] for name in extras["notebooks"]}
