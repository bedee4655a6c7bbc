"""The two sample events are what they say: real formats, talk at the seconds their truth names, every list complete."""

import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import av
import docx
import numpy as np
import pytest
import srt
import webvtt

from tests.conftest import SAMPLES


@dataclass(frozen=True)
class Room:
    """A room of a sample event: its line in event.json, and the folder its files lie in."""

    folder: Path
    described: dict[str, str]

    def __getitem__(self, key):
        return self.described[key]

    @property
    def style(self):
        """How its transcript is written; None where it has a recording."""
        return self.described.get("style")

    @property
    def path(self):
        return self.folder / self["file"]

    @cached_property
    def truth(self):
        return json.loads((self.folder / self["script"]).with_suffix(".json").read_text(encoding="utf-8"))

    @cached_property
    def lines(self):
        """(speaker, text, theme) of each turn of the script itself, read without the makers' code."""
        theme, turns = "", []
        for line in (self.folder / self["script"]).read_text(encoding="utf-8").splitlines():
            if line.startswith("== "):
                theme = line[3:].removeprefix("-")
            elif line:
                speaker, text = line.split(": ", 1)
                turns.append((speaker, text, theme))
        return turns

    @property
    def speakers(self):
        return {speaker for speaker, _, _ in self.lines}

    @property
    def words(self):
        return bare(" ".join(text for _, text, _ in self.lines))


@dataclass(frozen=True)
class Event:
    folder: Path

    @cached_property
    def described(self):
        return json.loads((self.folder / "event.json").read_text(encoding="utf-8"))

    @cached_property
    def rooms(self):
        return [Room(self.folder, described) for described in self.described["rooms"]]

    @property
    def departments(self):
        return {room["department"] for room in self.rooms}

    @property
    def raised(self):
        """{theme: {group: words}}"""
        words = defaultdict(lambda: defaultdict(int))
        for room in self.rooms:
            for turn in room.truth["turns"]:
                words[turn["theme"]][room["group"]] += len(turn["text"].split())
        del words[""]
        return words


AUTUMN, SPRING = Event(SAMPLES / "autumn"), Event(SAMPLES)
EVENTS = pytest.mark.parametrize("event", [AUTUMN, SPRING], ids=["autumn", "spring"])
ROOMS = [*AUTUMN.rooms, *SPRING.rooms]
AUDIO = {".m4a": ("mov", "aac"), ".mp3": ("mp3", "mp3float"), ".ogg": ("ogg", "opus"), ".webm": ("matroska", "opus")}
SOUNDING = [room for room in ROOMS if room["file"].endswith(tuple(AUDIO))]
WRITTEN = [room for room in ROOMS if room.style]
MINDSETS = {"reflection", "analysis", "worldliness", "collaboration", "action"}


def group_of(room):
    return f"{room.folder.name} {room['group']}"


def each_written(*styles):
    return pytest.mark.parametrize("room", [room for room in WRITTEN if room.style in styles], ids=group_of)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def bare(text):
    return re.findall(r"\w+", text.lower())


def decoded(path):
    resampler = av.AudioResampler(format="flt", layout="mono", rate=16_000)
    with av.open(str(path)) as container:
        parts = [p for frame in container.decode(audio=0) for p in resampler.resample(frame)] + resampler.resample(None)
    return np.concatenate([part.to_ndarray()[0] for part in parts])


@EVENTS
def test_every_room_of_five_departments_brings_a_file_of_its_own(event):
    rooms = event.rooms
    assert len({room["group"] for room in rooms}) == len({room["file"] for room in rooms}) == len(rooms)
    assert len(event.departments) == 5
    assert {path.name for path in (event.folder / "rooms").iterdir()} == {room["file"].split("/")[1] for room in rooms}


def test_ten_groups_in_spring_bring_four_recordings_and_six_transcripts_and_six_in_autumn_transcripts():
    assert (len(SPRING.rooms), len(SOUNDING), len(AUTUMN.rooms)) == (10, 4, 6)
    assert all(room.folder == SAMPLES for room in SOUNDING)
    assert {room.style for room in AUTUMN.rooms} == {"zoom", "teams", "docx", "srt", "text"}
    assert all((room in SOUNDING) != bool(room.style) for room in ROOMS)
    assert not (SAMPLES / "__init__.py").exists()


