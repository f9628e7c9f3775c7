"""Annex: how the figures are made, what they cannot say, what the words mean, what was read."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from questionnaires.language import say
from survey import formats
from survey.errors import Language
from survey.readers.platforms.detection import platforms
from survey.report.columns import label
from survey.report.document import Block, Bullets, Column, Table, Terms, Text
from survey.report.sections import breakdown, quality
from survey.report.wording.phrases import has_breakdown, has_roster, p_is, quoted
from survey.results import Drivers, Findings

OPTIONS: dict[str, tuple[str, str]] = {
    "bar": ("标准", "bar"),
    "level": ("置信水平", "level"),
    "min_cell": ("最小公布人数", "minimum cell"),
    "seed": ("随机种子", "seed"),
}

_TERMS: dict[str, tuple[str, str, str, str, str, str]] = {
    "population": (
        *("名册人数", "Population"),
        "单位名册上的人数，是满意率所要推断的总体。",
        "People on the unit's roster: whom the rate is about.",
        *("", ""),
    ),
    "n_valid": (
        *("有效回答", "Valid answers"),
        "通过筛查并回答了总体满意度一题的人数，“不了解”和空白不计入。",
        "People who pass screening and answer the overall question; “not applicable” and blanks "
        "do not count.",
        *("分项指标则指回答该项指标的人数。", " Of an item: those who answer it."),
    ),
    "rate": (
        *("满意率", "Satisfaction rate"),
        "全部人员中会回答{labels}的比例的估计。",
        "Estimate of the share of all people who would answer {labels}.",
        *("分项指标为该项有效回答中的比例。", " Of an item, the share of its valid answers."),
    ),
    "index": (
        *("满意度指数", "Satisfaction index"),
        "同一批有效回答按量表折算为 0～100 分后的平均值。",
        "Mean of the same answers on a scale from 0 to 100.",
        *("", ""),
    ),
    "withheld": (
        *("暂不评定", "Not assessed"),
        "有效回答过少，或由此能推算出别的单位的回答，为保护作答的人不公布结果。",
        "Too few valid answers, or those of another unit could be worked out: not shown, to "
        "protect people.",
        *("", ""),
    ),
    "response_rate": (
        *("回收率", "Response rate"),
        "有效回答人数占名册人数的比例。",
        "Valid answers as a share of the people on the roster.",
        *("", ""),
    ),
}
"""Term, meaning, and what is added where indicators are shown, in Chinese and English."""


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Say how everything was done."""
    source = findings.questionnaire.source
    standard = say(language, f"标准依据：{source}。", f"Standard: {source}.") if source else ""
    return (
        Bullets(method(findings, language)),
        Text(say(language, "局限", "Limits"), "heading"),
        Bullets(limits(findings, language)),
        Text(say(language, "名词", "Terms"), "heading"),
        Terms(definitions(findings, language)),
        Text(say(language, "来源", "Provenance"), "heading"),
        Text(quality.rows_read(findings, language) + standard),
        files(findings, language),
        Text(options(findings, language), "note"),
    )


