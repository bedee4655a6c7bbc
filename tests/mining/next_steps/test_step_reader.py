from datetime import date

from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Event
from mining.citations import Cited, cite, read
from mining.next_steps.step_reader import Reader, groups_attended, reader_of
from tests.factories import make_event, make_group, make_person, make_recording, make_roster_entry, make_utterances


def _two(session: Session) -> tuple[Event, Event]:
    spring = make_event(session, "spring", programme="Side by Side", held_on=date(2026, 3, 1))
    return spring, make_event(session, "autumn", programme="Side by Side", held_on=date(2026, 9, 1))


def _said(session: Session, event: Event, room: str = "Room 1") -> Cited:
    recording = make_recording(session, make_group(session, event, room))
    [said] = make_utterances(session, recording, ["I'll ask the auditors by March."])
    [quote] = read(session, [cite(said, 0, 31)])
    assert quote
    return quote


def test_words_are_for_those_who_sat_in_the_room_they_were_said_in_not_in_one_of_the_same_name(
    database: Database,
) -> None:
    with database.writing() as session:
        spring, autumn = _two(session)
        quote = _said(session, spring)
        room = make_group(session, autumn, "Room 1")
        was_there, was_not = make_person(session), make_person(session)
        make_roster_entry(
            session, spring, "Ana Lee", [session.get_one(type(room), quote.group_id)], person_id=was_there.id
        )
        make_roster_entry(session, autumn, "Ben Ode", [room], person_id=was_not.id)
        assert reader_of(session, autumn, was_there.id, staff=False).hears(quote)
        assert not reader_of(session, autumn, was_not.id, staff=False).hears(quote)
        assert reader_of(session, autumn, was_not.id, staff=True).hears(quote)


def test_staff_read_what_was_said_at_events_of_the_programme_and_no_others(database: Database) -> None:
    with database.writing() as session:
        spring, autumn = _two(session)
        alone, other = make_event(session, "alone"), make_event(session, "other")
        here, there = _said(session, spring), _said(session, alone)
        staff = reader_of(session, autumn, make_person(session).id, staff=True)
        assert staff.events == {spring.id: "spring", autumn.id: "autumn"}
        assert (staff.hears(here), staff.hears(there)) == (True, False)
        assert reader_of(session, other, make_person(session).id, staff=True).events == {other.id: "other"}


def test_the_roster_says_in_which_groups_somebody_who_signs_in_sat(database: Database) -> None:
    with database.writing() as session:
        event, other = make_event(session), make_event(session, "autumn")
        group, person = make_group(session, event), make_person(session)
        make_roster_entry(session, event, "Ana Lee", [group], person_id=person.id)
        assert groups_attended(session, person.id, [event.id]) == {group.id}
        assert groups_attended(session, person.id, [other.id]) == frozenset()
        assert groups_attended(session, make_person(session).id, [event.id]) == frozenset()


def test_somebody_is_found_by_their_address_on_a_line_that_is_nobodys_yet(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        group, person = make_group(session, event), make_person(session, email="mia@example.org")
        entry = make_roster_entry(session, event, "Mia Moss", [group], email="mia@example.org")
        assert groups_attended(session, person.id, [event.id]) == {group.id}
        entry.person_id = make_person(session).id
        session.flush()
        assert groups_attended(session, person.id, [event.id]) == frozenset()


def test_a_reader_without_rooms_hears_nothing(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        quote = _said(session, event)
    assert not Reader({event.id: event.slug}, frozenset()).hears(quote)
    assert not Reader({}, None).hears(quote)
