"""Having it too, working on it, asking a question: each once, each to be taken back."""

import pytest
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.models import Event, Role
from mining.proposals.support import ask, endorse, join, leave, remove_question, take_back
from mining.suggestion_models import Endorsement, Proposal, ProposalState
from tests.factories import make_proposal
from tests.mining.proposing import actor


@pytest.fixture
def row(session: Session, event: Event) -> Proposal:
    row = make_proposal(session, event)
    row.person_id = actor(session, event, "Proposer").person_id
    session.flush()
    return row


def voices(session: Session, row: Proposal) -> list[tuple[int, bool]]:
    session.flush()
    return [(each.person_id, each.joined) for each in session.query(Endorsement).filter_by(proposal_id=row.id)]


def test_endorsing_twice_counts_once_and_joining_counts_as_having_it_too(
    session: Session,
    event: Event,
    row: Proposal,
) -> None:
    ann = actor(session, event)
    endorse(session, row, ann)
    endorse(session, row, ann)
    assert voices(session, row) == [(ann.person_id, False)]
    join(session, row, ann)
    join(session, row, ann)
    assert voices(session, row) == [(ann.person_id, True)]
    leave(session, row, ann)
    assert voices(session, row) == [(ann.person_id, False)]
    take_back(session, row, ann)
    take_back(session, row, ann)
    assert voices(session, row) == []


def test_neither_the_proposer_nor_a_sponsor_endorses(session: Session, event: Event, row: Proposal) -> None:
    assert row.person_id
    own = actor(session, event, "Other")
    row.person_id = own.person_id
    for who in (own, actor(session, event, "Sponsor", Role.SPONSOR)):
        with pytest.raises(Refused):
            endorse(session, row, who)
        with pytest.raises(Refused):
            join(session, row, who)
    assert voices(session, row) == []


def test_what_is_merged_takes_no_more_support_but_it_can_be_taken_back(
    session: Session,
    event: Event,
    row: Proposal,
) -> None:
    ann = actor(session, event)
    endorse(session, row, ann)
    row.state = ProposalState.MERGED
    with pytest.raises(Refused, match="closed"):
        endorse(session, row, actor(session, event, "Bob"))
    with pytest.raises(Refused, match="closed"):
        ask(session, row, ann, "What would you ask?")
    take_back(session, row, ann)
    assert voices(session, row) == []


def test_the_same_question_is_asked_once(session: Session, event: Event, row: Proposal) -> None:
    ann = actor(session, event)
    first = ask(session, row, ann, "When did you last\nsay no?")
    assert first.text == "When did you last say no?"
    assert ask(session, row, ann, " when did you last say NO? ").id == first.id
    assert ask(session, row, actor(session, event, "Bob"), first.text).id != first.id


def test_questions_have_words_and_an_end(session: Session, event: Event, row: Proposal) -> None:
    ann = actor(session, event)
    for wrong in ("", "Why?", "??? !!!", "word " * 200):
        with pytest.raises(Refused):
            ask(session, row, ann, wrong)
    for number in range(10):
        ask(session, row, ann, f"What about question {number}?")
    with pytest.raises(Refused, match="Take one back"):
        ask(session, row, ann, "What about one more?")


def test_a_question_is_taken_back_by_whoever_asked_it_or_by_staff(
    session: Session,
    event: Event,
    row: Proposal,
) -> None:
    ann, bob, dan = actor(session, event), actor(session, event, "Bob"), actor(session, event, "Dan", Role.DESIGNER)
    own, other = (ask(session, row, ann, f"What about number {n}?") for n in (1, 2))
    with pytest.raises(Refused):
        remove_question(session, row, bob, own.id)
    remove_question(session, row, ann, own.id)
    remove_question(session, row, dan, other.id)
    for gone in (own.id, None):
        with pytest.raises(NotFound):
            remove_question(session, row, ann, gone)
