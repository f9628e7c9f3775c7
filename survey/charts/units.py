"""Units of a satisfaction result: their names, their order, their verdicts, in words and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survey import formats, vocabulary
from survey.charts import labels, marks, plans

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Satisfaction

_WORST_FIRST = ("below", "inconclusive", "meets", "withheld")
FEW = 3
"""Units up to which each is named in words; they need not be of one kind."""


def names(result: Satisfaction, frame: pd.DataFrame, look: Look) -> list[str]:
    """Name the unit of every row: branch, role, both, or everyone."""
    if not result.by:
        return [look.say("全体", "Everyone")] * len(frame)
    parts = zip(*(frame[column].astype(str) for column in result.by), strict=True)
    return [" · ".join(part) for part in parts]


def noun(result: Satisfaction, look: Look) -> str:
    """Name the kind of units that a result counts."""
    if result.by == ("branch",):
        return look.say("个支部", "branches")
    return look.say("个单位", "units")


def worst_first(frame: pd.DataFrame, look: Look | None = None) -> pd.DataFrame:
    """Sort units below the bar first, the lowest rate first among equals, withheld ones last.

    Examples
    --------
    >>> frame = pd.DataFrame({"verdict": ["meets", "below", "below"], "rate": [0.95, 0.7, 0.6]})
    >>> worst_first(frame)["rate"].tolist()
    [0.6, 0.7, 0.95]
    """
    placed = frame.assign(_place=frame["verdict"].map(_WORST_FIRST.index))
    by = ["_place", "rate"]
    if look is None:
        placed = placed.sort_values(by, kind="stable")
    else:
        placed = look.arrange(placed, by, [True, True])
    return placed.drop(columns="_place").reset_index(drop=True)


def verdict_dots(
    frame: pd.DataFrame, look: Look, *, interval: bool, shift: Any = None, row: Any = None
) -> tuple[marks.Dots, ...]:
    """Make the dots of the verdicts that occur, withheld units left out.

    Parameters
    ----------
    interval : bool
        Whether each has its interval.
    shift, row : array, optional
        As in `marks.Dots`; by default one row a unit.
    """
    made = []
    row = np.arange(len(frame)) if row is None else row
    for code in vocabulary.VERDICTS:
        known = frame["rate"].notna() | (frame["lower"].notna() if interval else False)
        of = ((frame["verdict"] == code) & known).to_numpy()
        if code == "withheld" or not of.any():
            continue
        low, high = ((floats(frame[end])[of] if interval else None) for end in ("lower", "upper"))
        made.append(
            marks.Dots(
                row[of],
                floats(frame["rate"])[of],
                look.colours.verdict(code),
                low,
                high,
                None if shift is None else shift[of],
                gid=f"verdict-{code}",
            )
        )
    return tuple(made)


def verdict_legend(
    dots: tuple[marks.Dots | marks.Curve, ...], look: Look, frame: pd.DataFrame | None = None
) -> tuple[plans.Entry, ...]:
    """Make the legend of the verdicts, with numbers of units of a frame where these are many.

    Units that are not drawn, as nothing but their verdict is known, count like the others.
    """
    counted = frame is not None and len(frame) > FEW
    codes = [of.gid.removeprefix("verdict-") for of in dots]
    tally = vocabulary.tally(frame["verdict"]) if frame is not None else {}
    texts = [vocabulary.verdict(code, look.language) for code in codes]
    rows = zip(texts, codes, dots, strict=True)
    return tuple((f"{text} {tally[code]}" if counted else text, of) for text, code, of in rows)


def floats(column: pd.Series[Any]) -> Any:
    """Give numbers that may be missing as floats."""
    return column.astype("Float64").to_numpy(float, na_value=np.nan)


def rate_scale(least: float, look: Look) -> plans.Scale:
    """Let a scale of rates end at 100 % and begin at 60, 40, 20 or 0 %, below the least value."""
    start = 0.0 if np.isnan(least) else min(0.6, np.floor(5 * least) / 5)
    return plans.Scale(start, 1.0, vocabulary.column("rate", look.language))


def counts(frame: pd.DataFrame, look: Look, hidden: Any) -> plans.Column:
    """Make the column of answers over people."""
    rows = zip(frame["n_valid"], frame["population"], hidden, strict=True)
    texts = ["" if hide else labels.count(n, N) for n, N, hide in rows]
    known = frame["population"].notna().any()
    return plans.column("n/N" if known else vocabulary.column("n_valid", look.language), texts)


def notices(hidden: Any, look: Look) -> list[str]:
    """Say in the rows of withheld units that they are."""
    text = vocabulary.verdict("withheld", look.language)
    return [text if hide else "" for hide in hidden]


def hints(result: Satisfaction, frame: pd.DataFrame, look: Look) -> list[str]:
    """Say of every unit its rate, interval, answers and verdict; of withheld ones only that."""
    language = look.language
    texts = []
    told = frame[["verdict", "rate", "lower", "upper", "population", "n_valid"]].to_dict("records")
    for unit, row in zip(names(result, frame, look), told, strict=True):
        verdict = vocabulary.verdict(row["verdict"], language)
        colon, comma = look.say("：", ": "), look.say("，", ", ")
        if row["verdict"] == "withheld" or pd.isna(row["rate"]):
            texts.append(f"{unit}{colon}{verdict}")
            continue
        rate, low, high = (
            formats.percent(row[name], bar=result.bar) for name in ("rate", "lower", "upper")
        )
        if pd.notna(row["population"]) and row["population"] == row["n_valid"]:
            between = vocabulary.census(language)
        else:
            between = look.say(f"下限 {low}，上限 {high}", f"lower bound {low}, upper bound {high}")
        count = labels.count(row["n_valid"], row["population"])
        parts = [
            f"{vocabulary.column('rate', language)} {rate}",
            between,
            f"{vocabulary.column('n_valid', language)} {count}",
            verdict,
        ]
        texts.append(f"{unit}{colon}{comma.join(parts)}")
    return texts


def row_hints(texts: list[str]) -> plans.Hints:
    """Give every row its hint."""
    return plans.Hints(np.arange(len(texts)), np.array(texts, object))
