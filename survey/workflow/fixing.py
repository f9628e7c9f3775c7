"""An analysis plan in words, to be fixed and signed before anybody sees an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from importlib import metadata
from pathlib import Path

from analysis.breakdown.withholding import EVENTS, EVENTS_ORDERED
from questionnaires import Questionnaire
from survey import formats, settings
from survey.output import sha256
from survey.roster import read_roster
from survey.screening import DEFAULT_RULES
from survey.text import Text
from survey.workflow import meant
from survey.workflow.supposing import checked, rising


def analysis_plan(
    roster: str | Path,
    *,
    roster_sheet: str | None = None,
    questionnaire: str | Path | Questionnaire | None = None,
    bar: str | float | None = None,
    looks: Sequence[str | float] = (),
) -> Text:
    r"""Write down what a report will do, as far as it is known before the answers.

    Arguments are those of `survey.plan`. What they do not decide stands as the report does it
    unless an option says otherwise; a report lists its options and the SHA-256 of its roster, to be
    held against this.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "名册.csv"
    >>> _ = path.write_text("支部,人数\n甲支部,40\n", encoding="utf-8-sig")
    >>> print(analysis_plan(path).zh.splitlines()[3])
    3. 判定：每个支部只在截止后看一次，作两个单侧 5% 精确检验；都不能否定的为无法判定。
    """
    asked = meant.questionnaire(questionnaire)
    known = read_roster(roster, asked, sheet=roster_sheet)
    goal = formats.bar(str(asked.bar if bar is None else checked("bar", bar)))
    when = rising("looks", looks)
    least = settings.current().min_cell
    lines = [
        Text(
            f"分析计划（{date.today()}，survey-report {metadata.version('survey-report')}）",
            f"Analysis plan ({date.today()}, survey-report {metadata.version('survey-report')})",
        ),
        _asked(asked, goal),
        Text(
            f"2. 名册：{len(known.branches)} 个支部，{known.size} 人；文件的 SHA-256 为 "
            f"{sha256(roster)}。",
            f"2. Roster: {len(known.branches)} branches, {known.size} people; SHA-256 of the file "
            f"{sha256(roster)}.",
        ),
        _verdicts(when),
        Text(
            f"4. 公布：支部的有效回答不少于 {least} 份；公布与否只看人数，不看回答。",
            f"4. Published: branches of {least} valid answers and more, decided by counts "
            "alone, never by what was answered.",
        ),
        _screened(),
        _broken_down(asked),
        Text(
            "7. 各支部的下限、上限精确，各有 95% 的把握；其他区间 95%，随机种子 0。"
            "正式结论只有各支部的判定，其余各表只作参考。",
            "7. Bounds of branches are exact, each 95% sure; other intervals at 95%, seed 0. The "
            "verdicts of branches are the findings, every other table is exploratory.",
        ),
        Text(
            "8. 与以上不同的做法，须在报告中写明是看到答卷以后定的。",
            "8. Whatever is done otherwise must be called in the report decided after the answers.",
        ),
        Text("签字：                日期：", "Signed:                Date:"),
    ]
    return Text("\n".join(line.zh for line in lines), "\n".join(line.en for line in lines))


def _asked(asked: Questionnaire, goal: str) -> Text:
    rungs = asked.overall.scale.satisfied_levels
    zh = "、".join(rung.label for rung in rungs)
    en = ", ".join(rung.label_en or rung.label for rung in rungs)
    return Text(
        f"1. 问卷：{asked.title}；满意指总体满意度选“{zh}”，标准 {goal}。",
        f"1. Questionnaire: {asked.title_en or asked.title}; satisfied means {en}; bar {goal}.",
    )


def _verdicts(looks: Sequence[Fraction]) -> Text:
    if not looks:
        return Text(
            "3. 判定：每个支部只在截止后看一次，作两个单侧 5% 精确检验；都不能否定的为无法判定。",
            "3. Verdicts: each branch is looked at once, after the end, by two one-sided exact "
            "tests at 5%; where neither refutes it is inconclusive.",
        )
    at = [formats.percent(float(share), digits=0) for share in looks]
    return Text(
        f"3. 判定：收到 {'、'.join(at)} 时各看一次，误判合计不超过 5%（Lan 与 DeMets），此外不看。",
        f"3. Verdicts: looked at when {', '.join(at)} have answered, with an error of 5% in all "
        "(Lan and DeMets), and at no other time.",
    )


def _broken_down(asked: Questionnaire) -> Text:
    if len(asked.dimensions) < 2:
        return Text(
            "6. 不满意的构成：问卷不足两个维度，不作。",
            "6. Breakdown: none, as the questionnaire has fewer than two dimensions.",
        )
    borrows = len(asked.overall.scale.valid_levels) > 2 and len(asked.dimensions) > 2
    none, few = EVENTS_ORDERED if borrows else EVENTS
    return Text(
        f"6. 不满意的构成：各维度按 Shapley 值分解；不满意者不足 {none} 人不作，"
        f"不足 {few} 人只作参考；差的区间不含 0 才排先后。",
        f"6. Breakdown: dimensions by Shapley values; none with fewer than {none} dissatisfied "
        f"people, indicative with fewer than {few}; an order only where the interval of a "
        "difference excludes 0.",
    )


def _screened() -> Text:
    def listed(action: str) -> tuple[str, str]:
        rules = [rule for rule in DEFAULT_RULES if rule.action == action]
        return "；".join(rule.zh for rule in rules), "; ".join(rule.en for rule in rules)

    (removed, removed_en), (flagged, flagged_en) = listed("remove"), listed("flag")
    return Text(
        f"5. 答卷。剔除：{removed}。只标记而不剔除：{flagged}。",
        f"5. Answers. Removed: {removed_en}. Flagged and kept: {flagged_en}.",
    )
