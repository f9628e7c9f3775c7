"""The rule on numbers alone: what it hides, and that a higher least number hides no less."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.linalg import null_space

from survey.privacy import rule

TABLES = st.tuples(st.integers(2, 16), st.integers(1, 5)).flatmap(
    lambda shape: arrays.arrays(np.int64, shape, elements=st.integers(0, 40))
)


def published(n: np.ndarray, made: rule.Pattern) -> np.ndarray:
    """Give the indicators of all published sums over the cells that hold anybody."""
    places = np.arange(n.size).reshape(n.shape)
    rows = [places.ravel()]
    rows += [places[i] for i in np.flatnonzero(made.branches == "")]
    rows += [places[:, j] for j in np.flatnonzero(made.roles == "")]
    if n.shape[1] > 1:
        rows += [[c] for i in np.flatnonzero(~made.crossing) for c in places[i, :-1]]
    matrix = np.zeros((len(rows), n.size))
    for line, members in zip(matrix, rows, strict=True):
        line[members] = 1
    return matrix[:, n.ravel() > 0]


@settings(max_examples=300, deadline=None)
@given(n=TABLES, min_cell=st.integers(2, 8))
@example(n=np.array([[3, 0, 1], [0, 2, 0]]), min_cell=2)
@example(n=np.array([[2, 2, 0, 0, 0], [0, 0, 2, 0, 0], [0, 0, 0, 0, 1]]), min_cell=2)
def test_linear_algebra_singles_out_nobody(n: np.ndarray, min_cell: int) -> None:
    if n.sum() < min_cell:
        return
    made = rule.pattern(n, min_cell=min_cell)
    free = null_space(published(n, made))
    cells = n.ravel()[n.ravel() > 0]
    few = np.flatnonzero(cells < min_cell)
    for i in few:
        told = np.abs(free[i]).max(initial=0) < 1e-9
        assert not told, (i, made)


@settings(max_examples=300, deadline=None)
@given(n=TABLES, lower=st.integers(5, 12), more=st.integers(0, 8))
def test_a_higher_least_number_hides_whatever_a_lower_one_does(
    n: np.ndarray, lower: int, more: int
) -> None:
    one, other = (rule.pattern(n, min_cell=m) for m in (lower, lower + more))
    assert ((one.branches == "") | (other.branches != "")).all()
    assert ((one.roles == "") | (other.roles != "")).all()
    assert (~one.crossing | other.crossing).all()


@settings(max_examples=200, deadline=None)
@given(
    n=arrays.arrays(
        np.int64, st.tuples(st.integers(2, 14), st.integers(1, 3)), elements=st.integers(0, 30)
    ),
    lower=st.integers(5, 9),
    more=st.integers(0, 5),
    data=st.data(),
)
def test_items_are_hidden_in_pools(
    n: np.ndarray, lower: int, more: int, data: st.DataObject
) -> None:
    hidden = data.draw(arrays.arrays(bool, len(n) - 1))
    one = rule.withheld_items(n, hidden, min_cell=lower)
    other = rule.withheld_items(n, hidden, min_cell=lower + more)
    assert (~one | other).all()
    shown = ~one & (n[:-1] > 0)
    assert (n[:-1][shown] >= lower).all()
    assert not (shown & hidden[:, np.newaxis]).any()
    pool = n.sum(axis=0) - np.where(shown, n[:-1], 0).sum(axis=0)
    n_pool = (n > 0).sum(axis=0) - shown.sum(axis=0)
    partly = shown.any(axis=0) & (pool > 0)
    assert (pool[partly] >= 8 * lower).all()
    assert (n_pool[partly] >= 6).all()


@settings(max_examples=200, deadline=None)
@given(
    n=arrays.arrays(np.int64, st.integers(1, 30), elements=st.integers(0, 60)),
    rest=st.integers(0, 12),
)
def test_at_most_one_branch_is_lost_to_protect_others(n: np.ndarray, rest: int) -> None:
    made = rule.partition(n, rest, min_cell=5)
    assert ((made == "few") == ((n > 0) & (n < 5))).all()
    lost = made == "partner"
    assert lost.sum() <= 1
    small = n[made == "few"]
    if lost.any():
        assert n[lost] == n[n >= 5].min()
        together = small.sum() + rest
        assert len(small) + (rest > 0) == 1 or together < 5


def test_the_order_of_branches_does_not_matter() -> None:
    rng = np.random.default_rng(0)
    n = np.vstack([rng.permutation(np.arange(30)).reshape(15, 2), [0, 0]])
    n = np.column_stack([n, np.zeros(16, dtype=np.int64)])
    made = rule.pattern(n, min_cell=5)
    order = rng.permutation(15)
    again = rule.pattern(n[[*order, 15]], min_cell=5)
    assert (made.branches[order] == again.branches).all()
    assert (made.crossing[order] == again.crossing).all()


@pytest.mark.parametrize(
    ("n", "roles"),
    [
        # twelve branches and no small cell: figures
        ([[20, 20, 0]] * 12, ["", ""]),
        # eleven branches: a small cell takes the figures of roles, never their verdicts
        ([[20, 20, 0]] * 10 + [[20, 3, 0]], ["partner", "partner"]),
        # only one branch has the second role: its total would tell the first role there
        ([[20, 0, 0]] * 12 + [[3, 20, 0]], ["partner", "partner"]),
        # a role of a few is withheld, the smaller other one loses its figures
        ([[20, 30, 0]] * 12 + [[20, 30, 0], [20, 30, 0]], ["", ""]),
        # one named no role: the smallest role hides that person
        ([[0, 20, 0]] * 12 + [[20, 0, 1]], ["partner", ""]),
    ],
)
def test_figures_of_roles(n: list[list[int]], roles: list[str]) -> None:
    made = rule.pattern(np.array([*n, [0, 0, 0]]), min_cell=5)
    assert made.roles.tolist() == roles


def test_a_table_shows_its_large_rows_where_enough_others_are_hidden() -> None:
    large, small = [[20, 20, 0]] * 12, [[9, 9, 0]] * 6
    made = rule.pattern(np.array([*large, *small, [0, 0, 0]]), min_cell=5)
    assert made.crossing.tolist() == [False] * 12 + [True] * 6
    # one small row: five more are hidden with it
    made = rule.pattern(np.array([*large, [9, 9, 0], [0, 0, 0]]), min_cell=5)
    assert made.crossing.sum() == 6
    # rows of one role neither need protection nor give it
    pure = rule.pattern(np.array([*large, [3, 0, 0], [4, 0, 0], [0, 0, 0]]), min_cell=5)
    assert pure.crossing.sum() == 2


def test_twenty_thousand_branches_take_no_more_than_linear_time() -> None:
    rng = np.random.default_rng(1)
    n = rng.integers(0, 60, (20_001, 3))
    made = rule.pattern(n, min_cell=5)
    assert (made.branches[n[:-1].sum(axis=1) < 5] != "shown").all()


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("across", [False, True])
def test_nested_and_crossing_groupings_leave_no_few_over(seed: int, across: bool) -> None:
    """Attack by exact algebra: branches, departments, colleges and the whole together."""
    rng = np.random.default_rng(seed)
    n_branches = int(rng.integers(6, 30))
    n = rng.integers(0, 14, n_branches)
    department = rng.integers(0, max(2, n_branches // 3), n_branches)
    college = rng.integers(0, 3, n_branches) if across else department % 3
    branches = rule.partition(n, 0, min_cell=5)
    hidden = branches != rule.SHOWN
    units = [np.unique(of, return_inverse=True)[1] for of in (department, college)]
    tables = []
    for unit in units:
        table = np.zeros((n_branches + 1, unit.max() + 2), dtype=np.int64)
        table[np.arange(n_branches), unit] = n
        tables.append(table)
    made = rule.groupings(tables, hidden, min_cell=5)
    told = [np.ones(n_branches), *np.eye(n_branches)[~hidden & (n > 0)]]
    for unit, reasons in zip(units, made, strict=True):
        told += [(unit == u) * 1.0 for u in np.flatnonzero(reasons == rule.SHOWN)]
    people = np.flatnonzero(n > 0)
    free = null_space(np.array(told)[:, people])
    few = [i for i, place in enumerate(people) if n[place] < 5]
    groups = [(i,) for i in range(len(people)) if hidden[people[i]]]
    groups += [(i, j) for i in few for j in few if i < j and n[people[[i, j]]].sum() < 5]
    for group in groups:
        assert np.abs(free[list(group)].sum(axis=0)).max(initial=0) > 1e-9, group
