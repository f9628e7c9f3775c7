"""Annex: response rates, and what the silent could change in every branch."""

from __future__ import annotations

from questionnaires.language import say
from survey import formats
from survey.errors import Language
from survey.report.columns import label
from survey.report.document import Block, Column, Picture, Table, Text
from survey.report.wording.phrases import has_roster, p_is
from survey.results import Findings, Late, Satisfaction


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show every branch; nothing without a roster."""
    result = findings.tables["branch",]
    if not has_roster(result):
        return ()
    data = "nonresponse_table"
    rates = say(language, "各党支部的回收率", "Response rates by branch")
    silent = say(language, "未作答者对满意率的可能影响", "What the silent could change")
    return (
        *(Text(text) for text in (spread(result, language), tipping(result, language)) if text),
        *([Text(late(findings.late, language))] if findings.late else []),
        Picture("response_rates", rates, "response_rates", result, data),
        Picture("nonresponse", silent, "nonresponse", result, data),
        table(result, language),
    )


def spread(result: Satisfaction, language: Language = "zh") -> str:
    """Say how the response rates of the branches spread; empty for one branch."""
    shares = result.frame["response_rate"].dropna().astype(float)
    if len(shares) < 2:
        return ""
    return say(
        language,
        "各党支部回收率的中位数为 {middle}，最低 {least}，最高 {most}。",
        "The median response rate of the branches is {middle}, the lowest {least}, the highest "
        "{most}.",
        middle=formats.percent(shares.median()),
        least=formats.percent(shares.min()),
        most=formats.percent(shares.max()),
    )


def tipping(result: Satisfaction, language: Language = "zh") -> str:
    """Say how differently satisfied and dissatisfied must answer for verdicts to fall."""
    meets = result.frame.loc[result.frame["verdict"] == "meets", "tipping_odds"].dropna()
    text = ""
    if len(meets):
        text = say(
            language,
            "判定以同一身份的人中满意者与不满意者同样作答为前提。满意者作答的优势（作答与不作答"
            "之比）若是不满意者的 {least} 倍，达标的判定即开始有不能成立的；到 {middle} 倍，"
            "一半不能成立。",
            "The verdicts suppose that within a role the satisfied answer as readily as the "
            "dissatisfied. Were their odds of answering {least} times as great, the first “meets” "
            "would fall; at {middle} times half of them would. ",
            least=formats.odds(meets.min()),
            middle=formats.odds(meets.median()),
        )
    if (result.frame["verdict"] == "below").any():
        text += say(
            language,
            "判为未达标的党支部，只要未作答者不比作答者更满意，判定就不变。",
            "“Below” stands as long as the silent are no more satisfied than those who answered.",
        )
    return text.strip()


def late(result: Late, language: Language = "zh") -> str:
    """Compare early with late answers, as a hint at those who never answered."""
    (n, m), (x, y) = result.n_valid, result.n_satisfied
    return say(
        language,
        "先作答的一半人满意率为 {first}（{x}/{n}），后作答的一半为 {last}（{y}/{m}），"
        "两者无差别的检验 {p}。后作答的人可能更像未作答的人，但这只是一个提示，"
        "不据此修正任何结果。",
        "Of the half that answered first {first} are satisfied ({x}/{n}), of the last half {last} "
        "({y}/{m}); test of no difference: {p}. Who answers late may be nearer to who never "
        "answers; that is a hint only, and nothing is corrected by it.",
        first=formats.percent(x / n),
        last=formats.percent(y / m),
        **{name: formats.count(value) for name, value in zip("nmxy", (n, m, x, y), strict=True)},
        p=p_is(result.p_value),
    )


def table(result: Satisfaction, language: Language) -> Table:
    """Make the table of response rates and of what the silent could change."""
    counts = ("population", "n_responses", "n_valid", "n_missing", "n_not_applicable")
    shares = ("response_rate", "bound_low", "bound_high", "break_even")
    columns = (
        Column("branch", label("branch", language)),
        *(Column(name, label(name, language), "count") for name in counts),
        *(Column(name, label(name, language), "share") for name in shares),
        Column("break_even_gap", label("break_even_gap", language), "points"),
        Column("odds", label("tipping_odds", language)),
    )
    frame = result.frame.assign(odds=result.frame["tipping_odds"].map(formats.odds))
    caption = say(language, "回收率与未作答者的影响", "Response rates and the silent")
    sheet = say(language, "回收率", "Response")
    return Table("nonresponse_table", sheet, caption, frame, columns, folded=True)
