from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from capture.database import Database
from capture.models import Recording, RosterEntry
from mining.suggestion_models import Draw, PeerGroup, PeerGroupMember, StepState
from tests.factories import (
    make_event,
    make_group,
    make_next_step,
    make_recording,
    make_roster_entry,
    make_utterances,
)
from tests.web.conftest import Page, SignedInAs, Spring, browser_of, queries, read, words
from tests.web.promises import HERE, QUOTE, first_step, newest_person, promising, sat_in, settle_on


@pytest.fixture
def talk(database: Database, spring: Spring) -> Spring:
    return promising(database, spring)


@pytest.fixture
def guest(database: Database, talk: Spring, signed_in_as: SignedInAs) -> FlaskClient:
    """An alumna who sat in room 2."""
    browser = signed_in_as("alumnus")
    sat_in(database, talk, newest_person(database), 1)
    return browser


def test_the_page_shows_what_was_found_by_room_with_the_seconds_to_hear_it(client: FlaskClient, talk: Spring) -> None:
    page = read(client, HERE)
    assert [h.text_content() for h in page.all("//section/h2")] == ["Room 1", "Room 2", "Write one down"]
    assert f"“{QUOTE}”" in page.text
    assert "person 2 · by 4 April 2026 (“before Easter”)" in page.text
    [play] = page.all("//a[@data-play]")
    assert (play.get("data-start"), play.get("data-end")) == ("50.00", "59.80")
    assert [dt.text_content() for dt in page.all("//dl[@class='facts']//dt")] == ["2", "0", "0"]


def test_confirming_setting_aside_and_undoing_lead_back_with_a_notice(
    client: FlaskClient, talk: Spring, database: Database
) -> None:
    page = read(client, HERE)
    step = first_step(database)
    settle_on(client, page, step, "confirmed")
    told = read(client, HERE)
    assert words(told.one("//*[@role='status']")) == "Confirmed. Undo"
    assert "Confirmed." not in read(client, HERE).text
    [stamp] = told.all("//div[contains(@class, 'decided')]//input[@name='stamp']/@value")
    assert client.post(f"{HERE}/{step.id}/undo", data={"stamp": stamp}).status_code == 303
    assert first_step(database).state == StepState.FOUND
    settle_on(client, read(client, HERE), step, "dismissed")
    page = read(client, HERE)
    assert words(page.one(f"//li[@id='step-{step.id}']//*[@role='status']")) == "Set aside. Undo"
    page = read(client, HERE)
    assert "One sentence set aside" in page.text
    assert page.all("//dl[@class='facts']//dt")[0].text_content() == "1"


def test_a_page_made_before_somebody_else_changed_the_step_changes_nothing(
    client: FlaskClient, talk: Spring, database: Database
) -> None:
    page = read(client, HERE)
    step = first_step(database)
    settle_on(client, page, step, "confirmed")
    late = settle_on(client, page, step, "dismissed", 422)
    assert "Somebody changed this step" in Page(late.text).text
    assert first_step(database).state == StepState.CONFIRMED


def test_editing_says_what_it_is_whose_and_by_when(client: FlaskClient, talk: Spring, database: Database) -> None:
    read(client, HERE)
    step = first_step(database)
    form = read(client, f"{HERE}/{step.id}")
    [stamp] = form.all("//form[contains(@class, 'form')]//input[@name='stamp']/@value")
    data = {"stamp": stamp, "text": "Meet the auditors", "owner": "Ana", "due_on": "2026-13-45"}
    refused = client.post(f"{HERE}/{step.id}", data=data)
    assert refused.status_code == 422
    page = Page(refused.text)
    assert "“2026-13-45” is not a day" in page.text
    assert page.one("//input[@name='text']").get("value") == "Meet the auditors"
    assert client.post(f"{HERE}/{step.id}", data={**data, "due_on": "2026-05-01"}).status_code == 303
    page = read(client, HERE)
    assert "Meet the auditors" in page.text and "Ana · " in page.text and "1 May 2026" in page.text


