import json
from itertools import permutations

import pytest
from sqlalchemy import insert, select

from capture.database import Database
from capture.models import Job, JobStep, Participant, Utterance
from capture.speech import Spoken, Word
from capture.transcripts import group_timeline, mask_spoken, store_utterances, utterances_of
from tests.factories import make_event, make_group, make_recording, make_utterances


def spoken(*turns: tuple[str | None, str]) -> list[Spoken]:
    return [Spoken(i * 5.0, i * 5.0 + 4, text, speaker) for i, (speaker, text) in enumerate(turns)]


def everything_stored(database: Database) -> str:
    with database.reading() as session:
        rows = session.execute(select(Utterance.text, Utterance.words, Utterance.speaker)).all()
    return json.dumps([list(row) for row in rows], ensure_ascii=False)


def test_utterances_are_stored_masked_with_numbers_for_speakers(database):
    heard = [
        Spoken(
            0,
            4,
            "Ask Ben, ben@example.com.",
            "Anna Weber",
            0.8,
            (Word("Ask", 0, 1, 0.9), Word("Ben,", 1, 2, 0.7), Word("ben@example.com.", 2, 4, None)),
        ),
        Spoken(5, 6, "Yes.", "Ben Okoro", doubt="repeats itself"),
        Spoken(7, 8, "Who?", None),
    ]
    with database.writing() as session:
        recording = make_recording(session, make_group(session, make_event(session)))
        assert store_utterances(session, recording, heard) == 3
        recording_id = recording.id
    with database.reading() as session:
        first, second, third = utterances_of(session, recording_id)
        assert (first.position, first.start, first.end, first.confidence) == (0, 0, 4, 0.8)
        assert (first.text, first.speaker) == ("Ask [person 2], [e-mail].", "person 1")
        assert first.words == [["Ask", 0, 1, 0.9], ["[person 2],", 1, 2, 0.7], ["[e-mail].", 2, 4, None]]
        assert (second.speaker, second.doubt, second.words) == ("person 2", "repeats itself", None)
        assert (third.position, third.speaker) == (2, None)


def test_storing_again_replaces_and_does_not_number_people_anew(database):
    with database.writing() as session:
        recording = make_recording(session, make_group(session, make_event(session)))
        store_utterances(session, recording, spoken(("Anna Weber", "One."), ("Ben Okoro", "Two.")))
        assert len(recording.utterances) == 2
        store_utterances(session, recording, spoken(("Ben Okoro", "Three.")))
        assert [(u.text, u.speaker) for u in recording.utterances] == [("Three.", "person 2")]
        store_utterances(session, recording, [])
        assert utterances_of(session, recording.id) == []


def test_one_person_in_two_rooms_and_products_is_one_participant(database):
    with database.writing() as session:
        event = make_event(session)
        for name in ("Anna O'Neill", "O’Neill, Anna (Guest)", "anna o'neill"):
            recording = make_recording(session, make_group(session, event, name))
            store_utterances(session, recording, spoken((name, "Yes.")))
            assert utterances_of(session, recording.id)[0].speaker == "person 1"
        assert [p.name for p in session.scalars(select(Participant))] == ["Anna O'Neill"]


def test_the_same_name_at_another_event_is_somebody_else(database):
    with database.writing() as session:
        for slug in ("spring", "autumn"):
            recording = make_recording(session, make_group(session, make_event(session, slug)))
            store_utterances(session, recording, spoken(("Anna Weber", "I am Anna.")))
        assert [(p.event_id, p.number) for p in session.scalars(select(Participant))] == [(1, 1), (2, 1)]


def test_labels_are_persons_of_their_recording_and_are_not_masked_in_talk(database):
    with database.writing() as session:
        event = make_event(session)
        for room in ("A", "B"):
            recording = make_recording(session, make_group(session, event, room))
            store_utterances(session, recording, spoken(("Speaker 1", "Speaker 1 is me."), ("Speaker 1", "Yes.")))
        rows = session.scalars(select(Utterance).order_by(Utterance.id)).all()
        assert [(u.speaker, u.text) for u in rows] == [
            ("person 1", "Speaker 1 is me."),
            ("person 1", "Yes."),
            ("person 2", "Speaker 1 is me."),
            ("person 2", "Yes."),
        ]


def test_a_name_said_before_its_owner_was_known_is_masked_when_they_speak_elsewhere(database):
    heard = [Spoken(0, 2, "Carla asked.", None, 0.5, (Word("Carla", 0, 1, 0.5), Word("asked.", 1, 2, 0.5)))]
    with database.writing() as session:
        event = make_event(session)
        first = make_recording(session, make_group(session, event, "A"))
        store_utterances(session, first, heard)
        (row,) = utterances_of(session, first.id)
        assert row.text == "Carla asked."
        second = make_recording(session, make_group(session, event, "B"))
        store_utterances(session, second, spoken(("Carla Ruiz", "I asked.")))
        assert row.text == "[person 1] asked."
        assert row.words == [["[person 1]", 0, 1, 0.5], ["asked.", 1, 2, 0.5]]


