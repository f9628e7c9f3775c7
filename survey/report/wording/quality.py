"""What is said of the answers themselves: returned, removed, flagged, consistent, comparable."""

from __future__ import annotations

import numpy as np

from analysis.instrument.reliability import ENOUGH
from survey.errors import Language
from survey.report import formats
from survey.report.wording.branches import LOW_RESPONSE
from survey.report.wording.phrases import Row, fraction, has_roster, rate, rows, say
from survey.results import Findings, ItemResponses, Ranking, Reliability, Satisfaction, Strict

FEW_TO_POOL = 20

RULES: dict[str, tuple[str, str]] = {
    "attention_check": ("注意力检测题答错", "failed attention check"),
    "exact_double": ("完全相同的重复提交", "exact double submission"),
    "test_row": ("测试答卷", "test answers"),
    "too_fast": ("作答过快", "too fast"),
    "straight_line": ("各题答案全部相同", "same answer to every item"),
    "straight_line_fast": ("作答过快且各题答案全部相同", "too fast, same answer to every item"),
    "duplicate_person": ("同一人重复提交", "several answers from one person"),
    "duplicate_device": ("同一设备重复提交", "several answers from one device"),
    "outside_window": ("不在调查时间内", "outside the time window"),
    "unknown_branch": ("支部不在名册中", "branch not on the roster"),
    "branch_missing": ("没有填写支部", "no branch given"),
}

NOT_THERE: dict[str, tuple[str, str]] = {
    "roles": (
        "问卷没有区分党员与师生员工，或身份未能识别，因此没有本节。",
        "The survey does not tell members from staff and students, so this section is empty.",
    ),
    "drivers": (
        "问卷没有各维度的评分，或有效回答过少，因此没有不满意的构成。",
        "The survey has no ratings by dimension, or too few valid answers: there is no breakdown.",
    ),
    "items": (
        "问卷没有分项指标，因此没有本节。",
        "The survey has no rated items, so this section is empty.",
    ),
    "ranking": (
        "没有名册、可比较的党支部不足，或各支部的回答没有差别，没有进行多支部比较。",
        "Without a roster, with too few branches, or where all answers are alike, there is nothing "
        "to compare.",
    ),
    "reliability": (
        "问卷没有多个评分指标，或全部作答的人过少、回答过于一致，不计算信度。",
        "The survey does not have several rated items, or too few people answered them all, or "
        "too much alike: reliability is not computed.",
    ),
    "nonresponse": (
        "没有提供名册，回收率和未回收的影响无法计算。",
        "Without a roster neither response rates nor the weight of the silent can be computed.",
    ),
    "strict": (
        "没有进行从严筛查的对照。",
        "There is no comparison with strict screening.",
    ),
}


def not_there(section: str, language: Language = "zh") -> str:
    """Say in one sentence why a section holds nothing."""
    return say(language, *NOT_THERE[section])


def rule(row: Row, language: Language = "zh") -> str:
    """Name a screening rule in the words that come with it, else in ours, else by its code.

    Examples
    --------
    >>> rule({"rule": "too_fast"}), rule({"rule": "x", "zh": "某规则", "en": "some rule"}, "en")
    ('作答过快', 'some rule')
    """
    code = str(row["rule"])
    return str(row.get(language) or say(language, *RULES.get(code, (code, code))))


def rows_read(findings: Findings, language: Language = "zh") -> str:
    """Say that rows read = rows used + rows removed, by reason."""
    removed = [(rule(row, language), int(row["n"])) for row in rows(findings.removed)]
    parts = [f"{name} {formats.count(n)}" for name, n in removed if n]
    read, used = formats.count(findings.n_read), formats.count(findings.n_used)
    gone = formats.count(findings.n_read - findings.n_used)
    why = say(language, "、", ", ").join(parts)
    if language == "zh":
        return f"读取 {read} 行＝使用 {used} 行＋剔除 {gone} 行" + (f"（{why}）。" if why else "。")
    return f"{read} rows read = {used} used + {gone} removed" + (f" ({why})." if why else ".")


