from datetime import UTC, date, datetime, timedelta

import pytest

from mining.peers.meeting_dates import LATEST, SOONEST, WITHIN, date_problem, propose_dates


@pytest.mark.parametrize("offset", range(14))
def test_a_group_meets_within_a_month_and_again_four_to_six_weeks_later_never_on_a_weekend(offset: int) -> None:
    held = date(2026, 3, 16) + timedelta(days=offset)
    first, second = propose_dates(held, today=held)
    assert timedelta() < first.date() - held <= timedelta(days=WITHIN)
    assert SOONEST <= second - first <= LATEST
    assert max(first.weekday(), second.weekday()) < 5
    assert (first.hour, first.tzinfo) == (10, UTC)


def test_dates_lie_ahead_when_the_event_was_long_ago_or_has_no_date() -> None:
    today = date(2026, 11, 23)
    assert propose_dates(date(2026, 3, 19), today) == propose_dates(None, today)
    assert propose_dates(None, today)[0] == datetime(2026, 12, 14, 10, tzinfo=UTC)


def test_dates_that_people_choose_are_refused_where_the_second_is_not_after_the_first() -> None:
    first, second = propose_dates(date(2026, 3, 19), date(2026, 3, 19))
    assert date_problem(first, second) is None
    assert date_problem(first, None) is None
    assert "later" in (date_problem(second, first) or "")
    assert "first" in (date_problem(None, second) or "")
