"""A survey from a data frame of any library that narwhals knows: no file is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from questionnaires import ChoiceQuestion, Dimension, Indicator, Item, Questionnaire, Role, Scale
from questionnaires.threshold import Threshold
from survey import coding, estimation, provenance, settings
from survey.coding.ladders import ladder as build_ladder
from survey.coding.naming import NAMED, NO_BRANCH, with_roles
from survey.errors import Place, UsageError
from survey.roster import Roster, read_roster, require_known, require_room, require_told_apart
from survey.screening import Rule, screen
from survey.text import legible
from survey.workflow import meant
from survey.workflow.supposing import checked
from survey.workflow.survey import Survey
from survey.workflow.tables import Roll, native, roster_of, to_pandas

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

RULES = (Rule("branch_missing", "remove", "没有填写支部", "no branch given"),)
"""A frame says nothing of times or devices: there is nothing else to screen by."""


def from_frame(
    frame: IntoFrame,
    *,
    overall: str,
    satisfied: str | Sequence[str] | Threshold,
    branch: str | None = None,
    role: str | None = None,
    dimensions: Mapping[str, str | Sequence[str]] | None = None,
    ladder: Sequence[str] | None = None,
    not_applicable: str | Sequence[str] = (),
    keep: str | Sequence[str] = (),
    roster: Roll | None = None,
    weights: str | None = None,
    bar: str | float = "0.9",
    allow_unknown_branches: bool = False,
    min_cell: int | None = None,
) -> Survey:
    """Take a data frame as a survey, one row a person.

    Parameters
    ----------
    frame : data frame
        Of pandas, Polars, PyArrow, DuckDB or whatever narwhals knows.
    overall : str
        Column of the overall answer.
    satisfied : str, sequence of str or Threshold
        Answers that count as satisfied, or from which number on: ``">=90"``, `survey.at_least(90)`.
    branch, role : str, optional
        Columns of the unit and of the kind of person.
    dimensions : mapping of str to str or sequence of str, optional
        Names of dimensions and the columns of their items.
    ladder, not_applicable, bar, min_cell, allow_unknown_branches
        As for `survey.read`.
    keep : str or sequence of str
        Further columns to group by; those that the roster has are the branch's there.
    roster : path, data frame or mapping, optional
        Sizes of branches: columns 支部, 身份, 人数 and those of `keep`; or people by branch.
    weights : str, optional
        Column of weights, numbers of 0 or more. Shares, bounds and the breakdown are weighted then,
        and bounds are approximate.

    Returns
    -------
    Survey

    Raises
    ------
    UsageError
        If a column is missing, or weights are not numbers of 0 or more.
    SurveyError
        If answers lie on no known ladder, or the roster does not fit.

    Notes
    -----
    Numbers as answers are taken as their text: 5.0 is the answer 5.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"dept": ["A"] * 8 + ["B"] * 7, "q": [5, 5, 4, 5, 3] * 3})
    >>> held = from_frame(answers, branch="dept", overall="q", satisfied=["5", "4"])
    >>> held.satisfaction().frame["n_satisfied"].tolist()
    [7, 5]
    """
    if not isinstance(dimensions or {}, Mapping):
        raise UsageError(
            zh="dimensions 要写成 {维度名称: 各列} 的形式。",
            en="dimensions is a mapping of names of dimensions to columns.",
        )
    items = {name: meant.texts(name, columns) for name, columns in (dimensions or {}).items()}
    names = estimation.groupings(keep)
    known = roster_of(roster)
    slots = [*(c for columns in items.values() for c in columns)]
    used = [c for c in (overall, branch, role, weights, *slots, *names) if c is not None]
    texts = _texts(frame, used, names if roster is not None else ())
    aside = meant.texts("not_applicable", not_applicable)

    def scale(columns: Sequence[str]) -> Scale:
        return build_ladder(
            dict.fromkeys(label for c in columns for label in texts[c].dropna().unique()),
            satisfied=meant.satisfied(satisfied),
            name=columns[0],
            order=None if ladder is None else meant.texts("ladder", ladder),
            not_applicable=aside,
            place=Place(question="、".join(columns)),
        )

    asked = _questionnaire(texts, overall, branch, role, items, scale, checked("bar", bar))
    sizes = None
    if known is not None:
        sizes = read_roster(known, asked, names, open_roles=True)
        asked = with_roles(asked, sizes.roles)
    noted = []
    if branch is not None:
        texts[branch], n_several = coding.one_branch(texts[branch])
        if n_several:
            noted.append(("frame", "warning", *coding.several_named("frame", n_several)))
    people = people_of(
        texts[branch] if branch is not None else NO_BRANCH,
        texts[role] if role is not None else None,
        asked,
        len(texts),
    )
    if weights is not None:
        people["weight"] = _weights(frame, weights)
    columns = {"overall": overall, **dict(zip(asked.item_ids, slots, strict=True))}
    rated = {slot: _rated(texts[c], asked.item(slot).scale) for slot, c in columns.items()}
    coded = Coded(
        people.assign(**{name: texts[name] for name in names if name in texts}),
        pd.DataFrame({slot: scores for slot, (scores, _) in rated.items()}),
        pd.DataFrame({slot: status for slot, (_, status) in rated.items()}),
        columns,
        labels=_labels(frame),
    )
    return held(
        coded,
        asked,
        sizes,
        names,
        roster=known if isinstance(known, str | Path) else None,
        noted=noted,
        allow_unknown_branches=allow_unknown_branches,
        min_cell=min_cell,
    )


def _labels(frame: IntoFrame) -> pd.Index | None:
    """Give the labels of the rows without a name, which could be that of a column."""
    if not isinstance(frame, pd.DataFrame) or not frame.index.is_unique:
        return None
    return frame.index.set_names([None] * frame.index.nlevels)


class Coded(NamedTuple):
    """Coded answers of a frame, one row a person."""

    people: pd.DataFrame
    """As in `Responses`, with groupings that people gave."""
    scores: pd.DataFrame
    status: pd.DataFrame
    columns: Mapping[str, str]
    """The frame's column of every slot."""
    labels: pd.Index | None
    """The frame's own labels of the rows, by which a mask made of it finds them."""


