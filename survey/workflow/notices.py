"""What a reader of the figures must know about how they came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey.workflow.answers import joined_names

if TYPE_CHECKING:
    import pandas as pd

    from survey.roster import Roster
    from survey.workflow.answers import Answers

Notice = tuple[str, str]


# Of a roster of at least this many branches, answers from one alone may be one branch's file.
_FEWEST_BRANCHES = 3


def _few_answered(people: pd.DataFrame, roster: Roster) -> list[Notice]:
    """Ask for missing files where answers come from one branch of a roster of several."""
    n = len(roster.branches)
    if people["branch"].nunique() != 1 or n < _FEWEST_BRANCHES:
        return []
    return [
        (
            f"名册有 {n} 个支部，答卷却只来自其中一个：其余 {n - 1} 个支部按无人作答计入"
            "回收率和全校结果。缺了其他支部的导出，请一并给出；只看这一个支部，请用只含它的名册（--roster）。",
            f"The roster has {n} branches, but answers come from one alone: the others count as "
            "silent in response rates and in the whole. Give the other exports, too, or a roster "
            "of that branch only (--roster).",
        )
    ]


def _alike(roster: Roster) -> list[Notice]:
    """Say which branches bear one name."""
    if not roster.plain:
        return []
    (first, name), *_ = roster.plain.items()
    n = len(set(roster.plain.values()))
    return [
        (
            f"名册中有 {n} 个名称为不同单位的支部共用（如“{name}”），"
            f"已在名称前写明单位，如“{first}”。",
            f"{n} names of the roster are borne by branches of several units (as “{name}”); the "
            f"unit stands before them, as in “{first}”.",
        )
    ]


def notices(survey: Answers) -> tuple[Notice, ...]:
    """List what to know of roster and totals, unknown roles, looks, and warnings of reading."""
    noted: list[Notice] = []
    if survey.roster is None:
        noted.append(
            (
                "没有名册：各支部人数未知，区间按无限总体计算，比实际需要的更宽，回收率无法计算。",
                "No roster: sizes are unknown, intervals are binomial and wider than they have "
                "to be, and there is no response rate.",
            )
        )
    else:
        noted += [*survey.roster.notices, *_alike(survey.roster)]
        noted += _few_answered(survey.responses.people.loc[survey.screening.used], survey.roster)
    noted += [said for name in survey.groupings if (said := joined_names(survey, (name,)))]
    n_no_role = int(survey.responses.people.loc[survey.screening.used, "role"].isna().sum())
    if survey.questionnaire.role is not None and n_no_role:
        noted.append(
            (
                f"有 {n_no_role} 份答卷没有可识别的身份，计入支部与全校，不计入任何一类人员。",
                f"{n_no_role} answers give no recognisable role; they count for the branch and "
                "the university, and for neither role.",
            )
        )
    if survey.is_weighted:
        noted.append(
            (
                "各项比例按所给的权重计算，界限按有效样本量近似得出（Korn 与 Graubard 1998），"
                "不像不加权时那样有精确的保证：权重怎样得来，答卷本身不知道。",
                "Shares are weighted as given; bounds rest on the effective number of answers "
                "(Korn and Graubard 1998) and are approximate, unlike those without weights: how "
                "the weights came about the answers do not tell.",
            )
        )
    if survey.timetable.has_looks:
        n = len(survey.timetable.ends)
        noted.append(
            (
                f"事先公布了含截止在内的 {n} 次查看，各支部的判定与上下限已计入："
                f"{n} 次合计的误判概率仍不超过 5%（Lan 与 DeMets 的误差分配）。",
                f"{n} looks were announced, the end among them. Verdicts and bounds of branches "
                "allow for it: their error is at most 5% over all looks together (spending of Lan "
                "and DeMets).",
            )
        )
    problems = survey.responses.problems
    warnings = problems.loc[problems["severity"] == "warning", ["zh", "en"]].drop_duplicates()
    noted += [(str(zh), str(en)) for zh, en in warnings.itertuples(index=False, name=None)]
    return tuple(noted)
