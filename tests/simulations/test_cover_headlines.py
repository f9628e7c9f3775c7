"""A small version of ``cover_headlines.py``; 2,000 rounds cover .95 to .98 from 20 people up."""

import pytest

from tests.simulations import cover_headlines, share_decided


@pytest.mark.parametrize("follows", [False, True])
def test_bounds_of_whole_roles_and_colleges_hold(follows: bool) -> None:
    made = cover_headlines.run((20, 60), follows, rounds=120)
    assert (made.to_numpy() >= 0.91).all(), made


def test_validity_costs_few_decisions() -> None:
    made = share_decided.shares((20, 60), (0.9, 0.45), 300)
    assert made["total only"] <= made["stratified"] <= made["pooled"]
    assert made["stratified"] > 0.8 * made["pooled"]
