"""What an event offers to mine: its transcripts, read from the database and cut into passages, in order.

The first stage of the pipeline. Also what was left out on the way, and why, in the user's words.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.models import Event, Group, Recording, RecordingState
from capture.transcripts import group_timeline, utterances_of
from mining.passages import Draft, cut_passages

LEAST = 10
"""Passages below which no themes are looked for: any grouping of so few would be an accident."""


@dataclass(frozen=True)
class Placed:
    """A passage and where it stands. `offset` is the second at which its recording begins on its group's scale."""

    group: int
    recording: int
    offset: float
    draft: Draft


@dataclass
class Material:
    """What an event offers to mine."""

    placed: list[Placed] = field(default_factory=list)
    utterances: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    ready: int = 0
    """Recordings that are transcribed, whether anything was said in them or not."""
    digest: Any = field(default_factory=hashlib.sha256)


def read_material(session: Session, event_id: int) -> Material:
    """All passages of an event in the order of its groups and of time. Raises NotFound, Refused."""
    event = session.get(Event, event_id)
    if event is None:
        raise NotFound("The event was deleted before it could be mined.")
    given = Material()
    silent = []
    for group in session.scalars(select(Group).where(Group.event_id == event_id).order_by(Group.position, Group.id)):
        before = len(given.placed)
        for recording, offset in group_timeline(session, group.id):
            if recording.state == RecordingState.READY:
                _read_recording(session, given, group.id, recording, offset)
        if len(given.placed) == before:
            silent.append(group.name)
    if not given.ready:
        raise Refused(f"Nothing of “{event.title}” is transcribed yet. Run: harvest transcribe {event.slug}")
    given.notes = [*_waiting(session, event_id), *_silence(silent)]
    if not given.placed:
        given.notes.append("Nothing was said that could be mined: silence, backchannels or doubtful text only.")
    elif len(given.placed) < LEAST:
        count = f"{len(given.placed)} passages" if len(given.placed) > 1 else "1 passage"
        given.notes.append(f"Too little talk for themes: {count}, where at least {LEAST} are needed.")
    return given


def _read_recording(session: Session, given: Material, group: int, recording: Recording, offset: float) -> None:
    utterances = utterances_of(session, recording.id)
    cut = cut_passages(utterances)
    given.placed += [Placed(group, recording.id, offset, draft) for draft in cut.passages]
    given.ready += 1
    given.utterances.update(cut.utterances)
    given.words.update(cut.words)
    said = [[u.position, u.start, u.end, u.text, u.speaker, u.doubt] for u in utterances]
    given.digest.update(json.dumps([group, recording.id, offset, said]).encode())


def _waiting(session: Session, event_id: int) -> list[str]:
    count = len(
        session.scalars(
            select(Recording.id).where(Recording.event_id == event_id, Recording.state != RecordingState.READY)
        ).all()
    )
    if not count:
        return []
    what = "1 recording is" if count == 1 else f"{count} recordings are"
    return [f"{what} not transcribed yet and not in this picture."]


def _silence(groups: Sequence[str]) -> list[str]:
    if not groups:
        return []
    names = ", ".join(f"“{name}”" for name in groups[:5]) + (f" and {len(groups) - 5} more" if len(groups) > 5 else "")
    return [f"Without talk that could be mined: {names}."]


def left_out(given: Material) -> list[dict[str, Any]]:
    reasons = sorted(given.utterances, key=lambda reason: (-given.words[reason], reason))
    return [{"reason": r, "utterances": given.utterances[r], "words": given.words[r]} for r in reasons]
