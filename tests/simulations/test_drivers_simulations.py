"""Small versions of the simulations of the breakdown, so that a broken interval is noticed."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_coverage():
    coverage = load("drivers_coverage")
    result = coverage.simulate(20, 20, 0.1, draws=3, like_them=300, limit_branches=3000)
    assert np.mean(result["whole"]) > 0.9
    assert result["members_mean"] > 0.95
    assert result["like_them_mean"] > 0.92
    assert np.abs(result["bias"]).max() < 0.006


def test_the_right_dimension_is_named():
    truth = load("drivers_truth")
    result = truth.simulate(8, 3000, many=60_000)
    assert np.abs(result["bias"]).max() < 0.006
    assert abs(result["null_share"]) < 0.03
    assert result["null_share_lmg"] > 0.06
    assert result["first_right"] >= max(result["first_right_lmg"], result["first_right_ipa"])
