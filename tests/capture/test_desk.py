from datetime import timedelta

from capture.database import Database, utcnow
from capture.desk import CAUTION, Desk, desk
from capture.jobs import enqueue
from capture.models import Event, JobState, JobStep, Recording, RecordingKind, RecordingState
from tests.factories import make_event, make_group, make_recording, make_utterances


def look(database: Database) -> Desk:
    with database.reading() as session:
        return desk(session, session.query(Event).one())


def audio(database: Database, state: RecordingState = RecordingState.WAITING, **values: object) -> int:
    with database.writing() as session:
        event = session.query(Event).first() or make_event(session)
        group = make_group(session, event, f"Room {len(event.groups) + 1}")
        session.expire(event)
        return make_recording(session, group, kind=RecordingKind.AUDIO, state=state, seconds=600.0, **values).id


def put_job(database: Database, recording_id: int, state: JobState, **values: object) -> int:
    with database.writing() as session:
        event = session.query(Event).one()
        job = enqueue(session, "transcribe", event.id, recording_id)
        job.state = state
        for name, value in values.items():
            setattr(job, name, value)
        return job.id


def test_an_empty_event_has_an_empty_desk(database: Database) -> None:
    with database.writing() as session:
        make_event(session)
    found = look(database)
    assert (found.rows, found.summary.rooms, found.summary.seconds_left) == ([], 0, None)


def test_rows_stay_in_the_order_of_the_rooms_whatever_happens_to_them(database: Database) -> None:
    first, second, third = audio(database), audio(database), audio(database, RecordingState.READY)
    put_job(database, second, JobState.RUNNING, progress=0.5)
    put_job(database, first, JobState.FAILED, error="room.mp3 is damaged.")
    found = look(database)
    assert [(r.recording_id, r.state, r.error) for r in found.rows] == [
        (first, RecordingState.FAILED, "room.mp3 is damaged."),
        (second, RecordingState.TRANSCRIBING, None),
        (third, RecordingState.READY, None),
    ]
    s = found.summary
    assert (s.rooms, s.received, s.ready, s.running, s.waiting, s.failing) == (3, 3, 1, 1, 0, 1)


def test_a_stopped_job_leaves_its_recording_waiting(database: Database) -> None:
    put_job(database, audio(database), JobState.CANCELLED)
    assert [r.state for r in look(database).rows] == [RecordingState.WAITING]


def test_the_last_words_come_from_the_newest_step_while_it_runs_and_from_the_transcript_after(
    database: Database,
) -> None:
    running, ready = audio(database), audio(database, RecordingState.READY)
    job_id = put_job(database, running, JobState.RUNNING)
    with database.writing() as session:
        for name, text in (("0", "early words"), ("20", "and these are the last ones")):
            session.add(JobStep(job_id=job_id, name=name, result={"utterances": [{"text": text}]}, attempt=1))
        make_utterances(session, session.get_one(Recording, ready), ["first", "one two " * 10 + "the end"])
    rows = {r.recording_id: r.last_words for r in look(database).rows}
    assert rows[running] == "and these are the last ones"
    assert rows[ready] == "… " + " ".join(("one two " * 5 + "the end").split())


def test_the_estimate_is_the_speed_seen_so_far_stretched_by_caution(database: Database) -> None:
    now = utcnow()
    done, running, queued = audio(database, RecordingState.READY), audio(database), audio(database)
    put_job(
        database,
        done,
        JobState.DONE,
        progress=1.0,
        started_at=now - timedelta(seconds=100),
        finished_at=now - timedelta(seconds=40),
    )
    put_job(database, running, JobState.QUEUED, progress=0.5)
    put_job(database, queued, JobState.QUEUED)
    left = look(database).summary.seconds_left
    assert left is not None and abs(left - CAUTION * (300 + 600) * 60 / 600) < 1


def test_without_anything_finished_there_is_no_estimate(database: Database) -> None:
    put_job(database, audio(database), JobState.QUEUED)
    assert look(database).summary.seconds_left is None


def test_warnings_are_sentences(database: Database) -> None:
    audio(database, RecordingState.READY, silence=0.62, confidence=0.3, engine="sphinx", warnings=["Cut off."])
    [row] = look(database).rows
    assert row.demonstration
    assert row.warnings == [
        "Cut off.",
        "62 % silence",
        "recogniser unsure",
        "demonstration engine: expect wrong words",
        "no consent noted",
    ]
