"""How well the questionnaire measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from questionnaires.language import say
from survey import formats, settings
from survey.contract import Result, Wishes
from survey.errors import Language

if TYPE_CHECKING:
    from typing import Unpack

    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False, repr=False)
class Reliability(Result):
    """Reliability of the instrument.

    Attributes
    ----------
    frame : DataFrame
        One row a dimension and one for all items: ``dimension``, ``title``, ``title_en``,
        ``n_items``, ``n_used``, ``alpha``, ``low``, ``high``, ``omega``, ``omega_low``,
        ``omega_high``, ``flagged`` (alpha < .7), ``n_against`` (items that run against the others).
    items : DataFrame
        One row an item: ``item``, ``title``, ``title_en``, ``dimension``, ``item_total``,
        ``against`` (runs against the others of the whole questionnaire), ``floor_share``,
        ``ceiling_share``.
    against_is_clear : bool
        False where half of the items run against the others: either half may be the reversed one.
    kmo, bartlett_p : float
        Sampling adequacy of all items and the p-value of Bartlett's test of sphericity.
    level : float
        Confidence level of the intervals.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> result = held.reliability()
    >>> ax = result.plot()
    """

    _name = ("问卷的信度", "Reliability of the instrument")
    _shown = (
        *("title", "title_en", "n_items", "n_used", "alpha", "low", "high", "omega"),
        *("omega_low", "omega_high", "flagged", "n_against"),
    )

    frame: pd.DataFrame
    items: pd.DataFrame
    against_is_clear: bool
    kmo: float
    bartlett_p: float
    level: float
    status: str = "full"

    def why(self, language: Language | None = None) -> str:
        """Say why there are no figures, which items run against others, where alpha is negative.

        Parameters
        ----------
        language : {"zh", "en"}, optional
            Else the one that `survey.options` sets.
        """
        language = settings.language(language)
        said = (super().why(language), self._against(language), self._torn(language))
        return say(language, "", " ").join(filter(None, said))

    def _against(self, language: Language) -> str:
        items = self.items
        named = items[items["against"].astype(bool)] if len(items) else items
        if named.empty:
            return ""
        titles = [f"“{title}”" for title in named[say(language, "title", "title_en")]]
        listed = formats.listing(titles, language)
        cause = (
            say(
                language,
                "可能是反向题而没有反向计分",
                "perhaps they were scored the wrong way round",
            )
            if self.against_is_clear
            else say(
                language,
                "但方向相反的不少于半数，由回答不能判断哪一边没有正确计分",
                "but they are half of the items or more, so that the answers cannot tell which "
                "side was scored the wrong way round",
            )
        )
        return say(
            language,
            f"以下指标的回答与其他指标方向相反：{listed}，{cause}；请核对计分方向，"
            "更正之前，有关的信度、维度均分和构成都不可用。",
            f"These items run against the others: {listed}; {cause}. Check how they are scored: "
            "until then reliability, dimension means and breakdown are of no use.",
        )

    def _torn(self, language: Language) -> str:
        torn = self.frame[(self.frame["alpha"] < 0) & (self.frame["n_against"] == 0)]
        if torn.empty:
            return ""
        titles = [str(title) for title in torn[say(language, "title", "title_en")]]
        sets = formats.listing(titles, language)
        return say(
            language,
            f"{sets}的 α 为负：其指标的回答彼此不一致，但没有哪一个指标能确定是反向的。",
            f"Alpha is negative for {sets}: the items do not go together, though none can be said "
            "to be reversed.",
        )

    def plot(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the reliability of the dimensions."""
        return self._draw("reliability", ax, **wishes)

    def _caption(self, language: Language) -> str:
        return formats.level(self.level) + say(language, " 区间", " intervals")
