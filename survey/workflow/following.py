"""Several waves of one survey: branches under names of today, errors that say which wave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from survey import estimation, forms, output, privacy
from survey.errors import Language, ReadError, SurveyError, UsageError, require_level
from survey.forms import Column, Form, Line
from survey.results import Comparison, Findings, Satisfaction, Waves
from survey.roster import Roster, renamed
from survey.text import Text
from survey.workflow import gathering

if TYPE_CHECKING:
    from survey.workflow.answers import Answers

Renamed = str | Path | Mapping[str, str] | None
"""Earlier names of branches with those of today, or the sheet that holds them."""
FORM = Form(
    "renamed",
    Text("更名合并", "Renamed"),
    Text(
        "左边是上次有、本次名册上没有的党支部。更名的，选本次的名称；并入别的支部的，几行选同一个名称；"
        "撤销的留空。一个支部分成几个的不能比较，也留空。",
        "Branches of the wave before that are not there now. Choose the name of today where one "
        "was renamed, the same name in several lines where they became one; leave empty what is "
        "gone or was divided.",
    ),
    (
        Column("before", Text("上次的党支部", "Branch before"), 36),
        Column("after", Text("本次的党支部", "Branch now"), 36, filled=True),
    ),
)


NOW = Text("本次", "this wave")


def ago(k: int) -> Text:
    """Name the wave so many waves ago.

    Examples
    --------
    >>> ago(1).zh, ago(2).zh
    ('上次', '前 2 次')
    """
    return Text("上次", "the wave before") if k == 1 else Text(f"前 {k} 次", f"{k} waves before")


@contextmanager
def telling(wave: Text) -> Iterator[None]:
    """Let errors say which wave they are about."""
    try:
        yield
    except SurveyError as error:
        error.zh, error.en = f"〔{wave.zh}〕{error.zh}", f"[{wave.en}] {error.en}"
        raise


def names(earlier: Answers, later: Answers, table: Renamed = None) -> dict[str, str]:
    """Give branches of an earlier wave that have another name now, several the same where merged.

    The table says what people know, nothing where it is a sheet that is not there yet; rosters know
    the rest by their aliases.
    """
    known = renamed(earlier.branches, later.branches, earlier.roster, later.roster)
    told = _read(table, later.branches) if isinstance(table, str | Path) else dict(table or {})
    wrong = sorted(set(told.values()) - set(later.branches))
    if wrong:
        raise UsageError(
            zh=f"本次没有支部“{wrong[0]}”：renamed 里写的应是本次的名称。",
            en=f"There is no branch {wrong[0]!r} now: renamed gives the names of today.",
        )
    return {**known, **{old: new for old, new in told.items() if old in earlier.branches}}


def _read(path: str | Path, later: Sequence[str]) -> dict[str, str]:
    """Read the sheet; every fault is named by its cell."""
    found: dict[str, str] = {}
    for entry in forms.read(path, [FORM]) if Path(path).exists() else ():
        old, new = entry.values["before"], entry.values["after"]
        if new and new not in later:
            raise ReadError(
                zh=f"本次没有支部“{new}”。",
                en=f"There is no branch {new!r} now.",
                place=entry.places["after"],
            )
        if new and found.setdefault(old, new) != new:
            raise ReadError(
                zh=f"“{old}”写了两个去处：分成几个的支部不能比较，请清空这几行。",
                en=f"{old!r} has two new names: a branch that was divided cannot be compared; "
                "clear its lines.",
                place=entry.places["after"],
            )
    return found


def several(earlier: Answers | Sequence[Answers] | None) -> list[Answers]:
    """List earlier waves, the latest first."""
    return list(earlier) if isinstance(earlier, Sequence) else [earlier] if earlier else []


def named(earlier: Sequence[Answers], later: Answers, language: Language) -> dict[str, Answers]:
    """Name waves for a report, the oldest first: by their periods where all have one of its own.

    Else by how long ago they were: 上次, 前 2 次 …
    """
    given = [one.cover.period for one in (later, *earlier)]
    if all(given) and len(set(given)) == len(given):
        names = given
    else:
        told = [NOW, *(ago(k) for k in range(1, len(given)))]
        names = [text.text(language) for text in told]
    return dict(zip(names[::-1], (*reversed(earlier), later), strict=True))


def offer(
    earlier: Answers | Sequence[Answers] | None,
    later: Answers,
    path: Renamed,
    language: Language = "zh",
) -> None:
    """Write the sheet of branches that are not there any more, unless it is there already."""
    if not isinstance(path, str | Path) or Path(path).exists():
        return
    gone: dict[str, None] = {}
    for one in several(earlier):
        known = renamed(one.branches, later.branches, one.roster, later.roster)
        gone |= {name: None for name in one.branches if name not in {*later.branches, *known}}
    if not gone:
        return
    lines = [Line({"before": name}, tuple(later.branches)) for name in gone]
    with output.file(path) as file:
        forms.write(file, {FORM: lines}, language)


def aligned(
    earlier: Answers, now: Mapping[str, str], by: str = "branch"
) -> tuple[Satisfaction, Satisfaction]:
    """Give what an earlier wave published of everyone and of units, under names of today.

    Branches that became one are one in the earlier wave, too, counted and estimated together; but
    only where each of them was published then. Else the one would tell of the others: what is
    published of the two less what was published of one is the answers of the other.
    """
    tables = gathering.published(earlier).tables
    own = _of_units(tables, by)
    if by != "branch":
        return tables[()], own
    frame = own.frame.assign(branch=own.frame["branch"].map(lambda name: now.get(name, name)))
    is_merged = frame["branch"].duplicated(keep=False)
    if is_merged.any():
        parts = frame[is_merged]
        hidden = set(parts.loc[parts["verdict"] == "withheld", "branch"])
        unsplit = set(parts.loc[parts["estimator"] == "total_only", "branch"])
        made = _united(earlier, now).estimate(("branch",), unsplit=sorted(unsplit))
        joined = made.frame[made.frame["branch"].isin(parts["branch"])]
        reasons = [privacy.PARTNER if name in hidden else "" for name in joined["branch"]]
        parted = [frame[~is_merged], privacy.withhold(joined, reasons)]
        frame = pd.concat(parted, ignore_index=True)
    return tables[()], replace(own, frame=frame)


def _of_units(tables: Mapping[tuple[str, ...], Satisfaction], by: str) -> Satisfaction:
    """Give the table of units, or say why a wave has none."""
    if (by,) in tables:
        return tables[by,]
    if by == "role":
        raise UsageError(
            zh="没有人回答身份，不能按身份比较。",
            en="Nobody answered the question on roles: roles cannot be compared.",
        )
    raise UsageError(
        zh=f"没有分组“{by}”：读入时写上它（keep、--keep），名册或导出里要有这一列。",
        en=f"There is no grouping {by!r}: give it (keep, --keep) on reading; the roster or "
        "the export needs this column.",
    )


def _united(survey: Answers, now: Mapping[str, str]) -> Answers:
    """Put the names of today into answers and roster."""
    people, known = survey.responses.people, survey.roster
    branch = people["branch"].map(lambda name: now.get(name, name), na_action="ignore")
    if known is not None:
        frame = known.frame.assign(branch=known.frame["branch"].map(lambda n: now.get(n, n)))
        sizes = frame.groupby(["branch", "role"], sort=False, dropna=False)["population"].sum()
        known = Roster(sizes.reset_index(), {})
    responses = replace(survey.responses, people=people.assign(branch=branch))
    return replace(survey, responses=responses, roster=known, groupings=())


def compared(
    earlier: Answers,
    later: Answers,
    *,
    level: float,
    by: str = "branch",
    same_people: tuple[pd.Series, pd.Series] | None = None,
    renamed: Renamed = None,
) -> Comparison:
    """Compare two waves; see `survey.Survey.compare`."""
    require_level(level)
    if later.is_weighted or earlier.is_weighted:
        raise UsageError(
            zh="两次调查的比较按人数精确计算，不支持加权的数据：读入时请不要给 weights。",
            en="Waves are compared exactly, on counts: read both without weights.",
        )
    now = names(earlier, later, renamed)
    unit = later.one_unit(by)
    with telling(ago(1)):
        before = aligned(earlier, now, unit)
    after = gathering.published(later).tables
    with telling(NOW):
        today = _of_units(after, unit)
    pairs = None
    if same_people is not None:
        first, last = (
            one.valid(codes, unit) for one, codes in zip((earlier, later), same_people, strict=True)
        )
        known = first["unit"].replace(now) if unit == "branch" else first["unit"]
        pairs = estimation.matched(first.assign(unit=known), last)
    return estimation.comparison(before, (after[()], today), level=level, pairs=pairs)


def detailed(
    changes: Comparison, earlier: Answers, later: Findings, *, level: float, seed: int
) -> Comparison:
    """Add the change of other groupings, indicators and breakdown, of what both waves publish."""
    before = gathering.published_parts(earlier, level=level, seed=seed)
    items = dimensions = None
    if before.items is not None and later.items is not None:
        waves = [(before.items, before.tables[()]), (later.items, later.tables[()])]
        items = estimation.of_items(*waves, level=level)
    if before.drivers is not None and later.drivers is not None:
        dimensions = estimation.of_dimensions(before.drivers, later.drivers, level=level)
    groupings = tuple(
        estimation.comparison(
            *((wave.tables[()], wave.tables[by]) for wave in (before, later)), level=level
        )
        for by in later.tables
        if len(by) == 1 and by in before.tables and by not in [("branch",), ("role",)]
    )
    return replace(changes, groupings=groupings, items=items, dimensions=dimensions)


def waves(
    surveys: Mapping[str, Answers],
    *,
    by: str = "branch",
    level: float = 0.95,
    renamed: Renamed = None,
) -> Waves:
    """Follow everyone and every branch, or other unit, over several waves.

    Parameters
    ----------
    surveys : mapping of str to Answers
        Name of a wave → its survey, the oldest first; two or more.
    by : str
        The units: ``branch``, ``role``, or a grouping that every wave has.
    level : float
        Confidence level of the differences between one wave and the next.
    renamed : path or mapping, optional
        Branches that had another name, or several that became one: earlier name → name in the
        last wave. Aliases on the rosters are known already.

    Returns
    -------
    Waves

    Raises
    ------
    UsageError
        If there are fewer than two waves, or one lacks the grouping or cannot be published; it says
        which.

    Examples
    --------
    >>> import tempfile, survey
    >>> made = survey.simulate(Path(tempfile.mkdtemp()), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> survey.waves({"2024": held, "2025": held}).changes["change"].unique().tolist()
    ['undecided']
    """
    require_level(level)
    if len(surveys) < 2:
        raise UsageError(zh="至少要有两次调查。", en="There must be two waves at least.")
    *_, last = surveys.values()
    unit = last.one_unit(by)
    published: dict[str, tuple[Satisfaction, Satisfaction]] = {}
    for name, one in surveys.items():
        with telling(Text(name, name)):
            if one.is_weighted:
                raise UsageError(
                    zh="加权的调查不能比较：读入时请不要给 weights。",
                    en="A weighted survey cannot be compared: read it without weights.",
                )
            published[name] = aligned(one, {} if one is last else names(one, last, renamed), unit)
    changes = [
        estimation.comparison(published[before], published[after], level=level).frame.assign(
            wave=after
        )
        for before, after in pairwise(published)
    ]
    frames = [
        pd.concat([whole.frame.assign(**{unit: None}), own.frame]).assign(wave=name)
        for name, (whole, own) in published.items()
    ]
    whole = published[[*published][-1]][0]
    return Waves(
        frame=pd.concat(frames, ignore_index=True),
        changes=pd.concat(changes, ignore_index=True),
        terms=replace(whole, frame=whole.frame.head(0)),
        level=level,
        by=unit,
    )
