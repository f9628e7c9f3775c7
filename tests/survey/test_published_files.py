"""The files of a report as an attacker holds them: tables, bytes, and the members of zip files."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pandas as pd
import pytest

import survey
from survey.vocabulary import VERDICTS
from tests.survey.privacy.attacker import attack, figures_in_withheld_rows, singled_out

_NAMES = {
    "支部": "branch",
    "身份": "role",
    "名册人数": "population",
    "有效回答": "n_valid",
    "满意人数": "n_satisfied",
    "满意率": "rate",
    "判定": "verdict",
    "未回收者均不满意时": "bound_low",
    "未回收者均满意时": "bound_high",
    "人数": "n_valid",
    "不满意率": "observed_rate",
    "模型估计值": "pooled_rate",
    "范围": "unit",
}
_CODES = {zh: code for code, (zh, _) in VERDICTS.items()}
_MARKS = "●◆○×〇 "


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> survey.simulation.Simulation:
    # Many small branches, so that much has to be withheld.
    folder = tmp_path_factory.mktemp("inputs")
    return survey.simulate(folder, n_branches=24, sizes=(5, 40), seed=5, response_rate=0.5)


@pytest.fixture(scope="module")
def folder(
    simulation: survey.simulation.Simulation, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    held = survey.read(simulation.export, roster=simulation.roster)
    place = tmp_path_factory.mktemp("report") / "报告"
    held.report(place, per_branch="docx")
    return place


class _Tables(HTMLParser):
    """Collect the tables of a page as rows of texts."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.tables[-1][-1][-1] += data


def _from_html(folder: Path) -> list[list[list[str]]]:
    parser = _Tables()
    parser.feed((folder / "report.html").read_text(encoding="utf-8"))
    return parser.tables


def _from_docx(folder: Path) -> list[list[list[str]]]:
    document = docx.Document(str(folder / "report.docx"))
    return [[[cell.text for cell in row.cells] for row in t.rows] for t in document.tables]


def _from_xlsx(folder: Path) -> list[list[list[object]]]:
    workbook = openpyxl.load_workbook(folder / "results.xlsx")
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in workbook]


def _number(text: object) -> float:
    """Read a cell as a number; shares and percentages give shares."""
    if isinstance(text, int | float):
        return float(text)
    plain = str(text or "").strip().replace(",", "").replace("−", "-")
    try:
        return float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
    except ValueError:
        return float("nan")


def _frames(tables: Sequence[Sequence[list[Any]]]) -> Iterator[pd.DataFrame]:
    for rows in tables:
        if len(rows) < 2:
            continue
        header = [str(cell or "").strip(" ↕↑↓\n") for cell in rows[0]]
        names = [_NAMES.get(name, name) for name in header]
        if not {"n_valid"} & set(names) or not {"branch", "role", "unit"} & set(names):
            continue
        frame = pd.DataFrame(
            [row[: len(names)] for row in rows[1:] if len(row) >= len(names)], columns=names
        )
        frame = frame.loc[:, [n for n in dict.fromkeys(names) if n in _NAMES.values()]]
        for name in frame.columns.difference(["branch", "role", "unit", "verdict"]):
            frame[name] = frame[name].map(_number)
        for name in frame.columns.intersection(["branch", "role", "unit", "verdict"]):
            frame[name] = frame[name].map(lambda text: str(text or "").strip(_MARKS + "\n"))
        if "verdict" in frame:
            frame["verdict"] = frame["verdict"].map(lambda text: _CODES.get(text, text))
        yield frame


def _published(
    tables: Sequence[Sequence[list[Any]]], branches: list[str]
) -> dict[str, pd.DataFrame]:
    found: dict[str, pd.DataFrame] = {}
    for frame in _frames(tables):
        if "branch" in frame:
            assert set(frame["branch"]) <= set(branches)
        columns = set(frame.columns)
        if "unit" in columns and "rate" in columns:
            found["overall"] = frame[frame["unit"] == "合计"].drop(columns="unit")
            found["by_role"] = frame[frame["unit"] != "合计"].rename(columns={"unit": "role"})
        elif {"branch", "role", "verdict"} <= columns:
            found["by_branch_role"] = frame
        elif "pooled_rate" in columns:
            found["ranking"] = frame
        elif {"branch", "verdict", "rate"} <= columns:
            found["by_branch"] = frame
        elif "observed_rate" in columns:
            exact = frame["observed_rate"].max() > 1
            found["drivers"] = frame.assign(
                observed_rate=frame["observed_rate"] / (100 if exact else 1)
            )
    return found


@pytest.mark.parametrize("read", [_from_html, _from_docx, _from_xlsx])
def test_no_withheld_cell_can_be_worked_out(
    simulation: survey.simulation.Simulation,
    folder: Path,
    read: Callable[[Path], list[list[list[object]]]],
) -> None:
    published = _published(read(folder), list(simulation.truth["branch"].unique()))
    assert {"overall", "by_branch", "by_role"} <= set(published)
    withheld = (published["by_branch"]["verdict"] == "withheld").sum()
    assert withheld >= 2, "the simulation must make something to withhold"
    both = survey.read(simulation.export, roster=simulation.roster).satisfaction(["branch", "role"])
    inner = both.frame.set_index(["branch", "role"])["n_valid"].astype(int)
    assert not figures_in_withheld_rows(published)
    assert not singled_out(published, inner=inner)
    result = attack(published, inner=inner)
    assert len(result) >= withheld
    assert not result["holds"].any(), result[result["holds"]].to_string()
    shown = published["by_branch"][published["by_branch"]["verdict"] != "withheld"]["branch"]
    assert not result.loc[result["branch"].isin(shown), "determined"].any()


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in folder.rglob("*"):
        if not file.is_file():
            continue
        yield file.name, file.read_bytes()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                for member in archive.namelist():
                    yield f"{file.name}/{member}", archive.read(member)


def test_no_identifier_of_a_respondent_is_in_any_file(
    simulation: survey.simulation.Simulation, folder: Path
) -> None:
    sheet = openpyxl.load_workbook(simulation.export, read_only=True).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    at = {str(name): position for position, name in enumerate(header)}
    addresses = {str(row[at["来自IP"]]).split("(")[0] for row in rows}
    times = {str(row[at["提交答卷时间"]]) for row in rows}
    texts = {str(row[-1]) for row in rows if len(str(row[-1])) > 8}
    assert len(addresses) > 50
    assert texts
    for name, content in _contents(folder):
        for secret in (*addresses, *times, *texts):
            assert secret.encode() not in content, (name, secret)
