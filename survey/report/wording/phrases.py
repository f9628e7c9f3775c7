"""Phrases that many sentences share: a rate with its base, what counts as satisfied, a tally."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.texts import sentence
from survey.results import Findings, Satisfaction

Row = Mapping[str, Any]


def rows(frame: pd.DataFrame) -> list[Row]:
    """Give a frame's rows as mappings."""
    names = [str(name) for name in frame]
    # many times as fast as pandas' own records
    return [dict(zip(names, row, strict=True)) for row in frame.to_numpy(object).tolist()]


def quoted(labels: Sequence[str], language: Language) -> str:
    """Put answers into quotation marks and join them with «or».

    Examples
    --------
    >>> quoted(["非常满意", "满意"], "zh"), quoted(["good"], "en")
    ('“非常满意”或“满意”', '"good"')
    """
    marked = [say(language, f"“{label}”", f"“{label}”") for label in labels]
    return say(language, "或", " or ").join(marked)


def quoted_all(titles: pd.Series[str], language: Language) -> str:
    """Put titles into quotation marks, side by side; empty for none.

    Examples
    --------
    >>> quoted_all(pd.Series(["责任落实机制", "网络阵地"]), "zh")
    '“责任落实机制”“网络阵地”'
    """
    marked = [quoted([title], language) for title in titles]
    return say(language, "", ", ").join(marked)


def satisfied(result: Satisfaction, language: Language) -> str:
    """Say which answers count as satisfied; printed wherever a rate is."""
    labels = quoted(result.satisfied_labels, language)
    if result.is_weighted:
        return sentence(language, "secretary.weighted", labels=labels)
    return sentence(language, "secretary.satisfied", labels=labels)


def rate(row: Row, result: Satisfaction, language: Language) -> str:
    """Give a rate with its base and bounds, as ``95.5%（21/22，下限 86.7%，上限 96.7%）``.

    Where everyone on the roster answered there are no bounds. A rate that misses the bar is not
    rounded to the bar.

    Parameters
    ----------
    row : mapping
        A unit's ``population``, ``n_satisfied``, ``n_valid``, ``rate``, ``lower``, ``upper``.

    Examples
    --------
    >>> result = Satisfaction(pd.DataFrame(), (), "0.9", 0.05, None, "exact", 5, ())
    >>> unit = {"population": 9, "n_satisfied": 6, "n_valid": 6, "rate": 1.0}
    >>> unit |= {"lower": 0.667, "upper": 1.0}
    >>> rate(unit, result, "zh")
    '100.0%（6/6，下限 66.7%，上限 100.0%，各有 95% 的把握）'
    >>> rate(unit, result, "en")
    '100.0% (6/6, lower bound 66.7%, upper bound 100.0%, each 95% sure)'
    >>> census = {"population": 299, "n_satisfied": 269, "n_valid": 299, "rate": 269 / 299}
    >>> rate(census, result, "zh")
    '89.97%（269/299，全部作答）'
    """
    share = formats.percent(row["rate"], bar=result.bar)
    base = fraction(row, language)
    if is_census(row):
        return say(language, f"{share}（{base}，全部作答）", f"{share} ({base}, everyone answered)")
    between = bounds(row, result, language)
    return say(language, f"{share}（{base}，{between}）", f"{share} ({base}, {between})")


def p_is(value: object) -> str:
    """Write a p value with its sign.

    Examples
    --------
    >>> p_is(0.0321), p_is(0.00001)
    ('p=0.032', 'p<0.001')
    """
    text = formats.p_value(value)
    return f"p{text}" if text.startswith("<") else f"p={text}"


def fraction(row: Row, language: Language) -> str:
    """Give satisfied and valid answers; where the rate is weighted, the latter alone.

    Examples
    --------
    >>> fraction({"n_satisfied": 6, "n_valid": 9}, "zh")
    '6/9'
    >>> fraction({"n_satisfied": None, "n_valid": 9}, "zh")
    '加权，9'
    """
    n = formats.count(row["n_valid"])
    if not formats.present(row["n_satisfied"]):
        if row.get("estimator", "weighted") == "weighted":
            return say(language, f"加权，{n}", f"weighted, {n}")
        return say(language, f"约 {n}", f"about {n}")
    share = row["n_satisfied"] / row["n_valid"] if row["n_valid"] else math.nan
    if formats.percent(row.get("rate", share)) != formats.percent(share):
        # the fraction would be another share than the rate beside it
        return say(language, f"按名册加权，{n}", f"weighted by the roster, {n}")
    return f"{formats.count(row['n_satisfied'])}/{n}"


def bounds(row: Row, result: Satisfaction, language: Language) -> str:
    """Give the two bounds and how sure each of them is.

    Examples
    --------
    >>> result = Satisfaction(pd.DataFrame(), (), "0.9", 0.05, None, "exact", 5, ())
    >>> bounds({"lower": 0.667, "upper": 1.0}, result, "zh")
    '下限 66.7%，上限 100.0%，各有 95% 的把握'
    """
    low, high = (formats.percent(row[end], bar=result.bar) for end in ("lower", "upper"))
    sure = formats.level(1 - result.alpha)
    return sentence(language, "secretary.bounds", low=low, high=high, sure=sure)


def since(row: Row, level: float, language: Language) -> str:
    """Say how a rate has changed since the wave before; empty where that cannot be said."""
    if not formats.present(row["difference"]):
        return ""
    return sentence(
        language,
        "waves.since",
        before=formats.percent(row["rate_before"]),
        after=formats.percent(row["rate_after"]),
        points=formats.points(row["difference"]),
        level=formats.level(level),
        between=formats.points_interval(row["low"], row["high"], language),
        judged=sentence(language, f"moved.{row['change']}"),
    )


def lacking(part: pd.DataFrame, language: Language = "zh") -> str:
    """Say which minimums of one branch are not proved, and what lacks.

    Parameters
    ----------
    part : DataFrame
        The branch's rows of `Evidence.frame`.

    Examples
    --------
    >>> part = pd.DataFrame({"number": [1, 3], "title": ["理想信念坚定", "宗旨意识牢固"],
    ...     "status": ["not_provided", "not_met"], "detail": ["", "纪检委员 1 人"]})
    >>> lacking(part)
    '指标 1“理想信念坚定”未提供；指标 3“宗旨意识牢固”未达到（纪检委员 1 人）'
    """
    told = [
        sentence(
            language,
            "secretary.lacking",
            number=formats.count(row["number"]),
            title=row[say(language, "title", "title_en")],
            status=vocabulary.proof(row["status"], language),
            detail=say(language, "（{}）", " ({})").format(detail) if detail else "",
        )
        for row in rows(part[part["status"] != "met"])
        for detail in [row[say(language, "detail", "detail_en")]]
    ]
    return say(language, "；", "; ").join(told)


def is_census(row: Row) -> bool:
    """Say whether everyone on the roster gave a valid answer."""
    everyone = formats.present(row["population"]) and row["population"] == row["n_valid"]
    return everyone and row.get("estimator") != "weighted"


def has_roster(result: Satisfaction) -> bool:
    """Say whether the number of people is known for any unit."""
    return bool(result.frame["population"].notna().any())


def has_breakdown(findings: Findings) -> bool:
    """Say whether any figure of the breakdown by dimension is shown."""
    return findings.drivers is not None and not findings.drivers.status.startswith("none")
