"""Lists and counts: of each person once, also where proposals were merged; fast with many."""

from datetime import timedelta

from sqlalchemy import event as sa_event
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import Database, utcnow
from capture.models import Event, ProposalMode, Role
from mining.proposals.answers import merge
from mining.proposals.proposals import withdraw
from mining.proposals.reading import all_shown, matching, panel_of, proposals_of, shown
from mining.proposals.rights import Actor
from mining.proposals.support import ask, endorse, join
from mining.suggestion_models import Endorsement, Proposal, ProposalState
from tests.factories import make_event, make_person, make_proposal
from tests.mining.proposing import actor


def test_open_ones_come_by_voices_then_the_newest_and_answered_ones_last(session: Session, event: Event) -> None:
    now = utcnow()
    rows = {
        title: make_proposal(session, event, title=title, made_at=now - timedelta(hours=age), **more)
        for title, age, more in (
            ("old", 9, {}),
            ("new", 1, {}),
            ("shared", 5, {}),
            ("no", 0, {"state": ProposalState.NOT_NOW, "answered_at": now}),
        )
    }
    endorse(session, rows["shared"], actor(session, event))
    session.flush()
    found = proposals_of(session, rows["old"].programme_id, actor(session, event, "Bob"))
    assert [each.title for each in found] == ["shared", "new", "old", "no"]
    assert proposals_of(session, None, actor(session, event, "Eve")) == []


def test_merged_voices_and_questions_count_together_and_of_each_person_once(session: Session, event: Event) -> None:
    ann, bob, eve, kim = (actor(session, event, name) for name in ("Ann", "Bob", "Eve", "Kim"))
    into = make_proposal(session, event, title="Stays", person_id=ann.person_id)
    gone = make_proposal(session, event, title="Goes", person_id=bob.person_id)
    for row, who in ((into, eve), (gone, eve), (gone, ann), (gone, kim)):
        endorse(session, row, who)
    join(session, gone, kim)
    for row, who in ((into, eve), (gone, kim)):
        ask(session, row, who, f"What does {who.name} ask?")
    panel = Actor(99, "Panel", panel=True)
    merge(session, ProposalMode.CURATED, gone, panel, "They are about the same.", 1, into.id)
    session.flush()
    page = shown(session, into, kim)
    assert page
    assert (page.voices, page.workers, page.through, page.has_too) == (3, ("Kim",), "Goes", False)
    assert [(q.text, q.through) for q in page.questions] == [
        ("What does Eve ask?", None),
        ("What does Kim ask?", "Goes"),
    ]
    listed = {each.title: each for each in proposals_of(session, into.programme_id, kim)}
    assert (listed["Stays"].voices, listed["Stays"].joined, listed["Stays"].questions) == (3, 1, 2)
    own = shown(session, gone, bob)
    assert own and own.into == (into.id, "Stays") and own.mine


def test_what_was_withdrawn_is_seen_by_proposer_staff_and_joiners_only(session: Session, event: Event) -> None:
    ann, bob, eve = (actor(session, event, name) for name in ("Ann", "Bob", "Eve"))
    dan = actor(session, event, "Dan", Role.DESIGNER)
    row = make_proposal(session, event, person_id=ann.person_id)
    join(session, row, bob)
    withdraw(session, row, ann)
    session.flush()
    seeing = [who.name for who in (ann, bob, eve, dan) if shown(session, row, who)]
    assert seeing == ["Ann", "Bob", "Dan"]
    assert [who.name for who in (ann, bob, eve, dan) if proposals_of(session, row.programme_id, who)] == seeing


def test_proposals_are_found_by_state_by_owner_and_by_words(session: Session, event: Event) -> None:
    ann = actor(session, event)
    make_proposal(session, event, title="Café der Chefs", person_id=ann.person_id)
    make_proposal(session, event, title="Finance again", state=ProposalState.ADOPTED)
    every = proposals_of(session, make_proposal(session, event, title="Third").programme_id, ann)

    def titles(**by: str) -> list[str]:
        return [each.title for each in matching(every, **by)]

    assert titles(search="cafe CHEFS") == ["Café der Chefs"]
    assert titles(search="promoted finance") == ["Finance again"]
    assert titles(state="adopted") == ["Finance again"]
    assert titles(state="mine") == ["Café der Chefs"]
    assert titles(search="nothing like this") == []


def test_who_is_on_the_panel_is_named(session: Session, event: Event) -> None:
    make_person(session, event, Role.DESIGNER, name="Zoe", panel=True)
    make_person(session, event, Role.ORGANISER, name="Adam", panel=True)
    make_person(session, event, Role.DESIGNER, name="Not on it")
    row = make_proposal(session, event)
    assert panel_of(session, row.programme_id) == ["Adam", "Zoe"]


def test_two_hundred_proposals_cost_a_handful_of_queries(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        people = [make_person(session, event, Role.ALUMNUS) for _ in range(30)]
        rows = [make_proposal(session, event, title=f"Topic {n}", person_id=people[n % 30].id) for n in range(200)]
        session.add_all(
            Endorsement(proposal_id=row.id, person_id=people[(n + k) % 30].id)
            for n, row in enumerate(rows)
            for k in range(1, 11)
        )
    sent: list[str] = []
    sa_event.listen(database.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    with database.reading() as session:
        found = proposals_of(session, rows[0].programme_id, Actor(people[0].id, "Ann"))
    assert {each.voices for each in found} == {10} and len(found) == 200
    assert len(sent) <= 5


def test_many_are_read_in_full_with_as_many_queries_as_one(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        people = [make_person(session, event, Role.ALUMNUS) for _ in range(30)]
        rows = [make_proposal(session, event, title=f"Topic {n}", person_id=people[n % 30].id) for n in range(200)]
        for row in rows[:2]:
            ask(session, row, actor(session, event, f"Asks {row.title}"), f"What of {row.title}?")
        rows[1].state, rows[1].merged_into = ProposalState.MERGED, rows[0].id
        rows[2].state = ProposalState.WITHDRAWN
        session.add_all(
            Endorsement(proposal_id=row.id, person_id=people[(n + k) % 30].id)
            for n, row in enumerate(rows)
            for k in range(1, 26)
        )
    sent: list[str] = []
    sa_event.listen(database.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    nobody = Actor(0, "", writes=False)
    with database.reading() as session:
        rows = list(session.scalars(select(Proposal).order_by(Proposal.id)))
        del sent[:]
        found = all_shown(session, rows, nobody)
        queries = len(sent)
        assert found[:9] == [read for row in rows[:10] if (read := shown(session, row, nobody))]
    assert [each.row.title for each in found[:3]] == ["Topic 0", "Topic 1", "Topic 3"]
    assert [(each.text, each.through) for each in found[0].questions] == [
        ("What of Topic 0?", None),
        ("What of Topic 1?", "Topic 1"),
    ]
    assert {each.voices for each in found[2:]} == {25} and all_shown(session, [], nobody) == []
    assert queries <= 6
