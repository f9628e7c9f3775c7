"""Pictures of every chart against small ones that a person has looked at.

A picture that is missing in ``baseline`` is written there and the test fails once, so that somebody
looks at it: delete a file to renew it.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.testing.compare import compare_images

from tests.survey.charts.gallery import CASES, Case, draw

BASELINE = Path(__file__).parent / "baseline"
DRAWN_BY = "3.11"
"""Release of matplotlib that drew them: others set texts a pixel apart, which no tolerance that
still sees a lost line can bear."""
TOLERANCE = 5.0
"""Root mean square of grey levels."""

same_release = pytest.mark.skipif(
    not mpl.__version__.startswith(f"{DRAWN_BY}."), reason=f"drawn by matplotlib {DRAWN_BY}"
)

SHOWN = [
    case
    for case in CASES
    if case.name in ("ordinary", "all-withheld", "too-few", "by-branch-and-role")
    and (case.name == "ordinary" or case.chart in ("caterpillar", "waterfall", "funnel"))
]


@same_release
@pytest.mark.parametrize("case", SHOWN, ids=str)
def test_looks_as_before(case: Case, tmp_path: Path) -> None:
    baseline, drawn = BASELINE / f"{case}.png", tmp_path / f"{case}.png"
    draw(case).figure.savefig(drawn, dpi=45, metadata={"Software": None})
    if not baseline.exists():
        baseline.write_bytes(drawn.read_bytes())
        pytest.fail(f"{baseline.name} was missing and is now written: look at it")
    assert compare_images(str(baseline), str(drawn), TOLERANCE) is None


@same_release
def test_the_tolerance_tells_charts_apart(tmp_path: Path) -> None:
    ordinary = next(case for case in SHOWN if str(case) == "caterpillar-ordinary")
    ax = draw(ordinary)
    for collection in list(ax.collections):
        collection.remove()
    changed = tmp_path / "changed.png"
    ax.figure.savefig(changed, dpi=45)
    assert compare_images(str(BASELINE / f"{ordinary}.png"), str(changed), TOLERANCE) is not None
