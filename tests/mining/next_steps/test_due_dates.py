from datetime import date

import pytest

from mining.next_steps.due_dates import Due, find_due

THURSDAY = date(2026, 3, 19)


@pytest.mark.parametrize(
    ("sentence", "on", "said"),
    [
        ("I'll do it by March.", date(2026, 3, 31), "by March"),
        ("a short review by the end of march", date(2026, 3, 31), "by the end of march"),
        ("We'll have it by February.", date(2027, 2, 28), "by February"),
        ("before May, in any case", date(2026, 4, 30), "before May"),
        ("some time in early April", date(2026, 4, 7), "in early April"),
        ("mid June at the latest", date(2026, 6, 15), "mid June"),
        ("by the tenth of April", date(2026, 4, 10), "by the tenth of April"),
        ("by the twenty fifth of may", date(2026, 5, 25), "by the twenty fifth of may"),
        ("on April 3rd, 2027", date(2027, 4, 3), "on April 3rd, 2027"),
        ("until 2026-05-01", date(2026, 5, 1), "until 2026-05-01"),
        ("by 10.4.2026", date(2026, 4, 10), "by 10.4.2026"),
        ("the second Tuesday of April", date(2026, 4, 14), "the second Tuesday of April"),
        ("I'll call her tomorrow morning.", date(2026, 3, 20), "tomorrow morning"),
        ("I'll write to them tonight.", date(2026, 3, 19), "tonight"),
        ("On Friday I'll ask.", date(2026, 3, 20), "On Friday"),
        ("by next Friday", date(2026, 3, 27), "by next Friday"),
        ("for the next Monday meeting", date(2026, 3, 23), "next Monday"),
        ("three dates before Tuesday", date(2026, 3, 23), "before Tuesday"),
        ("three dates before Friday", date(2026, 3, 20), "before Friday"),
        ("I'll hand it in next week.", date(2026, 3, 27), "next week"),
        ("in two weeks we meet", date(2026, 4, 2), "in two weeks"),
        ("within the next three months", date(2026, 6, 19), "within the next three months"),
        ("in six months' time", date(2026, 9, 19), "in six months' time"),
        ("a month from now", date(2026, 4, 19), "a month from now"),
        ("by the end of the week", date(2026, 3, 20), "by the end of the week"),
        ("by the end of the quarter", date(2026, 3, 31), "by the end of the quarter"),
        ("at the end of next month", date(2026, 4, 30), "at the end of next month"),
        ("by the end of the year", date(2026, 12, 31), "by the end of the year"),
        ("before the summer", date(2026, 6, 20), "before the summer"),
        ("before Easter", date(2026, 4, 4), "before Easter"),
        ("until Christmas", date(2026, 12, 24), "until Christmas"),
    ],
)
def test_words_for_a_time_give_the_last_day_they_allow(sentence: str, on: date, said: str) -> None:
    assert find_due(sentence, THURSDAY) == Due(on, said)


@pytest.mark.parametrize(
    "sentence",
    [
        "before the half-year closing",
        "by next summer",
        "in a few weeks",
        "before our next workshop",
        "by the thirty-first of June",
        "on March 3rd, 2019",
    ],
)
def test_words_that_leave_a_choice_are_kept_without_a_day(sentence: str) -> None:
    found = find_due(sentence, THURSDAY)
    assert found and found.on is None and found.said in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "last Friday",
        "every Monday at nine",
        "I'll try that for a month.",
        "I may march on",
        "five of us",
        "the second question",
        "",
    ],
)
def test_what_names_no_time_to_come_gives_nothing(sentence: str) -> None:
    assert find_due(sentence, THURSDAY) is None


def test_without_the_events_date_the_words_stay_and_no_day_is_made_up() -> None:
    assert find_due("I'll write it by the tenth of April.", None) == Due(None, "by the tenth of April")


def test_a_month_is_as_long_as_it_is() -> None:
    assert find_due("in three months", date(2025, 11, 30)) == Due(date(2026, 2, 28), "in three months")
    assert find_due("in a year", date(2024, 2, 29)) == Due(date(2025, 2, 28), "in a year")


def test_easter_moves() -> None:
    days = [find_due("before Easter", date(year, 1, 2)) for year in (2024, 2025, 2027, 2038)]
    assert [due.on for due in days if due] == [
        date(2024, 3, 30),
        date(2025, 4, 19),
        date(2027, 3, 27),
        date(2038, 4, 24),
    ]
