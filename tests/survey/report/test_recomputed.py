"""Every number of the first two pages, recomputed from the raw export by pandas alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import survey
from survey.report import cells
from survey.report.document import Bullets, Document, Table, Text
from survey.report.sections import compose

MEMBERS = {"教工党员", "学生党员"}
SATISFIED = {"非常满意", "满意"}
ANSWERS = [*SATISFIED, "一般", "不满意", "非常不满意"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> survey.simulation.Simulation:
    return survey.simulate(tmp_path_factory.mktemp("raw"), n_branches=30, seed=11)


@pytest.fixture(scope="module")
def found(made: survey.simulation.Simulation) -> survey.Findings:
    held = survey.read(made.export, roster=made.roster)
    return held.findings(cover=survey.Cover("某大学党委组织部", "2025—2026 学年", "张三"))


@pytest.fixture(scope="module")
def document(found: survey.Findings) -> Document:
    return compose(found)


def answers(made: survey.simulation.Simulation) -> pd.DataFrame:
    """Give the people who pass the attention check: branch, role, overall answer, items."""
    sheet = pd.read_excel(made.export, dtype=str, engine="openpyxl")

    def column(words: str) -> pd.Series:
        (name,) = (name for name in sheet if words in name)
        return sheet[name]

    kept = column("本题请选择") == "一般"
    told = pd.DataFrame(
        {
            "branch": column("您所在的党支部"),
            "role": column("您的身份").map(lambda text: "党员" if text in MEMBERS else "师生员工"),
            "overall": column("总体而言"),
        }
    )
    return told[kept].join(sheet[kept])


@pytest.fixture(scope="module")
def raw(made: survey.simulation.Simulation) -> pd.DataFrame:
    return answers(made)


@pytest.fixture(scope="module")
def sizes(made: survey.simulation.Simulation) -> pd.DataFrame:
    return people(made)


def people(made: survey.simulation.Simulation) -> pd.DataFrame:
    roster = pd.read_excel(made.roster, dtype=str, engine="openpyxl")
    roster.columns = ["branch", "role", "population"]
    roster["role"] = roster["role"].map(
        lambda text: "党员" if text in {"党员", *MEMBERS} else "师生员工"
    )
    return roster.astype({"population": int})


def first_pages(document: Document) -> str:
    texts: list[str] = []
    for block in document.sections[0].blocks:
        match block:
            case Text(text=text):
                texts.append(text)
            case Bullets(texts=several):
                texts += several
    return "\n".join(texts)


def lines(document: Document, name: str) -> Iterator[dict[str, str]]:
    (table,) = (
        block
        for block in document.sections[0].blocks
        if isinstance(block, Table) and block.name == name
    )
    names = [column.name for column in table.shown.columns]
    for line in cells.lines(table.shown):
        yield dict(zip(names, (cell.text for cell in line), strict=True))


def percent(share: float, beside: float | None = None) -> str:
    """Round half up; beside the bar with as many decimals as tell the share from it."""
    for digits in range(1, 9):
        scale = 10 ** (digits + 2)
        rounded = np.floor(scale * share + 0.5 + 1e-9) / scale
        if beside is None or share == beside or rounded != beside:
            break
    return f"{100 * rounded:.{digits}f}%"


def valid(raw: pd.DataFrame) -> pd.DataFrame:
    return raw[raw["overall"].isin(ANSWERS)]


def weighted(people: pd.DataFrame, sizes: pd.DataFrame) -> float:
    """Weight every branch and role by its people; strata of fewer than two join their role's."""
    joined = people.assign(stratum=people["branch"])
    few = people.groupby(["branch", "role"])["overall"].transform("size") < 2
    joined.loc[few, "stratum"] = ""
    sized = sizes.merge(
        joined.groupby(["branch", "role"])["stratum"].first().reset_index(),
        on=["branch", "role"],
        how="left",
    ).fillna({"stratum": ""})
    total = sized.groupby(["role", "stratum"])["population"].sum()
    rate = (
        joined.assign(yes=joined["overall"].isin(SATISFIED))
        .groupby(["role", "stratum"])["yes"]
        .mean()
    )
    both = pd.concat([total, rate], axis=1)
    empty = both["yes"].isna()
    assert not empty.any(), "the simulation must leave no stratum to be spread over others"
    return float((both["population"] * both["yes"]).sum() / both["population"].sum())


