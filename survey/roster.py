"""The roster: how many people each branch and role has."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from questionnaires import Questionnaire
from questionnaires.text import normalise
from survey.errors import Place, RosterError
from survey.readers.container import choose, read_container
from survey.readers.sheet import Sheet, encode

_HEADERS = {
    "branch": ("支部", "党支部", "所在支部", "所在党支部", "支部名称", "党支部名称", "branch"),
    "role": ("身份", "人员类别", "类别", "role"),
    "population": (
        *("人数", "应答人数", "应参加人数", "应到人数", "在册人数", "总人数"),
        *("population", "n"),
    ),
    "alias": ("别名", "又名", "简称", "alias", "aliases"),
}
_ALIAS_SEPARATORS = str.maketrans(dict.fromkeys("；、，,|/\n", ";"))
_UNIT = re.compile(r"\([^()]*\)$")
_TOTAL = re.compile(r".*(合计|总计|小计|总数|total)", re.DOTALL)
_SIZE = re.compile(r"(\d{1,9})(?:\.0*)?[人名位]?")


@dataclass(frozen=True)
class Roster:
    """Known sizes of branches.

    Attributes
    ----------
    frame : DataFrame
        One row a branch and role, in the roster's order: ``branch``, ``role`` (role id; missing
        where the roster knows no roles), ``population``, and a column for each further grouping
        that branches belong to (学院).
    names : dict of str to str
        Normalised names and aliases to the branch's name.
    totals : tuple of int
        Rows of the file that are totals and no branches.
    """

    frame: pd.DataFrame
    names: dict[str, str]
    totals: tuple[int, ...] = ()

    def __repr__(self) -> str:
        roles = "with roles" if self.has_roles else "without roles"
        return f"<Roster {len(self.branches)} branches, {self.size} people, {roles}>"

    @property
    def branches(self) -> list[str]:
        """Names of the branches, in the roster's order."""
        return list(self.frame["branch"].unique())

    @property
    def size(self) -> int:
        """Number of people in all."""
        return int(self.frame["population"].sum())

    @property
    def has_roles(self) -> bool:
        """Whether sizes are known by role."""
        return bool(self.frame["role"].notna().all())

    def population(self, by: Sequence[str]) -> pd.Series:
        """Sum the sizes by unit.

        Parameters
        ----------
        by : sequence of str
            ``branch``, ``role``, further groupings; empty gives one number under the key 0.

        Returns
        -------
        Series of int
            Indexed by the unit; empty where a grouping is not known.
        """
        if not by:
            return pd.Series([self.size])
        if not set(by) <= set(self.frame.columns):
            return pd.Series(dtype="int64")
        if "role" in by and not self.has_roles:
            return pd.Series(dtype="int64")
        return self.frame.groupby(list(by), sort=False)["population"].sum()

    def match(self, answers: pd.Series) -> pd.Series:
        """Give the roster's name of every answered branch; missing where there is none."""
        known = {answer: self.names.get(normalise(answer)) for answer in answers.dropna().unique()}
        return answers.map(known)


