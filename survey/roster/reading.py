"""From a roster's table to the sizes of branches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from questionnaires import Questionnaire
from questionnaires.text import normalise
from survey.errors import RosterError
from survey.readers.container.reading import choose, read_container
from survey.readers.container.sheet import Sheet, encode
from survey.readers.wording import is_remark
from survey.roster import sizes
from survey.roster.columns import Layout, lay_out
from survey.roster.model import JOINT, Notice, Roster

Flags = npt.NDArray[np.bool_]
_ALIAS_SEPARATORS = str.maketrans(dict.fromkeys("；、，,|/\n", ";"))


def read_roster(
    source: str | Path | pd.DataFrame,
    questionnaire: Questionnaire,
    keep: Sequence[str] = (),
    sheet: str | None = None,
    *,
    open_roles: bool = False,
    stated: Mapping[str, str] | None = None,
) -> Roster:
    """Read a roster from a workbook or csv file, or from a frame.

    Parameters
    ----------
    source : path or DataFrame
        A table with 支部, optionally 身份 and 别名, and 人数, or a column of sizes a role (党员数,
        群众数); without sizes every line is a person and only counts are kept. Lines of totals are
        left out once they agree with the sizes.
    questionnaire : Questionnaire
        Whose roles 身份 is matched to.
    keep : sequence of str
        Headers of groupings; those that the roster has are kept, one value a branch.
    sheet : str, optional
        Sheet to read; by default the one that looks most like a roster.
    open_roles : bool
        Whether the questionnaire's roles are those that were answered, so that the roster may have
        others beside them, which nobody answered.
    stated : mapping of str to str, optional
        Headers of columns that were decided, as for `lay_out`.

    Returns
    -------
    Roster

    Raises
    ------
    RosterError
        If the columns are missing or several may be meant, a size is not a whole number, a role
        is unknown, a branch and role stand there twice with sizes, or sizes and totals contradict
        each other.
    ReadError
        If the file cannot be read.
    """
    whole, layout = open_roster(source, questionnaire, sheet, stated)
    if layout is None or not (layout.sizes or layout.parts):
        _refuse_answers(whole, questionnaire)
    if layout is None:
        raise RosterError(
            zh="名册中找不到“支部”一列。名册应有列：支部、身份（可省）、人数（可省，省去时一行为一人）、"
            "别名（可省）。",
            en="The roster has no column 支部 (branch). It needs the columns 支部, optionally 身份 "
            "(role), 人数 (number of people; without it a line is a person) and 别名 (aliases).",
            place=whole.place(),
        )
    own = {normalise(text): at for at, text in reversed([*enumerate(layout.names)])}
    columns = layout.known | {name: own[normalise(name)] for name in keep if normalise(name) in own}
    body = whole.unmerged([*columns.values()]).body(layout.first)
    body = body.take(np.flatnonzero(~_is_remark(body, layout)))
    counted = sizes.counted(layout, body, questionnaire)
    is_total = _is_total(body, layout, counted)
    rows = body.take(np.flatnonzero(~is_total))
    totals = _lines(body.take(np.flatnonzero(is_total)), columns, layout, counted)
    table = _lines(rows, columns, layout, counted)
    if table.empty:
        raise RosterError(
            zh="名册中没有任何一行数据。", en="The roster has no rows.", place=whole.place()
        )
    _require_all(table, "branch", "支部", whole)
    # Spellings of one branch are one branch; its first spelling is shown.
    first = {normalise(name): name for name in reversed(table["branch"].tolist())}
    table["branch"] = [first[normalise(name)] for name in table["branch"]]
    table = _told_apart(table, [name for name in keep if name in table])
    if counted is None:
        _require_people(table, whole)
        table["population"] = 1
    else:
        table["population"] = sizes.require_all(table, whole)
        _refuse_repeats(table, whole)
        sizes.require_sums(totals, table, whole)
        sizes.require_parts(counted, rows, layout)
    if "role" not in table:
        table["role"] = None
    elif questionnaire.roles:
        table["role"] = table["role"].map(_roles(table, questionnaire, whole, open_roles))
    summed = table.groupby(["branch", "role"], sort=False, dropna=False)["population"].sum()
    frame = summed.reset_index()
    for name in keep:
        if name in table:
            frame[name] = frame["branch"].map(_parents(table, name, whole))
    plain = dict(zip(table["branch"], table["plain"], strict=True))
    plain = {branch: name for branch, name in plain.items() if branch != name}
    names, shared = _names(table, plain, whole)
    notices = (*_warned(whole), *_told(totals), *(counted.notices if counted else ()))
    return Roster(frame, names, notices, shared, plain)


def open_roster(
    source: str | Path | pd.DataFrame,
    questionnaire: Questionnaire,
    sheet: str | None = None,
    stated: Mapping[str, str] | None = None,
) -> tuple[Sheet, Layout | None]:
    """Find the sheet of a roster and say which column is what; None where none is the branch.

    Raises
    ------
    ReadError
        If the file cannot be read, or it is not clear which sheet is meant.
    """
    if isinstance(source, pd.DataFrame):
        whole = _sheet_of(source)
    else:
        whole = choose(
            read_container(Path(source)),
            sheet,
            rank=lambda one: (
                found.n_understood if (found := lay_out(one, questionnaire, stated)) else 0
            ),
            option="roster_sheet",
        )
    return whole, lay_out(whole, questionnaire, stated)


def _refuse_answers(sheet: Sheet, asked: Questionnaire) -> None:
    """Stop at answers that were given in place of a roster: one of their columns is rated."""
    texts = (asked.overall.text, *(asked.item(id).text for id in asked.item_ids))
    rated = tuple(filter(None, map(normalise, texts)))
    for row in range(min(sheet.n_rows, 3)):
        if any(normalise(cell).endswith(rated) for cell in sheet.row(row)):
            raise RosterError(
                zh="这是问卷的导出文件（里面有满意度的题目），不是名册。名册是一张各支部人数的表，列名：支部、"
                "身份（可省）、人数。",
                en="This is an export (it has rated questions), not a roster. A roster is a table "
                "of sizes: branch (支部), role (身份, optional), number of people (人数).",
                place=sheet.place(row=int(sheet.rows[row])),
            )


def _sheet_of(frame: pd.DataFrame) -> Sheet:
    """Take a frame as a sheet: its columns' names are the header."""
    cells = [[str(name), *("" if pd.isna(v) else v for v in frame[name])] for name in frame]
    return Sheet("roster", "", encode(cells), np.arange(1, len(frame) + 2, dtype=np.int32))


