"""The breakdown against the reference figures, its laws, and input that allows none."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.breakdown.contributions import Split
from analysis.breakdown.drivers import breakdown, breakdown_imputed, withhold
from analysis.breakdown.logit import probability
from analysis.counts.patterns import response_patterns

REFERENCES = Path(__file__).parents[2] / "references"
REFERENCE = json.loads((REFERENCES / "drivers_shapley.json").read_text(encoding="utf-8"))
DATA = pd.read_csv(REFERENCES / "drivers_shapley.csv")
ITEMS = DATA[[f"q{number:02d}" for number in range(1, 19)]].to_numpy(float)
UNHAPPY = (DATA["overall"] <= 3).to_numpy(float)
BRANCH = DATA["branch"].to_numpy()
WEIGHTS = (DATA["roster_size"] / DATA.groupby("branch")["branch"].transform("size")).to_numpy()
SIX = [range(3 * d, 3 * d + 3) for d in range(6)]
NUMBERS = ("observed_rate", "predicted_rate", "floor_rate", "residual")


def of_reference(case):
    known = case["coefficients"] if case["name"].startswith("fixed") else None
    return breakdown(
        ITEMS,
        UNHAPPY,
        dimensions=SIX,
        target=case["target"],
        clusters=BRANCH,
        weights=None if case["weights"] == "none" else WEIGHTS,
        coefficients=None if known is None else [known["intercept"], *known["slopes"]],
    )


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: case["name"])
def test_reference(case):
    result = of_reference(case)
    tolerance = 1e-8 if case["name"].startswith("fixed") else 1e-5
    for name in (*NUMBERS, "contributions"):
        np.testing.assert_allclose(getattr(result.whole, name), case[name], atol=tolerance)
    for name in ("solo", "last"):
        np.testing.assert_allclose(getattr(result, name), case[name], atol=tolerance)
    np.testing.assert_allclose(result.items.contributions, case["owen_items"], atol=tolerance)
    coefficients = [case["coefficients"]["intercept"], *case["coefficients"]["slopes"]]
    np.testing.assert_allclose(result.coefficients, coefficients, atol=1e-5)
    position = {label: number for number, label in enumerate(result.labels)}
    for branch in case.get("branch_results", []):
        c = position[branch["branch"]]
        assert result.by_cluster.n[c] == branch["n"]
        for name in NUMBERS:
            got = getattr(result.by_cluster, name)[c]
            assert got == pytest.approx(branch[name], abs=tolerance)
        contributions = result.by_cluster.contributions[c]
        np.testing.assert_allclose(contributions, branch["contributions"], atol=tolerance)
        apart = branch["difference_from_university"]["contributions"]
        np.testing.assert_allclose(result.differences.contributions[c], apart, atol=tolerance)


@pytest.mark.parametrize(
    "case",
    [case for case in REFERENCE["cases"] if "contribution_se" in case],
    ids=lambda case: case["name"],
)
def test_reference_covariance(case):
    result = of_reference(case)
    errors = np.sqrt(np.diagonal(result.covariance))
    np.testing.assert_allclose(errors, case["contribution_se"], atol=1e-6)
    root = np.sqrt(np.abs(result.covariance)) * np.sign(result.covariance)
    wanted = np.array(case["contribution_covariance"])
    np.testing.assert_allclose(root, np.sqrt(np.abs(wanted)) * np.sign(wanted), atol=1e-6)
    np.testing.assert_allclose(
        result.coefficient_covariance, case["slope_covariance_cluster"], atol=1e-6
    )


def simulate(seed, n=300, sizes=(3, 1, 2), n_clusters=12):
    rng = np.random.default_rng(seed)
    items = np.clip(
        np.round(4 + rng.normal(0, 0.7, (n, 1)) + rng.normal(0, 1, (n, sum(sizes)))), 1, 5
    )
    columns = np.split(rng.permutation(sum(sizes)), np.cumsum(sizes)[:-1])
    scores = np.column_stack([items[:, part].mean(axis=1) for part in columns])
    slopes = rng.normal(-0.6, 0.4, len(sizes))
    y = (rng.random(n) < probability(1 + (scores - 3) @ slopes)).astype(float)
    clusters = np.array([f"支部{c:02d}" for c in rng.integers(0, n_clusters, n)])
    return items, y, [part.tolist() for part in columns], clusters, rng.uniform(0.5, 2, n)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=6),
    target=st.sampled_from([3, 4, 5]),
    weighted=st.booleans(),
)
def test_adds_up_exactly_everywhere(seed, sizes, target, weighted):
    items, y, dimensions, clusters, weights = simulate(seed, sizes=tuple(sizes))
    result = breakdown(
        items,
        y,
        dimensions=dimensions,
        target=target,
        clusters=clusters,
        weights=weights if weighted else None,
    )
    used = weights if weighted else np.ones(len(y))
    assert result.whole.observed_rate == pytest.approx(y @ used / used.sum(), abs=1e-12)
    whole = result.whole.floor_rate + result.whole.contributions.sum() + result.whole.residual
    assert whole == pytest.approx(result.whole.observed_rate, abs=1e-10)
    by_cluster = (
        result.by_cluster.floor_rate
        + result.by_cluster.contributions.sum(axis=1)
        + result.by_cluster.residual
    )
    np.testing.assert_allclose(by_cluster, result.by_cluster.observed_rate, atol=1e-10)
    for d, part in enumerate(dimensions):
        assert result.items.contributions[part].sum() == pytest.approx(
            result.whole.contributions[d], abs=1e-10
        )
    share = np.array([used[clusters == c].sum() for c in result.labels]) / used.sum()
    np.testing.assert_allclose(
        share @ result.by_cluster.contributions, result.whole.contributions, atol=1e-10
    )
    assert np.all(np.minimum(result.solo, result.last) <= result.solo + 1e-12)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_invariances(seed):
    items, y, dimensions, clusters, weights = simulate(seed)
    options = {"dimensions": dimensions, "clusters": clusters, "weights": weights}
    plain = breakdown(items, y, **options)

    def same(other, order=slice(None)):
        np.testing.assert_allclose(
            other.whole.contributions[order], plain.whole.contributions, atol=1e-9
        )
        np.testing.assert_allclose(other.solo[order], plain.solo, atol=1e-9)
        errors = other.whole.standard_errors[order]
        np.testing.assert_allclose(errors, plain.whole.standard_errors, atol=1e-9)
        by_cluster = other.by_cluster.contributions[:, order]
        np.testing.assert_allclose(by_cluster, plain.by_cluster.contributions, atol=1e-9)

    rows = np.random.default_rng(seed).permutation(len(y))
    options_of_rows = {"clusters": clusters[rows], "weights": weights[rows]}
    same(breakdown(items[rows], y[rows], dimensions=dimensions, **options_of_rows))
    twice = np.repeat(np.arange(len(y)), 2)
    options_of_rows = {"clusters": clusters[twice], "weights": weights[twice] / 2}
    same(breakdown(items[twice], y[twice], dimensions=dimensions, **options_of_rows))
    codes = np.unique(clusters, return_inverse=True)[1]
    same(breakdown(items, y, dimensions=dimensions, clusters=codes + 100, weights=weights))
    same(breakdown(items, y, dimensions=dimensions, clusters=clusters, weights=weights * 7))
    turned = dict(zip("cba", dimensions[::-1], strict=True))
    same(breakdown(items, y, dimensions=turned, clusters=clusters, weights=weights), [2, 1, 0])
    shuffled = np.random.default_rng(seed).permutation(items.shape[1])
    moved = [[int(np.flatnonzero(shuffled == c)[0]) for c in part] for part in dimensions]
    same(breakdown(items[:, shuffled], y, dimensions=moved, clusters=clusters, weights=weights))


@pytest.mark.parametrize("branches", [None, 1, 6, 30])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("blank", [0, 0.03])
def test_patterns_with_counts_are_their_people(branches, weighted, blank):
    rng = np.random.default_rng(4)
    items = rng.choice([1.0, 3, 4, 5], (2500, 3), p=[0.1, 0.2, 0.3, 0.4])
    latent = items @ [1, 0.5, 0.2] - 4.5 + rng.logistic(size=2500)
    items[rng.random(items.shape) < blank] = np.nan
    frame = pd.DataFrame(items, columns=["a", "b", "c"])
    frame["overall"] = np.digitize(latent, [-2.0, 0, 2.0])
    frame["branch"] = rng.integers(0, branches or 1, 2500)
    frame["w"] = rng.choice([0.5, 1, 2], 2500) if weighted else 1.0
    answers = ["a", "b", "c", "overall"]
    patterns = response_patterns(frame, answers, by=["branch", "w"])
    assert len(patterns) < 0.95 * len(frame)

    def of(rows, **options):
        return breakdown_imputed(
            rows[["a", "b", "c"]],
            (rows["overall"] < 2) * 1.0,
            dimensions=[0, 1, 2],
            overall=rows["overall"],
            clusters=rows["branch"] if branches else None,
            weights=rows["w"],
            slopes_vary=True,
            seed=1,
            **options,
        )

    one, other = of(frame), of(patterns, counts=patterns["n"])
    assert one.imputation == ("conditional_mean" if blank else "none")
    for name in ("whole", "by_cluster", "differences", "items"):
        for field in dataclasses.fields(Split):
            pair = (getattr(getattr(of_all, name), field.name) for of_all in (one, other))
            np.testing.assert_allclose(*pair, rtol=1e-9, atol=1e-9)
    for field in dataclasses.fields(one):
        value = getattr(one, field.name)
        if isinstance(value, float | int | np.ndarray) and field.name != "labels":
            np.testing.assert_allclose(getattr(other, field.name), value, rtol=1e-9, atol=1e-9)
    assert (one.n_rows, one.n_used, one.flags) == (2500, other.n_used, other.flags)


def test_zero_slope_gets_exactly_zero():
    items, y, dimensions, clusters, _ = simulate(1)
    known = [3.0, -1.0, 0.0, -0.4]
    result = breakdown(items, y, dimensions=dimensions, clusters=clusters, coefficients=known)
    assert result.whole.contributions[1] == pytest.approx(0, abs=1e-15)
    assert np.abs(result.by_cluster.contributions[:, 1]).max() < 1e-15
    assert np.abs(result.items.contributions[dimensions[1]]).max() < 1e-15
    assert (result.solo[1], result.last[1]) == pytest.approx((0, 0), abs=1e-15)


def test_dimensions_are_read_in_any_form():
    items, y, _, _, _ = simulate(2, sizes=(2, 2))
    plain = breakdown(items, y, dimensions=[[0, 1], [2, 3]])
    mask = np.array([True, True, False, False])
    for form in (
        {"a": [0, 1], "b": (2, 3)},
        np.array([[0, 1], [2, 3]]),
        [slice(0, 2), range(2, 4)],
        [mask, ~mask],
    ):
        other = breakdown(items, y, dimensions=form)
        np.testing.assert_array_equal(other.whole.contributions, plain.whole.contributions)
    assert breakdown(items, y, dimensions={"a": [0, 1], "b": 3}).dimensions == ("a", "b")
    singles = breakdown(items, y, dimensions=[0, 1, 2, 3])
    np.testing.assert_allclose(singles.items.contributions, singles.whole.contributions, atol=1e-15)
    partial = breakdown(items, y, dimensions=[[3]])
    assert partial.items.contributions[:3].tolist() == [0, 0, 0]


def test_fifteen_dimensions():
    rng = np.random.default_rng(3)
    items = rng.integers(1, 6, (300, 17)).astype(float)
    y = (rng.random(300) < probability(3.0 - items[:, 0])).astype(float)
    dimensions = [[0, 1, 2], *range(3, 17)]
    result = breakdown(items, y, dimensions=dimensions)
    assert result.whole.contributions.size == 15
    whole = result.whole.floor_rate + result.whole.contributions.sum() + result.whole.residual
    assert whole == pytest.approx(y.mean(), abs=1e-10)


@pytest.mark.parametrize(
    ("dimensions", "message"),
    [
        ([], "1 to 15 dimensions, not 0"),
        ([[0], []], "a dimension has no item"),
        ([[0, 1], [1, 2]], "belongs to two dimensions"),
    ],
)
def test_wrong_dimensions(dimensions, message):
    with pytest.raises(ValueError, match=message):
        breakdown(np.ones((5, 3)), np.zeros(5), dimensions=dimensions)


def test_wrong_input():
    items, y = np.ones((5, 3)), np.zeros(5)
    with pytest.raises(ValueError, match="must not be blank"):
        breakdown(np.full((5, 3), np.nan), y, dimensions=[[0]])
    with pytest.raises(ValueError, match="must not be blank or infinite"):
        breakdown(np.full((5, 3), np.inf), y, dimensions=[[0]])
    with pytest.raises(ValueError, match="must be 0 or 1"):
        breakdown(items, y + 2, dimensions=[[0]])
    with pytest.raises(ValueError, match="one value for each of 5 rows"):
        breakdown(items, y[:3], dimensions=[[0]])
    with pytest.raises(ValueError, match="finite and not negative"):
        breakdown(items, y, dimensions=[[0]], weights=-y - 1)
    with pytest.raises(ValueError, match="intercept and 1 slopes"):
        breakdown(items, y, dimensions=[[0]], coefficients=[1.0])
    with pytest.raises(ValueError, match="cluster label is missing"):
        breakdown(items, y, dimensions=[[0]], clusters=["a", None, "a", "b", "b"])


RNG = np.random.default_rng(0)
A = RNG.integers(1, 6, (200, 6)).astype(float)
Y = RNG.integers(0, 2, 200).astype(float)
C = RNG.integers(0, 12, 200)
NONE = {
    "all satisfied": (A, Y * 0, C, "none_too_few_events"),
    "nobody satisfied": (A, Y * 0 + 1, C, "none_too_few_events"),
    "constant": (np.full((200, 6), 4.0), Y, C, "none_no_convergence"),
    "constant dimension": (
        np.column_stack([A[:, :3], np.full((200, 3), 5.0)]),
        Y,
        C,
        "none_no_convergence",
    ),
    "same dimension twice": (A[:, [0, 1, 2, 0, 1, 2]], Y, None, "none_no_convergence"),
    "nobody": (A[:0], Y[:0], C[:0], "none_too_few_events"),
    "nobody, no clusters": (A[:0], Y[:0], None, "none_too_few_events"),
    "one person": (A[:1], Y[:1], C[:1], "none_too_few_events"),
    "separated": (A, (A[:, :3].mean(axis=1) < 2.5) * 1.0, C, "none_separation"),
}


@pytest.mark.parametrize("name", NONE)
def test_no_breakdown_is_a_result_and_not_an_exception(name):
    items, y, clusters, status = NONE[name]
    raw = breakdown(items, y, dimensions=[[0, 1, 2], [3, 4, 5]], clusters=clusters)
    for result in (raw, withhold(raw)):
        assert result.status == status
        assert np.isnan(result.whole.contributions).all()
        assert np.isnan(result.items.contributions).all()
        assert np.isnan(result.whole.interval().low).all()
        assert np.isnan(result.items.interval().low).all()
        assert np.isnan(result.total_interval().low).all()
        assert np.isnan(result.difference(0, 1).estimate)
        assert np.isnan(result.probability_first(1)).all()
        assert not result.distinguishable().any()
        assert np.isnan(result.by_cluster.interval().low).all()
        assert np.isnan(result.differences.contributions).all()
        labels = 0 if clusters is None else np.unique(clusters).size
        assert result.by_cluster.contributions.shape == (labels, 2)
        if len(y):
            assert result.whole.observed_rate == pytest.approx(y.mean())


def test_questions_to_the_result():
    items, y, dimensions, clusters, _ = simulate(8, n=2000, n_clusters=30)
    names = dict(zip(("care", "rooms", "food"), dimensions, strict=True))
    result = breakdown(items, y, dimensions=names, clusters=clusters)
    low, high = result.whole.interval(0.9)
    assert (low < result.whole.contributions).all()
    assert (result.whole.contributions < high).all()
    wide = result.whole.interval(0.99)
    assert (wide.low < low).all()
    there, back = result.difference("care", "food"), result.difference(2, 0)
    assert (there.estimate, there.low, there.high) == pytest.approx(
        (-back.estimate, -back.high, -back.low)
    )
    assert result.difference(1, 1) == (0, 0, 0)
    ordered = result.distinguishable()
    assert (ordered == ordered.T).all()
    assert not ordered.diagonal().any()
    excludes = there.low > 0 or there.high < 0
    assert ordered[0, 2] == excludes
    first = result.probability_first(7)
    assert first.sum() == pytest.approx(1)
    assert (first == result.probability_first(7)).all()
    assert first.argmax() == result.whole.contributions.argmax()
    total = result.total_interval()
    assert total.low[0] < result.whole.total < total.high[0]
    sums = np.array([[column in part for column in range(6)] for part in dimensions], float)
    owen = result.items.interval()
    assert (owen.low < result.items.contributions).all()
    assert sums @ result.items.contributions == pytest.approx(result.whole.contributions)


def test_items_of_single_item_dimensions_have_the_intervals_of_the_dimensions():
    items, y, _, clusters, _ = simulate(4, n=600, sizes=(1, 1, 1))
    result = breakdown(items, y, dimensions=[0, 1, 2], clusters=clusters)
    np.testing.assert_allclose(result.items.interval(), result.whole.interval(), atol=1e-12)


def test_few_clusters_have_a_covariance_by_person_and_intervals_by_cluster():
    items, y, dimensions, _, _ = simulate(5, n=800)
    few = breakdown(items, y, dimensions=dimensions, clusters=np.arange(800) % 6)
    none = breakdown(items, y, dimensions=dimensions)
    assert few.flags == ("few_clusters",)
    assert none.flags == ()
    np.testing.assert_allclose(few.covariance, none.covariance, atol=1e-14)
    assert (none.degrees_of_freedom, few.degrees_of_freedom) == (799, 4)
    left_out = []
    for label in few.labels:
        kept = np.arange(800) % 6 != label
        one = breakdown(items[kept], y[kept], dimensions=dimensions)
        left_out.append(one.whole.contributions - few.whole.contributions)
    moved = np.sqrt((np.array(left_out) ** 2).sum(axis=0))
    reach = (few.whole.interval().high - few.whole.interval().low) / 2
    np.testing.assert_allclose(reach, 2.776 * moved, rtol=0.05)


def test_degrees_of_freedom_count_clusters_by_their_weight():
    items, y, dimensions, clusters, _ = simulate(5, n=800)
    even = breakdown(items, y, dimensions=dimensions, clusters=clusters)
    assert even.degrees_of_freedom == 10
    uneven = np.where(np.arange(800) < 300, clusters[0], clusters)
    size = np.unique(uneven, return_counts=True)[1]
    result = breakdown(items, y, dimensions=dimensions, clusters=uneven)
    assert result.degrees_of_freedom == pytest.approx(800**2 / (size**2).sum() - 1)


def test_a_single_cluster_is_a_population_of_people():
    items, y, dimensions, _, _ = simulate(5, n=800)
    one = breakdown(items, y, dimensions=dimensions, clusters=np.zeros(800))
    none = breakdown(items, y, dimensions=dimensions)
    assert one.flags == ("few_clusters",)
    np.testing.assert_allclose(one.whole.interval(), none.whole.interval(), atol=1e-14)


@pytest.mark.parametrize("largest", [0, 700], ids=["three clusters", "one giant of twelve"])
def test_intervals_that_would_say_nothing_are_withheld(largest):
    items, y, dimensions, clusters, _ = simulate(5, n=800)
    labels = np.where(np.arange(800) < largest, clusters[0], clusters) if largest else clusters
    if not largest:
        labels = np.arange(800) % 3
    shown = withhold(breakdown(items, y, dimensions=dimensions, clusters=labels))
    assert shown.status == "full"
    assert "no_intervals" in shown.flags
    assert np.isfinite(shown.whole.contributions).all()
    assert np.isfinite(shown.items.contributions).all()
    for interval in (shown.whole.interval(), shown.items.interval(), shown.total_interval()):
        assert np.isnan(interval).all()
    assert np.isnan(shown.by_cluster.interval()).all()
    assert np.isnan(shown.differences.interval()).all()
    assert np.isnan(shown.difference(0, 1)[1:]).all()
    assert np.isnan(shown.probability_first(1)).all()
    assert not shown.distinguishable().any()


def test_intervals_rest_on_fits_without_one_cluster_each():
    items, y, dimensions, clusters, weights = simulate(9, n=1500, n_clusters=15)
    options = {"dimensions": dimensions}
    result = breakdown(items, y, clusters=clusters, weights=weights, **options)
    refits = []
    for label in result.labels:
        kept = clusters != label
        refits.append(breakdown(items[kept], y[kept], weights=weights[kept], **options))
    left_out = np.array([one.whole.contributions for one in refits]) - result.whole.contributions
    moved = np.sqrt((left_out**2).sum(axis=0))
    careful = np.sqrt(np.diagonal(result.interval_covariance))
    np.testing.assert_allclose(careful, moved, rtol=0.03)


def test_jackknife_agrees_with_the_influence_covariance():
    case = next(case for case in REFERENCE["cases"] if case["name"] == "fitted_target4")
    result = of_reference(case)
    errors = np.sqrt(np.diagonal(result.covariance))
    np.testing.assert_allclose(errors, case["jackknife_se_check"], rtol=0.1)


def test_withheld_numbers_are_gone():
    items, y, dimensions, clusters, _ = simulate(6, n=400)
    small = np.where(np.arange(400) < 6, "小支部", clusters)
    shown = withhold(breakdown(items, y, dimensions=dimensions, clusters=small))
    assert shown.status == "full"
    c = shown.labels.tolist().index("小支部")
    assert shown.is_withheld[c]
    assert np.isnan(shown.by_cluster.contributions[c]).all()
    assert np.isfinite(np.delete(shown.by_cluster.contributions, c, axis=0)).all()
    close = np.column_stack([items, items[:, dimensions[0]]])
    close[::20, 6:] = np.clip(close[::20, 6:] + 1, 1, 5)
    parts = [*dimensions, [6, 7, 8]]
    summed = withhold(breakdown(close, y, dimensions=parts, clusters=clusters))
    assert summed.status == "sum_only_vif"
    assert np.isnan(summed.whole.contributions).all()
    assert np.isnan(summed.by_cluster.contributions).all()
    low, high = summed.total_interval()
    assert low[0] < summed.whole.total < high[0]
    assert not summed.distinguishable().any()
