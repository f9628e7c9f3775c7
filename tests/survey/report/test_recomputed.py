"""Every number of pages 1 and 2 of the demo, recomputed from its raw files by pandas alone.

Bounds and intervals are not among them: no frame gives these; they have tests of their own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lxml import html
from scipy import stats

import questionnaires
import survey
from survey.cli import main

MEMBERS = {"党员", "教工党员", "学生党员"}
SATISFIED = {"非常满意", "满意"}
ANSWERS = [*SATISFIED, "一般", "不满意", "非常不满意"]
SEED, BRANCHES = 0, 40
COVER = ("某大学党委组织部", "2025—2026 学年", "张三")
CONSTANTS = {
    "90%": "the bar",
    "95%": "confidence of a bound",
    "5%": "error of a verdict",
    "80%": "chance of a verdict that the plan is made for",
    "3": "indicators at either end",
    "5": "answers below which nothing is published",
}


@dataclass(frozen=True)
class Wave:
    """Raw files of one wave: people who pass the attention check, and the roster."""

    answers: pd.DataFrame
    sizes: pd.DataFrame

    @classmethod
    def of(cls, folder: Path) -> Wave:
        sheet = pd.read_excel(folder / "导出.xlsx", dtype=str, engine="openpyxl")

        def column(words: str) -> pd.Series:
            (name,) = (name for name in sheet if words in name)
            return sheet[name]

        kept = column("本题请选择") == "一般"
        told = pd.DataFrame(
            {
                "branch": column("您所在的党支部"),
                "role": role(column("您的身份")),
                "overall": column("总体而言"),
            }
        )
        sizes = pd.read_excel(folder / "名册.xlsx", dtype=str, engine="openpyxl")
        sizes.columns = ["branch", "role", "population"]
        sizes = sizes.assign(role=role(sizes["role"])).astype({"population": int})
        return cls(told[kept].join(sheet[kept]), sizes)

    @property
    def valid(self) -> pd.DataFrame:
        return self.answers[self.answers["overall"].isin(ANSWERS)]

    def of_role(self, name: str) -> Wave:
        people, sizes = self.answers, self.sizes
        return Wave(people[people["role"] == name], sizes[sizes["role"] == name])

    def rate(self) -> float:
        """Weight every branch and role by its people; strata of fewer than two join a role's."""
        people = self.valid
        joined = people.assign(stratum=people["branch"])
        few = people.groupby(["branch", "role"])["overall"].transform("size") < 2
        joined.loc[few, "stratum"] = ""
        sized = self.sizes.merge(
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
        assert both["yes"].notna().all(), "no stratum may be left to be spread over others"
        return float((both["population"] * both["yes"]).sum() / both["population"].sum())


def role(answers: pd.Series) -> pd.Series:
    return answers.isin(MEMBERS).map({True: "党员", False: "师生员工"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo by its one command."""
    out = tmp_path_factory.mktemp("demo") / "报告"
    cover = zip(("--organisation", "--period", "--author"), COVER, strict=True)
    words = [word for pair in cover for word in pair]
    size = ["--branches", str(BRANCHES), "--seed", str(SEED)]
    assert main(["demo", "--out", str(out), *size, *words, "--quiet"]) == 0
    return out


@pytest.fixture(scope="module")
def raw(folder: Path) -> Wave:
    return Wave.of(folder / "模拟数据")


@pytest.fixture(scope="module")
def page(folder: Path) -> html.HtmlElement:
    return html.parse(str(folder / "report.html")).getroot()


def lines(page: html.HtmlElement, name: str) -> Iterator[dict[str, str]]:
    table = page.get_element_by_id(f"table-{name}")
    heads = [head.text_content() for head in table.findall("thead/tr/th")]
    for row in table.findall("tbody/tr"):
        yield dict(zip(heads, (cell.text_content() for cell in row), strict=True))


def first_pages(page: html.HtmlElement) -> str:
    """Give the sentences and captions of the first section."""
    parts = page.get_element_by_id("conclusion").iter("p", "li")
    return "\n".join(part.text_content().replace("\xa0", " ") for part in parts)


def percent(share: float, beside: float | None = None) -> str:
    """Round half up; beside the bar with as many decimals as tell the share from it."""
    for digits in range(1, 9):
        scale = 10 ** (digits + 2)
        rounded = np.floor(scale * share + 0.5 + 1e-9) / scale
        if beside is None or share == beside or rounded != beside:
            break
    return f"{100 * rounded:.{digits}f}%"


def test_everyone(page: html.HtmlElement, raw: Wave) -> None:
    for line in lines(page, "everyone"):
        name = line["范围"]
        wave = raw if name == "合计" else raw.of_role(name)
        N, n = int(wave.sizes["population"].sum()), len(wave.valid)
        assert line["名册人数"] == f"{N:,}"
        assert line["有效回答"] == f"{n:,}"
        assert line["回收率"] == percent(n / N)
        assert line["满意率"] == percent(wave.rate(), beside=0.9)
        said = f"{name.replace('合计', '两类人员合计')}{line['判定']}（{line['满意率']}）"
        assert said in first_pages(page)


def test_branches_by_verdict(page: html.HtmlElement, raw: Wave) -> None:
    answered = raw.valid.groupby("branch").size()
    told = {line["判定"]: line["党支部"].split("、") for line in lines(page, "verdicts")}
    for line in lines(page, "verdicts"):
        assert line["个数"] == str(len(told[line["判定"]]))
    branches = sorted(raw.sizes["branch"].unique())
    assert sorted(name for names in told.values() for name in names) == branches
    assert f"各党支部的判定（共 {len(branches)} 个，标准 90%" in first_pages(page)
    small = {name for name in branches if answered.get(name, 0) < 5}
    assert small <= set(told.get("暂不评定", []))
    for line in lines(page, "branches"):
        assert line["支部"] in told[line["判定"]]
    for word in ("未达标", "无法判定", "暂不评定"):
        # of those that are not decided some have as many answers as are needed
        counts = re.findall(rf"{word}(?:而.{{,15}})?的 (\d+) 个党支部", first_pages(page))
        assert sum(map(int, counts)) == len(told.get(word, []))


def test_who_is_withheld(page: html.HtmlElement, raw: Wave) -> None:
    answered, text = raw.valid.groupby("branch").size(), first_pages(page)
    few = sum(answered.get(name, 0) < 5 for name in raw.sizes["branch"].unique())
    (hidden,) = [line["个数"] for line in lines(page, "verdicts") if line["判定"] == "暂不评定"]
    assert f"有 {hidden} 个党支部暂不评定：{few} 个有效回答不足 5 人" in text
    assert (f"另有 {int(hidden) - few} 个是为了" in text) == (int(hidden) > few)


def test_ends(page: html.HtmlElement, raw: Wave) -> None:
    asked = questionnaires.load("jiangsu-2014")
    rates = {}
    for item in asked.items:
        (name,) = (name for name in raw.answers if item.text in str(name))
        answers = raw.answers.loc[raw.answers[name].isin(ANSWERS), name]
        rates[asked.item_titles[item.id][0]] = (answers.isin(SATISFIED).mean(), len(answers))
    order = sorted(rates, key=lambda title: rates[title][0])
    told = list(lines(page, "ends"))
    assert [line["指标"] for line in told] == [*order[:3], *order[:-4:-1]]
    for line in told:
        rate, n = rates[line["指标"]]
        assert line["满意率"] == percent(rate)
        assert line["有效回答"] == f"{n:,}"
    assert f"最低和最高的各 3 项指标（共 {len(rates)} 项，不含总体满意度）" in first_pages(page)


def test_the_silent(page: html.HtmlElement, raw: Wave) -> None:
    people, text = raw.valid, first_pages(page)
    N, n = int(raw.sizes["population"].sum()), len(people)
    satisfied = people["overall"].isin(SATISFIED)
    x = int(satisfied.sum())
    assert f"名册 {N:,} 人，有效回答 {n:,} 人，回收率 {percent(n / N)}。" in text
    assert f"没有有效回答的 {N - n:,} 人若都不满意，合计满意率为 {percent(x / N)}" in text
    assert f"若都满意，为 {percent((N - n + x) / N)}。" in text
    assert f"所得回答中满意的占 {percent(x / n)}" in text
    size = raw.sizes.groupby("branch")["population"].sum()
    share = (people.groupby("branch").size() / size).fillna(0)
    low = share[share < 0.5].sort_values(kind="stable")
    assert len(low), "choose a seed with a branch of which fewer than half answer"
    assert f"{len(low)} 个党支部的回收率不到一半" in text
    for name, value in low.items():
        assert f"{name}（{percent(value)}）" in text
    (meets,) = (line for line in lines(page, "verdicts") if line["判定"] == "达标")
    yes = satisfied.groupby(people["branch"]).sum() / size
    firm = [name for name in meets["党支部"].split("、") if yes[name] >= 0.9]
    told = f"有 {len(firm)} 个" if firm else "没有一个"
    said = f"达标的 {meets['个数']} 个党支部中，未作答者若都不满意，{told}仍达到标准"
    assert said in text


def test_answers_read_used_and_valid(folder: Path, page: html.HtmlElement, raw: Wave) -> None:
    read = len(pd.read_excel(folder / "模拟数据" / "导出.xlsx", engine="openpyxl"))
    used, n = len(raw.answers), len(raw.valid)
    said = f"读入答卷 {read:,} 份，采用 {used:,} 份（剔除 {read - used} 份），"
    said += f"其中总体满意度一题的有效回答 {n:,} 份（其余 {used - n} 份未作答或答“不了解”）。"
    assert said in first_pages(page)


def test_indicators_that_changed(folder: Path, page: html.HtmlElement, raw: Wave) -> None:
    before = Wave.of(folder / "模拟数据" / "上次")
    (line,) = (text for text in first_pages(page).splitlines() if "项可比的指标" in text)
    told = re.findall(r"(?:：|、)([^：、（]+)（([\d.]+%) → ([\d.]+%)）", line)
    assert told, "choose a seed with an indicator that changed"
    asked = questionnaires.load("jiangsu-2014")
    texts = {asked.item_titles[item.id][0]: item.text for item in asked.items}
    for title, *shares in told:
        for wave, share in zip((before, raw), shares, strict=True):
            (name,) = (name for name in wave.answers if texts[title] in str(name))
            answers = wave.answers[name]
            assert share == percent(answers[answers.isin(ANSWERS)].isin(SATISFIED).mean())


def test_the_breakdown_is_the_largest_of_the_workbook(folder: Path, page: html.HtmlElement) -> None:
    sheet = pd.read_excel(folder / "results.xlsx", sheet_name="构成", engine="openpyxl")
    size, low, high = (
        f"{name}（百分点）{end}"
        for name, end in (("相联系的不满意率", ""), ("95% 区间", "下限"), ("95% 区间", "上限"))
    )
    top = sheet.loc[sheet[size].idxmax()]
    ends = (f"{top[name]:.1f}" for name in (size, low, high))
    told = "在模型中，与“{}”评分低于“满意”相联系的不满意率为 {} 个百分点（95% 区间 {}～{}）"
    assert told.format(top["维度"], *ends) in first_pages(page)


def test_answers_that_undecided_branches_need(page: html.HtmlElement) -> None:
    """By the hypergeometric distribution: from so many answers on the chance is 80 %."""
    for line in list(lines(page, "needed"))[:3]:
        N = int(line["名册人数"])
        goal, satisfied = math.ceil(0.9 * N), math.floor(0.95 * N + 0.5)
        assert satisfied >= goal
        chances = []
        for n in range(1, N + 1):
            x = np.arange(n + 1)
            refuted = stats.hypergeom.sf(x - 1, N, goal - 1, n) <= 0.05
            chances.append(stats.hypergeom.pmf(x[refuted], N, satisfied, n).sum())
        short = [n for n, chance in enumerate(chances, start=1) if chance < 0.8]
        assert int(line["80% 可能判定所需"]) == max(short) + 1


def test_change_since_last_year(folder: Path, page: html.HtmlElement, raw: Wave) -> None:
    before, text = Wave.of(folder / "模拟数据" / "上次"), first_pages(page)
    assert (
        before.sizes.groupby("branch")["population"]
        .sum()
        .equals(raw.sizes.groupby("branch")["population"].sum())
    )
    # rates over all cells are published with three digits
    old, new = round(before.rate(), 3), round(raw.rate(), 3)
    assert f"满意率由 {percent(old)} 变为 {percent(new)}，相差 {100 * (new - old):.1f} " in text
    withheld = {
        name
        for line in lines(page, "verdicts")
        if line["判定"] == "暂不评定"
        for name in line["党支部"].split("、")
    }
    moved = list(lines(page, "moved"))
    assert {line["变化"] for line in moved} <= {"上升", "下降"}
    own = [wave.valid.assign(yes=wave.valid["overall"].isin(SATISFIED)) for wave in (before, raw)]
    shares = [people.groupby("branch")["yes"].mean() for people in own]
    for line in moved:
        names = line["党支部"].split("、")
        assert line["个数"] == str(len(names))
        for name in names:
            assert name not in withheld
            assert (shares[1][name] > shares[0][name]) == (line["变化"] == "上升")
    (compared,) = re.findall(r"变化超出抽样误差的党支部（可比的共 (\d+) 个）", text)
    # what is withheld in either wave cannot be compared
    small = {
        name
        for wave in (before, raw)
        for name in raw.sizes["branch"].unique()
        if wave.valid["branch"].eq(name).sum() < 5
    }
    assert moved
    assert int(compared) <= BRANCHES - len(small | withheld)


def test_evidence(folder: Path, page: html.HtmlElement) -> None:
    path = folder / "模拟数据" / "佐证.xlsx"
    events, members = (
        pd.read_excel(path, sheet_name=at, header=1, engine="openpyxl") for at in (0, 1)
    )
    done = events[["日期", "主题", "到会人数", "材料文件名"]].notna().all(axis=1)
    terms = done.groupby([events["支部"], events["指标"], events["时段"]]).sum()
    lacking = {name for name, *_ in terms[terms < 1].index}
    begun = members[members[["成员（职务）", "人数", "材料文件名"]].notna().all(axis=1)]
    lacking |= set(begun.loc[begun["人数"] < 2, "支部"])
    met = BRANCHES - len(lacking)
    assert f"{BRANCHES} 个党支部中 {met} 个的佐证材料都达到" in first_pages(page)


def test_no_other_number_is_printed(page: html.HtmlElement, raw: Wave) -> None:
    """Every sentence that holds a number is one of those recomputed above."""
    section, text = page.get_element_by_id("conclusion"), first_pages(page)
    tables = {table.get("id") for table in section.iter("table")}
    assert tables == {
        f"table-{name}" for name in ("everyone", "verdicts", "moved", "ends", "needed")
    }
    recomputed = (
        r"对照满意度达到 90% 的标准：.*",
        r"表 \d　(总体满意率与判定|各党支部的判定.*|满意率最低和最高的各.*)",
        r"表 \d　变化超出抽样误差的党支部（可比的共 \d+ 个）",
        r"“满意”指.*",
        r"与上次相比：满意率由.*",
        r"读入答卷 [\d,]+ 份，采用.*",
        r"在模型中，与“.*”评分低于“满意”相联系的不满意率为.*",
        r"18 项可比的指标中，与上次相比.*",
        r"6 个维度相联系的不满意率，与上次相比.*",
        r"名册 [\d,]+ 人，有效回答.*",
        r"\d+ 个党支部的回收率不到一半.*",
        r"达标的 \d+ 个党支部中，未作答者.*",
        r"(未达标|无法判定|无法判定而有效回答已达所需份数|暂不评定)的 \d+ 个党支部：.*",
        r"总体达标而有一类人员未达标的 \d+ 个党支部：.*",
        r"标准第 [\d、]+ 项的最低要求，.*",
        r"为保护答卷人，有 \d+ 个党支部暂不评定.*",
        r"为保护答卷人，另有 \d+ 个党支部只公布合计.*",
    )
    for line in filter(re.compile(r"\d").search, text.splitlines()):
        assert any(re.fullmatch(pattern, line) for pattern in recomputed), line
    (reading,) = (line for line in text.splitlines() if line.startswith("“满意”指"))
    rest = re.sub(r"所得回答中满意的占 [\d.]+%", "", reading)
    assert set(re.findall(r"[\d.]+%", rest)) <= set(CONSTANTS)


def test_roles_below_and_roles_hidden(page: html.HtmlElement, folder: Path) -> None:
    """What the first pages count of roles is what the workbook holds of them."""
    roles = pd.read_excel(folder / "results.xlsx", sheet_name="支部与身份", engine="openpyxl")
    (hidden,) = [line["党支部"] for line in lines(page, "verdicts") if line["判定"] == "暂不评定"]
    alone = set(roles.loc[roles["满意率"].isna(), "支部"]) - set(hidden.split("、"))
    (count,) = re.findall(r"另有 (\d+) 个党支部只公布合计", first_pages(page))
    assert count == str(len(alone))


def test_cover(page: html.HtmlElement) -> None:
    assert page.find(".//header/p").text_content().startswith("　·　".join((*COVER, "")))


def test_numbered_branches_are_not_held_against_an_earlier_wave(folder: Path) -> None:
    data = folder / "模拟数据"
    held, before = (
        survey.read(place / "导出.xlsx", roster=place / "名册.xlsx")
        for place in (data, data / "上次")
    )
    with pytest.raises(survey.UsageError):
        held.anonymise().findings(earlier=before)