def flagged(findings: Findings, language: Language = "zh") -> str:
    """Say which rows were kept but flagged."""
    kept = [(rule(row, language), int(row["n"])) for row in rows(findings.flagged)]
    parts = [f"{name} {formats.count(n)}" for name, n in kept if n]
    if not parts:
        return say(language, "没有标记可疑的答卷。", "No answer was flagged.")
    listed = say(language, "、", ", ").join(parts)
    return say(
        language,
        f"保留但标记的答卷：{listed}（同一份可被多条规则标记）。"
        "这些特征本身不足以认定答卷无效，因此仍计入结果。",
        f"Kept but flagged: {listed} (one answer may be flagged by several rules). Such signs do "
        "not suffice to call an answer invalid, so they count.",
    )


def strict(result: Strict, language: Language = "zh") -> str:
    """Say whether removing every flagged answer too would change a verdict."""
    start = say(
        language,
        "把标记的答卷也全部剔除（从严）",
        "Were every flagged answer removed too (strict)",
    )
    n, changed = result.n_compared, result.n_changed
    if not n:
        text = say(language, "没有可以对照的党支部", "there is no branch to compare")
    elif not changed:
        text = say(
            language,
            f"公布判定的 {n} 个党支部，判定都不变",
            f"no verdict would change ({n} are published)",
        )
    else:
        text = say(
            language,
            f"公布判定的 {n} 个党支部中，{changed} 个的判定会改变",
            f"{changed} of the {n} published verdicts would change",
        )
    (row,) = rows(result.overall.frame)
    if row["verdict"] == "withheld":
        whole = say(
            language,
            "全校的从严结果与现在只差几份答卷，不另公布",
            "the university's strict rate differs by a few answers and is not published",
        )
    else:
        whole = say(
            language,
            f"全校满意率为 {rate(row, result.overall, language)}",
            f"the university's rate would be {rate(row, result.overall, language)}",
        )
    return say(language, f"{start}，{text}；{whole}。", f"{start}, {text}; {whole}.")


def response(by_branch: Satisfaction, language: Language = "zh") -> str:
    """Say how the response rates of the branches spread, and how many are under one half."""
    if not has_roster(by_branch):
        return not_there("nonresponse", language)
    shares = by_branch.frame["response_rate"].dropna().astype(float)
    low = int((shares < LOW_RESPONSE).sum())
    if len(shares) == 1:
        text = say(
            language,
            f"回收率为 {formats.percent(shares.iloc[0])}",
            f"The response rate is {formats.percent(shares.iloc[0])}",
        )
        care = say(language, "，不到一半，判定须谨慎使用", ": under one half, to be used with care")
        return text + (care if low else "") + say(language, "。", ".")
    middle, least, most = (
        formats.percent(value) for value in (shares.median(), shares.min(), shares.max())
    )
    spread = say(
        language,
        f"各支部回收率的中位数为 {middle}，最低 {least}，最高 {most}",
        f"The median response rate of the branches is {middle}, the lowest {least}, "
        f"the highest {most}",
    )
    if not low:
        return spread + say(language, "，没有低于一半的。", "; none is under one half.")
    return spread + say(
        language,
        f"；{low} 个支部不到一半，其判定须谨慎使用。",
        f"; {low} {'is' if low == 1 else 'are'} under one half, to be used with care.",
    )


