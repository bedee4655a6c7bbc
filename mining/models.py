"""The tables of mining: analyses of an event, their passages and themes, and cached embeddings.

An analysis is replaced as a whole. Passages and themes carry `number`, which counts from 1 within an analysis and is
what pages and exports use: the same input and seed give the same numbers.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capture.database import Base, UTCDateTime, utcnow
from capture.models import Event, Group, Recording


class Analysis(Base):
    """One run of the pipeline over one event; the newest one is what pages show."""

    __tablename__ = "analysis"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """sha256 of everything the result depends on: utterances, seed, parameters, model, versions."""
    seed: Mapped[int]
    embedder: Mapped[str] = mapped_column(String(200))
    clusterer: Mapped[str] = mapped_column(String(60))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    seconds: Mapped[dict[str, float]] = mapped_column(JSON)
    stability: Mapped[float | None] = mapped_column(Float)
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """[{"reason", "utterances", "words"}]"""
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Plain sentences about how far this run can be trusted, e.g. that there was too little talk for themes."""
    passages: Mapped[list["Passage"]] = relationship(
        back_populates="analysis", cascade="all, delete-orphan", order_by="Passage.number", passive_deletes=True
    )
    themes: Mapped[list["Theme"]] = relationship(
        back_populates="analysis", cascade="all, delete-orphan", order_by="Theme.number", passive_deletes=True
    )


class Theme(Base):
    """A cluster of passages across groups. Shares are of seconds of talk, 0..1."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("analysis_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    analysis_id: Mapped[int] = mapped_column(ForeignKey("analysis.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    """Rank: breadth before depth."""
    label: Mapped[str] = mapped_column(String(200))
    keywords: Mapped[list[str]] = mapped_column(JSON)
    parent: Mapped[int | None]
    """Number of the coarser theme; None while there is one level."""
    breadth: Mapped[int]
    """How many groups raise it."""
    depth: Mapped[float] = mapped_column(Float)
    """Share of the event's mined talk time."""
    stability: Mapped[float | None] = mapped_column(Float)
    by_group: Mapped[dict[str, float]] = mapped_column(JSON)
    """{group id as text: share of that group's mined talk}"""
    quotes: Mapped[list[int]] = mapped_column(JSON)
    """Numbers of the most central passages, best first."""
    perspectives: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """[{"group": id, "keywords": [...], "quotes": [passage numbers]}], most talk first."""
    neighbours: Mapped[list[int]] = mapped_column(JSON)
    """Numbers of the nearest themes, nearest first."""
    x: Mapped[float] = mapped_column(Float)
    y: Mapped[float] = mapped_column(Float)
    """Place on the map, -1..1."""
    analysis: Mapped[Analysis] = relationship(back_populates="themes")


class Passage(Base):
    """Consecutive utterances of one recording on one subject: what is embedded and clustered."""

    __tablename__ = "passage"
    __table_args__ = (UniqueConstraint("analysis_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    analysis_id: Mapped[int] = mapped_column(ForeignKey("analysis.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey(Group.id, ondelete="CASCADE"), index=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey(Recording.id, ondelete="CASCADE"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"), index=True)
    number: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    """Positions of the first and last utterance in the recording, both included."""
    start: Mapped[float] = mapped_column(Float)
    end: Mapped[float] = mapped_column(Float)
    """Seconds from the beginning of the group's recordings, laid end to end."""
    offset: Mapped[float] = mapped_column(Float)
    """Where this recording begins on that scale: seconds in the file are `start - offset`."""
    words: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    """Verbatim: the utterances' masked texts joined by single spaces."""
    speakers: Mapped[list[str]] = mapped_column(JSON)
    kind: Mapped[str | None] = mapped_column(String(20))
    strength: Mapped[float] = mapped_column(Float)
    """0..1: cosine to the centre of its theme, cut at 0; 0 where it has none."""
    analysis: Mapped[Analysis] = relationship(back_populates="passages")
    theme: Mapped[Theme | None] = relationship()


class Embedding(Base):
    """A text's vector, kept so that only new talk is embedded when an event is mined again."""

    __tablename__ = "embedding"
    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the text as it was given to the model."""
    model: Mapped[str] = mapped_column(String(200), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    """float32, little-endian, length 1 (L2)."""
