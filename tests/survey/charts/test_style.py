from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from survey import palette, vocabulary
from survey.charts import labels, layout
from survey.palette import STANDARD
from tests.survey.results_samples import LONG_NAME


def luminance(colour: str) -> float:
    parts = np.array(to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(first: str, second: str) -> float:
    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("verdict", ["meets", "below", "inconclusive", "withheld"])
def test_verdict_colours_are_readable_as_text_on_white(verdict: str) -> None:
    assert contrast(palette.STANDARD.verdict(verdict).colour, "#ffffff") >= 4.5


def test_verdicts_differ_without_colour() -> None:
    looks = [palette.STANDARD.verdict(code) for code in vocabulary.VERDICTS]
    assert len({(look.marker, look.filled) for look in looks}) == 4


# Machado, Oliveira & Fernandes (2009), table 1: severity 1.0, on linear RGB
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ]
)


def lab(colour: str, blindness: str) -> np.ndarray:
    parts = np.array(to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(BLINDNESS[blindness] @ linear, 0, 1)
    x, y, z = np.cbrt(TO_XYZ @ seen / TO_XYZ.sum(axis=1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_good_bad_and_undecided_stay_apart_for_colour_blind_readers(blindness: str) -> None:
    seen = [lab(colour, blindness) for colour in (STANDARD.good, STANDARD.bad, STANDARD.undecided)]
    for first, second in combinations(seen, 2):
        assert np.linalg.norm(first - second) > 25


@pytest.mark.parametrize("white", [0.0, 0.2, 0.4, 0.6, 0.8])
@pytest.mark.parametrize("colour", [STANDARD.good, STANDARD.bad, STANDARD.undecided])
def test_figures_on_colours_are_readable(colour: str, white: float) -> None:
    ground = palette.mix(colour, white)
    assert contrast(palette.text_on(ground), ground) >= 4.5


@given(st.lists(st.text(alphabet="支部学院（）AB 1", min_size=0, max_size=60), max_size=12))
def test_rows_never_overlap(names: list[str]) -> None:
    laid = layout.rows(names)
    heights = np.diff(laid.edges)
    assert (heights >= 1 - 1e-9).all()
    assert np.allclose(laid.y, (laid.edges[:-1] + laid.edges[1:]) / 2)


@given(st.text(alphabet="支部学院第一（），。AB 12·", max_size=80), st.integers(4, 40))
def test_wrapping_cuts_nothing(name: str, columns: int) -> None:
    lines = labels.wrap(name, columns).split("\n")
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")


def test_a_name_of_forty_characters_takes_three_lines() -> None:
    assert len(LONG_NAME) == 40
    lines = labels.wrap(LONG_NAME).split("\n")
    assert len(lines) == 3
    assert max(map(labels.width, lines)) <= 32
    assert not any(line[0] in "）、，" for line in lines)
    assert not any(line[-1] == "（" for line in lines[:-1])


@given(st.integers(0, 700), st.integers(1, 60))
def test_pages_are_even(n: int, per_page: int) -> None:
    sizes = [b - a for a, b in layout.split(layout.rows(["支部"] * n), per_page)]
    assert sum(sizes) == n
    assert max(sizes) <= per_page
    assert max(sizes) - min(sizes) <= 1
