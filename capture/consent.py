"""What a room agreed to: noted, and taken back at any time, while its transcript stays for the staff.

`recordings.accept` notes it with a file; here it is settled for a whole room, for everything recorded in it. Whoever
shows words outside the room asks at each reading (`mining.privacy.discreet_quotes`), so this works at once.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.models import Event, Group, Recording

LONGEST_CONSENT = 1000
"""Characters of what a group agreed to."""


@dataclass(frozen=True)
class Consent:
    """What is noted for a room. `said` are the different notes, `without` how many of its `recordings` have none: with
    any of those nothing of the room is quoted."""

    group_id: int
    room: str
    recordings: int
    without: int
    said: tuple[str, ...]

    @property
    def noted(self) -> bool:
        return self.recordings > 0 and not self.without


def consents_of(session: Session, event: Event) -> list[Consent]:
    """Of every room, in order."""
    rooms = session.execute(select(Group.id, Group.name).where(Group.event_id == event.id).order_by(Group.position))
    notes: dict[int, list[str | None]] = {}
    query = select(Recording.group_id, Recording.consent).where(Recording.event_id == event.id)
    for group, said in session.execute(query.order_by(Recording.position)):
        notes.setdefault(group, []).append(said or None)
    return [
        Consent(
            key,
            name,
            len(own := notes.get(key, [])),
            sum(said is None for said in own),
            tuple(dict.fromkeys(said for said in own if said)),
        )
        for key, name in rooms
    ]


def consent_of(session: Session, event: Event, group_id: int) -> Consent:
    """Raises NotFound for a room of another event."""
    found = next((each for each in consents_of(session, event) if each.group_id == group_id), None)
    if found is None:
        raise NotFound(f"There is no room {group_id} in “{event.slug}”.")
    return found


def consent_named(session: Session, event: Event, room: str) -> Consent:
    """By the room's name, however it is cased. Raises NotFound, naming what there is."""
    rooms = consents_of(session, event)
    found = next((each for each in rooms if each.room.casefold() == room.strip().casefold()), None)
    if found is None:
        names = ", ".join(f"“{each.room}”" for each in rooms[:8])
        raise NotFound(
            f"There is no room “{room}” in “{event.slug}”. {f'There are: {names}.' if names else ''}".strip()
        )
    return found


def note_consent(session: Session, event: Event, group_id: int, said: str) -> None:
    """Notes for everything recorded in the room what the group agreed to. Raises Refused without words, NotFound."""
    said = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    if not said:
        raise Refused("Write what the group agreed to, in your words.")
    if len(said) > LONGEST_CONSENT:
        raise Refused(f"What the group agreed to has {len(said):,} characters; {LONGEST_CONSENT:,} is the most.")
    if not consent_of(session, event, group_id).recordings:
        raise Refused("Nothing is recorded of this room, so there is nothing its consent could be for.")
    _settle(session, event, group_id, said)


def withdraw_consent(session: Session, event: Event, group_id: int) -> Consent:
    """Takes it back for everything recorded in the room; returns what was noted until now. Raises NotFound."""
    before = consent_of(session, event, group_id)
    _settle(session, event, group_id, None)
    return before


def _settle(session: Session, event: Event, group_id: int, said: str | None) -> None:
    for recording in session.scalars(
        select(Recording).where(Recording.event_id == event.id, Recording.group_id == group_id)
    ):
        recording.consent = said
    session.flush()
