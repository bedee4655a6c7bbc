"""Programmes: what events belong together, and what people have roles in. Between events and access.

Events name their programme; the row is made with the first event that does. An event that names none is a programme by
itself, and takes its people with it when it is deleted.
"""

from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from capture.models import Event, Programme

QUORUM = 3
"""How many groups must have raised a theme before alumni and sponsors read words of it, where nobody said otherwise."""


def programme_of(session: Session, event: Event) -> Programme | None:
    """None where nothing was ever settled about it: nobody has a role there then."""
    if event.programme:
        return session.scalar(select(Programme).where(Programme.name == event.programme))
    return session.scalar(select(Programme).where(Programme.event_id == event.id))


def ensure_programme(session: Session, event: Event) -> Programme:
    """The event's programme, made where it does not exist yet."""
    programme = programme_of(session, event)
    if programme is None:
        programme = Programme(
            name=event.programme or None,
            event_id=None if event.programme else event.id,
        )
        session.add(programme)
        session.flush()
    return programme


def title_of(session: Session, programme: Programme) -> str:
    """What people call it: its name, or the title of its only event."""
    return programme.name or session.scalars(select(Event.title).where(Event.id == programme.event_id)).one()


def events_of(session: Session, programme: Programme) -> list[Event]:
    """Newest first."""
    mine = Event.programme == programme.name if programme.name else Event.id == programme.event_id
    when = func.coalesce(Event.held_on, func.date(Event.created_at))
    return list(session.scalars(select(Event).where(mine).order_by(when.desc(), Event.id.desc())))


def programme_by_event(session: Session, programmes: Collection[int]) -> dict[str, int]:
    """Which of `programmes` (ids) each of their events belongs to, by the event's short name."""
    alone = Event.programme.is_(None) & (Programme.event_id == Event.id)
    joined = select(Event.slug, Programme.id).join(Programme, or_(Programme.name == Event.programme, alone))
    return {slug: programme for slug, programme in session.execute(joined.where(Programme.id.in_(programmes)))}


def quorum_of(session: Session, event: Event) -> int:
    """The k of k-anonymity that holds for the event."""
    programme = programme_of(session, event)
    return programme.quorum if programme else QUORUM
