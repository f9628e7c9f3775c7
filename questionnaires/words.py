"""Words that recur in surveys, as data: `words.toml` beside this file is their only home."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from questionnaires.text import folded, normalise

_MARKERS = ("not_asked", "missing")
_NESTED = ("facts", "ladders", "personal")


@dataclass(frozen=True)
class Words:
    """What is known of single words; sets hold them as `normalise` writes them.

    Parameters
    ----------
    aside, doubtful : frozenset of str
        Answers that leave the base of a rate; of the doubtful ones people are told.
    nothing : frozenset of str
        Typed where somebody has nothing to say.
    units : frozenset of str
        What stands behind a number without changing its order.
    preview, incomplete : frozenset of str
        States of rows that are no answers.
    affirming, denying : frozenset of str
        Levels that say of themselves that people are satisfied; parts of levels that say they are
        not.
    not_asked, missing : frozenset of str
        Markers in place of answers, their brackets kept.
    chosen, not_chosen : frozenset of str
        What stands in a column of an option's own.
    totals, averages, remarks : frozenset of str
        What rows begin with that are neither answers nor branches; a colon follows a remark.
    facts : tuple of frozenset of str
        Options of questions about facts.
    ladders : tuple of ladders
        Best rung first, each rung a tuple of labels that share its place.
    personal : mapping of str to str
        Kind of identifier that a header asks for by itself, see `survey.identifiers.KINDS`; the
        headers are as `folded` writes them, without accents.
    """

    aside: frozenset[str]
    doubtful: frozenset[str]
    nothing: frozenset[str]
    units: frozenset[str]
    preview: frozenset[str]
    incomplete: frozenset[str]
    affirming: frozenset[str]
    denying: frozenset[str]
    not_asked: frozenset[str]
    missing: frozenset[str]
    chosen: frozenset[str]
    not_chosen: frozenset[str]
    totals: frozenset[str]
    averages: frozenset[str]
    remarks: frozenset[str]
    facts: tuple[frozenset[str], ...]
    ladders: tuple[tuple[tuple[str, ...], ...], ...]
    personal: Mapping[str, str]

    @property
    def outside(self) -> frozenset[str]:
        """All answers that leave the base."""
        return self.aside | self.doubtful


@cache
def words() -> Words:
    """Load the words.

    Examples
    --------
    >>> "不了解" in words().aside, "弃权" in words().doubtful
    (True, True)
    """
    table = tomllib.loads((resources.files("questionnaires") / "words.toml").read_text("utf-8"))

    def keys(labels: list[str]) -> frozenset[str]:
        return frozenset(map(normalise, labels))

    sets = {*Words.__annotations__} - {*_NESTED, *_MARKERS}
    return Words(
        **{name: keys(table[name]) for name in sets},
        **{name: frozenset(map(folded, table[name])) for name in _MARKERS},
        facts=tuple(keys(line.split("/")) for line in table["facts"]),
        ladders=tuple(
            tuple(tuple(rung.split("/")) for rung in ladder) for ladder in table["ladders"]
        ),
        personal={folded(w): kind for kind, ws in table["personal"].items() for w in ws.split()},
    )
