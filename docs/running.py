"""Snippets that are run where they stand: code, then what it says, tables, charts.

A fence ``{run} python`` or ``{run} console`` is run while its page is read, in the order of the
page, in one namespace and one folder a page; a snippet that fails stops the build. The folder holds
what the snippets name of a simulated survey, 导出.xlsx and 名册.xlsx, and of the two years before,
去年.xlsx, 去年名册.xlsx, 前年.xlsx, 前年名册.xlsx. ``:hidden:`` runs and shows nothing,
``:silent:`` shows the code alone, ``:bare:`` what came of it alone, ``:last: 3`` of what is said
the last lines, ``:exit: 3`` awaits that exit code of a command.

A fence ``{notebook} 01_快速上手`` stands for the cells of that notebook, run like the rest, and
``{commands}`` for what every subcommand says of itself.
"""

from __future__ import annotations

import ast
import json
import logging
import os
import re
import shlex
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective


class Run(SphinxDirective):
    """One snippet."""

    has_content = True
    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "hidden": directives.flag,
        "silent": directives.flag,
        "exit": directives.nonnegative_int,
        "bare": directives.flag,
        "last": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        """Run it, and give the code and what came of it."""
        code = "\n".join(self.content)
        place = self.env.temp_data.setdefault("place", {})
        if not place:
            place.update(folder=tempfile.TemporaryDirectory(), names={"__name__": "__main__"})
        try:
            _furnish(Path(place["folder"].name), code)
            with _inside(Path(place["folder"].name)), warnings.catch_warnings():
                warnings.simplefilter("error", UserWarning)
                warnings.simplefilter("error", RuntimeWarning)
                if self.arguments[0] == "python":
                    shown = self._python(code, place["names"])
                else:
                    said = _commands(code, self.options.get("exit", 0))
                    shown = [_text(said, self.options.get("last"))] if said.strip() else []
        except Exception as fault:
            file, line = self.get_source_info()
            raise self.severe(f"{file}:{line}: {type(fault).__name__}: {fault}") from fault
        if "hidden" in self.options:
            return []
        if "bare" in self.options:
            return shown
        listing = nodes.literal_block(code, code, language=self.arguments[0])
        return [listing] if "silent" in self.options else [listing, *shown]

    def _python(self, code: str, names: dict[str, Any]) -> list[nodes.Node]:
        from matplotlib import pyplot as plt

        body, last = ast.parse(code).body, None
        if body and isinstance(body[-1], ast.Expr) and not code.rstrip().endswith(";"):
            last = ast.Expression(body.pop().value)
        said = StringIO()
        with redirect_stdout(said):
            exec(compile(ast.Module(body, []), "<snippet>", "exec"), names)
            value = None if last is None else eval(compile(last, "<snippet>", "eval"), names)
        figures = [plt.figure(number) for number in plt.get_fignums()]
        shown: list[nodes.Node] = []
        if said.getvalue():
            shown.append(_text(said.getvalue()))
        if value is not None and not figures:
            shown.append(_look(value))
        shown += [self._chart(figure) for figure in figures]
        plt.close("all")
        return shown

    def _chart(self, figure: Any) -> nodes.Node:
        folder = Path(self.env.app.outdir, "_charts")
        folder.mkdir(parents=True, exist_ok=True)
        count = self.env.temp_data["charts"] = self.env.temp_data.get("charts", 0) + 1
        name = f"{self.env.docname.replace('/', '-')}-{count}.png"
        figure.savefig(folder / name, dpi=144)
        words = "; ".join(text for axes in figure.axes if (text := axes.get_title(loc="left")))
        up = "../" * self.env.docname.count("/")
        width = round(figure.get_figwidth() * 72)
        picture = f'<img src="{up}_charts/{name}" width="{width}" alt="{escape(words)}">'
        html = f'<p class="chart">{picture}</p>'
        return nodes.raw(html, html, format="html")


def _furnish(folder: Path, code: str) -> None:
    """Put there what the snippet names of three years, the same branches each time."""
    for year, seed in (("", 7), ("去年", 6), ("前年", 5)):
        export, roster = folder / f"{year or '导出'}.xlsx", folder / f"{year}名册.xlsx"
        if not export.exists() and (export.name in code or (not year and roster.name in code)):
            for file, content in zip(
                (export, roster), _simulated(seed, _branches(folder)), strict=True
            ):
                file.write_bytes(content)


@cache
def _simulated(seed: int, names: tuple[str, ...] | None) -> tuple[bytes, bytes]:
    """Give an export and its roster, which many pages ask for."""
    import survey

    with tempfile.TemporaryDirectory() as folder:
        made = survey.simulate(folder, n_branches=16, names=names, seed=seed)
        return made.export.read_bytes(), made.roster.read_bytes()


def _branches(folder: Path) -> tuple[str, ...] | None:
    """Give the branches of a roster that is there."""
    import pandas as pd

    for roster in folder.glob("*名册.xlsx"):
        return tuple(pd.read_excel(roster, engine="openpyxl")["支部"].unique())
    return None


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _commands(code: str, awaited: int) -> str:
    """Run the lines that call the command; give what they say."""
    from survey.cli import main

    said = StringIO()
    for line in code.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if not words:
            continue
        if words[0] != "survey-report":
            raise ValueError(f"no command of ours: {line}")
        with redirect_stdout(said), redirect_stderr(said):
            try:
                left = main(words[1:])
            except SystemExit as help_was_asked:
                left = int(help_was_asked.code or 0)
        if left != awaited:
            raise ValueError(f"{line}: left with {left}\n{said.getvalue()}")
    return said.getvalue()


def _text(text: str, last: int | None = None) -> nodes.Node:
    text = re.sub(re.escape(str(Path.cwd())) + "/?", "", text.rstrip())
    if last:
        text = "\n".join(["……", *text.splitlines()[-last:]])
    return nodes.literal_block(text, text, language="none", classes=["output"])


def _look(value: Any) -> nodes.Node:
    if hasattr(value, "_repr_html_") and (html := value._repr_html_()):
        html = f'<div class="output">{html}</div>'
        return nodes.raw(html, html, format="html")
    return _text(repr(value))


def _notebook(path: Path) -> str:
    """Write the cells of a notebook as a page."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    return "\n\n".join(
        f"`````{{run}} python\n{text}\n`````" if kind == "code" else text for kind, text in texts
    )


def _commands_help() -> str:
    """Write a section for every subcommand."""
    from survey.cli.parser import COMMANDS

    return "\n\n".join(
        f"## {words}\n\n```{{run}} console\n{words} --help\n```"
        for words in (f"survey-report {name}".strip() for name in ("", *COMMANDS))
    )


def _expand(app: Any, page: str, source: list[str]) -> None:
    """Put in the place of a fence what it stands for."""

    def cells(match: re.Match[str]) -> str:
        path = Path(app.srcdir).parent / "notebooks" / f"{match[1]}.ipynb"
        app.env.note_dependency(str(path), docname=page)
        return _notebook(path)

    text = re.sub(r"^```\{notebook\} (\S+)\n```$", cells, source[0], flags=re.M)
    source[0] = text.replace("```{commands}\n```", _commands_help())


def setup(app: Any) -> dict[str, bool]:
    """Add the fences."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    app.add_directive("run", Run)
    app.connect("source-read", _expand)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
