"""The section on open answers: what they speak of, and what is quoted of them."""

from __future__ import annotations

from questionnaires.language import say
from survey import formats
from survey.errors import Language
from survey.report.document import Block, Column, Table, Text
from survey.results import Comments, Findings


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Put the comments into blocks."""
    result = findings.comments
    if result is None:
        return ()
    if result.n is None:
        few = say(
            language,
            f"写了意见的不足 {result.least} 人，按匿名承诺不作统计。",
            f"Fewer than {result.least} people commented: nothing is counted, as anonymity was "
            "promised.",
        )
        return (Text(few, "note"),)
    blocks: list[Block] = [Text(_whole(result, language))]
    if result.frame["n"].notna().any():
        blocks.append(_themes(result, language))
    note = say(
        language,
        "意见取自读入的全部答卷，筛查时剔除的也在内。"
        "意见中出现某项指标的关键词，即计为提及这一项，一条意见可以提及几项，提及不等于不满意；"
        "关键词写在问卷文件中。未被提及的指标不列出；"
        "不足 {least} 条的，以及会使它们被推算出来的，不公布；"
        "只按全校统计，不分支部和身份。",
        "Comments are those of every answer read, also of those removed by the screening. "
        "A comment that holds a keyword of an indicator counts as one about it, whether it praises "
        "or blames, and may count for several. Indicators that nobody is on are left out, counts "
        "under {least}, and those that would tell them, are withheld; nothing is counted by branch "
        "or role.",
        least=result.least,
    )
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
    return say(
        language,
        f"共有意见 {n} 条，提及最多的是{'、'.join(named)}。",
        f"{n} comments; most are on {' and '.join(named)}.",
    )


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
    columns = (
        Column("title", say(language, "维度与指标", "Dimensions and indicators")),
        Column("told", say(language, "意见条数", "Comments")),
    )
    caption = say(language, "意见提及的方面", "What comments speak of")
    return Table("comments", say(language, "意见", "Comments"), caption, rows, columns)


def _quotes(result: Comments, language: Language) -> list[Block]:
    assert result.quotes is not None
    kept = result.quotes[result.quotes["kept"].eq(True)]
    left = int(result.quotes["kept"].isna().sum())
    state = (
        say(
            language,
            f"原话经人工审阅，公开 {len(kept)} 条"
            + (f"；{left} 条未经审阅，不列出" if left else ""),
            f"{len(kept)} quotations stay after a review"
            + (f"; {left} were not reviewed and are left out" if left else ""),
        )
        if result.is_reviewed
        else say(
            language,
            "原话未经人工审阅，公开之前请用 --review 审阅",
            "These quotations were not reviewed by a person: use --review before publishing",
        )
    )
    text = say(
        language,
        f"{state}。姓名、号码、支部名称已遮盖，次序与答卷无关，不标支部和身份。",
        f"{state}. Names, numbers and branches are masked; the order is not that of the answers, "
        "and no branch or role stands beside them.",
    )
    columns = (
        Column(say(language, "theme", "theme_en"), say(language, "所涉维度", "Dimensions")),
        Column("text", say(language, "原话", "Quotation")),
    )
    caption = say(language, "意见原话", "Quotations")
    table = Table(
        "quotes", say(language, "原话", "Quotations"), caption, kept, columns, folded=True
    )
    return [Text(text, "note" if result.is_reviewed else "warning"), table]
