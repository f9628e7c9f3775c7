"""Files of public reports on what reports gave away, beside the exports where they are."""

from __future__ import annotations

import os
import re
from pathlib import Path

import openpyxl
import pytest

import survey

FOLDER = Path(os.environ.get("SURVEY_REPORT_EXPORTS", "")).parent / "cases"
pytestmark = pytest.mark.skipif(
    not (FOLDER / "base.xlsx").is_file(), reason="SURVEY_REPORT_EXPORTS has no cases beside it"
)


def told(folder: Path) -> str:
    """Everything that is written, as text."""
    texts = [p.read_text(encoding="utf-8") for p in folder.rglob("*.html")]
    texts += [p.read_text(encoding="utf-8") for p in folder.rglob("*.json")]
    texts += [p.read_text(encoding="utf-8") for p in folder.rglob("*.svg")]
    for path in folder.rglob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        texts += [str(value) for sheet in book for row in sheet.values for value in row if value]
    return "\n".join(texts)


def test_items_of_a_small_pool_are_shown_for_no_branch() -> None:
    held = survey.read(FOLDER / "items_pool.xlsx", roster=FOLDER / "items_pool_roster.xlsx")
    found = held.findings()
    assert found.branch_items is not None
    frame = found.tables["branch",].frame.set_index("branch")
    small = frame.index[frame["n_valid"].between(1, 4)]
    assert len(small) == 2
    shown = found.branch_items.summary
    assert not set(shown["branch"]) & set(small)
    whole = held.responses_by_item().summary.set_index("item")
    for item, own in shown.groupby("item"):
        rest = whole.loc[item, ["n_valid", "n_satisfied"]] - own[["n_valid", "n_satisfied"]].sum()
        # whoever is in no figure: nobody of the few is shown to be dissatisfied
        few = frame.loc[small, "n_valid"].min()
        assert rest["n_valid"] - rest["n_satisfied"] <= rest["n_valid"] - few


def test_what_became_of_one_persons_answer_is_not_shown() -> None:
    held = survey.read(FOLDER / "base.xlsx", roster=FOLDER / "base_roster.xlsx")
    frame = held.published()["branch",].frame.set_index("branch")
    (alone,) = frame.index[frame["population"] == 1]
    statuses = ["n_responses", "n_missing", "n_not_asked", "n_not_applicable"]
    assert frame.loc[alone, statuses].isna().all()
    # nor by subtraction: another branch's are hidden with it
    assert frame[statuses].isna().all(axis=1).sum() >= 2


def test_a_name_in_the_role_reaches_nothing(tmp_path: Path) -> None:
    file = FOLDER / "role_identifier.xlsx"
    sheet = openpyxl.load_workbook(file).active
    written = " ".join(str(value) for row in sheet.values for value in row if value)
    (number,) = re.findall(r"1[3-9]\d{9}", written)
    (name,) = re.findall(r"（(\w+) " + number, written)
    held = survey.read(file)
    page = told(held.report(tmp_path / "报告", per_branch="html"))
    for text in (number, name):
        assert text not in page
        assert text not in "".join(zh + en for zh, en in held.notices)
        assert text not in held.audit.to_string()
