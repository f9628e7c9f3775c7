from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import questionnaires
import survey
from survey.errors import CodingError
from survey.understanding import load_decisions
from tests.survey import offices

LONG = questionnaires.load("jiangsu-2014")


def exported(path: Path, *questions: str) -> Path:
    rows = [tuple("甲满意一般不满意好"[:1] for _ in questions)] * 3
    return offices.export(path / "a.csv", rows, questions=questions)


def test_what_is_written_can_be_read_back(tmp_path: Path) -> None:
    asked = ("支部", "您的身份", offices.OVERALL, '他说"好"\\', LONG.item("q01").text)
    file = exported(tmp_path, *asked)
    understood = survey.check(file)
    understood.to_toml(tmp_path / "s.toml")
    again = survey.check(file, confirm=tmp_path / "s.toml")
    assert [m.targets.keys() for m in again.matchings] == [
        m.targets.keys() for m in understood.matchings
    ]
    assert {t.how for t in again.matchings[0].targets.values()} == {"mapping"}


def test_a_doubt_is_left_open_with_its_candidates(tmp_path: Path) -> None:
    file = exported(tmp_path, "支部甲", "支部乙", offices.OVERALL)
    understood = survey.check(file)
    understood.to_toml(tmp_path / "m.toml")
    text = (tmp_path / "m.toml").read_text(encoding="utf-8")
    above, line = text.partition("\nbranch = ")[0].splitlines()[-1], 'branch = "?"'
    assert line in text
    assert "支部甲" in above
    assert tomllib.loads(text)["columns"]["branch"] == "?"
    with pytest.raises(CodingError, match="不能确定"):
        survey.read(file, confirm=tmp_path / "m.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "找不到"),
        ("[columns", "不是有效的 TOML"),
        ("[columns]\nbranch = 支部", "第 2 行第 10 个字附近"),
        ('[columns]\nbranch = "1"\nbranch = "2"', "只写一次"),
        ("[other]\nx = 1", "[columns]"),
        ("[columns]\nbranch = 1", "[columns]"),
        ("columns = 1", "[columns]"),
    ],
)
def test_faulty_files(tmp_path: Path, text: str | None, said: str) -> None:
    file = tmp_path / "m.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(CodingError) as raised:
        load_decisions(file)
    assert said in raised.value.zh


def test_gb_encoded_files_are_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_bytes('[columns]\nbranch = "支部"'.encode("gb18030"))
    with pytest.raises(CodingError, match="编码选 UTF-8") as raised:
        load_decisions(tmp_path / "m.toml")
    assert "codec" not in raised.value.zh
