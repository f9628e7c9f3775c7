"""Whatever 问卷星 may write is read back: random surveys, answers and variants of the format."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey.readers import open_export, pair_exports
from survey.readers.wording import is_whole, key
from tests.survey.readers.checks import assert_same
from tests.writers import wjx
from tests.writers.files import CONTAINERS
from tests.writers.surveys import BLANK, MadeUp, surveys

containers = st.sampled_from(sorted(CONTAINERS))


def written(
    factory: pytest.TempPathFactory,
    survey: MadeUp,
    style: wjx.Style,
    container: str,
    *,
    numbered: bool,
) -> Path:
    # A person who left everything blank is no row at all where nothing else is written.
    assume(
        style.metadata or style.blank or not any(set(p.answers) == {BLANK} for p in survey.people)
    )
    suffix, write = CONTAINERS[container]
    path = factory.mktemp("made-up") / f"export{suffix}"
    return write(path, wjx.table(survey, style, numbered=numbered))


@settings(max_examples=80)
@given(survey=surveys(), style=wjx.styles, container=containers)
def test_text_mode(
    tmp_path_factory: pytest.TempPathFactory, survey: MadeUp, style: wjx.Style, container: str
) -> None:
    export = open_export(
        written(tmp_path_factory, survey, style, container, numbered=False), platform="wjx"
    )
    assert export.mode != "numbered"
    assert_same(export, survey)


@settings(max_examples=80)
@given(survey=surveys(), style=wjx.styles, container=containers)
def test_numbered_mode(
    tmp_path_factory: pytest.TempPathFactory, survey: MadeUp, style: wjx.Style, container: str
) -> None:
    export = open_export(
        written(tmp_path_factory, survey, style, container, numbered=True), platform="wjx"
    )
    if any(map(is_whole, (t for cells in export.decoded.values() for t in cells.valid))):
        assert export.mode != "text"
    assert_same(export, survey, numbered=True)


@settings(max_examples=80)
@given(survey=surveys(), style=wjx.styles, container=containers)
def test_a_pair_of_downloads_gives_the_same_answers(
    tmp_path_factory: pytest.TempPathFactory, survey: MadeUp, style: wjx.Style, container: str
) -> None:
    text = open_export(
        written(tmp_path_factory, survey, style, container, numbered=False), platform="wjx"
    )
    numbered = open_export(
        written(tmp_path_factory, survey, style, container, numbered=True), platform="wjx"
    )
    assume(numbered.mode == "numbered" and text.mode != "numbered")
    decoded = numbered.decode(pair_exports(text, numbered))
    assert_same(decoded, survey)
    for question in decoded.questions:
        assert key(question.stem) == key(text.find(question.number).question.stem)
