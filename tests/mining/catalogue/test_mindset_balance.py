"""Mindsets of talk beside those of the catalogue, and when there is too little to speak of them."""

from mining.catalogue.mindset_balance import balance_of

MODULES = ["action"] * 4 + ["analysis"] * 4 + [None, None]


def test_shares_are_of_what_could_be_told() -> None:
    balance = balance_of([("action", 0.3), ("action", 0.1), ("reflection", 0.2), (None, 0.4)], MODULES)
    sides = {side.mindset: side for side in balance.sides}
    assert round(sides["action"].talk, 3) == 0.667 and sides["action"].themes == 2
    assert sides["action"].offered == 0.5 and sides["worldliness"].modules == 0
    assert round(balance.told, 3) == 0.6 and (balance.themes_told, balance.themes) == (3, 4)
    assert (balance.modules_told, balance.modules) == (8, 10) and balance.little is None


def test_too_little_is_said_instead_of_drawn() -> None:
    few = balance_of([("action", 0.3), (None, 0.4)], MODULES)
    assert few.little == "Too little data: a mindset could be told for 1 of 2 themes only."
    three = [("action", 0.1)] * 3
    assert balance_of(three, MODULES[:4]).little == "Too little data: only 4 of 4 modules have a mindset."
    assert balance_of([], []).told == 0.0
