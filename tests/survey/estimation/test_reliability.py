"""What reliability says of itself: an item asked the other way round is named before any alpha."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

import survey
from survey.results import Reliability

ITEMS = ["题一", "题二", "题三", "题四"]
LADDER = ["非常满意", "满意", "一般", "不满意", "非常不满意"]


def answered(turned: int, *, together: bool = True, seed: int = 4) -> Reliability:
    """Let 300 people answer four items of one factor, the last `turned` ones turned."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=(300, 1))
    noise = rng.normal(size=(300, 4))
    felt = mood + noise if together else noise
    levels = np.clip(np.round(2 + felt), 0, 4).astype(int)
    levels[:, 4 - turned :] = 4 - levels[:, 4 - turned :]
    frame = pd.DataFrame(np.array(LADDER)[levels], columns=ITEMS)
    frame = frame.assign(总体=np.array(LADDER)[levels[:, 0]], 支部="甲")
    held = survey.from_frame(
        frame,
        branch="支部",
        overall="总体",
        dimensions={"服务": ITEMS},
        satisfied=LADDER[:2],
        ladder=LADDER,
    )
    return held.reliability()


def test_a_turned_item_is_named_in_both_languages() -> None:
    result = answered(1)
    assert "“题四”，可能是反向题而没有反向计分" in result.why("zh")
    assert '"题四"; perhaps they were scored the wrong way round' in result.why("en")
    assert "题四" in repr(result)
    assert not answered(0).why()


def test_half_of_the_items_turned_leaves_open_which() -> None:
    result = answered(2)
    assert not result.against_is_clear
    assert "不能判断哪一边" in result.why("zh")


def test_a_negative_alpha_is_never_told_without_a_word() -> None:
    results = [answered(0, together=False, seed=seed) for seed in range(8)]
    negative = [result for result in results if (result.frame["alpha"] < 0).all()]
    assert len(negative) > 1
    for result in negative:
        assert re.search("服务、全部指标的 α 为负|方向相反", result.why("zh"))
