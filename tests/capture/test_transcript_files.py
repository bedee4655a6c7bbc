import io
import wave
import zipfile
from pathlib import Path

import pytest

from capture.errors import UnreadableFile
from capture.speech import Spoken
from capture.transcript_files import looks_like_transcript, read_transcript, write_vtt


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<xml/>")
    return buffer.getvalue()


def tone() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(range(1, 201)) * 20)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "head",
    [
        b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi",
        b"\xef\xbb\xbfWEBVTT",
        "WEBVTT\n".encode("utf-16"),
        b"1\r\n00:00:01,000 --> 00:00:02,000\r\nHi\r\n",
        b"Anna: Hello.\nBen: Hello.\nAnna: So.\n",
        "Anna Weber  0:12\nHello.\n\nBen Okoro  0:14\nSch\u00f6n".encode()[:-1],
        "Zo\u00eb: Hello.\nBen: Hello.\nZo\u00eb: So.\n".encode("cp1252"),
        zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
    ],
    ids=["vtt", "BOM", "UTF-16", "srt", "text", "Otter, cut", "cp1252", "docx"],
)
def test_transcripts_are_known_by_their_content_whatever_their_name(head):
    assert looks_like_transcript(head, "recording.mp3")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        tone()[:4096],
        b"ID3\x04\x00\x00Anna: Hello.\nBen: Hello.\nAnna: So.\n",
        b"\x00\x00\x00\x20ftypM4A \x00\x00\x02\x00",
        b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01webm",
        b"%PDF-1.7\nAnna: Hello.\nBen: Hello.\nAnna: So.\n",
        zipped("[Content_Types].xml", "xl/workbook.xml"),
        zipped("photo.jpg"),
        bytes(range(256)) * 16,
    ],
    ids=["empty", "wav", "mp3", "m4a", "webm", "pdf", "spreadsheet", "zip", "bytes"],
)
def test_recordings_and_other_files_are_no_transcripts_whatever_their_name(head):
    assert not looks_like_transcript(head, "transcript.vtt")


def test_text_without_turns_is_taken_for_a_transcript_only_where_its_name_asks_for_a_better_refusal():
    prose = b"It was a dark and stormy night, and so on."
    assert not looks_like_transcript(prose, "song.mp3")
    assert looks_like_transcript(prose, "story.txt")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n\n", "is empty"),
        (tone(), "is not text"),
        (b"%PDF-1.7 Anna: Hello.", "is not text"),
        (b"\xff\xfeW\x00\x00\xd8A\x00B\x00C\x00D\x00", "is not text"),
        (b"It was a dark and stormy night.", "is no transcript"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, data: bytes, why: str):
    path = tmp_path / "0f0f"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=rf"room 5\.txt {why}") as error:
        read_transcript(path, "room 5.txt")
    assert "0f0f" not in str(error.value)


def test_a_file_of_gigabytes_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "big"
    with path.open("wb") as file:
        file.truncate(3 << 30)
    with pytest.raises(UnreadableFile, match=r"huge\.vtt is too big for a transcript \(3072 MB\)"):
        read_transcript(path, "huge.vtt")


def test_an_old_encoding_is_read_with_a_warning(tmp_path: Path):
    path = tmp_path / "old"
    path.write_bytes("Zoë Müller: Schön.\nBen: Oui, ça va.\nZoë Müller: Bien.\n".encode("cp1252"))
    file = read_transcript(path, "old.txt")
    assert [u.speaker for u in file.utterances] == ["Zoë Müller", "Ben", "Zoë Müller"]
    assert "Windows-1252" in file.warnings[0]


def test_letters_written_in_two_parts_become_one(tmp_path: Path):
    path = tmp_path / "mac"
    path.write_text("Zoe\u0308: Ja.\nBen: Scho\u0308n.\nZoe\u0308: Ja.\n", encoding="utf-8")
    assert [u.text for u in read_transcript(path, "mac.txt").utterances] == ["Ja.", "Schön.", "Ja."]


def test_written_webvtt_reads_back_as_the_same_utterances(tmp_path: Path):
    spoken = [
        Spoken(0.5, 4.25, "Research & development --> 5 < 6.", "person 1"),
        Spoken(4.25, 3725.0, "[person 1]'s plan: wait.", "person 2"),
        Spoken(3725.0, 3726.0, "Yes.", "person 12"),
    ]
    text = write_vtt(spoken)
    assert text.startswith(
        "WEBVTT\n\n1\n00:00:00.500 --> 00:00:04.250\n<v person 1>Research &amp; development --&gt; 5"
    )
    path = tmp_path / "out.vtt"
    path.write_text(text, encoding="utf-8")
    again = read_transcript(path, "out.vtt").utterances
    assert [(u.start, u.end, u.text) for u in again] == [(u.start, u.end, u.text) for u in spoken]
    assert [u.speaker for u in again] == ["person 1", "person 2", "person 12"]


def test_talk_of_unknown_people_is_written_without_voices():
    assert "<v" not in write_vtt([Spoken(0.0, 2.0, "Who is this?")])


def test_an_utterance_without_length_is_written_with_one():
    assert "00:00:03.000 --> 00:00:03.001\n" in write_vtt([Spoken(3.0, 3.0, "Hm.")])