def test_both_are_events_of_one_programme_and_autumn_was_first():
    told = [event.described for event in (AUTUMN, SPRING)]
    assert [event["slug"] for event in told] == ["autumn-open-space", "spring-open-space"]
    assert told[0]["programme"] == told[1]["programme"] and told[0]["held_on"] < told[1]["held_on"]


@pytest.mark.parametrize("room", SOUNDING, ids=group_of)
def test_a_recording_is_in_the_format_its_name_claims(room):
    container_name, codec = AUDIO[room.path.suffix]
    with av.open(str(room.path)) as container:
        stream = container.streams.audio[0]
        assert container_name in container.format.name
        assert stream.codec_context.name == codec
        assert stream.codec_context.channels == 1
        assert not container.streams.video
        assert 100 < container.duration / av.time_base < 140
    assert room.path.stat().st_size < 800_000


@pytest.mark.parametrize("room", SOUNDING, ids=group_of)
def test_every_turn_sounds_at_the_seconds_the_truth_names_and_the_pauses_are_quiet(room):
    samples, told = decoded(room.path), room.truth
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
    told = room.truth
    assert [(t["speaker"], t["text"], t["theme"]) for t in told["turns"]] == room.lines
    edges = [edge for turn in told["turns"] for edge in (turn["start"], turn["end"])]
    assert edges == sorted(edges) and edges[0] > 0 and edges[-1] <= told["seconds"]
    segments = [turn["segment"] for turn in told["turns"]]
    assert segments == sorted(segments) and segments[0] == 1
    if room in WRITTEN:
        assert 8 * 60 <= told["seconds"] <= 12 * 60


@each_written("zoom")
def test_zoom_transcripts_have_numbered_cues_with_the_name_before_the_words(room):
    captions = list(webvtt.read(str(room.path)))
    assert [caption.identifier for caption in captions] == [str(n) for n in range(1, len(captions) + 1)]
    assert {caption.text.split(": ", 1)[0] for caption in captions} == room.speakers
    assert bare(" ".join(caption.text.split(": ", 1)[1] for caption in captions)) == room.words
    assert b"\r\n" in room.path.read_bytes()


@each_written("teams")
def test_teams_transcripts_have_guid_cues_with_voice_tags(room):
    captions = list(webvtt.read(str(room.path)))
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/\d+-\d+", c.identifier) for c in captions)
    assert {caption.voice for caption in captions} == room.speakers
    assert bare(" ".join(caption.text for caption in captions)) == room.words


@each_written("docx")
def test_word_documents_have_name_and_minute_above_the_words_of_each_turn(room):
    paragraphs = [paragraph.text for paragraph in docx.Document(str(room.path)).paragraphs]
    heads = [n for n, text in enumerate(paragraphs) if re.fullmatch(r".+   \d+:\d\d", text)]
    found = [(paragraphs[n].split("   ")[0], paragraphs[n + 1]) for n in heads]
    assert found == [(speaker, text) for speaker, text, _ in room.lines]
    minutes = [paragraphs[n].split("   ")[1].split(":") for n in heads]
    assert [int(m) * 60 + int(s) for m, s in minutes] == [int(turn["start"]) for turn in room.truth["turns"]]
    held = json.loads((room.folder / "event.json").read_text(encoding="utf-8"))["held_on"]
    assert f"-{held.replace('-', '')}_" in paragraphs[0], "made on the day of its own event"


@each_written("srt")
def test_subtitles_parse_and_name_the_speaker_where_a_turn_begins(room):
    cues = list(srt.parse(room.path.read_text(encoding="utf-8")))
    talk = " ".join(cue.content.replace("\n", " ") for cue in cues)
    assert talk == " ".join(f"{speaker}: {text}" for speaker, text, _ in room.lines)
    lengths = [(cue.end - cue.start).total_seconds() for cue in cues]
    assert max(lengths) < 9.5 and 3 < float(np.median(lengths)) < 8


@each_written("text")
def test_typed_up_text_has_a_clock_time_a_name_and_the_words_in_each_line(room):
    lines = room.path.read_text(encoding="utf-8").split("\n\n")
    found = [re.fullmatch(r"\[\d\d:\d\d:\d\d\] ([^:]+): (.+)\n?", line).groups() for line in lines]
    assert found == [(speaker, text) for speaker, text, _ in room.lines]


