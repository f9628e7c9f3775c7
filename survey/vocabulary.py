"""What the columns, verdicts and statuses are called before readers, in Chinese and in English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Literal, NamedTuple

from questionnaires.language import Language, say

_Pair = tuple[str, str]


class Heading(NamedTuple):
    """What a column is called, and how its numbers are written where they are put into words."""

    zh: str
    en: str
    kind: Literal["", "share", "coefficient", "p_value"] = ""


COLUMNS: dict[str, Heading] = {
    "number": Heading("序号", "Number"),
    "slope": Heading("斜率", "Slope"),
    "distinguishable": Heading("足以说明有联系", "Shown to differ from 0"),
    "flagged": Heading("偏低", "Low"),
    "dimension_title": Heading("维度名称", "Dimension's title"),
    "branch": Heading("支部", "Branch"),
    "role": Heading("身份", "Role"),
    "population": Heading("名册人数", "Population"),
    "n_responses": Heading("收到答卷", "Responses"),
    "n_valid": Heading("有效回答", "Valid answers"),
    "n_missing": Heading("未作答", "Left blank"),
    "n_not_asked": Heading("未被问及", "Not asked"),
    "n_not_applicable": Heading("不了解", "Not applicable"),
    "n_satisfied": Heading("满意人数", "Satisfied"),
    "rate": Heading("满意率", "Satisfaction rate", "share"),
    "index": Heading("满意度指数", "Satisfaction index"),
    "low": Heading("区间下限", "Lower limit", "share"),
    "high": Heading("区间上限", "Upper limit", "share"),
    "lower": Heading("下限", "Lower bound", "share"),
    "upper": Heading("上限", "Upper bound", "share"),
    "share_of_answers": Heading("回答中的满意比例", "Share of answers", "share"),
    "estimator": Heading("估计方法", "Estimator"),
    "verdict": Heading("判定", "Verdict"),
    "side": Heading("参考：按模型", "By the model (exploratory)"),
    "verdict_joint": Heading("判定（兼顾各类人员）", "Verdict (every role)"),
    "reason": Heading("理由", "Reason"),
    "response_rate": Heading("回收率", "Response rate", "share"),
    "bound_low": Heading("未回收者均不满意时", "If all silent are dissatisfied", "share"),
    "bound_high": Heading("未回收者均满意时", "If all silent are satisfied", "share"),
    "break_even": Heading("未回收者须达到的满意率", "Break-even rate of the silent", "share"),
    "break_even_gap": Heading(
        "与作答者之差（百分点）", "Break-even less the answered (points)", "share"
    ),
    "tipping_odds": Heading("判定不再成立的作答优势比", "Odds ratio that undoes the verdict"),
    "p_meets": Heading("达标检验 p 值", "p (meets)", "p_value"),
    "p_below": Heading("未达标检验 p 值", "p (below)", "p_value"),
    "dimension": Heading("维度", "Dimension"),
    "item": Heading("指标", "Item"),
    "title": Heading("名称", "Title"),
    "contribution": Heading("相联系的不满意率", "Dissatisfaction it goes with", "share"),
    "share": Heading("占比", "Share", "share"),
    "low_blanks": Heading("下限，留空者或低评一级", "Lower, blanks perhaps lower", "share"),
    "high_blanks": Heading("上限，留空者或低评一级", "Upper, blanks perhaps lower", "share"),
    "solo": Heading("只提高这一维度时", "Raised alone", "share"),
    "last": Heading("其余都提高后再提高时", "Raised last", "share"),
    "observed_rate": Heading("不满意率", "Dissatisfaction rate", "share"),
    "predicted_rate": Heading("模型不满意率", "Model rate", "share"),
    "floor_rate": Heading("基底", "Floor", "share"),
    "residual": Heading("残差", "Residual", "share"),
    "university": Heading("全校", "University", "share"),
    "difference": Heading("与全校之差", "Difference from university", "share"),
    "difference_low": Heading("差的下限", "Difference, lower limit", "share"),
    "difference_high": Heading("差的上限", "Difference, upper limit", "share"),
    "item_total": Heading("与其余指标的相关", "Correlation with the other items", "coefficient"),
    "floor_share": Heading("选最低一级的比例", "Lowest level chosen by", "share"),
    "ceiling_share": Heading("选最高一级的比例", "Highest level chosen by", "share"),
    "label": Heading("答案", "Answer"),
    "score": Heading("分值", "Score"),
    "n": Heading("人数", "n"),
    "step": Heading("组成部分", "Part"),
    "rank": Heading("位次", "Rank"),
    "rank_low": Heading("位次下限", "Lowest rank number"),
    "rank_high": Heading("位次上限", "Highest rank number"),
    "pooled_rate": Heading("模型估计值", "Pooled rate", "share"),
    "pooled_low": Heading("估计值下限", "Pooled lower limit", "share"),
    "pooled_high": Heading("估计值上限", "Pooled upper limit", "share"),
    "p_at_bar": Heading("达标概率", "P(at the bar)", "share"),
    "n_items": Heading("指标数", "Items"),
    "n_used": Heading("所用答卷", "Answers used"),
    "alpha": Heading("Cronbach α", "Cronbach's alpha", "coefficient"),
    "omega": Heading("McDonald ω", "McDonald's omega", "coefficient"),
    "omega_low": Heading("ω 下限", "Omega, lower limit", "coefficient"),
    "omega_high": Heading("ω 上限", "Omega, upper limit", "coefficient"),
    "n_against": Heading("方向相反的指标", "Items that run against the others"),
    "n_branches": Heading("公布的支部数", "Branches shown"),
    "median": Heading("中位数", "Median"),
    "n_valid_before": Heading("上次有效回答", "Valid answers before"),
    "rate_before": Heading("上次满意率", "Rate before", "share"),
    "contribution_before": Heading("上次相联系的不满意率", "With it before", "share"),
    "contribution_after": Heading("本次相联系的不满意率", "With it after", "share"),
    "n_valid_after": Heading("本次有效回答", "Valid answers after"),
    "rate_after": Heading("本次满意率", "Rate after", "share"),
    "change_in_rate": Heading("变化", "Change in rate", "share"),
    "change": Heading("变化的判断", "Judged change"),
    "p_value": Heading("p 值", "p-value", "p_value"),
    "p_adjusted": Heading("校正后的 p 值", "p-value, adjusted", "p_value"),
    "p_same_items": Heading("各项分量相同的检验 p 值", "p (items weigh alike)", "p_value"),
    "method": Heading("比较方法", "Method of comparison"),
    "detectable_fall": Heading("能识别的最小下降", "Least fall that can be told", "share"),
    "detectable_rise": Heading("能识别的最小上升", "Least rise that can be told", "share"),
    "bar_count": Heading("达标所需满意人数", "Satisfied people needed"),
    "supposed_rate": Heading("假定的满意率", "Supposed rate", "share"),
    "supposed_satisfied": Heading("即满意人数", "Satisfied people at it"),
    "least_n": Heading("少于此数不可能达标", "With fewer it cannot pass"),
    "chance_at_least": Heading(
        "只收到此数时判定的可能", "Chance of a verdict with just those", "share"
    ),
    "n_50": Heading("50% 可能判定所需", "Needed for a 50% chance"),
    "n_80": Heading("80% 可能判定所需", "Needed for an 80% chance"),
    "n_95": Heading("95% 可能判定所需", "Needed for a 95% chance"),
    "response_rate_needed": Heading(
        "所需回收率（80% 可能）", "Response rate needed (80%)", "share"
    ),
    "n_lacking": Heading("还缺", "Lacking"),
    "chance_now": Heading("现在判定的可能", "Chance of a verdict now", "share"),
    "n_reminders": Heading("建议提醒人数", "People to remind"),
    "chance_after": Heading("提醒后判定的可能", "Chance after reminding", "share"),
    "priority": Heading("提醒次序", "Remind first"),
    "n_units": Heading("支部数", "Branches"),
    "decided_now": Heading("现在预计可判定", "Expected decided now"),
    "decided_after": Heading("提醒后预计可判定", "Expected decided after reminding"),
    "look": Heading("第几次查看", "Look"),
    "most_dissatisfied": Heading(
        "不满意至多，即达标", "It meets with at most so many dissatisfied"
    ),
    "least_dissatisfied": Heading(
        "不满意至少，即未达标", "It is below from so many dissatisfied on"
    ),
    "decided_by_then": Heading("至此作出判定的可能", "Chance of a verdict by then", "share"),
    "bar": Heading("标准", "Bar"),
    "limit_low_950": Heading("95% 下限", "Lower 95% limit"),
    "limit_high_950": Heading("95% 上限", "Upper 95% limit"),
    "limit_low_998": Heading("99.8% 下限", "Lower 99.8% limit"),
    "limit_high_998": Heading("99.8% 上限", "Upper 99.8% limit"),
    "file": Heading("文件", "File"),
    "sheet": Heading("工作表", "Sheet"),
    "row": Heading("行", "Row"),
    "rule": Heading("规则", "Rule"),
    "action": Heading("处理", "Action"),
    "detail": Heading("说明", "Detail"),
    "required": Heading("最低要求", "Required minimum"),
    "status": Heading("佐证", "Evidence"),
    "date": Heading("日期", "Date"),
    "subject": Heading("内容", "Subject"),
    "wave": Heading("调查", "Wave"),
    "attachment": Heading("材料文件名", "File"),
}

LOW_RESPONSE = 0.5
"""A response rate below it is called low, in charts and reports."""

VERDICTS: dict[str, _Pair] = {
    "meets": ("达标", "meets the bar"),
    "below": ("未达标", "below the bar"),
    "inconclusive": ("无法判定", "inconclusive"),
    "withheld": ("暂不评定", "not assessed"),
}


def tally(verdicts: Iterable[str]) -> dict[str, int]:
    """Count units by verdict: every verdict, in its order, also those of none.

    Examples
    --------
    >>> tally(["below", "meets", "below"])
    {'meets': 1, 'below': 2, 'inconclusive': 0, 'withheld': 0}
    """
    counted = Counter(verdicts)
    return {code: counted[code] for code in VERDICTS}


JOINT: dict[str, _Pair] = {
    "meets_each": ("各类人员均达标", "every role meets the bar"),
    "one_below": ("总体达标，有一类人员未达标", "meets as a whole, one role below"),
}

ESTIMATORS: dict[str, _Pair] = {
    "stratified": ("按身份分层", "stratified by role"),
    "total_only": ("只用合计", "total alone"),
    "hypergeometric": ("合为一个样本", "one sample"),
    "poststratified": ("按名册加权", "post-stratified"),
    "binomial": ("人数未知", "size unknown"),
    "exact": ("精确检验", "exact test"),
    "paired": ("同一批人配对", "the same people matched"),
    "hybrid": ("由两次的上下限合成", "from both waves' bounds"),
    "weighted": ("按所给权重", "weighted as given"),
    "unweighted": ("", ""),
}

CHANGES: dict[str, _Pair] = {
    "up": ("上升", "up"),
    "down": ("下降", "down"),
    "undecided": ("抽样误差内", "undecided"),
    "new": ("本次新有", "new this time"),
    "gone": ("本次已无", "gone this time"),
    "withheld": VERDICTS["withheld"],
}

PROOFS: dict[str, _Pair] = {
    "met": ("达到", "met"),
    "not_met": ("未达到", "not met"),
    "not_provided": ("未提供", "not provided"),
}

STATUSES: dict[str, _Pair] = {
    "full": ("", ""),
    "indicative": ("样本较少，仅供参考，不排序", "Few cases: indicative only, without an order"),
    "sum_only_vif": (
        "各维度高度相关，不能分开，只给合计",
        "The dimensions cannot be told apart: only their sum is shown",
    ),
    "none_too_few_events": ("样本不足，不作分解", "Too few cases for a breakdown"),
    "none_separation": (
        "回答几乎完全分开，模型无法估计，不作分解",
        "The answers separate completely: no model, no breakdown",
    ),
    "none_no_convergence": ("模型未收敛，不作分解", "The model did not converge: no breakdown"),
    "none_extreme_slope": (
        "模型系数过大，不可靠，不作分解",
        "The slopes are too large to trust: no breakdown",
    ),
    "none_no_population": (
        "名册人数未知，或不足三个支部，不作支部之间的比较",
        "Population unknown, or fewer than three branches: branches are not compared",
    ),
    "none_all_alike": (
        "所有回答都一样，不作支部之间的比较",
        "All answers are alike: branches are not compared",
    ),
    "none_weighted": ("加权的数据不作支部之间的比较", "Weighted: branches are not compared"),
    "none_too_few_answers": (
        "答全各题的人太少，或没有两题以上的维度，不计算信度",
        "Too few people answered every item, or no dimension has two: no reliability",
    ),
}
"""What a result can show, and why no more; a code that begins with ``none`` has no figures."""


REASONS: dict[str, _Pair] = {
    "": ("", ""),
    "needs_more_answers": ("答卷不足", "too few answers"),
    "near_bar": ("接近标准", "near the bar"),
    "few": ("有效回答太少", "too few valid answers"),
    "partner": ("为保护另一支部", "protects another branch"),
    "cannot_pass": ("全部满意也无法判定", "cannot pass even if all are satisfied"),
}


def column(name: str, language: Language = "zh") -> str:
    """Give a column's display name; a name without an entry is shown as it is.

    Examples
    --------
    >>> column("response_rate"), column("response_rate", "en")
    ('回收率', 'Response rate')
    """
    heading = COLUMNS.get(name)
    return name if heading is None else say(language, heading.zh, heading.en)


def kind(name: str) -> str:
    """Say how the numbers of a column are written; empty where it is in no way of their own.

    Examples
    --------
    >>> kind("rate"), kind("p_value"), kind("n_valid")
    ('share', 'p_value', '')
    """
    return COLUMNS[name].kind if name in COLUMNS else ""


def _word(words: Mapping[str, _Pair], code: str, language: Language = "zh") -> str:
    """Give the display name of a code.

    Examples
    --------
    >>> verdict("inconclusive"), joint("one_below"), joint("below"), reason("near_bar")
    ('无法判定', '总体达标，有一类人员未达标', '未达标', '接近标准')
    >>> estimator("total_only", "en"), change("undecided", "en"), proof("not_met", "en")
    ('total alone', 'undecided', 'not met')
    >>> status("none_too_few_events"), status("full"), census(), out_of_reach("en")
    ('样本不足，不作分解', '', '普查', 'cannot be reached')
    """
    return say(language, *words[code])


change = partial(_word, CHANGES)
estimator = partial(_word, ESTIMATORS)
joint = partial(_word, VERDICTS | JOINT)
proof = partial(_word, PROOFS)
reason = partial(_word, REASONS)
status = partial(_word, STATUSES)
verdict = partial(_word, VERDICTS)


def out_of_reach(language: Language = "zh") -> str:
    """Say of a share that nothing can bring it about."""
    return say(language, "达不到", "cannot be reached")


def census(language: Language = "zh") -> str:
    """Say in place of an interval that everyone answered."""
    return say(language, "普查", "census")
