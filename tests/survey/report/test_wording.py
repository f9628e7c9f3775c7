"""Every sentence of the report, at the edges where a careless one would claim too much."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from survey.report import branch_page
from survey.report.document import Answers, Bullets, Document, Figures, Terms, Text
from survey.report.sections import compose
from survey.report.wording import branches, breakdown, breakdown_notes, conclusion, methods, quality
from survey.results import Drivers, Findings, Satisfaction, Strict
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
        "verdict_fdr": "inconclusive",
        "reason": "needs_more_answers",
        "p_meets": 0.12,
        "p_below": 0.9,
        "response_rate": 22 / 30,
        "bound_low": 21 / 30,
        "bound_high": 29 / 30,
        "break_even": 0.75,
    }
    return row | changes


def satisfaction(*rows: dict[str, object], by: tuple[str, ...] = ("branch",)) -> Satisfaction:
    frame = pd.DataFrame([*rows])
    for column in ("population", "n_satisfied"):
        frame[column] = frame[column].astype("Int64")
    return Satisfaction(frame, by, "0.9", 0.05, None, "exact", 5, ("非常满意", "满意"))


def verdicts(**counts: int) -> Satisfaction:
    codes = [code for code, n in counts.items() for _ in range(n)]
    return satisfaction(
        *(unit(branch=f"支部{i}", verdict=code, verdict_fdr=code) for i, code in enumerate(codes))
    )


def sentences(document: Document) -> Iterator[str]:
    for block in document.blocks():
        match block:
            case Text(text=text):
                yield text
            case Bullets(texts=texts):
                yield from texts
            case Answers(pairs=pairs) | Terms(pairs=pairs):
                yield from (text for pair in pairs for text in pair)
            case Figures(figures=figures):
                yield from (text for figure in figures for text in figure)
    yield from (table.caption for table in document.tables())
    for table in document.tables():
        yield from (column.label for column in table.columns)
        if "why" in table.frame:
            yield from table.frame["why"]


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
    for module in (branches, breakdown, breakdown_notes, conclusion, methods, quality):
        source = inspect.getsource(module)
        assert not [word for word in FORBIDDEN if word in source], module


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


class TestVerdictCounts:
    def test_mixed_names_all_three_verdicts(self) -> None:
        text = conclusion.verdict_counts(verdicts(meets=15, inconclusive=7))
        assert (
            text == "以满意率达到 90% 为标准，22 个党支部中，15 个达标，0 个未达标，7 个无法判定。"
        )

    def test_withheld_are_counted_where_there_are_any(self) -> None:
        assert "1 个不予公布" in conclusion.verdict_counts(verdicts(meets=2, withheld=1))

    @pytest.mark.parametrize(
        ("code", "word"),
        [
            ("meets", "达标"),
            ("below", "未达标"),
            ("inconclusive", "无法判定"),
            ("withheld", "不予公布"),
        ],
    )
    def test_all_alike(self, code: str, word: str) -> None:
        text = conclusion.verdict_counts(verdicts(**{code: 3}))
        assert text == f"以满意率达到 90% 为标准，3 个党支部的判定均为“{word}”。"

    def test_one_branch_is_named(self) -> None:
        text = conclusion.verdict_counts(satisfaction(unit()))
        assert "唯一的党支部（第一党支部）" in text
        assert "无法判定" in text

    def test_no_branch(self) -> None:
        assert "没有任何党支部" in conclusion.verdict_counts(
            dataclasses.replace(verdicts(meets=1), frame=verdicts(meets=1).frame.iloc[:0])
        )

    def test_english(self) -> None:
        text = conclusion.verdict_counts(verdicts(meets=1, below=1), "en")
        assert text == (
            "Against a bar of 90%, of 2 branches "
            "1 meets the bar, 1 is below it, 0 are inconclusive."
        )


class TestCertainty:
    def test_none_decided_says_that_open_is_neither(self) -> None:
        text = conclusion.certainty(verdicts(inconclusive=4))
        assert "既不等于达标，也不等于未达标" in text

    def test_states_the_premise_and_the_adjusted_counts(self) -> None:
        result = verdicts(meets=3, below=1)
        result.frame["verdict_fdr"] = ["meets", "meets", "inconclusive", "below"]
        text = conclusion.certainty(result)
        assert "不超过 5%" in text
        assert "没有系统差别" in text
        assert "仍有 2 个达标、1 个未达标" in text

    def test_one_branch_needs_no_adjustment(self) -> None:
        assert "一并" not in conclusion.certainty(verdicts(meets=1))

    def test_withheld_branches_are_not_called_undecidable(self) -> None:
        assert "不足以" not in conclusion.certainty(verdicts(withheld=3))
        text = conclusion.certainty(verdicts(inconclusive=2, withheld=3))
        assert text.startswith("除不予公布的 3 个外，")

    def test_a_census_has_no_error_rate(self) -> None:
        counted = satisfaction(
            unit(population=22, verdict="meets"), unit(n_valid=9, verdict="inconclusive")
        )
        text = conclusion.certainty(counted)
        assert "没有抽样误差" in text
        assert "5%" not in text

    def test_branches_that_meet_the_bar_are_told_apart_by_their_roles(self) -> None:
        result = verdicts(meets=4, below=1)
        result.frame["verdict_joint"] = ["meets_each", "meets", "one_below", "withheld", "below"]
        text = conclusion.verdict_counts(result)
        assert "1 个各类人员分别也达标，1 个总体达标而有一类人员未达标；1 个只公布总体" in text
        plain = conclusion.verdict_counts(verdicts(meets=4, below=1))
        assert "各类人员" not in plain


class TestOverall:
    def test_rate_has_base_and_interval(self) -> None:
        text = conclusion.overall_rate(satisfaction(unit(), by=()))
        assert "95.5%（21/22，下限 86.7%，上限 96.7%，各有 95% 的把握）" in text

    def test_census(self) -> None:
        whole = unit(population=22, verdict="meets", lower=21 / 22, upper=21 / 22)
        assert "没有抽样误差" in conclusion.overall_rate(satisfaction(whole, by=()))

    def test_a_rate_below_the_bar_is_not_rounded_to_it(self) -> None:
        row = unit(population=310, n_valid=299, n_satisfied=269, rate=269 / 299, verdict="below")
        assert "89.97%（269/299" in conclusion.overall_rate(satisfaction(row, by=()))
        exact = unit(population=40, n_valid=30, n_satisfied=27, rate=0.9)
        assert "90.0%（27/30" in conclusion.overall_rate(satisfaction(exact, by=()))

    def test_withheld(self) -> None:
        hidden = unit(
            verdict="withheld", n_satisfied=pd.NA, rate=np.nan, lower=np.nan, upper=np.nan
        )
        assert "不予公布" in conclusion.overall_rate(satisfaction(hidden, by=()))

    def test_nobody_answered(self) -> None:
        empty = unit(n_valid=0, n_satisfied=0, rate=np.nan, lower=0.0, upper=1.0)
        text = conclusion.overall_rate(satisfaction(empty, by=()))
        assert text == "总体满意度一题没有有效回答，无法计算满意率。"


class TestUnknown:
    def findings(self, row: dict[str, object], **changes: object) -> Findings:
        base = samples.sample_findings(3)
        base = samples.with_tables(base, satisfaction(row, by=()), verdicts(meets=2))
        return dataclasses.replace(base, **changes)

    def test_the_silent_with_bounds(self) -> None:
        text = conclusion.unknown(self.findings(unit(), drivers=None))
        assert text == (
            "8 人没有有效回答，他们的看法未知：若都不满意，全校满意率为 70.0%；若都满意，为 96.7%。"
        )

    def test_no_roster(self) -> None:
        row = unit(population=pd.NA, response_rate=np.nan, bound_low=np.nan, bound_high=np.nan)
        assert "没有名册" in conclusion.unknown(self.findings(row))

    def test_census_of_decided_branches_leaves_nothing(self) -> None:
        text = conclusion.unknown(self.findings(unit(population=22), drivers=None))
        assert text == "名册上的人全部作答，本次结果不含抽样误差。"

    def test_no_association_is_excused_where_none_was_looked_for(self) -> None:
        found = samples.sample_findings(3, status="none_too_few_events")
        assert "因果" not in conclusion.unknown(found)

    def test_never_more_than_association(self) -> None:
        assert "不能证明因果" in conclusion.unknown(samples.sample_findings(3))


class TestBranch:
    def test_small_branch_with_all_answers_satisfied_is_not_certain(self) -> None:
        row = unit(
            population=12,
            n_valid=6,
            n_satisfied=6,
            rate=1.0,
            lower=8 / 12,
            upper=1.0,
            reason="cannot_pass",
            response_rate=0.5,
        )
        result = satisfaction(row)
        text = branches.answers(row, result)
        assert "100.0%（6/6，下限 66.7%，上限 100.0%，各有 95% 的把握）" in text
        assert "即使全部满意也无法判定" in branches.remark(row, result)

    def test_no_roster(self) -> None:
        row = unit(population=pd.NA, response_rate=np.nan, reason=np.nan)
        result = satisfaction(row)
        assert "回收率未知" in branches.answers(row, result)
        assert branches.nonresponse(row, result) == ""

    def test_census(self) -> None:
        row = unit(population=22, verdict="meets", p_meets=0.0)
        assert "没有未回收的影响" in branches.nonresponse(row, satisfaction(row))

    def test_withheld_tells_no_figure(self) -> None:
        row = unit(n_valid=3, verdict="withheld", n_satisfied=pd.NA, rate=np.nan)
        result = satisfaction(row)
        text = branches.answers(row, result)
        assert "不公布" in text
        assert not re.search(r"\d%|\d/\d", text)
        assert branches.nonresponse(row, result) == ""

    @pytest.mark.parametrize(
        ("share", "words"),
        [(np.nan, "达不到"), (1.2, "达不到"), (0.0, "都不满意也达到"), (0.75, "不少于 75.0%")],
    )
    def test_break_even(self, share: float, words: str) -> None:
        assert words in branches.nonresponse(unit(break_even=share), satisfaction(unit()))

    def test_role_sentences(self) -> None:
        texts = branches.roles(samples.sample_satisfaction(by=("role",)))
        assert [text[:3] for text in texts] == ["党员：", "师生员"]
        assert all("判定为" in text for text in texts)


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
        assert unclear.endswith("，不能与 0 区分")

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
        assert text == "没有一个维度相联系的不满意率能与 0 区分。"

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
        assert text.endswith("；未使用：总体满意度未作答 9、指标回答过少 4 人。")
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
            removed=pd.DataFrame({"rule": [], "n": []}),
            flagged=pd.DataFrame({"rule": [], "n": []}),
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
        known = quality.response(samples.sample_satisfaction(12))
        assert "中位数" in known
        unknown = quality.response(samples.sample_satisfaction(12, known_population=False))
        assert "没有提供名册" in unknown

    def test_one_branch_has_no_median_response(self) -> None:
        assert re.fullmatch(r"回收率为 [\d.]+%。", quality.response(samples.sample_satisfaction(1)))

    @pytest.mark.parametrize(
        ("break_even", "words"),
        [
            ((0.0, 0.0), "无论没有有效回答的人怎样看，都达到标准"),
            ((0.0, 0.5), "有 1 个无论没有有效回答的人怎样看都达到标准；其余"),
            ((0.4, 0.5), "都不满意，这些支部都达不到标准"),
        ],
    )
    def test_what_the_silent_could_undo(self, break_even: tuple[float, float], words: str) -> None:
        result = satisfaction(*(unit(verdict="meets", break_even=share) for share in break_even))
        assert words in quality.fragile(result)

    def test_a_census_leaves_nothing_to_the_silent(self) -> None:
        whole = unit(population=22, verdict="meets", break_even=0.0)
        assert quality.fragile(satisfaction(whole, whole)) == ""

    def test_ranking_refuses_a_league_table(self) -> None:
        assert "不作排名" in quality.ranking(samples.sample_ranking())

    def test_ranking_of_few_branches_says_what_its_intervals_leave_out(self) -> None:
        assert "可能偏窄" in quality.ranking(samples.sample_ranking(12))
        assert "可能偏窄" not in quality.ranking(samples.sample_ranking(40))

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

    def test_withheld_items_are_not_called_unanswered(self) -> None:
        result = samples.sample_items()
        hidden = dataclasses.replace(result, summary=result.summary.assign(rate=np.nan))
        assert "不公布" in quality.items(hidden)
        empty = dataclasses.replace(result, summary=hidden.summary.assign(n_valid=0))
        assert quality.items(empty) == "各项指标都没有有效回答。"

    def test_items_that_are_alike_have_no_range(self) -> None:
        result = samples.sample_items()
        alike = dataclasses.replace(result, summary=result.summary.assign(rate=0.75))
        assert quality.items(alike) == "18 项指标的满意率都是 75.0%。"

    def test_items_in_one_sentence(self) -> None:
        assert re.search(r"70\.0%（588/840）", quality.items(samples.sample_items()))


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
        assert "模拟" not in said
        assert "simulation" not in said


def test_one_branch_is_told_of_no_adjustment() -> None:
    for n, told in ((1, False), (2, True)):
        said = " ".join(methods.method(samples.sample_findings(n)))
        assert ("Benjamini" in said) is told


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


def test_the_share_of_answers_is_said_where_it_differs_from_the_rate() -> None:
    found = samples.sample_findings()
    frame = found.tables[()].frame.assign(share_of_answers=0.912)
    overall = dataclasses.replace(found.tables[()], frame=frame)
    assert "所得回答中满意的占 91.2%" in conclusion.overall_rate(overall)
    assert "所得回答中" not in conclusion.overall_rate(found.tables[()])
    assert "among the answers the share is 91.2%" in conclusion.overall_rate(overall, "en")