def _is_remark(body: Sheet, layout: Layout) -> Flags:
    """Tell the rows that repeat the header, and those of nothing but remarks."""
    header = normalise(layout.names[layout.known["branch"]])
    branch = body.columns[layout.known["branch"]]
    repeats = np.array([normalise(name) == header for name in branch.levels], np.bool_)
    remarks = body.occupied()
    for column in body.columns:
        maybe = [not (text := level.strip()) or is_remark(text) for level in column.levels]
        remarks &= np.array(maybe, np.bool_)[column.codes]
    return repeats[branch.codes] | remarks


def _is_total(body: Sheet, layout: Layout, counted: sizes.Counted | None) -> Flags:
    """Tell the rows of totals: by a cell up to branch and role, or the last row by its sum."""
    known = layout.known
    found = np.zeros(body.n_rows, dtype=np.bool_)
    for column in body.columns[: 1 + max(known["branch"], known.get("role", 0))]:
        found |= np.array([*map(sizes.is_total, column.levels)], dtype=np.bool_)[column.codes]
    plain = np.flatnonzero(~found)
    if counted and len(plain) > 2 and not body.row(plain[-1])[known["branch"]].strip():
        numbers = [sizes.size(body.columns[min(counted.columns)].texts()[at]) for at in plain]
        found[plain[-1]] = None not in numbers and sum(numbers[:-1]) == numbers[-1]  # type: ignore[arg-type]
    return found


