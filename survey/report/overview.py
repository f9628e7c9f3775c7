"""The overview of a province: its universities side by side, of what their own reports publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.document import Column, Document, Picture, Section, Table, Text
from survey.report.sections import groups
from survey.report.tables import bounds_column, columns, label, picture, table
from survey.report.texts import sentence
from survey.results import Drivers, Findings, Satisfaction
from survey.vocabulary import VERDICTS

_TOLD = "population", "n_valid", "response_rate", "rate", "lower", "upper", "verdict"
LONG = 20  # rows from which on a table is searched


@dataclass(frozen=True)
class Told:
    """What the overview tells of one unit: nothing but what its own report publishes."""

    name: str
    whole: Satisfaction  # of all its people
    groupings: tuple[Satisfaction, ...]  # of what lies between it and its branches: colleges
    verdicts: Mapping[str, int]  # how many of its branches have each verdict
    drivers: Drivers | None  # its breakdown, where it has one
    created: str


def told(name: str, found: Findings) -> Told:
    """Take from a unit's report what the overview tells."""
    made = found.drivers
    return Told(
        name,
        found.tables[()],
        found.further,
        vocabulary.tally(found.tables["branch",].frame["verdict"]),
        None if made is None or made.status.startswith("none") else _slim(made),
        found.created,
    )


def _slim(made: Drivers) -> Drivers:
    """Leave out what is told of branches."""
    return replace(made, branches=made.branches.head(0), branch_totals=made.branch_totals.head(0))


def compose(
    reports: Sequence[Told],
    without: Sequence[str],
    *,
    unit: str,
    title: str,
    language: Language = "zh",
) -> Document:
    """Put the units of one grouping side by side.

    Parameters
    ----------
    without : sequence of str
        Units with too few answers for a report.
    unit : str
        Name of the grouping, such as 学校.
    """
    whole = _beside({one.name: one.whole for one in reports}, unit)
    groupings = [*_groupings(reports, unit)]
    sections = [
        Section(
            "units",
            say(language, "各{unit}的满意率", "Satisfaction", unit=unit),
            (
                *_lead(reports, groupings, without, unit, language),
                *_pictures(whole, language),
                *_tables(reports, whole, without, unit, language),
            ),
        ),
        *(
            Section(
                f"grouping_{number}",
                sentence(language, "caption.grouping", by=made.by[-1]),
                (
                    *groups.grouping(made, number, language),
                    _funnel(made, f"funnel_{number}", f"grouping_{number}", language),
                ),
            )
            for number, made in enumerate(groupings, start=1)
        ),
    ]
    if any(one.drivers for one in reports):
        sections.append(_breakdown(reports, unit, language))
    title = say(language, "{title}：总览", "{title}: overview", title=title)
    byline = (formats.date(reports[0].created, language),)
    return Document(title, byline, tuple(sections), language)


def _beside(tables: Mapping[str, Satisfaction], unit: str) -> Satisfaction:
    """Put the tables of several units under each other."""
    one = next(iter(tables.values()))
    parts = [table.frame.assign(**{unit: name}) for name, table in tables.items()]
    return replace(one, frame=pd.concat(parts, ignore_index=True), by=(unit, *one.by))


def _groupings(reports: Sequence[Told], unit: str) -> Iterator[Satisfaction]:
    """Put the colleges of all units under each other, and so for every grouping."""
    tables = [(one.name, own) for one in reports for own in one.groupings]
    for by in dict.fromkeys(own.by for _, own in tables):
        yield _beside({name: own for name, own in tables if own.by == by}, unit)


def _lead(
    reports: Sequence[Told],
    groupings: Sequence[Satisfaction],
    without: Sequence[str],
    unit: str,
    language: Language,
) -> tuple[Text, ...]:
    """Count the verdicts on units, on what lies within them, and on their branches."""
    of_units = [
        *(one.whole.frame["verdict"].iloc[0] for one in reports),
        *["withheld"] * len(without),
    ]
    branches = {code: sum(one.verdicts[code] for one in reports) for code in VERDICTS}
    levels = [
        (unit, vocabulary.tally(of_units)),
        *((made.by[-1], vocabulary.tally(made.frame["verdict"])) for made in groupings),
        (vocabulary.column("branch", language), branches),
    ]
    comma = say(language, "、", ", ")
    told = [
        sentence(
            language,
            "overview.verdicts",
            level=level,
            n=sum(tally.values()),
            told=comma.join(f"{vocabulary.verdict(v, language)} {tally[v]}" for v in VERDICTS),
        )
        for level, tally in levels
    ]
    note = sentence(language, "overview.rows")
    return Text(say(language, "", " ").join(told), "lead"), Text(note, "note")


