"""Annex: how the figures are made, what they cannot say, what the words mean, what was read."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from questionnaires.language import say
from survey import formats
from survey.errors import Language
from survey.readers.platforms.detection import platforms
from survey.report.document import Block, Bullets, Table, Terms, Text
from survey.report.sections import breakdown, quality
from survey.report.tables import table
from survey.report.texts import sentence, texts
from survey.report.wording.phrases import has_breakdown, has_roster, p_is, quoted
from survey.results import Drivers, Findings

OPTIONS: dict[str, tuple[str, str]] = {
    "bar": ("标准", "bar"),
    "level": ("置信水平", "level"),
    "min_cell": ("最小公布人数", "minimum cell"),
    "seed": ("随机种子", "seed"),
}


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Say how everything was done."""
    source = findings.questionnaire.source
    standard = say(language, f"标准依据：{source}。", f" Standard: {source}.") if source else ""
    return (
        Bullets(method(findings, language)),
        Text(say(language, "局限", "Limits"), "heading"),
        Bullets(limits(findings, language)),
        Text(say(language, "名词", "Terms"), "heading"),
        Terms(definitions(findings, language)),
        Text(say(language, "来源", "Provenance"), "heading"),
        Text(quality.rows_read(findings, language) + standard),
        files(findings, language),
        Text(options(findings, language), "note"),
    )


def method(findings: Findings, language: Language = "zh") -> tuple[str, ...]:
    """Say how rates, intervals, verdicts and the breakdown are computed."""
    result = findings.tables["branch",]
    rostered, by_role = has_roster(result), "verdict_joint" in findings.tables[()].frame
    goal, least = formats.bar(result.bar), result.min_cell
    is_said = {
        "estimates_by_role": by_role,
        "estimates": rostered and not by_role,
        "estimates_without_roster": not (rostered or by_role),
        "verdict": True,
        "every_role": "verdict_joint" in result.frame,
        "university": rostered,
        "silent": rostered,
        "breakdown": has_breakdown(findings),
        "comparison": findings.ranking is not None,
        "reliability": findings.reliability is not None,
        "anonymity": True,
    }
    bar = "methods.bar_in_people" if rostered else "methods.bar_binomial"
    slots = {
        "sure": formats.level(1 - result.alpha),
        "goal": goal,
        "bar": sentence(language, bar, goal=goal),
        "least": least,
        "twice": 2 * least,
        "others": least - 1,
        "more": _breakdown(findings.drivers, language) if findings.drivers else "",
    }
    return tuple(
        sentence(language, f"methods.{name}", **slots) for name, said in is_said.items() if said
    )


def _breakdown(drivers: Drivers, language: Language) -> str:
    """Say how slopes and intervals are made, and what becomes of blanks."""
    if drivers.status.startswith("none"):
        return ""
    imputed, few = drivers.summary.get("share_blank"), {"few_clusters", "no_intervals"}
    clustered = "methods.few_clusters" if few & set(drivers.flags) else "methods.clustered"
    blank = ""
    if formats.present(imputed) and formats.number(imputed) > 0:
        blank = sentence(language, "methods.blanks", share=formats.percent(imputed))
    own = formats.present(drivers.summary.get("p_same_slopes"))
    parts = (
        sentence(language, f"breakdown_weights.{drivers.summary['estimator']}"),
        _borrowed(drivers, language),
        sentence(language, "methods.own_slopes") if own else "",
        sentence(language, clustered),
        blank,
    )
    return "".join(parts)


def _estimator(findings: Findings) -> str:
    """Give the code of the weights of the breakdown; empty without one."""
    return "" if findings.drivers is None else findings.drivers.summary["estimator"]


def _borrowed(drivers: Drivers, language: Language) -> str:
    """Say how far the slopes rest on the whole ordered answer; empty where they cannot."""
    p_parallel, shrinkage = drivers.summary.get("p_parallel"), drivers.summary.get("shrinkage")
    if not formats.present(p_parallel) or not formats.present(shrinkage):
        return ""
    p, share = p_is(p_parallel), formats.percent(shrinkage, digits=0)
    if formats.number(shrinkage) == 0:
        return sentence(language, "methods.not_parallel", p=p)
    return sentence(language, "methods.borrowed", p=p, share=share)


def limits(findings: Findings, language: Language = "zh") -> tuple[str, ...]:
    """Say what the figures cannot tell."""
    result, estimator = findings.tables["branch",], _estimator(findings)
    one = ceil(1 / (1 - Fraction(result.bar))) if Fraction(result.bar) < 1 else 0
    parted, rostered = has_breakdown(findings), has_roster(result)
    is_said = {
        "silent": True,
        "one_person": result.frame["population"].dropna().lt(one).any(),
        "association": parted,
        "unweighted": parted and rostered and estimator == "unweighted",
        "poststratified": parted and rostered and estimator == "poststratified",
        "style": parted,
        "pairs": parted,
        "coverage": parted,
    }
    blanks = breakdown.tells_of_blanks(findings.drivers)
    slots = {
        "n": one,
        "goal": formats.bar(result.bar),
        "column": sentence(language, "limits.blanks") if blanks else "",
    }
    return tuple(
        sentence(language, f"limits.{name}", **slots) for name, said in is_said.items() if said
    )


def definitions(findings: Findings, language: Language = "zh") -> tuple[tuple[str, str], ...]:
    """Define the words that the report uses and its first page does not: terms and meanings."""
    labels = quoted(findings.tables["branch",].satisfied_labels, language)
    rostered, by_item = has_roster(findings.tables["branch",]), findings.items is not None
    used = {
        "population": rostered,
        "index": by_item,
        "response_rate": rostered,
        "withheld": any((t.frame["verdict"] == "withheld").any() for t in findings.tables.values()),
    }
    pairs = []
    for name in texts()["term"]:
        if used.get(name, True):
            meaning = sentence(language, f"term_means.{name}", labels=labels)
            if by_item and name in texts()["term_of_item"]:
                meaning += sentence(language, f"term_of_item.{name}")
            pairs.append((sentence(language, f"term.{name}"), meaning))
    return tuple(pairs)


def options(findings: Findings, language: Language = "zh") -> str:
    """List the options of the run that a reader can use; the record of the run holds all."""
    parts = [
        f"{say(language, *words)}{say(language, ' ', ' = ')}{findings.options[name]}"
        for name, words in OPTIONS.items()
        if name in findings.options
    ]
    if not parts:
        return ""
    listed = say(language, "，", ", ").join(parts)
    return say(language, f"本次运行的选项：{listed}。", f"Options of this run: {listed}.")


def files(findings: Findings, language: Language) -> Table:
    """Make the table of input files with their fingerprints."""
    kinds = {"export": ("问卷导出", "export"), "roster": ("名册", "roster")}
    titles = {name: platform.title for name, platform in platforms().items()}
    frame = findings.files.assign(
        kind=[
            say(language, *kinds.get(str(kind), (str(kind), str(kind))))
            for kind in findings.files["kind"]
        ],
        platform=findings.files["platform"].map(titles),
    )
    return table(language, "files", frame, ("file", "kind", "platform", "n_rows", "sha256"))
