"""What stands beside a breakdown: how much may be shown, who is in it, how to read it."""

from __future__ import annotations

from math import isnan, nan

from analysis.breakdown.withholding import MIN_AT_TARGET
from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.texts import sentence, texts
from survey.report.wording.phrases import p_is, quoted_all
from survey.results import Drivers

DIFFERS = 0.05


def status(drivers: Drivers, language: Language = "zh") -> str:
    """Say how much of the breakdown may be shown and why; empty where all of it is."""
    numbers = [drivers.summary.get(name) for name in ("n_dissatisfied", "n_satisfied")]
    fewer = min((formats.number(n) for n in numbers if n is not None), default=nan)
    n = formats.count(fewer)
    # beside weighted rates no counts are told
    few = say(language, "过少", "few")
    few = few if isnan(fewer) else say(language, f"只有 {n} 人", f"only {n}")
    return sentence(language, f"breakdown_status.{drivers.status}", few=few)


def flags(drivers: Drivers, language: Language = "zh") -> tuple[str, ...]:
    """Say what else a reader of the breakdown must know; nothing where nothing is broken down."""
    if drivers.status.startswith("none"):
        return ()
    of_intervals = {"few_clusters"} if without_intervals(drivers) else set()
    known = texts()
    shown = [f for f in drivers.flags if f in known["breakdown_flag"] and f not in of_intervals]
    if "floor_unsupported" not in drivers.flags and few_at_target(drivers):
        shown.append("floor_unsupported")
    said = [sentence(language, f"breakdown_flag.{flag}") for flag in shown]
    for name in known["breakdown_differs"]:
        p = drivers.summary.get(name)
        if formats.present(p) and formats.number(p) < DIFFERS:
            said.append(sentence(language, f"breakdown_differs.{name}", p=p_is(p)))
    return tuple(said)


def of_items(drivers: Drivers, language: Language = "zh") -> str:
    """Say what figures of items can tell, and of which dimensions they cannot.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> frame = pd.DataFrame({"title": ["甲", "乙"], "p_same_items": [0.001, 0.4]})
    >>> of_items(SimpleNamespace(diagnostics=frame))[-33:]
    '“甲”内各项的分量并不相同（检验），其各项的数值只说明评分的高低。'
    """
    text = sentence(language, "breakdown.items")
    if "p_same_items" not in drivers.diagnostics:
        return text
    unequal = drivers.diagnostics[drivers.diagnostics["p_same_items"] < DIFFERS]
    if unequal.empty:
        return text
    titles = unequal[say(language, "title", "title_en")]
    return text + sentence(language, "breakdown.unequal_items", names=quoted_all(titles, language))


def left_out(drivers: Drivers, language: Language = "zh") -> str:
    """Name the dimensions that are not broken down, and say why; empty where there are none.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> frame = pd.DataFrame({"title": ["服务机制"], "reason": ["not_asked"]})
    >>> left_out(SimpleNamespace(left_out=frame))
    '“服务机制”没有人作答（问卷没有问，或没有对应的列），不在分解之内；其余维度照常分解。'
    """
    left = drivers.left_out
    said = [
        quoted_all(own[say(language, "title", "title_en")], language)
        + sentence(language, f"breakdown_left_out.{reason}")
        for reason in texts()["breakdown_left_out"]
        if len(left) and len(own := left[left["reason"] == reason])
    ]
    return say(language, "", " ").join(said)


def used(drivers: Drivers, language: Language = "zh") -> str:
    """Say how many people the breakdown uses and how many it leaves out, by reason."""
    summary = drivers.summary
    n = formats.count(summary["n_used"])
    base = say(language, f"分解使用 {n} 人的回答", f"The breakdown uses {n} people")
    if "n_dissatisfied" in summary:  # not beside weighted rates
        x, others = (formats.count(summary[name]) for name in ("n_dissatisfied", "n_satisfied"))
        base += sentence(language, "breakdown.dissatisfied", x=x, others=others)
    dropped = summary.get("dropped")
    parts = [
        f"{sentence(language, f'breakdown_unused.{why}')} {formats.count(n)}"
        for why, n in (dropped.items() if isinstance(dropped, dict) else ())
        if n
    ]
    if not parts:
        return base + say(language, "。", ".")
    return base + say(
        language, f"；未使用：{'、'.join(parts)} 人。", f"; left out: {', '.join(parts)}."
    )


def weighted(drivers: Drivers, language: Language = "zh") -> str:
    """Name the weights of the whole in brackets, for a caption; empty where there are none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> weighted(SimpleNamespace(summary={"estimator": "poststratified"}))
    '（按名册加权）'
    """
    name = vocabulary.estimator(drivers.summary["estimator"], language)
    return say(language, f"（{name}）", f" ({name})") if name else ""


def without_intervals(drivers: Drivers) -> bool:
    """Say whether the intervals are withheld, as there are too few branches."""
    return "no_intervals" in drivers.flags


def few_at_target(drivers: Drivers) -> bool:
    """Say whether too few people rate every item at the target for the floor to mean them."""
    n_full = drivers.summary.get("n_full")
    return formats.present(n_full) and formats.number(n_full) < MIN_AT_TARGET
