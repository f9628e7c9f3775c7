from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from survey import namesakes
from survey.errors import SurveyError

ROOT = Path(namesakes.__file__).parents[1]


def test_our_own_packages_are_ours() -> None:
    namesakes.require_own_packages()


@pytest.mark.parametrize("name", ["analysis", "questionnaires"])
def test_a_stranger_of_the_same_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    for module in [m for m in sys.modules if m == name]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SurveyError, match=f"“{name}”不是 survey-report 的包"):
        namesakes.require_own_packages()


def test_the_command_says_so_and_stops(tmp_path: Path) -> None:
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").write_text("")
    program = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]\n"
        "from survey.cli import main; sys.exit(main(['demo']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 3
    assert "同名的软件包" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_library_says_so_where_a_name_is_first_asked_for(tmp_path: Path) -> None:
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").write_text("")
    program = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]\nfrom survey import read"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "“analysis”不是 survey-report 的包" in done.stderr
