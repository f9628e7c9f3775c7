"""The site, built with ``sphinx-build docs site``; every snippet is run as it is shown."""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from docutils.nodes import Node, SkipNode
from latex2mathml.converter import convert
from sphinx.util.docutils import SphinxDirective

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
templates_path = ["templates"]
html_css_files = ["site.css"]
html_search_language = "zh"
html_show_search_summary = False
html_copy_source = html_show_sphinx = False


def _mathml(translator: Any, node: Any) -> None:
    display = "inline" if node.tagname == "math" else "block"
    translator.body.append(convert(node.astext(), display=display))
    raise SkipNode


def _kind(thing: object) -> str:
    """Tell functions, results, errors and other classes."""
    if not isinstance(thing, type):
        return "functions"
    if thing.__module__.startswith("survey.results"):
        return "results"
    return "errors" if issubclass(thing, Exception) else "classes"


class Public(SphinxDirective):
    """The public objects of one kind in a package, or the public modules of a folder of `analysis`.

    What a package lists is documented: no page lists it again.
    """

    required_arguments = 2

    def run(self) -> list[Node]:
        """Document each."""
        package, kind = self.arguments
        module = import_module(package)
        if package == "analysis":
            names = [name for name, folder in module._FOLDERS.items() if folder == kind]
            lines = [f".. automodule:: {package}.{kind}.{name}" for name in names]
        else:
            lines = [f".. currentmodule:: {package}"]
            for name in getattr(module, "__all__", list(vars(module))):
                thing = getattr(module, name)
                if _kind(thing) == kind and not name.startswith("_") and self._is_at_home(thing):
                    lines.append(f".. {DIRECTIVES[kind]}:: {name}")
                    if kind == "results" or name == "Survey":
                        # theirs are in part those of what they build on
                        lines.append("   :inherited-members: tuple, dict, Result")
        text = "\n".join(lines)
        return self.parse_text_to_nodes(f"```{{eval-rst}}\n{text}\n```")

    def _is_at_home(self, thing: Any) -> bool:
        """Leave out what another package of ours documents."""
        asked = self.arguments[0]
        return asked != "questionnaires" or thing.__module__.startswith(asked)


class Measured(SphinxDirective):
    """What was measured of a module, from its docstring."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Give it from the words on."""
        said = inspect.getdoc(import_module(self.arguments[0])) or ""
        text = said[said.index("**What was measured**") :]
        return self.parse_text_to_nodes(f"```{{eval-rst}}\n{text}\n```")


def _leave_out(app: Any, what: str, name: str, thing: object, skip: bool, options: Any) -> bool:
    """Leave out numbers by which functions are tuned."""
    return skip or (name.isupper() and isinstance(thing, int | float | tuple))


DIRECTIVES = {
    "functions": "autofunction",
    "results": "autoclass",
    "classes": "autoclass",
    "errors": "autoexception",
}


def setup(app: Any) -> None:
    """Write formulas as MathML, which browsers draw themselves."""
    app.add_directive("public", Public)
    app.add_directive("measured", Measured)
    app.connect("autodoc-skip-member", _leave_out)
    app.add_html_math_renderer("mathml", (_mathml, None), (_mathml, None))
