"""The tables of mining: analyses of an event, their passages and themes; what lasts from one analysis to the next
(strands, human decisions); and cached embeddings.

An analysis is replaced as a whole. Passages and themes carry `number`, which counts from 1 within an analysis and is
what pages and exports use: the same input and seed give the same numbers. A strand is what a theme is called by where
it has to be known again after the event was mined anew.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, LargeBinary, String, Text, UniqueConstraint, false
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
    trust: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """Figures behind the sentences on trust, as `mining.trust.Trust` holds them; empty in analyses made before it."""
    lineage: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}", deferred=True)
    """What its clusters are known by and what was there before, as `mining.conclusion` needs it to describe again after
    a decision; also what it called themes that are not shown now. Not loaded with the row."""
    concluded: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many decisions and undoings its themes respect, of all there are for the event."""
    passages: Mapped[list["Passage"]] = relationship(
        back_populates="analysis", cascade="all, delete-orphan", order_by="Passage.number", passive_deletes=True
    )
    themes: Mapped[list["Theme"]] = relationship(
        back_populates="analysis", cascade="all, delete-orphan", order_by="Theme.number", passive_deletes=True
    )

    @property
    def stamp(self) -> int:
        """What tells it from every other analysis: databases may give the id of a deleted row again. Microseconds."""
        return round(self.created_at.timestamp() * 1e6)


class Theme(Base):
    """A cluster of passages across groups. Shares are of seconds of talk, 0..1."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("analysis_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    analysis_id: Mapped[int] = mapped_column(ForeignKey("analysis.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    """Rank: breadth before depth."""
    label: Mapped[str] = mapped_column(String(200))
    named_by: Mapped[str | None] = mapped_column(String(200))
    """Who gave it this name; None where it is the software's suggestion."""
    keywords: Mapped[list[str]] = mapped_column(JSON)
    parent: Mapped[int | None]
    """Number of the coarser theme it is part of; None where it stands alone or is coarse itself."""
    coarse: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it is made of finer themes and holds no passages itself. Coarse themes have the highest numbers."""
    strand_id: Mapped[int | None] = mapped_column(ForeignKey("strand.id"), index=True)
    """What it is known by in the next analysis; None for coarse themes."""
    change: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Against the analysis before, as `mining.curating.lineage.Change` holds it; None in the first analysis of an
    event."""
    statement: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """{"passage": number, "position": utterance, "start": character, "end": character, "text"}: what somebody said that
    stands for the theme, verbatim."""
    shared: Mapped[int | None]
    """Number of the passage that is closest to all groups' ways of saying it."""
    kinds: Mapped[dict[str, float]] = mapped_column(JSON, default=dict, server_default="{}")
    """{kind: share of the theme's talk time}"""
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
    """The theme that is shown, after human decisions."""
    found: Mapped[int | None]
    """The cluster it was found in, before human decisions; None where it was set aside."""
    facet: Mapped[int | None]
    """A finer cluster within `found`, counted from 1: what a theme is split by; None where it does not fall apart."""
    aside: Mapped[str | None] = mapped_column(String(120))
    """Why it has no theme, in the user's words; None where it has one, or where there was too little talk."""
    vector: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """float32, little-endian, length 1 (L2): its meaning as it was clustered. Not loaded with the row."""
    mined: Mapped[str] = mapped_column(Text, deferred=True, default="", server_default="")
    """The text as the embedder got it: without backchannels and hesitation. Not loaded with the row."""
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


class Strand(Base):
    """What stays of a theme from one analysis of an event to the next. Holds no words of anybody: only where its talk
    stands and what it means, so that forgetting talk leaves nothing here that could be read."""

    __tablename__ = "strand"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the analysis was made that last found it; None for a part that a person split off and that no analysis has
    found by itself yet."""
    spans: Mapped[list[list[float]]] = mapped_column(JSON)
    """[[recording id, start, end], ...] in seconds of the recording, one per passage: the talk it was last found in."""
    embedder: Mapped[str] = mapped_column(String(200))
    centre: Mapped[bytes] = mapped_column(LargeBinary)
    """float32, little-endian, length 1 (L2): the mean meaning of its passages, by `embedder`."""


class Decision(Base):
    """Something a person decided about themes: kept for good, respected by every later analysis, undone by a mark."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    made_by: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(20))
    """rename, merge, split, move, hide"""
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the verb needs: strands by id, passages by recording and seconds; see `mining.curating.curation`."""
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(200))


class Embedding(Base):
    """A text's vector, kept so that only new talk is embedded when an event is mined again."""

    __tablename__ = "embedding"
    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the text as it was given to the model."""
    model: Mapped[str] = mapped_column(String(200), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    """float32, little-endian, length 1 (L2)."""
