from flask.testing import FlaskClient
from sqlalchemy import select

from capture.database import Database
from capture.models import Attendance, Group, RosterEntry
from mining.models import Passage
from mining.suggestion_models import NextStep, StepState
from tests.factories import (
    make_event,
    make_group,
    make_next_step,
    make_recording,
    make_roster_entry,
    make_utterances,
)
from tests.web.conftest import Spring, queries, read, words


def test_the_transcript_marks_themes_where_they_come_up(client: FlaskClient, spring: Spring) -> None:
    group, recording = spring.groups[0].id, spring.recordings[0].id
    page = read(client, f"/events/spring/groups/{group}")
    lines = page.all("//p[contains(@class,'line')]")
    assert len(lines) == 12
    assert [line.get("class") for line in lines] == ["line theme-1"] * 4 + ["line theme-2"] * 4 + [
        "line theme-none"
    ] * 4
    starts = page.all("//p[contains(@class,'starts')]/a")
    assert [words(a) for a in starts] == ["Finance says no late", "No time to reflect"]
    assert starts[1].get("href") == f"/events/spring/themes/2#group-{group}"
    its = page.one("//aside[@aria-labelledby='its']")
    assert its.xpath(".//p/a/@href") == [f"#u-{recording}-0", f"#u-{recording}-4"]


def test_every_time_is_a_link_that_plays_without_any_script(client: FlaskClient, spring: Spring) -> None:
    group, recording = spring.groups[0].id, spring.recordings[0].id
    page = read(client, f"/events/spring/groups/{group}")
    times = page.all("//a[@class='time']/@href")
    assert times[1] == f"/events/spring/recordings/{recording}/audio#t=10.00,19.80"
    assert page.one("//audio").get("src") == f"/events/spring/recordings/{recording}/audio"
    assert "demonstration engine" in page.text


def test_a_transcript_has_no_player_and_its_times_lead_to_the_lines(client: FlaskClient, spring: Spring) -> None:
    group, recording = spring.groups[1].id, spring.recordings[1].id
    page = read(client, f"/events/spring/groups/{group}")
    assert not page.all("//audio | //*[@data-play]")
    assert "transcript only" in page.text
    assert page.all("//a[@class='time']/@href")[3] == f"#u-{recording}-3"


def test_a_second_in_the_address_marks_the_line_spoken_then(client: FlaskClient, spring: Spring) -> None:
    group, recording = spring.groups[0].id, spring.recordings[0].id
    page = read(client, f"/events/spring/groups/{group}?t=41.5")
    assert page.one("//p[contains(@class,'marked')]").get("id") == f"u-{recording}-4"
    assert words(page.one("//p[@class='jump']")) == "Go to 00:41"
    assert read(client, f"/events/spring/groups/{group}?t=nonsense").all("//p[contains(@class,'line')]")


def test_several_recordings_stand_one_after_the_other_and_doubted_words_say_so(
    client: FlaskClient, database: Database
) -> None:
    with database.writing() as session:
        group = make_group(session, make_event(session, "spring"), "Room 1")
        first = make_recording(session, group, original_name="before lunch.vtt")
        second = make_recording(session, group, original_name="after lunch.vtt", position=1)
        make_utterances(session, first, ["We began."])
        make_utterances(session, second, ["We went on."])[0].doubt = "repeats itself"
        make_recording(session, group, original_name="evening.m4a", kind="audio", state="waiting", position=2)
    page = read(client, f"/events/spring/groups/{group.id}")
    assert [words(h) for h in page.all("//h2")][:3] == ["before lunch.vtt", "after lunch.vtt", "evening.m4a"]
    assert "repeats itself, not mined" in page.text
    assert "It is not transcribed yet." in page.text
    assert "There are no themes yet." in page.text
    marked = read(client, f"/events/spring/groups/{group.id}?t=3&recording={second.id}")
    assert marked.one("//p[contains(@class,'marked')]").get("id") == f"u-{second.id}-0"


def test_groups_lead_to_their_neighbours_on_the_desk(client: FlaskClient, spring: Spring) -> None:
    page = read(client, f"/events/spring/groups/{spring.groups[1].id}")
    assert [words(a) for a in page.all("//nav[@class='pager']/a")] == ["Before Room 1", "Next Room 3"]


def test_a_group_of_another_event_is_not_found(client: FlaskClient, database: Database, spring: Spring) -> None:
    with database.writing() as session:
        other = make_group(session, make_event(session, "autumn"))
    read(client, f"/events/spring/groups/{other.id}", 404)


def test_a_long_conversation_costs_no_more_queries(client: FlaskClient, database: Database, spring: Spring) -> None:
    with queries(database) as short:
        read(client, f"/events/spring/groups/{spring.groups[1].id}")
    with database.writing() as session:
        recording = make_recording(session, session.merge(spring.groups[1]), position=1)
        make_utterances(session, recording, ["And so on."] * 500)
    with queries(database) as long:
        read(client, f"/events/spring/groups/{spring.groups[1].id}")
    assert len(short) == len(long) <= 19


def test_talk_that_was_set_aside_says_why_once_where_it_begins(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        passages = session.scalars(select(Passage).where(Passage.group_id == spring.groups[9].id)).all()
        for passage in passages[:2]:
            passage.theme, passage.aside = None, "<i>greetings"
    page = read(client, f"/events/spring/groups/{spring.groups[9].id}")
    [aside] = page.all("//p[@class='aside soft']")
    assert words(aside) == "In no theme: <i>greetings"
    assert aside.getnext().get("id") == f"u-{spring.recordings[9].id}-0"


def test_a_room_without_recordings_can_be_removed_and_the_page_says_what_goes_with_it(
    client: FlaskClient, spring: Spring, database: Database
) -> None:
    with database.writing() as session:
        room = make_group(session, spring.event, "Kept <b>room</b>")
        make_roster_entry(session, spring.event, groups=[room, spring.groups[0]])
        make_roster_entry(session, spring.event, groups=[room])
        step = make_next_step(session, spring.event, room)
    desk = read(client, "/events/spring/rooms")
    path = desk.one("//ul[@class='empty-rooms']//a[@class='go']").get("href")
    assert path == f"/events/spring/groups/{room.id}/remove"
    page = read(client, path)
    assert "cannot be removed yet" in words(page.one("//h1")) and "One next step of" in page.text
    assert not page.all("//main//form") and page.all("//main//a[@href='/events/spring/next-steps']")
    refused = client.post(path)
    assert refused.status_code == 400 and "Remove or undo it on the page Next steps first." in refused.text
    with database.writing() as session:
        session.get_one(NextStep, step.id).state = StepState.DISMISSED
    page = read(client, path)
    assert "Kept <b>room</b>" in words(page.one("//h1")) and not page.all("//main//b")
    assert "Two people on the roster are noted as having sat in it." in page.text
    assert "One next step that was set aside" in page.text
    assert client.post(path).headers["Location"] == "/events/spring/rooms"
    assert not read(client, "/events/spring/rooms").all("//ul[@class='empty-rooms']")
    read(client, path, 404)
    with database.reading() as session:
        assert session.query(Group).count() == 10 and session.query(RosterEntry).count() == 2
        assert [seat.group_id for seat in session.query(Attendance)] == [spring.groups[0].id]


def test_a_room_that_talked_is_not_removed_this_way(client: FlaskClient, spring: Spring, database: Database) -> None:
    path = f"/events/spring/groups/{spring.groups[0].id}/remove"
    assert "Remove what is recorded first." in read(client, path).text
    assert client.post(path).status_code == 400
    with database.reading() as session:
        assert session.query(Group).count() == 10
