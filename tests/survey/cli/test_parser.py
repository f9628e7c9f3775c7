from __future__ import annotations

import re

import pytest

from survey.cli import messages
from survey.cli.parser import COMMANDS, parse
from survey.errors import UsageError
from survey.project import stages


def test_the_main_job_needs_no_word_of_its_own() -> None:
    chosen = parse(["a.xlsx", "b.xlsx", "--roster", "r.xlsx"], "zh")
    assert chosen.command == "report"
    assert chosen.files == ["a.xlsx", "b.xlsx"]
    assert {chosen.out, chosen.level, chosen.min_cell} == {None}, "as decided"
    assert parse(["./demo"], "zh").files == ["./demo"]


@pytest.mark.parametrize(
    "words",
    [
        ["demo"],
        ["check", "a.xlsx"],
        ["plan", "--roster", "r"],
        ["questionnaire"],
        ["compare", "a", "b"],
        ["codebook", "a", "b"],
    ],
)
def test_every_command_has_its_words(words: list[str]) -> None:
    assert parse(words, "en").command == words[0]
    assert words[0] in COMMANDS


def test_common_options_may_stand_before_the_command() -> None:
    chosen = parse(["--language", "en", "--quiet", "demo", "--branches", "3"], "en")
    assert (chosen.command, chosen.language, chosen.quiet) == ("demo", "en", True)
    assert parse(["--language=en", "plan", "--roster", "demo"], "en").roster == "demo"
    assert parse(["--roster", "plan", "a.xlsx"], "zh").command == "report"
    assert parse(["a.xlsx", "demo"], "zh").files == ["a.xlsx", "demo"]


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_in_both_languages(
    command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        parse([*([command] if command else []), "--help"], language)  # type: ignore[arg-type]
    assert left.value.code == 0
    said = capsys.readouterr().out
    words = ("用法", "选项") if language == "zh" else ("usage", "options")
    assert all(word in said for word in words)
    absent = (
        ("usage:", "options:", "show this", "default") if language == "zh" else ("用法", "选项")
    )
    assert not any(word in said for word in absent)
    # what stands for a value is in the reader's language, too
    assert not re.findall(r"--[a-z-]+ [A-Z]" if language == "zh" else r"--[a-z-]+ [一-鿿]", said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "缺少参数：导出文件"),
        (["plan"], "缺少参数：--roster"),
        (["a.xlsx", "--nonsense"], "不认识的参数：--nonsense"),
        (["a.xlsx", "--style", "fancy"], "“fancy”不在可选值中"),
        (["a.xlsx", "--bar", "9"], "请写作 0.9 或 90%"),
        (["plan", "--roster", "r.xlsx", "--bar", "9"], "请写作 0.9 或 90%"),
        (["a.xlsx", "--level", "195"], "“195”不合要求"),
        (["a.xlsx", "--level", "高"], "“高”不合要求"),
        (["a.xlsx", "--min-cell", "0"], "“0”不合要求"),
        (["a.xlsx", "--roster"], "需要一个值"),
        (["a.xlsx", "--force=1"], "不需要值"),
        (["a.xlsx", "--ros", "r"], "不认识的参数"),
        (["compare", "a.xlsx"], "缺少参数：本次导出"),
    ],
)
def test_wrong_usage_in_chinese(words: list[str], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(words, "zh")
    assert said in raised.value.text("zh")
    assert "--help" in raised.value.text("zh")
    assert raised.value.exit_code == 2


def test_wrong_usage_in_english() -> None:
    with pytest.raises(UsageError, match="required: FILE"):
        parse([], "en")


def test_chinese_words_do_not_stay_for_english() -> None:
    parse(["a.xlsx"], "zh")
    with pytest.raises(UsageError, match="required"):
        parse([], "en")


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ([], "zh"),
        (["a", "--language", "en"], "en"),
        (["--language=en"], "en"),
        (["a", "--language"], "zh"),
        (["--language", "fr"], "zh"),
    ],
)
def test_the_language_is_known_before_parsing(words: list[str], language: str) -> None:
    assert messages.language(words) == language


def test_stages_have_names_in_both_languages() -> None:
    for name in stages.STAGES:
        assert stages.shown(name).zh != stages.shown(name).en
    assert stages.shown("elsewhere").zh == "elsewhere"


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        ("check a.xlsx --write-mapping m.toml", "现在写作 --write", "--write now"),
        ("a.xlsx --method blaker", "不再选方法", "no choice"),
        ("a.xlsx --nonsense", "--help", "--help"),
    ],
)
def test_option_of_an_earlier_version_is_answered_with_what_to_write_now(words, zh, en):
    for language, now in {"zh": zh, "en": en}.items():
        with pytest.raises(UsageError) as said:
            parse(words.split(), language)
        assert now in said.value.text(language)
