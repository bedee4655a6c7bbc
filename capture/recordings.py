"""Accepting files: a folder of phone recordings and transcripts becomes recordings of an event, none lost, none twice.

A file is received, hashed and looked into (its content decides, never its name) before anything is registered. The
move to its final place and the row in the database belong together: a file that was answered with "stored" is there.
"""

from dataclasses import dataclass
from pathlib import Path, PurePath

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.audio import inspect
from capture.database import Database
from capture.errors import NotFound, UnreadableFile
from capture.events import clean_name, group_named
from capture.media import Incoming, MediaFolder, Readable
from capture.models import Attendance, Event, Group, Job, Recording, RecordingKind, RecordingState
from capture.retraction import Retraction
from capture.transcript_files import TranscriptFile, looks_like_transcript, read_transcript
from capture.transcripts import retract, store_utterances

HEAD = 4096
"""Bytes that are looked at to tell a transcript from a recording."""


@dataclass(frozen=True)
class Accepted:
    """What became of one file, in words for the person who brought it."""

    recording_id: int
    group_name: str
    kind: RecordingKind
    duplicate: bool
    message: str


@dataclass(frozen=True)
class Content:
    """What a file turned out to be."""

    kind: RecordingKind
    format: str
    suffix: str
    seconds: float | None
    transcript: TranscriptFile | None = None


def accept(
    database: Database,
    media: MediaFolder,
    event_id: int,
    source: Readable,
    name: str,
    *,
    group: str | None = None,
    consent: str | None = None,
    size: int = 0,
) -> Accepted:
    """Stores one file of an event. `name` is the file's name as the user knows it, `size` its bytes where known.

    Opens its own transactions, because receiving a big file must not hold one. Raises UnreadableFile, StorageFull
    or NotFound; then nothing of the file is kept.
    """
    name = clean_name(PurePath(name.replace("\\", "/")).name) or "unnamed file"
    incoming = media.receive(source, size)
    try:
        with database.reading() as session:
            known = _known(session, event_id, incoming.sha256)
            said = _duplicate(known, name) if known else None
        if said:
            return _noted(database, said.recording_id, name, consent) or said
        content = recognise(incoming, name)
        return _register(database, media, event_id, incoming, name, content, group, consent)
    finally:
        media.discard(incoming)


def recognise(incoming: Incoming, name: str) -> Content:
    """Looks into the file. Raises UnreadableFile, naming the file and the remedy."""
    if incoming.size == 0:
        raise UnreadableFile(f"{name} is empty (0 bytes). Was it still being copied? Copy it again and add it then.")
    with incoming.path.open("rb") as file:
        head = file.read(HEAD)
    if looks_like_transcript(head, name):
        transcript = read_transcript(incoming.path, name)
        end = max(u.end for u in transcript.utterances)
        return Content(RecordingKind.TRANSCRIPT, transcript.format, ".txt", end, transcript)
    facts = inspect(incoming.path, name)
    word = facts.format.split(",")[0].split()[0].lower()
    suffix = f".{word}" if word.isalnum() and word.isascii() and len(word) <= 8 else ".bin"
    return Content(RecordingKind.AUDIO, facts.format, suffix, facts.seconds)


def _register(
    database: Database,
    media: MediaFolder,
    event_id: int,
    incoming: Incoming,
    name: str,
    content: Content,
    group: str | None,
    consent: str | None,
) -> Accepted:
    stored = media.keep(incoming, content.suffix)
    try:
        with database.writing() as session:
            event = session.get(Event, event_id)
            if event is None:
                raise NotFound(f"The event was deleted while {name} arrived; nothing was stored.")
            if known := _known(session, event_id, incoming.sha256):  # the same file came twice at the same moment
                media.delete(stored)
                return _duplicate(known, name)
            room = group_named(session, event, group or PurePath(name).stem)
            last = session.scalar(select(func.max(Recording.position)).where(Recording.group_id == room.id))
            recording = Recording(
                event_id=event_id,
                group_id=room.id,
                position=0 if last is None else last + 1,
                kind=content.kind,
                original_name=name,
                stored_name=stored,
                sha256=incoming.sha256,
                size=incoming.size,
                format=content.format,
                seconds=content.seconds,
                consent=(consent or "").strip() or None,
            )
            session.add(recording)
            session.flush()
            if content.transcript:
                _store_transcript(session, recording, content.transcript)
            return Accepted(recording.id, room.name, content.kind, False, _stored_message(name, room, content))
    except BaseException:
        media.delete(stored)  # the row was rolled back, so the file must not stay behind either
        raise


