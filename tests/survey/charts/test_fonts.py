from __future__ import annotations

import matplotlib as mpl
import pytest
from fontTools.ttLib import TTFont
from matplotlib.font_manager import FontProperties, findfont

from survey import charts, settings
from survey.charts import fonts


def test_the_family_is_found_after_it_was_asked_for() -> None:
    fonts.families()
    found = findfont(FontProperties(family=[fonts.FAMILY]), fallback_to_default=False)
    assert found == str(fonts.path())


def test_asking_again_changes_nothing() -> None:
    from matplotlib.font_manager import fontManager

    fonts.families()
    entries, settings = len(fontManager.ttflist), dict(mpl.rcParams)
    fonts.families()
    assert len(fontManager.ttflist) == entries
    assert dict(mpl.rcParams) == settings


@pytest.mark.parametrize(
    "text",
    [
        "玥珺喆堃昇祎翀",
        "0123456789%～−–—…·→←↑↓",
        "≥≤±×÷≠≈",
        "（）〔〕“”‘’、。，；：？！【】《》",
        "①②③一二三αβωΔ┋●○◆▲▼■□",
        "ＡＢＣ１２３％／　ÄÖÜäöüé",
    ],
)
def test_the_font_holds_what_reports_need(text: str) -> None:
    with TTFont(fonts.path(), lazy=True) as font:
        characters = font.getBestCmap()
    assert [char for char in text if ord(char) not in characters] == []


def test_the_font_holds_the_unified_ideographs() -> None:
    with TTFont(fonts.path(), lazy=True) as font:
        characters = font.getBestCmap()
    assert all(code in characters for code in range(0x4E00, 0x9FA6))


def test_the_licence_goes_with_the_font_and_its_reserved_name_is_not_used() -> None:
    licence = (fonts.path().parent / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Reserved Font Name 'Source'" in licence
    with TTFont(fonts.path(), lazy=True) as font:
        names = font["name"]
        for number in (1, 3, 4, 6):
            assert "Source" not in names.getDebugName(number)
        assert "Adobe" in names.getDebugName(0)
        assert names.getDebugName(1) == fonts.FAMILY


def test_use_font_serves_the_analysts_own_texts_and_all_charts() -> None:
    own = findfont("DejaVu Serif")
    with mpl.rc_context(), settings.options():
        assert charts.use_font() == fonts.FAMILY
        assert mpl.rcParams["font.family"][0] == fonts.FAMILY
        assert charts.use_font(own) == "DejaVu Serif" == fonts.families()[0]
        assert mpl.rcParams["font.family"] == list(fonts.families())
    assert fonts.families()[0] == fonts.FAMILY


@pytest.mark.parametrize("text", ["支部A b", "满意率 90%", "iiiiWWWW"])
def test_widths_are_those_that_matplotlib_measures(text: str) -> None:
    from matplotlib.textpath import text_to_path

    prop = FontProperties(family=list(fonts.families()), size=20)
    wide, _, _ = text_to_path.get_text_width_height_descent(text, prop, False)
    assert fonts.width(text, 20) == pytest.approx(wide, rel=0.02)
