"""Whether the packages beside this one are ours: others publish packages of the same names."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from survey.errors import SurveyError

_MARKS = {"survey": "workflow", "analysis": "proportions", "questionnaires": "catalogue.py"}


def require_own_packages() -> None:
    """Stop if another distribution has put its package in the place of one of ours.

    Raises
    ------
    SurveyError
        Naming the package and what to do.
    """
    home = Path(__file__).resolve().parents[1]
    for name, mark in _MARKS.items():
        spec = find_spec(name)
        places = (spec.submodule_search_locations if spec else None) or ()
        folders = [Path(folder).resolve() for folder in places]
        if home / name not in folders or not (home / name / mark).exists():
            raise SurveyError(
                zh=f"这个环境里的“{name}”不是 survey-report 的包，另一个同名的软件包占了它的位置。"
                "请按 README 新建一个虚拟环境，在其中单独安装 survey-report。",
                en=f"“{name}” in this environment is not survey-report's: another distribution of "
                "that name is in its place. Install survey-report into a virtual environment of "
                "its own, as the README shows.",
            )
