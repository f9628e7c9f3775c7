"""Spark, on a cluster of its own, gives the same counts as every other engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.counts import tabulate
from tests.analysis.counts.test_tabulate import CODES, responses

pytest.importorskip("pyspark")
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")


def test_spark_counts_as_pandas_does(tmp_path: Path) -> None:
    from tests.spark import cluster

    rows = responses(3000)
    columns = {c: [None if pd.isna(x) else x for x in rows[c].to_list()] for c in rows}
    with cluster(tmp_path) as spark:
        frame = spark.session.createDataFrame([*zip(*columns.values(), strict=True)], [*columns])
        for by in ([], ["branch"], ["branch", "role"]):
            made = tabulate.item_counts(frame, CODES, by=by, weight="w")
            expected = tabulate.item_counts(rows, CODES, by=by, weight="w")
            sums = ["weight", "squares"]
            pd.testing.assert_frame_equal(made.drop(columns=sums), expected.drop(columns=sums))
            np.testing.assert_allclose(made[sums], expected[sums], rtol=1e-9)
