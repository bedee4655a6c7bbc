"""Whoever knows all that is published must not learn how many groups are in a state that few are in."""

import random

from mining.privacy.pooled_counts import Pool, pooled

STATES = ("confirmed", "done", "not done", "dropped")


def cells(*groups: dict[int, int]) -> dict[str, dict[int, int]]:
    return dict(zip(STATES, (*groups, {}, {}, {}, {}), strict=False))


def test_states_that_enough_groups_are_in_stand_alone() -> None:
    many = {1: 1, 2: 2, 3: 1}
    assert pooled({"open": many, "done": many}, 3) == (Pool(("open",), 4), Pool(("done",), 4))


def test_a_state_of_few_groups_is_told_with_the_next_smallest() -> None:
    found = pooled(cells({1: 4, 2: 4, 3: 4, 4: 1}, {1: 1, 2: 1, 3: 1}, {4: 1}), 3)
    assert found == (Pool(("confirmed",), 13), Pool(("done", "not done", "dropped"), 4))


def test_that_a_state_is_empty_is_not_told_either() -> None:
    [whole] = pooled(cells({1: 2, 2: 2, 3: 2}), 3)
    assert whole == Pool(STATES, 6)


def test_with_too_few_groups_nothing_is_told() -> None:
    assert pooled(cells({1: 20, 2: 20}), 3) == ()
    assert pooled(cells(), 3) == pooled({}, 3) == ()
    assert pooled(cells({1: 0, 2: 0, 3: 0}), 3) == ()


def test_every_pool_has_enough_groups_and_all_add_up_whatever_comes() -> None:
    draw = random.Random(7)
    for _ in range(500):
        table = cells(*({g: draw.randrange(4) for g in range(draw.randrange(8))} for _ in STATES))
        quorum = draw.randrange(2, 6)
        groups = {g for own in table.values() for g, n in own.items() if n}
        found = pooled(table, quorum)
        assert bool(found) == (len(groups) >= quorum)
        if found:
            assert sum(pool.count for pool in found) == sum(n for own in table.values() for n in own.values())
            assert sorted(s for pool in found for s in pool.states) == sorted(STATES)
        for pool in found:
            assert len({g for state in pool.states for g, n in table[state].items() if n}) >= quorum