def method(findings: Findings, language: Language = "zh") -> tuple[str, ...]:
    """Say how rates, intervals, verdicts and the breakdown are computed."""
    result = findings.tables["branch",]
    goal, sure = formats.bar(result.bar), formats.level(1 - result.alpha)
    texts = [
        say(
            language,
            "估计：名册给出分身份人数时，每个支部的每类人员视为人数已知的有限总体，作答者是其中随机的"
            "一部分；支部的满意率、下限和上限由各类人员合成，逐一考虑满意者在各类人员之间的一切分法"
            "（超几何分布，Berger 与 Boos 1994）。不公布分身份结果的支部，只用合计的回答，"
            f"取最不利的分法。下限、上限各有 {sure} 的把握，判定由它们得出。",
            "Estimates: where the roster gives sizes by role, each role of a branch is a "
            "population of known size of which those who answered are a random part; a branch's "
            "rate and bounds put its roles together over all ways in which the satisfied may "
            "divide among them (hypergeometric, Berger and Boos 1994). Where a branch's roles are "
            "not published its total alone is used, with the least favourable division. Each "
            f"bound is {sure} sure, and the verdict is read from them.",
        )
        if "verdict_joint" in findings.tables[()].frame
        else say(
            language,
            "估计：每个支部是人数已知的有限总体，作答者视为其中随机的一部分；下限、上限由超几何分布"
            f"精确算出，各有 {sure} 的把握，判定由它们得出。",
            "Estimates: each branch is a population of known size of which those who answered are "
            "taken as a random part; the bounds are exact (hypergeometric), each is "
            f"{sure} sure, and the verdict is read from them.",
        )
        if has_roster(result)
        else say(
            language,
            f"估计：没有名册，总体人数未知，下限、上限按二项分布精确算出，各有 {sure} 的把握，"
            "比人数已知时宽。",
            "Estimates: without a roster the size is unknown; the bounds are exact for the "
            f"binomial, each {sure} sure, and wider than they would otherwise be.",
        ),
        _verdict(has_roster(result), goal, language),
    ]
    if "verdict_joint" in result.frame:
        texts.append(_both_roles(language))
    if has_roster(result):
        texts.append(
            say(
                language,
                "全校与各类人员：按支部与身份分层，各层以名册人数为权（事后分层），回答不足 2 份的"
                "层并入同类人员的其他层；下限、上限采用 Korn–Graubard 方法，为近似值。"
                "“回答中的满意比例”是不加权的。",
                "University and roles: branches and roles are strata with their sizes on the "
                "roster (post-stratified), strata of fewer than two answers joined to others of "
                "their role; the bounds are those of Korn and Graubard, which are approximate. The "
                "share of answers is not weighted.",
            )
        )
    if has_roster(result):
        texts.append(
            say(
                language,
                "未回收：另外给出没有有效回答的人全部不满意、全部满意时的满意率，"
                "他们须有多大比例满意才能达到标准，以及满意者作答的优势是不满意者的多少倍时判定"
                "不再成立（同一检验，Fisher 非中心超几何分布；只对逐一精确判定的党支部给出）。",
                "The silent: the rate if all people without a valid answer were dissatisfied, and "
                "if all were satisfied, the share of them that must be satisfied to reach the "
                "bar, and the odds ratio of answering, satisfied over dissatisfied, at which the "
                "verdict falls (the same test with Fisher's noncentral hypergeometric "
                "distribution; for branches with exact verdicts).",
            )
        )
    if findings.drivers is not None and has_breakdown(findings):
        texts.append(_breakdown(findings.drivers, language))
    if findings.ranking is not None:
        texts.append(
            say(
                language,
                "多支部比较：各支部满意率的分布不设形状，由全部支部估计（非参数最大似然，经验"
                "贝叶斯），身份之间、支部大小之间的差别在模型之内；答卷少的支部向与它相似的支部"
                "收缩，分布本身的不确定也计入。模型满意率、区间和名次针对名册上的全部人员，"
                "已作答的按实际回答计。归入一侧，指在另一侧的概率不超过 5%（局部错号率）。"
                "支部少而又都在标准附近时，达标概率偏高：模拟中 12 个支部，说 92% 的实为 86%。"
                "漏斗图的控制限按有限总体精确计算。",
                "Branches compared: the distribution of their rates has no given shape and is "
                "estimated from all of them (nonparametric maximum likelihood, empirical Bayes), "
                "differences between roles and between large and small branches being in the "
                "model; branches with few answers lean towards their like, and the distribution's "
                "own uncertainty counts. Pooled rates, intervals and ranks are those of everyone "
                "on the roster, those who answered counting as they did. A branch is put on a "
                "side if the other has a chance of at most 5 % (local false sign rate). With few "
                "branches, all near the bar, probabilities of meeting it are too high: of 12 in "
                "simulations, where 92% is said 86% do. The funnel's limits are exact for "
                "populations of known size.",
            )
        )
    if findings.reliability is not None:
        texts.append(
            say(
                language,
                "信度：Cronbach α 与单因子的 McDonald ω，只用该组指标全部作答的答卷；区间不假定"
                "回答为正态，计入其偏斜，并放宽到 1.1 倍以保证覆盖率。指标与其他指标方向相反，"
                "须由两半答卷互相检验得出，误指任何一个指标的概率不超过 1%。",
                "Reliability: Cronbach's alpha and McDonald's omega of one factor, of people who "
                "answered every item of a set; intervals do not suppose normal answers, allow for "
                "their skewness, and are widened by 1.1 so that they cover. An item is said to run "
                "against the others where both halves of the answers say so; the chance of naming "
                "any sound item is at most 1%.",
            )
        )
    texts.append(
        say(
            language,
            f"匿名：公布与否只看有效回答的人数，从不看回答的内容。有效回答少于 {result.min_cell} "
            "人的党支部只列人数；这样的支部只有一个，或合起来仍不足此数时，另有一个人数最少的"
            f"支部一并不公布。各支部分身份的结果，只在每类都有 {2 * result.min_cell} 人以上时公布，"
            "不公布的支部够多时其余才公布；党支部不足 12 个时一律不公布。单项指标同样处理，"
            "并核对合计与差额是否会说明某几个人不满意，若会，整张表不公布。"
            "已公布的单位如果人人回答相同，也就说明了其中每个人的回答。答卷人知道自己的回答，"
            f"可以从公布的数字中扣除：{result.min_cell} 份回答的单位，即得其余 "
            f"{result.min_cell - 1} 人的合计，这些人回答相同时，也就得知他们的回答。"
            "开放题不与支部、身份同时出现。",
            "Anonymity: what is published depends on numbers of valid answers, never on what was "
            f"answered. Of branches with fewer than {result.min_cell} only the number is given; "
            "where there is one of these alone, or all of them together are fewer, the smallest "
            "other branch is withheld with them. A branch's results by role are given where each "
            f"role has {2 * result.min_cell} answers or more and enough other branches are "
            "hidden, and nowhere with fewer than twelve branches. Items by branch follow the same "
            "way; where totals and differences would show that a few people hold a dissatisfied "
            "one, the whole table is withheld. A published unit in which all answered alike says "
            "so of everybody in it. Who knows their own answer can take it away: of "
            f"{result.min_cell} answers they see those of {result.min_cell - 1} others, and know "
            "them where these are alike. Open answers never appear with branch or role.",
        )
    )
    return tuple(texts)


