"""Pages for secretaries: complete, named safely, and silent where the rule says so."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from pathlib import Path
from shutil import which

import docx
import numpy as np
import pandas as pd
import pytest

from survey import privacy
from survey.report import branch_page, branch_pages
from survey.report.document import Bullets, Document, Text
from survey.results import Comparison, Findings, ItemResponses
from tests.survey import results_samples as samples


def with_items(found: Findings) -> Findings:
    """Let every branch answer the items alike."""
    items, names = samples.sample_items(n_valid=24), found.tables["branch",].frame["branch"]
    frame, summary = (
        pd.concat([part.assign(branch=name) for name in names])
        for part in (items.frame, items.summary)
    )
    return dataclasses.replace(found, branch_items=ItemResponses(frame, summary))


def words(document: Document) -> str:
    texts: list[str] = []
    for block in document.blocks():
        match block:
            case Text(text=text):
                texts.append(text)
            case Bullets(texts=several):
                texts += several
    return "\n".join(texts)


def compose(**values: object) -> Document:
    """Compose the page of one branch of three, some of whose figures are as given."""
    found = samples.sample_findings(3)
    frame = found.tables["branch",].frame.astype(object)
    for name, value in values.items():
        frame.loc[0, name] = value
    own = dataclasses.replace(found.tables["branch",], frame=frame)
    found = samples.with_tables(found, own)
    return branch_page.compose(found, str(frame["branch"][0]))


def test_one_file_a_branch_in_order(tmp_path: Path) -> None:
    found = with_items(samples.sample_findings(7))
    for form in ("html", "docx"):
        paths = branch_pages.write(found, tmp_path / form, form=form)
        assert paths == sorted((tmp_path / form).iterdir())
        assert len(paths) == 7
        assert paths[0].name == f"001_机械学院教工第一党支部.{form}"


def test_page_holds_own_result_and_the_university_and_no_other_branch(tmp_path: Path) -> None:
    found = with_items(samples.sample_findings(7))
    text = branch_pages.write(found, tmp_path)[0].read_text(encoding="utf-8")
    for expected in ("机械学院教工第一党支部", "全校", "其中：党员", "最低", "最高", "下一步"):
        assert expected in text
    assert not [name for name in found.tables["branch",].frame["branch"][1:] if name in text]


def test_word_is_one_page(tmp_path: Path) -> None:
    office = which("soffice")
    if not (office and which("pdfinfo")):
        pytest.skip("needs LibreOffice and pdfinfo")
    found = with_items(samples.sample_findings(4))
    paths = branch_pages.write(found, tmp_path, form="docx")
    command = [office, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=120)
    for path in paths:
        pdf = str(path.with_suffix(".pdf"))
        told = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
        assert re.search(r"Pages:\s+1\n", told), path.name


def test_withheld_branch_is_told_why_and_what_would_change_it(tmp_path: Path) -> None:
    found = with_items(samples.sample_findings(7))
    own = found.branch_items
    hidden = found.tables["branch",].frame["branch"][6]
    kept = [part[part["branch"] != hidden] for part in (own.frame, own.summary)]
    found = dataclasses.replace(found, branch_items=ItemResponses(*kept))
    path = branch_pages.write(found, tmp_path, form="docx")[6]
    text = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    assert "暂不评定（回答不足 5 份）" in text
    assert "有效回答 3 份，不足 5 份" in text
    assert "再有 2 份有效回答，本支部的结果即可公布" in text
    assert not re.search(r"\d%|\d/\d", text)
    assert not docx.Document(str(path)).tables


def test_a_branch_too_small_to_be_shown_is_not_told_to_collect_more() -> None:
    text = words(compose(verdict="withheld", reason="few", n_valid=3, population=4))
    assert "没有作答的只有 1 人" in text
    assert "合并统计" in text


@pytest.mark.parametrize("seed", range(20))
def test_so_many_answers_and_no_fewer_would_change_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, rest = rng.integers(0, 15, 6), int(rng.integers(0, 6))
    reasons = privacy.rule.partition(n, rest, min_cell=5)
    for place in np.flatnonzero(reasons != ""):
        more = privacy.lacking(n, rest, place, min_cell=5)
        givers = [place] if reasons[place] == "few" else np.flatnonzero(reasons == "few")
        shown = [
            k
            for k in range(40)
            for giver in givers
            if privacy.rule.partition(n + k * (np.arange(6) == giver), rest, min_cell=5)[place]
            == ""
        ]
        assert more == min(shown, default=None)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"verdict": "meets"}, "满意率达到 90% 的标准；这样判断出错的可能不超过 5%"),
        ({"verdict": "below"}, "满意率没有达到 90% 的标准"),
        ({"verdict": "meets", "population": 22, "n_valid": 22}, "名册 22 人全部作答"),
        (
            {"verdict": "inconclusive", "population": 30, "n_valid": 20},
            "尚有 10 人没有有效回答",
        ),
        (
            {"verdict": "inconclusive", "reason": "near_bar", "population": 40, "n_valid": 39},
            "已达通常所需的份数，满意率接近标准",
        ),
        *(
            (
                {
                    "verdict": "inconclusive",
                    "reason": "cannot_pass",
                    "population": 40,
                    "n_valid": 39,
                    "estimator": estimator,
                },
                said,
            )
            for estimator, said in (
                ("stratified", "各类人员中更多的人作答"),
                ("hypergeometric", "仍不足以判定"),
            )
        ),
        ({"verdict": "inconclusive", "population": pd.NA, "response_rate": np.nan}, "没有名册"),
        ({"n_valid": 0, "rate": np.nan, "verdict": "inconclusive"}, "没有有效回答，无从判断"),
        ({"response_rate": 0.49}, "回收率不到一半"),
        ({"verdict": "withheld", "reason": "partner"}, "与本支部回答的内容无关"),
    ],
)
def test_what_the_verdict_means_and_what_is_next(values: dict[str, object], said: str) -> None:
    assert said in words(compose(**values))


def test_indicators_are_marked_where_the_difference_is_beyond_chance() -> None:
    items = samples.sample_items(n_valid=24)
    own = items.summary.assign(rate=np.linspace(0.5, 0.95, len(items.summary)))
    own = own.assign(lower=own["rate"] - 0.1, upper=own["rate"] + 0.04)
    found = samples.sample_findings(3)
    whole = dataclasses.replace(items, summary=items.summary.assign(rate=0.8))
    found = dataclasses.replace(found, items=whole)
    page = branch_page.compose(
        found, str(found.tables["branch",].frame["branch"][0]), ItemResponses(items.frame, own)
    )
    (table,) = (table for table in page.tables() if table.name == "indicators")
    assert table.frame["title"].tolist() == [*own["title"][:5], *own["title"][:12:-1]]
    assert table.frame["gap"][0] == "−30.0 ▼"
    assert table.frame["gap"][5] == "+15.0 ▲"
    beyond = int(((own["lower"] > 0.8) | (own["upper"] < 0.8)).sum())
    assert f"{len(own)} 项中 {beyond} 项" in words(page)


def test_indicators_that_are_not_shown_are_said_to_be_protected() -> None:
    assert "本支部不公布各项指标" in words(compose())
    assert "本支部不公布各项指标" not in words(compose(verdict="withheld", reason="few"))


def test_unknown_branch() -> None:
    with pytest.raises(KeyError):
        branch_page.compose(samples.sample_findings(3), "没有的支部")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ('a/b\\c:d*e?f"g<h>i|j', "001_a_b_c_d_e_f_g_h_i_j"),
        ("支部. ", "001_支部"),
        ("长" * 90, "001_" + "长" * 60),
        ("1.5 班", "001_1.5 班"),
        ("CON", "001_CON"),
    ],
)
def test_file_names_work_everywhere(name: str, stem: str) -> None:
    made = branch_pages.file_stem(1, name)
    assert made == stem
    assert len(f"{made}.html".encode()) <= 255


def test_own_change_since_the_wave_before() -> None:
    found = samples.sample_findings(3)
    name = str(found.tables["branch",].frame["branch"][0])
    row = {"rate_before": 0.8, "rate_after": 0.9, "difference": 0.1, "low": 0.02, "high": 0.18}
    frame = pd.DataFrame([{"branch": name, **row, "change": "up"}])
    changes = Comparison(frame, 0.95)
    page = branch_page.compose(dataclasses.replace(found, changes=changes), name)
    assert "由 80.0% 变为 90.0%，相差 10.0 个百分点" in words(page)
    assert "有所上升" in words(page)


def test_branches_alike_in_file_names_have_pages_of_their_own(tmp_path: Path) -> None:
    findings = samples.sample_findings(4)
    frame = findings.tables["branch",].frame
    names = ["甲/乙", "甲:乙", *frame["branch"].iloc[2:]]
    frame["branch"] = names
    files = branch_pages.file_names(findings)
    assert list(files) == names
    assert len({*files.values()}) == 4
    assert [path.name for path in branch_pages.write(findings, tmp_path / "页")] == [
        *files.values()
    ]
    assert "甲:乙" in (tmp_path / "页" / files["甲:乙"]).read_text("utf-8")