def _lines(
    body: Sheet, columns: Mapping[str, int], layout: Layout, counted: sizes.Counted | None
) -> pd.DataFrame:
    """Give a line a row, or a line a row and column of sizes."""
    table = pd.DataFrame(
        {name: [*map(str.strip, body.columns[at].texts())] for name, at in columns.items()}
    ).assign(file_row=body.rows)
    if counted is None:
        return table
    parts = [
        table.assign(
            **({} if part is None else {"role": part}),
            text=[*map(str.strip, body.columns[at].texts())],
            column=at,
            header=layout.names[at],
        )
        for at, part in counted.columns.items()
    ]
    lines: pd.DataFrame = pd.concat(parts)
    return lines.sort_values("file_row", kind="stable", ignore_index=True)


def _told_apart(table: pd.DataFrame, units: Sequence[str]) -> pd.DataFrame:
    """Put the unit before the names of branches of different units that bear one name.

    They are several where the same line stands under different units, and not where lines that
    belong together disagree about it. No more units stand before a name than it takes, broad ones
    first: the others say nothing of which branch is meant, and slips in them are refused later.
    """
    table["plain"] = table["branch"]
    keys = [name for name in ("branch", "column", "role") if name in table]
    units = [*table[[*units]].nunique().sort_values(kind="stable").index]
    under = table.groupby([*keys, *units]).size().reset_index(name="n")
    if "column" not in table:  # a line is a person: one of another unit may be a slip
        under = under[under["n"] > 1]
    open_ = {*under.loc[under.duplicated(keys), "branch"]}
    for n_units in range(1, 1 + len(units)):
        for before in combinations(units, n_units):
            left = {*under.loc[under.duplicated([*keys, *before]), "branch"]}
            rows = table["plain"].isin(open_ - left)
            names = table.loc[rows, [*before, "branch"]]
            table.loc[rows, "branch"] = [
                JOINT.join(filter(None, parts)) for parts in names.itertuples(index=False)
            ]
            open_ &= left
    return table


def _told(totals: pd.DataFrame) -> tuple[Notice, ...]:
    """Say which rows are totals."""
    rows = totals["file_row"].unique()
    if not len(rows):
        return ()
    listed = "、".join(map(str, rows[:8])) + (f" 等 {len(rows)}" if len(rows) > 8 else "")
    listed_en = ", ".join(map(str, rows[:8])) + (" …" if len(rows) > 8 else "")
    return (
        (
            f"名册第 {listed} 行是合计，不是支部，未计入人数。",
            f"Roster rows {listed_en} are totals and no branches; they are not counted.",
        ),
    )


def _warned(sheet: Sheet) -> tuple[Notice, ...]:
    """Pass on what the file says of the whole sheet, such as hidden rows."""
    return tuple(
        (f"名册：{problem.zh}", f"Roster: {problem.en}")
        for problem in sheet.problems
        if problem.severity == "warning" and problem.place.column is None
    )


def _require_people(table: pd.DataFrame, sheet: Sheet) -> None:
    """Stop if the lines of a roster without sizes are hardly people."""
    keys = ["branch", *(["role"] if "role" in table else [])]
    if len(table) > 1 and not table.duplicated(keys).any():
        raise RosterError(
            zh="名册没有“人数”一列，每个支部（身份）又只有一行，不像一行一人。请写一列“人数”，"
            "一行一个支部（和身份）；或每人一行。",
            en="The roster has no column 人数 and no branch (role) has two lines: its lines are "
            "hardly people. Give a column 人数 (number of people), one line a branch (and role), "
            "or one line a person.",
            place=sheet.place(),
        )


