"""The tables of what follows from themes: the catalogue, drafts of modules, next steps, peer groups and proposals.

Talk is never copied into them: a line refers to the stored transcript by a citation, {"recording": id, "position":
utterance, "start": character, "end": character, "sha256": of those characters}, which `mining.citations` reads back.
Where the words are gone or were masked anew, the citation shows nothing. Themes are named by their strand, which stays
when an event is mined again.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capture.database import Base, UTCDateTime, as_word, utcnow
from capture.models import Event, Group, Person, Programme, RosterEntry
from mining.models import Strand


class Module(Base):
    """A discussion guide on offer. The catalogue is the house's: every programme is served from it."""

    __tablename__ = "module"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """The title as it is compared: folded, single spaces."""
    title: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(200), default="")
    mindset: Mapped[str | None] = mapped_column(String(20))
    """reflection, analysis, worldliness, collaboration or action; None where it could not be told."""
    inferred: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the mindset is the software's guess."""
    summary: Mapped[str] = mapped_column(Text, default="")
    pages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """[{"title", "text", "question", "minutes"}] in reading order; minutes may be None. Where people's words stand on a
    page, `text` and `question` are empty and "lines" holds [{"role", "text", "citations", "worded"}], as draft lines.
    Read by `mining.catalogue.module_reading` alone."""
    source: Mapped[str] = mapped_column(String(255), default="")
    """The file (and row) it was read from, or the draft it was."""
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    """When it came into this catalogue; mostly long after people could take it."""
    offered_on: Mapped[date | None]
    """The first day it was on offer; None where nobody said."""


class DraftState(StrEnum):
    DRAFTED = "drafted"
    """Waits for a designer."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Draft(Base):
    """A module that does not exist yet, written from a theme that no module answers. Every line carries citations."""

    __tablename__ = "draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), index=True)
    strand_id: Mapped[int | None] = mapped_column(ForeignKey(Strand.id, ondelete="SET NULL"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id", ondelete="SET NULL"))
    """The proposal it was adopted from."""
    title: Mapped[str] = mapped_column(String(200))
    mindset: Mapped[str | None] = mapped_column(String(20))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As `mining.drafts.drafts` holds it."""
    state: Mapped[DraftState] = mapped_column(as_word(DraftState), default=DraftState.DRAFTED)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was accepted or rejected."""
    wording: Mapped[str] = mapped_column(String(200), default="")
    """The language model that worded it; empty where it is made of people's words alone."""
    dropped: Mapped[int] = mapped_column(default=0, server_default="0")
    """Citations the language model gave that nobody said."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    made_by: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts changes: a form made from an older one changes nothing."""
    changes: Mapped[list["DraftChange"]] = relationship(
        cascade="all, delete-orphan", order_by="DraftChange.id", passive_deletes=True
    )


class DraftChange(Base):
    """What a designer did to a draft."""

    __tablename__ = "draft_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    made_by: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(20))
    """edited, accepted, rejected, reopened, undone"""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class StepState(StrEnum):
    FOUND = "found"
    """The software's suggestion: nobody has confirmed it."""
    CONFIRMED = "confirmed"
    DONE = "done"
    NOT_DONE = "not done"
    DROPPED = "dropped"
    DISMISSED = "dismissed"
    """Not a commitment after all."""


