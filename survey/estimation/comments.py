"""What the open answers speak of: counts by keywords, and quotations without their writers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from questionnaires import Questionnaire, normalise
from survey import identifiers, privacy
from survey.results import Comments

LEAST = 10
"""Comments from which on they are counted, and least count that is told."""


def comments(
    texts: pd.Series[str],
    questionnaire: Questionnaire,
    *,
    least: int = LEAST,
    quotes: bool = False,
    known: Collection[str] = (),
    decisions: Mapping[str, bool] | None = None,
) -> Comments | None:
    """Count open answers by dimension and indicator, and quote them where asked.

    Names in `known` are masked wherever they occur. With `decisions` of a review a quotation that
    is not in them is not quoted. None where nobody wrote anything.

    Examples
    --------
    >>> import questionnaires
    >>> asked = questionnaires.load("jiangsu-2014")
    >>> found = comments(pd.Series(["网站更新太慢"] * 12 + ["多些志愿活动"] * 11), asked)
    >>> found.n, int(found.frame.set_index("title").loc["网络阵地", "n"])
    (23, 12)
    """
    if texts.empty:
        return None
    masked = identifiers.masked_texts(texts, known)
    n = len(masked)
    about = _themes(questionnaire)
    hits = _hits(masked, about["keywords"].tolist())
    dimensions = about["dimension"].to_numpy()
    frame = pd.concat(
        [
            _counts(part, hits[:, dimensions == id], least)
            for id, part in about.groupby("dimension", sort=False)
        ]
        or [about.assign(n=pd.Series(dtype="Int64"), hidden=pd.Series(dtype="bool"))],
        ignore_index=True,
    )
    is_dimension = frame["number"].isna()
    on_none = int((~hits.any(axis=1)).sum())
    n_dimensions = np.asarray(frame["n"][is_dimension], dtype=np.int64)
    shown = privacy.rule.partition(n_dimensions, on_none, min_cell=least) == ""
    gone = set(frame["dimension"][is_dimension][~shown])
    # what is hidden of a dimension is not to be found among its indicators
    frame["n"] = frame["n"].mask(frame["dimension"].isin(gone) | frame["hidden"] | (n < least))
    return Comments(
        frame=frame.drop(columns=["keywords", "hidden"]),
        n=n if n >= least else None,
        least=least,
        quotes=_quotes(masked, about, hits, decisions) if quotes and n >= least else None,
        is_reviewed=decisions is not None,
    )


def _themes(questionnaire: Questionnaire) -> pd.DataFrame:
    """List the indicators that have keywords, by their items' names where the bar has theirs."""
    titles = {
        indicator.number: questionnaire.item_titles[indicator.items[0].id]
        if indicator.number in questionnaire.measured_by_overall and indicator.items
        else (indicator.title, indicator.title_en or indicator.title)
        for dimension in questionnaire.dimensions
        for indicator in dimension.indicators
    }
    return pd.DataFrame(
        [
            {
                "dimension": dimension.id,
                "dimension_title": dimension.title,
                "dimension_title_en": dimension.title_en or dimension.title,
                "number": indicator.number,
                "title": titles[indicator.number][0],
                "title_en": titles[indicator.number][1],
                "keywords": indicator.keywords,
            }
            for dimension in questionnaire.dimensions
            for indicator in dimension.indicators
            if indicator.keywords
        ],
        columns=[
            *("dimension", "dimension_title", "dimension_title_en", "number", "title", "title_en"),
            "keywords",
        ],
    )


def _hits(texts: pd.Series[str], keywords: Sequence[Collection[str]]) -> NDArray[np.bool_]:
    """Tell which comments hold a keyword of which indicator."""
    plain = texts.map(normalise)
    patterns = ["|".join(re.escape(normalise(word)) for word in words) for words in keywords]
    found = [plain.str.contains(pattern).to_numpy(dtype=bool) for pattern in patterns]
    return np.column_stack(found) if found else np.zeros((len(texts), 0), dtype=bool)


def _counts(part: pd.DataFrame, hits: NDArray[np.bool_], least: int) -> pd.DataFrame:
    """Count one dimension and its indicators; a comment counts once for the dimension."""
    n = hits.sum(axis=0)
    hidden = privacy.rule.partition(n, min_cell=least) != ""
    rows = part.assign(n=n, hidden=hidden)
    whole = rows.head(1).assign(
        number=None,
        title=rows["dimension_title"],
        title_en=rows["dimension_title_en"],
        n=int(hits.any(axis=1).sum()),
        hidden=False,
    )
    both = pd.concat([whole.astype({"number": "Int64"}), rows.astype({"number": "Int64"})])
    return both.astype({"n": "Int64"})


def _quotes(
    masked: pd.Series[str],
    about: pd.DataFrame,
    hits: NDArray[np.bool_],
    decisions: Mapping[str, bool] | None,
) -> pd.DataFrame:
    """Give every distinct comment once, in the order of its text, with the dimensions it is on."""

    def named(column: str, joint: str) -> list[str]:
        titles = about[column].to_numpy()
        return [joint.join(dict.fromkeys(titles[row])) for row in hits]

    frame = pd.DataFrame(
        {
            "text": masked.to_numpy(),
            "theme": named("dimension_title", "、"),
            "theme_en": named("dimension_title_en", ", "),
        }
    ).drop_duplicates("text", ignore_index=True)
    if decisions is None:
        return frame.assign(kept=True)
    # a workbook may have changed white space and widths
    said = {normalise(text): stays for text, stays in decisions.items()}
    return frame.assign(kept=frame["text"].map(normalise).map(said))
