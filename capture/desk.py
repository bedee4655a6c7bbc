"""The event desk: one row per recording in stable order, what state it is in and why, and when all will be done.

Read by the desk page and by `harvest events show`.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.database import utcnow
from capture.models import Event, Group, Job, JobState, JobStep, Recording, RecordingKind, RecordingState, Utterance

CAUTION = 1.3
"""Estimates are stretched by this: a desk that is done early is a pleasure, one that is late is not."""
LAST_WORDS = 12
DEMONSTRATION_ENGINES = ("sphinx",)
"""Engines whose transcripts have many wrong words on real rooms; pages and exports mark them."""
UNSURE, SILENT = 0.5, 0.4
"""Mean confidence under which, and share of silence over which, a row carries a warning."""


@dataclass(frozen=True)
class DeskRow:
    recording_id: int
    group_id: int
    group_name: str
    original_name: str
    kind: RecordingKind
    state: RecordingState
    seconds: float | None
    engine: str | None
    demonstration: bool
    silence: float | None
    confidence: float | None
    warnings: list[str]
    error: str | None
    consent: str | None
    last_words: str | None
    job_id: int | None
    progress: float | None
    """0..1 while a job runs or waits, else None."""
    note: str


@dataclass(frozen=True)
class DeskSummary:
    rooms: int
    received: int
    ready: int
    running: int
    waiting: int
    failing: int
    seconds_left: float | None
    """Cautious guess until everything is transcribed; None: no work left, or nothing to judge by yet."""


@dataclass(frozen=True)
class Desk:
    rows: list[DeskRow] = field(default_factory=list)
    summary: DeskSummary = field(default_factory=lambda: DeskSummary(0, 0, 0, 0, 0, 0, None))


def is_demonstration(engine: str | None) -> bool:
    return bool(engine) and str(engine).split(":")[0] in DEMONSTRATION_ENGINES


def desk(session: Session, event: Event) -> Desk:
    recordings = session.execute(
        select(Recording, Group)
        .join(Group, Recording.group_id == Group.id)
        .where(Recording.event_id == event.id)
        .order_by(Group.position, Recording.position)
    ).all()
    jobs = _newest_jobs(session, event)
    words = _last_words(session, event, list(jobs.values()))
    rows = [_row(r, g, jobs.get(r.id), words.get(r.id)) for r, g in recordings]
    return Desk(rows, _summary(session, event, rows, jobs))


def _row(recording: Recording, group: Group, job: Job | None, words: str | None) -> DeskRow:
    active = job if job and job.state in (JobState.QUEUED, JobState.RUNNING) else None
    state = state_of(recording, job)
    return DeskRow(
        recording_id=recording.id,
        group_id=group.id,
        group_name=group.name,
        original_name=recording.original_name,
        kind=recording.kind,
        state=state,
        seconds=recording.seconds,
        engine=recording.engine,
        demonstration=is_demonstration(recording.engine),
        silence=recording.silence,
        confidence=recording.confidence,
        warnings=_warnings(recording),
        error=job.error if job and state == RecordingState.FAILED else None,
        consent=recording.consent,
        last_words=words,
        job_id=active.id if active else None,
        progress=active.progress if active else None,
        note=active.note if active else "",
    )


def state_of(recording: Recording, job: Job | None) -> RecordingState:
    """What the row shows, given the newest transcription job of the recording."""
    if recording.state == RecordingState.READY or job is None:
        return recording.state
    shown = {JobState.RUNNING: RecordingState.TRANSCRIBING, JobState.FAILED: RecordingState.FAILED}
    return shown.get(job.state, RecordingState.WAITING)


def _warnings(recording: Recording) -> list[str]:
    """What an organiser should know about this file, in words; the stored sentences first."""
    said = list(recording.warnings)
    if recording.silence is not None and recording.silence > SILENT:
        said.append(f"{recording.silence:.0%} silence".replace("%", " %"))
    if recording.confidence is not None and recording.confidence < UNSURE:
        said.append("recogniser unsure")
    if is_demonstration(recording.engine):
        said.append("demonstration engine: expect wrong words")
    if not recording.consent:
        said.append("no consent noted")
    return said


def _newest_jobs(session: Session, event: Event) -> dict[int, Job]:
    """The latest transcription job of each recording."""
    query = select(Job).where(Job.event_id == event.id, Job.route == "transcribe").order_by(Job.id)
    return {job.subject_id: job for job in session.scalars(query)}


def _last_words(session: Session, event: Event, jobs: list[Job]) -> dict[int, str]:
    """{recording id: the last few words heard}, from the transcript or, while it runs, from the newest step."""
    last = (
        select(Utterance.recording_id, func.max(Utterance.position).label("position"))
        .join(Recording, Recording.id == Utterance.recording_id)
        .where(Recording.event_id == event.id)
        .group_by(Utterance.recording_id)
        .subquery()
    )
    stored = session.execute(
        select(Utterance.recording_id, Utterance.text).join(
            last, (last.c.recording_id == Utterance.recording_id) & (last.c.position == Utterance.position)
        )
    )
    words = {recording_id: _tail(text) for recording_id, text in stored}
    running = {job.id: job.subject_id for job in jobs if job.state == JobState.RUNNING}
    newest = select(func.max(JobStep.id)).where(JobStep.job_id.in_(running)).group_by(JobStep.job_id)
    for step in session.scalars(select(JobStep).where(JobStep.id.in_(newest))):
        spoken = [u["text"] for u in step.result.get("utterances", [])]
        if spoken:
            words[running[step.job_id]] = _tail(spoken[-1])
    return words


def _tail(text: str) -> str:
    words = text.split()
    return ("… " if len(words) > LAST_WORDS else "") + " ".join(words[-LAST_WORDS:])


def _summary(session: Session, event: Event, rows: list[DeskRow], jobs: dict[int, Job]) -> DeskSummary:
    rooms = session.scalar(select(func.count()).where(Group.event_id == event.id)) or 0
    return DeskSummary(
        rooms=rooms,
        received=len(rows),
        ready=sum(r.state == RecordingState.READY for r in rows),
        running=sum(r.state == RecordingState.TRANSCRIBING for r in rows),
        waiting=sum(r.state == RecordingState.WAITING for r in rows),
        failing=sum(r.state == RecordingState.FAILED for r in rows),
        seconds_left=seconds_left(rows, jobs, utcnow()),
    )


def seconds_left(rows: list[DeskRow], jobs: dict[int, Job], now: datetime) -> float | None:
    """Audio still to do, at the speed seen so far in this event, with CAUTION. None where nothing was seen yet."""
    left = sum((r.seconds or 0.0) * (1 - (r.progress or 0.0)) for r in rows if r.job_id is not None)
    heard = spent = 0.0
    lengths = {r.recording_id: r.seconds or 0.0 for r in rows}
    for job in jobs.values():
        if job.started_at and job.state in (JobState.RUNNING, JobState.DONE) and job.progress > 0:
            heard += lengths.get(job.subject_id, 0.0) * job.progress
            spent += ((job.finished_at or now) - job.started_at).total_seconds()
    if not left or not heard:
        return None
    return CAUTION * left * spent / heard
