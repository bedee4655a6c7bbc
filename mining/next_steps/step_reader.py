"""Who reads a list of next steps: which of the words in it they may be shown, and where they can go and hear them.

A step that is carried on stands at another event than its words, where other people sat in a group of the same name.
Asked by `mining.next_steps.next_steps` for every step that is shown.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from capture.models import Attendance, Event, RosterEntry
from capture.roster import lines_of
from mining.citations import Cited

WITHHELD = "a step from last time; its words are shown to those who were in the room"
"""What stands in place of words that somebody may not read."""


@dataclass(frozen=True)
class Reader:
    """`events` are {id: short name} of the events that they may open, `groups` those they sat in there; None: staff,
    who read whatever was said at these events."""

    events: Mapping[int, str]
    groups: frozenset[int] | None

    def hears(self, quote: Cited) -> bool:
        return quote.event_id in self.events and (self.groups is None or quote.group_id in self.groups)


def reader_of(session: Session, event: Event, person_id: int, staff: bool) -> Reader:
    """How somebody with a role in the event's programme reads it: `staff` everything, others by the rosters."""
    mine = Event.id == event.id
    if event.programme:
        mine = or_(mine, Event.programme == event.programme)
    events = {key: slug for key, slug in session.execute(select(Event.id, Event.slug).where(mine))}
    return Reader(events, None if staff else groups_attended(session, person_id, events))


def groups_attended(session: Session, person_id: int, events: Collection[int]) -> frozenset[int]:
    """The groups that somebody who signs in sat in, by the rosters of these events."""
    return frozenset(
        session.scalars(
            select(Attendance.group_id)
            .join(RosterEntry, RosterEntry.id == Attendance.entry_id)
            .where(RosterEntry.event_id.in_(events), lines_of(person_id))
        )
    )
