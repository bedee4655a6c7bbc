from pathlib import Path

import pytest

from capture.errors import UnreadableFile
from capture.transcript_files import TranscriptFile, read_transcript

ZOOM = """WEBVTT

1
00:00:03.860 --> 00:00:08.268
Tomasz Wilk: Okay, I pressed record. We start at 10:30.

2
00:00:09.151 --> 00:00:13.630
Priya Nandakumar: Note: the form is at https://example.org/form, and

3
00:00:13.900 --> 00:00:15.000
it has forty questions.

4
00:00:15.100 --> 00:00:16.000
Tomasz Wilk: Re: budget, I know one thing: it is gone.

5
00:00:20.000 --> 00:00:21.000
Who was that?
"""

TEAMS = """WEBVTT

b997e973-d5e1-5f99-8e19-11b675cdd62e/7-0
00:00:03.764 --> 00:00:07.122
<v O'Neill, Liam (Guest)>Research &amp; development
is 5 &lt; 6.</v>

b997e973-d5e1-5f99-8e19-11b675cdd62e/8-0
00:00:09.780 --> 00:00:12.098
<v Yusuf Demirel>Plan B: wait

b997e973-d5e1-5f99-8e19-11b675cdd62e/9-0
00:00:12.200 --> 00:00:14.000
and see.
"""


def read(folder: Path, text: str | bytes, name: str = "room.vtt") -> TranscriptFile:
    path = folder / "upload"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_transcript(path, name)


def said(file: TranscriptFile) -> list[tuple[str | None, str]]:
    return [(u.speaker, u.text) for u in file.utterances]


def test_zoom_names_stand_before_a_colon_and_other_colons_stay_text(tmp_path):
    file = read(tmp_path, ZOOM)
    assert file.format == "Zoom WebVTT"
    assert said(file) == [
        ("Tomasz Wilk", "Okay, I pressed record. We start at 10:30."),
        ("Priya Nandakumar", "Note: the form is at https://example.org/form, and it has forty questions."),
        ("Tomasz Wilk", "Re: budget, I know one thing: it is gone."),
        (None, "Who was that?"),
    ]
    assert [(u.start, u.end) for u in file.utterances][1] == (9.151, 15.0)
    assert file.warnings == ()


def test_teams_voices_may_hold_commas_and_guests_and_lack_their_end(tmp_path):
    file = read(tmp_path, TEAMS)
    assert file.format == "Teams WebVTT"
    assert said(file) == [
        ("O'Neill, Liam (Guest)", "Research & development is 5 < 6."),
        ("Yusuf Demirel", "Plan B: wait and see."),
    ]


def test_two_voices_in_one_cue_share_its_time(tmp_path):
    text = "WEBVTT\n\n00:00:00.000 --> 00:00:10.000\n<v Anna>Hello there.</v>\n<v.loud Ben>Good morning</v>\n"
    file = read(tmp_path, text)
    assert [(u.speaker, u.start, u.end) for u in file.utterances] == [("Anna", 0, 5), ("Ben", 5, 10)]


def test_voices_without_the_marks_of_teams_are_plain_webvtt(tmp_path):
    file = read(tmp_path, "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\n<v Speaker A>Right.\n")
    assert (file.format, said(file)) == ("WebVTT", [("Speaker A", "Right.")])


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + ZOOM,
        ZOOM.replace("\n", "\r\n"),
        ZOOM.replace("\n", "\r"),
        ZOOM.replace("00:00:", "00:"),
        ZOOM.replace(" --> ", "-->"),
        ZOOM.replace("268\n", "268 align:start position:10%\n"),
        ZOOM.replace(
            "WEBVTT\n", "WEBVTT - room 3\nKind: captions\n\nNOTE Anna: a remark\n\nSTYLE\n::cue { color: red }\n"
        ),
        ZOOM.replace("08.268", "08,268"),
        ZOOM.encode("utf-16"),
    ],
    ids=["BOM", "CRLF", "CR", "no hours", "tight arrow", "settings", "NOTE and STYLE", "comma", "UTF-16"],
)
def test_what_products_do_to_webvtt_changes_nothing(tmp_path, text):
    plain = read(tmp_path, ZOOM)
    file = read(tmp_path, text)
    assert file.utterances == plain.utterances
    assert file.warnings == ()


