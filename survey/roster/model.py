"""Known sizes of branches and roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from questionnaires.text import normalise

Notice = tuple[str, str]


@dataclass(frozen=True)
class Roster:
    """Known sizes of branches.

    Attributes
    ----------
    frame : DataFrame
        One row a branch and role, in the roster's order: ``branch``, ``role`` (role id; missing
        where the roster knows no roles), ``population``, and a column for each further grouping
        that branches belong to (学院).
    names : dict of str to str
        Normalised names and aliases to the branch's name.
    notices : tuple of (str, str)
        What was left out and where sizes come from, in Chinese and in English.
    """

    frame: pd.DataFrame
    names: dict[str, str]
    notices: tuple[Notice, ...] = ()

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

    def resized(self, share: float, cells: pd.DataFrame) -> Roster:
        """Multiply all sizes by a share, rounded outwards; none below its answers in `cells`."""
        units = ["branch", "role"] if self.has_roles else ["branch"]
        answered = cells.groupby(units)["n_valid"].sum().rename("answered").reset_index()
        found = self.frame.merge(answered, on=units, how="left")["answered"].fillna(0)
        rounded = np.ceil if share > 1 else np.floor
        sizes = np.maximum(rounded(self.frame["population"] * share - 1e-9), found.to_numpy())
        return replace(self, frame=self.frame.assign(population=sizes.astype("int64")))

    def without_roles(self) -> Roster:
        """Forget the roles: sizes of branches alone."""
        groups = [name for name in self.frame.columns if name not in ("role", "population")]
        sizes = self.frame.groupby(groups, sort=False, dropna=False)["population"].sum()
        return replace(self, frame=sizes.reset_index().assign(role=np.nan)[self.frame.columns])

    def match(self, answers: pd.Series) -> pd.Series:
        """Give the roster's name of every answered branch; missing where there is none."""
        return answers.map({answer: self.find(answer) for answer in answers.dropna().unique()})

    def find(self, name: str) -> str | None:
        """Give the roster's name of a branch, None where it has none."""
        return self.names.get(normalise(name))
