from datetime import timedelta
from io import BytesIO
from pathlib import Path

from flask.testing import FlaskClient

from capture.database import Database, utcnow
from capture.models import Attendance, Job, JobState, Recording
from mining.suggestion_models import NextStep
from tests.factories import (
    make_event,
    make_group,
    make_next_step,
    make_recording,
    make_roster_entry,
    make_utterances,
)
from tests.web.conftest import SPEECH, Noted, Page, SignedInAs, Spring, queries, read, words

VTT = b"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Ann>We never have the time to look back.\n"


def _files(*files: tuple[str, bytes]) -> list[tuple[BytesIO, str]]:
    return [(BytesIO(content), name) for name, content in files]


def _sound() -> bytes:
    return (SPEECH / "rms.m4a").read_bytes()


def _open(client: FlaskClient, slug: str = "spring") -> str:
    client.post("/events", data={"title": slug.title()})
    return f"/events/{slug}/rooms"


def test_an_empty_desk_says_what_to_do(client: FlaskClient) -> None:
    page = read(client, _open(client))
    assert "No recording has arrived yet" in page.text
    assert page.one("//input[@type='file']").get("multiple") is not None


def test_one_bad_file_does_not_stop_the_others_and_each_gets_its_answer(
    client: FlaskClient, database: Database, carrier: Noted
) -> None:
    path = _open(client)
    files = _files(("phone.m4a", _sound()), ("notes.mp3", b"this is no sound at all, sorry\n" * 9), ("zoom.vtt", VTT))
    answer = client.post(path, data={"files": files, "consent": "all agreed"})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert words(page.one("//h1")).replace("\u00a0", " ") == "2 of 3 files arrived"
    results = [words(item) for item in page.all("//ul[@class='results']/li")]
    assert results[0].startswith("stored phone.m4a")
    assert results[1].startswith("not stored")
    assert "notes.mp3" in results[1]
    assert results[2].startswith("stored zoom.vtt")
    with database.reading() as session:
        stored = session.query(Recording).order_by(Recording.id).all()
        names = [(r.original_name, r.group.name, r.consent, r.kind.value) for r in stored]
        job = session.query(Job).one()
    assert names == [("phone.m4a", "phone", "all agreed", "audio"), ("zoom.vtt", "zoom", "all agreed", "transcript")]
    assert (job.route, job.subject_id) == ("transcribe", stored[0].id)
    assert carrier.sent == [(job.id, "transcribe")]


def test_a_script_gets_the_same_answers_as_data(client: FlaskClient) -> None:
    path = _open(client)
    as_script = {"Accept": "application/json"}
    data = {"files": _files(("zoom.vtt", VTT)), "group": "Remote & alone"}
    answer = client.post(path, data=data, headers=as_script)
    assert answer.status_code == 200
    assert [(f["name"], f["stored"]) for f in answer.json["files"]] == [("zoom.vtt", True)]
    assert "Remote & alone" in answer.json["files"][0]["message"]
    again = client.post(path, data={"files": _files(("copy.vtt", VTT))}, headers=as_script)
    assert "already here" in again.json["files"][0]["message"]
    assert len(read(client, path).all("//tbody/tr")) == 1


def test_the_same_sound_twice_is_transcribed_once(client: FlaskClient, carrier: Noted) -> None:
    path = _open(client)
    for name in ("phone.m4a", "copy.m4a"):
        client.post(path, data={"files": _files((name, _sound()))})
    assert len(carrier.sent) == 1


def test_no_file_and_a_file_too_large_are_said_in_words(client: FlaskClient) -> None:
    path = _open(client)
    assert "No file was chosen" in client.post(path, data={"files": (BytesIO(b""), "")}).text
    length = {"CONTENT_LENGTH": str(9 << 20)}
    answer = client.post(path, data={"files": _files(("big.wav", b"x"))}, environ_overrides=length)
    assert answer.status_code == 413
    assert "8 MB at most" in answer.text