def held(
    coded: Coded,
    asked: Questionnaire,
    sizes: Roster | None,
    names: Sequence[str],
    *,
    roster: str | Path | None,
    noted: Sequence[tuple[str, str, str, str]] = (),
    allow_unknown_branches: bool = False,
    min_cell: int | None = None,
) -> Survey:
    """Make a survey of a frame's answers: branches and groupings by the roster, rows screened."""
    people, unknown = coded.people, None
    if sizes is not None:
        told = [name for name in sizes.groupings if name in people]
        matched = sizes.match(people["branch"], people[told])
        if not allow_unknown_branches:
            require_told_apart(people["branch"], matched, sizes)
            require_known(people["branch"], matched, sizes)
        unknown = matched.isna() & people["branch"].notna()
        people["branch"] = matched.fillna(people["branch"])
        for name in names:
            if name in sizes.frame:
                parents = sizes.frame.drop_duplicates("branch").set_index("branch")[name]
                people[name] = people["branch"].map(parents)
    responses = coding.Responses(
        questionnaire=asked,
        people=people,
        scores=coded.scores,
        status=coded.status,
        texts=pd.Series(dtype="object"),
        columns=pd.DataFrame(
            [
                ("frame", i, c, slot, "named")
                for i, (slot, c) in enumerate(coded.columns.items(), 1)
            ],
            columns=["file", "column", "header", "item", "how"],
        ),
        problems=pd.DataFrame(noted, columns=["file", "severity", "zh", "en"]),
    )
    if coded.labels is not None:
        for part in (responses.people, responses.scores, responses.status, unknown):
            if part is not None:
                part.index = coded.labels
    screening = screen(responses, RULES, unknown_branch=unknown)
    if sizes is not None:
        require_room(people[screening.used], sizes, asked, screening.repeated)
    return Survey(
        responses=responses,
        roster=sizes,
        screening=screening,
        files=provenance.inputs([], roster, []),
        min_cell=settings.current().min_cell if min_cell is None else min_cell,
        groupings=tuple(names),
        sources=() if roster is None else (Path(roster),),
    )