def read_roster(
    source: str | Path | pd.DataFrame, questionnaire: Questionnaire, keep: Sequence[str] = ()
) -> Roster:
    """Read a roster from an xlsx, xls or csv file, or from a frame.

    Parameters
    ----------
    source : path or DataFrame
        A table with 支部, optionally 身份 and 别名, and 人数; without 人数 every line is a person
        and only counts are kept. Lines of totals are left out once they agree with the sizes.
    questionnaire : Questionnaire
        Whose roles 身份 is matched to.
    keep : sequence of str
        Headers of groupings; those that the roster has are kept, one value a branch.

    Returns
    -------
    Roster

    Raises
    ------
    RosterError
        If the columns are missing, a size is not a whole number, a role is unknown, a branch
        and role stand there twice with sizes, or a total is not the sum of its lines or
        unreadable.
    ReadError
        If the file cannot be read.
    """
    sheet = (
        _sheet_of(source)
        if isinstance(source, pd.DataFrame)
        else choose(read_container(Path(source)), None)
    )
    header, columns = _columns(sheet)
    own = {normalise(text): at for at, text in enumerate(sheet.row(header))}
    columns |= {name: own[normalise(name)] for name in keep if normalise(name) in own}
    body = sheet.body(header + 1)
    table = pd.DataFrame({name: body.columns[at].texts() for name, at in columns.items()})
    table = table.apply(lambda column: column.str.strip())
    table["file_row"] = body.rows
    _fill_merged(table, columns, sheet)
    is_total = _totals(body, columns)
    totals, table = table[is_total], table[~is_total]
    table = table[(table.drop(columns="file_row") != "").any(axis=1)].reset_index(drop=True)
    if table.empty:
        raise RosterError(
            zh="名册中没有任何一行数据。", en="The roster has no rows.", place=sheet.place()
        )
    _require_all(table, "branch", "支部", sheet)
    # Spellings of one branch are one branch; its first spelling is shown.
    first = {normalise(name): name for name in reversed(table["branch"].tolist())}
    table["branch"] = [first[normalise(name)] for name in table["branch"]]
    if "population" in table:
        table["population"] = _sizes(table, sheet)
        _refuse_repeats(table, sheet)
        _require_sums(totals, table, sheet)
    else:
        _require_people(table, sheet.row(header), sheet)
        table["population"] = 1
    table["role"] = _roles(table, questionnaire, sheet) if "role" in table else None
    sizes = table.groupby(["branch", "role"], sort=False, dropna=False)["population"].sum()
    frame = sizes.reset_index()
    for name in keep:
        if name in table:
            frame[name] = frame["branch"].map(_parents(table, name, sheet))
    rows = tuple(int(row) for row in totals["file_row"])
    return Roster(frame, _names(table, sheet), rows)


def _sheet_of(frame: pd.DataFrame) -> Sheet:
    """Take a frame as a sheet: its columns' names are the header."""
    cells = [[str(name), *("" if pd.isna(v) else v for v in frame[name])] for name in frame]
    return Sheet("roster", "", encode(cells), np.arange(1, len(frame) + 2, dtype=np.int32))


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


