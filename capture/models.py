"""The tables of capturing: events, groups, recordings, utterances, participants; who may sign in; the job ledger.

Nothing here knows themes; mining's tables point at these, never the other way round.
"""

import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capture.database import Base, UTCDateTime, as_word, utcnow


class ProposalMode(StrEnum):
    CURATED = "curated"
    """A named panel decides which proposals become modules."""
    OPEN = "open"
    """Anyone in the programme works on them together."""


class Event(Base):
    """One lessons-learned open space."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    programme: Mapped[str | None] = mapped_column(String(200))
    held_on: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(20), default="en")
    vocabulary: Mapped[str] = mapped_column(Text, default="")
    """Words a recogniser should expect: names of modules, products, departments; separated by commas."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    retracted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When talk was last removed, or masked again because more names became known. Whatever was derived from the
    transcripts before may still hold what must not be shown."""
    groups: Mapped[list["Group"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", order_by="Group.position", passive_deletes=True
    )


class Group(Base):
    """One breakout room or posted topic of an event. `position` keeps every listing in the same order."""

    __tablename__ = "group"
    __table_args__ = (UniqueConstraint("event_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    event: Mapped[Event] = relationship(back_populates="groups")
    recordings: Mapped[list["Recording"]] = relationship(
        back_populates="group", cascade="all, delete-orphan", order_by="Recording.position", passive_deletes=True
    )


class Programme(Base):
    """A company's run of peer coaching: what people have roles in, and what proposals belong to. An event that names no
    programme is one by itself."""

    __tablename__ = "programme"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(200), unique=True)
    """As its events write it (`Event.programme`); None where it is one event by itself."""
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    """The event that is a programme by itself: it takes its people with it."""
    quorum: Mapped[int] = mapped_column(default=3, server_default="3")
    """The k of k-anonymity: alumni and sponsors are shown words only of themes that so many groups raised."""
    mode: Mapped[ProposalMode] = mapped_column(as_word(ProposalMode), default=ProposalMode.CURATED)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)


class Person(Base):
    """Somebody who may sign in. Never a speaker: who spoke is a Participant, and only the roster leads from one to the
    other."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    """What cookies hold: unlike an id it is never given again."""
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    """In small letters; what rosters know the person by."""
    host: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whoever opened the link that `serve` prints: organiser of everything."""
    signed_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Browsers that signed in before this are signed out."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)


class Role(StrEnum):
    ORGANISER = "organiser"
    """Brings recordings, invites people, deletes: everything."""
    DESIGNER = "designer"
    """Reads everything, puts themes right, writes modules, answers proposals."""
    ALUMNUS = "alumnus"
    """Reads what enough groups raised, proposes topics, meets peers."""
    SPONSOR = "sponsor"
    """Reads what enough groups raised, and figures."""


