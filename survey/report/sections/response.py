"""Annex: response rates, and what the silent could change in every branch."""

from __future__ import annotations

from survey import formats
from survey.errors import Language
from survey.report.document import Block, Column, Table, Text
from survey.report.tables import label, picture, table
from survey.report.texts import sentence
from survey.report.wording.phrases import has_roster, p_is
from survey.results import Findings, Late, Satisfaction


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show every branch; nothing without a roster."""
    result = findings.tables["branch",]
    if not has_roster(result):
        return ()
    data = "nonresponse_table"
    return (
        *(Text(text) for text in (spread(result, language), tipping(result, language)) if text),
        *([Text(late(findings.late, language))] if findings.late else []),
        picture(language, "response_rates", result, data),
        picture(language, "nonresponse", result, data),
        of_the_silent(result, language),
    )


def spread(result: Satisfaction, language: Language = "zh") -> str:
    """Say how the response rates of the branches spread; empty for one branch."""
    shares = result.frame["response_rate"].dropna().astype(float)
    if len(shares) < 2:
        return ""
    return sentence(
        language,
        "response.spread",
        middle=formats.percent(shares.median()),
        least=formats.percent(shares.min()),
        most=formats.percent(shares.max()),
    )


def tipping(result: Satisfaction, language: Language = "zh") -> str:
    """Say how differently satisfied and dissatisfied must answer for verdicts to fall."""
    meets = result.frame.loc[result.frame["verdict"] == "meets", "tipping_odds"].dropna()
    text = ""
    if len(meets):
        text = sentence(
            language,
            "response.meets_falls",
            least=formats.odds(meets.min()),
            middle=formats.odds(meets.median()),
        )
    if (result.frame["verdict"] == "below").any():
        text += sentence(language, "response.below_stands")
    return text.strip()


def late(result: Late, language: Language = "zh") -> str:
    """Compare early with late answers, as a hint at those who never answered."""
    (n, m), (x, y) = result.n_valid, result.n_satisfied
    return sentence(
        language,
        "response.late",
        first=formats.percent(x / n),
        last=formats.percent(y / m),
        **{name: formats.count(value) for name, value in zip("nmxy", (n, m, x, y), strict=True)},
        p=p_is(result.p_value),
    )


def of_the_silent(result: Satisfaction, language: Language) -> Table:
    """Make the table of response rates and of what the silent could change."""
    shown = (
        *("branch", "population", "n_responses", "n_valid", "n_missing", "n_not_applicable"),
        *("response_rate", "bound_low", "bound_high", "break_even", "break_even_gap"),
        Column("odds", label("tipping_odds", language)),
    )
    frame = result.frame.assign(odds=result.frame["tipping_odds"].map(formats.odds))
    return table(language, "nonresponse_table", frame, shown, folded=True)