def test_one_digit_times_are_read(tmp_path):
    file = read(tmp_path, "WEBVTT\n\n0:0:5.1 --> 1:0:8.25\n<v Anna>Hm.\n")
    assert [(u.start, u.end) for u in file.utterances] == [(5.1, 3608.25)]


def test_overlapping_cues_come_in_order_of_their_start(tmp_path):
    text = "WEBVTT\n\n00:05.000 --> 00:09.000\n<v Ben>Second.\n\n00:01.000 --> 00:06.000\n<v Anna>First.\n"
    file = read(tmp_path, text)
    assert [(u.text, u.start, u.end) for u in file.utterances] == [("First.", 1, 5), ("Second.", 5, 9)]


def test_cues_with_impossible_times_are_told_and_the_rest_is_kept(tmp_path):
    file = read(tmp_path, ZOOM.replace("00:00:03.860", "00:99:03.860"))
    assert len(file.utterances) == 3
    assert file.warnings == ("1 of 5 cues could not be read and were left out.",)


def test_tags_are_not_text(tmp_path):
    text = "WEBVTT\n\n00:01.000 --> 00:06.000\n<i>So</i> <c.yellow>we <00:02.000>went</c>, 3 < 4 <b>on</b>.\n"
    assert said(read(tmp_path, text)) == [(None, "So we went, 3 < 4 on.")]


@pytest.mark.parametrize("text", ["WEBVTT", "WEBVTT\n\nNOTE nothing\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n\n"])
def test_a_file_without_cues_is_refused_by_name(tmp_path, text):
    with pytest.raises(UnreadableFile, match=r"room 7\.vtt has no cues.*Export it again"):
        read(tmp_path, text, "room 7.vtt")


def test_a_transcript_that_is_cut_in_its_last_letter_keeps_the_rest(tmp_path):
    file = read(tmp_path, "WEBVTT\n\n00:01.000 --> 00:06.000\n<v Anna>Das war schön".encode()[:-2])
    assert said(file) == [("Anna", "Das war sch")]
    assert "last words may be missing" in file.warnings[0]


SRT = """1
00:00:03,638 --> 00:00:07,892
Danielle Roux: Hello, one two. Does it
move? Yes, it moves.

2
00:00:08,635 --> 00:00:12,076
Hamza Siddiqui: We can hear you. Could somebody

3
00:00:12,076 --> 00:00:13,606
<i>close the door</i>,

4
00:01:14,000 --> 00:01:15,500
- Danielle Roux: Thanks.
- Hamza Siddiqui: It's loud.
"""


@pytest.mark.parametrize("text", [SRT, SRT.replace(",6", ".6"), "\ufeff" + SRT.replace("\n", "\r\n"), SRT.rstrip()])
def test_srt_with_names(tmp_path, text):
    file = read(tmp_path, text, "room.srt")
    assert file.format == "SRT"
    assert said(file) == [
        ("Danielle Roux", "Hello, one two. Does it move? Yes, it moves."),
        ("Hamza Siddiqui", "We can hear you. Could somebody close the door,"),
        ("Danielle Roux", "Thanks."),
        ("Hamza Siddiqui", "It's loud."),
    ]
    assert file.utterances[1].end == 13.606


def test_a_short_fraction_in_srt_is_a_part_of_a_second(tmp_path):
    file = read(tmp_path, "1\n00:00:01.5 --> 00:00:02,25\nAnna: Hm.\n", "room.srt")
    assert [(u.start, u.end) for u in file.utterances] == [(1.5, 2.25)]


def test_srt_without_names_has_no_speakers(tmp_path):
    text = "".join(f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\nand then: we went.\n\n" for i in range(1, 6))
    assert {u.speaker for u in read(tmp_path, text).utterances} == {None}


def test_times_beyond_any_meeting_are_refused_not_a_crash(tmp_path):
    text = SRT + "\n5\n99999999999:00:00,000 --> 99999999999:00:01,000\nlate\n"
    with pytest.raises(UnreadableFile, match=r"times in room\.srt cannot be read"):
        read(tmp_path, text, "room.srt")


def test_a_cue_that_cannot_be_read_is_counted_and_its_words_do_not_reach_the_log(tmp_path, caplog):
    file = read(tmp_path, SRT.replace("--> 00:00:13,606", "--> soon"), "room.srt")
    assert file.warnings == ("1 of 4 cues could not be read and were left out.",)
    assert caplog.text == ""
