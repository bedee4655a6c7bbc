"""The promise behind the ledger: a worker killed with -9 in mid-transcription costs seconds, not the recording."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from capture.database import Database
from capture.huey_carrier import HueyCarrier
from capture.jobs import enqueue
from capture.media import MediaFolder
from capture.models import Job, JobState, JobStep, Recording, RecordingState, Utterance
from capture.recordings import accept
from capture.settings import CaptureSettings
from mining.schema import migrate
from tests.conftest import SAMPLES
from tests.factories import make_event

LEASE = 2.0


def start_worker(settings: CaptureSettings, log: Path) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"HARVEST_LEASE": str(LEASE), "HARVEST_JOBS": "1"}
    command = [sys.executable, "-m", "web", "--data", settings.data, "worker"]
    with log.open("ab") as output:
        return subprocess.Popen(command, env=environment, start_new_session=True, stdout=output, stderr=output)


def wait_for(condition: Callable[[], bool], seconds: float, log: Path) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)


def test_a_recording_is_transcribed_once_though_its_worker_was_killed(tmp_path: Path) -> None:
    settings = CaptureSettings(data=str(tmp_path), lease=LEASE)
    database, log = Database(settings.database_url), tmp_path / "worker.log"
    migrate(database)
    with database.writing() as session:
        event_id = make_event(session).id
    source = next(p for p in sorted((SAMPLES / "rooms").iterdir()) if p.suffix == ".m4a")
    with source.open("rb") as file:
        recording_id = accept(database, MediaFolder(settings.media_dir), event_id, file, source.name).recording_id
    with database.writing() as session:
        job_id = enqueue(session, "transcribe", event_id, recording_id, {"transcriber": "sphinx"}).id
    HueyCarrier(settings).send(job_id, "transcribe")

    def steps() -> list[JobStep]:
        with database.reading() as session:
            return list(session.scalars(select(JobStep).order_by(JobStep.id)))

    def state() -> JobState:
        with database.reading() as session:
            return session.get_one(Job, job_id).state

    first = start_worker(settings, log)
    wait_for(lambda: len(steps()) >= 2, 60, log)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    finished_before = {step.name for step in steps()}
    assert state() == JobState.RUNNING

    second = start_worker(settings, log)
    try:
        wait_for(lambda: state() == JobState.DONE, 90, log)
    finally:
        second.terminate()
        assert second.wait(10) == 0, "a worker ends at once and well when told to"
    names = [step.name for step in steps()]
    assert len(names) == len(set(names)) > len(finished_before)
    assert {step.name for step in steps() if step.attempt == 1} == finished_before
    with database.reading() as session:
        recording = session.get_one(Recording, recording_id)
        spoken = list(session.scalars(select(Utterance).order_by(Utterance.position)))
    assert recording.state == RecordingState.READY
    assert all(a.end <= b.start + 0.3 for a, b in zip(spoken, spoken[1:], strict=False)), "nothing is said twice"
    assert spoken[-1].end > 0.8 * (recording.seconds or 0)
    database.close()