def _busy(database: Database) -> dict[str, int]:
    """An event with one room in each state. Returns recording ids by state."""
    ids = {}
    states = {"running": JobState.RUNNING, "failed": JobState.FAILED, "queued": JobState.QUEUED}
    with database.writing() as session:
        event = make_event(session, "autumn")
        for name in ("ready", *states):
            group = make_group(session, event, name)
            recording = make_recording(
                session, group, kind="audio", seconds=3600.0, state="ready" if name == "ready" else "waiting"
            )
            ids[name] = recording.id
            if name == "ready":
                recording.silence, recording.confidence, recording.engine = 0.42, 0.3, "sphinx"
                make_utterances(session, recording, ["Everyone who cared has moved on."])
                continue
            job = Job(
                route="transcribe",
                event_id=event.id,
                subject_id=recording.id,
                key=f"transcribe:{recording.id}",
                state=states[name],
                progress=0.5 if name == "running" else 0.0,
                error="The sound is damaged." if name == "failed" else None,
                started_at=utcnow() - timedelta(minutes=10),
            )
            session.add(job)
    return ids


def test_the_desk_shows_each_room_in_stable_order_with_state_and_warnings_in_words(
    client: FlaskClient, database: Database
) -> None:
    ids = _busy(database)
    page = read(client, "/events/autumn/rooms")
    rows = page.all("//tbody/tr")
    assert [row.get("id") for row in rows] == [f"recording-{i}" for i in sorted(ids.values())]
    said = [words(row).replace("\u00a0", " ") for row in rows]
    assert "42 % silence" in said[0]
    assert "recogniser unsure" in said[0]
    assert "demonstration engine" in said[0]
    assert "no consent noted" in said[0]
    assert "Everyone who cared has moved on." in said[0]
    assert "transcribing" in said[1]
    assert rows[1].xpath(".//progress")[0].get("value") == "0.5"
    assert "The sound is damaged." in said[2]
    assert "waiting" in said[3]
    summary = words(page.one("//*[@data-summary]")).replace("\u00a0", " ")
    assert summary.startswith("4 rooms · 1 transcribed · 1 transcribing · 1 waiting · 1 failed · done in about ")
    assert page.all("//noscript/meta[@http-equiv='refresh']")