def _verdict(rostered: bool, goal: str, language: Language) -> str:
    whole = (
        say(
            language,
            f"判定：把标准 {goal} 换算为人数（不足一人进一），作两个单侧 5% 精确检验。",
            f"Verdict: the bar of {goal} is turned into a number of people (rounded up) and tested "
            "by two one-sided exact tests at 5%. ",
        )
        if rostered
        else say(
            language,
            f"判定：对标准 {goal} 作两个单侧 5% 的二项分布精确检验。",
            f"Verdict: the bar of {goal} is tested by two one-sided exact binomial tests at 5%. ",
        )
    )
    return whole + say(
        language,
        f"能够否定“未到 {goal}”的判为达标，能够否定“已到 {goal}”的判为未达标，"
        "都不能否定的为无法判定。",
        f"Where “below {goal}” is refuted the branch meets the bar, where “{goal} or more” is "
        "refuted it is below, otherwise the verdict is inconclusive.",
    )


def _both_roles(language: Language) -> str:
    return say(
        language,
        "兼顾各类人员：各类人员分别判定，总体另行判定。总体达标且各类人员也都达标的，为“各类人员均达标”；"
        "总体达标而有一类人员未达标的，单列；总体达标而有的类别无法判定的，为“达标”。",
        "Every role: roles are judged by themselves beside the whole. Where the whole meets the "
        "bar and each role does, “every role meets the bar”; where one role is below it, that is "
        "named; where a role is inconclusive, “meets the bar”.",
    )


def _breakdown(drivers: Drivers, language: Language) -> str:
    imputed = drivers.summary.get("share_blank")
    blank = (
        say(
            language,
            f"指标评分中有 {formats.percent(imputed)} 为空白，以正态模型填补，不填补总体回答。",
            f" {formats.percent(imputed)} of the ratings are blank and are imputed by a normal "
            "model; the overall answer never is.",
        )
        if formats.present(imputed) and formats.number(imputed) > 0
        else ""
    )
    few = {"few_clusters", "no_intervals"} & set(drivers.flags)
    clustered = (
        say(
            language,
            "支部较少，区间的算法见“不满意的构成”一节的提示。",
            "There are few branches: how intervals are made is said beside the breakdown.",
        )
        if few
        else say(language, "区间按支部聚类计算。", "Intervals are clustered by branch.")
    )
    return say(
        language,
        "构成：以总体是否不满意为因变量、各维度平均分为自变量作 logit 回归，"
        "再把各维度评分提高到目标水平时模型不满意率的变化，用 Shapley 值在维度之间分配；"
        "不满意率＝基底＋各维度之和＋残差，对全校和每个支部都恰好成立。"
        + _weights(drivers, language)
        + _borrowed(drivers, language)
        + _varying(drivers, language)
        + clustered
        + blank,
        "Breakdown: a logit of overall dissatisfaction on the mean ratings of the dimensions; the "
        "fall of the model's rate when ratings are raised to the target is shared among the "
        "dimensions by the Shapley value. Rate = floor + sum of the dimensions + residual, "
        "exactly, for the university and each branch. "
        + _weights(drivers, language)
        + _borrowed(drivers, language)
        + _varying(drivers, language)
        + clustered
        + blank,
    )


