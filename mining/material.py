"""What an event offers to mine: its transcripts, read from the database and cut into units of talk, in order.

The first stage of the pipeline. Also what was left out on the way, and why, in the user's words.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.models import Event, Group, Recording, RecordingState, Utterance
from capture.transcripts import group_timeline, utterances_of
from mining.describing.language import language_notes
from mining.passages import BACKCHANNEL, WORDS, Cut, Draft
from mining.trust import RoomTalk

LEAST = 10
"""Passages below which no themes are looked for: any grouping of so few would be an accident."""
SHORT = 30
"""Words of the usual passage below which themes are called rough: a sentence or two leave open what is meant."""


@dataclass(frozen=True)
class Placed:
    """A passage and where it stands. `offset` is the second at which its recording begins on its group's scale."""

    group: int
    recording: int
    offset: float
    draft: Draft
    spoken: Sequence[Utterance] = ()
    """Its utterances, in order."""


@dataclass(frozen=True)
class Said:
    """One recording of a group, cut into units."""

    group: int
    recording: int
    offset: float
    cut: Cut


@dataclass
class Material:
    """What an event offers to mine, in the order of its groups and of time."""

    recordings: list[Said] = field(default_factory=list)
    utterances: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    ready: int = 0
    """Recordings that are transcribed, whether anything was said in them or not."""
    digest: Any = field(default_factory=hashlib.sha256)

    @property
    def units(self) -> list[tuple[int, Draft]]:
        """(recording, unit) of all units of talk."""
        return [(said.recording, unit) for said in self.recordings for unit in said.cut.units]

    @property
    def rooms(self) -> list[RoomTalk]:
        """Of each group what was said and how well it was understood."""
        rooms = []
        for group in dict.fromkeys(said.group for said in self.recordings):
            cuts = [said.cut for said in self.recordings if said.group == group]
            units = [unit for cut in cuts for unit in cut.units]
            doubted = sum(words for cut in cuts for reason, words in cut.words.items() if reason != BACKCHANNEL)
            rooms.append(RoomTalk(group, sum(u.end - u.start for u in units), sum(u.words for u in units), doubted))
        return rooms

    @cached_property
    def plain(self) -> list[Placed]:
        """Passages as they are while no theme is known. To be asked once everything is read."""
        return self.passages()[0]

    def passages(self, themes: Sequence[int] | None = None) -> tuple[list[Placed], list[range]]:
        """Passages that end where `themes` (one per unit; None: nothing known) change, and the units of each."""
        placed: list[Placed] = []
        ranges: list[range] = []
        done = 0
        for said in self.recordings:
            count = len(said.cut.units)
            for joined in said.cut.passages(None if themes is None else themes[done : done + count]):
                spoken = said.cut.spoken(joined.draft)
                placed.append(Placed(said.group, said.recording, said.offset, joined.draft, spoken))
                ranges.append(range(done + joined.units.start, done + joined.units.stop))
            done += count
        return placed, ranges


def read_material(session: Session, event_id: int, embedder: str = "") -> Material:
    """Everything of an event that is transcribed. Raises NotFound, Refused.

    Where the model `embedder` is named, `notes` tell of talk in a language that it does not know.
    """
    event = session.get(Event, event_id)
    if event is None:
        raise NotFound("The event was deleted before it could be mined.")
    given = Material()
    silent, said = [], defaultdict[str, list[str]](list)
    for group in session.scalars(select(Group).where(Group.event_id == event_id).order_by(Group.position, Group.id)):
        before = len(given.recordings)
        for recording, offset in group_timeline(session, group.id):
            if recording.state == RecordingState.READY:
                _read_recording(session, given, group.id, recording, offset)
        units = [unit for each in given.recordings[before:] for unit in each.cut.units]
        said[group.name] += [unit.mined for unit in units]
        if not units:
            silent.append(group.name)
    if not given.ready:
        raise Refused(f"Nothing of “{event.title}” is transcribed yet. Run: harvest transcribe {event.slug}")
    notes = [_waiting(session, event_id), _silence(silent), _amount(given), language_notes(said, embedder)]
    given.notes = [note for part in notes for note in part]
    return given


def _read_recording(session: Session, given: Material, group: int, recording: Recording, offset: float) -> None:
    utterances = utterances_of(session, recording.id)
    cut = Cut(utterances)
    given.recordings.append(Said(group, recording.id, offset, cut))
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


def _amount(given: Material) -> list[str]:
    """Whether there is enough talk for themes."""
    words = [place.draft.words for place in given.plain]
    if not words:
        return ["Nothing was said that could be mined: silence, backchannels or doubtful text only."]
    if len(words) < LEAST:
        count = f"{len(words)} passages" if len(words) > 1 else "1 passage"
        return [f"Too little talk for themes: {count}, where at least {LEAST} are needed."]
    usual = int(median(words))
    if usual < SHORT:
        return [
            f"Themes are rough: people said about {usual} words at a time, where some {WORDS} show what is meant. "
            "Longer recordings of each room give better themes."
        ]
    return []


def left_out(given: Material) -> list[dict[str, Any]]:
    reasons = sorted(given.utterances, key=lambda reason: (-given.words[reason], reason))
    return [{"reason": r, "utterances": given.utterances[r], "words": given.words[r]} for r in reasons]