def test_a_step_is_written_by_hand_and_a_hopeless_one_comes_back_with_what_was_typed(
    client: FlaskClient, talk: Spring, database: Database
) -> None:
    room = str(talk.groups[3].id)
    data = {"text": "Print the list", "owner": "", "due_on": "", "group": room}
    assert client.post(HERE, data=data).status_code == 303
    assert "Room 4" in read(client, HERE).text
    long = client.post(HERE, data={**data, "text": "word " * 2_000})
    assert long.status_code == 422
    page = Page(long.text)
    assert "9,999 characters" in page.text
    assert page.one("//input[@name='text']").get("aria-describedby") == "new-problem"
    assert page.one("//option[@selected]").get("value") == room
    foreign = client.post(HERE, data={**data, "group": "99999"})
    assert foreign.status_code == 404


def test_steps_of_another_event_cannot_be_reached_through_this_one(
    client: FlaskClient, talk: Spring, database: Database
) -> None:
    with database.writing() as session:
        other = make_next_step(session, make_event(session, "autumn"))
    for path, data in (
        ("/state", {"state": "done"}),
        ("", {"text": "x"}),
        ("/undo", {}),
        ("/answer", {"answer": "done"}),
    ):
        assert client.post(f"{HERE}/{other.id}{path}", data=data).status_code == 404
    assert client.get(f"{HERE}/{other.id}").status_code == 404
    step = first_step(database, event_id=other.event_id)
    assert (step.state, step.history) == (StepState.CONFIRMED, [])


def test_words_that_are_withdrawn_are_on_the_page_no_more_whatever_became_of_the_step(
    client: FlaskClient, talk: Spring, database: Database
) -> None:
    page = read(client, HERE)
    settle_on(client, page, first_step(database), "confirmed")
    read(client, HERE)
    with database.writing() as session:
        for room in (0, 1):
            session.delete(session.get_one(Recording, talk.recordings[room].id))
    page = read(client, HERE)
    assert "auditors" not in page.text and "letter" not in page.text
    assert "The words are no longer there." in page.text
    assert len(page.all("//li[contains(@class, 'step')]")) == 1


def test_an_alumna_sees_and_settles_the_steps_of_her_group_and_no_others(
    guest: FlaskClient, client: FlaskClient, database: Database
) -> None:
    page = read(guest, HERE)
    assert "one letter to the board" in page.text and "auditors" not in page.text
    own, foreign = first_step(database, group_id=2), first_step(database, group_id=1)
    assert page.all("//a[@data-play]") == []
    assert [a for a in page.all("//main//a/@href") if "/groups/" in a or "/themes/" in a or "/audio" in a] == []
    settle_on(guest, page, own, "confirmed")
    assert first_step(database, id=own.id).state == StepState.CONFIRMED
    for path, data in (("/state", {"state": "done"}), ("", {"text": "x"}), ("/undo", {})):
        assert guest.post(f"{HERE}/{foreign.id}{path}", data=data).status_code == 404
    assert guest.get(f"{HERE}/{foreign.id}").status_code == 404
    assert "auditors" not in guest.get(f"{HERE}.md").text
    assert guest.post(HERE, data={"text": "For all", "group": ""}).status_code == 422
    assert guest.post(HERE, data={"text": "For us", "group": "2"}).status_code == 303
    assert "For us" in read(client, HERE).text


def test_whoever_is_on_no_roster_sees_no_step_and_a_sponsor_not_even_the_page(
    talk: Spring, signed_in_as: SignedInAs, database: Database
) -> None:
    page = read(signed_in_as("alumnus"), HERE)
    assert "The roster of this event names none for you" in page.text
    assert page.all("//main//form") == []
    assert signed_in_as("sponsor").get(HERE).status_code == 403
    assert "auditors" in read(signed_in_as("designer"), HERE).text


