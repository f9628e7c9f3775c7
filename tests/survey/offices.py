"""Files as an office has them, small and written by hand, for tests of the rooms of `survey`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

BRANCH = "您所在的党支部"
ROLE = "您的身份"
OVERALL = "总体而言，您对所在党支部（党组织）工作的满意程度"
MEMBER, STAFF = "教工党员", "非党员教职工"
METADATA = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
SHORT = "jiangsu-2014-short"


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    """Write rows as 问卷星 writes csv: UTF-8 with BOM, CRLF."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def export(
    path: Path,
    answers: Sequence[Sequence[object]],
    *,
    questions: Sequence[str] = (BRANCH, ROLE, OVERALL),
    serials: Sequence[object] | None = None,
    times: Sequence[str] | None = None,
    seconds: Sequence[object] | None = None,
    addresses: Sequence[str] | None = None,
) -> Path:
    """Write a text-mode export of numbered questions, one row of `answers` a person."""
    n = len(answers)
    serials = serials or list(range(1, n + 1))
    times = times or [f"2025/11/{1 + i // 1440} {i // 60 % 24}:{i % 60:02d}:07" for i in range(n)]
    seconds = seconds or [60 + i % 7 for i in range(n)]
    addresses = addresses or [f"192.0.2.{i % 250}(江苏-南京)" for i in range(n)]
    header = [*METADATA, *(f"{i}、{q}" for i, q in enumerate(questions, start=1))]
    rows = [
        (serial, time, f"{second}秒", "微信", "N/A", address, *answer)
        for serial, time, second, address, answer in zip(
            serials, times, seconds, addresses, answers, strict=True
        )
    ]
    return write_csv(path, [header, *rows])


def short(path: Path, counts: dict[tuple[str, str, str], int], **columns: object) -> Path:
    """Write an export of the short form from numbers of people by branch, role and answer."""
    people = [answer for answer, n in counts.items() for _ in range(n)]
    return export(path, people, **columns)  # type: ignore[arg-type]


def roster(path: Path, sizes: dict[object, int], *, header: Sequence[str] | None = None) -> Path:
    """Write a roster from sizes by branch, or by branch and role."""
    keys = [key if isinstance(key, tuple) else (key,) for key in sizes]
    names = header or [*("支部", "身份")[: len(keys[0])], "人数"]
    return write_csv(
        path, [names, *([*key, n] for key, n in zip(keys, sizes.values(), strict=True))]
    )