def _columns(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """Find the header row, the first that names the branch, and the known columns."""
    for index in range(min(sheet.n_rows, 10)):
        keys = [_UNIT.sub("", normalise(text)) for text in sheet.row(index)]
        found = {
            name: keys.index(key)
            for name, headers in _HEADERS.items()
            for key in headers
            if key in keys
        }
        if "branch" in found:
            return index, found
    raise RosterError(
        zh="名册中找不到“支部”一列。名册应有列：支部、身份（可省）、人数（可省，省去时一行为一人）、别名（可省）。",
        en="The roster has no column 支部 (branch). It needs the columns 支部, optionally 身份 "
        "(role), 人数 (number of people; without it a line is a person) and 别名 (aliases).",
        place=sheet.place(),
    )


def _fill_merged(table: pd.DataFrame, columns: dict[str, int], sheet: Sheet) -> None:
    """Write the branch or role of a merged cell into every line of the merge."""
    for top, left, bottom, right in sheet.merged:
        for name in ("branch", "role"):
            if columns.get(name) == left == right:
                inside = table["file_row"].between(top, bottom)
                table.loc[inside, name] = table.loc[inside, name].max()


def _totals(body: Sheet, columns: dict[str, int]) -> pd.Series:
    """Tell which lines are totals: a cell up to branch and role ends in 合计 or the like."""
    is_total = pd.Series([False] * body.n_rows)
    for column in body.columns[: 1 + max(columns["branch"], columns.get("role", 0))]:
        ends = [_TOTAL.fullmatch(_UNIT.sub("", normalise(text))) for text in column.levels]
        is_total |= pd.Series([ends[code] is not None for code in column.codes])
    return is_total


def _require_sums(totals: pd.DataFrame, table: pd.DataFrame, sheet: Sheet) -> None:
    """Stop at a total that is the sum neither of all lines, nor of those since the last total."""
    last = 0
    for row, text in zip(totals["file_row"], totals["population"], strict=True):
        above = table["file_row"] < row
        since = above & (table["file_row"] > last)
        sums = [int(table.loc[lines, "population"].sum()) for lines in (since, above)]
        sums.append(int(table["population"].sum()))
        size = _size(text)
        if size is None and text:
            raise RosterError(
                zh=f"合计一行的人数“{text}”读不出。请写成整数，或删去这一行。",
                en=f"The total {text!r} is no whole number. Mend it, or delete the line.",
                place=sheet.place(row=int(row), column="人数"),
            )
        if size is not None and size not in sums:
            raise RosterError(
                zh=f"合计写着 {size} 人，它上面各行之和却是 {sums[0]} 人。请核对名册。",
                en=f"The total says {size} people, but the lines above it add up to {sums[0]}. "
                "Check the roster.",
                place=sheet.place(row=int(row), column="人数"),
            )
        last = row


def _require_people(table: pd.DataFrame, headers: Sequence[str], sheet: Sheet) -> None:
    """Stop if the lines of a roster without sizes are hardly people."""
    sized = [text for text in headers if "人数" in normalise(text)]
    keys = ["branch", *(["role"] if "role" in table else [])]
    if sized or (len(table) > 1 and not table.duplicated(keys).any()):
        told = f"（有“{'”“'.join(sized)}”）" if sized else "，每个支部（身份）又只有一行"
        told_en = f" (but {', '.join(sized)})" if sized else " and no branch (role) has two lines"
        raise RosterError(
            zh=f"名册没有“人数”一列{told}，不像一行一人。请写一列“人数”，一行一个支部（和身份）；"
            "或每人一行。",
            en=f"The roster has no column 人数{told_en}: its lines are hardly people. Give a "
            "column 人数 (number of people), one line a branch (and role), or one line a person.",
            place=sheet.place(),
        )


def _require_all(table: pd.DataFrame, column: str, header: str, sheet: Sheet) -> None:
    empty = table[table[column] == ""]
    if len(empty):
        raise RosterError(
            zh=f"“{header}”一格是空的，请补上（或取消合并单元格）。",
            en=f"The cell under {header} is empty; fill it in (or unmerge the cells).",
            place=sheet.place(row=int(empty["file_row"].iloc[0]), column=header),
        )


def _roles(table: pd.DataFrame, questionnaire: Questionnaire, sheet: Sheet) -> pd.Series:
    _require_all(table, "role", "身份", sheet)
    known = {answer: questionnaire.role_of(answer) for answer in table["role"].unique()}
    if not questionnaire.roles:
        return table["role"]
    for answer, role in known.items():
        if role is None:
            allowed = "、".join(name for r in questionnaire.roles for name in (r.title, *r.answers))
            row = table.loc[table["role"] == answer, "file_row"].iloc[0]
            raise RosterError(
                zh=f"不认识身份“{answer}”，应为：{allowed}。",
                en=f"Unknown role “{answer}”; allowed are {allowed}.",
                place=sheet.place(row=int(row), column="身份"),
            )
    return table["role"].map(known)


def _sizes(table: pd.DataFrame, sheet: Sheet) -> pd.Series:
    sizes = table["population"].map(_size)
    wrong = table[sizes.isna()]
    if len(wrong):
        first = wrong.iloc[0]
        raise RosterError(
            zh=f"人数“{first['population']}”不是非负整数。",
            en=f"The size “{first['population']}” is not a whole number.",
            place=sheet.place(row=int(first["file_row"]), column="人数"),
        )
    return sizes.astype("int64")


def _size(text: str) -> int | None:
    """Read a number of people: 12, 12.0, １２, 1,200 or 12人."""
    plain = "".join(unicodedata.normalize("NFKC", text).replace(",", "").split())
    match = _SIZE.fullmatch(plain)
    return int(match[1]) if match else None


def _refuse_repeats(table: pd.DataFrame, sheet: Sheet) -> None:
    """Stop at a branch and role that stand there twice; other words for a role are fine."""
    repeated = table[table.duplicated(["branch", *(["role"] if "role" in table else [])])]
    if len(repeated):
        first = repeated.iloc[0]
        raise RosterError(
            zh=f"支部“{first['branch']}”（同一身份）在名册中出现了两次，请合并为一行。",
            en=f"Branch “{first['branch']}” (same role) stands in the roster twice; "
            "merge the lines.",
            place=sheet.place(row=int(first["file_row"])),
        )


def _names(table: pd.DataFrame, sheet: Sheet) -> dict[str, str]:
    names = {normalise(branch): branch for branch in table["branch"].unique()}
    if "alias" not in table:
        return names
    pairs = table[["branch", "alias", "file_row"]].drop_duplicates(["branch", "alias"])
    for branch, aliases, row in pairs.itertuples(index=False):
        for alias in filter(None, map(normalise, aliases.translate(_ALIAS_SEPARATORS).split(";"))):
            if names.setdefault(alias, branch) != branch:
                raise RosterError(
                    zh=f"别名“{alias}”同时属于“{names[alias]}”和“{branch}”。",
                    en=f"The alias “{alias}” belongs to both “{names[alias]}” and “{branch}”.",
                    place=sheet.place(row=int(row), column="别名"),
                )
    return names


def require_known(answers: pd.Series, matched: pd.Series) -> None:
    """Stop if an answered branch is not on the roster.

    Raises
    ------
    RosterError
        Listing the unknown names with the number of answers each.
    """
    unknown = Counter(answers[matched.isna() & answers.notna()])
    if unknown:
        listed = "；".join(f"“{name}”（{n} 份）" for name, n in unknown.most_common())
        listed_en = "; ".join(f"“{name}” ({n})" for name, n in unknown.most_common())
        raise RosterError(
            zh=f"名册中没有这些支部：{listed}。请在名册的“别名”列补上写法，"
            "或用 allow_unknown_branches（--allow-unknown-branches）不计这些答卷。",
            en=f"These branches are not on the roster: {listed_en}. Add the spelling to the column "
            "别名 (aliases), or leave these answers out with allow_unknown_branches "
            "(--allow-unknown-branches).",
        )


def require_room(people: pd.DataFrame, roster: Roster, questionnaire: Questionnaire) -> None:
    """Stop if a branch, or a role in it, has more answers than people.

    Parameters
    ----------
    people : DataFrame
        ``branch`` and ``role`` of the rows that are used.

    Raises
    ------
    RosterError
        Naming such branches, or roles in them, and both numbers.
    """
    titles = {role.id: role.title for role in questionnaire.roles}
    for by in (["branch"], ["branch", "role"]):
        sizes = roster.population(by)
        if sizes.empty:
            continue
        answered = people.groupby(by).size()
        size = sizes.reindex(answered.index).fillna(0).astype("int64")
        excess = answered[answered > size]
        if excess.empty:
            continue
        units = [unit if isinstance(unit, tuple) else (unit,) for unit in excess.index]
        names = [" · ".join(titles.get(part) or str(part) for part in unit) for unit in units]
        both = [*zip(names, excess, size[excess.index], strict=True)]
        zh = "；".join(
            f"“{name}”有 {n} 份答卷，名册上只有 {known} 人" for name, n, known in both[:8]
        )
        en = "; ".join(f"“{name}” {n} answers, {known} people" for name, n, known in both[:8])
        more = f"（共 {len(both)} 处）" if len(both) > 8 else ""
        way_zh = "；若只是有人选错了身份，请改用不分身份的名册（删去“身份”列）"
        way_en = ", or use a roster without roles where people only chose the wrong one"
        raise RosterError(
            zh=f"答卷比人多：{zh}{more}。请核对名册人数，或检查是否有人重复提交"
            f"{way_zh if len(by) > 1 else ''}。",
            en=f"More answers than people: {en}{' …' if more else ''}. Check the roster, or "
            f"whether someone answered twice{way_en if len(by) > 1 else ''}.",
            place=Place(question=questionnaire.branch.text),
        )
