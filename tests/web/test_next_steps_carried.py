"""Steps that go on at the programme's next event, in the browser: asked for again, carried on, and read by other people
than those who were in the room."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from capture.database import Database, utcnow
from capture.models import Event, Group, Programme, Utterance
from mining.next_steps.next_steps import stamp_of
from mining.suggestion_models import NextStep
from tests.factories import (
    make_event,
    make_group,
    make_next_step,
    make_roster_entry,
)
from tests.web.conftest import Page, SignedInAs, Spring, read
from tests.web.promises import HERE, QUOTE, first_step, newest_person, promising, sat_in, settle_on

AUTUMN = "/events/autumn/next-steps"


@pytest.fixture
def talk(database: Database, spring: Spring) -> Spring:
    return promising(database, spring)


@pytest.fixture
def guest(database: Database, talk: Spring, signed_in_as: SignedInAs) -> FlaskClient:
    """An alumna who sat in room 2."""
    browser = signed_in_as("alumnus")
    sat_in(database, talk, newest_person(database), 1)
    return browser


def test_the_next_event_asks_what_became_of_last_times_steps(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        spring = make_event(session, programme="Side by Side", held_on=date(2026, 3, 19))
        make_event(session, "autumn", programme="Side by Side", held_on=date(2026, 9, 24))
        kept = [make_next_step(session, spring, text=f"Task {number}") for number in range(3)]
    autumn = "/events/autumn/next-steps"
    page = read(client, autumn)
    assert "3 still open" in page.text
    for step, answer in zip(kept, ("done", "carry", "dropped"), strict=True):
        assert client.post(f"{autumn}/{step.id}/answer", data={"answer": answer}).status_code == 303
    page = read(client, autumn)
    assert "1 done, 1 carried on, 1 dropped" in page.text
    assert page.one("//section//li[contains(@id, 'step-')]//p[contains(@class, 'task')]").text_content() == "Task 1"
    assert client.post(f"{autumn}/{kept[1].id}/answer", data={"answer": "undo"}).status_code == 303
    assert "1 still open" in read(client, autumn).text
    assert "from last time" not in read(client, autumn).text
    assert client.post(f"{autumn}/{kept[1].id}/answer", data={"answer": "perhaps"}).status_code == 422


def test_an_alumna_answers_for_the_groups_she_sat_in_last_time_and_no_others(
    guest: FlaskClient, talk: Spring, database: Database
) -> None:
    with database.writing() as session:
        session.get_one(Event, talk.event.id).programme = "Side by Side"
        programme = session.scalars(select(Programme)).one()
        programme.name, programme.event_id = "Side by Side", None
        make_event(session, "autumn", programme="Side by Side", held_on=date(2026, 9, 24))
        own = make_next_step(session, talk.event, talk.groups[1], text="Ours")
        foreign = make_next_step(session, talk.event, talk.groups[0], text="Theirs")
    autumn = "/events/autumn/next-steps"
    page = read(guest, autumn)
    assert "Ours" in page.text and "Theirs" not in page.text
    assert guest.post(f"{autumn}/{own.id}/answer", data={"answer": "done"}).status_code == 303
    assert guest.post(f"{autumn}/{foreign.id}/answer", data={"answer": "done"}).status_code == 404
    assert (first_step(database, id=own.id).state, first_step(database, id=foreign.id).state) == ("done", "confirmed")


@pytest.fixture
def carried(client: FlaskClient, talk: Spring, database: Database) -> NextStep:
    """What was said in Room 1 (sound) at spring, carried on to Room 1 of autumn."""
    with database.writing() as session:
        session.get_one(Event, talk.event.id).programme = "Side by Side"
        autumn = make_event(session, "autumn", programme="Side by Side", held_on=date(2026, 9, 24))
        make_group(session, autumn, "Room 1")
    settle_on(client, read(client, HERE), step := first_step(database), "confirmed")
    assert client.post(f"{AUTUMN}/{step.id}/answer", data={"answer": "carry"}).status_code == 303
    return first_step(database, carried_from=step.id)


def test_an_alumnus_of_the_new_room_reads_none_of_the_words_of_the_old_one(
    carried: NextStep, talk: Spring, database: Database, signed_in_as: SignedInAs
) -> None:
    browsers = []
    for number in range(2):
        browsers.append(signed_in_as("alumnus", "autumn"))
        with database.writing() as session:
            autumn, room = session.get_one(Event, carried.event_id), session.get_one(Group, carried.group_id)
            make_roster_entry(session, autumn, f"Zoe {number}", [room], person_id=newest_person(database).id)
    sat_in(database, talk, newest_person(database), 0)  # only the second sat in Room 1 of spring as well
    stranger, witness = browsers
    neutral = "a step from last time; its words are shown to those who were in the room"
    for path in ("", f"/{carried.id}", ".md", ".ics"):
        assert "auditors" not in stranger.get(AUTUMN + path).text, path
    assert neutral.capitalize() in read(stranger, AUTUMN).text
    assert neutral in stranger.get(f"{AUTUMN}.md").text
    assert QUOTE in read(witness, AUTUMN).text and neutral.capitalize() not in read(witness, AUTUMN).text
    data = {"text": "Meet them", "owner": "Zoe"}
    assert stranger.post(f"{AUTUMN}/{carried.id}", data=data).status_code == 303
    page = read(stranger, AUTUMN)
    assert "Meet them" in page.text and "auditors" not in page.text
    assert "From last time" not in page.text


def test_a_carried_step_leads_to_the_event_where_it_was_said(
    carried: NextStep, client: FlaskClient, talk: Spring
) -> None:
    item = read(client, AUTUMN).one(f"//li[@id='step-{carried.id}']")
    links = [link for link in item.xpath(".//p[@class='src']//a/@href | .//a/@data-src")]
    assert [link.split("#")[0] for link in links] == [
        f"/events/spring/recordings/{talk.recordings[0].id}/audio",
        f"/events/spring/recordings/{talk.recordings[0].id}/audio",
        f"/events/spring/groups/{talk.groups[0].id}",
    ]
    for link in set(links):
        with client.get(link.split("#")[0]) as answer:
            assert answer.status_code == 200, link
    form = read(client, f"{AUTUMN}/{carried.id}")
    assert form.one("//a[@data-play]").get("data-src") == links[1].split("#")[0]


def test_a_name_that_is_masked_in_the_old_talk_is_masked_on_the_new_list_when_it_is_opened_first(
    carried: NextStep, client: FlaskClient, talk: Spring, database: Database
) -> None:
    with database.writing() as session:
        said = session.scalars(select(Utterance).where(Utterance.text == QUOTE)).one()
        said.text = QUOTE.replace("the auditors", "[person 7]")
        session.get_one(Event, talk.event.id).retracted_at = utcnow()
    page = read(client, AUTUMN)
    assert page.text.count("I'll ask [person 7] before Easter.") == 2, "in its room, and from last time"
    assert "no longer there" not in page.text


def test_a_page_from_before_it_was_carried_on_changes_nothing_of_what_people_made_of_it(
    client: FlaskClient, database: Database
) -> None:
    with database.writing() as session:
        spring = make_event(session, programme="Side by Side", held_on=date(2026, 3, 19))
        make_event(session, "autumn", programme="Side by Side", held_on=date(2026, 9, 24))
        old = make_next_step(session, spring, text="Old words")
    stale = {"answer": "carry", "stamp": stamp_of(old)}
    assert client.post(f"{AUTUMN}/{old.id}/answer", data=stale).status_code == 303
    new = first_step(database, carried_from=old.id)
    client.post(f"{AUTUMN}/{new.id}", data={"text": "New words", "owner": "Zoe", "due_on": "2026-10-01"})
    again = client.post(f"{AUTUMN}/{old.id}/answer", data=stale)
    assert again.status_code == 422 and "Somebody changed this step" in Page(again.text).text
    now = first_step(database, id=new.id)
    assert (now.text, now.owner, now.due_on, len(now.history)) == ("New words", "Zoe", date(2026, 10, 1), 1)
