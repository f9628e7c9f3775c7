"""Write simulated answers as 问卷星 writes them: all strings, metadata in front, odd markers."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from questionnaires import Item, Questionnaire, Scale
from questionnaires.asking import Question, questions

Bools = npt.NDArray[np.bool_]

_COLLEGES = (
    *("机械工程学院", "计算机学院", "材料科学与工程学院", "化学化工学院", "土木工程学院"),
    *("电气工程学院", "外国语学院", "马克思主义学院", "经济管理学院", "数学学院", "物理学院"),
    *("生命科学学院", "医学院", "法学院", "艺术学院", "教育学院", "环境学院", "药学院"),
)
_KINDS = ("教工", "本科生", "研究生")
_DIGITS = "零一二三四五六七八九"
_CITIES = ("江苏-南京", "江苏-苏州", "江苏-无锡", "江苏-徐州", "安徽-合肥", "上海-上海", "未知")
_SOURCES = (("微信", "N/A"), ("手机提交", "直接访问"), ("链接", "直接访问"), ("微信", "微信"))
# Names, phones, numbers and addresses are invented; a report must mask them.
_REMARKS = (
    *("希望活动多结合专业学习。", "组织生活形式可以更活泼一些", "网站更新太慢，通知经常看不到"),
    *("反映的空调问题一直没有回音。", "党员活动室周末能不能开放？", "都挺好的👍", "继续保持"),
    "支部书记王玥珺老师工作很负责，建议多宣传",
    "建议给陈喆同学的志愿服务队更多支持，联系电话13900000000",
    "李堃（学号202300000123）反映的宿舍问题请尽快处理",
    "有意见可以和我面谈：赵老师，13800000001，zhao@example.com",
    "流程太繁琐，\n同一份材料交了三次",
    "希望多听听研究生的意见，别总是开会＋填表",
)
_NOTHING = ("无", "没有", "暂无", "无。", "。", "没意见")


def branch_names(n_branches: int) -> tuple[list[str], list[int]]:
    """Make up names of branches.

    Parameters
    ----------
    n_branches : int
        How many, without limit.

    Returns
    -------
    names : list of str
        All different.
    kinds : list of int
        0 for a branch of staff, 1 for one of students.

    Examples
    --------
    >>> branch_names(2)
    (['机械工程学院教工第一党支部', '计算机学院教工第二党支部'], [0, 0])
    """
    names, kinds = [], []
    pairs = list(product(range(len(_KINDS)), (1, 2, 3)))
    for place in range(n_branches):
        round_, college = divmod(place, len(_COLLEGES))
        block, step = divmod(round_, len(pairs))
        # Every college begins at another pair, so that few branches already look varied.
        kind, ordinal = pairs[(step + college) % len(pairs)]
        number = _numeral(ordinal + 3 * block)
        names.append(f"{_COLLEGES[college]}{_KINDS[kind]}第{number}党支部")
        kinds.append(min(kind, 1))
    return names, kinds


def _numeral(number: int) -> str:
    """Write 1–99 as in 第十二党支部."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def write_roster(path: Path, truth: pd.DataFrame, questionnaire: Questionnaire) -> None:
    """Write the roster, one row a branch and role, counts as numbers.

    Parameters
    ----------
    path : Path
        The xlsx to write.
    truth : DataFrame
        Columns ``branch``, ``role``, ``population``.
    questionnaire : Questionnaire
        Gives the roles their titles; without a role question the column 身份 is left out.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    titles = {role.id: role.title for role in questionnaire.roles} if questionnaire.role else {}
    sheet.append(["支部", "身份", "人数"] if titles else ["支部", "人数"])
    for branch, role, population in truth[["branch", "role", "population"]].itertuples(index=False):
        sheet.append([branch, titles[role], population] if titles else [branch, population])
    book.save(path)


def write_export(
    path: Path,
    respondents: pd.DataFrame,
    questionnaire: Questionnaire,
    *,
    rng: np.random.Generator,
    blank_share: float,
    not_applicable_share: float,
    straightliner_share: float,
    inattentive_share: float = 0.01,
) -> None:
    """Write honest answers, with what spoils them on the way, as a text-mode export.

    Parameters
    ----------
    path : Path
        The xlsx to write.
    respondents : DataFrame
        Rows of `survey.simulation.People.persons` that responded.
    questionnaire : Questionnaire
        What was asked.
    rng : numpy Generator
        Source of the noise.
    blank_share, not_applicable_share, straightliner_share, inattentive_share : float
        As in `survey.simulation.simulate`; the overall question gets half the blanks and 不了解.
        Who answers 不了解 there skips the items; the inattentive fail the attention check.
    """
    from openpyxl import Workbook

    people = respondents.iloc[rng.permutation(len(respondents))]
    straight = rng.random(len(people)) < straightliner_share
    answers = _Answers(people, questionnaire, rng, straight, blank_share, not_applicable_share)
    # Straight-liners fail the check half the time whatever they think, so that removing the failed
    # removes satisfied and dissatisfied alike.
    failed = rng.random(len(people)) < np.where(straight, 0.5, inattentive_share)
    columns = _metadata(rng, len(people), straight)
    for question in questions(questionnaire, branches=["-"]):
        for header, id in _headers(question):
            columns[header] = answers.column(id, failed)

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.append(list(columns))
    for row in zip(*columns.values(), strict=True):
        sheet.append(row)
    book.save(path)


def _headers(question: Question) -> list[tuple[str, str]]:
    """Headers of one question's columns, each with the id it holds."""
    if question.kind != "matrix":
        return [(f"{question.number}、{question.stem}", question.ids[0])]
    rows = [f"{question.stem}—{question.rows[0]}", *question.rows[1:]]
    return [(f"{question.number}、{row}", id) for row, id in zip(rows, question.ids, strict=True)]


