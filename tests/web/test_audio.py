from flask.testing import FlaskClient

from capture.media import MediaFolder
from tests.web.conftest import SPEECH, Spring


def _audio(spring: Spring, index: int = 0) -> str:
    return f"/events/spring/recordings/{spring.recordings[index].id}/audio"


def test_the_whole_sound_is_sent_privately_with_its_type(client: FlaskClient, spring: Spring) -> None:
    with client.get(_audio(spring)) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "audio/mp4"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.data == (SPEECH / "rms.m4a").read_bytes()


def test_a_range_is_answered_with_exactly_that_range(client: FlaskClient, spring: Spring) -> None:
    whole = (SPEECH / "rms.m4a").read_bytes()
    with client.get(_audio(spring), headers={"Range": "bytes=100-299"}) as answer:
        assert answer.status_code == 206
        assert answer.headers["Content-Range"] == f"bytes 100-299/{len(whole)}"
        assert answer.data == whole[100:300]
    with client.get(_audio(spring), headers={"Range": f"bytes={len(whole) + 5}-"}) as answer:
        assert answer.status_code == 416


def test_a_transcript_has_no_sound(client: FlaskClient, spring: Spring) -> None:
    answer = client.get(_audio(spring, 1))
    assert answer.status_code == 404
    assert "is a transcript" in answer.text


def test_a_file_that_is_gone_is_said_to_be_gone(client: FlaskClient, spring: Spring, media: MediaFolder) -> None:
    media.delete(spring.recordings[0].stored_name)
    answer = client.get(_audio(spring))
    assert answer.status_code == 404
    assert "no longer on this machine" in answer.text


def test_a_recording_of_another_event_is_not_given_out(client: FlaskClient, spring: Spring) -> None:
    client.post("/events", data={"title": "Autumn"})
    assert client.get(_audio(spring).replace("spring", "autumn")).status_code == 404


def test_the_transcript_can_be_taken_away_as_webvtt(client: FlaskClient, spring: Spring) -> None:
    answer = client.get(f"/events/spring/recordings/{spring.recordings[1].id}/transcript.vtt")
    assert answer.mimetype == "text/vtt"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="room-2-')
    assert answer.text.startswith("WEBVTT")
    assert "00:00:10.000 --> 00:00:19.800" in answer.text
    assert "<v person 2>Room 2 says sentence 1 of its talk." in answer.text
