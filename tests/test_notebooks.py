"""Every notebook runs from an empty folder, draws its charts, warns of nothing and is kept bare."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
DRAWS = re.compile(r"\.(plot\w*|draw)\(")


def _named(test):
    return pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)(test)


def _code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_all_subjects_have_a_notebook():
    numbers = {path.name[:2] for path in NOTEBOOKS}
    assert numbers == {f"{number:02d}" for number in range(1, 10)}


@_named
def test_kept_without_outputs(path):
    cells = _code_cells(nbformat.read(path, as_version=4))
    assert cells
    assert not any(cell.outputs or cell.execution_count for cell in cells)


@_named
def test_runs(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    # The kernel of this very environment, whatever kernels the user has installed.
    specs = KernelSpecManager(kernel_dirs=[])
    kernel = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, km=kernel, timeout=300, resources=where).execute()

    for cell in _code_cells(notebook):
        warned = [out.text for out in cell.outputs if out.get("name") == "stderr"]
        assert not warned, f"{cell.source}\n{''.join(warned)}"
        if DRAWS.search(cell.source) and "savefig" not in cell.source:
            shown = [out for out in cell.outputs if "image/png" in out.get("data", {})]
            assert shown, f"nothing is drawn by\n{cell.source}"
    assert not list(tmp_path.iterdir()), "a notebook writes only to a temporary folder"
