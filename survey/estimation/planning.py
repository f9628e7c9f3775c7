"""What each branch of a roster needs to be able to pass."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.design.planning import least_answers
from analysis.proportions.verdicts import bar_count
from survey.estimation.satisfaction import ALPHA
from survey.results import Planning
from survey.roster import Roster


def planning(roster: Roster, *, bar: str) -> Planning:
    """Give the least numbers of valid answers with which every branch can pass.

    Parameters
    ----------
    roster : Roster
        Sizes of branches.
    bar : str
        Share to be reached.

    Returns
    -------
    Planning
    """
    sizes = roster.population(["branch"])
    N = sizes.to_numpy()
    least = least_answers(N[:, None], np.arange(4), bar=bar, alpha=ALPHA)
    counts = pd.DataFrame(least, columns=["least_n", "least_n_1", "least_n_2", "least_n_3"])
    counts = counts.where(counts >= 0).astype("Int64")
    frame = pd.DataFrame({"branch": sizes.index, "population": N, "bar_count": bar_count(N, bar)})
    frame = frame.join(counts)
    frame = frame.assign(response_rate_needed=counts["least_n"] / N)
    return Planning(frame, bar=bar, alpha=ALPHA)
