"""Events and their groups: the first thing an organiser makes, and what everything else hangs on."""

import re
import unicodedata
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.models import Event, Group, Recording
from capture.retraction import Retraction, forget_derived

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Controls that turn the direction of writing, with which a name could disguise itself."""
LONGEST_NAME = 200
"""Characters of a group's name or an event's title."""


def create_event(
    session: Session,
    slug: str,
    title: str,
    *,
    held_on: date | None = None,
    programme: str | None = None,
    language: str = "en",
    vocabulary: str = "",
) -> Event:
    """Raises Refused where the slug is taken or malformed, or the title is missing."""
    if not SLUG.fullmatch(slug) or len(slug) > 80:
        raise Refused(f"“{slug}” cannot be an event's short name: use small letters, digits and single hyphens.")
    if not title.strip():
        raise Refused(f"The event {slug} needs a title.")
    if not LANGUAGE.fullmatch(language):
        raise Refused(f"“{language}” is not a language code; write for example en, de or pt-BR.")
    if session.scalar(select(Event.id).where(Event.slug == slug)):
        raise Refused(f"There is already an event “{slug}”. Choose another short name, or add to the one there is.")
    event = Event(
        slug=slug,
        title=clean_name(title),
        held_on=held_on,
        programme=clean_name(programme or "") or None,
        language=language,
        vocabulary=vocabulary.strip(),
    )
    session.add(event)
    session.flush()
    return event


def list_events(session: Session) -> list[Event]:
    """Newest first; events without a date by when they were made."""
    when = func.coalesce(Event.held_on, func.date(Event.created_at))
    return list(session.scalars(select(Event).order_by(when.desc(), Event.id.desc())))


def get_event(session: Session, slug: str) -> Event:
    """Raises NotFound, naming what there is."""
    event = session.scalar(select(Event).where(Event.slug == slug))
    if event is None:
        there = list(session.scalars(select(Event.slug).order_by(Event.slug).limit(8)))
        known = f"There are: {', '.join(there)}." if there else "Make one: harvest events create SLUG --title TITLE."
        raise NotFound(f"There is no event “{slug}”. {known}")
    return event


def delete_event(session: Session, event: Event) -> list[str]:
    """Deletes the event with everything said in it. Returns the stored names, whose files the caller deletes
    after committing: a file must not vanish while its row could still come back."""
    names = list(session.scalars(select(Recording.stored_name).where(Recording.event_id == event.id)))
    forget_derived(session, Retraction(event.id))
    session.delete(event)
    session.flush()
    return names


def group_named(session: Session, event: Event, name: str) -> Group:
    """The event's group of that name, made at the end of the list where it does not exist yet."""
    name = clean_name(name) or "Unnamed group"
    group = session.scalar(select(Group).where(Group.event_id == event.id, Group.name == name))
    if group is None:
        last = session.scalar(select(func.max(Group.position)).where(Group.event_id == event.id))
        group = Group(event_id=event.id, name=name, position=0 if last is None else last + 1)
        session.add(group)
        session.flush()
    return group


def clean_name(text: str) -> str:
    """One line without control characters, at most LONGEST_NAME characters: safe for every page and terminal."""
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in BIDI else c for c in text)
    return " ".join(visible.split())[:LONGEST_NAME].strip()


def slug_of(title: str) -> str:
    """A short name made from a title: `Spring 2026 — Lessons` gives `spring-2026-lessons`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "event"