def _parents(table: pd.DataFrame, name: str, sheet: Sheet) -> dict[str, str]:
    """Give every branch its one value of a grouping."""
    filled = table[table[name] != ""].drop_duplicates(["branch", name])
    twice = filled[filled.duplicated("branch")]
    missing = table[~table["branch"].isin(filled["branch"])]
    for wrong, zh, en in (
        (twice, "有两个不同的值", "has two values"),
        (missing, "是空的", "is empty"),
    ):
        if len(wrong):
            branch, row = wrong[["branch", "file_row"]].iloc[0]
            raise RosterError(
                zh=f"支部“{branch}”的“{name}”{zh}。每个支部只能属于一个{name}。",
                en=f"The {name} of branch “{branch}” {en}; every branch belongs to one.",
                place=sheet.place(row=int(row), column=name),
            )
    return dict(zip(filled["branch"], filled[name], strict=True))


def _require_all(table: pd.DataFrame, column: str, header: str, sheet: Sheet) -> None:
    empty = table[table[column] == ""]
    if len(empty):
        raise RosterError(
            zh=f"“{header}”一格是空的，请补上（或取消合并单元格）。",
            en=f"The cell under {header} is empty; fill it in (or unmerge the cells).",
            place=sheet.place(row=int(empty["file_row"].iloc[0]), column=header),
        )


def _roles(
    table: pd.DataFrame, asked: Questionnaire, sheet: Sheet, open_roles: bool
) -> dict[str, str]:
    """Give the role of every 身份."""
    _require_all(table, "role", "身份", sheet)
    known = {label: asked.role_of(label) for label in table["role"].unique()}
    is_open = open_roles and {*known.values()} >= {role.id for role in asked.roles}
    for label, role in known.items():
        if role is None and not is_open:
            names = (name for r in asked.roles for name in (r.title, *r.answers))
            allowed = "、".join(dict.fromkeys(names))
            row = table.loc[table["role"] == label, "file_row"].iloc[0]
            raise RosterError(
                zh=f"不认识身份“{label}”，应为：{allowed}。",
                en=f"Unknown role “{label}”; allowed are {allowed}.",
                place=sheet.place(row=int(row), column="身份"),
            )
    return {label: role or label for label, role in known.items()}


def _refuse_repeats(table: pd.DataFrame, sheet: Sheet) -> None:
    """Stop at a branch and role that stand there twice; other words for a role are fine."""
    keys = ["branch", "column", *(["role"] if "role" in table else [])]
    repeated = table[table.duplicated(keys)]
    if len(repeated):
        first = repeated.iloc[0]
        raise RosterError(
            zh=f"支部“{first['branch']}”（同一身份）在名册中出现了两次，请合并为一行；"
            "若是不同单位的同名支部，请写明名册中单位的一列（keep，如 --keep 学校）。",
            en=f"Branch “{first['branch']}” (same role) stands in the roster twice; merge the "
            "lines, or, where they are branches of several units, name the column of the unit "
            "(keep, --keep).",
            place=sheet.place(row=int(first["file_row"])),
        )


def _names(
    table: pd.DataFrame, plain: Mapping[str, str], sheet: Sheet
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Give the branch of every name and alias; those that are told apart by unit may share one."""
    bearers = {normalise(branch): [branch] for branch in table["branch"].unique()}
    for branch, name in plain.items():
        bearers.setdefault(normalise(name), []).append(branch)
    if "alias" in table:
        pairs = table[["branch", "alias", "file_row"]].drop_duplicates(["branch", "alias"])
        for branch, aliases, row in pairs.itertuples(index=False):
            for alias in filter(
                None, map(normalise, aliases.translate(_ALIAS_SEPARATORS).split(";"))
            ):
                known = bearers.setdefault(alias, [])
                other = next((one for one in known if one != branch), None)
                if other is not None and not {*known, branch} <= plain.keys():
                    raise RosterError(
                        zh=f"别名“{alias}”同时属于“{other}”和“{branch}”。",
                        en=f"The alias “{alias}” belongs to both “{other}” and “{branch}”.",
                        place=sheet.place(row=int(row), column="别名"),
                    )
                known += [] if branch in known else [branch]
    names = {key: of[0] for key, of in bearers.items() if len(of) == 1}
    return names, {key: of for key, of in bearers.items() if len(of) > 1}