def test_what_a_running_job_has_heard_so_far_is_masked_too(database):
    with database.writing() as session:
        event = make_event(session)
        audio = make_recording(session, make_group(session, event, "A"))
        job = Job(route="transcribe", event_id=event.id, subject_id=audio.id, key=f"transcribe:{audio.id}")
        session.add(job)
        session.flush()
        utterance = {
            "start": 0.0,
            "end": 2.0,
            "text": "Carla asked.",
            "speaker": None,
            "confidence": 0.5,
            "doubt": None,
        }
        word = {"text": "Carla", "start": 0.0, "end": 1.0, "confidence": 0.5}
        other = {"text": "asked.", "start": 1.0, "end": 2.0, "confidence": 0.5}
        result = {"end": 2.0, "engine": "sphinx", "utterances": [{**utterance, "words": [word, other]}]}
        session.add(JobStep(job_id=job.id, name="0.000", result=result, attempt=1))
        session.add(JobStep(job_id=job.id, name="2.000", result={}, attempt=1))
        store_utterances(
            session, make_recording(session, make_group(session, event, "B")), spoken(("Carla Ruiz", "I asked."))
        )
    with database.reading() as session:
        step, empty = session.scalars(select(JobStep).order_by(JobStep.id))
        assert step.result["utterances"][0]["text"] == "[person 1] asked."
        assert step.result["utterances"][0]["words"] == [{**word, "text": "[person 1]"}, other]
        assert (step.result["engine"], empty.result) == ("sphinx", {})


def test_talk_from_audio_is_masked_with_names_from_other_rooms_before_it_is_stored_anywhere(database):
    with database.writing() as session:
        event = make_event(session)
        store_utterances(session, make_recording(session, make_group(session, event)), spoken(("Anna Weber", "Hi.")))
        heard = mask_spoken(session, event.id, spoken((None, "anna weber told me, call 0170 1234567")))
        assert [u.text for u in heard] == ["[person 1] told me, call [telephone]"]
        other = make_event(session, "autumn")
        assert mask_spoken(session, other.id, spoken((None, "anna told me")))[0].text == "anna told me"


MET = "anna weber and anna koch met carla ruiz"
ROOMS = {
    "A": spoken(("Anna Weber", "Ben Okoro said Carla's plan is Will's."), ("Ben Okoro", "Anna, ask Will and Li Koch.")),
    "B": spoken(("Carla Ruiz", "Anna Koch and Weber know. Ask Li."), ("Will Young", "Will we ask Ben? Okoro!")),
    "C": spoken(("Anna Koch", "Anna Weber is not me, nor Young or Ruiz."), ("Koch, Li (Guest)", "I am Li Koch.")),
    "D": [Spoken(0, 4, MET, words=tuple(
        Word(w, i / 2, i / 2 + 0.4) for i, w in enumerate(MET.split())))],
}  # fmt: skip


@pytest.mark.parametrize("order", list(permutations("ABCD")), ids="".join)
def test_the_order_of_arrival_changes_numbers_only(database, order):
    with database.writing() as session:
        event = make_event(session)
        for name in order:
            store_utterances(session, make_recording(session, make_group(session, event, name)), ROOMS[name])
    with database.reading() as session:
        names = {f"person {p.number}": p.name for p in session.scalars(select(Participant))}
        rows = session.execute(select(Utterance.text, Utterance.speaker)).all()
    meant = set()
    for text, speaker in rows:
        for number, name in names.items():
            text = text.replace(f"[{number}]", f"<{name}>")
        meant.add((text, names.get(speaker)))
    assert meant == {
        ("<Ben Okoro> said <Carla Ruiz>'s plan is <Will Young>'s.", "Anna Weber"),
        ("[person], ask <Will Young> and [person].", "Ben Okoro"),
        ("[person] and [person] know. Ask Li.", "Carla Ruiz"),
        ("Will we ask <Ben Okoro>? <Ben Okoro>!", "Will Young"),
        ("[person] is not me, nor <Will Young> or <Carla Ruiz>.", "Anna Koch"),
        ("I am [person].", "Li Koch"),
        ("[person] and [person] met <Carla Ruiz>", None),
    }
    stored = everything_stored(database).lower()
    for name in ("anna", "weber", "okoro", "carla", "ruiz", "koch", "li koch"):
        assert name not in stored


def test_recordings_of_a_group_are_laid_end_to_end_in_their_order(database):
    with database.writing() as session:
        event = make_event(session)
        group = make_group(session, event)
        last = make_recording(session, group, position=2, seconds=10.0)
        first = make_recording(session, group, position=0, seconds=100.0)
        unsure = make_recording(session, group, position=1, seconds=None)
        make_utterances(session, unsure, ["one", "two", "three"])  # the last ends at 29.8 s
        make_utterances(session, first, ["one"])
        make_recording(session, make_group(session, event, "other"))
        assert group_timeline(session, group.id) == [(first, 0.0), (unsure, 100.0), (last, pytest.approx(129.8))]
        assert group_timeline(session, 999) == []


def test_a_name_learnt_late_is_masked_in_every_room_of_a_large_event(database):
    talk = "we will have to look at the budget again because nobody asked the plant about the new form for a year so "
    people = [f"First{i} Last{i}" for i in range(6)]
    heard = [Spoken(i * 9.0, i * 9.0 + 8, f"{talk * 2}{people[i % 5]} and {i}", people[i % 6]) for i in range(1500)]
    with database.writing() as session:
        event = make_event(session)
        big = make_recording(session, make_group(session, event, "big"))
        store_utterances(session, big, heard)
        for number in range(1, 24):
            recording = make_recording(session, make_group(session, event, f"room {number}"))
            rows = [
                {
                    "recording_id": recording.id,
                    "position": i,
                    "start": u.start,
                    "end": u.end,
                    "text": f"{u.text} to Late",
                }
                for i, u in enumerate(heard[:800])
            ]
            session.execute(insert(Utterance), rows)
        late = make_recording(session, make_group(session, event, "late"))
        store_utterances(session, late, spoken(("Late Comer", "Sorry.")))
        changed = session.scalars(select(Utterance.text).where(Utterance.text.like("%[person _] and % to [person 7]")))
        assert len(changed.all()) == 23 * 800
