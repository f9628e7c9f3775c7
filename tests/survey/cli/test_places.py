"""What the command reads is never written over, and no fault of the system ends in a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

import survey
from survey import report
from survey.cli import main
from survey.results import Findings
from tests.survey import offices
from tests.survey.offices import MEMBER, SHORT

FULL = Path("/dev/full")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an export and a roster; reports written here are one line."""

    def write(findings: Findings, folder: Path, **_: object) -> None:
        (folder / "report.html").write_text(findings.title, encoding="utf-8")

    monkeypatch.setattr(report, "write", write)
    monkeypatch.chdir(tmp_path)
    offices.short(tmp_path / "a.csv", {("甲", MEMBER, "满意"): 20})
    offices.roster(tmp_path / "r.csv", {"甲": 40})
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


READ = f"--questionnaire {SHORT} --roster r.csv"


@pytest.mark.parametrize(
    "words",
    [
        "check a.csv --confirm m.toml --write m.toml",
        "check . --write m.toml",
        "plan --roster r.csv --out r.csv",
        "plan --roster r.csv --out soft.csv",
        "plan --roster r.csv --out hard.csv",
        "plan --roster hard.csv --out ./x/../r.csv",
        f"compare a.csv a.csv {READ} --out a.csv",
        f"compare a.csv a.csv {READ} --out r.csv",
        "questionnaire jiangsu-2014 --roster r.csv --out r.csv",
        "codebook a.csv a.csv --out a.csv",
        f"a.csv {READ} --out a.csv",
        f"a.csv {READ} --out .",
        f"x {READ} --out x",
        f"x/b.csv {READ} --out x",
        f"x/b.csv {READ} --out way",
    ],
)
def test_nothing_that_is_read_is_written_over(
    office: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (office / "x").mkdir()
    offices.short(office / "x" / "b.csv", {("甲", MEMBER, "满意"): 20})
    (office / "way").symlink_to("x")
    (office / "soft.csv").symlink_to("r.csv")
    os.link("r.csv", "hard.csv")
    (office / "m.toml").write_text("[columns]", encoding="utf-8")
    before = contents(office)
    assert main([*words.split(), "--force"]) == 4
    assert capsys.readouterr().err.startswith("错误：")
    assert contents(office) == before


def test_an_export_in_the_folder_of_a_report_survives(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--questionnaire", SHORT, "--out", "报告", "--force"]
    assert main(["a.csv", *words]) == 0
    inside = office / "报告" / "b.csv"
    inside.write_bytes((office / "a.csv").read_bytes())
    kept = contents(office)
    for read, named in (("a.csv", "b.csv"), ("报告/b.csv", "b.csv"), ("报告", "“报告”就在")):
        assert main([read, *words]) == 4
        assert named in capsys.readouterr().err
        assert contents(office) == kept
    inside.unlink()
    assert main(["a.csv", *words]) == 0


def test_a_demonstration_is_not_written_over_its_own_roster(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        survey, "simulate", partial(survey.simulate, blank_share=0, not_applicable_share=0)
    )
    assert main(["demo", "--branches", "3", "--quiet"]) == 0
    folder = office / "报告" / "模拟数据"
    words = [str(folder / "导出.xlsx"), "--roster", str(folder / "名册.xlsx"), "--force"]
    assert main(words) == 4
    assert "导出.xlsx”就在输出位置" in capsys.readouterr().err
    assert (folder / "名册.xlsx").exists()
    assert main(["demo", "--branches", "3", "--quiet", "--force"]) == 0
    (folder / "名册.xlsx").write_bytes(b"filled in")
    assert main(["demo", "--branches", "3", "--quiet", "--force"]) == 4
    assert "模拟数据/名册.xlsx" in capsys.readouterr().err
    assert (folder / "名册.xlsx").read_bytes() == b"filled in"


LONG = "长" * 260


@pytest.mark.parametrize(
    "words",
    [
        f"a.csv --out {LONG}",
        "a.csv --out " + "d/" * 2500,
        "a.csv --out /proc/x",
        "a.csv --out pipe",
        "a.csv --out ",
        f"{LONG} --out q",
        f"a.csv --roster {LONG} --out q",
        f"a.csv --confirm {LONG} --out q",
        f"a.csv --confirm {LONG}.toml --out q",
        f"check a.csv --write {LONG}.toml",
        f"plan --roster {LONG}",
        f"plan --roster r.csv --out {LONG}.csv",
        f"questionnaire {LONG}",
        f"codebook {LONG} a.csv",
        "pipe --out q",
        "check pipe",
        "check /dev/zero",
        "plan --roster pipe",
        "a.csv --confirm pipe --out q",
        "questionnaire jiangsu-2014 --out pipe",
        "questionnaire jiangsu-2014 --out /dev/full",
    ],
)
def test_hostile_names_are_told(
    office: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo("pipe")
    extra = ["--questionnaire", SHORT] if words.startswith(("a.csv", "check")) else []
    assert main([*words.split(" "), *extra]) in (2, 3, 4)
    assert capsys.readouterr().err.startswith("错误：")
    assert sorted(path.name for path in office.iterdir()) == ["a.csv", "pipe", "r.csv"]


@pytest.mark.skipif(not FULL.exists(), reason="no full device")
@pytest.mark.parametrize("words", ["plan --roster r.csv", "questionnaire", "plan --roster 无.csv"])
@pytest.mark.parametrize("streams", ["1>/dev/full", "1>/dev/full 2>/dev/full", "1>&-", "2>&-"])
def test_a_terminal_that_takes_nothing(office: Path, words: str, streams: str) -> None:
    command = f"exec {sys.executable} -m survey.cli {words} {streams}"
    path = str(Path(report.__file__).parents[2])
    done = subprocess.run(
        ["sh", "-c", command],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    missing, full = "无" in words, "1>/dev/full" in streams
    assert done.returncode == (3 if missing else 4 if full else 0)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    if streams == "1>/dev/full":
        assert done.stderr.startswith("错误：")
