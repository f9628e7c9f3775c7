"""Other choices: what they do on known populations, and how they are compared."""

import numpy as np

from analysis.breakdown.drivers import breakdown, breakdown_imputed
from analysis.breakdown.imputation import fill_once
from analysis.breakdown.logit import probability
from analysis.breakdown.respondents import read_answers
from analysis.breakdown.sensitivity import calibrated, sensitivity

COLUMNS = (np.arange(3), np.arange(3, 6), np.arange(6, 9))


def simulate(seed, n=1500, noise=(0.4, 0.4, 0.4), slopes=(-1.6, -0.8, 0.0)):
    rng = np.random.default_rng(seed)
    true = 4 + 0.5 * rng.standard_normal((n, 1)) + 0.5 * rng.standard_normal((n, 3))
    items = np.repeat(true, 3, axis=1) + np.repeat(noise, 3) * rng.standard_normal((n, 9))
    eta = 8.0 + true @ slopes
    latent = -eta + rng.logistic(size=n)
    overall = 3.0 + np.digitize(latent, [-2.0, 0.0, 2.0])
    return items, (latent < 0).astype(float), overall, rng


def held(items, dissatisfied, columns=COLUMNS):
    answers = read_answers(items, dissatisfied, columns)
    return answers, fill_once(answers)


def test_variants():
    items, y, overall, rng = simulate(1)
    items = np.clip(np.round(items), 1, 5)
    items[rng.random(items.shape) < 0.1] = np.nan
    clusters = np.arange(len(y)) % 20
    strict = rng.random(len(y)) < 0.9
    options = {"dimensions": COLUMNS, "clusters": clusters, "seed": 1, "draws": 4}
    main = breakdown_imputed(items, y, overall=overall, **options)
    variants = sensitivity(main, *held(items, y), strict=strict)
    names = ["target", "calibrated", "ordinal", "logit", "blanks", "strict"]
    assert [one.name for one in variants] == names
    for one in variants:
        assert one.ranks.tolist() == [1, 2, 3]
        assert (one.same_first, one.same_order, one.reversed_pairs) == (True, True, ())
    five = breakdown_imputed(items, y, target=5, **options)
    np.testing.assert_allclose(variants[0].contributions, five.whole.contributions, atol=0.01)
    kept = {**options, "clusters": clusters[strict]}
    of_strict = breakdown_imputed(items[strict], y[strict], **kept)
    np.testing.assert_allclose(variants[5].contributions, of_strict.whole.contributions, atol=0.01)
    few = sensitivity(breakdown_imputed(items, y, **options), *held(items, y))
    assert [one.name for one in few] == ["target", "calibrated", "blanks"]
    sparse = np.where(np.isnan(items) & (rng.random(items.shape) < 0.7), 4, items)  # under 5 %
    few = sensitivity(breakdown_imputed(sparse, y, **options), *held(sparse, y))
    assert [one.name for one in few] == ["target", "calibrated"]


def test_blanks_a_level_lower_are_those_that_a_breakdown_of_them_gives():
    items, y, _, rng = simulate(3)
    items = np.clip(np.round(items), 1, 5)
    blank = rng.random(items.shape) < 0.2
    main = breakdown(items, y, dimensions=COLUMNS)
    answers, filled = held(np.where(blank, np.nan, items), y)
    lower = np.where(blank, np.maximum(filled - 1, 1), filled)
    (one,) = (v for v in sensitivity(main, answers, filled) if v.name == "blanks")
    both = (breakdown(each, y, dimensions=COLUMNS).whole.contributions for each in (lower, filled))
    expected = main.whole.contributions + np.subtract(*both)
    np.testing.assert_allclose(one.contributions, expected, atol=1e-12)


def test_calibration_undoes_unequal_measurement_error():
    items, y, _, _ = simulate(2, n=60_000, noise=(1.0, 0.2, 0.2), slopes=(-1.0, -1.0, 0.0))
    plain = breakdown(items, y, dimensions=COLUMNS).whole.contributions
    better = calibrated(items, y, COLUMNS, 4, *np.ones((2, len(y))))
    assert plain[0] < better[0]
    assert abs(better[2]) < abs(plain[2])
    assert better[0] / better[1] > plain[0] / plain[1]


def test_calibration_leaves_single_items_alone():
    items, y, _, _ = simulate(3)
    singles = tuple(np.array([column]) for column in (0, 3, 6))
    plain = breakdown(items, y, dimensions=singles).whole.contributions
    np.testing.assert_allclose(
        calibrated(items, y, singles, 4, *np.ones((2, len(y)))), plain, atol=1e-9
    )


def test_a_reversal_that_matters_is_named():
    rng = np.random.default_rng(5)
    n = 6000
    items = np.column_stack(
        [rng.choice([2, 5], n, p=[0.4, 0.6]), rng.choice([4, 5], n), rng.choice([4, 5], n)]
    ).astype(float)
    y = (rng.random(n) < probability(9 - 0.4 * items[:, 0] - 2 * items[:, 1])).astype(float)
    main = breakdown(items, y, dimensions=[0, 1, 2])
    target, _ = sensitivity(main, *held(items, y, [0, 1, 2]))
    assert target.same_first is False
    assert target.same_order is False
    assert (0, 1) in target.reversed_pairs


def test_without_blanks_the_variants_are_the_breakdowns_they_stand_for():
    items, y, _, rng = simulate(7)
    strict = rng.random(len(y)) < 0.9
    main = breakdown(items, y, dimensions=COLUMNS)
    variants = sensitivity(main, *held(items, y), strict=strict)
    five = breakdown(items, y, dimensions=COLUMNS, target=5)
    np.testing.assert_allclose(variants[0].contributions, five.whole.contributions, atol=1e-12)
    kept = breakdown(items[strict], y[strict], dimensions=COLUMNS)
    np.testing.assert_allclose(variants[2].contributions, kept.whole.contributions, atol=1e-12)


def test_no_variants_without_a_breakdown():
    items, y, _, _ = simulate(6, n=100)
    for given, unhappy in ((items, y * 0), (items * 0 + 4, y), (items[:0], y[:0])):
        main = breakdown_imputed(given, unhappy, dimensions=COLUMNS, seed=1)
        assert sensitivity(main, *held(given, unhappy)) == ()


def test_a_variant_without_a_breakdown():
    items, y, _, _ = simulate(6)
    main = breakdown(items, y, dimensions=COLUMNS)
    nobody = np.zeros(len(y), dtype=bool)
    *_, one = sensitivity(main, *held(items, y), strict=nobody)
    assert one.name == "strict"
    assert np.isnan(one.contributions).all()
    assert (one.same_first, one.same_order, one.reversed_pairs) == (None, None, ())
