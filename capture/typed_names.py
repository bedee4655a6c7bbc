"""Names in what somebody types: asked about once, never masked behind their back.

Talk is masked before it is stored; what people write themselves is theirs. Where it names somebody who took part, or
holds an e-mail address or a telephone number, whoever wrote it says whether that is meant. Asked by every form whose
text people read who were not in the room.
"""

import re
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import Refused
from capture.models import Event, Participant
from capture.redaction import SOMEBODY, Masker

MASK, KEEP = "mask", "keep"
"""What somebody can say to it: the values of the field that every such form sends."""
MOST_NAMED = 8
_NUMBERED = re.compile(r"\[person \d+\]")


class NamesTyped(Refused):
    """`found` are the names, addresses and numbers as they were typed, each once."""

    def __init__(self, found: tuple[str, ...]) -> None:
        named = ", ".join(f"“{each}”" for each in found[:MOST_NAMED]) + (" and more" if len(found) > MOST_NAMED else "")
        super().__init__(f"This names somebody: {named}. Others will read it, so say below whether that is meant.")
        self.found = found


def settled(
    session: Session, event: Event, typed: Mapping[str, str], choice: str, before: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What is to be stored of the texts that were `typed`, by the names of their fields.

    `choice` is MASK, KEEP or nothing yet; `before` is what stands there now: what was not changed is asked of nobody.
    Raises NamesTyped where nothing was said and somebody of the event's programme is named.
    """
    fresh = {name: text for name, text in typed.items() if text.split() != (before or {}).get(name, "").split()}
    if choice == KEEP or not any(fresh.values()):
        return dict(typed)
    masker = _masker(session, event)
    if choice == MASK:
        return {**typed, **{name: _NUMBERED.sub(SOMEBODY, masker.text(text)) for name, text in fresh.items()}}
    if found := tuple(dict.fromkeys(piece for text in fresh.values() for piece in masker.found(text))):
        raise NamesTyped(found)
    return dict(typed)


def _masker(session: Session, event: Event) -> Masker:
    """With everybody who spoke or is on a roster at an event of the programme: it is read in all of it."""
    query = select(Participant.name).join(Event, Event.id == Participant.event_id)
    mine = Event.programme == event.programme if event.programme else Event.id == event.id
    return Masker({name: number for number, name in enumerate(session.scalars(query.where(mine).distinct()), 1)})
