"""The seating problem as values: what a seating is worth, which rules it breaks, what cannot be."""

import pytest

from mining.peers.seating import DIFFERENCE, REPEAT, SEAT, Problem, Sitter, Table, broken, components, conflicts, worth


def pair(*keys: int) -> frozenset[int]:
    return frozenset(keys)


def problem(*units: str, **values: object) -> Problem:
    return Problem(tuple(Sitter(i, unit, {1: 50, 2: 10}) for i, unit in enumerate(units, 1)), **values)


def test_value_is_seats_and_fit_and_difference_less_repeats() -> None:
    asked = problem("A", "B", "B", "C", met=frozenset({pair(2, 3), pair(1, 4)}))
    score = worth(asked, [Table(1, (1, 2, 3))])
    assert (score.seated, score.fit, score.units, score.repeats) == (3, 150, 1, 1)
    assert score.value == 3 * SEAT + 150 + DIFFERENCE - REPEAT


def test_nobody_is_left_over_for_the_sake_of_a_nicer_group() -> None:
    everybody_met = frozenset(pair(one, other) for one in range(1, 7) for other in range(one))
    asked = problem(*"ABCDEF", met=everybody_met)
    assert worth(asked, [Table(1, (1, 2, 3, 4, 5, 6))]).value > worth(asked, [Table(1, (1, 2, 3, 4, 5))]).value


def test_having_met_costs_nothing_where_a_wish_brings_people_together() -> None:
    asked = problem("A", "B", "C", met=frozenset({pair(1, 2)}), together=frozenset({pair(1, 2)}))
    assert worth(asked, [Table(1, (1, 2, 3))]).repeats == 0


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ([Table(1, (1, 2))], "has 2 members"),
        ([Table(1, (1, 2, 3)), Table(2, (3, 4, 5))], "sit in two groups"),
        ([Table(1, (1, 2, 4))], "must sit together"),
        ([Table(1, (3, 4, 1, 2))], "must not sit together"),
        ([Table(3, (3, 5, 6))], "no share"),
        ([Table(1, (5, 6, 7))], "comes from one unit"),
    ],
)
def test_every_broken_rule_is_told(tables: list[Table], said: str) -> None:
    wishes = {"together": frozenset({pair(2, 3)}), "apart": frozenset({pair(3, 4)})}
    asked = problem("A", "B", "C", "D", "E", "E", "", **wishes)
    assert any(said in rule for rule in broken(asked, tables))
    assert list(broken(asked, [Table(1, (1, 2, 3)), Table(2, (4, 5, 6, 7))])) == []


def test_wishes_chain() -> None:
    assert components([5, 1, 2, 3, 4], [pair(1, 2), pair(4, 2)]) == ((1, 2, 4), (3,), (5,))


@pytest.mark.parametrize(
    ("asked", "kind", "people"),
    [
        (problem("A", "B"), "few", (1, 2)),
        (problem("A", "A", "A", ""), "alike", ()),
        (problem("A", "B", "C", smallest=5, largest=4), "sizes", ()),
        (Problem(tuple(Sitter(key, "A" * key, {}) for key in (1, 2, 3))), "themeless", ()),
        (problem(*"ABCD", largest=3, together=frozenset({pair(1, 2), pair(2, 3), pair(3, 4)})), "large", (1, 2, 3, 4)),
        (
            problem(*"ABCD", together=frozenset({pair(1, 2), pair(2, 3)}), apart=frozenset({pair(1, 3)})),
            "torn",
            (1, 3, 2),
        ),
        (
            problem("A", "A", "A", "B", largest=3, together=frozenset({pair(1, 2), pair(2, 3)})),
            "alike_block",
            (1, 2, 3),
        ),
    ],
)
def test_conditions_that_cannot_hold_are_told_with_whom_they_are_about(
    asked: Problem, kind: str, people: tuple[int, ...]
) -> None:
    assert (kind, people) in [(found.kind, found.people) for found in conflicts(asked)]


def test_one_department_is_no_conflict_where_none_has_to_differ() -> None:
    assert conflicts(problem("A", "A", "A", differ=False)) == []
