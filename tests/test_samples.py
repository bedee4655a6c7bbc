"""The sample event is what it says: real formats, talk at the seconds its truth names, and every list complete."""

import csv
import json
import re
from collections import defaultdict

import av
import docx
import numpy as np
import pytest
import srt
import webvtt

from tests.conftest import SAMPLES

EVENT = json.loads((SAMPLES / "event.json").read_text(encoding="utf-8"))
ROOMS = EVENT["rooms"]
AUDIO = {".m4a": ("mov", "aac"), ".mp3": ("mp3", "mp3float"), ".ogg": ("ogg", "opus"), ".webm": ("matroska", "opus")}
SOUNDING = [room for room in ROOMS if room["file"].endswith(tuple(AUDIO))]
WRITTEN = [room for room in ROOMS if "style" in room]
MINDSETS = {"reflection", "analysis", "worldliness", "collaboration", "action"}


def group_of(room):
    return room["group"]


def truth(room):
    return json.loads((SAMPLES / room["script"]).with_suffix(".json").read_text(encoding="utf-8"))


def rows(name):
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def bare(text):
    return re.findall(r"\w+", text.lower())


def decoded(path):
    resampler = av.AudioResampler(format="flt", layout="mono", rate=16_000)
    with av.open(str(path)) as container:
        parts = [p for frame in container.decode(audio=0) for p in resampler.resample(frame)] + resampler.resample(None)
    return np.concatenate([part.to_ndarray()[0] for part in parts])


def script_lines(room):
    """(speaker, text, theme) of each turn of the script itself, read without the makers' code."""
    theme, turns = "", []
    for line in (SAMPLES / room["script"]).read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            theme = line[3:].removeprefix("-")
        elif line:
            speaker, text = line.split(": ", 1)
            turns.append((speaker, text, theme))
    return turns


def test_ten_groups_of_five_departments_bring_four_recordings_and_six_transcripts():
    assert len({room["group"] for room in ROOMS}) == len({room["file"] for room in ROOMS}) == 10
    assert len({room["department"] for room in ROOMS}) == 5
    assert (len(SOUNDING), len(WRITTEN)) == (4, 6)
    assert {path.name for path in (SAMPLES / "rooms").iterdir()} == {room["file"].split("/")[1] for room in ROOMS}
    assert EVENT["slug"] == "spring-open-space"
    assert not (SAMPLES / "__init__.py").exists()


@pytest.mark.parametrize("room", SOUNDING, ids=group_of)
def test_a_recording_is_in_the_format_its_name_claims(room):
    path = SAMPLES / room["file"]
    container_name, codec = AUDIO[path.suffix]
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert container_name in container.format.name
        assert stream.codec_context.name == codec
        assert stream.codec_context.channels == 1
        assert not container.streams.video
        assert 100 < container.duration / av.time_base < 140
    assert path.stat().st_size < 800_000


@pytest.mark.parametrize("room", SOUNDING, ids=group_of)
def test_every_turn_sounds_at_the_seconds_the_truth_names_and_the_pauses_are_quiet(room):
    samples, told = decoded(SAMPLES / room["file"]), truth(room)
    assert len(samples) / 16_000 == pytest.approx(told["seconds"], abs=0.15)

    def loudness(start, end):
        return float(np.sqrt(np.mean(samples[int(start * 16_000) : int(end * 16_000)] ** 2)))

    ended = 0.0
    for turn in told["turns"]:
        pause = loudness(ended + 0.1, turn["start"] - 0.1)
        assert loudness(turn["start"], turn["start"] + 0.3) > 5 * pause
        assert loudness(turn["end"] - 0.4, turn["end"]) > 3 * pause
        ended = turn["end"]


@pytest.mark.parametrize("room", ROOMS, ids=group_of)
def test_the_truth_tells_the_script_word_for_word_in_order_and_within_the_length(room):
    told = truth(room)
    assert [(t["speaker"], t["text"], t["theme"]) for t in told["turns"]] == script_lines(room)
    edges = [edge for turn in told["turns"] for edge in (turn["start"], turn["end"])]
    assert edges == sorted(edges) and edges[0] > 0 and edges[-1] <= told["seconds"]
    segments = [turn["segment"] for turn in told["turns"]]
    assert segments == sorted(segments) and segments[0] == 1
    if room in WRITTEN:
        assert 8 * 60 <= told["seconds"] <= 12 * 60


@pytest.mark.parametrize("room", [r for r in WRITTEN if r["style"] == "zoom"], ids=group_of)
def test_zoom_transcripts_have_numbered_cues_with_the_name_before_the_words(room):
    captions = list(webvtt.read(str(SAMPLES / room["file"])))
    assert [caption.identifier for caption in captions] == [str(n) for n in range(1, len(captions) + 1)]
    speakers = {caption.text.split(": ", 1)[0] for caption in captions}
    assert speakers == {speaker for speaker, _, _ in script_lines(room)}
    words = bare(" ".join(caption.text.split(": ", 1)[1] for caption in captions))
    assert words == bare(" ".join(text for _, text, _ in script_lines(room)))
    assert b"\r\n" in (SAMPLES / room["file"]).read_bytes()


