from capture.database import Database
from capture.events import delete_event
from capture.models import Access, Event, Person, Programme, Role
from capture.programmes import (
    ensure_programme,
    events_of,
    programme_by_event,
    programme_of,
    quorum_of,
    title_of,
)
from tests.factories import make_event


def test_events_that_name_the_same_programme_share_it_and_the_others_stand_alone(database: Database) -> None:
    with database.writing() as session:
        spring = make_event(session, "spring", programme="Side by Side")
        autumn = make_event(session, "autumn", programme="Side by Side")
        alone = make_event(session, "alone", title="Side by Side")
        shared = ensure_programme(session, spring)
        assert ensure_programme(session, autumn) is shared
        own = ensure_programme(session, alone)
        assert own is not shared
        assert {event.slug for event in events_of(session, shared)} == {"spring", "autumn"}
        assert [event.slug for event in events_of(session, own)] == ["alone"]
        both = {"spring": shared.id, "autumn": shared.id, "alone": own.id}
        assert programme_by_event(session, {shared.id, own.id}) == both
        assert programme_by_event(session, [own.id]) == {"alone": own.id}
        assert programme_by_event(session, []) == {}
        assert title_of(session, shared) == title_of(session, own) == "Side by Side"


def test_programmes_whose_names_are_nearly_alike_are_different_ones(database: Database) -> None:
    names = ["Side by Side", "side-by-side", "Side, by, side!"]
    with database.writing() as session:
        found = [
            ensure_programme(session, make_event(session, f"e{i}", programme=name)) for i, name in enumerate(names)
        ]
        assert [title_of(session, programme) for programme in found] == names
        assert len({programme.id for programme in found}) == 3


def test_nothing_is_settled_until_somebody_does(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        assert programme_of(session, event) is None
        assert quorum_of(session, event) == 3
        ensure_programme(session, event).quorum = 5
        assert quorum_of(session, event) == 5


def test_an_event_that_stands_alone_takes_its_people_with_it_so_that_nobody_inherits_their_roles(
    database: Database,
) -> None:
    with database.writing() as session:
        programme = ensure_programme(session, make_event(session, "spring"))
        person = Person(name="Ada")
        session.add(person)
        session.flush()
        session.add(Access(person_id=person.id, programme_id=programme.id, role=Role.ALUMNUS, granted_by="me"))
    with database.writing() as session:
        delete_event(session, session.query(Event).one())
    with database.writing() as session:
        assert session.query(Programme).count() == session.query(Access).count() == 0
        assert programme_of(session, make_event(session, "spring")) is None