def test_the_calendar_of_open_steps_is_a_file_that_calendars_read(
    client: FlaskClient, talk: Spring, database: Database
) -> None:
    page = read(client, HERE)
    settle_on(client, page, first_step(database), "confirmed")
    answer = client.get(f"{HERE}.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="spring-next-steps.ics"' in answer.headers["Content-Disposition"]
    [entry] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert entry.decoded("DTSTART") == date(2026, 4, 4)
    assert b"auditors" not in answer.data
    assert str(entry["URL"]) == "http://localhost/events/spring/next-steps"


def test_a_peer_groups_meetings_are_for_staff_and_its_members(
    client: FlaskClient, talk: Spring, database: Database, signed_in_as: SignedInAs
) -> None:
    member = signed_in_as("alumnus")
    entry = sat_in(database, talk, newest_person(database), 1)
    other = signed_in_as("alumnus")
    sat_in(database, talk, newest_person(database), 1)
    with database.writing() as session:
        draw = Draw(event_id=talk.event.id, made_by="Ana", parameters={}, figures={})
        session.add(draw)
        session.flush()
        group = PeerGroup(draw_id=draw.id, number=1)
        session.add(group)
        session.flush()
        session.add(PeerGroupMember(peer_group_id=group.id, entry_id=entry))
    path = "/events/spring/peer-groups/1/meetings.ics"
    assert [browser.get(path).status_code for browser in (client, member, other)] == [200, 200, 404]
    assert client.get("/events/spring/peer-groups/2/meetings.ics").status_code == 404
    Calendar.from_ical(client.get(path).data)


def test_events_without_talk_without_a_date_or_in_another_language_say_what_is_missing(
    client: FlaskClient, database: Database
) -> None:
    with database.writing() as session:
        make_event(session)
        quiet = make_event(session, "quiet", language="de")
        make_utterances(session, make_recording(session, make_group(session, quiet)), ["I'll write to them."])
        undated = make_event(session, "undated")
        make_utterances(session, make_recording(session, make_group(session, undated)), ["I'll write next week."])
    assert "No room has handed anything in yet" in read(client, HERE).text
    assert "English talk only" in read(client, "/events/quiet/next-steps").text
    page = read(client, "/events/undated/next-steps")
    assert "This event has no date" in page.text and "“next week”, no day yet" in page.text


def test_a_page_that_was_looked_at_before_takes_few_queries_and_none_per_step(
    client: FlaskClient, talk: Spring, database: Database
) -> None:
    read(client, HERE)
    with database.writing() as session:
        for number in range(60):
            make_next_step(session, talk.event, talk.groups[number % 10], text=f"Task {number}")
    with queries(database) as sent:
        page = read(client, HERE)
    assert "Task 59" in page.text
    assert len([statement for statement in sent if statement.startswith("SELECT")]) <= 16
    assert not [statement for statement in sent if statement.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_an_event_that_is_deleted_and_made_again_has_its_steps_found_again(
    client: FlaskClient, database: Database
) -> None:
    ids = []
    for _ in range(2):
        with database.writing() as session:
            event = make_event(session, "retro")
            make_utterances(session, make_recording(session, make_group(session, event)), [QUOTE])
            ids.append(event.id)
        assert QUOTE in read(client, "/events/retro/next-steps").text
        client.post("/events/retro/delete")
    assert ids[0] == ids[1]


def test_whoever_is_invited_alone_after_the_roster_came_finds_their_group_and_their_meetings(
    client: FlaskClient, talk: Spring, database: Database, app: Flask
) -> None:
    with database.writing() as session:
        entry = make_roster_entry(session, talk.event, "Mia Moss", [talk.groups[1]], email="mia@example.org")
        draw = Draw(event_id=talk.event.id, made_by="Ana", parameters={}, figures={}, left_over=[])
        draw.groups.append(PeerGroup(number=1, members=[PeerGroupMember(entry_id=entry.id)]))
        session.add(draw)
    path = "/events/spring/peer-groups/1/meetings.ics"
    data = {"role": "alumnus", "name": "Mia Moss", "email": "mia@example.org"}
    assert client.post("/events/spring/people", data=data).status_code == 303
    mia = browser_of(app, newest_person(database))
    assert "one letter to the board" in read(mia, HERE).text
    assert mia.get(path).status_code == 200
    with database.writing() as session:  # a line that nobody is noted on is found by the address all the same
        session.get_one(RosterEntry, entry.id).person_id = None
    assert "one letter to the board" in read(mia, HERE).text
    assert mia.get(path).status_code == 200
