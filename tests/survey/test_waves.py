"""Several waves: branches that were renamed or became one, and what an attacker learns of them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy import stats

import survey
from survey import charts, privacy
from survey.cli import main
from survey.errors import ReadError, UsageError
from survey.report.document import Text
from survey.report.sections import compose
from survey.workflow import following
from tests.survey.privacy.test_twins import (
    answers,
    answers_exchanged,
    contents,
    read,
    told_apart,
    with_two_small,
)

SIZES = {"甲": 30, "乙": 24, "丙": 40, "丁": 12}


def wave(
    satisfied: dict[str, tuple[int, int]], sizes: dict[str, int] | None = None
) -> survey.Survey:
    """Read a wave from satisfied and valid answers of every branch."""
    rows = [
        (branch, "满意" if k < good else "不满意")
        for branch, (good, n) in satisfied.items()
        for k in range(n)
    ]
    known = sizes or {name: SIZES.get(name, 40) for name in satisfied}
    return survey.from_frame(
        pd.DataFrame(rows, columns=["支部", "总体"]),
        branch="支部",
        overall="总体",
        satisfied=["满意"],
        roster=pd.DataFrame({"支部": list(known), "人数": list(known.values())}),
    )


BEFORE = {"甲": (18, 20), "乙": (10, 15), "丙": (30, 30), "丁": (6, 9)}
NOW = {"甲": (20, 25), "丙院": (28, 30), "丁": (8, 9)}
TOLD = {"乙": "甲", "丙": "丙院"}


def rows_of(result: survey.Comparison) -> pd.DataFrame:
    return result.frame.dropna(subset=["branch"]).set_index("branch")


def test_branches_that_became_one_are_one_in_the_wave_before() -> None:
    now = wave(NOW, {"甲": 54, "丙院": 40, "丁": 12})
    plain, told = (
        rows_of(now.compare(wave(BEFORE))),
        rows_of(now.compare(wave(BEFORE), renamed=TOLD)),
    )
    assert plain.loc["丙院", "change"] == "new"
    assert {"乙", "丙"} <= set(plain.index[plain["change"] == "gone"])
    assert set(told.index) == {"甲", "丙院", "丁"}
    assert told.loc["甲", "n_valid_before"] == 35
    # by hand: one branch of 54 people with 28 of 35 satisfied
    both = wave({"甲": (28, 35), "丙": (30, 30), "丁": (6, 9)}, {"甲": 54, "丙": 40, "丁": 12})
    by_hand = rows_of(now.compare(both, renamed={"丙": "丙院"}))
    pd.testing.assert_frame_equal(told.loc[by_hand.index], by_hand)


def test_a_withheld_branch_hides_the_one_that_it_became_part_of() -> None:
    """Else the answers of the two less those that were published are those of the small one."""
    before = {**BEFORE, "戊": (0, 3), "己": (4, 4)}
    now = wave(
        {**NOW, "戊": (5, 6), "己": (7, 9)}, {"甲": 94, "丙院": 40, "丁": 12, "戊": 9, "己": 20}
    )
    told = rows_of(now.compare(wave(before), renamed={**TOLD, "戊": "甲"}))
    assert told.loc["甲", "change"] == "withheld"
    assert np.isnan(told.loc["甲", "rate_before"])
    assert told.loc["甲", "n_valid_before"] == 38
    assert told.loc["丙院", "change"] != "withheld"


@pytest.mark.usefixtures("page_and_tables")  # the others: privacy/test_new_outputs.py
@pytest.mark.parametrize("seed", range(4))
def test_no_file_tells_of_answers_withheld_in_the_wave_before(seed: int, tmp_path: Path) -> None:
    """Two waves before differ in withheld branches only; one of these became part of another."""
    frame = with_two_small(seed, 4)
    twin = answers_exchanged(frame, ["small 2", "small 1"])
    held = read(answers(seed + 100))
    renamed = {"small 1": held.branches[0]}
    files = []
    for name, before in (("one", frame), ("two", twin)):
        earlier = [read(before), read(answers(seed + 200))]
        assert (
            earlier[0].published()["branch",].frame.set_index("branch").loc["small 1", "verdict"]
            == "withheld"
        )
        place = held.report(
            tmp_path / name, earlier=earlier, renamed=renamed, per_branch="html", comments="none"
        )
        files.append(contents(place))
        lines = survey.waves({"a": earlier[0], "b": held}, renamed=renamed)
        files[-1]["waves"] = lines.frame.to_csv().encode()
        files[-1]["changes"] = lines.changes.to_csv().encode()
    one, two = files
    assert len(one) > 20
    assert not told_apart(one, two)


@pytest.mark.usefixtures("page_only")
def test_the_sheet_of_names_is_written_and_obeyed(tmp_path: Path) -> None:
    sheet = tmp_path / "更名合并.xlsx"
    now, before = wave(NOW, {"甲": 54, "丙院": 40, "丁": 12}), wave(BEFORE)
    now.report(tmp_path / "一", earlier=before, renamed=sheet)
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    assert [page.cell(row, 1).value for row in (3, 4)] == ["乙", "丙"]
    page["B3"], page["B4"] = "甲", "丙院"
    book.save(sheet)
    assert following.names(before, now, sheet) == TOLD
    told = now.findings(earlier=before, renamed=sheet, comments="none").changes
    pd.testing.assert_frame_equal(told.frame, now.compare(before, renamed=TOLD).frame)
    written = sheet.read_bytes()
    now.report(tmp_path / "二", earlier=before, renamed=sheet)
    assert sheet.read_bytes() == written


@pytest.mark.parametrize(
    ("cells", "at", "said"),
    [
        ({"B3": "戊"}, "B3", "本次没有支部“戊”"),
        ({"A4": "乙", "B3": "甲", "B4": "丁"}, "B4", "两个去处"),
    ],
)
def test_impossible_names_are_named_by_their_cell(
    tmp_path: Path, cells: dict[str, str], at: str, said: str
) -> None:
    sheet = tmp_path / "更名.xlsx"
    now, before = wave(NOW, {"甲": 54, "丙院": 40, "丁": 12}), wave(BEFORE)
    following.offer(before, now, sheet)
    book = openpyxl.load_workbook(sheet)
    for cell, value in cells.items():
        book.worksheets[0][cell] = value
    book.save(sheet)
    with pytest.raises(ReadError) as caught:
        now.compare(before, renamed=sheet)
    assert at in caught.value.text("zh")
    assert said in caught.value.text("zh")
    with pytest.raises(UsageError, match="没有支部“戊”"):
        now.compare(before, renamed={"乙": "戊"})


def test_errors_say_which_wave(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now, few = wave(NOW, {"甲": 54, "丙院": 40, "丁": 12}), wave({"甲": (2, 3)})
    with pytest.raises(UsageError, match="〔上次〕有效回答不足 5 份"):
        now.compare(few)
    with pytest.raises(UsageError, match="〔2023〕有效回答不足 5 份"):
        survey.waves({"2023": few, "2025": now})
    made = survey.simulate(tmp_path / "a", n_branches=4, seed=1)
    other = survey.simulate(tmp_path / "b", n_branches=8, seed=2)
    words = ["compare", str(other.export), str(made.export), "--roster", str(made.roster)]
    assert main(words) == 3
    assert "〔上次〕" in capsys.readouterr().err
    both = ["--earlier", str(made.export), "--earlier", str(other.export)]
    place = ["--roster", str(made.roster), "--out", str(tmp_path / "报告")]
    assert main([str(made.export), *place, *both]) == 3
    assert "〔前 2 次〕" in capsys.readouterr().err
    assert main([str(made.export), *place, *both, *["--earlier-roster", str(made.roster)] * 3]) == 2
    assert main([str(made.export), *place, "--renamed", str(tmp_path / "更名.xlsx")]) == 2


def test_waves_are_what_each_published() -> None:
    several = {
        "2023": wave({"甲": (25, 30), "丙": (30, 36)}),
        "2024": wave(BEFORE),
        "2025": wave(NOW, {"甲": 54, "丙院": 40, "丁": 12}),
    }
    result = survey.waves(several, renamed=TOLD)
    assert list(dict.fromkeys(result.frame["wave"])) == list(several)
    for name, one in several.items():
        own = result.of().frame.set_index("wave").loc[name]
        whole = one.published()[()].frame.iloc[0]
        assert (own["rate"], own["n_valid"]) == (whole["rate"], whole["n_valid"])
    line = result.of("丙院").frame
    assert line["wave"].tolist() == list(several)
    assert line["n_valid"].tolist() == [36, 30, 30]
    last = result.changes[result.changes["wave"] == "2025"].drop(columns="wave")
    plain = several["2025"].compare(several["2024"], renamed=TOLD).frame
    pd.testing.assert_frame_equal(last.reset_index(drop=True), plain)
    assert result.plot().get_ylim() is not None
    with pytest.raises(UsageError, match="丙院"):
        result.of("丙")
    with pytest.raises(UsageError, match="两次"):
        survey.waves({"2025": several["2025"]})


def test_a_report_of_three_waves_has_the_trend_and_the_change_of_branches() -> None:
    now = wave(NOW, {"甲": 54, "丙院": 40, "丁": 12})
    found = now.findings(earlier=[wave(BEFORE), wave(BEFORE)], renamed=TOLD, comments="none")
    document = compose(found)
    (trend,) = (p for p in document.pictures() if p.name == "trends")
    assert trend.result.of().frame["wave"].tolist() == ["前 2 次", "上次", "本次"]
    (table,) = (t for t in document.tables() if t.name == "branches")
    assert "change" in [column.name for column in table.columns]
    assert set(table.frame["change"]) <= {"上升", "下降", "抽样误差内"}
    two = compose(now.findings(earlier=wave(BEFORE), comments="none"))
    assert "trends" not in [picture.name for picture in two.pictures()]


def rated(seed: int, better: float = 0.0, n: int = 400) -> pd.DataFrame:
    """Draw ratings of two dimensions of two items each; `better` lifts the first item."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=(n, 1))
    marks = mood + rng.normal(size=(n, 5)) + 0.9 + np.array([0, better, 0, 0, 0])
    codes = np.clip(np.round(marks) + 3, 1, 5).astype(int)
    frame = pd.DataFrame(codes, columns=["q", "a1", "a2", "b1", "b2"])
    return frame.assign(branch=rng.integers(0, 14, n).astype(str))


