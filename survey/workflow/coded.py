"""Coded answers in one table, one row a person: how a province keeps and passes on what was read.

=====================  =======================================================================
column                 what it holds
=====================  =======================================================================
``branch``             text, null where it is not known
``role``               id of a role of the questionnaire, null where it is not known
further groupings      text, for instance ``学校``
``overall``, item ids  score; null: not answered, -99: not asked, -98: 不了解 and the like
=====================  =======================================================================

Items that are not there were not asked. `Survey.coded` makes the table of a survey, its removed
rows left out; any library writes it as Parquet.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from analysis.counts.tabulate import MARKS, collect
from questionnaires import Questionnaire
from survey import estimation, provenance, readers
from survey.errors import Place, ReadError, UsageError, nearest
from survey.estimation.cells import codes
from survey.roster import read_roster
from survey.text import legible
from survey.workflow import meant
from survey.workflow.frames import Coded, held, people_of
from survey.workflow.supposing import checked
from survey.workflow.survey import Survey
from survey.workflow.tables import Roll, native, roster_of

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

Engine = Literal["pandas", "polars", "duckdb", "spark"]
ENGINES: dict[str, Any] = {
    "pandas": "pandas",
    "polars": "polars",
    "duckdb": "duckdb",
    "spark": "pyspark",
}
_NEEDS: dict[Engine, str] = {"pandas": "pyarrow", "polars": "polars", "duckdb": "duckdb"}
"""What each needs to read Parquet, the first preferred; Spark says itself what it lacks."""
SUFFIX = ".parquet"


def is_coded(paths: Any, roster: str | Path | None = None) -> bool:
    """Tell whether everything given is Parquet, or a folder with nothing else but a roster to read.

    Examples
    --------
    >>> is_coded("a.parquet"), is_coded(["a.parquet", "b.xlsx"])
    (True, False)
    """
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    return bool(several) and all(_holds_coded(Path(path), roster) for path in several)


def _holds_coded(path: Path, roster: str | Path | None) -> bool:
    if not path.is_dir():
        return path.suffix == SUFFIX
    known = None if roster is None else Path(roster).resolve()
    others = [file for file in readers.readable(path) if file.resolve() != known]
    return not others and any(path.glob(f"*{SUFFIX}"))


def read_coded(
    paths: str | Path | Sequence[str | Path],
    *,
    engine: Engine | None = None,
    spark_master: str | None = None,
    **options: Any,
) -> Survey:
    """Read Parquet files of coded answers, or folders of them; see `from_coded` for the options."""
    import narwhals as nw

    engine = engine or ("spark" if spark_master else _installed())
    if engine not in ENGINES:
        raise nearest("engine", engine, ENGINES)
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    files = [
        file
        for path in map(Path, several)
        for file in (sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path])
    ]
    extra = {"session": _session(spark_master)} if engine == "spark" else {}
    try:
        parts = [nw.scan_parquet(str(f), backend=ENGINES[engine], **extra) for f in files]
        frame = nw.concat(parts, how="vertical").to_native()
    except ImportError as fault:
        need = _NEEDS.get(engine, ENGINES[engine])
        raise UsageError(
            zh=f"用 {engine} 读 Parquet 需要另装 {need}：pip install {need}；"
            "或换一种引擎，如 polars（--engine polars）。",
            en=f"Reading Parquet by {engine} needs {need}: pip install {need}; or take another "
            "engine, such as polars (--engine polars).",
        ) from fault
    made = from_coded(frame, **options)
    roster = options.get("roster")
    known = roster if isinstance(roster, str | Path) else None
    return replace(
        made,
        files=provenance.inputs([], known, [], coded=files),
        sources=(*files, *made.sources),
    )


def _installed() -> Engine:
    """Give the first engine whose library is there."""
    there = (engine for engine, need in _NEEDS.items() if find_spec(need) is not None)
    return next(there, "pandas")


def from_coded(
    frame: IntoFrame,
    *,
    questionnaire: str | Path | Questionnaire | None = None,
    roster: Roll | None = None,
    keep: str | Sequence[str] = (),
    bar: str | float | None = None,
    allow_unknown_branches: bool = False,
    min_cell: int | None = None,
) -> Survey:
    """Take coded answers, one row a person, as a survey.

    Parameters
    ----------
    frame : data frame
        Of pandas, Polars, PyArrow, DuckDB, Spark or whatever narwhals knows, with the columns that
        `Survey.coded` gives.
    questionnaire, roster, keep, bar, allow_unknown_branches, min_cell
        As for `survey.read`; `keep` names columns of the frame or of the roster.

    Returns
    -------
    Survey

    Raises
    ------
    ReadError
        If a column is missing, or holds what the questionnaire does not know.

    Examples
    --------
    >>> import tempfile, survey
    >>> made = survey.simulate(Path(tempfile.mkdtemp()), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> again = survey.from_coded(held.coded, roster=made.roster)
    >>> again.cells.equals(held.cells), again.n_used == held.n_used
    (True, True)
    """
    import narwhals as nw

    asked = meant.questionnaire(questionnaire)
    asked = asked if bar is None else replace(asked, bar=checked("bar", bar))
    names = estimation.groupings(keep)
    given = native(frame)
    there = set(given.collect_schema().names())
    lacking = sorted({"branch", "overall"} - there)
    if lacking:
        raise ReadError(
            zh=f"编码表没有 {lacking[0]} 一列。各列的含义见 survey.from_coded 的说明。",
            en=f"The coded table has no column {lacking[0]}; see survey.from_coded.",
        )
    slots = [slot for slot in ("overall", *asked.item_ids) if slot in there]
    texts = [name for name in dict.fromkeys(("branch", "role", *names)) if name in there]
    table = collect(
        given.select(
            *(nw.col(name).cast(nw.String) for name in texts),
            *(nw.col(slot).cast(nw.Float64) for slot in slots),
        )
    )
    for name in texts:
        seen = ((text, legible(text)) for text in table[name].dropna().unique())
        table[name] = table[name].replace({text: own for text, own in seen if own != text})
    known = roster_of(roster)
    sizes = None if known is None else read_roster(known, asked, names)
    role = table["role"].map(_roles(table["role"], asked)) if "role" in table else None
    scores, status = {}, {}
    for slot, expected in codes(asked, ("overall", *asked.item_ids)).items():
        given = table[slot] if slot in table else pd.Series(MARKS["not_asked"], table.index)
        scores[slot], status[slot] = _parted(given, expected)
    people = people_of(table["branch"], role, asked, len(table))
    coded = Coded(
        people.assign(**{name: table[name] for name in names if name in table}),
        pd.DataFrame(scores),
        pd.DataFrame(status),
        {slot: slot for slot in slots},
        labels=None,
    )
    return held(
        coded,
        asked,
        sizes,
        names,
        roster=known if isinstance(known, str | Path) else None,
        allow_unknown_branches=allow_unknown_branches,
        min_cell=min_cell,
    )


def _roles(given: pd.Series[str], asked: Questionnaire) -> dict[str, str]:
    """Give the answer that stands for each role's id."""
    labels = {role.id: role.answers[0] for role in asked.roles}
    for name in given.dropna().unique():
        if name not in labels:
            raise nearest("role", name, labels)
    return labels


def _parted(given: pd.Series[float], expected: Sequence[float]) -> tuple[pd.Series, pd.Series]:
    """Part scores from what became of the others."""
    valid = given.isin(expected)
    kinds = ["valid", "missing", *MARKS]
    which = [valid, given.isna(), *(given == mark for mark in MARKS.values())]
    found = pd.Categorical.from_codes(np.argmax(which, axis=0), categories=pd.Index(kinds))
    status = pd.Series(found, given.index)
    strange = given[given.notna() & ~valid & ~given.isin([*MARKS.values()])]
    if len(strange):
        raise ReadError(
            zh=f"编码表的 {given.name} 一列有 {strange.iloc[0]:g}，问卷没有这个分值。",
            en=f"Column {given.name} of the coded table holds {strange.iloc[0]:g}, no score of it.",
            place=Place(column=str(given.name)),
        )
    return given.where(valid), status


def _session(master: str | None) -> Any:
    """Give the Spark session of a master that is there; none is started but the driver."""
    try:
        sql = importlib.import_module("pyspark.sql")
    except ImportError as fault:
        raise UsageError(
            zh="用 Spark（--engine spark）需要另装：pip install 'survey-report[spark]'，并装 "
            "Java 17。",
            en="Spark (--engine spark) needs pip install 'survey-report[spark]', and Java 17.",
        ) from fault
    builder = sql.SparkSession.builder
    if master is not None:
        builder = builder.master(master)
    return builder.config("spark.sql.execution.arrow.pyspark.enabled", "true").getOrCreate()
