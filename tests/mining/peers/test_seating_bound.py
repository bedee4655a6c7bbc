"""The bound: never below what can be reached, and reached where nothing stands in the way."""

from dataclasses import replace
from itertools import combinations

import pytest

from mining.peers.seating import Problem, Sitter, Table, broken, worth
from mining.peers.seating_bound import plan
from tests.mining.crowds import crowd


def best_by_trying(problem: Problem) -> int:
    """The value of the best seating of at most two groups, by looking at all of them."""
    keys = [sitter.key for sitter in problem.people]
    groups = [
        Table(theme, members)
        for theme in problem.themes
        for size in range(problem.smallest, problem.largest + 1)
        for members in combinations(keys, size)
        if not list(broken(problem, [Table(theme, members)]))
    ]
    one = [worth(problem, [group]).value for group in groups]
    two = [
        worth(problem, pair).value
        for pair in combinations(groups, 2)
        if not set(pair[0].members) & set(pair[1].members)
    ]
    return max([0, *one, *two])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("differ", [True, False])
def test_no_seating_beats_the_bound(seed: int, differ: bool) -> None:
    whole = crowd(7, seed, differ=differ)
    people = tuple(replace(s, unit="" if s.key % 3 == seed % 3 else s.unit) for s in whole.people)
    asked = replace(whole, people=people)
    found = plan(asked, 10, 1)
    assert found.proven
    assert found.bound >= best_by_trying(asked)


def test_the_bound_is_reached_where_people_need_only_be_dealt() -> None:
    units = ["A", "B", "C"] * 3
    asked = Problem(tuple(Sitter(key, unit, {1: 40}) for key, unit in enumerate(units)), largest=3)
    found = plan(asked, 10, 1)
    assert found.themes[1][1] == 3
    tables = [Table(1, (key, key + 1, key + 2)) for key in (0, 3, 6)]
    assert worth(asked, tables).value == found.bound


def test_people_of_one_table_who_must_share_groups_lower_the_bound() -> None:
    met = frozenset(frozenset(pair) for pair in combinations(range(4), 2))
    asked = Problem(tuple(Sitter(key, f"unit {key}", {1: 40}, table=1) for key in range(4)), met=met)
    assert plan(asked, 10, 1).bound < plan(replace(asked, met=frozenset()), 10, 1).bound
