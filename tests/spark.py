"""A Spark cluster on this machine, as a province has one: a master and two workers."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

LOCAL = "127.0.0.1"


@dataclass(frozen=True)
class Cluster:
    """A running master with its workers."""

    session: object
    workers: tuple[subprocess.Popen[bytes], ...]


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a master and two workers of one core each by spark-class, and stop them at the end."""
    pyspark = pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("no java")
    spark_class = Path(pyspark.__file__).parent / "bin" / "spark-class"
    with socket.socket() as free:
        free.bind((LOCAL, 0))
        port = free.getsockname()[1]
    # the workers' Python finds this checkout, and nothing of an earlier Spark
    path = os.pathsep.join(entry for entry in sys.path if entry)
    env = os.environ | {
        "PYTHONPATH": path,
        "SPARK_LOCAL_IP": LOCAL,
        "PYSPARK_PYTHON": sys.executable,
    }
    env |= {"SPARK_WORKER_DIR": str(folder), "SPARK_HOME": str(spark_class.parents[1])}
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": LOCAL}
    master, started = f"spark://{LOCAL}:{port}", []

    def start(name: str, *options: str) -> subprocess.Popen[bytes]:
        log = (folder / f"{name}-{len(started)}.log").open("wb")
        command = [spark_class, f"org.apache.spark.deploy.{name.lower()}.{name}", "--host", LOCAL]
        ends = subprocess.Popen([*command, *options], env=env, stdout=log, stderr=log)
        started.append(ends)
        return ends

    session = None
    try:
        start("Master", "--port", str(port), "--webui-port", "0")
        _wait(port)
        workers = tuple(
            start("Worker", "--cores", "1", "--memory", "1g", "--webui-port", "0", master)
            for _ in range(2)
        )
        session = (
            pyspark.sql.SparkSession.builder.master(master)
            .config("spark.executor.memory", "640m")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", LOCAL)
            .config("spark.executorEnv.PYTHONPATH", path)
            .config("spark.sql.shuffle.partitions", "4")
            .getOrCreate()
        )
        yield Cluster(session, workers)
    finally:
        if session is not None:
            session.stop()
        for process in reversed(started):
            process.terminate()
            process.wait(30)


def _wait(port: int, seconds: float = 60) -> None:
    for _ in range(int(seconds * 10)):
        with socket.socket() as probe:
            if probe.connect_ex((LOCAL, port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the master did not start")
