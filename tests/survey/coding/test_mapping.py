from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import questionnaires
from survey.coding import load_mapping, match_columns, require_certain, save_mapping
from survey.coding.columns import column
from survey.errors import CodingError
from survey.readers import Export, open_export
from tests.survey import offices

LONG = questionnaires.load("jiangsu-2014")


def opened(path: Path, *questions: str) -> Export:
    rows = [tuple("甲满意一般不满意好"[:1] for _ in questions)] * 3
    return open_export(offices.export(path / "a.csv", rows, questions=questions))


def test_what_is_written_can_be_read_back(tmp_path: Path) -> None:
    export = opened(
        tmp_path, "支部", "您的身份", offices.OVERALL, '他说"好"\\', LONG.item("q01").text
    )
    matching = match_columns(export, LONG)
    file = tmp_path / "映射.toml"
    save_mapping(file, export, LONG, matching)
    chosen = load_mapping(file)
    again = match_columns(export, LONG, chosen)
    assert {slot: column(t.found) for slot, t in again.targets.items()} == {
        slot: column(t.found) for slot, t in matching.targets.items()
    }
    assert not again.doubts


def test_a_doubt_is_left_open_with_its_candidates(tmp_path: Path) -> None:
    export = opened(tmp_path, "支部甲", "支部乙", offices.OVERALL)
    save_mapping(tmp_path / "m.toml", export, LONG, match_columns(export, LONG))
    text = (tmp_path / "m.toml").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("branch"))
    assert line.startswith('branch = "?"')
    assert "支部甲" in line
    assert tomllib.loads(text)["columns"]["branch"] == "?"


def test_a_mapping_with_an_open_slot_is_refused(tmp_path: Path) -> None:
    export = opened(tmp_path, "支部甲", "支部乙", offices.OVERALL)
    save_mapping(tmp_path / "m.toml", export, LONG, match_columns(export, LONG))
    unedited = match_columns(export, LONG, load_mapping(tmp_path / "m.toml"))
    with pytest.raises(CodingError, match="不能确定"):
        require_certain(export, LONG, unedited)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "找不到映射文件"),
        ("[columns", "不是有效的 TOML"),
        ("[columns]\nbranch = 支部", "第 2 行第 10 个字附近"),
        ('[columns]\nbranch = "1"\nbranch = "2"', "只写一次"),
        ("[other]\nx = 1", "[columns]"),
        ("[columns]\nbranch = 1", "[columns]"),
    ],
)
def test_faulty_files(tmp_path: Path, text: str | None, said: str) -> None:
    file = tmp_path / "m.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(CodingError) as raised:
        load_mapping(file)
    assert said in raised.value.zh


def test_gb_encoded_files_are_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_bytes('[columns]\nbranch = "支部"'.encode("gb18030"))
    with pytest.raises(CodingError, match="编码选 UTF-8") as raised:
        load_mapping(tmp_path / "m.toml")
    assert "codec" not in raised.value.zh


def test_a_mapping_may_be_given_at_once() -> None:
    assert load_mapping({"branch": "1"}) == {"branch": "1"}
