import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "enumerate_roles", Path(__file__).with_name("enumerate_roles.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("response", [(0.6, 0.6), (0.9, 0.3), (0.3, 0.9)])
def test_strata_keep_the_error(script: ModuleType, response: tuple[float, float]) -> None:
    row = script.enumerate_pair((8, 12), response)
    assert max(row["stratified error meets"], row["stratified error below"]) <= 0.05
    assert 0 < row["stratified undecided"] < 1


def test_files_are_written(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "SIZES", ((5, 8),))
    script.main(["--out", str(tmp_path)])
    assert "| unequal | stratified |" in (tmp_path / "roles.md").read_text("utf-8")
    assert len((tmp_path / "roles.csv").read_text("utf-8").splitlines()) == 10