def test_everyone(document: Document, raw: pd.DataFrame, sizes: pd.DataFrame) -> None:
    for line in lines(document, "everyone"):
        role = line["unit"]
        people = valid(raw) if role == "合计" else valid(raw[raw["role"] == role])
        known = sizes if role == "合计" else sizes[sizes["role"] == role]
        N, n = int(known["population"].sum()), len(people)
        assert line["population"] == f"{N:,}"
        assert line["n_valid"] == f"{n:,}"
        assert line["response_rate"] == percent(n / N)
        assert line["rate"] == percent(weighted(people, known), beside=0.9)
        assert (
            f"{line['unit'].replace('合计', '两类人员合计')}{line['verdict']}（{line['rate']}）"
            in (first_pages(document))
        )


def test_branches_by_verdict(document: Document, found: survey.Findings, raw: pd.DataFrame) -> None:
    answered = valid(raw).groupby("branch").size()
    named: list[str] = []
    for line in lines(document, "verdicts"):
        names = line["names"].split("、")
        assert line["n"] == str(len(names))
        named += names
    branches = sorted(found.tables["branch",].frame["branch"])
    assert sorted(named) == branches
    withheld = next(
        (line["names"] for line in lines(document, "verdicts") if line["verdict"] == "暂不评定"), ""
    )
    small = [name for name in branches if answered.get(name, 0) < 5]
    assert set(small) <= set(withheld.split("、"))


def test_ends(document: Document, raw: pd.DataFrame, found: survey.Findings) -> None:
    asked = found.questionnaire
    rates = {}
    for item in asked.items:
        (name,) = (name for name in raw if str(name).endswith(item.text) or item.text in str(name))
        answers = raw.loc[raw[name].isin(ANSWERS), name]
        rates[asked.item_titles[item.id][0]] = (answers.isin(SATISFIED).mean(), len(answers))
    order = sorted(rates, key=lambda title: rates[title][0])
    told = list(lines(document, "ends"))
    assert [line["title"] for line in told] == [*order[:3], *order[:-4:-1]]
    for line in told:
        rate, n = rates[line["title"]]
        assert line["rate"] == percent(rate)
        assert line["n_valid"] == f"{n:,}"


def test_the_silent(document: Document, raw: pd.DataFrame, sizes: pd.DataFrame) -> None:
    people, text = valid(raw), first_pages(document)
    N, n = int(sizes["population"].sum()), len(people)
    x = int(people["overall"].isin(SATISFIED).sum())
    assert f"名册 {N:,} 人，有效回答 {n:,} 人，回收率 {percent(n / N)}。" in text
    assert f"没有有效回答的 {N - n:,} 人若都不满意，合计满意率为 {percent(x / N)}" in text
    assert f"若都满意，为 {percent((N - n + x) / N)}。" in text
    share = people.groupby("branch").size() / sizes.groupby("branch")["population"].sum()
    low = share.fillna(0)[share.fillna(0) < 0.5].sort_values(kind="stable")
    if len(low):
        assert f"{len(low)} 个党支部的回收率不到一半" in text
        for name, value in low.items():
            assert f"{name}（{percent(value)}）" in text


def test_asks_count_the_verdicts(document: Document) -> None:
    told = {line["verdict"]: line["n"] for line in lines(document, "verdicts")}
    text = first_pages(document)
    for word in ("未达标", "无法判定", "暂不评定"):
        counts = re.findall(rf"{word}的 (\d+) 个党支部", text)
        assert counts == ([told[word]] if word in told else [])


def test_share_of_answers(document: Document, raw: pd.DataFrame) -> None:
    share = percent(valid(raw)["overall"].isin(SATISFIED).mean())
    told = re.findall(r"所得回答中满意的占 ([\d.]+%)", first_pages(document))
    assert told in ([], [share])


def test_cover(document: Document) -> None:
    assert document.subtitle.startswith("某大学党委组织部　·　2025—2026 学年　·　张三　·　")


def test_change_since_last_year(
    tmp_path: Path, made: survey.simulation.Simulation, raw: pd.DataFrame, sizes: pd.DataFrame
) -> None:
    before = survey.simulate(tmp_path, n_branches=30, seed=12)
    earlier = survey.read(before.export, roster=before.roster)
    held = survey.read(made.export, roster=made.roster)
    text = first_pages(compose(held.findings(earlier=earlier, comments="none")))
    waves = ((answers(before), people(before)), (raw, sizes))
    # rates over all cells are published with four digits
    old, new = (round(weighted(valid(told), known), 3) for told, known in waves)
    assert f"满意率由 {percent(old)} 变为 {percent(new)}，相差" in text
    with pytest.raises(survey.UsageError):
        held.anonymise().findings(earlier=earlier)