def fragile(by_branch: Satisfaction, language: Language = "zh") -> str:
    """Say how many verdicts hold whatever the silent think."""
    frame = by_branch.frame
    known = frame.dropna(subset=["break_even"])
    meets = known[known["verdict"] == "meets"]
    if not (meets["population"] > meets["n_valid"]).any():
        return ""
    n = len(meets)
    firm = int((meets["break_even"].astype(float) <= 0).sum())
    if firm == n:
        return say(
            language,
            f"判为达标的 {n} 个支部，无论没有有效回答的人怎样看，都达到标准。",
            f"{n} branches meet the bar, and would whatever the silent think.",
        )
    if not firm:
        return say(
            language,
            f"判为达标的 {n} 个支部，判定以未作答者与作答者的看法没有系统差别为前提："
            f"若没有有效回答的人都不满意，{'便' if n == 1 else '这些支部都'}达不到标准。",
            f"Of {n} branches that meet the bar the verdict assumes that the silent do not differ "
            "systematically: were all of them dissatisfied, none of these would reach it.",
        )
    return say(
        language,
        f"判为达标的 {n} 个支部中，有 {firm} 个无论没有有效回答的人怎样看都达到标准；"
        "其余的判定以未作答者与作答者的看法没有系统差别为前提。",
        f"Of {n} branches that meet the bar, {firm} would whatever the silent think; for the rest "
        "the verdict assumes that the silent do not differ systematically.",
    )


def ranking(result: Ranking, language: Language = "zh") -> str:
    """Say what ranks can and cannot tell."""
    frame = result.frame.dropna(subset=["rank_low", "rank_high"])
    if frame.empty:
        return not_there("ranking", language)
    held = np.ceil(frame["rank_high"]) - np.floor(frame["rank_low"]) + 1
    places = formats.decimal(held.median(), 0)
    n = len(frame)
    text = say(
        language,
        f"{n} 个支部放在同一模型中比较（平均满意率 {formats.percent(result.mean)}，"
        f"支部内相关 {formats.decimal(result.overdispersion, 3)}）。名次的 "
        f"{formats.level(result.level)} 区间一般包含 {places} 个名次；"
        "名次相近的支部一般不能分出先后，本报告不作排名。",
        f"{n} branches under one model (mean rate {formats.percent(result.mean)}, intra-branch "
        f"correlation {formats.decimal(result.overdispersion, 3)}). A rank's "
        f"{formats.level(result.level)} interval typically holds {places} "
        f"{'place' if places == '1' else 'places'}; neighbours can rarely be told apart, and this "
        "report gives no league table.",
    )
    if n >= FEW_TO_POOL:
        return text
    return text + say(
        language,
        f"支部不足 {FEW_TO_POOL} 个，模型的均值与离散程度本身也不确定；区间没有计入这一点，"
        "可能偏窄。",
        f" With fewer than {FEW_TO_POOL} branches the model's mean and spread are themselves "
        "uncertain; the intervals do not allow for that and may be too narrow.",
    )


def items(result: ItemResponses, language: Language = "zh") -> str:
    """Say between which rates the items lie, each end with its base."""
    frame = result.summary.dropna(subset=["rate"])
    if frame.empty and result.summary["n_valid"].gt(0).any():
        return say(
            language,
            "各项指标的有效回答过少，不公布其满意率。",
            "The items have too few valid answers: their rates are withheld.",
        )
    if frame.empty:
        return say(language, "各项指标都没有有效回答。", "No item has a valid answer.")
    ordered = frame.sort_values("rate", kind="stable")
    ends = [rows(ordered.tail(1))[0], rows(ordered.head(1))[0]]
    high, low = (
        f"“{end[say(language, 'title', 'title_en')] or end['title']}” "
        + formats.percent(end["rate"])
        + say(
            language,
            f"（{fraction(end, language)}）",
            f" ({fraction(end, language)})",
        )
        for end in ends
    )
    if len(ordered) == 1:
        return say(language, f"指标{high}。", f"Item {high}.")
    if ordered["rate"].iloc[0] == ordered["rate"].iloc[-1]:
        alike = formats.percent(ordered["rate"].iloc[0])
        return say(
            language,
            f"{len(ordered)} 项指标的满意率都是 {alike}。",
            f"The rates of all {len(ordered)} items are {alike}.",
        )
    return say(
        language,
        f"{len(ordered)} 项指标的满意率在{low}与{high}之间；各项由同一批人回答，"
        "相近的指标不能据此分出高低。",
        f"The rates of {len(ordered)} items lie between {low} and {high}; the same people answered "
        "all of them, and items close together cannot be put in order.",
    )