def _unweighted(findings: Findings) -> bool:
    """Say whether all answers count alike in the breakdown."""
    return findings.drivers is not None and findings.drivers.summary["estimator"] == "unweighted"


def _weights(drivers: Drivers, language: Language) -> str:
    """Say how the breakdown is weighted; empty where all answers count alike."""
    return {
        "unweighted": "",
        "poststratified": say(
            language,
            "全校的构成按名册加权：每类人员按其名册人数与回答人数之比，再使满意、不满意两部分合于"
            "全校的满意率，所以分解的正是报告所给满意率的余数；模型按同样的权重拟合（伪似然，"
            "Binder 1983）。各支部的构成按所得回答，不加权。",
            "The university's breakdown is weighted by the roster: each role by its size over its "
            "answers, then satisfied and dissatisfied to the university's rate, so that what is "
            "broken down is the complement of the rate reported; the model bears the same weights "
            "(pseudo-likelihood, Binder 1983). Breakdowns of branches are of their answers, not "
            "weighted. ",
        ),
        "weighted": say(
            language,
            "构成与模型都按所给的权重计算（伪似然，Binder 1983）。",
            "Breakdown and model bear the weights given (pseudo-likelihood, Binder 1983). ",
        ),
    }[drivers.summary["estimator"]]


def _varying(drivers: Drivers, language: Language) -> str:
    """Say that branches have slopes of their own; empty where there are too few to tell."""
    if not formats.present(drivers.summary.get("p_same_slopes")):
        return ""
    return say(
        language,
        "各支部的构成允许系数与全校不同：系数的差别由数据估计（经验贝叶斯），答卷少的支部向全校的系数"
        "收缩，区间计入这一不确定；不满意率随系数加速上升，区间向上因此取向下的 1.5 倍"
        "（由模拟定）。",
        "Branches may have slopes of their own: how much these differ is learnt from the data "
        "(empirical Bayes), branches with few answers lean towards the university's, and the "
        "intervals allow for what is not known; as rates rise ever faster with a slope they reach "
        "1.5 times as far up as down (set by simulation). ",
    )


def _borrowed(drivers: Drivers, language: Language) -> str:
    """Say how far the slopes rest on the whole ordered answer; empty where they cannot."""
    p_parallel, shrinkage = drivers.summary.get("p_parallel"), drivers.summary.get("shrinkage")
    if not formats.present(p_parallel) or not formats.present(shrinkage):
        return ""
    p, share = p_is(p_parallel), formats.percent(shrinkage, digits=0)
    if formats.number(shrinkage) == 0:
        return say(
            language,
            f"检验否定了“总体满意度各等级之间系数相同”（{p}），系数只由是否不满意估计。",
            f"Slopes differ between the levels of the overall answer ({p}), so they are those of "
            "dissatisfaction alone. ",
        )
    return say(
        language,
        "不满意的人往往很少，因此系数也借用总体满意度其余等级的信息："
        f"检验没有否定各等级系数相同（{p}），系数由是否不满意的估计向有序回归的估计收缩 {share}"
        "（James–Stein）；区间仍取不收缩时的宽度。",
        "As few are dissatisfied, slopes borrow from the other levels of the overall answer: that "
        f"they are the same at all levels is not refuted ({p}), and they are taken {share} of "
        "the way from those of dissatisfaction alone to those of an ordinal regression "
        "(James-Stein); intervals are as wide as without. ",
    )


