"""Phrases that many sentences share: a rate with its base, what counts as satisfied, a tally."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from survey import vocabulary
from survey.errors import Language
from survey.report import formats
from survey.results import Findings, Satisfaction

Row = Mapping[str, Any]
_STRAIGHT = str.maketrans("“”", '""')
VERDICTS = tuple(vocabulary.VERDICTS)


def say(language: Language, zh: str, en: str) -> str:
    """Give the sentence in the reader's language.

    Examples
    --------
    >>> say("zh", "“达标”", "“meets”"), say("en", "“达标”", "“meets”")
    ('“达标”', '"meets"')
    """
    # Chinese fonts set curly quotation marks as wide as a character, which tears Latin text apart.
    return zh if language == "zh" else en.translate(_STRAIGHT)


def rows(frame: pd.DataFrame) -> list[Row]:
    """Give a frame's rows as mappings."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def quoted(labels: Sequence[str], language: Language) -> str:
    """Put answers into quotation marks and join them with «or».

    Examples
    --------
    >>> quoted(["非常满意", "满意"], "zh"), quoted(["good"], "en")
    ('“非常满意”或“满意”', '"good"')
    """
    marked = [say(language, f"“{label}”", f"“{label}”") for label in labels]
    return say(language, "或", " or ").join(marked)


def satisfied(result: Satisfaction, language: Language) -> str:
    """Say which answers count as satisfied; printed wherever a rate is."""
    labels = quoted(result.satisfied_labels, language)
    return say(
        language,
        f"本报告中，“满意”指对总体满意度一题回答{labels}；满意率为满意人数占有效回答人数的比例。",
        f"“Satisfied” means answering {labels} to the overall question; "
        "the satisfaction rate is the share of satisfied among valid answers.",
    )


def tally(result: Satisfaction) -> dict[str, int]:
    """Count the units with each verdict, all four verdicts present.

    Returns
    -------
    dict of str to int
        Verdict code → number of units, in the order of `vocabulary.VERDICTS`.
    """
    counts = result.frame["verdict"].value_counts()
    return {code: int(counts.get(code, 0)) for code in VERDICTS}


def rate(row: Row, result: Satisfaction, language: Language) -> str:
    """Give a rate with its base and interval, as ``95.5%（21/22，95% 区间 86.7%～96.7%）``.

    Where everyone on the roster answered there is no interval. A rate that misses the bar is not
    rounded to the bar.

    Parameters
    ----------
    row : mapping
        A unit's ``population``, ``n_satisfied``, ``n_valid``, ``rate``, ``low``, ``high``.
    result : Satisfaction
        Where it comes from, with the bar and the confidence level.
    language : {"zh", "en"}
        Language of the phrase.

    Examples
    --------
    >>> result = Satisfaction(pd.DataFrame(), (), "0.9", 0.95, "exact", 5, ())
    >>> unit = {"population": 9, "n_satisfied": 6, "n_valid": 6, "rate": 1.0}
    >>> unit |= {"low": 0.667, "high": 1.0}
    >>> rate(unit, result, "zh")
    '100.0%（6/6，95% 区间 66.7%～100.0%）'
    >>> rate(unit, result, "en")
    '100.0% (6/6, 95% interval 66.7% to 100.0%)'
    >>> census = {"population": 299, "n_satisfied": 269, "n_valid": 299, "rate": 269 / 299}
    >>> rate(census, result, "zh")
    '89.97%（269/299，全部作答）'
    """
    share = formats.percent(row["rate"], bar=result.bar)
    base = f"{formats.count(row['n_satisfied'])}/{formats.count(row['n_valid'])}"
    if is_census(row):
        return say(language, f"{share}（{base}，全部作答）", f"{share} ({base}, everyone answered)")
    between = formats.interval(row["low"], row["high"], language, bar=result.bar)
    width = formats.level(result.level)
    return say(
        language,
        f"{share}（{base}，{width} 区间 {between}）",
        f"{share} ({base}, {width} interval {between})",
    )


def base(row: Row, result: Satisfaction, language: Language) -> str:
    """Give what a rate rests on: ``21/22 人，95% 区间 86.7%～96.7%``, or that everyone answered.

    Examples
    --------
    >>> result = Satisfaction(pd.DataFrame(), (), "0.9", 0.95, "exact", 5, ())
    >>> unit = {"population": 9, "n_satisfied": 6, "n_valid": 6, "low": 0.667, "high": 1.0}
    >>> base(unit, result, "zh"), base(unit | {"population": 6}, result, "zh")
    ('6/6 人，95% 区间 66.7%～100.0%', '6/6 人，普查')
    """
    counts = f"{formats.count(row['n_satisfied'])}/{formats.count(row['n_valid'])}"
    if is_census(row):
        between = vocabulary.census(language)
    else:
        ends = formats.interval(row["low"], row["high"], language, bar=result.bar)
        width = formats.level(result.level)
        between = say(language, f"{width} 区间 {ends}", f"{width} interval {ends}")
    return say(language, f"{counts} 人，{between}", f"{counts}, {between}")


def is_census(row: Row) -> bool:
    """Say whether everyone on the roster gave a valid answer."""
    return formats.present(row["population"]) and row["population"] == row["n_valid"]


def has_roster(result: Satisfaction) -> bool:
    """Say whether the number of people is known for any unit."""
    return bool(result.frame["population"].notna().any())


def has_breakdown(findings: Findings) -> bool:
    """Say whether any figure of the breakdown by dimension is shown."""
    return findings.drivers is not None and not findings.drivers.status.startswith("none")


def branch_name(row: Row) -> str:
    """Give a row's branch as text."""
    return str(row["branch"])