def asked(frame: pd.DataFrame, first: str = "a1") -> survey.Survey:
    sizes = frame.groupby("branch").size() * 2
    return survey.from_frame(
        frame.rename(columns={"a1": first}),
        branch="branch",
        overall="q",
        satisfied=["4", "5"],
        dimensions={"甲": [first, "a2"], "乙": ["b1", "b2"]},
        roster=pd.DataFrame({"支部": sizes.index, "人数": sizes.to_numpy()}),
    )


def test_indicators_and_dimensions_are_compared_as_both_waves_published_them() -> None:
    before, now = asked(rated(1)), asked(rated(2, better=0.8))
    then, found = before.findings(), now.findings(earlier=before)
    changes = found.changes
    assert changes is not None
    items, parts = changes.items, changes.dimensions
    assert items is not None
    assert parts is not None
    assert items.frame["change"].tolist() == ["up", "undecided", "undecided", "undecided"]
    for result, of in ((items, "items"), (parts, "drivers")):
        p = result.frame["p_value"].to_numpy()
        adjusted = stats.false_discovery_control(p)
        np.testing.assert_allclose(result.frame["p_adjusted"], adjusted)
        for own, end in ((then, "before"), (found, "after")):
            published = getattr(own, of)
            rates = published.summary["rate"] if of == "items" else published.frame["contribution"]
            np.testing.assert_array_equal(result.frame[f"rate_{end}"], rates)
    # Zou and Donner by hand, of independent intervals of one level
    (c1, l1, u1), (c2, l2, u2) = (
        one.drivers.frame[["contribution", "low", "high"]].to_numpy()[1] for one in (then, found)
    )
    row = parts.frame.iloc[1]
    assert row["difference"] == pytest.approx(c2 - c1)
    assert row["low"] == pytest.approx(c2 - c1 - np.hypot(c2 - l2, u1 - c1))
    assert row["high"] == pytest.approx(c2 - c1 + np.hypot(u2 - c2, c1 - l1))
    text = " ".join(b.text for b in compose(found).sections[0].blocks if isinstance(b, Text))
    assert "4 项可比的指标中，与上次相比上升超出抽样误差的：a1（" in text
    drawn = {picture.name for picture in compose(found).pictures()}
    assert {"changes", "item_changes", "dimension_changes"} <= drawn
    headings = {
        "zh": ["上次（百分点）", "本次（百分点）"],
        "en": ["Before (points)", "Now (points)"],
    }
    for language, told in headings.items():
        tables = {t.name: t for t in compose(found, language).tables()}
        columns = tables["dimension_changes_table"].columns
        assert [c.label for c in columns if c.name in ("rate_before", "rate_after")] == told
    for result in (items, parts):
        assert result.plot() is not None
        assert "a1" in result._repr_html_() or "乙" in result._repr_html_()


