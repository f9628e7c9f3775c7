"""Annex: response rates, and what the silent could change in every branch."""

from __future__ import annotations

from survey.errors import Language
from survey.report import formats
from survey.report.columns import label
from survey.report.document import Block, Column, Picture, Table, Text
from survey.report.wording.phrases import has_roster, say
from survey.results import Findings, Satisfaction


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show every branch; nothing without a roster."""
    result = findings.tables["branch",]
    if not has_roster(result):
        return ()
    data = "nonresponse_table"
    rates = say(language, "各党支部的回收率", "Response rates by branch")
    silent = say(language, "未作答者对满意率的可能影响", "What the silent could change")
    return (
        Text(spread(result, language)),
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


def table(result: Satisfaction, language: Language) -> Table:
    """Make the table of response rates and of what the silent could change."""
    counts = ("population", "n_responses", "n_valid", "n_missing", "n_not_applicable")
    shares = ("response_rate", "bound_low", "bound_high", "break_even")
    columns = (
        Column("branch", label("branch", language)),
        *(Column(name, label(name, language), "count") for name in counts),
        *(Column(name, label(name, language), "share") for name in shares),
    )
    caption = say(language, "回收率与未作答者的影响", "Response rates and the silent")
    sheet = say(language, "回收率", "Response")
    return Table("nonresponse_table", sheet, caption, result.frame, columns, folded=True)
