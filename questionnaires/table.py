"""A TOML table that knows where it stands, so that every fault can name its file and key."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, Field, fields
from decimal import Decimal
from typing import Any, TypeVar

from questionnaires.errors import QuestionnaireError

T = TypeVar("T")


def keys(kind: type[Any], *more: str, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Name the keys of a table that makes a dataclass: its fields but for some, and `more`."""
    return (*(field.name for field in fields(kind) if field.name not in without), *more)


class Table:
    """The values of one TOML table, keys and types checked; errors name `file` and place.

    `path` is its place in the file; of a key that is not allowed the error names the nearest.
    """

    def __init__(
        self, values: Mapping[str, Any], allowed: tuple[str, ...], *, file: str, path: str = ""
    ) -> None:
        self.values = values
        self.file = file
        self.path = path
        for key in values:
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, n=1)
                zh_hint = f"是否想写 {near[0]}？" if near else ""
                en_hint = f" Did you mean {near[0]}?" if near else ""
                raise self.error(
                    key,
                    f"没有这个键。{zh_hint}允许的键：{'、'.join(allowed)}。",
                    f"there is no such key.{en_hint} Allowed keys: {', '.join(allowed)}.",
                )

    def error(self, key: str, zh: str, en: str) -> QuestionnaireError:
        """Make an error placed at one key of this table."""
        return QuestionnaireError(zh, en, file=self.file, key=self.key(key))

    def key(self, key: str) -> str:
        """Give the full path of one key."""
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        """Tell whether the key is there."""
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """Read a text; without a default it must be there and not be blank."""
        value = self._get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self._wrong_type(key, '文字，例如 "…"', 'a text, for example "…"')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts, empty when the key is missing."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self._wrong_type(key, '文字列表，例如 ["…", "…"]', 'a list of texts ["…", "…"]')
        return tuple(value)

    def flag(self, key: str) -> bool:
        """Read true or false."""
        value = self._get(key, None)
        if not isinstance(value, bool):
            raise self._wrong_type(key, " true 或 false", "true or false")
        return value

    def integer(self, key: str) -> int:
        """Read a whole number."""
        value = self._get(key, None)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong_type(key, "整数", "a whole number")
        return value

    def number(self, key: str) -> float:
        """Read a finite number."""
        value = self._get(key, None)
        is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value):
            raise self._wrong_type(key, "数字", "a number")
        return float(value)

    def table(self, key: str, allowed: tuple[str, ...]) -> Table:
        """Read a table ``[key]``."""
        value = self._get(key, None)
        if not isinstance(value, dict):
            raise self._wrong_type(key, f"一个表，写作 [{key}]", f"a table, written [{key}]")
        return Table(value, allowed, file=self.file, path=self.key(key))

    def tables(self, key: str, allowed: tuple[str, ...]) -> list[Table]:
        """Read an array of tables ``[[key]]``, empty when the key is missing."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self._wrong_type(
                key, f"表的列表，写作 [[{key}]]", f"an array of tables, written [[{key}]]"
            )
        return [
            Table(entry, allowed, file=self.file, path=f"{self.key(key)}[{place}]")
            for place, entry in enumerate(value, start=1)
        ]

    def made(self, kind: type[T], /, **own: Any) -> T:
        """Make a dataclass: its texts, numbers and flags stand here by name, `own` has the rest.

        Where a key is missing the field has its default; without one it is an error, but a list is
        empty and a number that may be missing is None.
        """
        with self.placing():
            mine = (f for f in fields(kind) if f.name not in own)  # type: ignore[arg-type]
            return kind(**{field.name: self._field(field) for field in mine}, **own)

    def _field(self, field: Field[Any]) -> Any:
        default = None if field.default is MISSING else field.default
        read = _READERS.get(str(field.type))
        if read is None:
            return self.text(field.name, default)
        if not self.has(field.name) and (default is not None or "None" in str(field.type)):
            return default
        return read(self, field.name)

    @contextmanager
    def placing(self) -> Iterator[None]:
        """Place the errors of values built from this table at this table."""
        try:
            yield
        except QuestionnaireError as error:
            if error.file is not None:
                raise
            raise error.within(self.path, self.file) from None

    def _get(self, key: str, default: Any) -> Any:
        value = self.values.get(key, default)
        if value is None:
            raise self.error(key, "缺少这个键。", "this key is missing.")
        return value

    def _wrong_type(self, key: str, zh: str, en: str) -> QuestionnaireError:
        return self.error(
            key,
            f"应为{zh}，现为 {self.values[key]!r}。",
            f"should be {en}, but is {self.values[key]!r}.",
        )


_READERS: Mapping[str, Callable[[Table, str], object]] = {
    "tuple[str, ...]": Table.texts,
    "bool": Table.flag,
    "int": Table.integer,
    "float": Table.number,
    "float | None": Table.number,
}
"""What reads a field, by its type as it is written; any other is a text."""
