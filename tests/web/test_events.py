from flask.testing import FlaskClient

from capture.database import Database
from capture.media import MediaFolder
from capture.models import Event, Job
from tests.factories import make_analysis, make_event, make_group, make_recording
from tests.web.conftest import Page, SignedInAs, Spring, queries, read, words


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
    client: FlaskClient, database: Database, spring: Spring, signed_in_as: SignedInAs
) -> None:
    with database.writing() as session:
        for number in range(30):
            make_group(session, make_event(session, f"event-{number}"))
    with queries(database) as sent:
        read(client, "/")
    assert len([each for each in sent if each.startswith("SELECT")]) <= 7
    alumnus = signed_in_as("alumnus")
    with queries(database) as sent:
        read(alumnus, "/")
    assert len([each for each in sent if each.startswith("SELECT")]) <= 9


def test_everybody_sees_the_events_of_their_programmes_and_no_others(
    client: FlaskClient, database: Database, spring: Spring, signed_in_as: SignedInAs
) -> None:
    with database.writing() as session:
        make_event(session, "one", programme="Cycle 3")
        make_event(session, "two", programme="Cycle 3")
        make_event(session, "alone", title="Cycle 3")
    seen = [words(a) for a in read(signed_in_as("alumnus", "one"), "/").all("//tbody/tr/th/a")]
    assert sorted(seen) == ["One", "Two"]
    assert len(read(client, "/").all("//tbody/tr")) == 4
    nobody = read(signed_in_as(None, name="Ida"), "/")
    assert "You are signed in as Ida, but no programme is open to you" in nobody.text
    assert not nobody.all("//main//form")


def test_alumni_see_neither_counts_nor_ways_that_are_not_theirs(
    database: Database, spring: Spring, signed_in_as: SignedInAs
) -> None:
    line = read(signed_in_as("alumnus"), "/").one("//tbody/tr")
    assert words(line) == "Spring open space no date ready to read"
    assert [a.get("href") for a in line.xpath(".//a")] == ["/events/spring"]
    line = read(signed_in_as("designer"), "/").one("//tbody/tr")
    assert "3 themes found" in words(line).replace("\u00a0", " ")
    assert [a.get("href") for a in line.xpath(".//a")] == ["/events/spring"]
    with database.writing() as session:
        make_event(session, "new")
    assert "nothing to read yet" in read(signed_in_as("sponsor", "new"), "/").text


def test_an_organiser_makes_events_in_their_own_programmes_or_alone_and_does_not_lose_them(
    database: Database, spring: Spring, signed_in_as: SignedInAs
) -> None:
    with database.writing() as session:
        make_event(session, "one", programme="Cycle 3")
        make_event(session, "other", programme="Not theirs")
    organiser = signed_in_as("organiser", "one")
    offered = read(organiser, "/").one("//select[@name='programme']").xpath("option")
    assert [(each.get("value"), words(each)) for each in offered][:1] == [(None, "Cycle 3")]
    assert organiser.post("/events", data={"title": "Two", "programme": "Cycle 3"}).status_code == 303
    read(organiser, "/events/two/rooms")
    assert organiser.post("/events", data={"title": "Three"}).headers["Location"] == "/events/three/rooms"
    read(organiser, "/events/three/rooms")
    for forged in ("Not theirs", "Never heard of"):
        refused = organiser.post("/events", data={"title": "Four", "programme": forged})
        assert refused.status_code == 400 and "programmes that you organise" in refused.text
    with database.reading() as session:
        assert session.query(Event).filter_by(slug="four").count() == 0


def test_an_event_nobody_told_them_of_does_not_show_in_a_name_that_is_taken(
    database: Database, spring: Spring, signed_in_as: SignedInAs
) -> None:
    with database.writing() as session:
        make_event(session, "one", programme="Cycle 3")
    organiser = signed_in_as("organiser", "one")
    made = organiser.post("/events", data={"title": "Spring", "programme": "Cycle 3"})
    assert made.headers["Location"] == "/events/spring-2/rooms"
    again = organiser.post("/events", data={"title": "One", "programme": "Cycle 3"})
    assert again.status_code == 400 and "already an event “one”" in again.text


def test_deleting_says_what_goes_with_the_event_and_what_stays(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        alone, one = make_event(session, slug="alone"), make_event(session, slug="one")
        alone.programme, one.programme = None, "Side by Side"
    page = read(client, "/events/alone/delete")
    assert "the roster, drafts, next steps and peer groups" in page.text
    assert "who was invited to it and what they proposed goes with it" in page.text
    assert "Who was invited to “Side by Side”" in read(client, "/events/one/delete").text
