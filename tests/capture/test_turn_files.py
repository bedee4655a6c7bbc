import zipfile
from pathlib import Path

import docx
import pytest

from capture.errors import UnreadableFile
from capture.transcript_files import TranscriptFile, looks_like_transcript, read_transcript


def read(folder: Path, text: str, name: str = "room.txt") -> TranscriptFile:
    path = folder / "upload"
    path.write_text(text, encoding="utf-8")
    return read_transcript(path, name)


def read_docx(folder: Path, paragraphs: list[list[str]], name: str = "room.docx") -> TranscriptFile:
    """Paragraphs as lists of runs; a run "\\n" is a line break within the paragraph."""
    document = docx.Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for run in runs:
            if run == "\n":
                paragraph.add_run().add_break()
            else:
                paragraph.add_run(run)
    path = folder / "upload"
    document.save(str(path))
    with path.open("rb") as file:
        assert looks_like_transcript(file.read(4096), "whatever")
    return read_transcript(path, name)


def said(file: TranscriptFile) -> list[tuple[str | None, float, str]]:
    return [(u.speaker, u.start, u.text) for u in file.utterances]


EXPECTED = [
    ("Anna Weber", 3, "So we tried it at 10:30. Note: only once."),
    ("Ben Okoro", 13, "And?"),
    ("Anna Weber", 3675, "Nothing."),
]


@pytest.mark.parametrize(
    "text",
    [
        "[00:00:03] Anna Weber: So we tried it at 10:30.\nNote: only once.\n\n[00:00:13] Ben Okoro: And?\n"
        "[01:01:15] Anna Weber: Nothing.\n",
        "0:03 Anna Weber: So we tried it at 10:30. Note: only once.\n"
        "0:13 Ben Okoro: And?\n1:01:15 Anna Weber: Nothing.",
        "Anna Weber [00:00:03]: So we tried it at 10:30. Note: only once.\nBen Okoro [00:00:13]: And?\n"
        "Anna Weber [01:01:15]: Nothing.",
        "Anna Weber (0:03): So we tried it at 10:30. Note: only once.\n"
        "Ben Okoro (0:13): And?\nAnna Weber (1:01:15): Nothing.",
        "Anna Weber  0:03\nSo we tried it at 10:30.\nNote: only once.\n\nBen Okoro  0:13\nAnd?\n\nAnna Weber  1:01:15\n"
        "Nothing.\n\nTranscribed by https://otter.ai\n",
        "00:00:03 Anna Weber\nSo we tried it at 10:30.\nNote: only once.\n"
        "00:00:13 Ben Okoro\nAnd?\n01:01:15 Anna Weber\nNothing.",
        "Anna Weber\n0:03\nSo we tried it at 10:30.\nNote: only once.\n"
        "Ben Okoro\n0:13\nAnd?\nAnna Weber\n1:01:15\nNothing.",
        "[00:00:03]\nAnna Weber: So we tried it at 10:30. Note: only once.\n[00:00:13]\nBen Okoro: And?\n[01:01:15]\n"
        "Anna Weber: Nothing.",
        "Anna Weber 3 seconds\nSo we tried it at 10:30. Note: only once.\nBen Okoro 13 seconds\nAnd?\n"
        "Anna Weber 1 hour 1 minute 15 seconds\nNothing.",
    ],
    ids=["bracket", "bare", "after name", "round", "Otter", "time first", "own lines", "time line", "spelt"],
)
def test_times_stand_in_many_places(tmp_path, text):
    file = read(tmp_path, text)
    assert file.format == "plain text"
    assert said(file) == EXPECTED
    assert file.warnings == ()


def test_a_turn_ends_when_its_words_are_said_and_not_at_the_next_turn_an_hour_later(tmp_path):
    file = read(tmp_path, "Ben  0:05\nSo?\nAnna  0:10\n" + "word " * 50 + "\nBen  1:00:00\nYes.\n")
    assert file.utterances[1].end == pytest.approx(10 + 30)


def test_turns_that_share_a_time_are_laid_end_to_end(tmp_path):
    file = read(tmp_path, "Anna  0:03\none two three\nBen  0:03\nfour\nAnna  0:05\nfive six\n")
    assert [(u.start, u.end) for u in file.utterances][:2] == [(3, pytest.approx(4.5)), (pytest.approx(4.5), 5)]


def test_without_times_the_seconds_are_estimated_and_it_says_so(tmp_path):
    file = read(tmp_path, "Anna: " + "word " * 25 + "\nBen: " + "word " * 50)
    assert [(u.start, u.end) for u in file.utterances] == [
        (0, pytest.approx(10)),
        (pytest.approx(10), pytest.approx(30)),
    ]
    assert file.warnings == ("room.txt has no times; seconds are estimated from the number of words.",)


