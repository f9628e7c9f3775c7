"""How every item was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from survey.contract import Result, Wishes
from survey.errors import Language, UsageError

if TYPE_CHECKING:
    from typing import Unpack

    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False, repr=False)
class ItemResponses(Result):
    """How each item was answered, by everyone or in every branch.

    Attributes
    ----------
    frame : DataFrame
        One row an item and level of its scale, in the scale's order from best to worst: ``item``,
        ``title``, ``title_en``, ``dimension``, ``label``, ``label_en``, ``score``, ``satisfied``
        (bool), ``n``, ``share`` (of valid answers). Levels nobody chose are there with 0; both are
        missing where the item is withheld.
    summary : DataFrame
        One row an item: ``item``, ``number``, ``title``, ``title_en``, ``dimension``,
        ``dimension_title``, ``dimension_title_en``, ``n_valid``, ``n_missing``, ``n_not_asked``,
        ``n_not_applicable``, ``n_satisfied``, ``rate`` (share of valid answers), ``lower``,
        ``upper`` (bounds for the people on the roster, the answers being one random sample of
        them, each right with probability .95), ``index`` (0–100).

    Notes
    -----
    By branch both tables begin with the column ``branch``; `of_branches` parts them.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> result = held.responses_by_item("branch")
    >>> list(result.of_branches()) == held.branches
    True
    >>> ax = held.responses_by_item().plot(top=5)
    """

    _name = ("各项指标的回答", "Answers to the items")
    _shown = (
        *("number", "title", "title_en", "n_valid", "n_satisfied", "rate", "lower", "upper"),
        "index",
    )

    frame: pd.DataFrame
    summary: pd.DataFrame

    def of_branches(self) -> dict[str, ItemResponses]:
        """Part answers by branch into one result a branch, without the column ``branch``."""
        frames = dict(list(self.frame.groupby("branch", sort=False)))
        return {
            str(branch): ItemResponses(
                frames[branch].drop(columns="branch").reset_index(drop=True),
                summary.drop(columns="branch").reset_index(drop=True),
            )
            for branch, summary in self.summary.groupby("branch", sort=False)
        }

    def plot(self, ax: Axes | None = None, **wishes: Unpack[Wishes]) -> Axes:
        """Draw the answers of one unit to every item, diverging from the neutral level.

        Raises
        ------
        UsageError
            If the answers are those of several units: take one of them.
        """
        if self.summary["item"].duplicated().any():
            raise UsageError(
                zh="一张图只画一个单位各项指标的回答：请先取出一个单位，或不给 by。",
                en="One chart shows the items of one unit: take one, or give no by.",
            )
        return self._draw("item_bars", ax, **wishes)

    def _table(self, language: Language) -> pd.DataFrame:
        return self.summary
