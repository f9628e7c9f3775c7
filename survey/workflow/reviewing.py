"""The sheet on which an office strikes out comments, and the names that are masked in them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from survey import forms, output
from survey.errors import Language, ReadError
from survey.forms import Column, Form, Line, Text
from survey.readers.container.reading import read_container
from survey.results import Comments
from survey.roster import Roster

KEEP, STRIKE = Text("公开", "publish"), Text("删去", "strike out")
FORM = Form(
    "review",
    Text("评论审阅", "Comments"),
    Text(
        "每条意见选“公开”或“删去”，保存后用同一命令再运行一次。没有选的不公开。姓名、号码已由程序遮盖，"
        "请再看有没有能认出人的地方。次序与答卷无关。",
        "Choose «publish» or «strike out» for every comment, save, and run the same command again. "
        "What is left open is not published. Names and numbers are masked by the program: look for "
        "whatever may still tell a person. The order is not that of the answers.",
    ),
    (
        Column("text", Text("意见", "Comment"), 80),
        Column("theme", Text("所涉维度", "Dimensions"), 24),
        Column("decision", Text("处理", "Decision"), 12, filled=True),
    ),
)


def decisions(path: str | Path) -> dict[str, bool]:
    """Read a review: comment → whether it is published, without those that were left open."""
    found = {}
    for entry in forms.read(path, [FORM]):
        said = entry.values["decision"]
        if said not in ("", KEEP.zh, KEEP.en, STRIKE.zh, STRIKE.en):
            raise ReadError(
                zh=f"“{said}”不是“{KEEP.zh}”或“{STRIKE.zh}”。",
                en=f"{said!r} is neither «{KEEP.en}» nor «{STRIKE.en}».",
                place=entry.places["decision"],
            )
        if said:
            found[entry.values["text"]] = said in (KEEP.zh, KEEP.en)
    return found


def offer(comments: Comments | None, path: str | Path, language: Language = "zh") -> None:
    """Write the sheet, unless it is there: a person's work is never written over."""
    if Path(path).exists() or comments is None or comments.quotes is None:
        return
    titles = comments.quotes["theme" if language == "zh" else "theme_en"]
    choices = (KEEP.text(language), STRIKE.text(language))
    lines = [
        Line({"text": text, "theme": theme}, choices)
        for text, theme in zip(comments.quotes["text"], titles, strict=True)
    ]
    with output.file(path) as file:
        forms.write(file, {FORM: lines}, language)


def actions(path: str | Path, roster: Roster | None) -> pd.DataFrame:
    """Read last time's list of actions; its branches bear the names that the roster gives them."""
    from survey.report.actions import read

    before = read(path)
    if roster is None:
        return before
    return before.assign(branch=roster.match(before["branch"]).fillna(before["branch"]))


def names(path: str | Path) -> frozenset[str]:
    """Read the names of staff from a file: every cell of every sheet that may be one."""
    return frozenset(
        text.strip()
        for sheet in read_container(Path(path))
        for column in sheet.columns
        for text in column.texts()
        if 2 <= len(text.strip()) <= 20
    )