def limits(findings: Findings, language: Language = "zh") -> tuple[str, ...]:
    """Say what the figures cannot tell."""
    texts = [
        say(
            language,
            "区间与判定假定同一单位、同一身份的人中，未作答者与作答者没有系统差别；回收率越低，"
            "这一假定越要紧。",
            "Intervals and verdicts assume that within a unit and role the silent do not differ "
            "systematically from those who answered; the lower the response rate, the more this "
            "matters.",
        ),
    ]
    result = findings.tables["branch",]
    one = ceil(1 / (1 - Fraction(result.bar))) if Fraction(result.bar) < 1 else 0
    if result.frame["population"].dropna().lt(one).any():
        texts.append(
            say(
                language,
                "不足 {n} 人的党支部，有一人不满意就达不到 {goal}：一个人的回答就能决定判定。",
                "In a branch of fewer than {n} people one dissatisfied person keeps it below "
                "{goal}: a single answer can decide the verdict.",
                n=one,
                goal=formats.bar(result.bar),
            )
        )
    if has_breakdown(findings):
        texts += [
            say(
                language,
                "不满意的构成只反映回答之间的关联，不能证明因果，也不能预计改进后的满意率。",
                "The breakdown shows associations between answers; it proves no cause and does "
                "not predict what a change would bring.",
            ),
            say(
                language,
                "分解的是所得回答中的不满意率，各份回答同等计算，不按名册加权，"
                "因此与按名册加权的满意率不完全互补。",
                "What is broken down is the rate among the answers, each counting alike and not "
                "weighted by the roster: it need not be the complement of the weighted rate.",
            )
            if has_roster(result) and _unweighted(findings)
            else "",
            say(
                language,
                "有人习惯给各题打高分或低分，这会抬高各维度的数值，抬高多少因维度而异。",
                "Some people rate everything high or low, which inflates the dimensions, some more "
                "than others.",
            ),
            say(
                language,
                "各维度之间的差别逐对比较，没有对多次比较作校正。",
                "Differences between dimensions are judged pair by pair, without correction for "
                "their number.",
            ),
            say(
                language,
                "支部一级构成的 95% 区间，模拟中支部不少于 12 个时覆盖率在 93% 以上，"
                "各支部系数相差六成或一项指标独占其维度时也是。评分越低越容易留空时，各处区间都偏窄"
                "{column}。",
                "In simulations the 95% intervals of a branch's breakdown cover the truth in 93% "
                "or more of cases from 12 branches up, also where slopes of branches differ by 60% "
                "or one item carries its dimension. Where low ratings are left blank all intervals "
                "are too narrow{column}.",
                column=say(
                    language,
                    "，“留空者或低评一级时”一列已计入这一可能",
                    ", which the column on blanks a level lower allows for",
                )
                if breakdown.tells_of_blanks(findings.drivers)
                else "",
            ),
        ]
    return tuple(text for text in texts if text)


def definitions(findings: Findings, language: Language = "zh") -> tuple[tuple[str, str], ...]:
    """Define the words that the report uses and its first page does not: terms and meanings."""
    labels = quoted(findings.tables["branch",].satisfied_labels, language)
    rostered, by_item = has_roster(findings.tables["branch",]), findings.items is not None
    used = {
        "population": rostered,
        "index": by_item,
        "response_rate": rostered,
        "withheld": any((t.frame["verdict"] == "withheld").any() for t in findings.tables.values()),
    }
    pairs = []
    for name, (term, term_en, meaning, meaning_en, of_item, of_item_en) in _TERMS.items():
        if used.get(name, True):
            meant = say(language, meaning, meaning_en, labels=labels)
            more = say(language, of_item, of_item_en) if by_item else ""
            pairs.append((say(language, term, term_en), meant + more))
    return tuple(pairs)


def options(findings: Findings, language: Language = "zh") -> str:
    """List the options of the run that a reader can use; the record of the run holds all."""
    parts = [
        f"{say(language, *words)}{say(language, ' ', ' = ')}{findings.options[name]}"
        for name, words in OPTIONS.items()
        if name in findings.options
    ]
    if not parts:
        return ""
    listed = say(language, "，", ", ").join(parts)
    return say(language, f"本次运行的选项：{listed}。", f"Options of this run: {listed}.")


def files(findings: Findings, language: Language) -> Table:
    """Make the table of input files with their fingerprints."""
    kinds = {"export": ("问卷导出", "export"), "roster": ("名册", "roster")}
    titles = {name: platform.title for name, platform in platforms().items()}
    frame = findings.files.assign(
        kind=[
            say(language, *kinds.get(str(kind), (str(kind), str(kind))))
            for kind in findings.files["kind"]
        ],
        platform=findings.files["platform"].map(titles),
    )
    columns = (
        Column("file", label("file", language)),
        Column("kind", say(language, "用途", "Kind")),
        Column("platform", say(language, "来源", "Platform")),
        Column("n_rows", say(language, "行数", "Rows"), "count"),
        Column("sha256", "SHA-256"),
    )
    caption, sheet = say(language, "输入文件", "Input files"), say(language, "文件", "Files")
    return Table("files", sheet, caption, frame, columns)
