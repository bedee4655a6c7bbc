"""Notices: who hears of what, bundled where it happens often, and the outbox."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.access import host_person
from capture.models import Event, Person, ProposalMode, Role
from capture.programmes import ensure_programme
from mining.proposals.notices import (
    count_unread,
    mark_read,
    notices_of,
    outbox,
    pass_on,
    passed_on,
    undo_passing,
)
from mining.proposals.proposals import edit, propose, withdraw
from mining.proposals.rights import Actor
from mining.proposals.support import ask, endorse, join, leave, remove_question, take_back
from mining.suggestion_models import Notice, Proposal
from tests.factories import make_person, make_proposal
from tests.mining.proposing import actor, brief


@pytest.fixture
def ann(session: Session, event: Event) -> Actor:
    return actor(session, event)


@pytest.fixture
def row(session: Session, event: Event, ann: Actor) -> Proposal:
    return make_proposal(session, event, person_id=ann.person_id)


def said_to(session: Session, who: Actor | Person) -> list[str]:
    session.flush()
    return [each.text for each in notices_of(session, who.person_id if isinstance(who, Actor) else who.id, None)]


def test_endorsements_are_one_notice_until_it_is_seen(
    session: Session, event: Event, ann: Actor, row: Proposal
) -> None:
    bob, eve, kim = (actor(session, event, name) for name in ("Bob", "Eve", "Kim"))
    endorse(session, row, bob)
    assert said_to(session, ann) == ["“Boss of my friends”: one other person has this too."]
    endorse(session, row, eve)
    assert said_to(session, ann) == ["“Boss of my friends”: 2 others have this too."]
    mark_read(session, ann.person_id, None, [each.id for each in notices_of(session, ann.person_id, None)])
    endorse(session, row, kim)
    assert said_to(session, ann)[0] == "“Boss of my friends”: 3 others have this too."
    assert len(said_to(session, ann)) == 2 and count_unread(session, ann.person_id, None) == 1
    assert not any(name in text for text in said_to(session, ann) for name in ("Bob", "Eve", "Kim"))


def test_what_is_taken_back_before_it_was_seen_was_never_said(
    session: Session, event: Event, ann: Actor, row: Proposal
) -> None:
    bob = actor(session, event, "Bob")
    join(session, row, bob)
    question = ask(session, row, bob, "What would you ask?")
    assert sorted(said_to(session, ann)) == [
        "Bob wants to work on “Boss of my friends”.",
        "“Boss of my friends”: a question was added.",
        "“Boss of my friends”: one other person has this too.",
    ]
    leave(session, row, bob)
    remove_question(session, row, bob, question.id)
    take_back(session, row, bob)
    assert said_to(session, ann) == []


def test_many_who_join_are_named_and_counted(session: Session, event: Event, ann: Actor, row: Proposal) -> None:
    for name in ("Bob", "Eve", "Kim", "Lee", "Mia"):
        join(session, row, actor(session, event, name))
    assert "Bob, Eve, Kim and 2 more want to work on “Boss of my friends”." in said_to(session, ann)


def test_nobody_is_told_what_they_did_themselves(session: Session, event: Event, ann: Actor, row: Proposal) -> None:
    ask(session, row, ann, "What would you ask?")
    edit(session, ProposalMode.OPEN, row, ann, brief(title="Said better now"), 1, None)
    withdraw(session, row, ann)
    assert said_to(session, ann) == []


def test_changes_by_others_are_told_with_their_name(session: Session, event: Event, ann: Actor, row: Proposal) -> None:
    bob = actor(session, event, "Bob")
    edit(session, ProposalMode.OPEN, row, bob, brief(title="Friends no more"), 1, None)
    assert said_to(session, ann) == ["Bob changed the text of “Friends no more”."]


def test_those_who_joined_hear_that_it_was_withdrawn(session: Session, event: Event, ann: Actor, row: Proposal) -> None:
    bob, eve = actor(session, event, "Bob"), actor(session, event, "Eve")
    join(session, row, bob)
    endorse(session, row, eve)
    withdraw(session, row, ann)
    assert said_to(session, bob) == ["“Boss of my friends” was withdrawn by whoever proposed it."]
    assert said_to(session, eve) == []


def test_a_new_proposal_is_told_to_the_panel_else_to_organisers_else_to_the_host(
    session: Session, event: Event, ann: Actor
) -> None:
    programme, host = ensure_programme(session, event), host_person(session)

    def told(title: str) -> set[int]:
        propose(session, programme, event, ann, brief(title=title))
        session.flush()
        return set(session.scalars(select(Notice.person_id).where(Notice.text == f"A new proposal: “{title}”.")))

    assert told("First topic") == {host.id}
    dan = make_person(session, event, Role.DESIGNER)
    make_person(session, event, Role.SPONSOR, panel=True)
    assert told("Second topic") == {host.id}
    olga = make_person(session, event, Role.ORGANISER)
    assert told("Topic of an organiser") == {olga.id}
    pat = make_person(session, event, Role.ORGANISER, panel=True)
    assert told("Third topic") == {pat.id}
    programme.mode = ProposalMode.OPEN
    assert told("Fourth topic") == {dan.id, olga.id, pat.id}


def test_the_outbox_holds_what_was_neither_seen_nor_passed_on(
    session: Session, event: Event, ann: Actor, row: Proposal
) -> None:
    session.get_one(Person, ann.person_id).email = "ann@example.org"
    endorse(session, row, actor(session, event, "Bob"))
    session.flush()
    [waiting] = outbox(session, row.programme_id)
    assert (waiting.name, waiting.email, len(waiting.notices)) == ("Ann", "ann@example.org", 1)
    ids = [each.id for each in waiting.notices]
    assert pass_on(session, row.programme_id + 1, ann.person_id, ids) == 0
    assert pass_on(session, row.programme_id, ann.person_id, ids) == 1
    assert pass_on(session, row.programme_id, ann.person_id, ids) == 0
    assert outbox(session, row.programme_id) == []
    endorse(session, row, actor(session, event, "Eve"))
    session.flush()
    assert [notice.text for each in outbox(session, row.programme_id) for notice in each.notices] == [
        "“Boss of my friends”: 2 others have this too."
    ]
    mark_read(session, ann.person_id, None, [each.id for each in notices_of(session, ann.person_id, None)])
    assert outbox(session, row.programme_id) == []


def test_people_read_only_their_own_and_only_of_their_programmes(
    session: Session, event: Event, ann: Actor, row: Proposal
) -> None:
    endorse(session, row, actor(session, event, "Bob"))
    session.flush()
    [notice] = notices_of(session, ann.person_id, {row.programme_id})
    assert notices_of(session, ann.person_id, frozenset()) == []
    mark_read(session, ann.person_id + 1, None, [notice.id])
    mark_read(session, ann.person_id, {row.programme_id + 1}, [notice.id])
    assert count_unread(session, ann.person_id, {row.programme_id}) == 1


def test_what_was_noted_as_passed_on_can_be_taken_back_until_it_was_read(
    session: Session, event: Event, ann: Actor, row: Proposal
) -> None:
    programme, bob = row.programme_id, actor(session, event, "Bob")
    endorse(session, row, bob)
    ask(session, row, bob, "What would you ask?")
    ids = [each.id for each in outbox(session, programme)[0].notices]
    assert passed_on(session, programme) == []
    assert pass_on(session, programme, ann.person_id, ids) == 2
    [done] = passed_on(session, programme)
    assert done.name == "Ann" and [each.id for each in done.notices] == ids and outbox(session, programme) == []
    other = make_person(session, event, Role.ALUMNUS)
    assert (
        undo_passing(session, programme, other.id, ids) == 0 == undo_passing(session, programme + 1, ann.person_id, ids)
    )
    mark_read(session, ann.person_id, None, ids[:1])
    assert undo_passing(session, programme, ann.person_id, ids) == 1
    assert [each.id for each in outbox(session, programme)[0].notices] == ids[1:]
    assert undo_passing(session, programme, ann.person_id, ids) == 0 and passed_on(session, programme) == []


def test_taking_back_brings_nothing_that_a_newer_notice_says_as_it_stands_now(
    session: Session, event: Event, ann: Actor, row: Proposal
) -> None:
    programme = row.programme_id
    for name in ("Bob", "Eve"):
        endorse(session, row, actor(session, event, name))
        pass_on(session, programme, ann.person_id, [each.id for each in outbox(session, programme)[0].notices])
    both = [each.id for done in passed_on(session, programme) for each in done.notices]
    assert len(both) == 2 and undo_passing(session, programme, ann.person_id, both) == 1
    [waiting] = outbox(session, programme)
    assert [each.text for each in waiting.notices] == ["“Boss of my friends”: 2 others have this too."]


def pass_all_on(session: Session, programme_id: int, who: Actor) -> list[int]:
    session.flush()
    ids = [notice.id for each in outbox(session, programme_id) for notice in each.notices]
    pass_on(session, programme_id, who.person_id, ids)
    return ids


def waiting_texts(session: Session, programme_id: int) -> list[str]:
    session.flush()
    return [notice.text for each in outbox(session, programme_id) for notice in each.notices]


def test_what_is_not_so_any_more_does_not_wait_again(session: Session, event: Event, ann: Actor, row: Proposal) -> None:
    programme, bob, eve = row.programme_id, actor(session, event, "Bob"), actor(session, event, "Eve")
    join(session, row, bob)
    question = ask(session, row, bob, "What would you ask?")
    ids = pass_all_on(session, programme, ann)
    assert len(ids) == 3
    remove_question(session, row, bob, question.id)
    take_back(session, row, bob)
    assert undo_passing(session, programme, ann.person_id, ids) == 0
    assert waiting_texts(session, programme) == [] == passed_on(session, programme)
    for who in (bob, eve):
        join(session, row, who)
    ids = pass_all_on(session, programme, ann)
    leave(session, row, bob)
    session.flush()
    assert undo_passing(session, programme, ann.person_id, ids) == 2
    assert sorted(waiting_texts(session, programme)) == [
        "Eve wants to work on “Boss of my friends”.",
        "“Boss of my friends”: 2 others have this too.",
    ]


@pytest.mark.parametrize("older_first", [True, False])
def test_of_two_passed_on_the_newer_waits_again_whichever_is_undone_first(
    session: Session, event: Event, ann: Actor, row: Proposal, older_first: bool
) -> None:
    programme = row.programme_id
    endorse(session, row, actor(session, event, "Bob"))
    older = pass_all_on(session, programme, ann)
    for name in ("Eve", "Kim", "Lee", "Mia"):
        endorse(session, row, actor(session, event, name))
    newer = pass_all_on(session, programme, ann)
    in_turn = (older, newer) if older_first else (newer, older)
    waits = [undo_passing(session, programme, ann.person_id, ids) for ids in in_turn]
    assert waiting_texts(session, programme) == ["“Boss of my friends”: 5 others have this too."]
    assert waits == ([0, 1] if older_first else [1, 1]) and newer == [
        notice.id for each in outbox(session, programme) for notice in each.notices
    ]


def test_undoing_what_was_changed_twice_tells_of_the_last_change(
    session: Session, event: Event, ann: Actor, row: Proposal
) -> None:
    programme, bob, eve = row.programme_id, actor(session, event, "Bob"), actor(session, event, "Eve")
    edit(session, ProposalMode.OPEN, row, bob, brief(title="Friends no more"), row.version, None)
    older = pass_all_on(session, programme, ann)
    edit(session, ProposalMode.OPEN, row, eve, brief(title="Friends again"), row.version, None)
    session.flush()
    assert undo_passing(session, programme, ann.person_id, older) == 1 == len(waiting_texts(session, programme))
    newer = pass_all_on(session, programme, ann)
    assert undo_passing(session, programme, ann.person_id, [*older, *newer]) == 1
    assert waiting_texts(session, programme) == ["Eve changed the text of “Friends again”."]
