import io
import math
import struct
import wave
from pathlib import Path

import pytest
from sqlalchemy import select

from capture.database import Database
from capture.errors import NotFound, UnreadableFile
from capture.media import MediaFolder
from capture.models import Attendance, Event, Group, Recording, RecordingKind, RecordingState, Utterance
from capture.recordings import Accepted, accept, files_in, get_recording, is_last, remove, seated, waiting
from tests.factories import make_event, make_group, make_recording, make_roster_entry

VTT = b"""WEBVTT

00:00:01.000 --> 00:00:04.000
<v Anna Berg>We never have time to think about what we do.

00:00:04.500 --> 00:00:08.000
<v Tom Lund>Mm-hm. Write to me at tom@example.com about it.
"""


def wav(seconds: float = 1.0) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        samples = (int(8000 * math.sin(i / 10)) for i in range(int(seconds * 16_000)))
        file.writeframes(b"".join(struct.pack("<h", s) for s in samples))
    return out.getvalue()


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def event_id(database: Database) -> int:
    with database.writing() as session:
        return make_event(session).id


def bring(database: Database, media: MediaFolder, event_id: int, content: bytes, name: str, **more: str) -> Accepted:
    return accept(database, media, event_id, io.BytesIO(content), name, **more)  # type: ignore[arg-type]


def test_a_transcript_is_ready_on_arrival_and_masked(database: Database, media: MediaFolder, event_id: int) -> None:
    accepted = bring(database, media, event_id, VTT, "Finance gate.vtt", consent="all agreed")
    assert (accepted.group_name, accepted.duplicate) == ("Finance gate", False)
    with database.reading() as session:
        recording = session.get_one(Recording, accepted.recording_id)
        assert (recording.state, recording.kind) == (RecordingState.READY, RecordingKind.TRANSCRIPT)
        assert (recording.seconds, recording.consent) == (8.0, "all agreed")
        text = " ".join(session.scalars(select(Utterance.text)))
    assert "tom@example.com" not in text and "[e-mail]" in text


def test_audio_waits_to_be_transcribed_and_its_bytes_are_kept_unchanged(
    database: Database, media: MediaFolder, event_id: int
) -> None:
    content = wav()
    accepted = bring(database, media, event_id, content, "Voice 001.wav")
    with database.reading() as session:
        recording = session.get_one(Recording, accepted.recording_id)
        assert [r.id for r in waiting(session, session.get_one(Event, event_id))] == [recording.id]
        assert recording.seconds == pytest.approx(1.0, abs=0.01)
        with media.open(recording.stored_name) as file:
            assert file.read() == content


def test_content_decides_not_the_name(database: Database, media: MediaFolder, event_id: int) -> None:
    assert bring(database, media, event_id, VTT, "talk.mp3").kind == RecordingKind.TRANSCRIPT
    assert bring(database, media, event_id, wav(), "talk.vtt").kind == RecordingKind.AUDIO


def test_the_same_bytes_twice_change_nothing_and_say_so(database: Database, media: MediaFolder, event_id: int) -> None:
    first = bring(database, media, event_id, VTT, "a.vtt")
    again = bring(database, media, event_id, VTT, "b.vtt", group="Elsewhere")
    assert (again.duplicate, again.recording_id) == (True, first.recording_id)
    assert again.message == "b.vtt is already here as a.vtt, in “a”. Nothing was changed."
    with database.reading() as session:
        assert [g.name for g in session.scalars(select(Group))] == ["a"]
    assert len([p for p in media.root.iterdir() if p.is_file()]) == 1


def test_consent_can_be_noted_afterwards_and_is_never_overwritten(
    database: Database, media: MediaFolder, event_id: int
) -> None:
    bring(database, media, event_id, VTT, "a.vtt")
    said = [
        bring(database, media, event_id, VTT, "a.vtt", consent=consent).message
        for consent in ("all agreed aloud", "nobody was asked")
    ]
    assert said[0] == "a.vtt is already here, in “a”. What the group agreed to is noted with it now."
    assert "Nothing was changed" in said[1]
    with database.reading() as session:
        assert session.scalars(select(Recording.consent)).all() == ["all agreed aloud"]


