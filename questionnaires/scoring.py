"""How schools turn answers into points: published rules, as values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from questionnaires import files
from questionnaires.errors import QuestionnaireError
from questionnaires.invariants import require
from questionnaires.scale import Scale
from questionnaires.table import Table, keys
from questionnaires.text import normalise

Kind = Literal["table", "satisfied", "index"]


@dataclass(frozen=True)
class Profile:
    """A rule that scores answers; it stands beside the verdict and never in its place.

    Parameters
    ----------
    id, title, title_en, source : str
        Short name, names in two languages, and where the rule was published.
    kind : {"table", "satisfied", "index"}
        Where points come from: the rule's own `points`, 100 for every satisfied level, or the
        satisfaction index of the questionnaire.
    points : mapping of str to float
        Level → points, from the best level down.
    weights : tuple of Fraction
        Share of each role in the order of the questionnaire's roles; empty where all votes are
        alike. They add up to 1.
    trim : Fraction
        Share of the votes that is left out at each end, below 1/2; counts are rounded down.
    pass_mark : float or None
        The score that passes; None for the questionnaire's bar in points.
    own_votes : bool
        Whether people vote on their own unit; where not, a survey of the own branch has no vote.
    surplus_void : bool
        Whether a unit with more sheets than people has no score.

    Raises
    ------
    QuestionnaireError
        If weights do not add up to 1, or `trim` leaves nothing.
    """

    id: str
    title: str
    source: str
    kind: Kind
    title_en: str = ""
    points: Mapping[str, float] = field(default_factory=dict)
    weights: tuple[Fraction, ...] = ()
    trim: Fraction = Fraction(0)
    pass_mark: float | None = None
    own_votes: bool = True
    surplus_void: bool = False

    def __post_init__(self) -> None:
        require(
            not self.weights or (sum(self.weights) == 1 and min(self.weights) > 0),
            "weights",
            "各类人员的比重须大于 0，合计为 1。",
            "the weights must be above 0 and add up to 1.",
        )
        require(
            0 <= self.trim < Fraction(1, 2),
            "trim",
            "首尾去掉的比例须不小于 0、小于 0.5。",
            "the share trimmed at each end must be at least 0 and below 0.5.",
        )
        require(
            self.kind != "table" or len(self.points) >= 2,
            "points",
            "至少需要两档的分值。",
            "points of at least two levels are needed.",
        )

    def of(self, scale: Scale) -> dict[str, float]:
        """Give the points of every valid level of a scale, the best first.

        Parameters
        ----------
        scale : Scale
            Of the question that is scored.

        Returns
        -------
        dict of str to float
            Label → points. Levels are found by their labels where each has one of the rule's, else
            by their order where there are as many of them.

        Raises
        ------
        QuestionnaireError
            If the rule has another number of levels, or the scale has no index.

        Examples
        --------
        >>> import questionnaires
        >>> scale = questionnaires.load("jiangsu-2014").overall.scale
        >>> list(load("national-2009").of(scale).values())
        [100.0, 80.0, 60.0, 30.0, 0.0]
        >>> list(load("groups-60-40").of(scale).values())
        [100.0, 100.0, 0.0, 0.0, 0.0]
        """
        ranked = sorted(scale.valid_levels, key=lambda rung: -float(rung.score or 0))
        if self.kind == "satisfied":
            return {level.label: 100.0 * level.satisfied for level in ranked}
        if self.kind == "index":
            found = [level.index for level in ranked]
        else:
            own = {normalise(label): points for label, points in self.points.items()}
            found = [own.get(normalise(level.label)) for level in ranked]
            if None in found and len(ranked) == len(own):
                found = list(own.values())
        points = [value for value in found if value is not None]
        if len(points) < len(ranked):
            labels = "、".join(level.label for level in ranked)
            raise QuestionnaireError(
                f"问卷的档次（{labels}）与办法“{self.title}”的对不上：请另写一份记分办法，"
                "列出问卷各档的分值。",
                f"the levels of the question ({labels}) are not those of {self.id}: write a "
                "scoring rule that names them.",
                key="points",
            )
        return dict(zip([level.label for level in ranked], points, strict=True))


def available() -> tuple[str, ...]:
    """List the names of the rules that are shipped.

    Examples
    --------
    >>> "national-2009" in available()
    True
    """
    return files.shipped("scores")


def load(name_or_path: str | os.PathLike[str]) -> Profile:
    """Load a shipped rule by name, or a TOML file by path.

    Parameters
    ----------
    name_or_path : str or path
        One of `available`, or the path of a TOML file.

    Returns
    -------
    Profile

    Raises
    ------
    QuestionnaireError
        If there is no such rule, or the file is faulty.

    Examples
    --------
    >>> rule = load("groups-50-50-trimmed")
    >>> rule.kind, rule.trim, rule.weights
    ('index', Fraction(1, 20), (Fraction(1, 2), Fraction(1, 2)))
    """
    text, file = files.read(name_or_path, "scores", ("记分办法", "scoring rule"))
    top = Table(files.values(text, file), keys(Profile, without=("kind",)), file=file)
    points = top.values.get("points")
    is_table = isinstance(points, dict)
    kind = "table" if is_table else top.text("points")
    if not is_table and kind not in ("satisfied", "index"):
        raise top.error(
            "points",
            '应为各档的分值，或 "satisfied"、"index"。',
            'should be the points of the levels, or "satisfied" or "index".',
        )
    table = top.table("points", tuple(points)) if isinstance(points, dict) else None
    return top.made(
        Profile,
        kind=kind,
        points={} if table is None else {name: table.number(name) for name in table.values},
        weights=tuple(_share(top, "weights", text) for text in top.texts("weights")),
        trim=_share(top, "trim", top.text("trim", "0")),
    )


def _share(top: Table, key: str, text: str) -> Fraction:
    try:
        return Fraction(Decimal(text))
    except ArithmeticError:
        raise top.error(
            key, f'“{text}”不是比例，例如 "0.6"。', f'{text!r} is no share: "0.6".'
        ) from None