@EVENTS
def test_themes_json_holds_every_group_and_only_named_themes(event):
    gold = json.loads((event.folder / "themes.json").read_text(encoding="utf-8"))
    assert gold["event"] == event.described["slug"]
    assert set(gold["groups"]) == {room["group"] for room in event.rooms}
    for room in event.rooms:
        spans = gold["groups"][room["group"]]
        assert spans == [{k: t[k] for k in ("start", "end", "theme", "segment")} for t in room.truth["turns"]]
        assert {span["theme"] for span in spans} <= {"", *gold["themes"]}


@pytest.mark.parametrize(("event", "wide", "alone"), [(AUTUMN, 5, 1), (SPRING, 6, 2)], ids=["autumn", "spring"])
def test_most_themes_cross_three_groups_and_a_few_stay_in_one(event, wide, alone):
    groups = [len(said) for said in event.raised.values()]
    assert sum(count >= 3 for count in groups) >= wide
    assert groups.count(1) >= alone
    assert all(count >= 100 for said in event.raised.values() for count in said.values())


def test_from_autumn_to_spring_themes_stay_grow_fade_go_and_come():
    def share(event, theme):
        """Of groups, and of words."""
        words = sum(sum(said.values()) for said in event.raised.values())
        return len(event.raised[theme]) / len(event.rooms), sum(event.raised[theme].values()) / words

    both = set(AUTUMN.raised) & set(SPRING.raised)
    assert both == {
        "finance review",
        "no time to reflect",
        "other site feels forgotten",
        "meetings nobody may leave",
    }
    then, now = share(AUTUMN, "finance review"), share(SPRING, "finance review")
    assert then[0] < now[0] and 1.4 * then[1] < now[1]
    then, now = share(AUTUMN, "other site feels forgotten"), share(SPRING, "other site feels forgotten")
    assert then[0] > 2 * now[0] and then[1] > 1.5 * now[1]
    gone = set(AUTUMN.raised) - both
    assert {theme: len(AUTUMN.raised[theme]) for theme in gone} == {
        "new in the job without help": 4,
        "handover between shifts": 3,
        "leads from the trade fair": 1,
    }


@pytest.mark.parametrize(("event", "least"), [(AUTUMN, 25), (SPRING, 40)], ids=["autumn", "spring"])
def test_the_roster_knows_every_speaker_and_every_group(event, least):
    people = rows(event.folder / "roster.csv")
    assert len({person["email"] for person in people}) == len(people) >= least
    written = [room for room in event.rooms if room.style]
    assert {speaker for room in written for speaker in room.speakers} <= {p["name"] for p in people}
    attended = {group for person in people for group in person["groups_attended"].split(" | ")}
    assert attended == {room["group"] for room in event.rooms}
    assert {person["opt_in"] for person in people} == {"yes", "no"}
    assert {person["department"] for person in people} == event.departments
    assert all(re.fullmatch(r"[a-z.\-]+@([a-z]+\.)?example\.com", person["email"]) for person in people)


def test_most_people_of_autumn_come_again_in_spring_under_the_same_address():
    then, now = ({p["email"]: p["name"] for p in rows(event.folder / "roster.csv")} for event in (AUTUMN, SPRING))
    again = then.keys() & now.keys()
    assert all(then[email] == now[email] for email in again)
    assert 0.8 * len(then) < len(again) < len(then), "and a few have left"
    assert not {then[email] for email in then.keys() - again} & set(now.values())


def test_the_catalogue_has_modules_of_every_mindset_with_summary_and_questions():
    modules = rows(SAMPLES / "catalogue.csv")
    assert len({module["title"] for module in modules}) == len(modules) == 26
    assert {module["mindset"] for module in modules} == MINDSETS
    for module in modules:
        assert module["author"] and 2 <= len(re.findall(r"[.?!](?= |$)", module["summary"])) <= 3
        questions = module["questions"].split(" | ")
        assert 3 <= len(questions) <= 5 and all(question.endswith("?") for question in questions)


def test_one_address_and_one_telephone_number_are_there_to_be_masked():
    talk = " ".join(text for room in ROOMS for _, text, _ in room.lines)
    assert re.findall(r"\S+@example\.com", talk) == ["priya.nandakumar@example.com"]
    assert re.findall(r"\d{3}-555-01\d\d", talk) == ["202-555-0147"]
