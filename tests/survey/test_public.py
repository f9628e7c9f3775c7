"""What `import survey` gives: names, settings, one root of errors."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import analysis
import questionnaires
import survey
from survey import settings
from survey.errors import Place, nearest, require_level


@pytest.mark.parametrize("package", [survey, analysis, questionnaires])
def test_only_public_names_are_listed_and_all_of_them_are_there(package: object) -> None:
    names = dir(package)
    assert names == sorted(package.__all__)  # type: ignore[attr-defined]
    for name in names:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = package.nothing  # type: ignore[attr-defined]


def test_modules_come_without_an_import_of_their_own() -> None:
    program = (
        "import survey, analysis, questionnaires\n"
        "print(analysis.verdicts.judge.__name__, survey.__version__)\n"
        "from survey import settings\n"
        "print(survey.options.__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["judge", survey.__version__, "options"]


ERRORS = [
    survey.SurveyError(zh="甲", en="a"),
    survey.ReadError(zh="甲", en="a", place=Place(file="a.xlsx", row=3)),
    survey.UsageError(zh="甲", en="a"),
    survey.QuestionnaireError("甲", "a", file="a.toml", key="title"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_have_one_root_and_can_be_sent(error: survey.SurveyError) -> None:
    assert isinstance(error, survey.SurveyError)
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert (again.text("zh"), again.text("en")) == (error.text("zh"), error.text("en"))
        assert again.exit_code == error.exit_code
        assert again.args == error.args


def test_errors_speak_the_language_that_is_set() -> None:
    error = survey.QuestionnaireError("缺少。", "missing.", file="a.toml")
    with survey.options(language="en"):
        assert str(error) == "questionnaire file a.toml: missing."
        assert "'en'" in repr(survey.options(min_cell=8))
        assert settings.current().min_cell == 8
        assert error.text("zh") == "问卷文件 a.toml：缺少。"
    assert str(error) == "问卷文件 a.toml：缺少。"
    assert settings.current().min_cell == 5


def test_options_can_be_set_for_good_and_come_back_after_a_fault() -> None:
    with survey.options():
        survey.options(language="en")
        assert settings.current().language == "en"
    with pytest.raises(ZeroDivisionError), survey.options(language="en"):
        raise ZeroDivisionError
    assert settings.current().language == "zh"


def test_wrong_values_are_answered_with_the_nearest_right_one() -> None:
    with pytest.raises(survey.UsageError, match="是否要写 'en'"):
        survey.options(language="eng")  # type: ignore[arg-type]
    with pytest.raises(survey.UsageError, match="从 1 起"):
        survey.options(min_cell=0)
    assert nearest("by", "gender", ["branch", "role"]).text("en").endswith("'role'.")


def test_a_method_or_level_that_is_none_is_told_whatever_is_asked(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=3, seed=1)
    held = survey.read(made.export, roster=made.roster)
    with pytest.raises(survey.UsageError, match="是否要写 'wilson'"):
        held.satisfaction(method="wilsn")  # type: ignore[arg-type]
    with pytest.raises(survey.UsageError, match="level=2"):
        held.drivers(level=2)


@pytest.mark.parametrize("level", [95, 0, 1.0, "95%", True])
def test_a_level_that_is_none_is_told(level: float) -> None:
    require_level(0.9)
    require_level(None)
    with pytest.raises(survey.UsageError, match=r"是否要写 0\.95？"):
        require_level(level)
