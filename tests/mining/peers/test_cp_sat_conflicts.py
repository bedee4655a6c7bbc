"""Which wishes forbid every group: the fewest that do."""

from dataclasses import replace
from itertools import combinations

from mining.peers.cp_sat_conflicts import blocking_wishes
from mining.peers.seating import Problem, Sitter

FOUR = Problem(tuple(Sitter(key, f"unit {key}", {1: 50}) for key in range(1, 5)))


def test_a_group_that_is_possible_blames_nobody() -> None:
    assert blocking_wishes(FOUR) is None
    assert blocking_wishes(replace(FOUR, apart=frozenset({frozenset((1, 2))}))) is None


def test_of_many_wishes_those_that_forbid_are_told_and_none_too_many() -> None:
    asked = replace(FOUR, apart=frozenset(frozenset(pair) for pair in combinations(range(1, 5), 2)))
    blamed = blocking_wishes(asked)
    assert blamed
    assert blocking_wishes(replace(asked, apart=frozenset(blamed))) is not None
    for wish in blamed:
        assert blocking_wishes(replace(asked, apart=frozenset(blamed) - {wish})) is None


def test_where_nothing_is_shared_no_wish_is_to_blame() -> None:
    strangers = Problem(tuple(Sitter(key, f"unit {key}", {key: 50}) for key in range(1, 5)))
    assert blocking_wishes(strangers) == ()
    alike = Problem(tuple(Sitter(key, "Finance", {1: 50}) for key in range(1, 5)))
    assert blocking_wishes(alike) == ()