def test_clock_times_count_from_the_first_one(tmp_path):
    file = read(tmp_path, "14:30:05 Anna Weber: So.\n14:30:15 Ben Okoro: Yes.\n")
    assert [u.start for u in file.utterances] == [0, 10]


def test_hours_and_minutes_are_told_from_minutes_and_seconds_by_the_speed_of_the_talk(tmp_path):
    turns = [f"[10:{31 + i}] {'Anna' if i % 2 else 'Ben'}: {'word ' * 55}" for i in range(6)]
    assert [u.start for u in read(tmp_path, "\n".join(turns)).utterances] == [0, 60, 120, 180, 240, 300]


def test_names_in_small_letters_are_names_when_the_file_insists(tmp_path):
    file = read(tmp_path, "rms: good morning\nkal: yes\nrms: so: begin\nkal: fine\n")
    assert [u.speaker for u in file.utterances] == ["rms", "kal", "rms", "kal"]


def test_text_before_the_first_speaker_is_told_when_it_is_more_than_a_title(tmp_path):
    file = read(tmp_path, "Notes of the room\n" + "what we heard " * 12 + "\nAnna: Yes.\nBen: No.\nAnna: Yes.\n")
    assert file.warnings[0] == "2 lines before the first speaker's name were left out."


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\n\nthe schedule: at nine we meet.\nBring this: a pen.\n\nRegards\n",
        "Date: 3 May\nLocation: Room 3\nBudget: 4000\nOwner: Finance\nStatus: open\n",
        "To do\n- call the plant\n- order lunch\n",
    ],
    ids=["letter", "form", "list"],
)
def test_a_text_in_which_nobody_speaks_is_refused(tmp_path, text):
    with pytest.raises(UnreadableFile, match=r"minutes\.txt is no transcript.*Anna: I think"):
        read(tmp_path, text, "minutes.txt")


TEAMS = [
    ["Finance gate-20260319_103400-Meeting Recording"],
    ["March 19, 2026, 10:34AM"],
    ["9m 35s"],
    ["Kofi Mensah started transcription"],
    ["Anna Weber", "   0:03"],
    ["So we tried it at 10:30."],
    ["Note: ", "only once."],
    ["Ben Okoro   0:13"],
    ["And?"],
    ["Anna Weber   1:01:15"],
    ["Nothing."],
    ["Kofi Mensah stopped transcription"],
]


def test_a_teams_document_with_paragraphs(tmp_path):
    file = read_docx(tmp_path, TEAMS)
    assert file.format == "Teams DOCX"
    assert said(file) == EXPECTED
    assert "Kofi" not in str(file)


def test_a_teams_document_with_line_breaks_within_paragraphs(tmp_path):
    paragraphs = [
        ["\n", "Anna Weber", "   0:03", "\n", "So we tried it at 10:30. ", "Note: only once."],
        ["Ben Okoro", "\n", "0:13", "\n", "And?"],
        ["Anna Weber\t1:01:15", "\n", "Nothing."],
    ]
    assert said(read_docx(tmp_path, paragraphs)) == EXPECTED


def test_an_older_teams_document_with_arrows(tmp_path):
    lines = ["0:0:3.0 --> 0:0:9.5", "Anna Weber", "So we tried it at 10:30. Note: only once.", "0:0:13.0 --> 0:0:14.0"]
    lines += ["Ben Okoro", "And?", "1:1:15.0 --> 1:1:16.0", "Anna Weber", "Nothing."]
    assert said(read_docx(tmp_path, [[line] for line in lines])) == EXPECTED


def test_a_document_with_names_and_colons_alone(tmp_path):
    file = read_docx(tmp_path, [["Anna: So."], ["Ben: Yes."], ["Anna: Good."]])
    assert [u.speaker for u in file.utterances] == ["Anna", "Ben", "Anna"]
    assert "no times" in file.warnings[0]


def test_a_document_that_is_no_transcript_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(UnreadableFile, match=r"letter\.docx is no transcript.*as Teams saves it"):
        read_docx(
            tmp_path, [["Dear colleagues,"], ["the budget is as follows: nothing."], ["Kind regards"]], "letter.docx"
        )


def test_a_damaged_document_is_refused(tmp_path):
    read_docx(tmp_path, TEAMS)
    whole = (tmp_path / "upload").read_bytes()
    for damaged in (whole[: len(whole) // 2], whole.replace(b"word/document", b"word/dokument"), b"PK\x03\x04word/"):
        (tmp_path / "upload").write_bytes(damaged)
        with pytest.raises(UnreadableFile, match=r"talk\.docx is damaged or no Word file"):
            read_transcript(tmp_path / "upload", "talk.docx")


def test_a_small_document_that_unpacks_to_hundreds_of_megabytes_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "upload", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (140 << 20))
    with pytest.raises(UnreadableFile, match=r"bomb\.docx holds far more than a transcript"):
        read_transcript(tmp_path / "upload", "bomb.docx")
