"""The measuring sticks keep the rules, and the careful hand beats the hat."""

import pytest

from mining.peers.greedy_seating import greedy, random_seating
from mining.peers.seating import broken
from tests.mining.crowds import crowd


@pytest.mark.parametrize("seed", range(5))
def test_both_keep_every_rule(seed: int) -> None:
    asked = crowd(60, seed)
    for seating in (greedy(asked), random_seating(asked, seed)):
        assert list(broken(asked, seating.tables)) == []
        assert seating.score.seated > 40


def test_a_careful_hand_beats_a_hat() -> None:
    asked = crowd(120)
    assert greedy(asked).score.value > random_seating(asked, 1).score.value


def test_the_same_seed_draws_the_same_names() -> None:
    asked = crowd(40)
    assert random_seating(asked, 3).tables == random_seating(asked, 3).tables