def reliability(result: Reliability, language: Language = "zh") -> str:
    """Say how consistent the ratings are, overall and where a dimension falls short."""
    parts = result.frame[result.frame["dimension"] != "all"]
    flagged = parts[parts["flagged"].astype(bool)]
    weak = [str(title) for title in flagged[say(language, "title", "title_en")]]
    text = _directions(result, language) + _alpha_of_all(result, language)
    if formats.present(result.kmo):
        text += say(
            language,
            f"，KMO 为 {formats.decimal(result.kmo)}",
            f", KMO {formats.decimal(result.kmo)}",
        )
    if weak:
        listed = formats.listing(weak, language)
        return text + say(
            language,
            f"；α 低于 {ENOUGH} 的维度有：{listed}，其结果须谨慎解释。",
            f"; alpha is below {ENOUGH} for {listed}: to be read with care.",
        )
    if parts.empty:
        return text + say(language, "。", ".")
    return text + say(
        language,
        f"；没有低于 {ENOUGH} 的维度。",
        f"; no dimension is below {ENOUGH}.",
    )


def _directions(result: Reliability, language: Language) -> str:
    """Name the items that run against the others, and the sets whose alpha is negative without."""
    title = say(language, "title", "title_en")
    items = result.items
    named = items[items["against"].astype(bool)] if len(items) else items
    text = ""
    if len(named):
        listed = formats.listing([f"“{item}”" for item in named[title]], language)
        cause = (
            say(
                language,
                "可能是反向题而没有反向计分",
                "perhaps they were scored the wrong way round",
            )
            if result.against_is_clear
            else say(
                language,
                "但方向相反的不少于半数，由回答不能判断哪一边没有正确计分",
                "but they are half of the items or more, so that the answers cannot tell which "
                "side was scored the wrong way round",
            )
        )
        text = say(
            language,
            f"以下指标的回答与其他指标方向相反：{listed}，{cause}；请核对计分方向，"
            "更正之前，有关的信度、维度均分和构成都不可用。",
            f"These items run against the others: {listed}; {cause}. Check how they are scored: "
            "until then reliability, dimension means and breakdown are of no use. ",
        )
    frame = result.frame
    torn = frame[(frame["alpha"] < 0) & (frame["n_against"] == 0)]
    if torn.empty:
        return text
    sets = formats.listing([str(one) for one in torn[title]], language)
    return text + say(
        language,
        f"{sets}的 α 为负：其指标的回答彼此不一致，但没有哪一个指标能确定是反向的。",
        f"Alpha is negative for {sets}: the items do not go together, though none can be said to "
        "be reversed. ",
    )


def _alpha_of_all(result: Reliability, language: Language) -> str:
    """Say the alpha of all items, or that it is missing because an item had but one answer."""
    whole = rows(result.frame[result.frame["dimension"] == "all"])
    if not whole:
        return say(
            language,
            "有的指标回答全部相同，不计算全部指标合在一起的 Cronbach α",
            "Some item was answered alike by all, so alpha of all items is not computed",
        )
    row, level = whole[0], formats.level(result.level)
    items, used = formats.count(row["n_items"]), formats.count(row["n_used"])
    alpha, low, high = (formats.decimal(row[name]) for name in ("alpha", "low", "high"))
    return say(
        language,
        f"全部作答的 {used} 份答卷中，{items} 个指标合在一起的 Cronbach α 为 {alpha}"
        f"（{level} 区间 {low}～{high}）",
        f"Among {used} people who answered all {items} items Cronbach's alpha of these is {alpha} "
        f"({level} interval {low} to {high})",
    )
