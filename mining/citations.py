"""Refers to somebody's words without copying them: what drafts, coverage and next steps store in place of talk.

A citation names an utterance by recording and position, the characters of it, and the sha256 of those characters. Read
back, it gives the words only while they stand there as they did: where the transcript was replaced, talk was removed or
a name in it masked since, it gives None, and pages show nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from capture.desk import is_demonstration
from capture.models import Group, Recording, RecordingKind, Utterance

BATCH = 5_000
"""Utterances asked for in one query: databases limit how many values a statement may hold."""

_Place = tuple[int, int]


@dataclass(frozen=True)
class Cited:
    """Words of an utterance, verbatim, and where to hear them. `start` and `end` are the seconds of the whole utterance
    in its file; `first` and `last` the characters of it that are cited. `speaker` is `person 3` or None."""

    text: str
    recording_id: int
    position: int
    start: float
    end: float
    first: int
    last: int
    group_id: int
    group_name: str
    event_id: int
    speaker: str | None
    audio: bool
    demonstration: bool


def cite(utterance: Utterance, start: int, end: int) -> dict[str, Any]:
    """The citation of the characters from `start` up to `end`. Raises ValueError where the utterance has none there."""
    text = utterance.text
    if not 0 <= start < end <= len(text):
        raise ValueError(f"An utterance of {len(text)} characters has no characters {start} to {end}.")
    return {
        "recording": utterance.recording_id,
        "position": utterance.position,
        "start": start,
        "end": end,
        "sha256": digest(text[start:end]),
    }


def digest(text: str) -> str:
    """What a citation holds of the words themselves."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(session: Session, citations: Sequence[Mapping[str, Any] | None]) -> list[Cited | None]:
    """What is cited, in the order asked for; None where the words are no longer there. Two queries for all of them."""
    places = [_place(citation) for citation in citations]
    spoken = _utterances(session, sorted({place for place in places if place is not None}))
    homes = _homes(session, sorted({recording_id for recording_id, _ in spoken}))
    return [
        _cited(citation, spoken[place], homes[place[0]])
        if citation is not None and place in spoken and place[0] in homes
        else None
        for citation, place in zip(citations, places, strict=True)
    ]


def _place(citation: Mapping[str, Any] | None) -> _Place | None:
    """(recording, position); None where this is no citation. What is stored may have come in with somebody's file."""
    numbers = [citation.get(key) for key in ("recording", "position", "start", "end")] if citation else []
    if not numbers or not all(type(number) is int and 0 <= number < 1 << 31 for number in numbers):
        return None
    return numbers[0], numbers[1]  # type: ignore[return-value]  # both are numbers


def _utterances(session: Session, places: Sequence[_Place]) -> dict[_Place, Any]:
    found = {}
    for first in range(0, len(places), BATCH):
        rows = session.execute(
            select(
                Utterance.recording_id,
                Utterance.position,
                Utterance.start,
                Utterance.end,
                Utterance.speaker,
                Utterance.text,
            ).where(tuple_(Utterance.recording_id, Utterance.position).in_(places[first : first + BATCH]))
        )
        found.update({(row.recording_id, row.position): row for row in rows})
    return found


def _homes(session: Session, recordings: Sequence[int]) -> dict[int, Any]:
    if not recordings:
        return {}
    rows = session.execute(
        select(Recording.id, Recording.kind, Recording.engine, Group.id, Group.name, Group.event_id)
        .join(Group, Group.id == Recording.group_id)
        .where(Recording.id.in_(recordings))
    )
    return {row[0]: row for row in rows}


def _cited(citation: Mapping[str, Any], said: Any, home: Any) -> Cited | None:
    first, last = citation["start"], citation["end"]
    text = said.text[first:last]
    if not text or last > len(said.text) or digest(text) != citation.get("sha256"):
        return None
    _, kind, engine, group_id, group_name, event_id = home
    return Cited(
        text=text,
        recording_id=said.recording_id,
        position=said.position,
        start=said.start,
        end=said.end,
        first=first,
        last=last,
        group_id=group_id,
        group_name=group_name,
        event_id=event_id,
        speaker=said.speaker,
        audio=kind == RecordingKind.AUDIO,
        demonstration=is_demonstration(engine),
    )
