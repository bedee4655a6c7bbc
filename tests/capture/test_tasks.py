import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from capture.database import Database
from capture.jobs import JobRun, Ledger, enqueue, retry
from capture.media import MediaFolder
from capture.models import Job, JobState, JobStep, Recording, RecordingState, Utterance
from capture.recordings import accept
from capture.settings import CaptureSettings
from capture.speech import clock
from capture.tasks import transcribe, transcribe_handler
from tests.conftest import FIXTURES
from tests.factories import make_event

SOURCE = FIXTURES / "speech" / "rms.m4a"
ENGINE = f"whisper:{FIXTURES / 'tiny-whisper' / 'model'}"


@pytest.fixture
def recording_id(database: Database, settings: CaptureSettings) -> int:
    with database.writing() as session:
        event_id = make_event(session).id
    with SOURCE.open("rb") as file:
        return accept(database, MediaFolder(settings.media_dir), event_id, file, SOURCE.name).recording_id


def queue(database: Database, recording_id: int) -> int:
    with database.writing() as session:
        recording = session.get_one(Recording, recording_id)
        return enqueue(session, "transcribe", recording.event_id, recording_id, {"transcriber": ENGINE}).id


def said(database: Database) -> list[tuple[float, str]]:
    with database.reading() as session:
        return [(u.start, u.text) for u in session.scalars(select(Utterance).order_by(Utterance.position))]


def test_a_recording_becomes_utterances_with_its_measures_and_keeps_no_words_in_the_ledger(
    database: Database, settings: CaptureSettings, recording_id: int
) -> None:
    job_id = queue(database, recording_id)
    assert Ledger(database, {"transcribe": transcribe_handler(settings)}, 60).run(job_id) == JobState.DONE
    with database.reading() as session:
        recording = session.get_one(Recording, recording_id)
        assert (recording.state, recording.engine) == (RecordingState.READY, "whisper:model")
        assert recording.seconds and recording.seconds > 55 and recording.silence and 0 < recording.silence < 0.6
        assert recording.confidence and 0.3 < recording.confidence <= 1
        assert {json.dumps(step.result) for step in session.scalars(select(JobStep))} == {"{}"}
        assert "words heard in" in session.get_one(Job, job_id).note
    assert len(said(database)) > 8


def test_stopped_in_the_middle_it_goes_on_behind_the_last_stretch_and_hears_the_same(
    database: Database, settings: CaptureSettings, recording_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = queue(database, recording_id)
    stored = JobRun.store_step

    def store_two_then_stop(run: JobRun, name: str, *rest: Any) -> None:
        stored(run, name, *rest)
        if len(run.steps) == 2:
            with database.writing() as session:
                session.get_one(Job, run.id).cancel_requested = True

    ledger = Ledger(database, {"transcribe": transcribe_handler(settings)}, 60)
    monkeypatch.setattr(JobRun, "store_step", store_two_then_stop)
    assert ledger.run(first) == JobState.CANCELLED
    monkeypatch.undo()
    with database.writing() as session:
        second = retry(session, session.get_one(Job, first)).id
    assert ledger.run(second) == JobState.DONE
    resumed = said(database)

    with database.writing() as session:
        session.get_one(Recording, recording_id).state = RecordingState.WAITING
    assert ledger.run(queue(database, recording_id)) == JobState.DONE
    whole = said(database)
    assert [text for _, text in resumed] == [text for _, text in whole]
    assert all(abs(a - b) < 0.1 for (a, _), (b, _) in zip(resumed, whole, strict=True))


def test_a_removed_recording_and_a_finished_one_end_in_words(
    database: Database, settings: CaptureSettings, recording_id: int
) -> None:
    ledger = Ledger(database, {"transcribe": lambda run: transcribe(run, settings)}, 60)
    with database.writing() as session:
        recording = session.get_one(Recording, recording_id)
        recording.state = RecordingState.READY
        gone = enqueue(session, "transcribe", recording.event_id, 999).id
    job_id = queue(database, recording_id)
    ledger.run(job_id), ledger.run(gone)
    with database.reading() as session:
        assert session.get_one(Job, job_id).note == "It is transcribed already."
        assert session.get_one(Job, gone).error == "The recording was removed before its turn came."


def test_a_missing_file_fails_with_its_name(database: Database, settings: CaptureSettings, recording_id: int) -> None:
    with database.reading() as session:
        name = session.get_one(Recording, recording_id).stored_name
    (Path(settings.media_dir) / name).unlink()
    job_id = queue(database, recording_id)
    assert Ledger(database, {"transcribe": transcribe_handler(settings)}, 60).run(job_id) == JobState.FAILED
    with database.reading() as session:
        assert name in str(session.get_one(Job, job_id).error)


def test_a_clock_reads_as_people_write_it() -> None:
    assert (clock(75), clock(3700), clock(5.9)) == ("1:15", "1:01:40", "0:05")