def test_the_same_bytes_may_be_in_two_events(database: Database, media: MediaFolder, event_id: int) -> None:
    with database.writing() as session:
        other = make_event(session, "autumn").id
    bring(database, media, event_id, VTT, "a.vtt")
    assert not bring(database, media, other, VTT, "a.vtt").duplicate


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "empty.mp3", r"empty\.mp3 is empty"),
        (b"this is my shopping list\n" * 5, "list.mp3", r"list\.mp3"),
        (bytes(range(256)) * 40, "noise.m4a", r"noise\.m4a"),
        (b"WEBVTT\n\nNOTE nothing\n", "nothing.vtt", r"nothing\.vtt .*no cues"),
        (b"%PDF-1.7\n" + b"x" * 5000, "slides.pdf", r"slides\.pdf"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason_and_leaves_nothing(
    database: Database, media: MediaFolder, event_id: int, content: bytes, name: str, reason: str
) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        bring(database, media, event_id, content, name)
    assert [p for p in media.root.rglob("*") if p.is_file()] == []
    with database.reading() as session:
        assert list(session.scalars(select(Group))) == []


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\Room 7.vtt", "Room 7"),
        ("🎤 réunion.vtt", "🎤 réunion"),
        ("x" * 300 + ".vtt", "x" * 200),
        ("\u202etxt.exe", "txt"),
    ],
)
def test_hostile_names_become_plain_group_names_and_never_paths(
    database: Database, media: MediaFolder, event_id: int, name: str, group: str
) -> None:
    accepted = bring(database, media, event_id, VTT, name)
    assert accepted.group_name == group
    [stored] = [p for p in media.root.rglob("*") if p.is_file()]
    assert stored.parent == media.root and stored.stem.isalnum()


def test_when_the_row_cannot_be_written_the_file_does_not_stay(
    database: Database, media: MediaFolder, event_id: int
) -> None:
    with pytest.raises(NotFound, match="deleted while"):
        bring(database, media, event_id + 99, VTT, "a.vtt")
    assert [p for p in media.root.rglob("*") if p.is_file()] == []


def test_two_files_of_one_group_lie_in_the_order_they_came(
    database: Database, media: MediaFolder, event_id: int
) -> None:
    bring(database, media, event_id, wav(1), "part1.wav", group="Room")
    bring(database, media, event_id, wav(2), "part2.wav", group="Room")
    with database.reading() as session:
        [room] = session.scalars(select(Group))
        assert [r.original_name for r in room.recordings] == ["part1.wav", "part2.wav"]


def test_removing_a_recording_takes_its_words_and_an_empty_group_along(
    database: Database, media: MediaFolder, event_id: int
) -> None:
    accepted = bring(database, media, event_id, VTT, "a.vtt")
    with database.writing() as session:
        event = session.get_one(Event, event_id)
        stored = remove(session, get_recording(session, event, accepted.recording_id))
    media.delete(stored)
    with database.reading() as session:
        assert list(session.scalars(select(Utterance))) == list(session.scalars(select(Group))) == []
    assert not bring(database, media, event_id, VTT, "a.vtt").duplicate


def test_a_room_that_people_sat_in_or_wrote_about_stays_without_recordings(
    database: Database, media: MediaFolder, event_id: int
) -> None:
    sat_in, written, neither = (
        bring(database, media, event_id, VTT.replace(b"Mm-hm", name), f"{name.decode()}.vtt")
        for name in (b"Ada", b"Bo", b"Cy")
    )
    with database.writing() as session:
        event = session.get_one(Event, event_id)
        entry = make_roster_entry(session, event, "Ana Lee", [get_recording(session, event, sat_in.recording_id).group])
        rooms = {
            each.group_name: get_recording(session, event, each.recording_id) for each in (sat_in, written, neither)
        }
        assert [(is_last(session, each), seated(session, each.group_id)) for each in rooms.values()] == [
            (True, 1),
            (True, 0),
            (True, 0),
        ]
        for name, recording in rooms.items():
            remove(session, recording, keep_group=name == "Bo")
        kept = entry.id
    with database.reading() as session:
        assert [group.name for group in session.scalars(select(Group).order_by(Group.id))] == ["Ada", "Bo"]
        assert [seat.entry_id for seat in session.scalars(select(Attendance))] == [kept]
        assert list(session.scalars(select(Recording))) == []


def test_a_recording_of_another_event_is_not_found(database: Database) -> None:
    with database.writing() as session:
        one, other = make_event(session, "one"), make_event(session, "other")
        recording = make_recording(session, make_group(session, other))
        with pytest.raises(NotFound, match="in “one”"):
            get_recording(session, one, recording.id)


def test_a_folder_stands_for_its_visible_files_in_name_order(tmp_path: Path) -> None:
    for name in ("b.mp3", "a.vtt", ".DS_Store", "sub/c.srt", ".git/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [p.name for p in files_in([tmp_path, tmp_path / "b.mp3"])] == ["a.vtt", "b.mp3", "c.srt", "b.mp3"]
