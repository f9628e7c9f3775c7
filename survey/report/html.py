"""The report as one HTML file: no network, readable without JavaScript, prints to A4."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import unescape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from questionnaires.language import say
from survey import vocabulary
from survey.errors import Language
from survey.report import cells, drawing, font
from survey.report.document import Column, Document, Table
from survey.report.texts import sentence, texts

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TAG = re.compile(r"<(style|script).*?</\1>|<[^>]+>", re.DOTALL)
MOST = 500
"""Rows up to which a folded table is in the page; a longer one stands in the workbook alone."""
_MARKS = "●◆○×↕↑↓0123456789"
"""Characters that the style sheet and the script put in."""
_NUMBER = r"(?:&[gl]t;)?−?[\d.,]+%?"
_INTERVAL = re.compile(rf"{_NUMBER}(?:～| to ){_NUMBER}")
_MEASURE = re.compile(r"(?<=\d) (?=[\u4e00-\u9fff])")
_ATTRIBUTE = re.compile(r'(?:title|aria-label|placeholder|data-text)="([^"]*)"')


def render(
    document: Document, gallery: drawing.Gallery, hints: Mapping[str, str] | None = None
) -> str:
    """Render a document as a self-contained page.

    Parameters
    ----------
    gallery : Gallery
        Its charts, drawn in the form ``page``.
    hints : mapping of str to str, optional
        Heading of a column → its definition, shown as a tooltip.
    """
    from markupsafe import Markup

    language = document.language
    words = {name: sentence(language, f"page.{name}") for name in texts()["page"]}
    words["space"] = say(language, "", " ")
    page = fill(
        "report.html.j2",
        document,
        outline=document.outline(),
        numbered=lambda block: _label(document, block.name, words),
        source=lambda name: _label(document, name, words).strip() or words["table"],
        hints=hints or {},
        most=MOST,
        elsewhere=lambda table: words["elsewhere"].format(
            caption=table.caption, n=len(table.frame), sheet=table.sheet
        ),
        body=lambda table: _body(table, language),
        verdicts=tuple(vocabulary.VERDICTS),
        svgs=lambda picture: [
            (drawn.words, Markup(drawn.page), Markup(drawn.narrow))
            for drawn in gallery[picture.name]
        ],
        words=words,
        css=resource("report.css"),
        js=resource("report.js"),
    )
    return page.replace("/*font*/", font.css(visible(page)), 1)


def fill(template: str, document: Document, **values: object) -> str:
    """Fill a template of a page with a document and whatever else it names."""
    from survey.palette import STANDARD

    language = document.language
    return (
        _environment()
        .get_template(template)
        .render(
            document=document,
            language=language,
            lines=lambda table: cells.lines(table, language),
            numeric=cells.NUMERIC,
            verdict=lambda code: vocabulary.verdict(code, language),
            colours=STANDARD.verdicts(),
            **values,
        )
    )


def visible(page: str) -> str:
    """Give all characters of a page that a reader can come to see, each once and sorted.

    Examples
    --------
    >>> visible('<style>x{}</style><p title="乙">甲&amp;</p>')
    '&0123456789×↑↓↕◆○●乙甲'
    """
    shown = _TAG.sub("", page) + _MARKS + "".join(_ATTRIBUTE.findall(page))
    return "".join(sorted(set(unescape(shown)) - set("\n\t")))


def _body(table: Table, language: Language) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """Give the verdict of every row and its cells, each with all that the page says of it.

    A template that looks for these cell by cell takes four times as long.
    """
    about = [
        (position == 0, column.label, _class(column))
        for position, column in enumerate(table.columns)
    ]
    for line in cells.lines(table, language):
        code = next((cell.code for cell in line if cell.code), "")
        yield code, [(*column, *cell) for column, cell in zip(about, line, strict=True)]


def _class(column: Column) -> str:
    if column.kind in cells.NUMERIC:
        return "number"
    return "sha256" if column.name == "sha256" else column.kind


def _label(document: Document, name: str, words: Mapping[str, str]) -> str:
    """Give what stands before a caption, as «表 3　»; nothing for what has no number."""
    kind, number = document.numbers().get(name, ("", 0))
    return f"{kind} {number}{words['gap']}" if kind else ""


def prose(text: str) -> Markup:
    """Escape a sentence; keep intervals, and numbers with their measure words, on one line.

    Examples
    --------
    >>> str(prose("<a> 95% 区间 1.2～3.0"))
    '&lt;a&gt; 95% 区间 <span class="one">1.2～3.0</span>'
    """
    from markupsafe import Markup, escape

    escaped = _MEASURE.sub("\u00a0", str(escape(text)))
    return Markup(_INTERVAL.sub(r'<span class="one">\g<0></span>', escaped))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    def kind(block: Any) -> str:
        return type(block).__name__.lower()

    environment = Environment(
        loader=PackageLoader("survey.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = kind
    environment.filters["prose"] = prose
    return environment


def resource(name: str) -> Markup:
    """Give a style sheet or script that stands beside the templates."""
    from markupsafe import Markup

    return Markup(files("survey.report").joinpath("templates", name).read_text(encoding="utf-8"))
