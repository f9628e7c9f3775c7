"""The stages of a run: their names, the time that each takes, and how much is left."""

from __future__ import annotations

import time
from collections.abc import Mapping

from survey.text import Text

STAGES: Mapping[str, tuple[Text, float]] = {
    "start": (Text("启动", "Starting"), 1.2),
    "simulate": (Text("生成模拟数据", "Simulating"), 1.0),
    "read": (Text("读取文件", "Reading"), 0.8),
    "estimate": (Text("计算", "Estimating"), 1.5),
    "charts": (Text("绘图", "Drawing charts"), 2.5),
    "html": (Text("写 HTML 报告", "Writing HTML"), 0.6),
    "xlsx": (Text("写结果工作簿", "Writing workbook"), 0.3),
    "docx": (Text("写 Word 报告", "Writing Word"), 0.8),
    "actions": (Text("写整改清单", "Writing the list of actions"), 0.1),
    "units": (Text("各单位的报告", "Reports of units"), 5.0),
    "branches": (Text("写各支部单页", "Writing branch pages"), 1.0),
}
"""What people see of each, and the seconds of 2,600 answers and 40 branches on a small machine."""


def shown(stage: str) -> Text:
    """Name a stage."""
    return STAGES[stage][0] if stage in STAGES else Text(stage, stage)


class Clock:
    """Keep the time of every stage, as they are told: a function of progress.

    Examples
    --------
    >>> clock = Clock()
    >>> clock("read", 0, 1)
    >>> clock("read", 1, 1)
    >>> list(clock.seconds)
    ['read']
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.stage: str | None = None
        self.done, self.total = 0, 1
        self._since = time.perf_counter()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that `done` of `total` steps of a stage are done."""
        # Some stages are told only when a step is over; the time until then is theirs.
        self.book(stage if done else self.stage)
        self.stage, self.done, self.total = stage, done, total

    def book(self, stage: str | None = None) -> None:
        """Give the time that has gone by to a stage, the present one by default."""
        now, stage = time.perf_counter(), stage or self.stage
        if stage is not None:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now

    def left(self, expected: Mapping[str, float]) -> float | None:
        """Say how many seconds are left, from the time that each stage is expected to take.

        Parameters
        ----------
        expected : mapping of str to float
            Seconds by stage, in their order; scaled by how long those have taken that are over.

        Returns
        -------
        float or None
            None where nothing can be said yet.

        Examples
        --------
        >>> clock = Clock()
        >>> clock.seconds, clock.stage, clock.done, clock.total = {"read": 2.0}, "charts", 1, 2
        >>> clock.left({"read": 1.0, "charts": 4.0, "html": 1.0})
        6.0
        """
        share = min(self.done / self.total, 1) if self.total else 0
        over = [name for name in expected if name in self.seconds and name != self.stage]
        usual = sum(expected[name] for name in over)
        if self.stage is None or not usual:
            return None
        scale = sum(self.seconds[name] for name in over) / usual
        later = sum(t for name, t in expected.items() if name not in self.seconds)
        now = expected.get(self.stage, 0.0)
        later -= now if self.stage not in self.seconds else 0.0
        return scale * (later + now * (1 - share))