def _store_transcript(session: Session, recording: Recording, transcript: TranscriptFile) -> None:
    store_utterances(session, recording, transcript.utterances)
    recording.engine = transcript.format
    recording.warnings = list(transcript.warnings)
    recording.state = RecordingState.READY


def _stored_message(name: str, room: Group, content: Content) -> str:
    length = f", {content.seconds / 60:.0f} min" if content.seconds and content.seconds >= 60 else ""
    then = "" if content.kind == RecordingKind.TRANSCRIPT else "; it waits to be transcribed"
    return f"{name} is stored for “{room.name}” ({content.format}{length}){then}."


def _known(session: Session, event_id: int, sha256: str) -> Recording | None:
    return session.scalar(select(Recording).where(Recording.event_id == event_id, Recording.sha256 == sha256))


def _noted(database: Database, known_id: int, name: str, consent: str | None) -> Accepted | None:
    """Notes the consent of a recording that has none yet. None where there is nothing to note, or the recording was
    removed meanwhile."""
    if not consent:
        return None
    with database.writing() as session:
        known = session.get(Recording, known_id)
        if known is None or known.consent:
            return None
        known.consent = consent
        message = f"{name} is already here, in “{known.group.name}”. What the group agreed to is noted with it now."
        return Accepted(known.id, known.group.name, known.kind, True, message)


def _duplicate(known: Recording, name: str) -> Accepted:
    same = "" if known.original_name == name else f" as {known.original_name}"
    message = f"{name} is already here{same}, in “{known.group.name}”. Nothing was changed."
    return Accepted(known.id, known.group.name, known.kind, True, message)


def files_in(paths: list[Path]) -> list[Path]:
    """The files that the given files and folders stand for: folders in name order with everything in them, except
    what an operating system hides there."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = (p for p in path.rglob("*") if p.is_file())
        found += sorted(p for p in inside if not any(part.startswith(".") for part in p.relative_to(path).parts))
    return found


def get_recording(session: Session, event: Event, recording_id: int) -> Recording:
    recording = session.get(Recording, recording_id)
    if recording is None or recording.event_id != event.id:
        raise NotFound(f"There is no recording {recording_id} in “{event.slug}”.")
    return recording


def is_last(session: Session, recording: Recording) -> bool:
    """Whether its group has no other recording."""
    return session.scalar(select(func.count()).where(Recording.group_id == recording.group_id)) == 1


def seated(session: Session, group_id: int) -> int:
    """How many people on the roster sat in the group."""
    return session.scalar(select(func.count()).where(Attendance.group_id == group_id)) or 0


def remove(session: Session, recording: Recording, *, keep_group: bool = False) -> str:
    """Takes a recording and everything said in it out of the event. A group that is left without any goes too, unless
    somebody on the roster sat in it, or the caller knows of other work of people that hangs on it (`keep_group`).

    Running work on it is stopped. Returns the stored name, whose file the caller deletes after committing.
    """
    group, stored = recording.group, recording.stored_name
    keep_group = keep_group or not is_last(session, recording) or seated(session, group.id) > 0
    jobs = session.scalars(select(Job).where(Job.key == f"transcribe:{recording.id}"))
    for job in jobs:
        session.delete(job)  # with its steps; a worker that holds it finds its lease gone
    retract(session, Retraction(group.event_id, recording.id))
    session.delete(recording)
    session.flush()
    if not keep_group:
        session.delete(group)
        session.flush()
    return stored


def waiting(session: Session, event: Event) -> list[Recording]:
    """Audio that still has to be transcribed: new, failed, or interrupted. In the order of the desk."""
    return list(
        session.scalars(
            select(Recording)
            .join(Group)
            .where(Recording.event_id == event.id, Recording.kind == RecordingKind.AUDIO)
            .where(Recording.state != RecordingState.READY)
            .order_by(Group.position, Recording.position)
        )
    )
