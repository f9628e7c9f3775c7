"""An interval of a coefficient that few people decide."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

WIDENED = 1.1
"""Where 95 % choose the top level the interval covers .89 at 400 answers without it."""


def skewed_interval(
    value: float, influence: npt.ArrayLike, level: float, counts: npt.ArrayLike | None = None
) -> tuple[float, float]:
    """Bound a coefficient below 1 on the scale of log(1 - value), without assuming normal answers.

    Parameters
    ----------
    value
        Estimate, under 1.
    influence : (n,) array_like
        Each respondent's influence on it, n >= 2: value ≈ truth + their mean.
    level
        Confidence level, in (0, 1).
    counts : (n,) array_like, optional
        Respondents of each row.

    Returns
    -------
    low, high : float
        NaN where the value is 1 or nobody has any influence: nothing is known of its error.

    Raises
    ------
    ValueError
        For a level outside (0, 1).

    Notes
    -----
    Where nearly everybody gives the top answer, the variance and the skewness of the estimate come
    from the few who do not. So the studentised estimate is referred to Student's t with the degrees
    of freedom that the kurtosis of the influences leaves to their variance, 2n/(kurtosis - 1)
    (Satterthwaite), times `WIDENED`, and Hall's transformation removes their skewness. Coverage was
    measured in ``tests/simulations/instrument_truth.py``.

    References
    ----------
    Maydeu-Olivares, A., Coffman, D. L. and Hartmann, W. M. (2007). Psychological Methods 12,
    157–176 (distribution-free). Hall, P. (1992). Journal of the Royal Statistical Society B 54,
    221–228. Satterthwaite, F. E. (1946). Biometrics Bulletin 2, 110–114.

    Examples
    --------
    >>> low, high = skewed_interval(0.8, [0.1] * 95 + [-1.9] * 5, 0.95)
    >>> round(low, 4), round(high, 4)
    (-0.5199, 0.8661)
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    spread = -np.asarray(influence, dtype=float)
    people = np.ones(spread.size) if counts is None else np.asarray(counts, dtype=float)
    n = people.sum()
    variance = float(people @ spread**2 / n)
    if not (value < 1 and variance > 0):
        return float("nan"), float("nan")
    spread /= np.sqrt(variance)
    skewness = float(people @ spread**3 / n) / np.sqrt(n)
    excess = max(float(people @ spread**4 / n) - 1, 1e-6)
    most = WIDENED * special.stdtrit(2 * n / excess, (1 + level) / 2)
    error = np.sqrt(variance / (n - 1)) / (1 - value)
    shift = np.array([-most, most]) - skewness / 6
    root = np.cbrt(1 + skewness * shift)
    # Hall's inverse 3 (root - 1) / skewness, in the form that also holds without skewness
    studentised = 3 * shift / (1 + root + root**2)
    low, high = 1 - (1 - value) * np.exp(-error * studentised)
    return float(low), float(high)
