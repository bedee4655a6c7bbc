from flask.testing import FlaskClient

from capture.database import Database
from capture.media import MediaFolder
from capture.models import Event, Job
from tests.factories import make_analysis, make_event, make_group, make_recording
from tests.web.conftest import Page, Spring, queries, read, words


def test_an_empty_house_says_what_to_do_first(client: FlaskClient) -> None:
    page = read(client, "/")
    assert "give your open space a title below" in page.text
    assert page.all("//form//input[@name='title']")


def test_creating_an_event_leads_to_its_rooms(client: FlaskClient, database: Database) -> None:
    form = {"title": "Spring — Lessons", "held_on": "2026-03-19", "programme": "Cycle 3", "vocabulary": "Ellerby"}
    answer = client.post("/events", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/events/spring-lessons/rooms")
    with database.reading() as session:
        event = session.query(Event).one()
    assert (event.title, str(event.held_on), event.vocabulary) == ("Spring — Lessons", "2026-03-19", "Ellerby")
    line = words(read(client, "/").one("//tbody/tr"))
    assert "19 March 2026" in line
    assert "no recordings yet" in line


def test_what_is_wrong_with_the_form_is_said_beside_it_and_nothing_typed_is_lost(client: FlaskClient) -> None:
    client.post("/events", data={"title": "Spring"})
    answer = client.post("/events", data={"title": "Spring", "programme": "Cycle 4"})
    assert answer.status_code == 400
    page = Page(answer.text)
    assert "already an event “spring”" in words(page.one("//*[@role='alert']"))
    assert page.one("//input[@name='programme']").get("value") == "Cycle 4"
    answer = client.post("/events", data={"title": "Autumn", "held_on": "19.3.2026"})
    assert "is not a date" in answer.text


def test_each_state_is_told_in_words(client: FlaskClient, database: Database, spring: Spring) -> None:
    with database.writing() as session:
        waiting = make_event(session, "waiting")
        recording = make_recording(session, make_group(session, waiting), state="waiting", seconds=3600.0)
        busy = make_event(session, "busy")
        working = make_recording(session, make_group(session, busy), state="waiting")
        session.add(Job(route="transcribe", event_id=busy.id, subject_id=working.id, key=f"transcribe:{working.id}"))
        done = make_event(session, "done")
        make_recording(session, make_group(session, done))
        little = make_event(session, "little")
        make_recording(session, make_group(session, little))
        make_analysis(session, little)
        assert recording.id
    lines = {words(row.xpath("th/a")[0]): words(row) for row in read(client, "/").all("//tbody/tr")}
    assert "3 themes found" in lines["Spring open space"].replace("\u00a0", " ")
    assert "0 of 1 recording transcribed" in lines["Waiting"].replace("\u00a0", " ")
    assert "1 h" in lines["Waiting"].replace("\u00a0", " ")
    assert "at work" in lines["Busy"]
    assert "no themes yet" in lines["Done"]
    assert "too little talk for themes" in lines["Little"]


def test_deleting_asks_first_and_takes_the_files_along(
    client: FlaskClient, spring: Spring, media: MediaFolder, database: Database
) -> None:
    sound = media.path(spring.recordings[0].stored_name)
    assert sound.exists()
    asked = read(client, "/events/spring/delete")
    assert "cannot be undone" in asked.text
    assert client.get("/events/spring").status_code == 200
    assert client.post("/events/spring/delete").headers["Location"] == "/"
    assert not sound.exists()
    assert client.get("/events/spring").status_code == 404


def test_the_list_costs_the_same_few_queries_however_many_events_there_are(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        for number in range(30):
            make_group(session, make_event(session, f"event-{number}"))
    with queries(database) as sent:
        read(client, "/")
    assert len([each for each in sent if each.startswith("SELECT")]) <= 6
