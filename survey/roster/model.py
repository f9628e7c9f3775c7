"""Known sizes of branches and roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from questionnaires.text import normalise
from survey.text import translated

Notice = tuple[str, str]
JOINT = "·"
"""Between the names of a unit and of its branch, where several units have branches of one name."""


@dataclass(frozen=True)
class Roster:
    """Known sizes of branches."""

    # one row a branch and role, in the roster's order: ``branch``, ``role`` (role id; missing where
    # the roster knows no roles), ``population``, and a column for each further grouping that
    # branches belong to (学院)
    frame: pd.DataFrame
    names: dict[str, str]  # normalised names and aliases to the branch's name
    # what was left out and where sizes come from, in Chinese and in English
    notices: tuple[Notice, ...] = ()
    # normalised names and aliases that several branches of different units bear, and these
    shared: dict[str, list[str]] = field(default_factory=dict)
    # branches whose name has its unit before it to tell them apart, and the name itself
    plain: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        roles = "with roles" if self.has_roles else "without roles"
        return f"<Roster {len(self.branches)} branches, {self.size} people, {roles}>"

    @property
    def branches(self) -> list[str]:
        """Names of the branches, in the roster's order."""
        return list(self.frame["branch"].unique())

    @property
    def size(self) -> int:
        """Number of people in all."""
        return int(self.frame["population"].sum())

    @property
    def has_roles(self) -> bool:
        """Whether sizes are known by role."""
        return bool(self.frame["role"].notna().all())

    @property
    def roles(self) -> list[str]:
        """Ids of the roles, in the roster's order."""
        return list(self.frame["role"].dropna().unique())

    def population(self, by: Sequence[str]) -> pd.Series:
        """Sum the sizes by unit.

        Parameters
        ----------
        by : sequence of str
            ``branch``, ``role``, further groupings; empty gives one number under the key 0.

        Returns
        -------
        Series of int
            Indexed by the unit; empty where a grouping is not known.
        """
        if not by:
            return pd.Series([self.size])
        if not set(by) <= set(self.frame.columns):
            return pd.Series(dtype="int64")
        if "role" in by and not self.has_roles:
            return pd.Series(dtype="int64")
        return self.frame.groupby(list(by), sort=False)["population"].sum()

    def sizes(self, by: tuple[str, ...]) -> Mapping[tuple[str, ...], int]:
        """Give the sizes of units by their names, without any under ``()`` everyone's.

        Results ask again and again: they are summed once.
        """
        if by not in self._sizes:
            known = self.population(by).to_dict()
            several = {key if isinstance(key, tuple) else (key,): n for key, n in known.items()}
            self._sizes[by] = several if by else {(): self.size}
        return self._sizes[by]

    @cached_property
    def _sizes(self) -> dict[tuple[str, ...], Mapping[tuple[str, ...], int]]:
        return {}

    def resized(self, share: float, cells: pd.DataFrame) -> Roster:
        """Multiply all sizes by a share, rounded outwards; none below its answers in `cells`.

        Answers without a role are of a branch alone: its largest roles stay as large as they need.
        """
        units = ["branch", "role"] if self.has_roles else ["branch"]
        before, branch = self.frame["population"], self.frame["branch"]
        answered = cells.groupby(units)["n_valid"].sum().rename("answered").reset_index()
        found = self.frame.merge(answered, on=units, how="left")["answered"].fillna(0)
        exact = before * share
        rounded = np.ceil(exact - 1e-9) if share > 1 else np.floor(exact + 1e-9)
        sizes = np.maximum(rounded, found.to_numpy())
        everyone = branch.map(cells.groupby("branch")["n_valid"].sum()).fillna(0)
        lacking = everyone - sizes.groupby(branch).transform("sum")
        room = (before - sizes).clip(lower=0).loc[before.sort_values(ascending=False).index]
        taken = room.groupby(branch).cumsum() - room
        sizes = sizes + (lacking - taken).clip(lower=0).clip(upper=room)
        return replace(self, frame=self.frame.assign(population=sizes.astype("int64")))

    def without_roles(self) -> Roster:
        """Forget the roles: sizes of branches alone."""
        groups = [name for name in self.frame.columns if name not in ("role", "population")]
        sizes = self.frame.groupby(groups, sort=False, dropna=False)["population"].sum()
        return replace(self, frame=sizes.reset_index().assign(role=np.nan)[self.frame.columns])

    @property
    def groupings(self) -> list[str]:
        """Columns of the units that branches belong to."""
        return [str(name) for name in self.frame if name not in ("branch", "role", "population")]

    def match(self, answers: pd.Series, units: pd.DataFrame | None = None) -> pd.Series:
        """Give the roster's name of every answered branch; missing where there is none.

        Of several branches of one name it is the one in the unit, given in `units` by the
        roster's groupings and missing where not known, that the answer belongs to.
        """
        found = translated(answers, self.find)
        if units is None or not self.shared:
            return found
        asked = units.assign(_name=answers).apply(_normalised)
        asked = asked[asked["_name"].isin([*self.shared])]
        bearers = pd.DataFrame(
            [(key, branch) for key, of in self.shared.items() for branch in of],
            columns=["_name", "branch"],
        )
        own = self.frame.drop_duplicates("branch").set_index("branch")[[*units]].apply(_normalised)
        bearers = bearers.join(own, on="branch")
        pairs = asked.drop_duplicates().merge(bearers, on="_name", suffixes=("", "_own"))
        fits = pd.Series(True, pairs.index)
        for name in units:
            # a unit that all bearers of a name share tells nothing of them
            told = pairs.groupby("_name")[f"{name}_own"].transform("nunique") > 1
            fits &= ~told | pairs[name].isna() | (pairs[name] == pairs[f"{name}_own"])
        meant = pairs[fits].drop_duplicates([*asked], keep=False)
        both = asked.reset_index().merge(meant, on=[*asked])
        found.loc[both[asked.index.name or "index"]] = both["branch"].to_numpy()
        return found

    def find(self, name: str) -> str | None:
        """Give the roster's name of a branch, None where it has none or several bear the name."""
        return self.names.get(normalise(name))


def _normalised(column: pd.Series) -> pd.Series:
    return translated(column, normalise)
