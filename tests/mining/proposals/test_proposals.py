"""Proposing, changing with many hands, putting back, withdrawing: in a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.models import Event, Programme, ProposalMode, Role
from capture.programmes import ensure_programme
from mining.proposals.proposals import (
    MOST_OPEN,
    Outdated,
    brief_of,
    bring_back,
    edit,
    get_proposal,
    propose,
    restore,
    withdraw,
)
from mining.suggestion_models import Proposal, ProposalState
from tests.factories import make_event, make_proposal
from tests.mining.proposing import actor, brief

OPEN, CURATED = ProposalMode.OPEN, ProposalMode.CURATED


@pytest.fixture
def programme(session: Session, event: Event) -> Programme:
    return ensure_programme(session, event)


def test_the_same_text_twice_within_a_minute_is_one_proposal(
    session: Session, event: Event, programme: Programme
) -> None:
    ann, bob = actor(session, event), actor(session, event, "Bob")
    first = propose(session, programme, event, ann, brief())
    assert propose(session, programme, event, ann, brief()).id == first.id
    assert propose(session, programme, event, bob, brief()).id != first.id
    first.made_at -= timedelta(minutes=2)
    session.flush()
    assert propose(session, programme, event, ann, brief()).id != first.id


def test_a_person_has_at_most_so_many_open_proposals(session: Session, event: Event, programme: Programme) -> None:
    ann = actor(session, event)
    made = [propose(session, programme, event, ann, brief(title=f"Topic number {n}")) for n in range(MOST_OPEN)]
    with pytest.raises(Refused, match="20 of your proposals"):
        propose(session, programme, event, ann, brief(title="One too many"))
    withdraw(session, made[0], ann)
    session.flush()
    assert propose(session, programme, event, ann, brief(title="One too many")).id


def test_sponsors_do_not_propose(session: Session, event: Event, programme: Programme) -> None:
    with pytest.raises(Refused, match="Sponsors read"):
        propose(session, programme, event, actor(session, event, role=Role.SPONSOR), brief())
    assert session.scalar(select(func.count(Proposal.id))) == 0


def test_a_proposal_of_another_programme_is_not_there(session: Session, event: Event, programme: Programme) -> None:
    other = make_proposal(session, make_event(session, "autumn"))
    for programme_id in (programme.id, None):
        with pytest.raises(NotFound):
            get_proposal(session, programme_id, other.id)
    with pytest.raises(NotFound):
        get_proposal(session, programme.id, 1 << 70)


def test_in_an_open_programme_others_change_the_text_and_every_version_can_be_put_back(
    session: Session, event: Event, programme: Programme
) -> None:
    ann, bob = actor(session, event), actor(session, event, "Bob")
    row = propose(session, programme, event, ann, brief())
    assert edit(session, OPEN, row, bob, brief(title="Leading old friends"), 1, None)
    assert edit(session, OPEN, row, ann, brief(title="Friends and their boss"), 2, None)
    assert not edit(session, OPEN, row, ann, brief(title="Friends and their boss"), 3, None)
    session.refresh(row)
    assert [(change.person_id, change.after["title"]) for change in row.changes] == [
        (bob.person_id, "Leading old friends"),
        (ann.person_id, "Friends and their boss"),
    ]
    assert restore(session, OPEN, row, bob, row.changes[0].id, 3)
    assert (brief_of(row), row.version) == (brief(), 4)
    session.refresh(row)
    assert len(row.changes) == 3


def test_in_a_curated_programme_only_the_proposer_changes_it(
    session: Session, event: Event, programme: Programme
) -> None:
    ann, bob = actor(session, event), actor(session, event, "Bob", Role.ORGANISER)
    row = propose(session, programme, event, ann, brief())
    with pytest.raises(Refused, match="Add a question instead"):
        edit(session, CURATED, row, bob, brief(title="Taken over"), 1, None)
    assert edit(session, CURATED, row, ann, brief(title="Said better now"), 1, None)


def test_a_form_from_an_older_version_changes_nothing(session: Session, event: Event, programme: Programme) -> None:
    ann, bob = actor(session, event), actor(session, event, "Bob")
    row = propose(session, programme, event, ann, brief())
    edit(session, OPEN, row, bob, brief(title="Bob was quicker"), 1, None)
    for change in (
        lambda: edit(session, OPEN, row, ann, brief(title="Ann was slower"), 1, None),
        lambda: restore(session, OPEN, row, ann, row.changes[0].id, 1),
    ):
        session.refresh(row)
        with pytest.raises(Outdated):
            change()
    assert row.title == "Bob was quicker"


def test_a_change_of_another_proposal_cannot_be_put_back_here(
    session: Session, event: Event, programme: Programme
) -> None:
    ann = actor(session, event)
    row, other = (propose(session, programme, event, ann, brief(title=f"Topic {n}")) for n in (1, 2))
    edit(session, OPEN, other, ann, brief(title="Topic 3"), 1, None)
    session.refresh(other)
    with pytest.raises(NotFound):
        restore(session, OPEN, row, ann, other.changes[0].id, 1)


def test_only_the_proposer_withdraws_and_may_bring_it_back(
    session: Session, event: Event, programme: Programme
) -> None:
    ann, bob = actor(session, event), actor(session, event, "Bob", Role.ORGANISER)
    row = propose(session, programme, event, ann, brief())
    with pytest.raises(Refused):
        withdraw(session, row, bob)
    withdraw(session, row, ann)
    withdraw(session, row, ann)
    assert row.state == ProposalState.WITHDRAWN
    with pytest.raises(Refused):
        bring_back(session, row, bob)
    bring_back(session, row, ann)
    assert row.state == ProposalState.OPEN
