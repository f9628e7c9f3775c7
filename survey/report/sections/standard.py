"""The standard: its indicators beside answers and documents, and the summary table to be signed."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from questionnaires.language import named, say
from questionnaires.standard import Minimum
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.document import Block, Column, Table, Text
from survey.report.naming import by_code
from survey.report.tables import bounds_column, columns, label, table
from survey.report.texts import sentence
from survey.report.wording.phrases import lacking, quoted_all, rows
from survey.results import Evidence, Findings


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Hold the survey against its standard; nothing where it has none, or nothing to show of it."""
    held, result = findings.questionnaire.standard, findings.evidence
    has_rates = findings.items is not None and findings.items.summary["rate"].notna().any()
    if held is None or not (has_rates or result):
        return ()
    rating = self_rating(findings, language), Text(_other_items(findings, language), "note")
    if result is None:
        return rating
    return (
        *rating,
        *unproved(result, language),
        Text(sentence(language, "standard.counted"), "note"),
        summary(findings, result, language),
        attachments(result, language),
    )


def self_rating(findings: Findings, language: Language) -> Table:
    """Set the standard's indicators beside their rates, the documents and what reviewers say.

    The standard defines no total, so there is none. An indicator that the overall question
    measures has the overall rate and verdict.
    """
    standard, result = findings.questionnaire.standard, findings.evidence
    assert standard is not None
    (whole,) = rows(findings.tables[()].frame)
    opinions = {} if result is None else result.opinions
    join = say(language, "；", "; ").join
    frame = pd.DataFrame(
        [
            {
                "number": criterion.number,
                "dimension": named(criterion, language, "dimension_title"),
                "indicator": named(criterion, language),
                "required": join(minimum.required(language) for minimum in criterion.minimums),
                "evidence": _proved(result, criterion.number, language)
                if any(minimum.per != "survey" for minimum in criterion.minimums)
                else "",
                "opinion": opinions.get(criterion.number, ""),
            }
            for criterion in standard.criteria
        ]
    )
    numbers = ["n_valid", "rate", "lower", "upper"]
    if findings.items is None:
        frame = frame.assign(**dict.fromkeys(numbers, float("nan")))
    else:
        frame = frame.merge(findings.items.summary[["number", *numbers]], on="number", how="left")
    overall = findings.tables[()]
    for minimum in standard.measured:
        is_it = frame["number"] == minimum.number
        frame.loc[is_it, numbers] = [whole[name] for name in numbers]
        frame.loc[is_it, "evidence"] = _judged(whole["verdict"], overall.bar, minimum, language)
    shown = (
        "number",
        *columns(language, "dimension", unprinted=True),
        "indicator",
        "n_valid",
        *columns(language, "rate", bar=overall.bar),
        bounds_column(overall.alpha, language, unprinted=True),
        "required",
        Column("evidence", label("status", language)),
        *(("opinion",) if opinions else ()),
    )
    return table(language, "scorecard", frame, shown, n=len(frame))


def _other_items(findings: Findings, language: Language) -> str:
    """Say which items the table leaves out as the overall question stands for them; mostly none."""
    asked = findings.questionnaire
    left_out = [
        asked.item_titles[item.id][language == "en"]
        for dimension in asked.dimensions
        for indicator in dimension.indicators
        if indicator.number in asked.measured_by_overall
        for item in indicator.items
    ]
    if not left_out:
        return ""
    return sentence(
        language,
        "standard.other_items",
        numbers=say(language, "、", ", ").join(map(str, asked.measured_by_overall)),
        items=quoted_all(pd.Series(left_out), language),
    )


def _judged(verdict: str, bar: str, minimum: Minimum, language: Language) -> str:
    """Give the verdict, and by which bar where that is not the standard's."""
    word = vocabulary.verdict(verdict, language)
    if verdict == "withheld" or 100 * Fraction(bar) == Fraction(str(minimum.least)):
        return word
    return sentence(language, "standard.other_bar", word=word, goal=formats.bar(bar))


def _proved(result: Evidence | None, number: int, language: Language) -> str:
    """Count the branches by what they proved of an indicator."""
    if result is None:
        return vocabulary.proof("not_provided", language)
    told = result.frame.loc[result.frame["number"] == number, "status"].value_counts()
    return say(language, "，", ", ").join(
        f"{vocabulary.proof(code, language)} {told[code]}"
        for code in vocabulary.PROOFS
        if code in told
    )


def _names(result: Evidence, language: Language) -> dict[int, str]:
    """Give number and title of every indicator that documents have to prove."""
    titles = result.frame[say(language, "title", "title_en")]
    pairs = dict(zip(result.frame["number"], titles, strict=True))
    return {number: f"{number} {title}" for number, title in pairs.items()}


def unproved(result: Evidence, language: Language) -> tuple[Table, ...]:
    """Name the branches that do not prove a minimum, indicator by indicator; none where all do."""
    frame = result.frame.drop_duplicates(["branch", "number", "status"])
    names = _names(result, language)
    parts = [
        by_code(own, "status", ("not_met", "not_provided"), language).assign(indicator=name)
        for number, name in names.items()
        for own in [frame[frame["number"] == number]]
    ]
    made = pd.concat(parts, ignore_index=True)
    if made.empty:
        return ()
    words = made["status"].map(lambda code: vocabulary.proof(code, language))
    shown = "indicator", "status", "n", "names"
    return (table(language, "unproved", made.assign(status=words), shown),)


def summary(findings: Findings, result: Evidence, language: Language) -> Table:
    """Make the table of all branches that is signed: verdict, documents, what lacks, opinion."""
    own = findings.tables["branch",]
    frame = own.frame[["branch", "rate", "verdict"]].assign(
        opinion=[result.remarks.get(name, "") for name in own.frame["branch"]]
    )
    by_branch = dict(iter(result.frame.groupby("branch", sort=False)))
    known = [by_branch.get(name, result.frame.head(0)) for name in frame["branch"]]
    frame["met"] = [f"{(part['status'] == 'met').sum()}/{len(part)}" for part in known]
    proved = say(language, "都达到", "all met")
    frame["lacking"] = [lacking(part, language) or proved for part in known]
    names = _names(result, language)
    for number in names:
        frame[f"status_{number}"] = [
            say(language, "；", "; ").join(
                vocabulary.proof(code, language)
                for code in part.loc[part["number"] == number, "status"]
            )
            for part in known
        ]
    shown = (
        "branch",
        *columns(language, "rate", bar=own.bar),
        "verdict",
        *columns(language, "met", unprinted=True),
        *(Column(f"status_{number}", name, unprinted=True) for number, name in names.items()),
        "lacking",
        *(("opinion",) if result.remarks else ()),
    )
    return table(
        language,
        "summary",
        frame,
        shown,
        folded=True,
        foot=sentence(language, "standard.signed"),
        n=len(frame),
        standard=result.standard.citation,
        version=result.standard.version,
    )


def attachments(result: Evidence, language: Language) -> Table:
    """List the files that prove it."""
    frame = result.attachments
    frame = frame.assign(order=range(1, len(frame) + 1))
    shown = "order", "branch", "number", "date", "subject", "n", "attachment"
    return table(language, "attachments", frame, shown, folded=True, n=len(frame))
