"""The nine sections of the report, in order: conclusion first, then the evidence."""

from __future__ import annotations

import dataclasses

from survey.errors import Language
from survey.report import companions, driver_tables, first_screen, item_tables, scores, tables
from survey.report.document import (
    Block,
    Bullets,
    Document,
    Picture,
    Section,
    Table,
    Terms,
    Text,
)
from survey.report.translation import translate
from survey.report.wording import branches, breakdown, breakdown_notes, conclusion, methods, quality
from survey.report.wording.phrases import has_roster, rows, satisfied, say
from survey.results import Drivers, Findings


def compose(findings: Findings, language: Language = "zh") -> Document:
    """Put a survey's findings into sections of sentences, tables and charts.

    Parameters
    ----------
    findings : Findings
        Everything that is published together.
    language : {"zh", "en"}
        Language of the report.

    Returns
    -------
    Document
        What `html`, `word` and `workbook` render. A section that has nothing to show says in one
        sentence why.
    """
    findings = translate(findings, language)
    questionnaire = findings.questionnaire
    about = say(language, questionnaire.title, questionnaire.title_en or questionnaire.title)
    subtitle = say(language, f"{about}　·　{findings.created}", f"{about} · {findings.created}")
    parts = (
        ("conclusion", say(language, "结论", "Conclusion"), first_screen.compose),
        ("branches", say(language, "各支部满意率", "Satisfaction by branch"), _branches),
        (
            "nonresponse",
            say(language, "回收率与未回收的影响", "Response rates and the silent"),
            _nonresponse,
        ),
        (
            "roles",
            say(language, "党员与师生员工", "Members, and staff and students"),
            _roles,
        ),
        *(
            (("groupings", say(language, "其他分组", "Further groupings"), _groupings),)
            if findings.further
            else ()
        ),
        ("drivers", say(language, "不满意的构成", "What dissatisfaction goes with"), _drivers),
        ("items", say(language, "分项指标", "Indicators"), _items),
        ("comparison", say(language, "多支部比较", "Branches compared"), _comparison),
        *(
            (("scores", say(language, "记分与判定", "Scores and verdicts"), scores.compose),)
            if findings.scores is not None
            else ()
        ),
        ("quality", say(language, "问卷质量", "Quality of the answers"), _quality),
        ("methods", say(language, "方法与局限", "Methods and limits"), _methods),
    )
    return Document(
        findings.title,
        subtitle,
        tuple(Section(name, title, make(findings, language)) for name, title, make in parts),
        language,
    )


def _branches(findings: Findings, language: Language) -> tuple[Block, ...]:
    result = findings.tables["branch",]
    table = tables.satisfaction(
        result,
        name="branches",
        sheet=say(language, "各支部", "Branches"),
        caption=say(language, "各支部的满意率与判定", "Satisfaction and verdict by branch"),
        language=language,
    )
    title = say(language, "各支部满意率、区间与标准", "Satisfaction by branch with the bar")
    return (
        Text(conclusion.verdict_counts(result, language)),
        Text(satisfied(result, language), "note"),
        Picture("caterpillar", title, "caterpillar", result, "branches"),
        table,
    )


def _nonresponse(findings: Findings, language: Language) -> tuple[Block, ...]:
    result = findings.tables["branch",]
    if not has_roster(result):
        return (Text(quality.not_there("nonresponse", language), "note"),)
    (row,) = rows(findings.tables[()].frame)
    texts = (
        quality.response(result, language),
        branches.nonresponse(row, findings.tables[()], language),
        quality.fragile(result, language),
    )
    return (
        *(Text(text) for text in texts if text),
        Picture(
            "response_rates",
            say(language, "各支部回收率", "Response rates by branch"),
            "response_rates",
            result,
            "nonresponse_table",
        ),
        Picture(
            "nonresponse",
            say(language, "未回收对满意率的可能影响", "What the silent could change"),
            "nonresponse",
            result,
            "nonresponse_table",
        ),
        tables.nonresponse(result, language),
    )


def _groupings(findings: Findings, language: Language) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for number, result in enumerate(findings.further, start=1):
        title = say(language, f"按{result.by[0]}的满意率", f"Satisfaction by {result.by[0]}")
        name = f"grouping_{number}"
        table = tables.satisfaction(
            result, name=name, sheet=result.by[0], caption=title, language=language
        )
        blocks += [Picture(f"caterpillar_{number}", title, "caterpillar", result, name), table]
    return tuple(blocks)


def _roles(findings: Findings, language: Language) -> tuple[Block, ...]:
    if ("role",) not in findings.tables:
        return (Text(quality.not_there("roles", language), "note"),)
    blocks: list[Block] = [
        Bullets(branches.roles(findings.tables["role",], language)),
        Text(satisfied(findings.tables["role",], language), "note"),
    ]
    if ("branch", "role") in findings.tables:
        table = tables.satisfaction(
            findings.tables["branch", "role"],
            name="branch_roles",
            sheet=say(language, "支部与身份", "Branches and roles"),
            caption=say(language, "各支部两类人员的满意率", "Satisfaction by branch and role"),
            language=language,
        )
        title = say(language, "各支部两类人员的满意率", "Satisfaction by branch and role")
        blocks += [
            Picture("roles", title, "roles", findings.tables["branch", "role"], "branch_roles"),
            dataclasses.replace(table, folded=True),
        ]
    return tuple(blocks)


