"""What the tests of next steps' pages share: an event at which people say what they will do, and those who read it."""

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from capture.database import Database
from capture.models import Event, Person, Utterance
from mining.suggestion_models import NextStep
from tests.factories import make_roster_entry
from tests.web.conftest import Page, Spring

HERE = "/events/spring/next-steps"
QUOTE = "I'll ask the auditors before Easter."


def promising(database: Database, spring: Spring) -> Spring:
    """The ten-room event; in rooms 1 (sound) and 2 somebody says that they will do something."""
    with database.writing() as session:
        session.get_one(Event, spring.event.id).held_on = date(2026, 3, 19)
        for room, text in ((0, QUOTE), (1, "Let's send one letter to the board together.")):
            where = (Utterance.recording_id == spring.recordings[room].id, Utterance.position == 5)
            session.scalars(select(Utterance).where(*where)).one().text = text
    return spring


def sat_in(database: Database, spring: Spring, person: Person, *rooms: int) -> int:
    """Puts somebody on the roster; returns the line's id."""
    with database.writing() as session:
        groups = [spring.groups[room] for room in rooms]
        return make_roster_entry(session, spring.event, f"Guest {person.id}", groups, person_id=person.id).id


def newest_person(database: Database) -> Person:
    with database.reading() as session:
        return session.scalars(select(Person).order_by(Person.id.desc()).limit(1)).one()


def first_step(database: Database, **values: object) -> NextStep:
    with database.reading() as session:
        return session.scalars(select(NextStep).filter_by(**values).order_by(NextStep.id).limit(1)).one()


def settle_on(client: FlaskClient, page: Page, step: NextStep, state: str, status: int = 303) -> TestResponse:
    [stamp] = page.all(f"//li[@id='step-{step.id}']//input[@name='stamp']/@value")
    answer = client.post(f"{HERE}/{step.id}/state", data={"stamp": stamp, "state": state})
    assert answer.status_code == status
    return answer