def _texts(frame: IntoFrame, columns: Sequence[str], optional: Sequence[str]) -> pd.DataFrame:
    """Give the columns in use as texts, missing where blank; `optional` need not be there."""
    given = native(frame)
    there = list(given.collect_schema().names())
    missing = [c for c in columns if c not in there and c not in optional]
    if missing:
        near = get_close_matches(missing[0], [*map(str, there)], 3) or [*map(str, there[:8])]
        raise UsageError(
            zh=f"数据框没有“{missing[0]}”一列。相近的列：{'、'.join(near)}。",
            en=f"The frame has no column {missing[0]!r}. Near: {', '.join(near)}.",
        )
    wanted = [c for c in dict.fromkeys(columns) if c in there]
    table = to_pandas(given.select(wanted).to_native()).reset_index(drop=True)
    return pd.DataFrame({name: _as_text(table[name]) for name in wanted})


def _as_text(column: pd.Series[Any]) -> pd.Series[Any]:
    """Write answers as texts; whole numbers without a decimal point."""
    distinct = {
        value: f"{value:g}"
        if isinstance(value, float | np.floating)
        else legible(str(value)).strip()
        for value in column.dropna().unique()
    }
    return column.astype("object").map(distinct).replace("", np.nan).astype("object")


def _questionnaire(
    texts: pd.DataFrame,
    overall: str,
    branch: str | None,
    role: str | None,
    items: Mapping[str, Sequence[str]],
    scale: Callable[[Sequence[str]], Scale],
    bar: str,
) -> Questionnaire:
    """Make the questionnaire that the columns answer."""
    slots = [column for columns in items.values() for column in columns]
    of_items = scale(slots or [overall])
    numbered = iter(range(1, len(slots) + 1))
    dimensions = tuple(
        Dimension(
            f"d{position}",
            name,
            tuple(
                Indicator(n, column, (Item(f"q{n:02d}", column, of_items),))
                for column in columns
                for n in [next(numbered)]
            ),
        )
        for position, (name, columns) in enumerate(items.items(), start=1)
    )
    answered = [] if role is None else sorted(texts[role].dropna().unique())
    return Questionnaire(
        id=NAMED,
        title="问卷",
        title_en="Questionnaire",
        dimensions=dimensions,
        overall=Item("overall", overall, scale([overall])),
        bar=bar,
        branch=ChoiceQuestion("branch", branch or NO_BRANCH),
        role=None if role is None else ChoiceQuestion("role", role),
        roles=tuple(Role(label, label, (label,)) for label in answered),
        attention=None,
        open_question=None,
    )


def people_of(
    branch: pd.Series[str] | str, role: pd.Series[str] | None, asked: Questionnaire, n: int
) -> pd.DataFrame:
    """Give what is known of the people of a frame: no times, no devices."""
    answers = role if role is not None else pd.Series([None] * n, dtype="object")
    unknown = pd.Series(np.nan, range(n))
    return pd.DataFrame(
        {
            "file": "frame",
            "sheet": "",
            "row": np.arange(1, n + 1),
            "serial": None,
            "submitted_at": pd.NaT,
            "seconds": np.nan,
            "state": None,
            "device": unknown.astype("Int64"),
            "account": unknown.astype("UInt64"),
            "branch": branch,
            "role_answer": answers,
            "role": answers.map({a: asked.role_of(a) for a in answers.dropna().unique()}),
            "attention": unknown.astype("boolean"),
        }
    )


def _weights(frame: IntoFrame, name: str) -> NDArray[np.float64]:
    """Read weights, refusing what is none."""
    column = to_pandas(native(frame).select(name).to_native())[name]
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~(np.isfinite(values) & (values >= 0))
    if wrong.any() or not values.sum():
        row = int(np.argmax(wrong)) + 1
        raise UsageError(
            zh=f"权重一列“{name}”第 {row} 行不是不小于 0 的数，或全为 0。",
            en=f"Weights in {name!r}: row {row} is no number of 0 or more, or all are 0.",
        )
    return values


def _rated(answers: pd.Series[Any], scale: Scale) -> tuple[pd.Series[float], pd.Series[str]]:
    """Give scores and status of one column; the scale was built from its own answers."""
    levels = {label: scale.find(label) for label in answers.dropna().unique()}
    valid = {label: level.score for label, level in levels.items() if level and level.valid}
    status = answers.map(dict.fromkeys(levels, "not_applicable") | dict.fromkeys(valid, "valid"))
    return answers.map(valid).astype("float64"), status.fillna("missing")
