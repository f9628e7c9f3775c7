"""Whether the answers agree with the roster: names of branches, and numbers of people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

import pandas as pd

from questionnaires import Questionnaire
from questionnaires.text import normalise
from survey import identifiers
from survey.errors import Place, RosterError
from survey.roster.model import Roster

_LISTED = 20
_NEAR = 2
_ENOUGH = 0.5
_NUMERALS = {numeral: str(n) for n, numeral in enumerate("〇一二三四五六七八九")}
_TENS = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_SAID_BY_ALL = re.compile("中共|党|委员会|总支|支部|第|号|[()]")


def require_known(answers: pd.Series, matched: pd.Series, roster: Roster) -> None:
    """Stop if an answered branch is not on the roster.

    Parameters
    ----------
    answers, matched : Series
        Answered branches, and their names on the roster, missing where there is none.
    roster : Roster
        Whose names come nearest.

    Raises
    ------
    RosterError
        Listing the unknown names with the number of answers and the nearest names of each.
    """
    unknown = Counter(answers[matched.isna() & answers.notna()]).most_common()
    if not unknown:
        return
    zh, en = [], []
    for name, n in unknown[:_LISTED]:
        near = nearest_names(name, roster.branches)
        shown = identifiers.shown(name, n)
        quoted = "或".join(f"“{one}”" for one in near)
        zh.append(f"“{shown}”（{n} 份" + f"，名册中最接近的是{quoted}" * bool(near) + "）")
        listed = " or ".join(f"“{one}”" for one in near)
        en.append(f"“{shown}” ({n}" + f"; nearest: {listed}" * bool(near) + ")")
    more = len(unknown) - _LISTED
    raise RosterError(
        zh=f"名册中没有这些支部：{'；'.join(zh)}{f' 等 {len(unknown)} 种' if more > 0 else ''}。"
        "若是名册上某支部的另一种写法，请在名册加一列“别名”，在该支部一行填上这种写法（几种用分号隔开），"
        "或在确认表（check --write 确认表.xlsx）中选；"
        "不是的，选择不计这些答卷（allow_unknown_branches、--allow-unknown-branches）。",
        en=f"These branches are not on the roster: {'; '.join(en)}"
        f"{f' and {more} more' if more > 0 else ''}. Where one is another spelling, give the "
        "roster a column 别名 (aliases) and put the spelling in that branch's line, several by "
        "semicolon, or choose it in the sheet to confirm (check --write SHEET.xlsx); else leave "
        "these answers out (allow_unknown_branches, --allow-unknown-branches).",
    )


def require_told_apart(answers: pd.Series, matched: pd.Series, roster: Roster) -> None:
    """Stop at answers that several branches of one name may be meant by."""
    open_ = answers[matched.isna() & answers.notna()]
    open_ = open_[open_.map(normalise).isin([*roster.shared])]
    if open_.empty:
        return
    name, n = next(iter(open_.value_counts().items()))
    several = roster.shared[normalise(str(name))]
    more, units = len(several) > 3, "、".join(roster.groupings)
    listed = "、".join(f"“{one}”" for one in several[:3]) + (" 等" if more else "")
    listed_en = ", ".join(f"“{one}”" for one in several[:3]) + (" …" if more else "")
    raise RosterError(
        zh=f"名册上叫“{name}”的支部有 {len(several)} 个（{listed}），有 {n} 份答卷分不清是哪一个"
        f"（此类答卷共 {len(open_)} 份）。导出里要有“{units}”一列，每份答卷写名册上的一个单位，"
        "或让文件名（或所在文件夹的名称）写明单位的全称，每个单位一个文件或文件夹；"
        "也可选择不计这些答卷（allow_unknown_branches、--allow-unknown-branches）。",
        en=f"The roster has {len(several)} branches called “{name}” ({listed_en}); {n} answers do "
        f"not say which is meant (of all such answers {len(open_)}). The export needs a column "
        f"{units} with one unit of the roster in every answer; or name the unit in full in the "
        "name of the file or of its folder, one a unit; or leave these answers out "
        "(allow_unknown_branches, --allow-unknown-branches).",
    )


def renamed(
    earlier: Sequence[str], later: Sequence[str], before: Roster | None, now: Roster | None
) -> dict[str, str]:
    """Find branches of an earlier wave that have another name now, by the aliases of both rosters.

    Parameters
    ----------
    earlier, later : sequence of str
        Names of the branches of each wave.
    before, now : Roster, optional
        Of each wave.

    Returns
    -------
    dict of str to str
        Earlier names to those of now; without branches that became one.
    """
    known, old = set(later), set(earlier)
    found = {
        name: now.names[normalise(name)] for name in earlier if now and normalise(name) in now.names
    }
    for name in later:
        if before and normalise(name) in before.names:
            found.setdefault(before.names[normalise(name)], name)
    times = Counter(found.values())
    return {
        name: new
        for name, new in found.items()
        if name != new and name not in known and new in known - old and times[new] == 1
    }


def nearest_names(name: str, known: Sequence[str]) -> list[str]:
    """Find the names that are most likely meant: other numerals, words left out, abbreviations.

    Examples
    --------
    >>> names = ["马克思主义学院第一党支部", "马克思主义学院第二党支部", "机械学院党支部"]
    >>> nearest_names("马院第2支部", names), nearest_names("校医院", names)
    (['马克思主义学院第二党支部'], [])
    """
    own = _core(name)
    likeness = {one: _likeness(own, _core(one)) for one in known}
    best = sorted(known, key=likeness.__getitem__, reverse=True)[:_NEAR]
    enough = max(_ENOUGH, 0.8 * likeness[best[0]]) if best else 1.0
    return [one for one in best if likeness[one] >= enough]


@lru_cache(maxsize=1 << 14)
def _core(name: str) -> str:
    """Reduce a branch's name to what tells it from others, numbers in digits."""
    text = _TENS.sub(_ten, normalise(name))
    return _SAID_BY_ALL.sub("", "".join(_NUMERALS.get(char, char) for char in text))


