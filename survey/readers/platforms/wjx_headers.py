"""How 问卷星 writes headers: numbers, matrix rows, options, and which columns belong together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey.readers.grammar.decoding import same_scale
from survey.readers.grammar.inference import Spec
from survey.readers.grammar.model import Decoded, Mode
from survey.readers.wording import is_whole, strip_hint

DASH = "—"
NUMBERED = re.compile(r"(?P<n>\d+(?:\.\d+)?)\s*[、.．]\s*(?P<rest>.*)", re.DOTALL)
OLD_OPTION = re.compile(r"第(?P<n>\d+)题\((?P<option>.*)\)", re.DOTALL)
_OPTION = re.compile(r"\((?P<option>.*)\)", re.DOTALL)
_QUESTION_LIKE = re.compile(r"^请|[?？:：]$")


@dataclass
class Group:
    """Neighbouring columns that belong to one question, while headers are being read."""

    number: str
    columns: list[int] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    by_option: bool = False
    bare: list[int] = field(default_factory=list)
    scattered: bool = False

    @property
    def is_stemless(self) -> bool:
        """Whether several rows share a number but none carries the stem."""
        rows = len(self.columns) > 1 and not self.by_option
        return rows and not any(DASH in part for part in self.parts)


def group_columns(
    asked: Sequence[int], headers: Sequence[str], decoded: Mapping[int, Decoded]
) -> list[Group]:
    """Put the columns of one question together.

    Parameters
    ----------
    asked : sequence of int
        Columns that are no metadata, ascending.
    headers : sequence of str
        Tidied header of every column.
    decoded : mapping of int to Decoded
        Their answers: a matrix row without a number must answer on the matrix's scale.

    Returns
    -------
    list of Group
    """
    neighbours = _neighbours(asked, headers, decoded)
    return _gather([_checked(group, decoded) for group in neighbours])


def _checked(group: Group, decoded: Mapping[int, Decoded]) -> Group:
    """Take headers wholly in brackets for rows, not options, where answers are words."""
    if not group.by_option:
        return group
    answers = {text for column in group.columns for text in decoded[column].valid()}
    worded = sum(not is_whole(text) for text in answers)
    if worded <= 0.5 * len(answers):
        return group
    parts = [f"({part})" for part in group.parts]
    return Group(group.number, group.columns, parts)


def _neighbours(
    asked: Sequence[int], headers: Sequence[str], decoded: Mapping[int, Decoded]
) -> list[Group]:
    """Put neighbouring columns of one question together."""
    groups: list[Group] = []
    for index in asked:
        header = headers[index]
        last = groups[-1] if groups else None
        adjacent = last is not None and last.columns[-1] == index - 1
        old = OLD_OPTION.fullmatch(header)
        numbered = None if old else NUMBERED.fullmatch(header)
        if old:
            number, part, by_option = old["n"], old["option"], True
        elif numbered:
            number, part = numbered["n"], numbered["rest"]
            option = _OPTION.fullmatch(part)
            by_option = option is not None
            part = option["option"] if option else part
        else:
            if last is not None and adjacent and _continues(last, header, index, decoded):
                last.columns.append(index)
                last.parts.append(header)
                last.bare.append(index)
            else:
                groups.append(Group("", [index], [header]))
            continue
        joins = (
            last is not None
            and adjacent
            and last.number == number
            and last.by_option == by_option
            and (by_option or _same_matrix(last, part, index, decoded))
        )
        if joins and last is not None:
            last.columns.append(index)
            last.parts.append(part)
        else:
            groups.append(Group(number, [index], [part], by_option))
    return groups


def _gather(groups: Sequence[Group]) -> list[Group]:
    """Bring the option columns of one number together where somebody moved them apart."""
    kept: list[Group] = []
    homes: dict[str, list[Group]] = {}
    for group in groups:
        near = homes.setdefault(group.number, []) if group.by_option else []
        home = next((one for one in near if not set(one.parts) & set(group.parts)), None)
        if home is None:
            kept.append(group)
            near.append(group)
        else:
            home.columns += group.columns
            home.parts += group.parts
            home.scattered = True
    return kept


def _same_matrix(group: Group, part: str, index: int, decoded: Mapping[int, Decoded]) -> bool:
    """Tell rows of one matrix from two questions that share nothing but the number."""
    if part in group.parts:
        return False
    if any(DASH in earlier for earlier in (*group.parts, part)):
        return True
    return same_scale([decoded[group.columns[-1]]], decoded[index])


def _continues(group: Group, header: str, index: int, decoded: Mapping[int, Decoded]) -> bool:
    """Tell whether a header without a number is a further row of the open matrix."""
    if group.by_option or DASH not in group.parts[0]:
        return False
    rows = [group.parts[0].rpartition(DASH)[2], *group.parts[1:]]
    if _QUESTION_LIKE.search(header) and not any(map(_QUESTION_LIKE.search, rows)):
        return False
    return same_scale([decoded[group.columns[0]], decoded[group.columns[-1]]], decoded[index])


def spec(group: Group, mode: Mode) -> Spec:
    """Put a group of columns into what its headers say.

    Parameters
    ----------
    group : Group
        From `group_columns`.
    mode : str
        Whether answers are texts or numbers.

    Returns
    -------
    Spec
    """
    columns, parts = tuple(group.columns), tuple(group.parts)
    if group.by_option and (len(columns) > 1 or mode == "numbered"):
        return Spec(group.number, "", columns, options=parts)
    rows: tuple[str, ...] = ()
    if len(columns) > 1:
        stem, rows = _matrix_labels(group)
    else:
        stem = f"({parts[0]})" if group.by_option else parts[0]
    stem, hint = strip_hint(stem)
    return Spec(group.number, stem, columns, rows, hint=hint)


def _matrix_labels(group: Group) -> tuple[str, tuple[str, ...]]:
    """Take the stem from the member that carries it, usually the first."""
    carriers = [i for i, part in enumerate(group.parts) if DASH in part]
    if not carriers:
        return "", tuple(group.parts)
    carrier = carriers[0]
    stem, _, row = group.parts[carrier].rpartition(DASH)
    rows = [*group.parts]
    rows[carrier] = row.strip()
    return stem.rstrip(DASH).strip(), tuple(rows)
