"""Results made by hand for the tests of charts and reports: plausible and fixed.

Import as ``from tests.survey.results_samples import sample_satisfaction``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.design.planning import answers_for_chance, least_answers, power
from survey import results

if TYPE_CHECKING:
    from questionnaires import Questionnaire

RARE_NAME = "玥珺喆堃昇祎翀研究生第一党支部"
LONG_NAME = "马克思主义学院人文社会科学联合研究生第二党支部（含博士后访问学者）东区临时党小组"
DIMENSIONS: tuple[tuple[str, str, str], ...] = (
    ("leadership", "班子建设", "Leadership"),
    ("teams", "服务队伍", "Service teams"),
    ("mechanisms", "服务机制", "Service mechanisms"),
    ("venues", "服务阵地", "Service venues"),
    ("vehicles", "服务载体", "Service vehicles"),
    ("results", "服务业绩", "Service results"),
)
ITEMS: tuple[tuple[str, str], ...] = (
    ("理想信念坚定", "Firm ideals and convictions"),
    ("工作思路清晰", "Clear plan of work"),
    ("宗旨意识牢固", "Sense of purpose"),
    ("党务工作队伍精干高效", "Capable and efficient party workers"),
    ("党代表队伍充分履职尽责", "Delegates fulfil their duties"),
    ("师生党员队伍先进性明显", "Members set an example"),
    ("责任落实机制", "Responsibility mechanism"),
    ("保障激励机制", "Support and incentive mechanism"),
    ("考核评价机制", "Assessment mechanism"),
    ("党员活动中心", "Activity centre"),
    ("示范服务窗口", "Model service window"),
    ("网络阵地", "Online services"),
    ("基层党组织服务全覆盖", "Service reaches everyone"),
    ("主题教育实践活动有实效", "Theme activities are effective"),
    ("与校园文化建设有机融合", "Integrated with campus culture"),
    ("推动事业发展", "Furthers the work of the unit"),
    ("工作富有特色", "Distinctive work"),
    ("群众满意度高", "Contentment of the people"),
)
LEVELS: tuple[tuple[str, str, float, bool], ...] = (
    ("非常满意", "Very satisfied", 5.0, True),
    ("满意", "Satisfied", 4.0, True),
    ("一般", "Neutral", 3.0, False),
    ("不满意", "Dissatisfied", 2.0, False),
    ("非常不满意", "Very dissatisfied", 1.0, False),
)
_FACULTIES = (
    "机械",
    "电气",
    "化学化工",
    "马克思主义",
    "外国语",
    "体育",
    "计算机科学与技术",
    "医学",
)
_KINDS = ("教工第一党支部", "研究生第一党支部", "本科生第二党支部", "机关党支部")


SILENT = ("break_even_gap", "tipping_odds")


def branch_names(n_branches: int) -> list[str]:
    """Give names of branches: the second has rare characters, the third forty characters."""
    names = [
        f"{_FACULTIES[i % 8]}学院{_KINDS[i // 8 % 4]}" + (f"（{i // 32 + 1}）" if i >= 32 else "")
        for i in range(n_branches)
    ]
    for position, name in ((1, RARE_NAME), (2, LONG_NAME)):
        if n_branches > position:
            names[position] = name
    return names


def _satisfaction(
    units: pd.DataFrame,
    population: Sequence[int],
    n_valid: Sequence[int],
    n_satisfied: Sequence[int],
    *,
    known_population: bool,
) -> results.Satisfaction:
    N, n, x = (np.asarray(v, dtype=float) for v in (population, n_valid, n_satisfied))
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(n > 0, x / n, np.nan)
        z = (
            1.96 * np.sqrt(np.maximum(N - n, 0) / np.maximum(N - 1, 1))
            if known_population
            else 1.96
        )
        centre = (x + z**2 / 2) / (n + z**2)
        half = z / (n + z**2) * np.sqrt(x * (n - x) / n + z**2 / 4)
    low = np.where(n > 0, np.maximum(centre - half, 0), 0.0)
    high = np.where(n > 0, np.minimum(centre + half, 1), 1.0)
    if known_population:
        low, high = np.maximum(low, x / N), np.minimum(high, (N - n + x) / N)
    needed = np.ceil(0.9 * N - 1e-9) - x
    verdict = np.where(low >= 0.9, "meets", np.where(high < 0.9, "below", "inconclusive"))
    frame = units.assign(
        population=pd.array(population, dtype="Int64"),
        n_responses=np.asarray(n_valid) + 1,
        n_valid=np.asarray(n_valid),
        n_missing=1,
        n_not_asked=0,
        n_not_applicable=0,
        n_satisfied=pd.array(n_satisfied, dtype="Int64"),
        share_of_answers=rate,
        rate=rate,
        index=rate * 90,
        lower=low,
        upper=high,
        estimator="hypergeometric",
        verdict=verdict,
        reason=np.where(verdict == "inconclusive", "needs_more_answers", ""),
        p_meets=np.where(verdict == "meets", 0.01, 0.4),
        p_below=np.where(verdict == "below", 0.01, 0.6),
        response_rate=n / N,
        bound_low=x / N,
        bound_high=(N - n + x) / N,
        break_even=np.where(needed > N - n, np.inf, np.maximum(needed, 0) / np.maximum(N - n, 1)),
        break_even_gap=np.where(
            needed > N - n, np.nan, np.maximum(needed, 0) / np.maximum(N - n, 1) - x / n
        ),
        tipping_odds=np.select([verdict == "meets", verdict == "below"], [1.8, 0.4], np.nan),
    )
    if not known_population:
        frame["population"] = pd.array([pd.NA] * len(frame), dtype="Int64")
        for column in ("response_rate", "bound_low", "bound_high", "break_even", *SILENT):
            frame[column] = np.nan
    withheld = (frame["n_valid"] < 5).to_numpy()
    hidden = ["share_of_answers", "rate", "index", "lower", "upper", "p_meets", "p_below"]
    hidden += ["bound_low", "bound_high", "break_even", *SILENT]
    frame.loc[withheld, hidden] = np.nan
    frame.loc[withheld, "n_satisfied"] = pd.NA
    frame.loc[withheld, "verdict"] = "withheld"
    frame.loc[withheld, "reason"] = "few"
    return results.Satisfaction(
        frame=frame,
        by=tuple(units.columns),
        bar="0.9",
        alpha=0.05,
        level=None,
        method="exact",
        min_cell=5,
        satisfied_labels=("非常满意", "满意"),
        english={
            "党员": "Party members",
            "师生员工": "staff and students",
            "非常满意": "very satisfied",
            "满意": "satisfied",
        },
    )


def sample_satisfaction(
    n_branches: int = 12,
    *,
    by: tuple[str, ...] = ("branch",),
    known_population: bool = True,
    satisfied: float | None = None,
    withheld: bool = False,
) -> results.Satisfaction:
    """Give satisfaction by branch, by role, by both, or of everyone (`by=()`).

    `satisfied` fixes the share of satisfied answers in every unit (0 nobody, 1 everybody);
    `withheld` puts every unit under the minimum cell. With 7 or more branches the seventh is
    withheld in any case, and every kind of verdict occurs.
    """
    if by == ("branch",):
        units = pd.DataFrame({"branch": branch_names(n_branches)})
    elif by == ("role",):
        units = pd.DataFrame({"role": ["党员", "师生员工"]})
    elif by == ("branch", "role"):
        names = branch_names(n_branches)
        units = pd.DataFrame(
            {"branch": np.repeat(names, 2), "role": ["党员", "师生员工"] * n_branches}
        )
    else:
        units = pd.DataFrame(index=[0])
    size = len(units)
    order = np.arange(size)
    population = 12 + (order * 37) % 90 if "branch" in by else np.full(size, 900)
    n_valid = np.maximum(
        6, np.round(population * (0.6 + 0.39 * ((order * 7) % 10) / 9)).astype(int)
    )
    shares = np.array([0.98, 0.9, 0.78, 1.0, 0.93, 0.86, 0.95, 1.0, 0.97, 0.7])[order % 10]
    if satisfied is not None:
        shares = np.full(size, satisfied)
    n_satisfied = np.round(n_valid * shares).astype(int)
    if "branch" in by and size > 6:
        n_valid[6], n_satisfied[6] = 3, 2
    if withheld:
        n_valid, n_satisfied = np.full(size, 3), np.full(size, 2)
    return _satisfaction(units, population, n_valid, n_satisfied, known_population=known_population)


def sample_drivers(n_branches: int = 12, *, status: str = "full") -> results.Drivers:
    """Give a breakdown that adds up exactly; every third branch is withheld.

    With a `status` that begins with ``none_`` nothing is broken down, with ``sum_only_vif`` only
    the sum of the dimensions is known.
    """
    shown = not status.startswith(("none", "sum_only"))
    ids, titles, titles_en = (list(column) for column in zip(*DIMENSIONS, strict=True))
    phi = np.array([0.021, 0.012, 0.037, 0.006, -0.003, 0.015])
    half = np.array([0.009, 0.008, 0.011, 0.008, 0.006, 0.009])
    observed, floor = 0.128, 0.035
    residual = observed - floor - phi.sum()
    frame = pd.DataFrame(
        {
            "dimension": ids,
            "title": titles,
            "title_en": titles_en,
            "contribution": phi,
            "low": phi - half,
            "high": phi + half,
            "solo": phi * 1.3,
            "last": phi * 0.7,
            "share": phi / observed,
            "slope": [-0.8, -0.5, -1.2, -0.3, 0.1, -0.6],
            "distinguishable": phi - half > 0,
        }
    )
    names = branch_names(n_branches)
    generator = np.random.default_rng(20140110)
    phi_branch = phi + generator.normal(0, 0.012, (n_branches, 6))
    hidden = np.arange(n_branches) % 3 == 2
    rows = np.repeat(np.arange(n_branches), 6)
    branches = pd.DataFrame(
        {
            "branch": np.repeat(names, 6),
            "dimension": ids * n_branches,
            "title": titles * n_branches,
            "title_en": titles_en * n_branches,
            "contribution": phi_branch.ravel(),
            "low": (phi_branch - 2 * half).ravel(),
            "high": (phi_branch + 2 * half).ravel(),
            "university": np.tile(phi, n_branches),
            "difference": (phi_branch - phi).ravel(),
            "difference_low": (phi_branch - phi - 1.5 * half).ravel(),
            "difference_high": (phi_branch - phi + 1.5 * half).ravel(),
            "withheld": hidden[rows],
        }
    )
    totals = pd.DataFrame(
        {
            "branch": names,
            "n": np.where(hidden, 7, 24),
            "observed_rate": floor + phi_branch.sum(axis=1) + 0.004,
            "predicted_rate": floor + phi_branch.sum(axis=1),
            "floor_rate": floor,
            "residual": 0.004,
            "withheld": hidden,
        }
    )
    item_phi = np.repeat(phi / 3, 3) * np.tile([1.4, 1.0, 0.6], 6)
    items = pd.DataFrame(
        {
            "item": [f"item{i + 1}" for i in range(18)],
            "title": [zh for zh, _ in ITEMS],
            "title_en": [en for _, en in ITEMS],
            "dimension": np.repeat(ids, 3),
            "contribution": item_phi,
            "low": item_phi - np.repeat(half, 3) / 2,
            "high": item_phi + np.repeat(half, 3) / 2,
        }
    )
    order = pd.DataFrame(
        {
            "first": ["mechanisms", "mechanisms"],
            "second": ["venues", "vehicles"],
            "difference": [0.031, 0.040],
            "low": [0.012, 0.021],
            "high": [0.050, 0.059],
        }
    )
    ids = frame["dimension"].tolist()
    sensitivity = pd.DataFrame(
        {
            "variant": ["target", "calibrated", "ordinal", "strict"],
            "same_first": [True, True, False, None],
            "same_order": [True, False, False, None],
            "reversed": ["", "", f"{ids[0]} > {ids[1]}", ""],
        }
    )
    companions = frame[["dimension", "title", "title_en"]].assign(
        lmg=np.linspace(0.08, 0.02, len(ids)),
        relative_weight=np.linspace(0.07, 0.03, len(ids)),
        importance=np.linspace(0.5, 0.3, len(ids)),
        performance=np.linspace(3.9, 4.4, len(ids)),
        quadrant=(["concentrate_here", "keep_up", "low_priority", "possible_overkill"] * 4)[
            : len(ids)
        ],
        n=700,
    )
    figures = ["contribution", "low", "high", "university", "difference"]
    figures += ["difference_low", "difference_high"]
    if not shown:
        numbers = ["contribution", "low", "high", "solo", "last", "share", "slope"]
        frame[numbers] = np.nan
        frame["distinguishable"] = False
        branches[figures] = np.nan
        branches["withheld"] = True
        totals[["predicted_rate", "floor_rate", "residual"]] = np.nan
        totals["withheld"] = True
        items[["contribution", "low", "high"]] = np.nan
        order, sensitivity = order.iloc[:0], sensitivity.iloc[:0]
    if status == "indicative":
        order = order.iloc[:0]
    branches.loc[branches["withheld"], figures] = np.nan
    rates = ["observed_rate", "predicted_rate", "floor_rate", "residual"]
    totals.loc[totals["withheld"], rates] = np.nan
    modelled = not status.startswith("none")
    summary: dict[str, object] = {
        "observed_rate": observed,
        "predicted_rate": observed - residual if modelled else np.nan,
        "floor_rate": floor if modelled else np.nan,
        "residual": residual if modelled else np.nan,
        "total_low": 0.6 * (observed - floor - residual) if modelled else np.nan,
        "total_high": 1.4 * (observed - floor - residual) if modelled else np.nan,
        "n_used": 846,
        "n_dissatisfied": 108,
        "n_satisfied": 738,
        "n_branches": n_branches,
        "dropped": {"no_overall": 9, "few_items": 4},
        "share_blank": 0.031,
        "imputation": "em_mean",
        "estimator": "unweighted",
        "n_full": 310,
    }
    return results.Drivers(
        frame=frame,
        branches=branches,
        branch_totals=totals,
        items=items,
        summary=summary,
        status=status,
        flags=("few_clusters",) if n_branches < 10 else (),
        order=order,
        sensitivity=sensitivity,
        target=4.0,
        level=0.95,
        companions=companions,
    )


def sample_items(*, n_valid: int = 840, satisfied: float | None = None) -> results.ItemResponses:
    """Give eighteen items of five levels; `satisfied` 1 or 0 makes all answers best or worst."""
    ids = [dimension for dimension, _, _ in DIMENSIONS]
    rows: list[dict[str, Any]] = []
    summary: list[dict[str, Any]] = []
    for i, (title, title_en) in enumerate(ITEMS):
        shares = np.array([0.44, 0.40, 0.10, 0.04, 0.02])
        shift = 0.005 * ((i * 5) % 9)
        shares = shares + np.array([-2.5, -1, 2, 1, 0.5]) * shift
        if satisfied is not None:
            shares = np.array([1.0, 0, 0, 0, 0]) if satisfied else np.array([0, 0, 0, 0, 1.0])
        counts = np.round(shares * n_valid).astype(int)
        counts[0 if satisfied is None or satisfied else 4] += n_valid - counts.sum()
        for (label, label_en, score, is_satisfied), n in zip(LEVELS, counts, strict=True):
            rows.append(
                {
                    "item": f"item{i + 1}",
                    "title": title,
                    "title_en": title_en,
                    "dimension": ids[i // 3],
                    "label": label,
                    "label_en": label_en,
                    "score": score,
                    "satisfied": is_satisfied,
                    "n": int(n),
                    "share": n / n_valid,
                }
            )
        x = int(counts[:2].sum())
        rate = x / n_valid
        half = 1.96 * np.sqrt(max(rate * (1 - rate), 1e-4) / n_valid)
        summary.append(
            {
                "item": f"item{i + 1}",
                "number": i + 1,
                "title": title,
                "title_en": title_en,
                "dimension": ids[i // 3],
                "dimension_title": DIMENSIONS[i // 3][1],
                "dimension_title_en": DIMENSIONS[i // 3][2],
                "n_valid": n_valid,
                "n_missing": 6,
                "n_not_asked": 0,
                "n_not_applicable": 11 + i,
                "n_satisfied": x,
                "rate": rate,
                "lower": max(0.0, rate - half),
                "upper": min(1.0, rate + half),
                "index": 25 * (float(counts @ np.array([5, 4, 3, 2, 1])) / n_valid - 1),
            }
        )
    return results.ItemResponses(frame=pd.DataFrame(rows), summary=pd.DataFrame(summary))


def sample_ranking(n_branches: int = 12) -> results.Ranking:
    """Give a ranking of the branches of `sample_satisfaction` that are not withheld."""
    shown = sample_satisfaction(n_branches).frame.query("verdict != 'withheld'")
    pooled = 0.6 * shown["rate"].to_numpy() + 0.4 * 0.91
    order = np.argsort(np.argsort(-pooled, kind="stable"))
    size = len(shown)
    spread = np.maximum(1, 30 * size // (shown["n_valid"].to_numpy() * 3 + 30))
    frame = pd.DataFrame(
        {
            "branch": shown["branch"].to_numpy(),
            "n_valid": shown["n_valid"].to_numpy(),
            "rate": shown["rate"].to_numpy(),
            "verdict": shown["verdict"].to_numpy(),
            "side": np.select([pooled > 0.95, pooled < 0.85], ["meets", "below"], "inconclusive"),
            "pooled_rate": pooled,
            "pooled_low": np.maximum(pooled - 0.05, 0),
            "pooled_high": np.minimum(pooled + 0.05, 1),
            "p_at_bar": np.clip((pooled - 0.8) * 5, 0.01, 0.99),
            "rank": order + 1.0,
            "rank_low": np.maximum(order + 1 - spread, 1),
            "rank_high": np.minimum(order + 1 + spread, size),
        }
    )
    return results.Ranking(frame=frame, mean=0.91, spread=0.03, slope=0.0, level=0.95)


def sample_reliability() -> results.Reliability:
    """Give the reliability of six dimensions and of all items; one dimension is flagged."""
    alpha = np.array([0.88, 0.84, 0.86, 0.66, 0.81, 0.79, 0.95])
    rows = [*DIMENSIONS, ("all", "全部指标", "All items")]
    frame = pd.DataFrame(rows, columns=["dimension", "title", "title_en"]).assign(
        n_items=[3] * 6 + [18],
        n_used=812,
        alpha=alpha,
        low=alpha - (1 - alpha) * 0.15,
        high=alpha + (1 - alpha) * 0.13,
        omega=alpha + 0.005,
        omega_low=alpha - (1 - alpha) * 0.14,
        omega_high=alpha + (1 - alpha) * 0.14,
        flagged=alpha < 0.7,
        n_against=0,
    )
    items = pd.DataFrame(
        {
            "item": [f"item{i + 1}" for i in range(18)],
            "title": [zh for zh, _ in ITEMS],
            "title_en": [en for _, en in ITEMS],
            "dimension": np.repeat([d for d, _, _ in DIMENSIONS], 3),
            "item_total": 0.5 + 0.02 * (np.arange(18) % 9),
            "against": False,
            "floor_share": 0.02,
            "ceiling_share": 0.44,
        }
    )
    return results.Reliability(
        frame=frame, items=items, against_is_clear=True, kmo=0.94, bartlett_p=0.0, level=0.95
    )


def sample_planning(n_branches: int = 12, *, alpha: float = 0.05) -> results.Planning:
    """Give what each branch needs where 95 % or 80 % are satisfied."""
    N = np.repeat(8 + (np.arange(n_branches) * 37) % 110, 2)
    rate = np.tile([0.95, 0.8], n_branches)
    K = np.floor(rate * N + 0.5).astype(int)
    least = least_answers(N, alpha=alpha)
    at_least = power(least, N, K, alpha=alpha)
    frame = pd.DataFrame(
        {
            "branch": np.repeat(branch_names(n_branches), 2),
            "population": N,
            "bar_count": -(-9 * N // 10),
            "supposed_rate": rate,
            "supposed_satisfied": K,
            "least_n": least,
            "chance_at_least": np.where(rate > 0.9, at_least.meets, at_least.below),
        }
    )
    for chance in (50, 80, 95):
        frame[f"n_{chance}"] = answers_for_chance(N, K, chance / 100, alpha=alpha)
    frame["response_rate_needed"] = frame["n_80"] / N
    return results.Planning(frame=frame, bar="0.9", alpha=alpha)


def sample_waves(n: int = 3) -> results.Waves:
    """Give everyone in so many waves, with the rates of as many branches."""
    drawn = sample_satisfaction(max(n, 2))
    frame = drawn.frame.head(n).assign(branch=None, wave=[f"{2025 - n + k + 1}" for k in range(n)])
    terms = replace(drawn, frame=drawn.frame.head(0), by=())
    return results.Waves(frame, sample_comparison(1).frame.head(0), terms, 0.95)


def sample_comparison(n_branches: int = 12) -> results.Comparison:
    """Give the change between two waves for the university and each branch; some are withheld."""
    names = [None, *branch_names(n_branches)]
    order = np.arange(len(names))
    before = np.array([0.88, 0.9, 0.74, 0.95, 0.9, 0.82, 0.93, 0.97, 0.9, 0.8])[order % 10]
    difference = np.array([0.024, 0.08, 0.2, -0.16, 0.0, 0.05, 0.02, 0.03, -0.06, -0.2])[order % 10]
    half = np.where(order == 0, 0.018, 0.12)
    change = np.where(
        difference - half > 0, "up", np.where(difference + half < 0, "down", "undecided")
    )
    frame = pd.DataFrame(
        {
            "branch": names,
            "n_valid_before": np.where(order == 0, 800, 20 + order % 30),
            "rate_before": before,
            "n_valid_after": np.where(order == 0, 846, 22 + order % 30),
            "rate_after": before + difference,
            "difference": difference,
            "low": np.maximum(difference - half, -1),
            "high": np.minimum(difference + half, 1),
            "p_value": np.where(change == "undecided", 0.3, 0.004),
            "method": np.where(order == 0, "hybrid", "exact"),
            "detectable_fall": np.where(order == 0, np.nan, -0.2),
            "detectable_rise": np.where(order % 4 == 0, np.nan, 0.15),
            "change": change,
        }
    )
    hidden = order % 7 == 6
    frame.loc[hidden, ["n_valid_before", "n_valid_after"]] = 3
    frame.loc[
        hidden,
        ["rate_before", "rate_after", "difference", "low", "high", "p_value"],
    ] = np.nan
    frame.loc[hidden, "change"] = "withheld"
    return results.Comparison(frame=frame, level=0.95)


def sample_findings(
    n_branches: int = 12,
    *,
    questionnaire: Questionnaire | None = None,
    status: str = "full",
    **satisfaction: Any,
) -> results.Findings:
    """Give everything that is published together; keywords go to `sample_satisfaction`."""
    if questionnaire is None:
        from questionnaires import load

        questionnaire = load("jiangsu-2014")
    by_branch = sample_satisfaction(n_branches, **satisfaction)
    overall = sample_satisfaction(by=(), **satisfaction)
    return results.Findings(
        title="二〇二六年党支部满意度调查",
        questionnaire=questionnaire,
        created="2026-03-01",
        files=pd.DataFrame(
            {
                "file": ["导出.xlsx", "名册.xlsx"],
                "kind": ["export", "roster"],
                "sha256": ["0" * 64, "1" * 64],
                "n_rows": [870, n_branches],
                "platform": ["问卷星", ""],
            }
        ),
        n_read=870,
        n_used=858,
        removed=_tally(
            attention_check=("注意力检测题答错", 10), exact_double=("完全相同的重复提交", 2)
        ),
        flagged=_tally(too_fast=("作答过快", 14), straight_line=("各题答案全部相同", 31)),
        tables={
            (): overall,
            ("branch",): by_branch,
            ("role",): sample_satisfaction(by=("role",), **satisfaction),
            ("branch", "role"): sample_satisfaction(
                n_branches, by=("branch", "role"), **satisfaction
            ),
        },
        strict=results.Strict(overall, n_compared=len(by_branch.frame), n_changed=0),
        drivers=sample_drivers(n_branches, status=status),
        items=sample_items(),
        ranking=sample_ranking(n_branches),
        reliability=sample_reliability(),
        notices=(("没有使用权重。", "No weights were used."),),
        options={"bar": "0.9", "level": 0.95, "min_cell": 5, "seed": 20140110},
    )


def with_tables(
    findings: results.Findings, *tables: results.Satisfaction, without: Iterable[str] = ()
) -> results.Findings:
    """Put tables in the place of those by the same units; leave out what is by `without`."""
    kept = {by: t for by, t in findings.tables.items() if not {*by} & {*without}}
    return replace(findings, tables=kept | {table.by: table for table in tables})


def _tally(**rules: tuple[str, int]) -> pd.DataFrame:
    """Count rows by rule, as the screening does."""
    lines = [(code, zh, code.replace("_", " "), n) for code, (zh, n) in rules.items()]
    return pd.DataFrame(lines, columns=["rule", "zh", "en", "n"])