def _ten(match: re.Match[str]) -> str:
    return (_NUMERALS[match[1]] if match[1] else "1") + (_NUMERALS[match[2]] if match[2] else "0")


def _likeness(one: str, other: str) -> float:
    """Give 1 for the same core, .9 for an abbreviation, else the share of common letters."""
    if one == other:
        return 1.0
    numbers, others = (re.findall(r"\d+", text) for text in (one, other))
    alike = numbers == others or not (numbers and others)
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    if alike and len(short) > 1 and all(letter in letters for letter in short):
        return 0.9
    common = SequenceMatcher(None, one, other, autojunk=False)
    if common.quick_ratio() < _ENOUGH:
        return 0.0
    return common.ratio() * (1.0 if alike else 0.6)


def require_room(
    people: pd.DataFrame,
    roster: Roster,
    questionnaire: Questionnaire,
    repeated: Callable[[pd.DataFrame], pd.Series[bool]],
) -> None:
    """Stop if a branch, or a role in it, has more answers than people.

    Parameters
    ----------
    people : DataFrame
        ``branch`` and ``role`` of the rows that are used.
    repeated : callable
        Tells which of these rows may be another answer of the same person.

    Raises
    ------
    RosterError
        Naming such branches, or roles in them, both numbers, and how many rows may be repeated.
    """
    titles = {role.id: role.title for role in questionnaire.roles}
    cells = people.groupby(["branch", "role"], dropna=False).size().rename("n").reset_index()
    for by in (["branch"], ["branch", "role"]):
        sizes = roster.population(by)
        if sizes.empty:
            continue
        answered = cells.groupby(by)["n"].sum()
        size = sizes.reindex(answered.index).fillna(0).astype("int64")
        excess = answered[answered > size]
        if excess.empty:
            continue
        units = [unit if isinstance(unit, tuple) else (unit,) for unit in excess.index]
        names = [" · ".join(titles.get(part) or str(part) for part in unit) for unit in units]
        again = people[repeated(people)].groupby(by).size().reindex(excess.index, fill_value=0)
        both = [*zip(names, excess, again, size[excess.index], strict=True)]
        zh = "；".join(
            f"“{name}”有 {n} 份答卷{f'（其中标为疑似重复的 {same} 份）' if same else ''}，"
            f"名册上只有 {known} 人"
            for name, n, same, known in both[:8]
        )
        en = "; ".join(
            f"“{name}” {n} answers{f' ({same} of them flagged as repeated)' if same else ''}, "
            f"{known} people"
            for name, n, same, known in both[:8]
        )
        more = f"（共 {len(both)} 处）" if len(both) > 8 else ""
        none, none_en = (
            ("", "") if again.any() else ("（筛查没有标出重复的）", " (no row is flagged)")
        )
        way_zh = "；若只是有人选错了身份，请改用不分身份的名册（删去“身份”列）"
        way_en = ", or use a roster without roles where people only chose the wrong one"
        raise RosterError(
            zh=f"答卷比人多：{zh}{more}。请核对名册人数，或检查是否有人重复提交{none}"
            f"{way_zh if len(by) > 1 else ''}。",
            en=f"More answers than people: {en}{' …' if more else ''}. Check the roster, or "
            f"whether someone answered twice{none_en}{way_en if len(by) > 1 else ''}.",
            place=Place(question=questionnaire.branch.text),
        )