def test_what_was_asked_in_other_words_is_not_compared() -> None:
    found = asked(rated(2)).findings(earlier=asked(rated(1), first="另一项"))
    assert found.changes is not None
    assert found.changes.items is not None
    assert found.changes.items.frame["title"].tolist() == ["a2", "b1", "b2"]


def test_what_is_published_of_a_wave_is_decided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    decided, real = [], privacy.decide
    monkeypatch.setattr(privacy, "decide", lambda found: decided.append(found) or real(found))
    older, before, now = wave(BEFORE), wave(BEFORE), wave(NOW, {"甲": 54, "丙院": 40, "丁": 12})
    found = now.findings(earlier=[before, older], renamed=TOLD)
    assert len(decided) == 4  # once a wave; that of the wave before once more, with its breakdown
    # and it is what the survey publishes when it is asked alone
    again = wave(NOW, {"甲": 54, "丙院": 40, "丁": 12}).published()
    for by, table in found.tables.items():
        pd.testing.assert_frame_equal(table.frame, again[by].frame)


COLLEGES = {"甲": "理", "乙": "理", "丙": "文", "丁": "文"}


def by_college(satisfied: dict[str, tuple[int, int]]) -> survey.Survey:
    """Read a wave whose roster names the college of every branch."""
    rows = [
        (branch, "满意" if k < good else "不满意")
        for branch, (good, n) in satisfied.items()
        for k in range(n)
    ]
    sizes = [(COLLEGES[name], name, 60) for name in satisfied]
    return survey.from_frame(
        pd.DataFrame(rows, columns=["支部", "总体"]),
        branch="支部",
        overall="总体",
        satisfied=["满意"],
        keep="学院",
        roster=pd.DataFrame(sizes, columns=["学院", "支部", "人数"]),
    )


