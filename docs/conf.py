"""The site, built with ``sphinx-build docs site``; every snippet is run as it is shown."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from docutils.nodes import Node, SkipNode
from latex2mathml.converter import convert
from sphinx.util.docutils import SphinxDirective

import analysis

sys.path.insert(0, str(Path(__file__).parent))

project = "survey-report"
author = copyright = "The survey-report authors"
version = release = installed("survey-report")
language = "zh_CN"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "running", "searching"]
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3
# shapes such as (n, k) in docstrings are no names of objects
suppress_warnings = ["ref.python"]

# docstrings: what stands between single backticks is code, types are said in the text
default_role = "code"
autodoc_typehints = "none"
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

# nothing is fetched: formulas are MathML, the theme brings what it needs
html_theme = "furo"
html_title = "survey-report · 满意度调查统计与报告"
html_math_renderer = "mathml"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_search_language = "zh"
html_show_search_summary = False
html_copy_source = html_show_sphinx = False


def _mathml(translator: Any, node: Any) -> None:
    display = "inline" if node.tagname == "math" else "block"
    translator.body.append(convert(node.astext(), display=display))
    raise SkipNode


class Statistics(SphinxDirective):
    """The public modules of a folder of `analysis`, as that package lists them."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Document each."""
        folder = self.arguments[0]
        names = [name for name, home in analysis._FOLDERS.items() if home == folder]
        lines = "\n".join(f".. automodule:: analysis.{folder}.{name}" for name in names)
        return self.parse_text_to_nodes(f"```{{eval-rst}}\n{lines}\n```")


def setup(app: Any) -> None:
    """Write formulas as MathML, which browsers draw themselves."""
    app.add_directive("statistics", Statistics)
    app.add_html_math_renderer("mathml", (_mathml, None), (_mathml, None))
