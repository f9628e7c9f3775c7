"""Every sentence of the report, at the edges where a careless one would claim too much."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey import report
from survey.errors import Language
from survey.report import branch_page, cells, naming
from survey.report.document import Bullets, Document, Table, Terms, Text
from survey.report.sections import breakdown as breakdown_section
from survey.report.sections import (
    comments,
    comparison,
    compose,
    methods,
    quality,
    summary,
    waves,
)
from survey.report.sections import response as returned
from survey.report.wording import breakdown, breakdown_notes
from survey.results import Comments, Comparison, Drivers, Findings, Satisfaction, Strict
from tests.survey import results_samples as samples

FORBIDDEN = ("导致", "造成", "原因是", "改进后将下降", "贡献率", "无影响", "最重要的维度")
STATUSES = (
    "full",
    "indicative",
    "sum_only_vif",
    "none_too_few_events",
    "none_no_convergence",
    "none_separation",
    "none_extreme_slope",
)


def unit(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "branch": "第一党支部",
        "population": 30,
        "n_responses": 22,
        "n_valid": 22,
        "n_missing": 0,
        "n_satisfied": 21,
        "rate": 21 / 22,
        "lower": 0.867,
        "upper": 0.967,
        "share_of_answers": 0.955,
        "estimator": "hypergeometric",
        "verdict": "inconclusive",
        "reason": "needs_more_answers",
        "p_meets": 0.12,
        "p_below": 0.9,
        "response_rate": 22 / 30,
        "bound_low": 21 / 30,
        "bound_high": 29 / 30,
        "break_even": 0.75,
        "break_even_gap": 0.75 - 21 / 22,
        "tipping_odds": np.nan,
    }
    return row | changes


def satisfaction(*rows: dict[str, object], by: tuple[str, ...] = ("branch",)) -> Satisfaction:
    frame = pd.DataFrame([*rows])
    for column in ("population", "n_satisfied"):
        frame[column] = frame[column].astype("Int64")
    return Satisfaction(frame, by, "0.9", 0.05, None, "exact", 5, ("非常满意", "满意"))


def verdicts(**counts: int) -> Satisfaction:
    codes = [code for code, n in counts.items() for _ in range(n)]
    return satisfaction(*(unit(branch=f"支部{i}", verdict=code) for i, code in enumerate(codes)))


def sentences(document: Document) -> Iterator[str]:
    for block in document.blocks():
        match block:
            case Text(text=text):
                yield text
            case Bullets(texts=texts):
                yield from texts
            case Terms(pairs=pairs):
                yield from (text for pair in pairs for text in pair)
    yield from (table.caption for table in document.tables())
    for table in document.tables():
        yield from (column.label for column in table.columns)
        for column in table.columns:
            if column.kind == "text" and table.name != "files":
                yield from table.frame[column.name].dropna().astype(str)


def everything(findings: Findings) -> list[str]:
    texts = []
    for language in ("zh", "en"):
        texts += sentences(compose(findings, language))
        for branch in findings.tables["branch",].frame["branch"]:
            texts += sentences(branch_page.compose(findings, branch, None, language))
    return [text for text in texts if text]


EDGES: dict[str, Findings] = {
    "ordinary": samples.sample_findings(12),
    "one branch": samples.sample_findings(1),
    "no roster": samples.sample_findings(12, known_population=False),
    "withheld": samples.sample_findings(3, withheld=True),
    "all satisfied": samples.sample_findings(8, satisfied=1.0),
    "nobody satisfied": samples.sample_findings(8, satisfied=0.0),
    "bare": dataclasses.replace(
        samples.with_tables(samples.sample_findings(4), without=["role"]),
        strict=None,
        drivers=None,
        items=None,
        ranking=None,
        reliability=None,
        notices=(),
        options={},
    ),
} | {status: samples.sample_findings(12, status=status) for status in STATUSES}


@pytest.mark.parametrize("name", EDGES)
def test_no_sentence_claims_a_cause_or_an_order_without_evidence(name: str) -> None:
    texts = everything(EDGES[name])
    assert len(texts) > 40
    for text in texts:
        assert not [word for word in FORBIDDEN if word in text], text


def test_no_template_in_the_source_holds_a_forbidden_word() -> None:
    home = Path(report.__file__).parent
    for file in (*home.rglob("*.py"), home / "texts.toml"):
        source = file.read_text(encoding="utf-8")
        assert not [word for word in FORBIDDEN if word in source], file


@pytest.mark.parametrize("name", EDGES)
def test_sentences_are_whole(name: str) -> None:
    for text in everything(EDGES[name]):
        assert not re.search(r"\bnan\b|None|<NA>|\{|\}|。。|，。|；。|  ", text), text
        assert "-" not in re.findall(r"(?<![\d\w])-\d", text), text


@pytest.mark.parametrize("name", EDGES)
def test_the_whole_is_never_claimed_without_its_base(name: str) -> None:
    """100% stands only beside the counts that it rests on, or in a bound named as one."""
    for text in everything(EDGES[name]):
        if "100.0%" in text and "满意率" in text:
            assert re.search(r"\d+/\d+|若都|最高|上限", text), text


def test_chinese_report_is_chinese_and_english_report_english() -> None:
    english = " ".join(sentences(compose(samples.sample_findings(3), "en")))
    named = samples.sample_findings(3)
    for known in (*named.tables["branch",].frame["branch"], named.questionnaire.source):
        english = english.replace(known, "")
    assert re.findall(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”]", english) == []


def summarised(by_branch: Satisfaction, **changes: object) -> Findings:
    return dataclasses.replace(
        samples.with_tables(samples.sample_findings(3), by_branch), **changes
    )


def named(findings: Findings, language: str = "zh") -> dict[str, tuple[int, str]]:
    """Give what the table of verdicts says: code → number and names."""
    (table,) = (t for t in compose(findings, language).tables() if t.name == "verdicts")
    rows = table.frame.itertuples(index=False)
    return {row.verdict: (row.n, row.names) for row in rows}


class TestVerdict:
    def test_roles_and_all_together_in_one_sentence(self) -> None:
        text = summary.verdict(samples.sample_findings(12))
        assert re.fullmatch(
            r"对照满意度达到 90% 的标准：党员\w+（[\d.]+%），师生员工\w+（[\d.]+%），"
            r"两类人员合计\w+（[\d.]+%）。",
            text,
        )

    def test_without_roles_it_is_the_university(self) -> None:
        text = summary.verdict(EDGES["bare"])
        assert text.startswith("对照满意度达到 90% 的标准：全校")

    def test_a_rate_below_the_bar_is_not_rounded_to_it(self) -> None:
        row = unit(population=310, n_valid=299, n_satisfied=269, rate=269 / 299, verdict="below")
        found = samples.with_tables(EDGES["bare"], satisfaction(row, by=()))
        assert "全校未达标（89.97%）" in summary.verdict(found)

    def test_a_withheld_rate_is_not_told(self) -> None:
        hidden = unit(verdict="withheld", n_satisfied=pd.NA, rate=np.nan, share_of_answers=np.nan)
        found = samples.with_tables(EDGES["bare"], satisfaction(hidden, by=()))
        assert summary.verdict(found).endswith("全校暂不评定。")

    def test_weighting_is_said_where_it_changes_the_rate(self) -> None:
        found = samples.sample_findings()
        frame = found.tables[()].frame.assign(share_of_answers=0.912)
        weighted = samples.with_tables(found, dataclasses.replace(found.tables[()], frame=frame))
        assert "所得回答中满意的占 91.2%" in summary.reading(weighted)
        assert "所得回答中" not in summary.reading(found)
        assert "among the answers the share is 91.2%" in summary.reading(weighted, "en")


class TestNames:
    def test_every_branch_is_named_under_its_verdict(self) -> None:
        told = named(summarised(verdicts(meets=2, below=1, withheld=1)))
        assert told == {
            "meets": (2, "支部0、支部1"),
            "below": (1, "支部2"),
            "withheld": (1, "支部3"),
        }

    def test_of_many_branches_the_first_of_every_verdict_are_named(self) -> None:
        n, names = named(summarised(verdicts(meets=50, below=20)))["meets"]
        assert n == 50
        assert names.endswith("等 50 个")
        assert names.count("、") == naming.MOST - 1

    def test_no_branch(self) -> None:
        none = dataclasses.replace(verdicts(meets=1), frame=verdicts(meets=1).frame.iloc[:0])
        texts = sentences(compose(summarised(none, ranking=None, drivers=None)))
        assert "没有任何党支部的答卷。" in texts


class TestAsks:
    def asked(self, *rows: dict[str, object], **changes: object) -> str:
        document = compose(summarised(satisfaction(*rows), **changes))
        (bullets,) = (b for b in document.sections[0].blocks if isinstance(b, Bullets))
        return " ".join(bullets.texts)

    def test_one_role_below_is_named(self) -> None:
        row = unit(branch="甲", verdict="meets", verdict_joint="one_below")
        assert "总体达标而有一类人员未达标的 1 个党支部：甲" in self.asked(row)

    def test_below_and_withheld(self) -> None:
        text = self.asked(unit(verdict="below"), unit(branch="乙", verdict="withheld"))
        assert "未达标的 1 个党支部" in text
        assert "暂不评定的 1 个党支部" in text

    def test_nothing_is_asked_where_all_is_well(self) -> None:
        asked = dataclasses.replace(samples.sample_findings(3).questionnaire, standard=None)
        found = summarised(verdicts(meets=3), questionnaire=asked)
        assert not any(isinstance(b, Bullets) for b in compose(found).sections[0].blocks)


class TestSilent:
    def said(self, row: dict[str, object], *branches: dict[str, object]) -> str:
        found = summarised(satisfaction(*(branches or (unit(),))))
        whole = samples.with_tables(found, satisfaction(row, by=()))
        return "".join(summary.silent(whole))

    def test_bounds(self) -> None:
        assert self.said(unit(response_rate=0.73)).startswith(
            "名册 30 人，有效回答 22 人，回收率 73.0%。"
            "没有有效回答的 8 人若都不满意，合计满意率为 70.0%；若都满意，为 96.7%。"
        )

    def test_no_roster(self) -> None:
        row = unit(population=pd.NA, response_rate=np.nan, bound_low=np.nan, bound_high=np.nan)
        assert self.said(row).startswith("没有提供名册")

    def test_census(self) -> None:
        whole = unit(population=22, verdict="meets", break_even=0.0)
        assert self.said(whole, whole, whole) == "名册上的 22 人全部作答。"

    def test_branches_of_low_response_are_named(self) -> None:
        text = self.said(unit(), unit(branch="甲", response_rate=0.49), unit(response_rate=0.5))
        assert "1 个党支部的回收率不到一半，结果须谨慎使用：甲（49.0%）。" in text

    @pytest.mark.parametrize(
        ("break_even", "words"),
        [
            ((0.0, 0.0), "未作答者若都不满意，有 2 个仍达到标准：甲、乙。"),
            ((0.0, 0.5), "有 1 个仍达到标准：甲。"),
            ((0.4, 0.5), "没有一个仍达到标准。"),
        ],
    )
    def test_what_the_silent_could_undo(self, break_even: tuple[float, float], words: str) -> None:
        rows = [
            unit(branch=name, verdict="meets", break_even=share)
            for name, share in zip("甲乙", break_even, strict=True)
        ]
        assert self.said(unit(), *rows).endswith(words)


class TestChanges:
    def told(self, *codes: str) -> str:
        n = len(codes)
        frame = pd.DataFrame(
            {
                "branch": [None, *(f"支部{i}" for i in range(1, n))],
                "rate_before": 0.89,
                "rate_after": 0.902,
                "difference": 0.012,
                "low": -0.003,
                "high": 0.027,
                "change": codes,
            }
        )
        told = []
        for block in waves.branches(Comparison(frame, 0.95)):
            match block:
                case Text(text=text):
                    told.append(text)
                case Table():
                    told.append(block.caption)
                    told += [" ".join(cell.text for cell in line) for line in cells.lines(block)]
        return "\n".join(told)

    def test_all_together_and_the_branches_that_moved_by_name(self) -> None:
        assert self.told("undecided", "up", "down", "undecided", "new").splitlines() == [
            "与上次相比：满意率由 89.0% 变为 90.2%，相差 1.2 个百分点"
            "（95% 区间 −0.3～2.7），不足以说明有变化。",
            "变化超出抽样误差的党支部（可比的共 3 个）",
            "上升 1 支部1",
            "下降 1 支部2",
        ]

    def test_none_moved(self) -> None:
        assert self.told("up", "undecided").endswith(
            "有所上升。\n1 个可比的党支部，变化都在抽样误差以内。"
        )


def drivers(**changes: object) -> Drivers:
    return dataclasses.replace(samples.sample_drivers(), **changes)


class TestBreakdown:
    target = "“满意”"

    def test_one_dimension_in_the_prescribed_words(self) -> None:
        row = {
            "title": "服务机制",
            "title_en": "Mechanisms",
            "contribution": 0.037,
            "low": 0.027,
            "high": 0.047,
            "distinguishable": True,
        }
        assert breakdown.one_dimension(row, self.target, 0.95) == (
            "在模型中，与“服务机制”评分低于“满意”相联系的不满意率为 3.7 个百分点"
            "（95% 区间 2.7～4.7）"
        )
        unclear = breakdown.one_dimension(row | {"distinguishable": False}, self.target, 0.95)
        assert unclear.endswith("，尚不足以说明有联系")

    def test_largest_beats_all_others_only_with_every_difference(self) -> None:
        frame = samples.sample_drivers().frame
        others = [code for code in frame["dimension"] if code != "mechanisms"]
        order = pd.DataFrame(
            {
                "first": "mechanisms",
                "second": others,
                "difference": 0.02,
                "low": 0.01,
                "high": 0.03,
            }
        )
        text = breakdown.largest(drivers(order=order), self.target)
        assert "高于其余 5 个维度" in text
        short = breakdown.largest(drivers(order=order.iloc[1:]), self.target)
        assert "高于其余" not in short
        assert "但与班子建设的差别不能区分" in short

    def test_no_order_at_all(self) -> None:
        empty = samples.sample_drivers().order.iloc[:0]
        assert "不能区分先后" in breakdown.largest(drivers(order=empty), self.target)
        assert "不能区分先后" in breakdown.pairs(drivers(order=empty))

    def test_nothing_distinguishable_from_zero(self) -> None:
        frame = samples.sample_drivers().frame.assign(distinguishable=False)
        text = breakdown.largest(drivers(frame=frame), self.target)
        assert text == "没有一个维度足以说明与不满意有联系。"

    @pytest.mark.parametrize("status", ["indicative", "none_too_few_events"])
    def test_no_count_is_told_where_none_may_be(self, status: str) -> None:
        drivers = samples.sample_drivers(status=status)
        unknown = {"n_dissatisfied": None, "n_satisfied": None}
        drivers = dataclasses.replace(drivers, summary={**drivers.summary, **unknown})
        for language, words in (("zh", "不满意（或满意）的过少"), ("en", "satisfied) are few")):
            said = breakdown_notes.status(drivers, language)
            assert words in said
            assert not re.search(r"\d|—", said)

    @pytest.mark.parametrize("status", [s for s in STATUSES if s.startswith("none")])
    def test_withheld_says_why_and_no_figure(self, status: str) -> None:
        text = breakdown.largest(samples.sample_drivers(status=status), self.target)
        assert "不作分解" in text
        assert "个百分点" not in text

    def test_indicative_gives_no_order(self) -> None:
        result = samples.sample_drivers(status="indicative")
        text = breakdown.largest(result, self.target)
        assert "仅供参考" in text
        assert "最高" not in text
        assert breakdown.pairs(result) == ""

    def test_sum_only(self) -> None:
        text = breakdown.largest(samples.sample_drivers(status="sum_only_vif"), self.target)
        assert "不能分开" in text
        assert "合计" in text
        assert "95% 区间" in text

    def test_few_clusters_are_flagged(self) -> None:
        assert any(
            "不足 10 个" in text for text in breakdown_notes.flags(samples.sample_drivers(5))
        )
        assert not breakdown_notes.flags(samples.sample_drivers(12))

    def test_floor_is_worded_only_with_enough_people(self) -> None:
        result = samples.sample_drivers()
        assert "310 人" in breakdown.floor(result, self.target)
        few = drivers(summary=dict(result.summary) | {"n_full": 29})
        assert breakdown.floor(few, self.target) == ""
        assert any("外推" in text for text in breakdown_notes.flags(few))

    def test_parts_add_up(self) -> None:
        text = breakdown.total(samples.sample_drivers())
        parts = [float(number) for number in re.findall(r"(\d+\.\d)", text)]
        assert parts[0] == pytest.approx(sum(parts[1:]), abs=0.15)

    def test_people_left_out_are_counted_by_reason(self) -> None:
        summary = dict(samples.sample_drivers().summary)
        dropped = {"no_overall": 9, "few_items": 4, "unheard_of": 0}
        text = breakdown_notes.used(drivers(summary=summary | {"dropped": dropped}))
        assert text.endswith("；未使用：总体满意度未作答或答“不了解” 9、指标回答过少 4 人。")
        assert breakdown_notes.used(drivers(summary=summary | {"dropped": {}})).endswith("738 人。")

    def test_target_is_named_by_its_answer(self) -> None:
        found = samples.sample_findings(3)
        assert breakdown.target_label(found.questionnaire, found.drivers) == "“满意”"
        assert breakdown.target_label(found.questionnaire, drivers(target=3.5)) == "3.5"


class TestQuality:
    def test_rows_add_up(self) -> None:
        text = quality.rows_read(samples.sample_findings(3))
        assert text == (
            "读取 870 行＝使用 858 行＋剔除 12 行（注意力检测题答错 10、完全相同的重复提交 2）。"
        )

    def test_nothing_removed_or_flagged(self) -> None:
        clean = dataclasses.replace(
            samples.sample_findings(3),
            n_used=870,
            removed=pd.DataFrame({"rule": [], "zh": [], "en": [], "n": []}),
            flagged=pd.DataFrame({"rule": [], "zh": [], "en": [], "n": []}),
        )
        assert quality.rows_read(clean) == "读取 870 行＝使用 870 行＋剔除 0 行。"
        assert quality.flagged(clean) == "没有标记可疑的答卷。"

    def test_strict_counts_changed_verdicts_and_names_none(self) -> None:
        whole = samples.sample_satisfaction(by=())
        same = quality.strict(Strict(whole, n_compared=2, n_changed=0))
        assert "公布判定的 2 个党支部，判定都不变；全校满意率为 " in same
        other = quality.strict(Strict(whole, n_compared=2, n_changed=1))
        assert "公布判定的 2 个党支部中，1 个的判定会改变" in other

    def test_strict_tells_no_rate_that_differs_by_a_few_answers(self) -> None:
        told = quality.strict(Strict(verdicts(withheld=1), n_compared=0, n_changed=0))
        assert "没有可以对照的党支部；全校的从严结果与现在只差几份答卷，不另公布。" in told

    def test_response_rates(self) -> None:
        assert "中位数" in returned.spread(samples.sample_satisfaction(12))
        assert returned.spread(samples.sample_satisfaction(1)) == ""

    def test_sides_are_counted_beside_the_verdicts(self) -> None:
        result = samples.sample_ranking()
        sides = ["meets", "meets", "below"] + ["inconclusive"] * (len(result.frame) - 3)
        result = dataclasses.replace(result, frame=result.frame.assign(side=sides))
        assert "2 个可以归入达标一侧、1 个可以归入未达标一侧" in comparison.sides(result)

    def test_ranking_refuses_a_league_table(self) -> None:
        assert "不作排名" in comparison.ranking(samples.sample_ranking())

    def test_ranking_says_how_size_tells(self) -> None:
        result = samples.sample_ranking()
        assert "人多" not in comparison.ranking(result)
        assert "人多的党支部较低" in comparison.ranking(dataclasses.replace(result, slope=-0.4))

    def test_reliability_names_the_weak(self) -> None:
        assert "服务阵地" in quality.reliability(samples.sample_reliability())
        result = samples.sample_reliability()
        fine = dataclasses.replace(result, frame=result.frame.assign(flagged=False))
        assert "没有低于 0.7 的维度" in quality.reliability(fine)

    def test_reliability_names_the_level_of_its_interval(self) -> None:
        result = dataclasses.replace(samples.sample_reliability(), level=0.9)
        assert "（90% 区间 0.94～0.96）" in quality.reliability(result)
        assert "(90% interval 0.94 to 0.96)" in quality.reliability(result, "en")

    def test_reliability_of_a_dimension_is_not_taken_for_that_of_all(self) -> None:
        result = samples.sample_reliability()
        parts = result.frame[result.frame["dimension"] != "all"]
        text = quality.reliability(dataclasses.replace(result, frame=parts))
        assert "不计算全部指标合在一起的 Cronbach α" in text
        assert "0.79" not in text


def test_methods_name_the_bounds_that_were_used() -> None:
    found = samples.sample_findings(3)
    assert any("超几何" in text for text in methods.method(found))
    frame = found.tables[()].frame.assign(verdict_joint="meets")
    roles = samples.with_tables(found, dataclasses.replace(found.tables[()], frame=frame))
    assert any("最不利的分法" in text for text in methods.method(roles))
    unknown = samples.sample_findings(3, known_population=False)
    assert any("二项分布" in text for text in methods.method(unknown))


def test_methods_say_whose_intervals_the_breakdown_has() -> None:
    few, many = (samples.sample_findings(n) for n in (5, 12))
    for language, elsewhere, by_branch in (
        ("zh", "支部较少，区间的算法见", "区间按支部聚类计算"),
        ("en", "There are few branches", "clustered by branch"),
    ):
        said = [" ".join(methods.method(found, language)) for found in (few, many)]
        assert elsewhere in said[0]
        assert by_branch not in said[0]
        assert by_branch in said[1]


def test_nothing_is_said_of_how_a_breakdown_is_made_that_is_not_shown() -> None:
    withheld = samples.sample_findings(12, status="none_separation")
    for language in ("zh", "en"):
        said = " ".join((*methods.method(withheld, language), *methods.limits(withheld, language)))
        assert "Shapley" not in said
        assert "构成的 95% 区间" not in said
        assert "a branch's breakdown" not in said


def test_methods_explain_the_verdict_of_both_roles_where_it_is_shown() -> None:
    found = samples.sample_findings(3)
    frame = found.tables["branch",].frame.drop(columns="verdict_joint", errors="ignore")
    own = found.tables["branch",]
    plain = samples.with_tables(found, dataclasses.replace(own, frame=frame))
    joint = samples.with_tables(
        found, dataclasses.replace(own, frame=frame.assign(verdict_joint=""))
    )
    assert not any("兼顾各类人员" in text for text in methods.method(plain))
    assert any("兼顾各类人员" in text for text in methods.method(joint))


def test_limits_say_where_one_person_decides() -> None:
    found = samples.sample_findings(12)
    small = samples.with_tables(
        found, with_population(found.tables["branch",], 9), found.tables[()]
    )
    large = samples.with_tables(
        found, with_population(found.tables["branch",], 10), found.tables[()]
    )
    assert "不足 10 人的党支部" in " ".join(methods.limits(small))
    assert "不足 10 人的党支部" not in " ".join(methods.limits(large))


def with_population(result: Satisfaction, people: int) -> Satisfaction:
    return dataclasses.replace(result, frame=result.frame.assign(population=people))


def test_the_column_on_blanks_is_named_only_where_it_is_shown() -> None:
    found = samples.sample_findings(12)
    assert found.drivers is not None
    frame = found.drivers.frame
    wide = frame.assign(low_blanks=frame["low"] - 0.01, high_blanks=frame["high"] + 0.01)
    told = dataclasses.replace(found, drivers=dataclasses.replace(found.drivers, frame=wide))
    for case, is_there in ((found, False), (told, True)):
        assert ("留空者或低评一级时" in " ".join(methods.limits(case))) == is_there
        assert case.drivers is not None
        labels = [c.label for c in breakdown_section.drivers(case.drivers, "zh").columns]
        assert any("留空者或低评一级时" in label for label in labels) == is_there


@pytest.mark.parametrize(
    ("counts", "named"),
    [([40, 0], "“甲”40 条。"), ([0, 0], "共有意见 68 条。"), ([12, 30], "“乙”30 条、“甲”12 条。")],
)
def test_only_what_somebody_spoke_of_is_named(counts: list[int], named: str) -> None:
    frame = pd.DataFrame({"dimension": ["a", "b"], "number": None, "title": ["甲", "乙"]})
    frame = frame.assign(title_en=frame["title"], n=pd.array(counts, "Int64"))
    frame = frame.assign(dimension_title=frame["title"], dimension_title_en=frame["title"])
    result = Comments(frame=frame, n=68, least=10)
    findings = dataclasses.replace(samples.sample_findings(), comments=result)
    first = comments.compose(findings, "zh")[0]
    assert isinstance(first, Text)
    assert first.text.endswith(named)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_glossary_has_the_words_of_this_report_only(language: Language) -> None:
    """Without a roster nobody asks what a roster is, without indicators what their index is."""
    rostered = samples.sample_findings(3)
    bare = dataclasses.replace(
        samples.sample_findings(3, known_population=False), items=None, drivers=None
    )
    terms, left = (dict(methods.definitions(found, language)) for found in (rostered, bare))
    words = {"zh": {"名册人数", "回收率", "满意度指数"}, "en": {"Population", "Response rate"}}
    assert words[language] <= set(terms)
    assert not words[language] & set(left)
    told = " ".join(left.values())
    assert "分项" not in told
    assert "item" not in told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_breakdown_does_not_say_again_what_the_conclusion_said(language: Language) -> None:
    document = compose(samples.sample_findings(), language)
    first, *rest = (
        [block.text for block in section.blocks if isinstance(block, Text) and block.text]
        for section in document.sections
    )
    assert not set(first) & {text for texts in rest for text in texts}
