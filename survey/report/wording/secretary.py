"""What a branch's secretary reads: the verdict and what it means, without statistics."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.texts import sentence
from survey.report.wording.phrases import (
    Row,
    fraction,
    is_census,
    lacking,
    quoted_all,
)
from survey.results import Satisfaction


def headline(row: Row, result: Satisfaction, language: Language = "zh") -> str:
    """Give the verdict and the rate, or that there is none, in a few words."""
    if row["reason"] == "few":
        return sentence(language, "secretary.not_judged_few", least=result.min_cell)
    if row["verdict"] == "withheld":
        return sentence(language, "secretary.not_judged")
    name = vocabulary.verdict(row["verdict"], language)
    if not formats.present(row["rate"]):
        return name
    rate, counts = formats.percent(row["rate"], bar=result.bar), fraction(row, language)
    return sentence(language, "secretary.headline", verdict=name, rate=rate, counts=counts)


def meaning(row: Row, result: Satisfaction, language: Language = "zh") -> str:
    """Say what the verdict means, and how many answers it rests on."""
    goal, n = formats.bar(result.bar), formats.count(row["n_valid"])
    code = row["verdict"]
    if code == "withheld":
        return _why_withheld(row, result, language)
    if not row["n_valid"]:
        return sentence(language, "secretary.nobody")
    basis = sentence(language, "secretary.basis_alone", n=n)
    if formats.present(row["population"]):
        N, share = formats.count(row["population"]), formats.percent(row["response_rate"])
        basis = sentence(language, "secretary.basis", N=N, n=n, share=share)
    if code == "inconclusive":
        return sentence(language, "secretary.inconclusive", basis=basis, goal=goal)
    text = sentence(language, f"secretary_judged.{code}", goal=goal)
    if is_census(row):
        return sentence(language, "secretary.census", n=n, text=text)
    error = formats.level(result.alpha)
    return sentence(language, "secretary.meaning", basis=basis, text=text, error=error)


def _why_withheld(row: Row, result: Satisfaction, language: Language) -> str:
    n, least = formats.count(row["n_valid"]), result.min_cell
    promise = sentence(language, "secretary.promise")
    if row["reason"] == "partner":
        return sentence(language, "secretary.partner", n=n, promise=promise)
    return sentence(language, "secretary.few", n=n, least=least, promise=promise)


def next_steps(
    row: Row,
    result: Satisfaction,
    more: int | None,
    lowest: pd.Series[str],
    language: Language = "zh",
) -> tuple[str, ...]:
    """Say what is to be done next.

    Parameters
    ----------
    more : int or None
        Further answers that would let a withheld branch be shown, see `survey.privacy.rule`.
    lowest : Series of str
        Titles of the indicators with the lowest rates; empty where none are shown.
    """
    if row["verdict"] == "withheld":
        return _to_be_shown(row, more, language)
    steps = [_more_answers(row, result, language)]
    named = quoted_all(lowest, language)
    if named:
        listen = sentence(language, "secretary.listen", named=named)
        act = sentence(language, "secretary.act")
        keep = say(language, "，保持已有的做法。", "; keep what works.")
        steps.append(listen + (keep if row["verdict"] == "meets" else act))
    if formats.number(row["response_rate"]) < vocabulary.LOW_RESPONSE:
        steps.append(sentence(language, "secretary.low_response"))
    return tuple(step for step in steps if step)


def documents(proofs: pd.DataFrame | None, language: Language = "zh") -> tuple[str, ...]:
    """Say which of the standard's minimums the branch's documents do not prove.

    Parameters
    ----------
    proofs : DataFrame or None
        The branch's rows of `Evidence.frame`; None where no workbook was given.
    """
    if proofs is None:
        return ()
    late = lacking(proofs, language)
    if not late:
        return (sentence(language, "secretary.all_proved", n=len(proofs)),)
    return (sentence(language, "secretary.documents", late=late),)


def _more_answers(row: Row, result: Satisfaction, language: Language) -> str:
    """Say which answers would decide an open verdict."""
    if row["verdict"] == "inconclusive" and not formats.present(row["population"]):
        return sentence(language, "secretary.no_roster")
    silent = formats.number(row["population"]) - formats.number(row["n_valid"])
    if row["verdict"] != "inconclusive" or not silent > 0:
        return ""
    own = replace(result, frame=pd.DataFrame([row]))
    needed, rate = own.needed().iloc[0], formats.level(float(result.supposed))
    if needed <= row["n_valid"]:
        far = "all_roles" if row["estimator"] == "stratified" else "far"
        key = "near" if row["reason"] == "near_bar" else far
        return sentence(language, f"secretary.{key}")
    return sentence(
        language,
        "secretary.more_answers",
        silent=formats.count(silent),
        rate=rate,
        needed=formats.count(needed),
    )


def _to_be_shown(row: Row, more: int | None, language: Language) -> tuple[str, ...]:
    if more is None:
        return (sentence(language, "secretary.unnamed"),)
    if row["reason"] == "partner":
        return (sentence(language, "secretary.once_partner"),)
    silent = formats.number(row["population"]) - formats.number(row["n_valid"])
    if silent < more:
        return (
            sentence(language, "secretary.too_few_left", more=more, silent=formats.count(silent)),
        )
    return (sentence(language, "secretary.to_be_shown", more=more),)


def against(n_apart: int, n: int, language: Language = "zh") -> str:
    """Say how many of the indicators differ from the university's beyond chance.

    Parameters
    ----------
    n_apart, n : int
        Indicators whose bounds exclude the university's rate, and all that are shown.
    """
    if n_apart:
        return sentence(language, "secretary.apart", n=n, n_apart=n_apart)
    return sentence(language, "secretary.none_apart", n=n)
