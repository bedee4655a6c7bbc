"""The solver: keeps the rules, stays under its bound, beats the measuring sticks, and does the same again."""

from dataclasses import replace

import pytest

from mining.peers.cp_sat_seating import seat
from mining.peers.greedy_seating import greedy, random_seating
from mining.peers.seating import Problem, Sitter, broken
from tests.mining.crowds import crowd
from tests.mining.peers.test_seating_bound import best_by_trying


@pytest.mark.parametrize("seed", [1, 2])
def test_a_seating_keeps_every_rule_and_is_close_to_its_bound(seed: int) -> None:
    asked = crowd(40, seed)
    found = seat(asked, 1.5)
    assert list(broken(asked, found.tables)) == []
    assert found.bound is not None and found.score.value <= found.bound
    assert found.gap is not None and found.gap < 0.3
    assert found.score.value > greedy(asked).score.value > random_seating(asked, seed).score.value


@pytest.mark.parametrize("seed", range(4))
def test_small_crowds_are_seated_as_well_as_can_be(seed: int) -> None:
    asked = crowd(7, seed)
    assert seat(asked, 5).score.value == best_by_trying(asked)


def test_the_same_people_are_seated_in_the_same_way_when_time_does_not_run_out() -> None:
    asked = crowd(12)
    first, second = seat(asked, 60), seat(asked, 60)
    assert not first.cut_short
    assert first.tables == second.tables


def test_a_time_limit_that_is_too_short_still_gives_groups_that_keep_the_rules() -> None:
    asked = crowd(150)
    found = seat(asked, 0.05)
    assert found.cut_short
    assert list(broken(asked, found.tables)) == []
    assert found.score.seated > 100


def test_people_who_share_nothing_are_not_seated() -> None:
    strangers = tuple(Sitter(key, f"unit {key}", {key: 50}) for key in range(1, 7))
    found = seat(Problem(strangers), 5)
    assert found.tables == () and found.score.value == 0


def test_everybody_of_one_department_can_be_seated_where_that_is_allowed() -> None:
    alike = Problem(tuple(Sitter(key, "Finance", {1: 50}) for key in range(1, 8)), differ=False)
    assert seat(alike, 5).score.seated == 7
    assert seat(replace(alike, differ=True), 5).tables == ()


def test_progress_is_told() -> None:
    told: list[float] = []
    seat(crowd(30), 0.5, report=lambda share, note: told.append(share))
    assert told[0] == 0 and max(told) <= 1 and len(told) > 3
