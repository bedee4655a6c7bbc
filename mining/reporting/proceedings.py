"""Everything that the book of proceedings says of an event, as plain values: for those who took part, to keep.

It holds what enough groups raised, in their own words and without saying whose; the questions that accepted module
drafts ask; and proposals as everybody in the programme reads them. Next steps are not in it: they belong to groups.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.access import called
from capture.models import Access, Event, Person, Programme, Role
from capture.programmes import programme_of
from mining.drafts.shared import SharedDraft, shared_drafts
from mining.privacy.discretion import SharedTheme, SharedView
from mining.proposals.reading import all_shown
from mining.reporting.sponsor_report import NOBODY, About, about, checked_view, event_proposals
from mining.suggestion_models import Proposal, ProposalState

QUOTES = 4
"""Quotes of a theme, at most."""


@dataclass(frozen=True)
class Proposed:
    """A proposal with the three answers of its brief. `proposer` is None for somebody who is no longer known, `into`
    what it was merged into."""

    title: str
    challenge: str
    matters: str
    success: str
    state: ProposalState
    proposer: str | None
    made_on: date
    voices: int
    questions: tuple[str, ...]
    into: str | None


@dataclass(frozen=True)
class Proceedings:
    """`contact` is whom to ask to have words removed: what somebody wrote, else the organisers' names, else empty.
    `asking` are accepted drafts with at least one question."""

    about: About
    view: SharedView
    themes: tuple[SharedTheme, ...]
    asking: tuple[SharedDraft, ...]
    proposals: tuple[Proposed, ...]
    contact: str


def proceedings(session: Session, event: Event, today: date, contact: str = "") -> Proceedings:
    """Raises Refused where the event was not mined, or fewer groups talked than may be told of."""
    view, analysis = checked_view(session, event, quotes=True)
    programme = programme_of(session, event)
    return Proceedings(
        about=about(event, analysis, today),
        view=view,
        themes=tuple(replace(theme, quotes=theme.quotes[:QUOTES]) for theme in view.themes),
        asking=tuple(draft for draft in shared_drafts(session, event, view) if draft.questions),
        proposals=_proposed(session, event),
        contact=" ".join(contact.split()) or _organisers(session, programme),
    )


def _proposed(session: Session, event: Event) -> tuple[Proposed, ...]:
    rows = [session.get_one(Proposal, listed.id) for listed in event_proposals(session, event)]
    return tuple(
        Proposed(
            title=read.row.title,
            challenge=read.row.challenge,
            matters=read.row.matters,
            success=read.row.success,
            state=read.row.state,
            proposer=read.proposer,
            made_on=read.row.made_at.date(),
            voices=read.voices,
            questions=tuple(each.text for each in read.questions if not each.through),
            into=read.into[1] if read.into else None,
        )
        for read in all_shown(session, rows, NOBODY)
    )


def _organisers(session: Session, programme: Programme | None) -> str:
    """Names of those who organise the programme: participants were invited by them."""
    if programme is None:
        return ""
    query = (
        select(called(programme.id))
        .select_from(Person)
        .join(Access, Access.person_id == Person.id)
        .where(Access.programme_id == programme.id, Access.role == Role.ORGANISER)
        .order_by(func.lower(called(programme.id)))
    )
    return ", ".join(session.scalars(query))
