from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar
from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Event, Participant, RosterEntry
from mining.citations import cite
from mining.next_steps.calendar import calendar_of, steps_calendar
from mining.next_steps.next_steps import steps_of
from mining.suggestion_models import Draw, PeerGroup, PeerGroupMember, StepState
from tests.factories import make_event, make_group, make_next_step, make_recording, make_utterances

FIRST = datetime(2026, 4, 9, 10, tzinfo=UTC)
SECOND = datetime(2026, 5, 14, 10, tzinfo=UTC)


def _entries(data: bytes) -> list:
    """As another program reads it: what does not parse raises."""
    calendar = Calendar.from_ical(data)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"] and "METHOD" not in calendar
    assert data.endswith(b"\r\n") and all(len(line) <= 75 for line in data.split(b"\r\n"))
    found = list(calendar.walk("VEVENT"))
    assert all(entry["UID"] and entry["DTSTAMP"] and not entry.errors for entry in found)
    return found


def _peer_group(
    session: Session, event: Event, people: list[tuple[str, str | None, bool]], **values: object
) -> PeerGroup:
    draw = Draw(event_id=event.id, made_by="Ana", parameters={}, figures={})
    session.add(draw)
    session.flush()
    group = PeerGroup(**{"draw_id": draw.id, "number": 1, "first_on": FIRST, **values})
    session.add(group)
    session.flush()
    for number, (name, email, opt_in) in enumerate(people, 1):
        person = Participant(event_id=event.id, name=name, number=number)
        session.add(person)
        session.flush()
        entry = RosterEntry(event_id=event.id, participant_id=person.id, email=email, opt_in=opt_in)
        session.add(entry)
        session.flush()
        session.add(PeerGroupMember(peer_group_id=group.id, entry_id=entry.id))
    session.flush()
    session.refresh(group)
    return group


PEOPLE = [
    ("Anneke Vos", "anneke@example.com", True),
    ("Łukasz “Luke” O'Neil, jr.", "luke@example.com", True),
    ("Nobody Asked", "nobody@example.com", False),
    ("No Address", None, True),
]


def test_both_meetings_last_ninety_minutes_in_utc_and_say_why_as_members_may_read_it(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session, title="Spring; open, space")
        group = _peer_group(session, event, PEOPLE, second_on=SECOND, place="Room 4, plant two")
        first, second = _entries(calendar_of(session, event, [group], people=False))
    assert (first.decoded("DTSTART"), first.decoded("DTEND")) == (FIRST, FIRST + timedelta(minutes=90))
    assert second.decoded("DTSTART") == SECOND
    assert str(first["DESCRIPTION"]).startswith("What brings this group together is a theme you share;")
    assert "Both fight the review." not in str(first["DESCRIPTION"])
    assert "Spring; open, space" in str(first["DESCRIPTION"])
    assert str(first["LOCATION"]) == "Room 4, plant two"
    assert "closes or becomes a project" in str(second["DESCRIPTION"])


def test_names_and_addresses_stand_only_in_the_groups_own_file_and_only_of_those_who_agreed(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        group = _peer_group(session, event, PEOPLE)
        own = calendar_of(session, event, [group], people=True)
        every = calendar_of(session, event, [group], people=False)
    [entry] = _entries(own)
    assert [str(each) for each in entry["ATTENDEE"]] == ["mailto:anneke@example.com", "mailto:luke@example.com"]
    assert "No Address" in str(entry["DESCRIPTION"])
    unfolded = own.replace(b"\r\n ", b"")
    assert b"Nobody" not in unfolded and b"nobody@" not in unfolded
    assert b"Anneke" not in every and b"@example" not in every


def test_a_group_keeps_its_entries_when_it_moves_or_is_drawn_again_with_the_same_people(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        group = _peer_group(session, event, PEOPLE, second_on=SECOND)
        before = [str(entry["UID"]) for entry in _entries(calendar_of(session, event, [group], people=True))]
        again = PeerGroup(draw_id=_peer_group(session, event, []).draw_id, number=7, first_on=SECOND)
        session.add(again)
        session.flush()
        for member in list(group.members):
            session.add(PeerGroupMember(peer_group_id=again.id, entry_id=member.entry_id))
        session.flush()
        session.refresh(again)
        after = [str(entry["UID"]) for entry in _entries(calendar_of(session, event, [again], people=True))]
        other = _entries(
            calendar_of(session, event, [_peer_group(session, event, [("A", None, True)][:0])], people=True)
        )
    assert after == before[:1] and len(set(before)) == 2
    assert str(other[0]["UID"]) not in before


def test_a_group_without_dates_gives_an_empty_calendar_that_still_parses(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        assert (
            _entries(calendar_of(session, event, [_peer_group(session, event, [], first_on=None)], people=True)) == []
        )
        assert _entries(calendar_of(session, event, [], people=False)) == []


def test_open_steps_with_a_day_are_whole_day_entries_without_words_of_talk(database: Database) -> None:
    day = date(2026, 4, 10)
    with database.writing() as session:
        event = make_event(session)
        group = make_group(session, event, "Finance gate")
        [said] = make_utterances(session, make_recording(session, group), ["I'll ask the auditors by then."])
        quoted = {"text": None, "citation": cite(said, 0, 30), "owner": "person 1"}
        make_next_step(session, event, group, due_on=day, **quoted)
        make_next_step(session, event, None, due_on=day, text="Print, fold; and\\send the list", owner=None)
        make_next_step(session, event, group, due_on=None)
        make_next_step(session, event, group, due_on=day, state=StepState.DONE)
        make_next_step(session, event, group, due_on=day, state=StepState.FOUND)
        data = steps_calendar(event, steps_of(session, event), "https://harvest.example/events/spring/next-steps")
    quoted_entry, typed = _entries(data)
    assert (quoted_entry.decoded("DTSTART"), quoted_entry.decoded("DTEND")) == (day, date(2026, 4, 11))
    assert str(quoted_entry["SUMMARY"]) == "Finance gate: a next step is due"
    assert "Owner: person 1." in str(quoted_entry["DESCRIPTION"])
    assert b"auditors" not in data
    assert str(typed["SUMMARY"]) == "Print, fold; and\\send the list"
    assert str(typed["URL"]).endswith("/next-steps")
