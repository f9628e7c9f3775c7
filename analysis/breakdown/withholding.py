"""When a breakdown may be shown, and how much of it: all rules in one place, as codes."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Status = Literal[
    "full",
    "indicative",
    "sum_only_vif",
    "none_too_few_events",
    "none_no_convergence",
    "none_separation",
    "none_extreme_slope",
]

EVENTS = 30, 60  # for indicative and for full contributions
EVENTS_ORDERED = 15, 25  # where slopes borrow from the whole ordered answer; set by simulation
MAX_SLOPE = 10.0
MAX_VIF = 10.0
MIN_CLUSTERS = 10
MIN_FREEDOM = 2.0
MIN_CLUSTER_VALID = 10
MIN_AT_TARGET = 30


class Withholding(NamedTuple):
    """Say how much of a breakdown may be shown.

    Attributes
    ----------
    status : str
        ``"full"``; ``"indicative"`` (numbers without an order of the dimensions);
        ``"sum_only_vif"`` (the dimensions cannot be told apart: only their sum); or nothing at
        all: ``"none_too_few_events"``, ``"none_no_convergence"``, ``"none_separation"``,
        ``"none_extreme_slope"``.
    flags : tuple of str
        ``"few_clusters"``: fewer than 10 clusters; the covariance is robust by person, the
        intervals by cluster and wide (by person for a single cluster, of whose people they
        speak). ``"no_intervals"``: two or three clusters, or one so large that the others hardly
        count; the intervals, which would have fewer than 2 degrees of freedom, must not be
        shown. ``"floor_unsupported"``: fewer than 30 people have all items at the target, so
        the floor must not be worded as what they are like.
    """

    status: Status
    flags: tuple[str, ...]


def hides_model(status: Status) -> bool:
    """Tell whether nothing the model says may be shown: a ``"none_…"`` status."""
    return status.startswith("none_")


def hides_dimensions(status: Status) -> bool:
    """Tell whether no dimension's contribution may be shown."""
    return hides_model(status) or status == "sum_only_vif"


def withholding(
    *,
    n_events: int,
    is_ordered: bool = False,
    converged: bool,
    separated: bool,
    slopes: NDArray[np.float64],
    vif: NDArray[np.float64],
    n_clusters: int | None,
    degrees_of_freedom: float,
    n_at_target: int,
) -> Withholding:
    """Apply the rules in order of gravity.

    Parameters
    ----------
    n_events : int
        The smaller of the numbers of dissatisfied and satisfied people.
    is_ordered : bool
        Whether slopes could borrow from the other cuts of the overall answer: fewer events are
        then enough.
    converged, separated : bool
        What the fit reports.
    slopes, vif : ndarray, shape (D,)
        Slopes of the logit and variance inflation factors of the dimension scores.
    n_clusters : int or None
        None where no clusters were given.
    degrees_of_freedom : float
        Of the intervals; NaN where there are none.
    n_at_target : int
        People whose items are all at the target or above.

    Returns
    -------
    Withholding

    Notes
    -----
    With fewer than 2 degrees of freedom Student's t has no variance: intervals cover, but are so
    wide that they say nothing. Fewer than 10 events a coefficient make maximum likelihood
    unreliable (Peduzzi et al. 1996); 60 are 10 for each of six dimensions.

    References
    ----------
    Peduzzi, P. et al. (1996), A simulation study of the number of events per variable in
    logistic regression analysis, Journal of Clinical Epidemiology 49, 1373-1379.

    Examples
    --------
    >>> import numpy as np
    >>> withholding(n_events=45, converged=True, separated=False, slopes=np.array([-1.0]),
    ...             vif=np.array([1.0]), n_clusters=8, degrees_of_freedom=5.2, n_at_target=200)
    Withholding(status='indicative', flags=('few_clusters',))
    """
    flags = []
    if n_clusters is not None and n_clusters < MIN_CLUSTERS:
        flags.append("few_clusters")
    if degrees_of_freedom < MIN_FREEDOM:
        flags.append("no_intervals")
    if n_at_target < MIN_AT_TARGET:
        flags.append("floor_unsupported")
    status: Status = "full"
    least, least_full = EVENTS_ORDERED if is_ordered else EVENTS
    if n_events < least:
        status = "none_too_few_events"
    elif separated:
        status = "none_separation"
    elif not converged:
        status = "none_no_convergence"
    elif np.any(np.abs(slopes) > MAX_SLOPE):
        status = "none_extreme_slope"
    elif np.any(vif > MAX_VIF):
        status = "sum_only_vif"
    elif n_events < least_full:
        status = "indicative"
    return Withholding(status, tuple(flags))


def cluster_withheld(cluster_n: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Mark the clusters with fewer than 10 valid answers, whose breakdown is not shown."""
    return cluster_n < MIN_CLUSTER_VALID
