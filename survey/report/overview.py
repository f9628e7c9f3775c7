"""The overview of a province: its universities side by side, of what their own reports publish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.columns import bounds_column, label
from survey.report.document import Column, Document, Section, Table, Text
from survey.results import Findings
from survey.vocabulary import VERDICTS

LONG = 20  # rows from which on a table is searched


def compose(
    reports: Mapping[str, Findings],
    without: Sequence[str],
    *,
    unit: str,
    title: str,
    language: Language = "zh",
) -> Document:
    """Put the units of one grouping side by side.

    Parameters
    ----------
    reports : mapping of str to Findings
        By unit, each under the privacy rule; of nothing else is anything told.
    without : sequence of str
        Units with too few answers for a report.
    unit : str
        Name of the grouping, such as 学校.
    title : str
        Title of the overview.
    language : {"zh", "en"}
        Language of the document.
    """
    rows = pd.DataFrame([_row(name, found, language) for name, found in reports.items()])
    rest = pd.DataFrame({"name": [*without], "verdict": "withheld", "joint": ""})
    frame = pd.concat([rows, rest], ignore_index=True)
    any_report = next(iter(reports.values()))
    alpha, bar = any_report.tables[()].alpha, any_report.questionnaire.bar
    counted = [
        f"{vocabulary.verdict(v, language)} {(frame['verdict'] == v).sum()}" for v in VERDICTS
    ]
    of_branches = [f"{vocabulary.verdict(v, language)} {int(frame[v].sum())}" for v in VERDICTS]
    comma = say(language, "、", ", ")
    lead = say(
        language,
        "{unit}共 {n} 个：{told}。支部共 {branches} 个：{of_branches}。",
        "{n} units: {told}. {branches} branches: {of_branches}.",
        unit=unit,
        n=len(frame),
        told=comma.join(counted),
        branches=int(frame[[*VERDICTS]].sum().sum()),
        of_branches=comma.join(of_branches),
    )
    note = say(
        language,
        "每一行都是该单位自己的报告所公布的数字，各支部见其报告。单位很多时，单凭偶然也会有高有低："
        "请看上下限和判定，不要按满意率排名次。",
        "Every row holds what the unit's own report publishes, where its branches are told of. "
        "Among many units some are high and some low by chance: read bounds and verdicts, and rank "
        "nobody by the rate.",
    )
    columns = (
        Column("name", unit),
        Column("population", label("population", language), "count"),
        Column("n_valid", label("n_valid", language), "count"),
        Column("response_rate", label("response_rate", language), "share"),
        Column("rate", label("rate", language), "share", bar=bar),
        bounds_column(alpha, language, bar),
        Column("verdict", label("verdict", language), "verdict"),
        Column("joint", label("verdict_joint", language), minor=True),
    )
    named = {v: vocabulary.verdict(v, language) for v in VERDICTS}
    counts = (Column("name", unit), *(Column(v, text, "count") for v, text in named.items()))
    heading = say(language, f"各{unit}", "Units")
    table = Table("units", heading, heading, frame, columns, searchable=True)
    below = say(language, f"各{unit}的支部", "Branches of units")
    branches = Table("branches", below, below, rows, counts, searchable=len(rows) > LONG)
    blocks = (Text(lead, "lead"), table, Text(note, "note"), branches)
    sections = [Section("units", heading, blocks)]
    dimensions = _dimensions(reports, language)
    if dimensions is not None:
        sections.append(_breakdown(dimensions, unit, language))
    title = say(language, "{title}：总览", "{title}: overview", title=title)
    byline = (formats.date(any_report.created, language),)
    return Document(title, byline, tuple(sections), language)


def _row(name: str, found: Findings, language: Language) -> dict[str, object]:
    """Give what a report says of its unit and its branches."""
    whole = found.tables[()].frame.iloc[0]
    told = ("population", "n_valid", "response_rate", "rate", "lower", "upper")
    verdicts = found.tables["branch",].frame["verdict"].value_counts()
    return {
        "name": name,
        **{key: whole[key] for key in told},
        "verdict": whole["verdict"],
        "joint": vocabulary.joint(whole.get("verdict_joint", whole["verdict"]), language),
        **{verdict: int(verdicts.get(verdict, 0)) for verdict in VERDICTS},
    }


def _dimensions(reports: Mapping[str, Findings], language: Language) -> pd.DataFrame | None:
    """Give the points that go with each dimension in every unit; None where no unit has any."""
    titles = "title" if language == "zh" else "title_en"
    rows = {
        name: found.drivers.frame.set_index(titles)["contribution"]
        for name, found in reports.items()
        if found.drivers is not None and not found.drivers.status.startswith("none")
    }
    return pd.DataFrame(rows).T.rename_axis("name").reset_index() if rows else None


def _breakdown(frame: pd.DataFrame, unit: str, language: Language) -> Section:
    heading = say(language, f"各{unit}不满意的构成", "What dissatisfaction goes with, by unit")
    told = say(
        language,
        "与各维度评分低于“满意”相联系的不满意率（百分点）；区间和先后见各单位的报告，作不出分解的单位不列。"
        "这是回答之间的关联，不能证明因果。",
        "Points of the rate of dissatisfaction that go with ratings below satisfied; intervals and "
        "order stand in the units' reports, and units without a breakdown are not listed. These "
        "are associations of answers and prove no cause.",
    )
    columns = [Column("name", unit), *(Column(str(c), str(c), "points") for c in frame.columns[1:])]
    table = Table(
        "dimensions", heading, heading, frame, tuple(columns), searchable=len(frame) > LONG
    )
    return Section("dimensions", heading, (Text(told, "body"), table))
