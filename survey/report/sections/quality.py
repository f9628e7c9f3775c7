"""Annex: which answers count, which are in doubt, and how well the questions hang together."""

from __future__ import annotations

import pandas as pd

from analysis.instrument.reliability import ENOUGH
from questionnaires.language import say
from survey import formats
from survey.errors import Language
from survey.report.document import Block, Column, Table, Text
from survey.report.tables import label, picture, table, titled
from survey.report.texts import sentence
from survey.report.wording.phrases import rate, rows
from survey.results import Doubts, Findings, Reliability, Strict


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show the screening, and the reliability where it is computed."""
    blocks: list[Block] = [Text(flagged(findings, language))]
    if findings.strict is not None:
        blocks.append(Text(strict(findings.strict, language)))
    if findings.doubts is not None:
        blocks.append(Text(doubts(findings.doubts, language)))
    if len(findings.removed) + len(findings.flagged):
        blocks.append(screening(findings, language))
    result = findings.reliability
    if result is None:
        return tuple(blocks)
    return (
        *blocks,
        Text(reliability(result, language)),
        picture(language, "reliability", result, "reliability_table", text="reliability_table"),
        reliability_table(result, language),
    )


def rows_read(findings: Findings, language: Language = "zh") -> str:
    """Say that rows read = rows used + rows removed, by reason."""
    removed = say(language, "（{}）", " ({})").format(_listed(findings.removed, language))
    return sentence(
        language,
        "quality.rows_read",
        read=formats.count(findings.n_read),
        used=formats.count(findings.n_used),
        gone=formats.count(findings.n_read - findings.n_used),
        removed=removed if len(findings.removed) else "",
    )


def flagged(findings: Findings, language: Language = "zh") -> str:
    """Say which rows were kept but flagged."""
    if findings.flagged.empty:
        return say(language, "没有标记可疑的答卷。", "No answer was flagged.")
    return sentence(language, "quality.flagged", listed=_listed(findings.flagged, language))


def _listed(tally: pd.DataFrame, language: Language) -> str:
    parts = [f"{row[language]} {formats.count(row['n'])}" for row in rows(tally)]
    return say(language, "、", ", ").join(parts)


def strict(result: Strict, language: Language = "zh") -> str:
    """Say whether removing every flagged answer too would change a verdict."""
    start = sentence(language, "quality.strict")
    n, changed = result.n_compared, result.n_changed
    if not n:
        text = say(language, "没有可以对照的党支部", "there is no branch to compare")
    elif not changed:
        text = sentence(language, "quality.strict_same", n=n)
    else:
        text = sentence(language, "quality.strict_changed", n=n, changed=changed)
    (row,) = rows(result.overall.frame)
    if row["verdict"] == "withheld":
        whole = sentence(language, "quality.strict_hidden")
    else:
        whole = sentence(language, "quality.strict_rate", rate=rate(row, result.overall, language))
    return say(language, f"{start}，{text}；{whole}。", f"{start}, {text}; {whole}.")


def doubts(result: Doubts, language: Language = "zh") -> str:
    """Say how many verdicts may be wrong, and how many hang on sizes and roles.

    Examples
    --------
    >>> print(doubts(Doubts(40, 2.0, 3, 1, 6), "en"))
    Each of the 40 published verdicts is wrong with a chance of at most 5%: 2.0 of them at most
    are expected to be. Were every size on the roster 5% more, 3 would change, 5% less, 1; were
    roles left out of account, 6 would.
    """
    wrong = formats.decimal(result.most_wrong, 1)
    roles = (
        say(language, "；若不计身份，{} 个会改变", "; were roles left out of account, {} would")
        if result.n_roles is not None
        else ""
    ).format(result.n_roles)
    return sentence(
        language,
        "quality.doubts",
        n=result.n_judged,
        wrong=wrong,
        larger=result.n_larger,
        smaller=result.n_smaller,
        roles=roles,
    )


def reliability(result: Reliability, language: Language = "zh") -> str:
    """Say how consistent the ratings are, overall and where a dimension falls short."""
    parts = result.frame[result.frame["dimension"] != "all"]
    flagged = parts[parts["flagged"].astype(bool)]
    weak = [str(title) for title in flagged[say(language, "title", "title_en")]]
    why = result.why(language)
    text = (why + say(language, "", " ") if why else "") + _alpha_of_all(result, language)
    if formats.present(result.kmo):
        text += sentence(language, "quality.kmo", kmo=formats.decimal(result.kmo))
    if weak:
        listed = formats.listing(weak, language)
        return text + sentence(language, "quality.weak", ENOUGH=ENOUGH, listed=listed)
    if parts.empty:
        return text + say(language, "。", ".")
    return text + sentence(language, "quality.none_weak", ENOUGH=ENOUGH)


def _alpha_of_all(result: Reliability, language: Language) -> str:
    """Say the alpha of all items, or that it is missing because an item had but one answer."""
    whole = rows(result.frame[result.frame["dimension"] == "all"])
    if not whole:
        return sentence(language, "quality.no_alpha")
    row, level = whole[0], formats.level(result.level)
    items, used = formats.count(row["n_items"]), formats.count(row["n_used"])
    alpha, low, high = (formats.decimal(row[name]) for name in ("alpha", "low", "high"))
    return sentence(
        language,
        "quality.alpha",
        used=used,
        items=items,
        alpha=alpha,
        level=level,
        low=low,
        high=high,
    )


def screening(findings: Findings, language: Language) -> Table:
    """Make the table of rows removed and rows flagged, by rule."""
    removed = findings.removed.assign(action=say(language, "剔除", "removed"))
    kept = findings.flagged.assign(action=say(language, "保留并标记", "kept, flagged"))
    frame = pd.concat([removed, kept], ignore_index=True)
    shown = Column(language, label("rule", language)), "action", "n"
    return table(language, "screening", frame, shown)


def reliability_table(result: Reliability, language: Language) -> Table:
    """Make the table of reliability, the numbers of its chart."""
    shown = (
        titled(language, "dimension"),
        *("n_items", "n_used", "alpha", "low", "high", "omega", "omega_low", "omega_high"),
        "n_against",
    )
    return table(language, "reliability_table", result.frame, shown, folded=True)