class NextStep(Base):
    """Something somebody said they would do, or that was written down by hand."""

    __tablename__ = "next_step"
    __table_args__ = (UniqueConstraint("event_id", "fingerprint"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey(Group.id, ondelete="CASCADE"), index=True)
    strand_id: Mapped[int | None] = mapped_column(ForeignKey(Strand.id, ondelete="SET NULL"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    """What it is known by when commitments are looked for again."""
    citation: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Where it was said; None where it was written by hand."""
    text: Mapped[str | None] = mapped_column(Text)
    """What people call it; None where it stands as it was said."""
    owner: Mapped[str | None] = mapped_column(String(200))
    """`person 3` as found, or as people write it."""
    due_on: Mapped[date | None]
    due_said: Mapped[str | None] = mapped_column(String(80))
    """The words it was taken from: “by March”."""
    state: Mapped[StepState] = mapped_column(as_word(StepState), default=StepState.FOUND)
    score: Mapped[float] = mapped_column(Float, default=1.0)
    """0..1: how sure the software is that this is a commitment."""
    carried_from: Mapped[int | None] = mapped_column(ForeignKey("next_step.id", ondelete="SET NULL"))
    """The same step at the event before."""
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    changed_by: Mapped[str | None] = mapped_column(String(200))
    history: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """[{"at", "by", "state", "owner", "due_on", "text"}]: what it was before each change."""


class Draw(Base):
    """One seating of the alumni of an event into peer groups; the newest is what pages show."""

    __tablename__ = "draw"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    made_by: Mapped[str] = mapped_column(String(200))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    """{"value", "bound", "gap", "seconds", "greedy", "random", ...}"""
    left_over: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """[{"entry": id, "reason"}]: who wanted to be in a group and is in none."""
    groups: Mapped[list["PeerGroup"]] = relationship(
        cascade="all, delete-orphan", order_by="PeerGroup.number", passive_deletes=True
    )


class PeerGroup(Base):
    """Three to six alumni who share a challenge and differ in department or organisation."""

    __tablename__ = "peer_group"
    __table_args__ = (UniqueConstraint("draw_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    strand_id: Mapped[int | None] = mapped_column(ForeignKey(Strand.id, ondelete="SET NULL"))
    """The challenge they share."""
    locked: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Stays as it is when people are seated anew."""
    first_on: Mapped[datetime | None] = mapped_column(UTCDateTime)
    second_on: Mapped[datetime | None] = mapped_column(UTCDateTime)
    place: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[str | None] = mapped_column(String(20))
    """closed or project, after the second meeting"""
    members: Mapped[list["PeerGroupMember"]] = relationship(
        cascade="all, delete-orphan", order_by="PeerGroupMember.entry_id", passive_deletes=True
    )


class PeerGroupMember(Base):
    __tablename__ = "peer_group_member"
    peer_group_id: Mapped[int] = mapped_column(ForeignKey("peer_group.id", ondelete="CASCADE"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey(RosterEntry.id, ondelete="CASCADE"), primary_key=True, index=True)


class PeerWish(Base):
    """Two people who must, or must not, sit in one peer group."""

    __tablename__ = "peer_wish"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), index=True)
    one_id: Mapped[int] = mapped_column(ForeignKey(RosterEntry.id, ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey(RosterEntry.id, ondelete="CASCADE"))
    together: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    made_by: Mapped[str] = mapped_column(String(200))


class Pick(Base):
    """A theme that somebody on the roster wants to work on, whatever their group talked about."""

    __tablename__ = "pick"
    entry_id: Mapped[int] = mapped_column(ForeignKey(RosterEntry.id, ondelete="CASCADE"), primary_key=True)
    strand_id: Mapped[int] = mapped_column(ForeignKey(Strand.id, ondelete="CASCADE"), primary_key=True)
    picked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)


class ProposalState(StrEnum):
    OPEN = "open"
    """Nobody has answered yet."""
    ADOPTED = "adopted"
    """Becomes a draft."""
    MERGED = "merged"
    """Goes on in another proposal."""
    NOT_NOW = "not now"
    WITHDRAWN = "withdrawn"
    """By whoever proposed it."""


class Proposal(Base):
    """A module topic that an alumnus suggests, with the three questions of the brief."""

    __tablename__ = "proposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id, ondelete="CASCADE"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey(Event.id, ondelete="SET NULL"))
    """The event whose themes it was written beside."""
    strand_id: Mapped[int | None] = mapped_column(ForeignKey(Strand.id, ondelete="SET NULL"))
    """The theme it answers, where the proposer chose one."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    challenge: Mapped[str] = mapped_column(Text)
    """What the challenge is."""
    matters: Mapped[str] = mapped_column(Text)
    """Why it matters to me."""
    success: Mapped[str] = mapped_column(Text)
    """What a successful outcome would look like."""
    state: Mapped[ProposalState] = mapped_column(as_word(ProposalState), default=ProposalState.OPEN)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was answered so; the proposer sees it."""
    answered_by: Mapped[str | None] = mapped_column(String(200))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("proposal.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    voices: Mapped[list["Endorsement"]] = relationship(
        cascade="all, delete-orphan", order_by="Endorsement.at", passive_deletes=True
    )
    questions: Mapped[list["ProposalQuestion"]] = relationship(
        cascade="all, delete-orphan", order_by="ProposalQuestion.id", passive_deletes=True
    )
    changes: Mapped[list["ProposalChange"]] = relationship(
        cascade="all, delete-orphan", order_by="ProposalChange.id", passive_deletes=True
    )


class Endorsement(Base):
    """Somebody has this challenge too, or wants to work on it."""

    __tablename__ = "endorsement"
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"), primary_key=True)
    joined: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether they want to work on it, not only to see it."""
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)


class ProposalQuestion(Base):
    """A question that somebody would want the module to ask."""

    __tablename__ = "proposal_question"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)


class ProposalChange(Base):
    """What was changed in a proposal, by whom: in an open programme anyone may."""

    __tablename__ = "proposal_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class Notice(Base):
    """Something a person should hear of: listed on a page, in a feed and in the organiser's outbox."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_person_at", "person_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id, ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20), default="")
    """What happened; see `mining.proposals.notices`."""
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the organiser said that it was passed on."""