def test_without_anything_to_judge_by_there_is_no_estimate_and_without_work_no_refresh(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    client.post(_open(client, "autumn"), data={"files": _files(("phone.m4a", _sound()))})
    assert "no estimate yet" in read(client, "/events/autumn/rooms").text
    assert not read(client, "/events/spring/rooms").all("//noscript")


def test_the_rows_can_be_asked_for_again_by_a_script(client: FlaskClient, database: Database) -> None:
    ids = _busy(database)
    desk = client.get("/events/autumn/rooms.json").json
    assert desk["busy"] is True
    assert [number for number, _ in desk["rows"]] == sorted(ids.values())
    assert desk["rows"][2][1].lstrip().startswith(f'<tr id="recording-{ids["failed"]}"')
    assert "4\u00a0rooms" in desk["summary"]
    assert "Find themes" in desk["search"]


def test_a_failed_room_can_be_tried_again_and_a_running_one_stopped(
    client: FlaskClient, database: Database, carrier: Noted
) -> None:
    ids = _busy(database)
    assert client.post(f"/events/autumn/recordings/{ids['failed']}/retry").status_code == 303
    assert client.post(f"/events/autumn/recordings/{ids['running']}/stop").status_code == 303
    assert client.post(f"/events/autumn/recordings/{ids['queued']}/stop").status_code == 303
    with database.reading() as session:
        jobs = {(j.subject_id, j.state, j.cancel_requested) for j in session.query(Job)}
    assert (ids["failed"], JobState.QUEUED, False) in jobs
    assert (ids["running"], JobState.RUNNING, True) in jobs
    assert (ids["queued"], JobState.CANCELLED, False) in jobs
    assert [route for _, route in carrier.sent] == ["transcribe"]


def test_a_transcript_cannot_be_transcribed(client: FlaskClient, spring: Spring, carrier: Noted) -> None:
    answer = client.post(f"/events/spring/recordings/{spring.recordings[1].id}/retry")
    assert answer.status_code == 400
    assert carrier.sent == []


def test_removing_asks_first_and_erases_the_file(client: FlaskClient, spring: Spring, settings) -> None:
    sound = Path(settings.media_dir) / spring.recordings[0].stored_name
    path = f"/events/spring/recordings/{spring.recordings[0].id}/remove"
    assert "Room 1" in words(read(client, path).one("//h1"))
    assert sound.exists()
    assert client.post(path).headers["Location"] == "/events/spring/rooms"
    assert not sound.exists()
    assert "Room 1" not in [words(th) for th in read(client, "/events/spring/rooms").all("//tbody/tr/th/a")]


def test_a_room_with_peoples_work_outlives_its_recording_and_the_page_says_so_before(
    client: FlaskClient, spring: Spring, database: Database
) -> None:
    with database.writing() as session:
        written = make_next_step(session, spring.event, spring.groups[2], text="By hand")
        make_roster_entry(session, spring.event, "Al Bo", [spring.groups[3]])
    for room, said in (
        (2, "The room stays, without recordings, because 1 next step was confirmed or written there."),
        (3, "The room stays, without recordings, because 1 person on the roster sat in it."),
        (4, "so the room goes with it"),
    ):
        path = f"/events/spring/recordings/{spring.recordings[room].id}/remove"
        assert said in read(client, path).text.replace("\u00a0", " ")
        assert client.post(path).status_code == 303
    desk = read(client, "/events/spring/rooms")
    assert "Without recordings, kept for the roster or for next steps:" in desk.text
    assert [words(a) for a in desk.all("//ul[@class='empty-rooms']//a")[::2]] == ["Room 3", "Room 4"]
    assert "Room 5" not in desk.text
    assert "By hand" in read(client, "/events/spring/next-steps").text
    with database.reading() as session:
        assert session.get(NextStep, written.id)
        assert session.query(Attendance).count() == 1
    assert "There is no recording of this room." in read(client, f"/events/spring/groups/{spring.groups[2].id}").text


def test_a_room_without_recordings_counts_nowhere_as_one_that_talked(
    client: FlaskClient, spring: Spring, database: Database, signed_in_as: SignedInAs
) -> None:
    with database.writing() as session:
        make_group(session, spring.event, "Kept")
    assert "Not transcribed, so not heard here: Kept." in read(client, "/events/spring").text
    assert "Eight groups of ten raise it" in read(client, "/events/spring/themes/1").text
    for role in ("alumnus", "sponsor"):
        page = read(signed_in_as(role), "/events/spring").text
        assert "of 10 groups" in page and "of 11" not in page and "Kept" not in page
    for path in ("coverage", "diagnosis", "roster", "peer-groups", "next-steps", "curation", "reports"):
        assert client.get(f"/events/spring/{path}").status_code in (200, 404), path
    with database.writing() as session:
        make_group(session, make_event(session, "quiet"), "Kept")
    assert "No room has handed anything in yet" in read(client, "/events/quiet").text
    assert "No recording has arrived yet" in read(client, "/events/quiet/rooms").text


def test_themes_are_looked_for_once_something_is_ready(
    client: FlaskClient, database: Database, carrier: Noted, spring: Spring
) -> None:
    assert client.post("/events/spring/mine").headers["Location"] == "/events/spring/rooms"
    assert [route for _, route in carrier.sent] == ["mine"]
    assert "looking for themes" in read(client, "/events/spring/rooms").text
    client.post("/events/spring/mine")
    with database.reading() as session:
        assert session.query(Job).filter_by(route="mine").count() == 1
    _open(client, "autumn")
    answer = client.post("/events/autumn/mine")
    assert answer.status_code == 400
    assert "nothing to find themes in" in answer.text


def test_the_desk_costs_the_same_few_queries_however_many_rooms_there_are(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    with queries(database) as ten:
        read(client, "/events/spring/rooms")
    with database.writing() as session:
        for number in range(50):
            make_recording(session, make_group(session, spring.event, f"More {number}"))
    with queries(database) as sixty:
        read(client, "/events/spring/rooms")
    assert len(ten) == len(sixty) <= 19
