"""When a peer group could meet: a first time within a month, a second time four to six weeks after that.

Proposed when people are seated, shown and moved by hand on the page of peer groups, sent out by
`mining.next_steps.calendar`.
"""

from datetime import UTC, date, datetime, time, timedelta

WITHIN = 31
"""Days after the event (or today) by which a group meets first."""
SOONEST = timedelta(weeks=4)
LATEST = timedelta(weeks=6)
"""Between the first meeting and the second."""
HOUR = time(10, 0, tzinfo=UTC)
MEETING = timedelta(minutes=90)

_FIRST = 21
_SECOND = timedelta(weeks=5)


def propose_dates(held_on: date | None, today: date | None = None) -> tuple[datetime, datetime]:
    """(first, second) in UTC, both at HOUR on a working day, Monday to Friday.

    Counted from the day the event was held, or from `today` where it has no day or its month is already over: three
    weeks later, the second meeting five weeks after the first.
    """
    now = today or datetime.now(UTC).date()
    begin = held_on if held_on and held_on + timedelta(days=_FIRST) > now else now
    first = _working(begin + timedelta(days=_FIRST))
    return datetime.combine(first, HOUR), datetime.combine(_working(first + _SECOND), HOUR)


def date_problem(first: datetime | None, second: datetime | None) -> str | None:
    """What is wrong with two dates that people chose, in a sentence; None where nothing is."""
    if second is None:
        return None
    if first is None:
        return "The second meeting has a date and the first has none. Set the first one too."
    if second <= first:
        return "The second meeting is not after the first. Choose a later date."
    return None


def _working(day: date) -> date:
    """The day itself, or the Monday after a Saturday or Sunday: never later than WITHIN, as _FIRST leaves room."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
