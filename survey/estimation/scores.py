"""Scores of the university and of branches by a school's rule, beside the verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from questionnaires import Questionnaire
from questionnaires.scoring import Profile
from survey.errors import UsageError
from survey.results import Satisfaction, Scores

Published = Mapping[tuple[str, ...], Satisfaction]


def scores(
    people: pd.DataFrame,
    answers: pd.Series[float],
    questionnaire: Questionnaire,
    profile: Profile,
    published: Published,
) -> Scores:
    """Score what is published by a rule, and hold it against the verdicts.

    A unit that is withheld has no score; nor, where the rule weighs roles, has one whose roles are
    not shown, since its score and its rate would tell them. A rule that takes no votes on the own
    unit, or weighs another number of roles, raises a `UsageError`.
    """
    roles = [role.title for role in questionnaire.roles] if profile.weights else []
    _require(profile, roles)
    scale = questionnaire.overall.scale
    points = profile.of(scale)
    by_score = {float(scale.find(label).score or 0): value for label, value in points.items()}  # type: ignore[union-attr]
    titles = {role.id: role.title for role in questionnaire.roles}
    votes = pd.DataFrame(
        {
            "branch": people["branch"],
            "role": people["role"].map(titles),
            "points": answers.map(by_score),
        }
    ).dropna(subset=["points"])
    mark = profile.pass_mark
    if mark is None:
        mark = float(100 * Fraction(published[()].bar))
    whole = _unit(published, (), roles, votes, profile)
    branches = _unit(published, ("branch",), roles, votes, profile)
    frame = pd.concat([whole.assign(branch=None), branches], ignore_index=True)
    frame["passes"] = (frame["score"] >= mark).astype("boolean").mask(frame["score"].isna())
    frame["difference"] = _difference(frame)
    shown = ["branch", "n_valid", "n_satisfied", "score", "passes", "rate", "verdict", "difference"]
    return Scores(
        frame=frame[shown],
        profile=profile,
        points=points,
        pass_mark=mark,
    )


def _require(profile: Profile, roles: Sequence[str]) -> None:
    if not profile.own_votes:
        raise UsageError(
            zh=f"办法“{profile.title}”不计对本单位的票，而本调查中每人评价的是自己所在的支部，没有票可计。",
            en=f"The rule {profile.id} takes no votes on the own unit, but everybody was asked "
            "about their own branch: there is nothing to count.",
        )
    if len(profile.weights) not in (0, len(roles)):
        raise UsageError(
            zh=f"办法“{profile.title}”给 {len(profile.weights)} 类人员定了比重，"
            f"问卷有 {len(roles)} 类。",
            en=f"The rule {profile.id} weighs {len(profile.weights)} roles; the questionnaire has "
            f"{len(roles)}.",
        )


def _unit(
    published: Published,
    by: tuple[str, ...],
    roles: Sequence[str],
    votes: pd.DataFrame,
    profile: Profile,
) -> pd.DataFrame:
    """Score the units of one table; `roles` are those that the rule weighs, if any."""
    table = published[by]
    frame = table.frame.copy()
    shown = (frame["verdict"] != "withheld") & (frame["n_valid"] >= table.min_cell)
    if profile.surplus_void:
        shown &= ~(frame["n_responses"] > frame["population"]).fillna(False).astype(bool)
    names = frame["branch"] if by else pd.Series([""] * len(frame), index=frame.index)
    keyed = votes if by else votes.assign(branch="")
    if roles:
        parts = [_mean(keyed[keyed["role"] == role], profile).reindex(names) for role in roles]
        weights = np.array([float(weight) for weight in profile.weights])
        score = np.column_stack([part.to_numpy() for part in parts]) @ weights
        shown &= _roles_shown(published, by, names, roles)
    else:
        score = _mean(keyed, profile).reindex(names).to_numpy()
    # one decimal: more would tell of single answers what the rate does not
    return frame.assign(score=pd.Series(score, index=frame.index).round(1).where(shown))


def _roles_shown(
    published: Published, by: tuple[str, ...], names: pd.Series[str], roles: Sequence[str]
) -> pd.Series[bool]:
    """Tell which units have the figures of all their roles published."""
    table = published.get((*by, "role"))
    if table is None:
        return pd.Series(False, index=names.index)
    told = table.frame[table.frame["rate"].notna()]
    unit = told["branch"] if by else pd.Series([""] * len(told), index=told.index)
    return names.map(unit.value_counts()).fillna(0) == len(roles)


def _mean(votes: pd.DataFrame, profile: Profile) -> pd.Series[float]:
    """Give the mean points of every branch's votes, its ends trimmed."""
    cells = votes.groupby(["branch", "points"]).size().rename("n").reset_index()
    groups = cells.groupby("branch")["n"]
    upto, total = groups.cumsum(), groups.transform("sum")
    cut = total * profile.trim.numerator // profile.trim.denominator
    kept = (upto.clip(upper=total - cut) - (upto - cells["n"]).clip(lower=cut)).clip(lower=0)
    sums = cells.assign(kept=kept, points=kept * cells["points"]).groupby("branch")
    both = sums[["points", "kept"]].sum()
    means: pd.Series[float] = both["points"] / both["kept"]
    return means


def _difference(frame: pd.DataFrame) -> pd.Series[str]:
    """Say where a score and a verdict disagree, and why."""
    passes, verdict = frame["passes"].fillna(False).astype(bool), frame["verdict"]
    kinds = np.select(
        [
            frame["passes"].isna().to_numpy(),
            (passes & (verdict == "inconclusive")).to_numpy(),
            (passes & (verdict == "below")).to_numpy(),
            (~passes & (verdict == "meets")).to_numpy(),
        ],
        ["", "uncertain", "outweighed", "ladder"],
        default="",
    )
    return pd.Series(kinds, index=frame.index)
