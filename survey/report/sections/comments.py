"""The section on open answers: what they speak of, and what is quoted of them."""

from __future__ import annotations

from questionnaires.language import say
from survey import formats
from survey.errors import Language
from survey.report.document import Block, Table, Text
from survey.report.tables import table, titled
from survey.report.texts import sentence
from survey.results import Comments, Findings


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Put the comments into blocks."""
    result = findings.comments
    if result is None:
        return ()
    if result.n is None:
        few = sentence(language, "comments.few", least=result.least)
        return (Text(few, "note"),)
    blocks: list[Block] = [Text(_whole(result, language))]
    if result.frame["n"].notna().any():
        blocks.append(_themes(result, language))
    note = sentence(language, "comments.counted", least=result.least)
    blocks.append(Text(note, "note"))
    if result.quotes is not None:
        blocks += _quotes(result, language)
    return tuple(blocks)


def _whole(result: Comments, language: Language) -> str:
    """Say how many comments there are, and which dimensions most of them are on."""
    n = formats.count(result.n)
    dimensions = result.frame[result.frame["number"].isna() & (result.frame["n"] > 0).fillna(False)]
    if dimensions.empty:
        return say(language, f"共有意见 {n} 条。", f"{n} comments.")
    most = dimensions.sort_values("n", ascending=False, kind="stable").head(2)
    titles = most[say(language, "title", "title_en")]
    named = [
        say(language, f"“{title}”{k} 条", f"“{title}” ({k})")
        for title, k in zip(titles, most["n"], strict=True)
    ]
    return sentence(language, "comments.most", n=n, named=say(language, "、", " and ").join(named))


def _themes(result: Comments, language: Language) -> Table:
    """List every dimension that has a count, and its indicators under it."""
    frame = result.frame
    told = set(frame["dimension"][frame["number"].isna() & frame["n"].notna()])
    frame = frame[frame["dimension"].isin(told) & (frame["n"] != 0).fillna(True)]
    counted = say(language, "title", "title_en")
    few = say(language, "不公布", "withheld")
    rows = frame.assign(
        title=frame[counted].where(frame["number"].isna(), "　" + frame[counted].astype("str")),
        told=[formats.count(n) if formats.present(n) else few for n in frame["n"]],
    )
    return table(language, "comments", rows, ("title", "told"))


def _quotes(result: Comments, language: Language) -> list[Block]:
    assert result.quotes is not None
    kept = result.quotes[result.quotes["kept"].eq(True)]
    left = int(result.quotes["kept"].isna().sum())
    state = (
        sentence(
            language,
            "comments.reviewed",
            n=len(kept),
            rest=sentence(language, "comments.left_out", n=left) if left else "",
        )
        if result.is_reviewed
        else sentence(language, "comments.unreviewed")
    )
    text = sentence(language, "comments.masked", state=state)
    quoted = table(
        language, "quotes", kept, (titled(language, "theme", "theme"), "text"), folded=True
    )
    return [Text(text, "note" if result.is_reviewed else "warning"), quoted]
