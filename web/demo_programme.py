"""What follows from the sample event's themes, for `harvest demo`: people with roles, drafts of missing modules, peer
groups, and what two alumni propose. Behind `web.demo`; every part is left alone where it is there already.
"""

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.console import Console
from capture.errors import Refused
from capture.events import get_event
from capture.invitations import invite_roster
from capture.models import Event, Person
from capture.programmes import ensure_programme, quorum_of
from mining.catalogue.answering import Verdict
from mining.catalogue.coverage import coverage_of
from mining.drafts.drafting import draft_theme
from mining.drafts.drafts import drafts_of
from mining.drafts.log import accept
from mining.peers.groups import Options, latest_draw, prepare, solve, store
from mining.proposals.briefs import Brief
from mining.proposals.proposals import propose
from mining.proposals.rights import Actor
from mining.proposals.support import ask, endorse, join
from mining.settings import MiningSettings
from mining.suggestion_models import DraftState, Proposal

BY = "the demo"
DAYS = 14
"""For which the invitations of the sample's people hold."""


def lead_on(console: Console, slug: str, samples: Path) -> None:
    """Says in a line each what was made."""
    for made in (_invite(console, slug), _draft(console, slug), _seat(console, slug), _propose(console, slug, samples)):
        if made:
            click.echo(made)


def _invite(console: Console, slug: str) -> str:
    with console.database().writing() as session:
        invited = invite_roster(session, get_event(session, slug), BY, DAYS)
    return f"People: {invited.fresh} invited as alumni; the page People has their links." if invited.fresh else ""


def _draft(console: Console, slug: str) -> str:
    """A draft of each module that is missing and that a quorum of groups would need. Goes on where it was cut off;
    where a person has worked on drafts, all are left as they are."""
    with console.database().reading() as session:
        event = get_event(session, slug)
        drafts = drafts_of(session, event)
        if any(who != BY for each in drafts for who in (each.made_by, *(change.made_by for change in each.changes))):
            return ""
        least, written = quorum_of(session, event), {each.strand_id for each in drafts}
        wide = [each for each in coverage_of(session, event).having(Verdict.GAP) if each.groups >= least]
        gaps = [each for each in wide if each.strand_id not in written]
    for gap in gaps:
        draft_theme(console.database(), MiningSettings.from_env(), slug, gap.number, by=BY)
    _accept_all_but_widest(console, slug)
    return f"Drafts of modules that are missing: {', '.join(gap.label for gap in gaps)}." if gaps else ""


def _accept_all_but_widest(console: Console, slug: str) -> None:
    """One is left to be worked on, the first, since the widest gap comes first; what accepted ones ask stands in the
    book of proceedings."""
    with console.database().writing() as session:
        for draft in sorted(drafts_of(session, get_event(session, slug)), key=lambda each: each.id)[1:]:
            if draft.state == DraftState.DRAFTED:
                accept(session, draft, draft.version, BY, "Good enough to be tried in the next cycle.")


def _seat(console: Console, slug: str) -> str:
    with console.database().reading() as session:
        event = get_event(session, slug)
        if latest_draw(session, event.id):
            return ""
        prepared = prepare(session, event, Options())
    with console.progress("Seating people") as progress:
        drawn = solve(prepared, progress)
    with console.database().writing() as session:
        draw = store(session, get_event(session, slug), prepared, drawn, BY)
        return f"Peer groups: {len(draw.groups)}."


def _propose(console: Console, slug: str, samples: Path) -> str:
    written = json.loads((samples / "proposals.json").read_text("utf-8"))
    with console.database().writing() as session:
        event = get_event(session, slug)
        programme = ensure_programme(session, event)
        if session.scalar(select(func.count()).where(Proposal.programme_id == programme.id)):
            return ""
        strands = {each.label: each.strand_id for each in coverage_of(session, event).themes}
        for each in written:
            _one(session, event, each, strands.get(each["theme"]))
    return f"Proposals: {len(written)}."


def _one(session: Session, event: Event, written: dict[str, Any], strand: int | None) -> None:
    brief = Brief.of(written)
    proposal = propose(
        session, ensure_programme(session, event), event, _actor(session, written["email"]), brief, strand
    )
    for email in written["endorsed_by"]:
        endorse(session, proposal, _actor(session, email))
    for email in written["joined_by"]:
        join(session, proposal, _actor(session, email))
    for email, question in written["questions"]:
        ask(session, proposal, _actor(session, email), question)


def _actor(session: Session, email: str) -> Actor:
    person = session.scalar(select(Person).where(Person.email == email))
    if person is None:
        raise Refused(f"{email} writes in samples/proposals.json, but is not in samples/roster.csv.")
    return Actor(person.id, person.name)
