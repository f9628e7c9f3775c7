"""A report of every unit of a grouping, such as the universities of a province, and their overview.

Units are cut from what was read, one after another, and every core writes reports of its own: no
more of them are held than cores are at work. Their charts stand in page and Word alone: as files of
their own those of a province would take a gigabyte.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from survey import output, settings
from survey.errors import Language, UsageError
from survey.parallel import in_parallel, processors
from survey.roster import JOINT, Roster
from survey.text import translated
from survey.workflow import gathering
from survey.workflow.publishing import write
from survey.workflow.survey import Survey

if TYPE_CHECKING:
    import pandas as pd

    from survey.report.branch_pages import Form
    from survey.report.overview import Told
    from survey.report.paper import Style
    from survey.workflow.answers import Progress


@dataclass(frozen=True)
class _Report:
    """How the report of every unit is written."""

    finding: Mapping[str, Any]
    language: Language
    per_branch: Form | None
    style: Style
    font: str


def write_each(
    survey: Survey,
    unit: str,
    work: Path,
    *,
    finding: Mapping[str, Any],
    language: Language = "zh",
    per_branch: Form | None = None,
    style: Style = "plain",
    progress: Progress | None = None,
    workers: int | None = None,
) -> None:
    """Write a report of every unit of a grouping, and the overview of what they publish.

    Parameters
    ----------
    survey : Survey
        All units.
    unit : str
        The grouping, such as 学校.
    work, language, per_branch, style, progress
        As for `survey.workflow.publishing.write`; every unit has a folder of its own.
    finding : mapping
        Arguments of `Survey.findings`.
    workers : int, optional
        Processes; one a processor by default, and one for a single unit.

    Raises
    ------
    UsageError
        If no unit has enough answers for a report.
    """
    from survey import report
    from survey.report import overview
    from survey.report.branch_pages import file_stem

    answers = _answers(survey, unit)
    without = [str(name) for name in answers.index[answers < survey.min_cell]]
    names = [str(name) for name in answers.index[answers >= survey.min_cell]]
    if not names:
        raise UsageError(
            zh=f"没有一个{unit}有足够的答卷可出报告。", en=f"No {unit} has enough answers."
        )
    title = gathering.titled(survey, finding.get("title"), language)
    how = _Report({**finding, "title": title}, language, per_branch, style, settings.current().font)
    tasks = (
        (own, name, work / file_stem(number, name), how)
        for number, (name, own) in enumerate(parts(survey, unit, names), start=1)
    )
    told: list[Told] = []
    if progress:
        progress("units", 0, len(names))
    for one in in_parallel(_write, tasks, min(workers or processors(), len(names))):
        told.append(one)
        if progress:
            progress("units", len(told), len(names))
    document = overview.compose(told, without, unit=unit, title=title, language=language)
    report.write_document(document, work, style)
    output.seal(work, {"created": told[0].created, "language": language, "units": len(told)})


def _answers(survey: Survey, unit: str) -> pd.Series[int]:
    """Count the valid answers of every unit: less than all that cells hold of them."""
    people, used = survey.responses.people, survey.screening.used
    is_valid = (survey.responses.status["overall"] == "valid")[used]
    return is_valid.groupby(people.loc[used, unit], observed=True).sum()


def _write(own: Survey, name: str, folder: Path, how: _Report) -> Told:
    """Write one unit's report, and give what the overview takes of it."""
    import pandas as pd

    from survey.report import overview

    folder.mkdir(exist_ok=True)
    finding = {**how.finding, "title": f"{name}：{how.finding['title']}"}
    # of the many small tables of a report Arrow's texts take a seventh of the time
    plain = pd.option_context("mode.string_storage", "python")
    with settings.options(language=how.language, font=how.font), plain:
        found = _with_plain_texts(own).findings(**finding, language=how.language)
        write(
            found,
            folder,
            language=how.language,
            per_branch=how.per_branch,
            style=how.style,
            charts=False,
        )
    return overview.told(name, found)


def _with_plain_texts(own: Survey) -> Survey:
    """Hold the texts that a survey is grouped by as those of the tables made of it are."""
    people, roster = _plain(own.responses.people), own.roster
    if roster is not None:
        roster = replace(roster, frame=_plain(roster.frame))
    return replace(own, responses=replace(own.responses, people=people), roster=roster)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    texts = [name for name, kind in frame.dtypes.items() if isinstance(kind, pd.StringDtype)]
    return frame.astype(dict.fromkeys(texts, "str"))


def parts(survey: Survey, unit: str, names: list[str]) -> Iterator[tuple[str, Survey]]:
    """Give every unit as if it had been read alone: its rows, its files, its part of the roster."""
    whole, screening = survey.responses, survey.screening
    groupings = tuple(grouping for grouping in survey.groupings if grouping != unit)
    places = whole.people.groupby(unit, observed=True).indices
    lines = screening.audit.groupby("file", observed=True).indices
    for name in names:
        here = places[name]
        roster, short = _own(survey.roster, unit, name)
        people = whole.people.iloc[here]
        if short:
            known = {branch: short.get(branch, branch) for branch in people["branch"].unique()}
            people = people.assign(branch=translated(people["branch"], known.__getitem__))
        own_files = people["file"].unique()
        own_lines = np.concatenate([[], *(lines[file] for file in own_files if file in lines)])
        files = survey.files
        responses = replace(
            whole,
            people=people,
            scores=whole.scores.iloc[here],
            status=whole.status.iloc[here],
            texts=whole.texts.iloc[:0],  # nobody knows whose open answers are whose
            problems=whole.problems[whole.problems["file"].isin(own_files)],
        )
        own = replace(
            screening,
            used=screening.used.iloc[here],
            strict=screening.strict.iloc[here],
            audit=screening.audit.iloc[np.sort(own_lines.astype(int))].merge(
                people[["file", "sheet", "row"]]
            ),
        )
        yield (
            name,
            replace(
                survey,
                responses=responses,
                screening=own,
                roster=roster,
                groupings=groupings,
                files=files[files["file"].isin(own_files) | (files["kind"] != "export")],
            ),
        )


def _own(roster: Roster | None, unit: str, name: str) -> tuple[Roster | None, dict[str, str]]:
    """Cut a unit's part out of the roster; one that does not know the units has none.

    Within a unit its name need not stand before those of its branches, nor that of any other unit
    before those that no two of them bear: these are given, too.
    """
    if roster is None or unit not in roster.frame:
        return None, {}
    own = roster.frame[roster.frame[unit] == name].reset_index(drop=True)
    plain = {branch: roster.plain.get(branch, branch) for branch in own["branch"].unique()}
    bearers = Counter(plain.values())
    short = {
        branch: alone
        if bearers[alone] == 1
        else f"{JOINT}{branch}".replace(f"{JOINT}{name}{JOINT}", JOINT, 1).removeprefix(JOINT)
        for branch, alone in plain.items()
        if branch != alone
    }
    frame = own.assign(branch=own["branch"].replace(short))
    return Roster(frame, {}, roster.notices), short