def _metadata(rng: np.random.Generator, n: int, hurried: Bools) -> dict[str, list[str]]:
    """Make the six columns that 问卷星 puts in front, in order of submission."""
    seconds = np.sort(rng.integers(0, 14 * 24 * 3600, n))
    times = pd.Timestamp(2025, 7, 1) + pd.to_timedelta(seconds, unit="s")
    honest = np.exp(rng.normal(np.log(150), 0.4, n))
    spent = np.where(hurried, rng.integers(14, 36, n), honest.round() + 45).astype(int)
    source = rng.choice(len(_SOURCES), n, p=[0.5, 0.35, 0.1, 0.05])
    hosts, cities = rng.integers(1, 255, n), rng.choice(_CITIES, n)
    return {
        "序号": [str(number) for number in range(1, n + 1)],
        # No zero padding but in minutes and seconds, as the platform does.
        "提交答卷时间": [f"{t.year}/{t.month}/{t.day} {t.hour}:{t:%M:%S}" for t in times],
        "所用时间": [f"{s}秒" for s in spent],
        "来源": [_SOURCES[place][0] for place in source],
        "来源详情": [_SOURCES[place][1] for place in source],
        "来自IP": [f"203.0.113.{host}({city})" for host, city in zip(hosts, cities, strict=True)],
    }


class _Answers:
    """Turn what people think into what stands in the cells, one column at a time."""

    def __init__(
        self,
        people: pd.DataFrame,
        questionnaire: Questionnaire,
        rng: np.random.Generator,
        straight: Bools,
        blank_share: float,
        not_applicable_share: float,
    ) -> None:
        self.people = people
        self.questionnaire = questionnaire
        self.rng = rng
        self.straight = straight
        self.shares = (blank_share, not_applicable_share)
        overall = questionnaire.overall
        self.mood = _standing(people["overall"].to_numpy(), overall.scale)
        self.overall = self._spoil(self._labels(overall), overall.scale, 0.5)
        not_applicable = _not_applicable(overall.scale)
        self.skips = self.overall == not_applicable if not_applicable else np.zeros_like(straight)

    def column(self, id: str, failed: Bools) -> list[str]:
        """Cells of the column that holds `id`."""
        asked = self.questionnaire
        if id == asked.branch.id:
            return list(self.people["branch"])
        if asked.role and id == asked.role.id:
            return list(self.people["answer"])
        if id == "overall":
            return list(self.overall)
        if asked.attention and id == asked.attention.id:
            wrong = next(
                level.label
                for level in asked.attention.scale.levels
                if level.label != asked.attention.expected
            )
            return list(np.where(failed, wrong, asked.attention.expected))
        if asked.open_question and id == asked.open_question.id:
            return self._remarks()
        item = asked.item(id)
        labels = np.where(self.straight, _label_at(self.mood, item.scale), self._labels(item))
        spoilt = self._spoil(labels, item.scale, 1.0)
        return list(np.where(self.skips, "(跳过)", spoilt))

    def _labels(self, item: Item) -> npt.NDArray[np.str_]:
        return _label_at(_standing(self.people[item.id].to_numpy(), item.scale), item.scale)

    def _spoil(
        self, labels: npt.NDArray[np.str_], scale: Scale, factor: float
    ) -> npt.NDArray[np.str_]:
        """Leave some answers blank and turn some into 不了解, whatever they were."""
        blank, not_applicable = (share * factor for share in self.shares)
        draw = np.where(self.straight, 1.0, self.rng.random(len(labels)))
        unknown = _not_applicable(scale)
        if unknown:
            labels = np.where(draw < blank + not_applicable, unknown, labels)
        return np.where(draw < blank, "(空)", labels)

    def _remarks(self) -> list[str]:
        draw = self.rng.random(len(self.people))
        remarks = self.rng.choice(_REMARKS, len(draw))
        nothing = self.rng.choice(_NOTHING, len(draw))
        return list(np.where(draw < 0.08, remarks, np.where(draw < 0.3, nothing, "(空)")))


def _ladder(scale: Scale) -> list[tuple[float, str]]:
    """Scores and labels from worst to best."""
    return sorted((float(lv.score or 0), lv.label) for lv in scale.valid_levels)


def _standing(scores: npt.NDArray[np.float64], scale: Scale) -> npt.NDArray[np.float64]:
    """Place of a score on its ladder, 0 for the worst level and 1 for the best."""
    ladder = [score for score, _ in _ladder(scale)]
    return np.searchsorted(ladder, scores) / (len(ladder) - 1)


def _label_at(standing: npt.NDArray[np.float64], scale: Scale) -> npt.NDArray[np.str_]:
    labels = np.array([label for _, label in _ladder(scale)])
    return np.asarray(labels[np.rint(standing * (len(labels) - 1)).astype(int)])


def _not_applicable(scale: Scale) -> str | None:
    return next((level.label for level in scale.levels if not level.valid), None)