class Access(Base):
    """A person's role in a programme: one at a time."""

    __tablename__ = "access"
    __table_args__ = (UniqueConstraint("person_id", "programme_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(as_word(Role))
    panel: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the person is one of those who decide about proposals in a curated programme."""
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    granted_by: Mapped[str] = mapped_column(String(200))
    signed_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Browsers that a link of this programme signed in before this have no role in it any more."""


class Invitation(Base):
    """A link that signs a person in, on as many browsers as the person has, until it expires or is ended."""

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    """The only programme whose pages it opens: whoever may invite here must not get into another one with it."""
    name: Mapped[str | None] = mapped_column(String(200))
    """What the person is called in this programme; None: as the programme that knew them first calls them. Whoever may
    invite here must not learn the name behind an e-mail address either."""
    nonce: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    """What the link holds, signed. The link can be written again from it, and by nobody without the key."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    made_by: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The last time."""
    uses: Mapped[int] = mapped_column(default=0, server_default="0")


class Participant(Base):
    """Somebody who spoke or is on the roster. Pages show `person NUMBER`; the name is shown to the organiser alone, and
    to the peers of those who agreed to be brought together."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("event_id", "name"), UniqueConstraint("event_id", "number"))
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    number: Mapped[int]


class RosterEntry(Base):
    """A line of an event's roster: who took part, from where, and whether they want to be brought together."""

    __tablename__ = "roster_entry"
    __table_args__ = (UniqueConstraint("event_id", "email"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    """Holds the name, which is masked in talk."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """Who signs in as them, by the same e-mail address; None where nobody was invited."""
    email: Mapped[str | None] = mapped_column(String(320))
    """In small letters."""
    organisation: Mapped[str] = mapped_column(String(200), default="")
    department: Mapped[str] = mapped_column(String(200), default="")
    opt_in: Mapped[bool] = mapped_column(default=False)
    """Whether they agreed to be brought together with others. Without it they appear nowhere."""
    answered: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether they said so themselves: a file that is brought later does not change it then."""
    participant: Mapped[Participant] = relationship()


class Attendance(Base):
    """Which group somebody on the roster sat in."""

    __tablename__ = "attendance"
    entry_id: Mapped[int] = mapped_column(ForeignKey("roster_entry.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"), primary_key=True, index=True)


class RecordingKind(StrEnum):
    AUDIO = "audio"
    """Sound (or a video's sound) that has to be transcribed."""
    TRANSCRIPT = "transcript"
    """A transcript file somebody else's recogniser made; its utterances are stored on arrival."""


class RecordingState(StrEnum):
    """What a recording's row shows. Only WAITING and READY are stored; the other two follow from the job ledger,
    which alone knows whether a worker lives (capture.desk)."""

    WAITING = "waiting"
    """Stored and safe; its utterances are not there yet."""
    TRANSCRIBING = "transcribing"
    """A job runs for it."""
    READY = "ready"
    """Its utterances are in the database."""
    FAILED = "failed"
    """The last job gave up; the file itself is safe."""


class Recording(Base):
    """One accepted file of a group. The bytes lie in the media folder under `stored_name`, never under the
    name they came with."""

    __tablename__ = "recording"
    __table_args__ = (UniqueConstraint("event_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    """Order within the group: its recordings are read end to end in this order."""
    kind: Mapped[RecordingKind] = mapped_column(as_word(RecordingKind))
    state: Mapped[RecordingState] = mapped_column(as_word(RecordingState), default=RecordingState.WAITING)
    original_name: Mapped[str] = mapped_column(String(255))
    stored_name: Mapped[str] = mapped_column(String(100), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    """Bytes."""
    format: Mapped[str] = mapped_column(String(60))
    """What the content is, in words: `m4a, AAC`, `Zoom WebVTT`, ..."""
    seconds: Mapped[float | None] = mapped_column(Float)
    """Length: as declared on arrival, as really decoded once transcribed; of a transcript the end of its last cue."""
    silence: Mapped[float | None] = mapped_column(Float)
    """Share (0..1) of the length without voice; None until transcribed."""
    engine: Mapped[str | None] = mapped_column(String(200))
    """Which recogniser or file format the utterances come from."""
    confidence: Mapped[float | None] = mapped_column(Float)
    """Mean confidence of the words, 0..1; None where the source has none."""
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Plain sentences about this file, e.g. that a part could not be decoded."""
    consent: Mapped[str | None] = mapped_column(Text)
    """What the group agreed to, in the organiser's words; None: nothing noted."""
    withdrawn_consent: Mapped[str | None] = mapped_column(Text)
    """What `consent` was until the room took it back, so that this can be undone; nobody is quoted by it."""
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    group: Mapped[Group] = relationship(back_populates="recordings")
    utterances: Mapped[list["Utterance"]] = relationship(
        back_populates="recording", cascade="all, delete-orphan", order_by="Utterance.position", passive_deletes=True
    )


class Utterance(Base):
    """One stretch of one speaker, masked. `start` and `end` are seconds from the beginning of its recording."""

    __tablename__ = "utterance"
    __table_args__ = (UniqueConstraint("recording_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    start: Mapped[float]
    end: Mapped[float]
    text: Mapped[str] = mapped_column(Text)
    speaker: Mapped[str | None] = mapped_column(String(40))
    """`person 3`, or None where unknown; never a name."""
    confidence: Mapped[float | None] = mapped_column(Float)
    words: Mapped[list[list[Any]] | None] = mapped_column(JSON)
    """[[word, start, end, confidence], ...] where the recogniser gives them."""
    doubt: Mapped[str | None] = mapped_column(String(60))
    """Why this text is not mined ("repeats itself", "no speech"); None: it is sound."""
    recording: Mapped[Recording] = relationship(back_populates="utterances")


class JobState(StrEnum):
    QUEUED = "queued"
    """Waits for a worker, from `not_before` on."""
    RUNNING = "running"
    """A worker holds it until `lease_until`; past that any worker may take it over."""
    DONE = "done"
    FAILED = "failed"
    """Given up; `error` says why in words."""
    CANCELLED = "cancelled"
    """Somebody stopped it; what its steps stored stays."""


class Job(Base):
    """The ledger: the truth about background work. A queue only carries the number of a row."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_route", "state", "route"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(String(20))
    """Which workers take it: `transcribe` or `mine`; also the name of its handler."""
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    subject_id: Mapped[int]
    """The recording (transcribe) or the event (mine)."""
    key: Mapped[str] = mapped_column(String(80), index=True)
    """One job of a key waits at most, and never two run at once: `transcribe:7`, `mine:2`."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = mapped_column(as_word(JobState), default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    token: Mapped[str | None] = mapped_column(String(32))
    """Whose run this is; a worker that lost its lease no longer matches and can store nothing."""
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    not_before: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[float] = mapped_column(Float, default=0.0)
    """0..1"""
    note: Mapped[str] = mapped_column(String(300), default="")
    """What it is doing or has done, in words."""
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class JobStep(Base):
    """A finished piece of a job; a job that is taken over goes on after its last step."""

    __tablename__ = "job_step"
    __table_args__ = (UniqueConstraint("job_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    result: Mapped[Any] = mapped_column(JSON)
    attempt: Mapped[int]
    """Which attempt of the job stored it."""
    stored_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
