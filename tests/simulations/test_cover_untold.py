"""A small version of ``cover_untold.py``: narrower bounds fail where roles differ much."""

from tests.simulations import cover_untold


def test_only_all_splits_cover_where_roles_differ_much() -> None:
    made = cover_untold.run((8, 15), 0.8, 0.4, rounds=30)
    lower, width = (made[name].to_dict() for name in ("lower", "width"))
    assert lower["1"] >= 0.85
    assert lower["0"] < 0.75
    assert width["totals"] < width["1"]
