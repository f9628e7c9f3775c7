"""The section on a school's own score: what it says, and where the verdict says otherwise."""

from __future__ import annotations

import pandas as pd

from questionnaires.language import named, say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.document import Block, Bullets, Table, Text
from survey.report.tables import table
from survey.report.texts import sentence
from survey.report.wording.phrases import Row, fraction, rows
from survey.results import Findings, Scores

MOST = 12
"""Branches up to which every difference is explained by name."""


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show the rule, the university's score, differences and why; nothing where none was asked."""
    result, bar = findings.scores, findings.tables[()].bar
    if result is None:
        return ()
    branches = result.frame[result.frame["branch"].notna()]
    different = branches[branches["difference"] != ""]
    reasons = tuple(_reason(row, result, bar, language) for row in rows(different.head(MOST)))
    return (
        Text(_university(result, bar, language)),
        Text(_agreement(result, language)),
        Bullets(reasons),
        Text(_rule(result, language), "note"),
        _table(result, language),
    )


def _rule(result: Scores, language: Language) -> str:
    """Say the rule as it was applied, and where it comes from."""
    rule = result.profile
    levels = "、" if language == "zh" else ", "
    points = levels.join(f"{label} {value:g}" for label, value in result.points.items())
    parts = [say(language, f"各档分值：{points}", f"points: {points}")]
    if rule.weights:
        shares = "∶".join(f"{float(100 * weight):g}" for weight in rule.weights)
        parts.append(say(language, f"各类人员的票按 {shares} 合计", f"roles are weighted {shares}"))
    if rule.trim:
        cut = formats.percent(float(rule.trim), 0)
        parts.append(sentence(language, "scores.trimmed", cut=cut))
    if rule.surplus_void:
        parts.append(
            say(language, "收回多于发出的不计分", "no score where more came back than were issued")
        )
    return sentence(
        language,
        "scores.rule",
        title=named(rule, language),
        parts=say(language, "；", "; ").join(parts),
        source=rule.source,
    )


def _university(result: Scores, bar: str, language: Language) -> str:
    (whole,) = rows(result.frame[result.frame["branch"].isna()])
    mark, verdict = f"{result.pass_mark:g}", vocabulary.verdict(whole["verdict"], language)
    if not formats.present(whole["score"]):
        return sentence(language, "scores.hidden", verdict=verdict)
    score = formats.decimal(whole["score"], 1)
    side = sentence(language, "scores.reaches" if whole["passes"] else "scores.reaches_not")
    rate = _rate(whole, bar, language)
    slots = {"score": score, "side": side, "mark": mark, "rate": rate, "verdict": verdict}
    text = sentence(language, "scores.university", **slots)
    if not whole["difference"]:
        return text
    why = _why(whole, result, bar, language)
    return text + say(language, f"{why}。", f" It {why}.")


def _rate(row: Row, bar: str, language: Language) -> str:
    # no weighted survey has a score: where counts are missing, branches are anonymous
    counts = fraction({**row, "estimator": ""}, language)
    rate = formats.percent(row["rate"], bar=bar)
    return say(language, f"{rate}（{counts} 人）", f"{rate} ({counts})")


def _agreement(result: Scores, language: Language) -> str:
    """Count the branches where score and verdict say otherwise."""
    branches = result.frame[result.frame["branch"].notna()]
    scored = int(branches["score"].notna().sum())
    n = int((branches["difference"] != "").sum())
    if not scored:
        return say(language, "没有支部可以计分。", "No branch can be scored.")
    if not n:
        return sentence(language, "scores.agree", scored=scored)
    return sentence(language, "scores.disagree", scored=scored, n=n)


def _reason(row: Row, result: Scores, bar: str, language: Language) -> str:
    """Say of one branch why its score and its verdict differ."""
    score, why = formats.decimal(row["score"], 1), _why(row, result, bar, language)
    return sentence(language, "scores.reason", branch=row["branch"], score=score, why=why)


def _why(row: Row, result: Scores, bar: str, language: Language) -> str:
    mark, goal, rate = f"{result.pass_mark:g}", formats.bar(bar), _rate(row, bar, language)
    best, second, *_ = result.points.values()
    return sentence(
        language,
        f"score_differs.{row['difference']}",
        mark=mark,
        rate=rate,
        goal=goal,
        best=f"{best:g}",
        second=f"{second:g}",
    )


def _table(result: Scores, language: Language) -> Table:
    branch = result.frame["branch"].fillna(say(language, "全校", "University"))
    agrees = {
        "": say(language, "一致", "agree"),
        "uncertain": say(language, "得分不计误差", "no error counted"),
        "outweighed": say(language, "高分抵过不满意", "outweighed"),
        "ladder": say(language, "满意一档分低", "level has few points"),
    }
    named = result.frame["difference"].map(agrees).where(result.frame["score"].notna(), "")
    frame: pd.DataFrame = result.frame.assign(branch=branch, agrees=named)
    shown = "branch", "n_valid", "score", "rate", "verdict", "agrees"
    return table(language, "scores", frame, shown)
