"""The conclusion: what a reader sees first, with its uncertainty and what is not known."""

from __future__ import annotations

from survey.errors import Language
from survey.report import formats, tables
from survey.report.document import Answers, Block, Figures, Tally, Text
from survey.report.wording import conclusion
from survey.report.wording.phrases import base, has_roster, rows, satisfied, say, tally
from survey.results import Findings


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Put the conclusion into blocks: how many, how sure, which dimension, what is unknown."""
    (row,) = rows(findings.tables[()].frame)
    by_branch = findings.tables["branch",]
    counts = tally(by_branch)
    answers = Answers(
        (
            (
                say(language, "把握有多大", "How sure"),
                conclusion.certainty(by_branch, language),
            ),
            (
                say(language, "不满意与什么相联系", "What dissatisfaction goes with"),
                conclusion.dimension(findings, language),
            ),
            (
                say(language, "还不知道什么", "What is not known"),
                conclusion.unknown(findings, language),
            ),
        )
    )
    n_valid = formats.count(row["n_valid"])
    figures = [
        (
            say(language, "全校满意率", "Satisfaction rate"),
            formats.percent(row["rate"], bar=findings.tables[()].bar),
            base(row, findings.tables[()], language),
        ),
        (
            say(language, "达标支部", "Branches at the bar"),
            formats.count(counts["meets"]),
            say(
                language,
                f"共 {sum(counts.values())} 个，标准 {formats.bar(by_branch.bar)}",
                f"of {sum(counts.values())}, bar {formats.bar(by_branch.bar)}",
            ),
        ),
    ]
    if has_roster(findings.tables[()]):
        figures.append(
            (
                say(language, "回收率", "Response rate"),
                formats.percent(row["response_rate"]),
                f"{n_valid}/{formats.count(row['population'])}{say(language, ' 人', '')}",
            )
        )
    blocks: list[Block] = [
        Text(conclusion.groups(findings, language), "lead"),
        Text(conclusion.verdict_counts(by_branch, language)),
        Tally(counts, say(language, "各支部的判定", "Verdicts on the branches")),
        Figures(tuple(figures)),
        answers,
        Text(conclusion.overall_rate(findings.tables[()], language)),
        Text(satisfied(by_branch, language), "note"),
        tables.everyone(findings, language),
    ]
    blocks += [Text(say(language, zh, en), "warning") for zh, en in findings.notices]
    return tuple(blocks)
