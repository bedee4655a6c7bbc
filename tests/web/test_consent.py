"""Consent is taken back by a button, and what every role can reach after that."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from capture.database import Database
from capture.models import Event, Group, Recording, Utterance
from capture.programmes import ensure_programme
from capture.recordings import remove
from capture.transcripts import register_people
from mining.analyses import forget_analyses
from mining.catalogue.module_reading import WITHDRAWN
from mining.drafts.publishing import publish
from mining.drafts.reading import shown
from mining.suggestion_models import Draft, Module
from tests.factories import make_event, make_recording, make_roster_entry
from tests.mining.crowd import Crowd
from tests.mining.reported import make_reported
from tests.web.conftest import SignedInAs, read, words
from tests.web.test_shared import every_page

FIRST = re.compile(r"take0x\w+")
"""What was said in the first room only."""


@pytest.fixture
def crowd(database: Database) -> Crowd:
    """With a module in the catalogue that quotes the first two rooms."""
    with database.writing() as session:
        crowd = make_reported(session)
        draft = session.scalars(select(Draft).where(Draft.title == "Meetings without an end")).one()
        publish(session, shown(session, draft), "ann")
        return crowd


def consent(crowd: Crowd, room: int = 0) -> str:
    return f"/events/crowd/groups/{crowd.recordings[room].group_id}/consent"


def by_the_button(client: FlaskClient, database: Database, crowd: Crowd) -> None:
    assert client.post(f"{consent(crowd)}/withdraw").status_code == 303


def with_the_recording(client: FlaskClient, database: Database, crowd: Crowd) -> None:
    with database.writing() as session:
        recording = session.get_one(Recording, crowd.recordings[0].id)
        remove(session, recording)
        forget_analyses(session, crowd.event.id)


def by_a_name(client: FlaskClient, database: Database, crowd: Crowd) -> None:
    """Everything the room said turns out to be a name."""
    with database.writing() as session:
        said = set(FIRST.findall(" ".join(session.scalars(select(Utterance.text)))))
        assert register_people(session, crowd.event.id, sorted(said))


def by_the_quorum(client: FlaskClient, database: Database, crowd: Crowd) -> None:
    with database.writing() as session:
        ensure_programme(session, session.get_one(Event, crowd.event.id)).quorum = 8


def told(client: FlaskClient) -> set[str]:
    pages = every_page(client, but=(".pdf", ".wav", "=A4", "=Letter"))  # these say nothing here that others do not
    assert "/catalogue/1" in pages
    return set(FIRST.findall("\n".join([*pages, *pages.values()])))


@pytest.mark.parametrize("role", ["alumnus", "sponsor"])
@pytest.mark.parametrize("withdrawn", [by_the_button, with_the_recording, by_a_name, by_the_quorum])
def test_nothing_that_a_role_can_reach_tells_words_that_were_withdrawn(
    client: FlaskClient,
    signed_in_as: SignedInAs,
    database: Database,
    crowd: Crowd,
    role: str,
    withdrawn: Callable[[FlaskClient, Database, Crowd], None],
) -> None:
    viewer = signed_in_as(role, "crowd")
    assert "take0x1x0" in told(viewer), "the module quotes it"
    withdrawn(client, database, crowd)
    assert told(viewer) == set()
    assert WITHDRAWN in viewer.get("/catalogue/1").text
    assert "Meetings without an end" not in viewer.get("/catalogue?q=take0x1x0").text


def test_staff_reads_on_is_told_what_others_do_not_read_and_staff_of_other_programmes_are_others(
    client: FlaskClient, signed_in_as: SignedInAs, database: Database, crowd: Crowd
) -> None:
    with database.writing() as session:
        make_event(session, "elsewhere", programme="Another")
    theirs, others = signed_in_as("designer", "crowd"), signed_in_as("designer", "elsewhere")
    assert all("take0x1x0" in each.get("/catalogue/1").text for each in (client, theirs, others))
    client.post(f"{consent(crowd)}/withdraw")
    for staff in (client, theirs):
        page = staff.get("/catalogue/1").text
        assert "take0x1x0" in page and "1 quotation in it is not shown to alumni" in page.replace("\u00a0", " ")
        assert "take0x1x0" in staff.get("/catalogue/export.json").text
        assert "Meetings without an end" in staff.get("/catalogue?q=take0x1x0").text
        assert "take0x1x0" in staff.get(f"/events/crowd/groups/{crowd.recordings[0].group_id}").text
    assert "take0x1x0" not in others.get("/catalogue/1").text + others.get("/catalogue/export.json").text
    assert "Meetings without an end" not in others.get("/catalogue?q=take0x1x0").text


def test_a_file_that_was_written_before_brings_no_words_back(
    client: FlaskClient, signed_in_as: SignedInAs, database: Database, crowd: Crowd
) -> None:
    before = client.get("/catalogue/export.json").data
    assert b"take0x1x0" in before
    client.post(f"{consent(crowd)}/withdraw")
    for data in (before, before.replace(b"feel like that", b"think that")):
        client.post("/catalogue/import", data={"files": [(BytesIO(data), "catalogue.json")]})
        assert "take0x1x0" not in signed_in_as("alumnus", "crowd").get("/catalogue/1").text
        with database.reading() as session:
            assert "take0x1x0" not in str(session.scalars(select(Module)).one().pages)


def test_in_the_group_itself_a_step_keeps_its_words(
    client: FlaskClient, signed_in_as: SignedInAs, database: Database, crowd: Crowd
) -> None:
    """Who sat there heard them; nobody else is shown them, with consent or without."""
    with database.writing() as session:
        room = session.get_one(Group, crowd.recordings[0].group_id)
        entry = make_roster_entry(session, session.get_one(Event, crowd.event.id), groups=[room])
        email = entry.email
    inside, outside = signed_in_as("alumnus", "crowd", email=email), signed_in_as("alumnus", "crowd")
    for _ in range(2):
        assert FIRST.search(inside.get("/events/crowd/next-steps").text)
        for page in ("next-steps", "next-steps.ics", "next-steps.md"):
            assert not FIRST.search(outside.get(f"/events/crowd/{page}").text)
        client.post(f"{consent(crowd)}/withdraw")


def test_it_is_asked_before_and_can_be_put_back_also_later(client: FlaskClient, crowd: Crowd) -> None:
    desk = read(client, "/events/crowd/rooms")
    assert consent(crowd) in desk.all("//td[@class='acts']/a/@href")
    page = read(client, consent(crowd))
    assert "nothing said in this room is quoted or played to alumni and sponsors" in page.text
    assert client.post(f"{consent(crowd)}/withdraw").status_code == 303
    for _ in range(2):  # a reload forgets nothing
        again = read(client, consent(crowd))
        assert "Taken back." in again.text and "What was noted: “agreed”" in words(again.one("//div[@role='status']"))
        assert "No consent is noted" in again.text and again.all("//button[@class='danger']") == []
    assert again.one("//input[@name='consent']").get("value") == ""
    assert "no consent noted" in words(read(client, "/events/crowd/rooms").all("//tbody/tr")[0])
    assert client.post(f"{consent(crowd)}/put-back").status_code == 303
    page = read(client, consent(crowd))
    assert "Its consent is noted" in page.text and "Put it back" not in page.text
    assert page.one("//input[@name='consent']").get("value") == "agreed"
    twice = client.post(f"{consent(crowd)}/put-back")
    assert twice.status_code == 422 and "Nothing was taken back" in twice.text


def test_what_held_for_one_recording_is_put_back_for_that_one_and_not_offered_for_all(
    client: FlaskClient, database: Database, crowd: Crowd
) -> None:
    long = "x" * 1000
    with database.writing() as session:
        room = session.get_one(Group, crowd.recordings[0].group_id)
        for note in (long, None):
            make_recording(session, room, consent=note)

    def notes() -> list[str | None]:
        with database.reading() as session:
            query = select(Recording.consent).where(Recording.group_id == crowd.recordings[0].group_id)
            return list(session.scalars(query.order_by(Recording.id)))

    for step, noted in (("withdraw", [None] * 3), ("put-back", ["agreed", long, None])):
        client.post(f"{consent(crowd)}/{step}")
        assert notes() == noted
        page = read(client, consent(crowd))
        assert page.one("//input[@name='consent']").get("value") == ""
        assert "“agreed”" in page.text and long in page.text


def test_a_recording_without_a_note_silences_its_room_at_once_as_its_page_says(
    client: FlaskClient, signed_in_as: SignedInAs, database: Database, crowd: Crowd
) -> None:
    alumnus = signed_in_as("alumnus", "crowd")
    assert "take0x1x0" in alumnus.get("/catalogue/1").text
    with database.writing() as session:
        make_recording(session, session.get_one(Group, crowd.recordings[0].group_id), consent=None)
    assert "so nothing of this room is quoted outside it" in read(client, consent(crowd)).text
    assert "take0x1x0" not in alumnus.get("/catalogue/1").text


def test_what_cannot_be_noted_is_said_beside_the_field(client: FlaskClient, database: Database, crowd: Crowd) -> None:
    answer = client.post(consent(crowd), data={"consent": "x" * 1001})
    assert answer.status_code == 422 and "1,001 characters" in answer.text and "x" * 1001 in answer.text
    with database.writing() as session:
        session.execute(delete(Recording).where(Recording.id == crowd.recordings[0].id))
    assert "Nothing is recorded of this room." in read(client, consent(crowd)).text
    assert client.get("/events/crowd/groups/99/consent").status_code == 404
