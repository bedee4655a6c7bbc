"""Adapter of the icalendar library: the two meetings of a peer group, and next steps with a date, as .ics files.

No words that somebody said stand in a file that leaves the house: only what people typed, who meets and why. Times are
UTC; the same entry has the same UID whenever it is written, so that a calendar moves it instead of adding another.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.models import Event, Participant, RosterEntry
from capture.programmes import quorum_of
from mining.next_steps.next_steps import Step
from mining.peers.meeting_dates import MEETING
from mining.peers.reading import told_to_members
from mining.suggestion_models import Draw, PeerGroup, StepState

HOUSE = "harvest"
"""The right side of every UID."""
MEETINGS = (("first", "first meeting"), ("second", "second meeting"))


@dataclass(frozen=True)
class Attendee:
    """Somebody who agreed to be brought together with others."""

    name: str
    email: str | None


def steps_calendar(event: Event, steps: Sequence[Step], address: str | None = None) -> bytes:
    """The open steps that have a day, each an entry for that whole day. `address` is the page they stand on.

    All-day entries, not to-dos: Outlook and Google Calendar leave out the latter.
    """
    from icalendar import Event as Entry

    calendar = _calendar(f"Next steps: {event.title}")
    for step in steps:
        if step.state != StepState.CONFIRMED or step.due_on is None:
            continue
        entry = Entry()
        entry.add("uid", f"next-step-{_short(event.slug)}-{step.id}@{HOUSE}")
        entry.add("dtstamp", step.changed_at)
        entry.add("dtstart", step.due_on)
        entry.add("dtend", step.due_on + timedelta(days=1))
        entry.add("transp", "TRANSPARENT")
        who = f"{step.group}: " if step.group else ""
        entry.add("summary", f"{who}{step.text}" if step.text else f"{who}a next step is due")
        about = [f"A next step of {step.group or 'everybody'}, {event.title}."]
        about += [f"Owner: {step.owner}."] if step.owner else []
        entry.add("description", "\n".join(about))
        if address:
            entry.add("url", address)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def calendar_of(
    session: Session, event: Event, groups: Sequence[PeerGroup], *, people: bool, address: str | None = None
) -> bytes:
    """Both meetings of peer groups, 90 minutes each; a group without dates has no entries.

    `people`: with the names and e-mail addresses of its members, those who opted in: only for the group's own file.
    """
    from icalendar import Event as Entry

    calendar = _calendar(f"Peer groups: {event.title}")
    whys = told_to_members(session, event, groups, quorum_of(session, event)) if groups else {}
    made = {draw: when for draw, when in session.execute(select(Draw.id, Draw.made_at))} if groups else {}
    for group in groups:
        members = attendees(session, group) if people else []
        for which, title in MEETINGS:
            begins: datetime | None = group.first_on if which == "first" else group.second_on
            if begins is None:
                continue
            entry = Entry()
            entry.add("uid", f"peer-group-{_known_by(event, group)}-{which}@{HOUSE}")
            entry.add("dtstamp", made.get(group.draw_id, begins))
            entry.add("dtstart", begins)
            entry.add("dtend", begins + MEETING)
            entry.add("summary", f"Peer group {group.number}, {title}")
            entry.add("description", _about(event, whys[group.id], which, members))
            if group.place:
                entry.add("location", group.place)
            if address:
                entry.add("url", address)
            for member in members:
                _invite(entry, member)
            calendar.add_component(entry)
    return bytes(calendar.to_ical())


def attendees(session: Session, group: PeerGroup) -> list[Attendee]:
    """The members who opted in, in the order of their names; nobody else is ever named."""
    rows = session.execute(
        select(Participant.name, RosterEntry.email)
        .join(RosterEntry, RosterEntry.participant_id == Participant.id)
        .where(RosterEntry.id.in_([member.entry_id for member in group.members]), RosterEntry.opt_in)
        .order_by(Participant.name)
    )
    return [Attendee(name, email) for name, email in rows]


def _calendar(name: str) -> Any:  # a type of the library, which is imported inside only
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Harvest//next steps//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    return calendar


def _about(event: Event, why: str, which: str, members: Sequence[Attendee]) -> str:
    lines = [why, f"Brought together after {event.title}."]
    if which == "second":
        lines.append("At its end the group either closes or becomes a project.")
    if members:
        lines.append("With " + ", ".join(member.name for member in members) + ".")
    return "\n".join(line for line in lines if line)


def _invite(entry: Any, member: Attendee) -> None:
    from icalendar import vCalAddress, vText

    if not member.email:
        return
    address = vCalAddress(f"mailto:{member.email}")
    address.params["CN"] = vText(member.name)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    entry.add("attendee", address, encode=0)


def _known_by(event: Event, group: PeerGroup) -> str:
    """Who sits in it: a group that is locked keeps its meetings when the others are seated anew."""
    return _short("/".join([event.slug, *(str(entry) for entry in sorted(m.entry_id for m in group.members))]))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
