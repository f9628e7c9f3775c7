"""Every notebook runs from an empty folder, draws its charts, warns of nothing and is kept bare."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
DRAWS = re.compile(r"\.(plot\w*|draw)\(")


# An object shown as itself, and a share of minus nothing.
NOISE = re.compile(r"<[^<>\n]* (?:object )?at 0x|<Axes|<Figure|-0\.0+%")
SILENCES = re.compile(r"simplefilter|filterwarnings")


def _named(test):
    return pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)(test)


def _read(path):
    import nbformat  # heavy, as below: every worker loads this module, one runs its tests

    return nbformat.read(path, as_version=4)


def _code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_all_subjects_have_a_notebook():
    numbers = {path.name[:2] for path in NOTEBOOKS}
    assert numbers == {f"{number:02d}" for number in range(1, 10)}


@_named
def test_kept_without_outputs(path):
    cells = _code_cells(_read(path))
    assert cells
    assert not any(cell.outputs or cell.execution_count for cell in cells)


def _words(cell):
    """All that a cell's outputs say in words, of a table its HTML."""
    said = []
    for out in cell.outputs:
        data = out.get("data", {})
        if "image/png" not in data:
            said.append(out.get("text") or data.get("text/html") or data.get("text/plain", ""))
    return "\n".join(said)


def _execute(notebook, folder):
    """Run in the kernel of this very environment, whatever kernels the user has installed."""
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpecManager
    from nbclient import NotebookClient

    specs = KernelSpecManager(kernel_dirs=[])
    kernel = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
    where = {"metadata": {"path": str(folder)}}
    told = {"allow_errors": True, "resources": where}  # a notebook that fails stops no other
    NotebookClient(notebook, km=kernel, timeout=300, **told).execute()


def _pictures(cell):
    return sum("image/png" in out.get("data", {}) for out in cell.outputs)


BEGIN = """\
%reset -f
import os, sys, matplotlib
matplotlib.rcdefaults()
os.chdir({folder!r})
for name in [*sys.modules]:
    if name.partition(".")[0] in ("analysis", "questionnaires", "survey"):
        del sys.modules[name]
del os, sys, matplotlib, name
"""
LEAVES = "import survey, analysis.many.pooling; left = survey.options(language='en')"
FINDS = "import survey, analysis; 'left' in dir(), hasattr(analysis, 'many'), survey.options()"


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Run all in one kernel, which forgets between them: to start one takes longest."""
    from nbformat import v4

    given = {path: [cell.source for cell in _code_cells(_read(path))] for path in NOTEBOOKS}
    made = {}
    for name, sources in {LEAVES: [LEAVES], FINDS: [FINDS], **given}.items():
        folder = tmp_path_factory.mktemp("empty")
        every = [BEGIN.format(folder=str(folder)), *sources]
        made[name] = [v4.new_code_cell(source) for source in every], folder
    every = [cell for cells, _ in made.values() for cell in cells]
    _execute(v4.new_notebook(cells=every), tmp_path_factory.mktemp("kernel"))
    return made


def test_a_notebook_leaves_nothing_for_the_next(executed):
    cells, _ = executed[FINDS]
    assert _words(cells[-1]) == "(False, False, survey.options(language='zh', min_cell=5))"


@_named
def test_runs(path, executed):
    cells, folder = executed[path]
    for cell in cells:
        assert cell.execution_count, f"did not run\n{cell.source}"
        failed = [out.evalue for out in cell.outputs if out.output_type == "error"]
        assert not failed, f"{cell.source}\n{''.join(failed)}"
        assert not SILENCES.search(cell.source), f"hides warnings\n{cell.source}"
        warned = [out.text for out in cell.outputs if out.get("name") == "stderr"]
        assert not warned, f"{cell.source}\n{''.join(warned)}"
        if DRAWS.search(cell.source) and "savefig" not in cell.source:
            assert _pictures(cell), f"nothing is drawn by\n{cell.source}"
        assert not NOISE.search(_words(cell)), f"{cell.source}\n{_words(cell)}"
    assert not list(folder.iterdir()), "a notebook writes only to a temporary folder"


OURS = "s.satisfaction().plot();"
OURS_TOO = "s.reliability().plot();"
OWN = "plt.figure(); plt.plot([1, 2, 3], label='own'); plt.legend();"


def test_every_chart_is_shown_once_beside_ones_own_figure(tmp_path):
    from nbformat import v4

    before = [
        "import survey",
        "from matplotlib import pyplot as plt",
        f"made = survey.simulate({str(tmp_path / 'made')!r}, n_branches=3, seed=1)",
        "s = survey.read(made.export, roster=made.roster)",
    ]
    orders = [[OURS, OURS_TOO, OWN], [OWN, OURS, OURS_TOO], [OURS, OWN, OURS]]
    together, apart = ["\n".join(cells) for cells in orders], [*chain.from_iterable(orders)]
    sources = ["\n".join(before), *together, *apart]  # one kernel: to start one takes longest
    notebook = v4.new_notebook(cells=[v4.new_code_cell(c) for c in sources])
    _execute(notebook, tmp_path)
    assert [_pictures(cell) for cell in notebook.cells] == [0, 3, 3, 3, *[1] * 9]
    assert not any(_words(cell) for cell in notebook.cells)
