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
    standard = say(language, f"标准依据：{source}。", f"Standard: {source}.") if source else ""
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
    goal, sure = formats.bar(result.bar), formats.level(1 - result.alpha)
    texts = [
        sentence(language, "methods.estimates_by_role", sure=sure)
        if "verdict_joint" in findings.tables[()].frame
        else sentence(language, "methods.estimates", sure=sure)
        if has_roster(result)
        else sentence(language, "methods.estimates_without_roster", sure=sure),
        _verdict(has_roster(result), goal, language),
    ]
    if "verdict_joint" in result.frame:
        texts.append(_both_roles(language))
    if has_roster(result):
        texts.append(sentence(language, "methods.university"))
    if has_roster(result):
        texts.append(sentence(language, "methods.silent"))
    if findings.drivers is not None and has_breakdown(findings):
        texts.append(_breakdown(findings.drivers, language))
    if findings.ranking is not None:
        texts.append(sentence(language, "methods.comparison"))
    if findings.reliability is not None:
        texts.append(sentence(language, "methods.reliability"))
    texts.append(
        sentence(
            language,
            "methods.anonymity",
            least=result.min_cell,
            twice=2 * result.min_cell,
            others=result.min_cell - 1,
        )
    )
    return tuple(texts)


def _verdict(rostered: bool, goal: str, language: Language) -> str:
    whole = (
        sentence(language, "methods.bar_in_people", goal=goal)
        if rostered
        else sentence(language, "methods.bar_binomial", goal=goal)
    )
    return whole + sentence(language, "methods.verdict", goal=goal)


def _both_roles(language: Language) -> str:
    return sentence(language, "methods.every_role")


def _breakdown(drivers: Drivers, language: Language) -> str:
    imputed = drivers.summary.get("share_blank")
    blank = (
        sentence(language, "methods.blanks", share=formats.percent(imputed))
        if formats.present(imputed) and formats.number(imputed) > 0
        else ""
    )
    few = {"few_clusters", "no_intervals"} & set(drivers.flags)
    clustered = (
        sentence(language, "methods.few_clusters")
        if few
        else say(language, "区间按支部聚类计算。", "Intervals are clustered by branch.")
    )
    text = sentence(language, "methods.breakdown")
    weights = sentence(language, f"breakdown_weights.{drivers.summary['estimator']}")
    more = _borrowed(drivers, language), _varying(drivers, language), clustered, blank
    return "".join((text, weights, *more))


def _estimator(findings: Findings) -> str:
    """Give the code of the weights of the breakdown; empty without one."""
    return "" if findings.drivers is None else findings.drivers.summary["estimator"]


def _varying(drivers: Drivers, language: Language) -> str:
    """Say that branches have slopes of their own; empty where there are too few to tell."""
    if not formats.present(drivers.summary.get("p_same_slopes")):
        return ""
    return sentence(language, "methods.own_slopes")


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
    texts = [
        sentence(language, "limits.silent"),
    ]
    result = findings.tables["branch",]
    one = ceil(1 / (1 - Fraction(result.bar))) if Fraction(result.bar) < 1 else 0
    if result.frame["population"].dropna().lt(one).any():
        texts.append(sentence(language, "limits.one_person", n=one, goal=formats.bar(result.bar)))
    if has_breakdown(findings):
        texts += [
            sentence(language, "limits.association"),
            *(
                sentence(language, f"limits.{estimator}")
                for estimator in ("unweighted", "poststratified")
                if has_roster(result) and _estimator(findings) == estimator
            ),
            sentence(language, "limits.style"),
            sentence(language, "limits.pairs"),
            sentence(
                language,
                "limits.coverage",
                column=sentence(language, "limits.blanks")
                if breakdown.tells_of_blanks(findings.drivers)
                else "",
            ),
        ]
    return tuple(text for text in texts if text)


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
