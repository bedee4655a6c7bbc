"""Adopted, merged, not now, open again: by those who may, with a reason, and told to those it concerns."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import Refused
from capture.models import Event, ProposalMode
from mining.proposals.answers import adopt, merge, mergeable, not_now, reopen
from mining.proposals.notices import NoticeKind
from mining.proposals.proposals import Outdated
from mining.proposals.rights import Actor
from mining.proposals.support import endorse, join
from mining.suggestion_models import Notice, Proposal, ProposalState
from tests.factories import make_event, make_proposal, make_strand
from tests.mining.proposing import actor

CURATED = ProposalMode.CURATED
REASON = "We have no room for it this year."


@pytest.fixture
def panel(session: Session, event: Event) -> Actor:
    return Actor(actor(session, event, "Pat").person_id, "Pat", panel=True)


def proposed(session: Session, event: Event, name: str, title: str = "Boss of my friends") -> Proposal:
    row = make_proposal(session, event, title=title)
    row.person_id = actor(session, event, name).person_id
    session.flush()
    return row


def told(session: Session, person_id: int | None) -> list[str]:
    query = select(Notice.text).where(Notice.person_id == person_id, Notice.kind == NoticeKind.ANSWERED)
    return list(session.scalars(query.order_by(Notice.id)))


def test_an_answer_has_a_reason_that_proposer_and_joiners_are_told(
    session: Session, event: Event, panel: Actor
) -> None:
    row, bob, eve = proposed(session, event, "Ann"), actor(session, event, "Bob"), actor(session, event, "Eve")
    join(session, row, bob)
    endorse(session, row, eve)
    not_now(session, CURATED, row, panel, REASON, 1)
    said = [f"“Boss of my friends” was answered: not now. {REASON}"]
    assert told(session, row.person_id) == told(session, bob.person_id) == said
    assert told(session, eve.person_id) == told(session, panel.person_id) == []
    assert (row.state, row.reason, row.answered_by) == (ProposalState.NOT_NOW, REASON, "Pat")


@pytest.mark.parametrize("reason", ["", "  \n ", "no", "<b></b>", "x" * 3000])
def test_an_answer_without_a_reason_is_none(session: Session, event: Event, panel: Actor, reason: str) -> None:
    row = proposed(session, event, "Ann")
    with pytest.raises(Refused):
        not_now(session, CURATED, row, panel, reason, 1)
    assert row.state == ProposalState.OPEN and told(session, row.person_id) == []


def test_staff_who_are_not_on_the_panel_do_not_answer(session: Session, event: Event) -> None:
    row = proposed(session, event, "Ann")
    dan = Actor(actor(session, event, "Dan").person_id, "Dan", staff=True)
    with pytest.raises(Refused, match="the panel"):
        adopt(session, CURATED, row, dan, REASON, 1, None)
    adopt(session, ProposalMode.OPEN, row, dan, REASON, 1, None)
    assert row.state == ProposalState.ADOPTED


def test_an_answer_to_an_older_text_is_refused(session: Session, event: Event, panel: Actor) -> None:
    row = proposed(session, event, "Ann")
    not_now(session, CURATED, row, panel, REASON, 1)
    with pytest.raises(Outdated):
        adopt(session, CURATED, row, panel, REASON, 1, None)
    assert row.state == ProposalState.NOT_NOW


def test_adopting_keeps_the_theme_that_was_chosen(session: Session, event: Event, panel: Actor) -> None:
    row, strand = proposed(session, event, "Ann"), make_strand(session, event)
    adopt(session, CURATED, row, panel, REASON, 1, strand.id)
    assert (row.state, row.strand_id, row.version) == (ProposalState.ADOPTED, strand.id, 2)


def test_merging_tells_both_and_can_be_taken_back(session: Session, event: Event, panel: Actor) -> None:
    row, other = proposed(session, event, "Ann"), proposed(session, event, "Bob", "Old friends, new chair")
    merge(session, CURATED, row, panel, REASON, 1, other.id)
    assert (row.state, row.merged_into) == (ProposalState.MERGED, other.id)
    assert "into another one, “Old friends, new chair”" in told(session, row.person_id)[0]
    assert "was merged into yours" in told(session, other.person_id)[0]
    reopen(session, CURATED, row, panel, "That was a mistake of ours.", 2)
    assert (row.state, row.merged_into) == (ProposalState.OPEN, None)
    assert "is open again" in told(session, row.person_id)[1]


def test_nothing_is_merged_into_itself_into_what_is_closed_or_into_another_programme(
    session: Session, event: Event, panel: Actor
) -> None:
    row, closed = proposed(session, event, "Ann"), proposed(session, event, "Bob", "Closed one")
    closed.state = ProposalState.NOT_NOW
    foreign = make_proposal(session, make_event(session, "autumn"))
    for into in (row.id, closed.id, foreign.id, 9999, None):
        with pytest.raises(Refused):
            merge(session, CURATED, row, panel, REASON, 1, into)
    assert row.state == ProposalState.OPEN and mergeable(session, row) == []


def test_proposals_cannot_be_merged_in_a_circle(session: Session, event: Event, panel: Actor) -> None:
    one, two = proposed(session, event, "Ann", "One topic"), proposed(session, event, "Bob", "Two topics")
    merge(session, CURATED, one, panel, REASON, 1, two.id)
    with pytest.raises(Refused, match="closed itself"):
        merge(session, CURATED, two, panel, REASON, 1, one.id)


def test_what_was_withdrawn_is_not_answered_and_what_is_open_not_opened(
    session: Session, event: Event, panel: Actor
) -> None:
    row = proposed(session, event, "Ann")
    with pytest.raises(Refused, match="open already"):
        reopen(session, CURATED, row, panel, REASON, 1)
    row.state = ProposalState.WITHDRAWN
    with pytest.raises(Refused, match="withdrawn"):
        not_now(session, CURATED, row, panel, REASON, 1)
