"""Periods in the wordings people use, and their order."""

import pytest

from mining.participation.periods import in_order, period_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Q1 2025", "2025-Q1"),
        ("Q1 2025", "1Q25"),
        ("q1/25", "2025 q1"),
        ("H2 2024", "2024h2"),
        ("2025", "FY 2025"),
        ("FY25", "2025"),
        ("March 2025", "2025-03"),
        ("Mar 25", "03/2025"),
        ("31.3.2025", "2025-03-31"),
        ("31 March 2025", "2025-3-31"),
        ("2024/25", "2024/2025"),
        ("Before", " before "),
        ("Cycle  2", "cycle 2"),
    ],
)
def test_the_same_period_is_known_in_other_words(one: str, other: str) -> None:
    assert period_key(one) == period_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Q1 2025", "Q2 2025"), ("2025-01", "2025"), ("cycle 1", "wave 1"), ("2024/25", "2025/26")]
)
def test_different_periods_stay_apart(one: str, other: str) -> None:
    assert period_key(one) != period_key(other)


@pytest.mark.parametrize(
    ("given", "ordered"),
    [
        (["Q1 2025", "Q4 2024", "2024 Q2"], ("2024 Q2", "Q4 2024", "Q1 2025")),
        (["Dec 2024", "2025-01", "11/2024"], ("11/2024", "Dec 2024", "2025-01")),
        (["2.1.2025", "1.2.2025", "2024-12-31"], ("2024-12-31", "2.1.2025", "1.2.2025")),
        (["2025", "2023", "2024"], ("2023", "2024", "2025")),
    ],
)
def test_periods_of_one_kind_stand_in_the_order_of_time(given: list[str], ordered: tuple[str, ...]) -> None:
    found = in_order(given)
    assert found.labels == ordered and found.words == "by time"


def test_numbered_periods_count_as_numbers_not_as_letters() -> None:
    found = in_order(["cycle 10", "Cycle 9", "cycle 1"])
    assert found.labels == ("cycle 1", "Cycle 9", "cycle 10") and found.words == "in the order of their numbers"


@pytest.mark.parametrize(
    "given", [["after", "before"], ["2025", "Q1 2024"], ["13/2024", "2023-01"], ["wave 2", "cycle 1"]]
)
def test_what_cannot_be_dated_alike_keeps_the_order_of_the_file_and_says_so(given: list[str]) -> None:
    found = in_order(given)
    assert found.labels == tuple(given) and "order of the file" in found.words