@pytest.mark.usefixtures("page_and_tables")
def test_colleges_are_compared_as_branches_are(tmp_path: Path) -> None:
    first = by_college({"甲": (48, 50), "乙": (46, 50), "丙": (45, 50), "丁": (46, 50)})
    then = by_college({"甲": (47, 50), "乙": (47, 50), "丙": (45, 50), "丁": (45, 50)})
    now = by_college({"甲": (20, 50), "乙": (22, 50), "丙": (45, 50), "丁": (45, 50)})
    told = now.compare(then, by="学院").frame.set_index("学院")
    # 42 of 100 against 94 of 100, both branches with the same share of the college
    assert told.loc["理", "n_valid_before"] == told.loc["理", "n_valid_after"] == 100
    assert told.loc["理", "difference"] == pytest.approx(0.42 - 0.94)
    assert told["change"].to_dict() == {None: "down", "理": "down", "文": "undecided"}
    waves = survey.waves({"a": first, "b": then, "c": now}, by="学院")
    assert waves.of("理").frame["rate"].tolist() == pytest.approx([0.94, 0.94, 0.42])
    assert set(waves.changes["学院"].dropna()) == {"理", "文"}
    assert "94.0%" in charts.describe("trends", waves, {"unit": "理"})
    with pytest.raises(UsageError, match="戊"):
        waves.of("戊")
    place = now.report(tmp_path / "报告", earlier=[then, first], comments="none")
    text = re.sub(r"<[^>]+>|\s", "", (place / "report.html").read_text(encoding="utf-8"))
    assert "2个可比的学院中，与上次相比下降超出抽样误差的：理（94.0%→42.0%）" in text
    sheet = openpyxl.load_workbook(place / "results.xlsx")["学院变化"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["全校", "理", "文"]


def test_a_wave_without_the_grouping_is_named() -> None:
    before = wave({"甲": (18, 20), "乙": (18, 20), "丙": (18, 20), "丁": (6, 9)})
    now = by_college({"甲": (48, 50), "乙": (46, 50), "丙": (45, 50), "丁": (46, 50)})
    with pytest.raises(UsageError, match="〔上次〕没有分组“学院”"):
        now.compare(before, by="学院")
    with pytest.raises(UsageError, match="by"):
        now.compare(before, by="年级")
    assert now.findings(earlier=before, comments="none").changes is not None


def with_roles(roles: list[str | None]) -> survey.Survey:
    """Read a wave whose people say who they are, if they do."""
    rows = [
        ("甲乙"[k % 2], "满意" if k % 5 else "不满意", roles[k % len(roles)]) for k in range(60)
    ]
    return survey.from_frame(
        pd.DataFrame(rows, columns=["支部", "总体", "身份"]),
        branch="支部",
        overall="总体",
        role="身份",
        satisfied=["满意"],
    )


def test_waves_in_which_nobody_said_a_role_are_named() -> None:
    told, silent = with_roles(["教师", "教师", "学生"]), with_roles([None])
    assert set(told.compare(told, by="role").frame["role"].dropna()) == {"教师", "学生"}
    with pytest.raises(UsageError, match=r"^〔上次〕没有人回答身份") as error:
        told.compare(silent, by="role")
    assert "keep" not in error.value.zh
    assert error.value.en.startswith("[the wave before] Nobody answered")
    with pytest.raises(UsageError, match=r"^〔本次〕没有人回答身份"):
        silent.compare(told, by="role")
    with pytest.raises(UsageError, match=r"^〔乙年〕没有人回答身份"):
        survey.waves({"甲年": told, "乙年": silent, "丙年": told}, by="role")


def test_what_goes_with_a_dimension_is_no_rate_of_satisfaction(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=12, seed=3)
    held = survey.read(made.export, roster=made.roster)
    dimensions = held.findings(earlier=held).changes.dimensions
    shown = dimensions.to_display()
    assert {"上次相联系的不满意率", "本次相联系的不满意率"} <= {*shown.columns}
    assert not any("满意率" in name and "不满意率" not in name for name in shown.columns)
    assert shown["上次相联系的不满意率"].str.fullmatch(r"−?\d+\.\d%").all()