def test_the_teams_transcript_has_guid_cues_with_voice_tags():
    (room,) = [r for r in WRITTEN if r["style"] == "teams"]
    captions = list(webvtt.read(str(SAMPLES / room["file"])))
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/\d+-\d+", c.identifier) for c in captions)
    assert {caption.voice for caption in captions} == {speaker for speaker, _, _ in script_lines(room)}
    words = bare(" ".join(caption.text for caption in captions))
    assert words == bare(" ".join(text for _, text, _ in script_lines(room)))


def test_the_word_document_has_name_and_minute_above_the_words_of_each_turn():
    (room,) = [r for r in WRITTEN if r["style"] == "docx"]
    paragraphs = [paragraph.text for paragraph in docx.Document(str(SAMPLES / room["file"])).paragraphs]
    heads = [n for n, text in enumerate(paragraphs) if re.fullmatch(r".+   \d+:\d\d", text)]
    found = [(paragraphs[n].split("   ")[0], paragraphs[n + 1]) for n in heads]
    assert found == [(speaker, text) for speaker, text, _ in script_lines(room)]
    minutes = [paragraphs[n].split("   ")[1].split(":") for n in heads]
    assert [int(m) * 60 + int(s) for m, s in minutes] == [int(turn["start"]) for turn in truth(room)["turns"]]


def test_the_subtitles_parse_and_name_the_speaker_where_a_turn_begins():
    (room,) = [r for r in WRITTEN if r["style"] == "srt"]
    cues = list(srt.parse((SAMPLES / room["file"]).read_text(encoding="utf-8")))
    talk = " ".join(cue.content.replace("\n", " ") for cue in cues)
    assert talk == " ".join(f"{speaker}: {text}" for speaker, text, _ in script_lines(room))
    lengths = [(cue.end - cue.start).total_seconds() for cue in cues]
    assert max(lengths) < 9.5 and 3 < float(np.median(lengths)) < 8


def test_the_typed_up_text_has_a_clock_time_a_name_and_the_words_in_each_line():
    (room,) = [r for r in WRITTEN if r["style"] == "text"]
    lines = (SAMPLES / room["file"]).read_text(encoding="utf-8").split("\n\n")
    found = [re.fullmatch(r"\[\d\d:\d\d:\d\d\] ([^:]+): (.+)\n?", line).groups() for line in lines]
    assert found == [(speaker, text) for speaker, text, _ in script_lines(room)]


def test_themes_json_holds_every_group_and_only_named_themes():
    gold = json.loads((SAMPLES / "themes.json").read_text(encoding="utf-8"))
    assert gold["event"] == EVENT["slug"]
    assert set(gold["groups"]) == {room["group"] for room in ROOMS}
    for room in ROOMS:
        spans = gold["groups"][room["group"]]
        assert spans == [{k: t[k] for k in ("start", "end", "theme", "segment")} for t in truth(room)["turns"]]
        assert {span["theme"] for span in spans} <= {"", *gold["themes"]}


def test_at_least_six_themes_cross_three_groups_and_two_subjects_stay_in_one():
    groups, words = defaultdict(set), defaultdict(int)
    for room in ROOMS:
        for turn in truth(room)["turns"]:
            groups[turn["theme"]].add(room["group"])
            words[turn["theme"], room["group"]] += len(turn["text"].split())
    del groups[""]
    assert sum(len(found) >= 3 for found in groups.values()) >= 6
    assert sum(len(found) == 1 for found in groups.values()) >= 2
    assert all(count >= 100 for (theme, _), count in words.items() if theme)


def test_the_roster_knows_every_speaker_and_every_group():
    people = rows("roster.csv")
    assert len({person["email"] for person in people}) == len(people) >= 40
    assert {speaker for room in WRITTEN for speaker, _, _ in script_lines(room)} <= {p["name"] for p in people}
    attended = {group for person in people for group in person["groups_attended"].split(" | ")}
    assert attended == {room["group"] for room in ROOMS}
    assert {person["opt_in"] for person in people} == {"yes", "no"}
    assert {person["department"] for person in people} == {room["department"] for room in ROOMS}
    assert all(re.fullmatch(r"[a-z.\-]+@([a-z]+\.)?example\.com", person["email"]) for person in people)


def test_the_catalogue_has_modules_of_every_mindset_with_summary_and_questions():
    modules = rows("catalogue.csv")
    assert len({module["title"] for module in modules}) == len(modules) == 25
    assert {module["mindset"] for module in modules} == MINDSETS
    for module in modules:
        assert module["author"] and 2 <= len(re.findall(r"[.?!](?= |$)", module["summary"])) <= 3
        questions = module["questions"].split(" | ")
        assert 3 <= len(questions) <= 5 and all(question.endswith("?") for question in questions)


def test_one_address_and_one_telephone_number_are_there_to_be_masked():
    talk = " ".join(text for room in ROOMS for _, text, _ in script_lines(room))
    assert re.findall(r"\S+@example\.com", talk) == ["priya.nandakumar@example.com"]
    assert re.findall(r"\d{3}-555-01\d\d", talk) == ["202-555-0147"]
