from datetime import UTC, date, datetime

import pytest

from capture.database import Database
from mining.catalogue.answering import Verdict
from mining.catalogue.coverage import Answer, ThemeCoverage
from mining.diagnosis.answered_since import Added, Shelf, shelf, whole_on
from tests.factories import make_module

THEN, NOW = date(2025, 10, 9), date(2026, 3, 19)
BOOKS = Shelf({1: date(2025, 6, 1), 2: date(2026, 1, 15), 3: date(2026, 6, 1)})


def theme(*answers: tuple[int, Verdict]) -> ThemeCoverage:
    found = tuple(Answer(key, f"Module {key}", None, False, 0.4, verdict, (), "") for key, verdict in answers)
    return ThemeCoverage(1, None, "Theme", (), 3, 0.2, Verdict.COVERED, 0.4, found, (), (), None)


def test_a_module_that_came_in_between_answers_what_none_covered() -> None:
    assert BOOKS.answered(theme((2, Verdict.COVERED)), THEN, NOW) == (Added(2, "Module 2", date(2026, 1, 15)),)
    assert BOOKS.answered(theme((2, Verdict.COVERED), (1, Verdict.PARTLY)), THEN, NOW) != ()


@pytest.mark.parametrize(
    "answers",
    [
        [(1, Verdict.COVERED), (2, Verdict.COVERED)],  # it was covered already
        [(2, Verdict.PARTLY)],
        [(3, Verdict.COVERED)],  # it came after the second day
        [],
    ],
)
def test_what_was_covered_before_or_is_not_covered_by_the_day_is_not_answered(answers: list) -> None:
    assert BOOKS.answered(theme(*answers), THEN, NOW) == ()


def test_without_a_last_day_everything_since_counts() -> None:
    assert [m.module_id for m in BOOKS.answered(theme((3, Verdict.COVERED), (2, Verdict.COVERED)), THEN)] == [2, 3]


def test_days_that_the_catalogue_names_are_known_whenever_it_was_brought_here() -> None:
    assert [BOOKS.on_offer(1, day) for day in (date(2025, 5, 31), date(2025, 6, 1), NOW)] == [False, True, True]
    assert BOOKS.known_on(date(2020, 1, 1)) and not Shelf({}).known_on(NOW)


def test_a_module_without_a_day_may_have_been_there_before_it_came_here_with_the_whole_catalogue() -> None:
    brought = Shelf({1: NOW, 2: NOW}, frozenset({1, 2}), whole_on=NOW)
    assert [brought.on_offer(1, day) for day in (THEN, NOW)] == [None, True]
    assert not brought.known_on(THEN) and brought.known_on(NOW)
    assert brought.covered_on(theme((1, Verdict.COVERED)), THEN) is None
    assert brought.covered_on(theme((1, Verdict.PARTLY)), THEN) is False
    assert brought.answered(theme((1, Verdict.COVERED)), THEN) == ()


def test_one_module_with_an_old_day_makes_none_of_the_others_new() -> None:
    others = range(2, 102)
    mixed = Shelf({1: date(2024, 1, 1), **dict.fromkeys(others, NOW)}, frozenset(others), whole_on=NOW)
    assert mixed.known_on(THEN) and mixed.covered_on(theme((1, Verdict.COVERED)), THEN) is True
    assert [mixed.covered_on(theme((key, Verdict.COVERED)), THEN) for key in others] == [None] * 100
    assert not any(mixed.answered(theme((key, Verdict.COVERED)), THEN) for key in others)
    assert mixed.covered_on(theme((1, Verdict.COVERED), (2, Verdict.COVERED)), THEN) is True


def test_a_new_module_does_not_answer_what_another_one_may_have_covered_already() -> None:
    unsure = Shelf({1: NOW, 2: date(2026, 1, 15)}, frozenset({1}), whole_on=NOW)
    assert unsure.answered(theme((2, Verdict.COVERED)), THEN) == (Added(2, "Module 2", date(2026, 1, 15)),)
    assert unsure.answered(theme((2, Verdict.COVERED), (1, Verdict.COVERED)), THEN) == ()


def test_a_module_without_a_day_is_new_where_the_whole_catalogue_was_here_before_it() -> None:
    grown = Shelf({1: date(2025, 6, 1), 2: date(2026, 1, 15)}, frozenset({1, 2}), whole_on=date(2025, 6, 1))
    assert [grown.on_offer(2, day) for day in (date(2025, 5, 1), THEN, NOW)] == [None, False, True]
    assert grown.answered(theme((2, Verdict.COVERED)), THEN, NOW) == (Added(2, "Module 2", date(2026, 1, 15)),)


@pytest.mark.parametrize(
    ("came", "whole"),
    [
        ([], None),
        ([(date(2025, 6, 1), 25)], date(2025, 6, 1)),
        ([(date(2025, 6, 1), 25), (date(2026, 1, 15), 25)], date(2025, 6, 1)),  # as many again at most: it grew
        ([(date(2025, 6, 1), 1), (date(2026, 1, 15), 25)], date(2026, 1, 15)),  # one to try with, then the catalogue
        ([(date(2026, 1, 15), 25), (date(2025, 6, 1), 3), (date(2026, 2, 1), 2)], date(2026, 1, 15)),
    ],
)
def test_the_catalogue_counts_as_brought_on_the_last_day_on_which_more_came_than_was_there(
    came: list[tuple[date, int]], whole: date | None
) -> None:
    assert whole_on(day for day, modules in came for _ in range(modules)) == whole


def test_the_shelf_takes_the_day_on_offer_and_else_the_day_of_import(database: Database) -> None:
    brought = datetime(2026, 3, 1, 23, tzinfo=UTC)
    with database.writing() as session:
        old = make_module(session, "Old", added_at=brought, offered_on=date(2024, 5, 1)).id
        new = make_module(session, "New", added_at=brought).id
        found = shelf(session)
    assert found == Shelf({old: date(2024, 5, 1), new: brought.date()}, frozenset({new}), brought.date())
