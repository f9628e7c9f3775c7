"""Spark, on a cluster of its own, gives the same counts and results as every other engine.

One cluster serves all: it takes half a minute to start.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from threading import Timer

import numpy as np
import pandas as pd
import pytest

import survey
from analysis.counts import tabulate
from analysis.counts.patterns import response_patterns
from survey.workflow.request import Request
from tests.analysis.counts.test_tabulate import CODES, responses
from tests.survey.test_coded import same

pytest.importorskip("pyspark")
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")


def rows_of(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    """Give plain rows, None where there is nothing."""
    columns = [[None if pd.isna(x) else x for x in frame[name].to_list()] for name in frame]
    return [*zip(*columns, strict=True)]


def slowly(batches):
    for batch in batches:
        time.sleep(1.5)
        yield batch


def test_spark_gives_what_pandas_does_also_when_a_worker_dies(tmp_path: Path) -> None:
    from tests.spark import cluster

    made = survey.simulate(tmp_path, n_branches=12, seed=3)
    held = survey.read(made.export, roster=made.roster)
    blank = np.random.default_rng(1).random(held.coded.filter(like="q").shape) < 0.12
    table = held.coded.assign(**held.coded.filter(like="q").mask(blank))
    held = survey.from_coded(table, roster=made.roster)
    assert held.drivers().summary["imputation"] == "multiple"
    rows = responses(3000)
    with cluster(tmp_path) as spark:
        frame = spark.session.createDataFrame(rows_of(rows), [*rows])
        for by in ([], ["branch"], ["branch", "role"]):
            counted = tabulate.item_counts(frame, CODES, by=by, weight="w")
            equal(counted, tabulate.item_counts(rows, CODES, by=by, weight="w"))
            found = response_patterns(frame, [*CODES], by=by)
            pd.testing.assert_frame_equal(found, response_patterns(rows, [*CODES], by=by))

        coded = spark.session.createDataFrame(rows_of(table), [*table]).repartition(5)
        same(survey.from_coded(coded, roster=made.roster), held)

        # the command's --engine and --spark-master read by the cluster that is there
        coded.write.parquet(str(tmp_path / "coded"))
        master = spark.session.sparkContext.master
        options = {"roster": made.roster, "engine": "spark", "spark_master": master}
        again = Request.of({"files": tmp_path / "coded", **options}).read()
        same(again, held)

        many = frame.repartition(8)
        slow = many.mapInArrow(slowly, many.schema)
        killed = Timer(4, kill, [spark.workers[0].pid])
        killed.start()
        found = response_patterns(slow, [*CODES], by=["branch"])
        killed.join()
        assert spark.workers[0].wait(30) == -signal.SIGKILL
        pd.testing.assert_frame_equal(found, response_patterns(rows, [*CODES], by=["branch"]))
        counted = tabulate.item_counts(slow, CODES, by=["branch"], weight="w")
        equal(counted, tabulate.item_counts(rows, CODES, by=["branch"], weight="w"))


def equal(one: pd.DataFrame, other: pd.DataFrame) -> None:
    sums = ["weight", "squares"]
    pd.testing.assert_frame_equal(one.drop(columns=sums), other.drop(columns=sums))
    np.testing.assert_allclose(one[sums], other[sums], rtol=1e-9)


def kill(worker: int) -> None:
    """Kill a worker and the executor that it started."""
    children = [
        file.read_text().split() for file in Path(f"/proc/{worker}/task").glob("*/children")
    ]
    executors = [int(child) for some in children for child in some]
    assert executors
    for process in (worker, *executors):
        os.kill(process, signal.SIGKILL)