def _pictures(whole: Satisfaction, language: Language) -> tuple[Picture, ...]:
    """Show all units against the bar, and which of them differ from the others beyond chance."""
    if len(whole.frame) < 2:
        return ()
    bars = picture(language, "caterpillar", whole, "units", text="units")
    return bars, _funnel(whole, "funnel", "units", language)


def _funnel(made: Satisfaction, name: str, data: str, language: Language) -> Picture:
    title = sentence(language, "overview.funnel")
    return Picture(name, title, "funnel", made, data, {"around": "mean"})


def _tables(
    reports: Sequence[Told],
    whole: Satisfaction,
    without: Sequence[str],
    unit: str,
    language: Language,
) -> tuple[Table, ...]:
    """List the units with bounds and verdicts, then the verdicts on their branches."""
    bar = whole.bar
    frame = whole.frame.assign(name=whole.frame[unit], joint=_joint(whole.frame, language))
    rest = pd.DataFrame({"name": [*without], "verdict": "withheld", "joint": ""})
    shown: tuple[str | Column, ...] = (
        Column("name", unit),
        *("population", "n_valid", "response_rate"),
        *columns(language, "rate", bar=bar),
        bounds_column(whole.alpha, language, bar),
        "verdict",
        Column("joint", label("verdict_joint", language), minor=True),
    )
    told = frame[["name", *_TOLD, "joint"]]
    rows = pd.concat([told, rest], ignore_index=True) if len(rest) else told
    verdicts = pd.DataFrame([{"name": one.name, **one.verdicts} for one in reports])
    counts = (
        Column("name", unit),
        *(Column(v, vocabulary.verdict(v, language), "count") for v in VERDICTS),
    )
    is_long = len(verdicts) > LONG
    return (
        table(language, "units", rows, shown, searchable=True, by=unit),
        table(
            language,
            "branches",
            verdicts,
            counts,
            text="unit_branches",
            searchable=is_long,
            by=unit,
        ),
    )


def _joint(frame: pd.DataFrame, language: Language) -> list[str]:
    codes = frame["verdict_joint"] if "verdict_joint" in frame else frame["verdict"]
    return [vocabulary.joint(code, language) for code in codes.fillna(frame["verdict"])]


def _breakdown(reports: Sequence[Told], unit: str, language: Language) -> Section:
    """Show dimensions by unit, and which one stands first where that can be told."""
    titles = "title" if language == "zh" else "title_en"
    made = {one.name: one.drivers for one in reports if one.drivers is not None}
    points = {name: own.frame.set_index(titles)["contribution"] for name, own in made.items()}
    frame = pd.DataFrame(points).T.rename_axis("name").reset_index()
    dimensions = [str(column) for column in frame.columns[1:]]
    frame["first"] = [_first(own, titles) for own in made.values()]
    body = sentence(language, "overview.dimensions")
    tally = frame["first"].value_counts().drop("", errors="ignore")
    listed = say(language, "、", ", ").join(f"{name} {n}" for name, n in tally.items())
    differs = sentence(
        language,
        "overview.largest",
        n=len(frame),
        unit=unit,
        k=int(tally.sum()),
        listed=say(language, "（{listed}）", " ({listed})", listed=listed) if listed else "",
    )
    shown = (
        Column("name", unit),
        *(Column(name, name, "points") for name in dimensions),
        Column("first", label("first", language), minor=True),
    )
    is_long = len(frame) > LONG
    listing = table(
        language, "dimensions", frame, shown, text="unit_dimensions", searchable=is_long, by=unit
    )
    return Section(
        "dimensions", listing.caption, (Text(differs, "lead"), Text(body, "body"), listing)
    )


def _first(own: Drivers, titles: str) -> str:
    """Name the dimension that is larger than every other beyond chance; empty where none is."""
    known = own.frame.dropna(subset="contribution")
    beaten = own.order.groupby("first")["second"].nunique()
    best = beaten[beaten == len(known) - 1]
    return "" if best.empty else str(own.frame.set_index("dimension").at[best.index[0], titles])
