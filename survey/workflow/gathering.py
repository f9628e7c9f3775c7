"""Everything that a report holds, computed once and put under the privacy rule together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.proportions import nonresponse
from questionnaires import Questionnaire
from questionnaires.scoring import Profile
from survey import estimation, identifiers, privacy
from survey.errors import Language, UsageError
from survey.privacy import Pattern
from survey.results import (
    Comments,
    Doubts,
    Drivers,
    Findings,
    Late,
    Ranking,
    Reliability,
    Satisfaction,
    Scores,
    Strict,
)
from survey.roster import Roster
from survey.workflow import anonymity
from survey.workflow.notices import notices

if TYPE_CHECKING:
    from survey.workflow.answers import Answers, Progress, Published

_R = TypeVar("_R", Ranking, Reliability)


_decided: WeakKeyDictionary[Answers, Findings] = WeakKeyDictionary()
SIZES_OFF = 0.05
"""By how much all sizes on a roster are supposed to be wrong."""
LEAST_TO_HALVE = 100
"""Answers from which the early are told beside the late; by counts alone, as the privacy rule."""


def gather(
    survey: Answers,
    *,
    title: str,
    level: float,
    seed: int,
    score: Profile | None,
    comments: Comments | None,
    actions: pd.DataFrame | None,
    progress: Progress | None,
) -> Findings:
    """Compute every result that the survey has the answers for; see `survey.Survey.findings`."""
    has_items = len(survey.questionnaire.items) > 0
    steps = _steps(survey)
    steps["reliability"] = lambda: _told(survey.reliability(level=level)) if has_items else None
    done: dict[str, Any] = {}
    n_steps = len(steps) + 1  # the last is the breakdown
    for name, step in steps.items():
        if progress:
            progress("estimate", len(done), n_steps)
        done[name] = step()
    if progress:
        progress("estimate", len(steps), n_steps)
    found = _findings(survey, done, title=title, options={"level": level, "seed": seed})
    found = _protected(survey, found, partial(_drivers, survey, level, seed))
    if progress:
        progress("estimate", n_steps, n_steps)
    _decided[survey] = replace(found, drivers=None, items=None, branch_items=None, reliability=None)
    found = replace(
        found,
        strict=_strict(survey, found),
        comments=comments,
        actions=None
        if actions is None
        else estimation.followed(
            actions, found.items, found.branch_items, found.tables, level=level
        ),
        late=_late(survey),
        doubts=_doubts(survey, found),
        scores=_scored(survey, score, found),
        ranking=_told(
            estimation.ranking(
                found.tables["branch",],
                found.tables.get(("branch", "role")),
                level=level,
                seed=seed,
            )
        ),
    )
    return _nameless(survey, found)


def published_parts(survey: Answers, *, level: float, seed: int) -> Findings:
    """Give what a report of the survey publishes of satisfaction, indicators and breakdown."""
    done = {name: step() for name, step in _steps(survey).items()}
    found = _findings(survey, done, title="", options={})
    return _protected(survey, found, partial(_drivers, survey, level, seed))


def _steps(survey: Answers) -> dict[str, Callable[[], Any]]:
    has_items = len(survey.questionnaire.items) > 0
    return {
        "tables": lambda: _counted(survey),
        "items": lambda: survey.responses_by_item() if has_items else None,
        "branch_items": lambda: survey.responses_by_item("branch") if has_items else None,
    }


def _told(result: _R) -> _R | None:
    """Leave out of a report what has no figures."""
    return None if result.status.startswith("none") else result


def _protected(
    survey: Answers,
    found: Findings,
    drivers: Callable[[Satisfaction, Pattern], Drivers | None] | None = None,
) -> Findings:
    """Decide on numbers what is published, then estimate from what is, the breakdown last."""
    if found.tables[()].frame["n_valid"].sum() < survey.min_cell:
        raise UsageError(
            zh=f"有效回答不足 {survey.min_cell} 份：为保护答卷人，不出报告。",
            en=f"There are fewer than {survey.min_cell} valid answers: to protect respondents, "
            "no report is made.",
        )
    decided = privacy.decide(found)
    names = found.tables["branch",].frame["branch"]
    unsplit, pooled = tuple(names[decided.crossing]), tuple(names[decided.branches != ""])
    told = {
        by: table for by, table in found.tables.items() if len(by) < 2 or not decided.crossing.all()
    }
    untold = _untold(survey, found.tables, decided.roles != privacy.SHOWN)
    crossed = [_crossed(survey, found, table) for table in found.further]
    reasons = privacy.groupings(
        crossed, decided.branches != privacy.SHOWN, min_cell=survey.min_cell
    )
    further = {table.by: why for table, why in zip(found.further, reasons, strict=True)}
    alone = {
        by: tuple(found.tables[by].frame.loc[why == privacy.PARTNER, by[0]])
        for by, why in further.items()
    }
    alone["role",] = untold
    tables = dict(found.tables)
    for by in sorted(told, key=lambda by: by != ("role",)):  # on roles everyone's verdict rests
        tables[by] = survey.estimate(
            by,
            unsplit=unsplit,
            pooled=pooled,
            untold=untold,
            alone=alone.get(by, ()),
            roles=tables.get(("role",)),
        )
    made = None if drivers is None else drivers(tables[()], decided)
    return privacy.protect(replace(found, tables=tables, drivers=made), decided, further)


def _untold(survey: Answers, tables: Published, is_hidden: NDArray[np.bool_]) -> tuple[str, ...]:
    """Give the roles without figures of their own, by their codes."""
    if ("role",) not in tables:
        return ()
    known = {role.title: role.id for role in survey.questionnaire.roles}
    return tuple(known.get(title, title) for title in tables["role",].frame.loc[is_hidden, "role"])


def _crossed(survey: Answers, found: Findings, table: Satisfaction) -> NDArray[np.int64]:
    """Count valid answers by branch and unit of a grouping; the last of each have no known one."""
    cells = survey.cells
    names = [found.tables["branch",].frame["branch"], table.frame[table.by[0]]]
    places = [
        cells[column].map(dict(zip(known, range(len(known)), strict=True))).fillna(len(known))
        for column, known in zip(("branch", table.by[0]), names, strict=True)
    ]
    n = np.zeros([len(known) + 1 for known in names], dtype=np.int64)
    np.add.at(n, tuple(place.to_numpy(dtype=np.int64) for place in places), cells["n_valid"])
    return n


def _drivers(
    survey: Answers, level: float, seed: int, whole: Satisfaction, decided: Pattern
) -> Drivers | None:
    """Break down, weighted by published figures alone: sizes of roles, and the rate of everyone.

    A weighted rate beside the count would tell how roles without figures answered.
    """
    if len(survey.questionnaire.dimensions) < 2:
        return None
    known = None
    if survey.has_sizes_of_roles and (decided.roles == privacy.SHOWN).all():
        known = survey.known_of_all(privacy.rounded(whole).frame["rate"].item())
    made = survey.break_down("branch", known, level=level, seed=seed)
    if not survey.is_weighted:
        return made
    summary = made.summary.copy()
    del summary["n_dissatisfied"], summary["n_satisfied"]
    return replace(made, summary=summary)


def _strict(survey: Answers, found: Findings) -> Strict:
    """Say what removing the flagged answers would change, and no more of them than that."""
    own = found.tables["branch",].frame
    split = own["estimator"] == "stratified"
    # both tables are made of the same cells
    kept = replace(survey, screening=replace(survey.screening, used=survey.screening.strict))
    has_figures = found.tables.get(("role",), found.tables[()]).frame["rate"].notna()
    whole = kept.estimate(
        (),
        unsplit=tuple(own.loc[~split, "branch"]),
        pooled=tuple(own.loc[own["verdict"] == "withheld", "branch"]),
        untold=_untold(survey, found.tables, ~has_figures.to_numpy()),
        explained=False,
    )
    n_removed = int(found.tables[()].frame["n_valid"].sum() - whole.frame["n_valid"].sum())
    too_few = 0 < n_removed < survey.min_cell or whole.frame["n_valid"].sum() < survey.min_cell
    frame = privacy.withhold(whole.frame, [privacy.FEW if too_few else ""])
    published = _judged(found)
    strict = kept.estimate(("branch",), unsplit=_unsplit(published), explained=False)
    return Strict(
        overall=privacy.rounded(replace(whole, frame=frame)),
        n_compared=len(published),
        n_changed=_changed(published, strict),
    )


def _doubts(survey: Answers, found: Findings) -> Doubts | None:
    """Say how many published verdicts hang on sizes and roles that may be wrong."""
    published = _judged(found)
    roster = survey.roster
    if roster is None or survey.is_weighted or published.empty:
        return None

    def changed(other: Roster) -> int:
        made = survey.estimate(
            ("branch",), unsplit=_unsplit(published), explained=False, roster=other
        )
        return _changed(published, made)

    rests_on_roles = bool((published["estimator"] == "stratified").any())
    return Doubts(
        n_judged=len(published),
        most_wrong=len(published) * found.tables["branch",].alpha,
        n_larger=changed(roster.resized(1 + SIZES_OFF, survey.cells)),
        n_smaller=changed(roster.resized(1 - SIZES_OFF, survey.cells)),
        n_roles=changed(roster.without_roles()) if rests_on_roles else None,
    )


def _judged(found: Findings) -> pd.DataFrame:
    """Give the branches whose verdict is published, by their names."""
    frame = found.tables["branch",].frame.set_index("branch")
    return frame[frame["verdict"] != "withheld"]


def _unsplit(published: pd.DataFrame) -> tuple[str, ...]:
    return tuple(published.index[published["estimator"] == "total_only"])


def _changed(published: pd.DataFrame, other: Satisfaction) -> int:
    """Count the published verdicts that are another in `other`."""
    verdicts = other.frame.set_index("branch")["verdict"].reindex(published.index)
    return int((verdicts.fillna("inconclusive") != published["verdict"]).sum())


def _late(survey: Answers) -> Late | None:
    """Compare early with late answers of everyone, if each has a time and the halves are large."""
    used = survey.screening.used
    valid = used & (survey.responses.status["overall"] == "valid")
    times = survey.responses.people.loc[valid, "submitted_at"]
    if survey.is_weighted or len(times) < LEAST_TO_HALVE or times.isna().any():
        return None
    satisfied = survey.responses.scores.loc[valid, "overall"].isin(
        survey.questionnaire.overall.scale.satisfied_scores
    )
    halves = nonresponse.early_and_late(satisfied, times)
    first, last = zip(halves.n.tolist(), halves.n_satisfied.tolist(), strict=True)
    return Late((first[0], last[0]), (first[1], last[1]), halves.p_value)


def titled(survey: Answers, title: str | None, language: Language) -> str:
    """Give a report's title: as asked for, as decided, or made of the questionnaire's."""
    return title or survey.title or title_of(survey.questionnaire, language)


def title_of(questionnaire: Questionnaire, language: Language) -> str:
    """Make the title of a report from that of its questionnaire.

    Examples
    --------
    >>> import questionnaires
    >>> title_of(questionnaires.load("jiangsu-2014"), "zh")
    '江苏高校服务型党组织示范点建设满意度调查报告'
    """
    if language == "en":
        return f"Satisfaction report: {questionnaire.title_en or questionnaire.title}"
    subject = questionnaire.title.removesuffix("问卷").removesuffix("调查").removesuffix("满意度")
    return f"{subject}满意度调查报告" if "满意度" not in subject else f"{subject}报告"


def published(survey: Answers, profile: Profile | None = None) -> Findings:
    """Give the satisfaction tables, and scores by a rule, as a report would publish them.

    What is decided is kept as long as the survey is: a report with earlier waves asks for it often.
    """
    if survey not in _decided:
        done = {"tables": _counted(survey)}
        _decided[survey] = _protected(survey, _findings(survey, done, title="", options={}))
    found = _decided[survey]
    return _nameless(survey, replace(found, scores=_scored(survey, profile, found)))


def _nameless(survey: Answers, found: Findings) -> Findings:
    return anonymity.coarsened(found) if survey.is_anonymous else found


def _scored(survey: Answers, profile: Profile | None, found: Findings) -> Scores | None:
    if profile is None or survey.is_weighted:
        return None
    return estimation.scores(
        survey.responses.people[survey.screening.used],
        survey.scores["overall"],
        survey.questionnaire,
        profile,
        found.tables,
    )


def _counted(survey: Answers) -> dict[tuple[str, ...], Satisfaction]:
    """Count the units of the tables that are protected together."""
    has_roles = bool(survey.questionnaire.roles) and bool(
        survey.responses.people["role"].notna().any()
    )
    crossed: list[tuple[str, ...]] = [("role",), ("branch", "role")] if has_roles else []
    further = [(name,) for name in survey.groupings]
    return {by: survey.counted(by) for by in [(), ("branch",), *crossed, *further]}


def _masked(texts: pd.Series[str]) -> pd.Series[str]:
    """Mask identifiers in texts that come from outside: names of files, sheets and branches."""
    return identifiers.mask(texts.astype("str"))


def _masked_notices(notices: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    flat = _masked(pd.Series([text for pair in notices for text in pair], dtype="str"))
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def _findings(
    survey: Answers, done: dict[str, Any], *, title: str, options: dict[str, Any]
) -> Findings:
    absent: dict[str, Any] = dict.fromkeys(("strict", "drivers", "items", "ranking", "reliability"))
    columns = survey.responses.columns
    named = columns[columns["how"].isin(["named", "mapping"])]
    return Findings(
        title=title,
        questionnaire=survey.questionnaire,
        created=date.today().isoformat(),
        files=survey.files.assign(file=_masked(survey.files["file"])),
        n_read=survey.n_read,
        n_used=survey.n_used,
        removed=survey.screening.tally("remove"),
        flagged=survey.screening.tally("flag"),
        notices=_masked_notices(notices(survey)),
        options={
            "bar": survey.questionnaire.bar,
            "min_cell": survey.min_cell,
            **options,
            "satisfied": list(done["tables"][()].satisfied_labels),
            "columns": dict(zip(named["item"], named["header"], strict=True)),
            "rules": {rule.name: rule.action for rule in survey.screening.rules},
        },
        **(absent | done),
    )
