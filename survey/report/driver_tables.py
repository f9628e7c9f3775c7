"""Tables of the breakdown: dimensions, branches, items, one branch."""

from __future__ import annotations

from survey.errors import Language
from survey.report.columns import Labels, interval_column, level_heading
from survey.report.document import Column, Table
from survey.report.wording.phrases import say
from survey.results import Drivers


def drivers(result: Drivers, language: Language) -> Table:
    """Make the table of the dimensions."""
    label = Labels(language).of
    columns = (
        Column(say(language, "title", "title_en"), label("dimension")),
        Column("contribution", say(language, "相联系的不满意率（百分点）", "Points"), "points"),
        interval_column(level_heading(label("interval"), result.level), "points_interval"),
        Column("last", say(language, "最后提高时（百分点）", "Raised last"), "points"),
        Column("solo", say(language, "单独提高时（百分点）", "Raised alone"), "points"),
        Column("distinguishable", say(language, "能否与 0 区分", "Differs from 0"), "text"),
    )
    answers = result.frame["distinguishable"].map(
        {True: say(language, "能", "yes"), False: say(language, "不能", "no")}
    )
    frame = result.frame.assign(distinguishable=answers.where(result.frame["low"].notna(), "—"))
    caption = say(language, "各维度相联系的不满意率", "Dissatisfaction by dimension")
    return Table("drivers_table", say(language, "构成", "Breakdown"), caption, frame, columns)


def driver_branches(result: Drivers, language: Language) -> Table:
    """Make the table of branches by dimensions, in percentage points."""
    label = Labels(language).of
    titles = dict(
        zip(
            result.frame["dimension"], result.frame[say(language, "title", "title_en")], strict=True
        )
    )
    wide = result.branches.pivot(index="branch", columns="dimension", values="contribution")
    frame = result.branch_totals.merge(wide.reset_index(), on="branch", how="left")
    hidden = frame["withheld"].astype(bool)
    numbers = ["observed_rate", "floor_rate", "residual"]
    frame[numbers] = frame[numbers].mask(hidden)
    columns = (
        Column("branch", label("branch")),
        Column("n", label("n"), "count"),
        Column("observed_rate", label("observed_rate"), "points"),
        Column("floor_rate", label("floor_rate"), "points"),
        *(Column(code, str(title), "points") for code, title in titles.items() if code in frame),
        Column("residual", label("residual"), "points"),
    )
    caption = say(
        language,
        "各支部不满意率的构成（百分点；不公布的留空）",
        "Breakdown by branch (percentage points; empty where withheld)",
    )
    sheet = say(language, "支部构成", "Breakdown by branch")
    return Table("driver_branches", sheet, caption, frame, columns, folded=True)


def driver_items(result: Drivers, language: Language) -> Table:
    """Make the table of the items within the dimensions."""
    label = Labels(language).of
    columns = (
        Column(say(language, "title", "title_en"), label("item")),
        Column("dimension_title", label("dimension")),
        Column("contribution", say(language, "相联系的不满意率（百分点）", "Points"), "points"),
        interval_column(level_heading(label("interval"), result.level), "points_interval"),
    )
    titles = result.frame.set_index("dimension")[say(language, "title", "title_en")]
    frame = result.items.assign(dimension_title=result.items["dimension"].map(titles))
    caption = say(language, "各指标相联系的不满意率", "Dissatisfaction by item")
    sheet = say(language, "指标构成", "Breakdown by item")
    return Table("driver_items", sheet, caption, frame, columns, folded=True)