def _drivers(findings: Findings, language: Language) -> tuple[Block, ...]:
    result = findings.drivers
    if result is None:
        return (Text(quality.not_there("drivers", language), "note"),)
    target = breakdown.target_label(findings.questionnaire, result, language)
    texts = (
        breakdown.largest(result, target, language),
        "" if result.status == "sum_only_vif" else breakdown.total(result, language),
        breakdown.pairs(result, language),
        breakdown.floor(result, target, language),
        breakdown_notes.used(result, language),
    )
    blocks: list[Block] = [Text(text) for text in texts if text]
    warnings = breakdown_notes.left_out(result, language), *breakdown_notes.flags(result, language)
    blocks += [Text(text, "warning") for text in warnings if text]
    blocks.append(Text(say(language, *breakdown_notes.ASSOCIATION), "note"))
    if shown(result):
        blocks += _driver_evidence(result, language)
    return tuple(blocks)


def shown(result: Drivers) -> bool:
    """Say whether the contribution of any dimension may be shown."""
    return bool(result.frame["contribution"].notna().any())


def _driver_evidence(result: Drivers, language: Language) -> list[Block]:
    blocks: list[Block] = [
        Picture(
            "waterfall",
            say(language, "不满意率的构成", "How the dissatisfaction rate is made up"),
            "waterfall",
            result,
            "drivers_table",
        ),
        driver_tables.drivers(result, language),
        Text(say(language, *breakdown_notes.COMPANIONS), "note"),
        *companions.sensitivity(result, language),
    ]
    if not result.branch_totals["withheld"].astype(bool).all():
        blocks += [
            Picture(
                "dimension_map",
                say(language, "各支部、各维度与全校相比", "Branches by dimensions"),
                "dimension_map",
                result,
                "driver_branches",
            ),
            driver_tables.driver_branches(result, language),
        ]
    if result.items["contribution"].notna().any():
        blocks += [
            Picture(
                "item_forest",
                say(language, "各指标相联系的不满意率", "Dissatisfaction by item"),
                "item_forest",
                result,
                "driver_items",
            ),
            Text(breakdown_notes.of_items(result, language), "note"),
            driver_tables.driver_items(result, language),
        ]
    return blocks


def _items(findings: Findings, language: Language) -> tuple[Block, ...]:
    result = findings.items
    if result is None:
        return (Text(quality.not_there("items", language), "note"),)
    alpha = findings.tables["branch",].alpha
    title = say(language, "各项指标的回答", "Answers to every item")
    blocks: list[Block] = [
        Text(quality.items(result, language)),
        Picture("item_bars", title, "item_bars", result, "items_table"),
        item_tables.items(result, alpha, language),
        item_tables.answers(result, language),
    ]
    if findings.questionnaire.source:
        blocks.append(
            item_tables.scorecard(findings.questionnaire, result, findings.tables[()], language)
        )
    return tuple(blocks)


def _comparison(findings: Findings, language: Language) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if findings.ranking is None:
        blocks.append(Text(quality.not_there("ranking", language), "note"))
    else:
        blocks.append(Text(quality.ranking(findings.ranking, language)))
    if len(findings.tables["branch",].frame) > 1:
        title = say(language, "满意率与有效回答人数（漏斗图）", "Funnel plot")
        blocks.append(Picture("funnel", title, "funnel", findings.tables["branch",], "branches"))
    if findings.ranking is not None:
        title = say(language, "名次的区间", "Ranks with intervals")
        blocks += [
            Picture("ranks", title, "ranks", findings.ranking, "ranking"),
            tables.ranking(findings.ranking, language),
        ]
    return tuple(blocks)


def _quality(findings: Findings, language: Language) -> tuple[Block, ...]:
    blocks: list[Block] = [
        Text(quality.rows_read(findings, language)),
        Text(quality.flagged(findings, language)),
    ]
    if findings.strict is None:
        blocks.append(Text(quality.not_there("strict", language), "note"))
    else:
        blocks.append(Text(quality.strict(findings.strict, language)))
    if len(findings.removed) + len(findings.flagged):
        blocks.append(tables.screening(findings, language))
    if findings.reliability is None:
        blocks.append(Text(quality.not_there("reliability", language), "note"))
        return tuple(blocks)
    title = say(language, "各维度的信度", "Reliability by dimension")
    return (
        *blocks,
        Text(quality.reliability(findings.reliability, language)),
        Picture("reliability", title, "reliability", findings.reliability, "reliability_table"),
        tables.reliability(findings.reliability, language),
    )


def _methods(findings: Findings, language: Language) -> tuple[Block, ...]:
    files: Table = tables.files(findings, language)
    source = findings.questionnaire.source
    standard = say(language, f"标准依据：{source}。", f"Standard: {source}.") if source else ""
    return (
        Bullets(methods.method(findings, language)),
        Text(say(language, "局限", "Limits"), "heading"),
        Bullets(methods.limits(findings, language)),
        Text(say(language, "名词", "Terms"), "heading"),
        Terms(methods.definitions(findings, language)),
        *(companions.regression(findings.drivers, language) if findings.drivers else ()),
        *(companions.companions(findings.drivers, language) if findings.drivers else ()),
        Text(say(language, "来源", "Provenance"), "heading"),
        Text(quality.rows_read(findings, language)),
        Text(standard),
        files,
        Text(methods.options(findings, language), "note"),
    )
