"""Rooms without recordings go for good, with nothing but what hung on them."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.models import Attendance, Event, Group, RosterEntry
from mining.next_steps.empty_rooms import empty_room, remove_room
from mining.suggestion_models import NextStep, StepState
from tests.factories import make_event, make_group, make_next_step, make_recording, make_roster_entry
from tests.mining.programme import copied, programme_data  # noqa: F401  (fixture)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


def test_a_room_with_recordings_or_of_another_event_stays(session: Session, event: Event) -> None:
    group = make_group(session, event, "Red room")
    with pytest.raises(NotFound):
        remove_room(session, make_event(session, "elsewhere"), group.id)
    with pytest.raises(NotFound):
        empty_room(session, event, 99)
    make_recording(session, group)
    with pytest.raises(Refused, match="“Red room” has one recording. Remove what is recorded first."):
        remove_room(session, event, group.id)
    assert session.get(Group, group.id)


@pytest.mark.parametrize("state", [StepState.CONFIRMED, StepState.DONE, StepState.NOT_DONE, StepState.DROPPED])
def test_what_people_noted_keeps_a_room_until_they_set_it_aside(
    session: Session, event: Event, state: StepState
) -> None:
    group = make_group(session, event, "Red room")
    step = make_next_step(session, event, group, state=state)
    room = empty_room(session, event, group.id)
    assert room.why_not == (
        "One next step of “Red room” is confirmed, written by hand or carried on. Remove or undo it on the page Next "
        "steps first."
    )
    with pytest.raises(Refused, match="on the page Next steps first"):
        remove_room(session, event, group.id)
    step.state = StepState.DISMISSED
    assert remove_room(session, event, group.id).aside == 1
    assert session.scalars(select(NextStep)).all() == []


def test_a_step_that_was_carried_on_keeps_the_room_it_comes_from(session: Session, event: Event) -> None:
    group, later = make_group(session, event), make_event(session, "later")
    step = make_next_step(session, event, group, state=StepState.DISMISSED)
    child = make_next_step(session, later, carried_from=step.id)
    assert "carried on" in (empty_room(session, event, group.id).why_not or "")
    child.state = StepState.DISMISSED
    remove_room(session, event, group.id)
    session.expire_all()
    assert session.get_one(NextStep, child.id).carried_from is None


def test_people_stay_on_the_roster_and_in_their_other_rooms(session: Session, event: Event) -> None:
    empty, other = make_group(session, event, "Empty"), make_group(session, event, "Other")
    both, only = (make_roster_entry(session, event, groups=groups) for groups in ([empty, other], [empty]))
    room = remove_room(session, event, empty.id)
    assert (room.name, room.seats, room.aside) == ("Empty", 2, 0)
    assert [(a.entry_id, a.group_id) for a in session.scalars(select(Attendance))] == [(both.id, other.id)]
    assert {entry.id for entry in session.scalars(select(RosterEntry))} == {both.id, only.id}


def test_nothing_else_is_lost(programme_data: Path, tmp_path: Path) -> None:  # noqa: F811
    """Of an event with themes, a roster and steps every row stays, but for the room and what it counts."""
    from capture.database import Database
    from capture.settings import CaptureSettings

    copied(programme_data, tmp_path / "data")
    database = Database(CaptureSettings(data=str(tmp_path / "data")).database_url)

    def rows() -> set[str]:
        with database.reading() as session:
            driver = session.connection().connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            return set(driver.iterdump())

    with database.writing() as session:
        event = session.query(Event).filter_by(slug="spring").one()
        make_next_step(session, event, event.groups[0])
    before = rows()
    with database.writing() as session:
        event = session.query(Event).filter_by(slug="spring").one()
        room = make_group(session, event, "Empty")
        entry = session.query(RosterEntry).filter_by(event_id=event.id).first()
        session.add(Attendance(entry_id=entry.id, group_id=room.id))
        make_next_step(session, event, room, state=StepState.FOUND)
        make_roster_entry(session, event, "Newly Come", [room])
        number = room.id
    with database.writing() as session:
        remove_room(session, session.query(Event).filter_by(slug="spring").one(), number)
    left = rows()
    database.close()
    assert before <= left
    assert sorted(line.split('"')[1] for line in left - before) == ["participant", "roster_entry"]
