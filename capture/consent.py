"""What a room agreed to: noted, and taken back at any time, while its transcript stays for the staff.

`recordings.accept` notes it with a file; here it is settled for a whole room, for everything recorded in it. Whoever
shows words outside the room asks at each reading (`mining.privacy.discreet_quotes`), so this works at once. What was
taken back is kept beside each recording, so that undoing it grants what was granted and no more.
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
    any of those nothing of the room is quoted. `withdrawn` are the different notes that can be put back."""

    group_id: int
    room: str
    recordings: int
    without: int
    said: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()

    @property
    def noted(self) -> bool:
        return self.recordings > 0 and not self.without


def consents_of(session: Session, event: Event) -> list[Consent]:
    """Of every room, in order."""
    rooms = session.execute(select(Group.id, Group.name).where(Group.event_id == event.id).order_by(Group.position))
    notes: dict[int, list[tuple[str | None, str | None]]] = {}
    columns = Recording.group_id, Recording.consent, Recording.withdrawn_consent
    query = select(*columns).where(Recording.event_id == event.id).order_by(Recording.position)
    for group, said, before in session.execute(query):
        notes.setdefault(group, []).append((said or None, None if said else before))
    return [_consent(key, name, notes.get(key, [])) for key, name in rooms]


def _consent(key: int, room: str, notes: list[tuple[str | None, str | None]]) -> Consent:
    """`notes` are (what is noted, what was taken back) of each recording."""
    said, before = ([each[place] for each in notes] for place in (0, 1))
    return Consent(key, room, len(notes), said.count(None), _different(said), _different(before))


def _different(notes: list[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in notes if each))


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
    for recording in _recordings(session, event, group_id):
        recording.consent, recording.withdrawn_consent = said, None
    session.flush()


def withdraw_consent(session: Session, event: Event, group_id: int) -> Consent:
    """Takes it back for everything recorded in the room; returns what was noted until now. Where nothing is noted (any
    more), what was taken back before can still be put back. Raises NotFound."""
    before = consent_of(session, event, group_id)
    if before.said:
        for recording in _recordings(session, event, group_id):
            recording.consent, recording.withdrawn_consent = None, recording.consent or None
        session.flush()
    return before


def put_back_consent(session: Session, event: Event, group_id: int) -> Consent:
    """Notes again for each recording what was noted until it was taken back; what has been noted since stays. Returns
    what is noted now. Raises Refused where nothing was taken back, NotFound."""
    if not consent_of(session, event, group_id).withdrawn:
        raise Refused("Nothing was taken back in this room that could be put back.")
    for recording in _recordings(session, event, group_id):
        recording.consent, recording.withdrawn_consent = recording.consent or recording.withdrawn_consent, None
    session.flush()
    return consent_of(session, event, group_id)


def _recordings(session: Session, event: Event, group_id: int) -> list[Recording]:
    query = select(Recording).where(Recording.event_id == event.id, Recording.group_id == group_id)
    return list(session.scalars(query))
