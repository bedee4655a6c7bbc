from datetime import date

import pytest

from mining.catalogue.answering import Verdict
from mining.catalogue.coverage import Answer, ThemeCoverage
from mining.diagnosis.answered_since import Added, Shelf

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


def test_a_catalogue_that_is_younger_than_the_day_knows_nothing_of_it() -> None:
    assert BOOKS.known_on(THEN) and not BOOKS.known_on(date(2025, 5, 31)) and not Shelf({}).known_on(NOW)
