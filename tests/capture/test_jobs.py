import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from capture.database import Database, utcnow
from capture.errors import Refused, UnreadableFile
from capture.jobs import MAX_ATTEMPTS, Handler, JobRun, Ledger, due, enqueue, latest_job, request_cancel, retry
from capture.models import Job, JobState, JobStep
from tests.factories import make_event


@pytest.fixture
def event_id(database: Database) -> int:
    with database.writing() as session:
        return make_event(session).id


def queue(database: Database, event_id: int, subject: int = 1, **options: Any) -> int:
    with database.writing() as session:
        return enqueue(session, "transcribe", event_id, subject, options).id


def job_of(database: Database, job_id: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, job_id)


def ledger(database: Database, handler: Handler, lease: float = 60.0) -> Ledger:
    return Ledger(database, {"transcribe": handler}, lease)


def abandon(database: Database, job_id: int, attempts: int = 1) -> None:
    """Leaves the job as a worker does that was killed with -9 and whose lease has run out."""
    with database.writing() as session:
        job = session.get_one(Job, job_id)
        job.state, job.token, job.attempts = JobState.RUNNING, "dead", attempts
        job.lease_until = utcnow() - timedelta(seconds=1)


def test_a_job_runs_once_and_keeps_its_closing_note(database: Database, event_id: int) -> None:
    job_id = queue(database, event_id)
    runs = ledger(database, lambda run: f"did {run.subject_id}")
    assert (runs.run(job_id), runs.run(job_id)) == (JobState.DONE, None)
    job = job_of(database, job_id)
    assert (job.state, job.note, job.progress, job.attempts) == (JobState.DONE, "did 1", 1.0, 1)


def test_asking_twice_while_one_waits_makes_one_job(database: Database, event_id: int) -> None:
    assert queue(database, event_id) == queue(database, event_id)


def test_a_taken_over_job_sees_the_steps_of_the_worker_that_died(database: Database, event_id: int) -> None:
    job_id = queue(database, event_id)
    with database.writing() as session:
        session.add(JobStep(job_id=job_id, name="0.000", result={"end": 20.0}, attempt=1))
    abandon(database, job_id)
    seen: dict[str, Any] = {}

    def handler(run: JobRun) -> str:
        seen.update(run.steps)
        return ""

    assert ledger(database, handler).run(job_id) == JobState.DONE
    assert seen == {"0.000": {"end": 20.0}}
    assert job_of(database, job_id).attempts == 2


def test_a_job_whose_worker_lives_is_not_taken(database: Database, event_id: int) -> None:
    job_id = queue(database, event_id)
    inside = ledger(database, lambda run: "")

    def handler(run: JobRun) -> str:
        assert inside.run(job_id) is None
        return "alone"

    assert ledger(database, handler).run(job_id) == JobState.DONE


def test_a_worker_that_lost_its_lease_can_store_nothing(database: Database, event_id: int) -> None:
    job_id = queue(database, event_id)

    def handler(run: JobRun) -> str:
        with database.writing() as session:
            session.get_one(Job, job_id).token = "somebody else"
        run.store_step("late", {}, 0.5, "")
        return "never"

    assert ledger(database, handler).run(job_id) is None
    with database.reading() as session:
        assert list(session.scalars(select(JobStep))) == []
    assert job_of(database, job_id).note == ""


def test_two_jobs_of_one_key_never_run_at_once(database: Database, event_id: int) -> None:
    first = queue(database, event_id)
    answers: list[JobState | None] = []

    def handler(run: JobRun) -> str:
        second = queue(database, event_id)
        assert second != first
        answers.append(ledger(database, lambda run: "").run(second))
        return ""

    ledger(database, handler).run(first)
    assert answers == [None]
    with database.writing() as session:
        [(again, _)] = due(session, 60)
    assert ledger(database, lambda run: "").run(again) == JobState.DONE


def test_a_newer_job_goes_on_behind_the_steps_of_one_whose_worker_died(database: Database, event_id: int) -> None:
    dead = queue(database, event_id)
    with database.writing() as session:
        session.add(JobStep(job_id=dead, name="0.000", result={"end": 20.0}, attempt=1))
    abandon(database, dead)
    newer = queue(database, event_id)
    seen: list[str] = []
    assert newer != dead
    assert ledger(database, lambda run: seen.extend(run.steps) or "").run(newer) == JobState.DONE
    assert (seen, job_of(database, dead).state) == (["0.000"], JobState.CANCELLED)


def test_an_unexpected_error_is_tried_again_later_and_given_up_after_five(database: Database, event_id: int) -> None:
    job_id = queue(database, event_id)

    def handler(run: JobRun) -> str:
        raise KeyError("surprise")

    waits = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        state = ledger(database, handler).run(job_id)
        job = job_of(database, job_id)
        assert state == (JobState.QUEUED if attempt < MAX_ATTEMPTS else JobState.FAILED)
        waits.append((job.not_before - utcnow()).total_seconds())
        with database.writing() as session:
            session.get_one(Job, job_id).not_before = utcnow()
    assert "KeyError: 'surprise'" in str(job.error)
    assert waits[1] > waits[0] > 3


def test_an_error_in_words_fails_at_once(database: Database, event_id: int) -> None:
    def handler(run: JobRun) -> str:
        raise UnreadableFile("room.mp3 is no audio.")

    job_id = queue(database, event_id)
    assert ledger(database, handler).run(job_id) == JobState.FAILED
    assert job_of(database, job_id).error == "room.mp3 is no audio."


def test_a_job_that_kills_its_worker_each_time_is_given_up(database: Database, event_id: int) -> None:
    job_id = queue(database, event_id)
    abandon(database, job_id, attempts=MAX_ATTEMPTS)
    assert ledger(database, lambda run: "").run(job_id) is None
    job = job_of(database, job_id)
    assert job.state == JobState.FAILED and "stopped without a word 5 times" in str(job.error)


def test_stopping_a_waiting_job_ends_it_at_once(database: Database, event_id: int) -> None:
    job_id = queue(database, event_id)
    with database.writing() as session:
        request_cancel(session, job_id)
    assert ledger(database, lambda run: "").run(job_id) is None
    assert job_of(database, job_id).state == JobState.CANCELLED


def test_stopping_a_running_job_ends_it_at_its_next_step_and_keeps_the_finished_ones(
    database: Database, event_id: int
) -> None:
    job_id = queue(database, event_id)

    def handler(run: JobRun) -> str:
        run.store_step("one", {"end": 1.0}, 0.1, "")
        with database.writing() as session:
            request_cancel(session, job_id)
        run.store_step("two", {"end": 2.0}, 0.2, "")
        return "never"

    assert ledger(database, handler).run(job_id) == JobState.CANCELLED
    with database.writing() as session:
        assert list(session.scalars(select(JobStep.name))) == ["one"]
        again = retry(session, session.get_one(Job, job_id))
    seen: list[str] = []
    ledger(database, lambda run: seen.extend(run.steps) or "").run(again.id)
    assert seen == ["one"]


def test_a_job_that_runs_cannot_be_retried(database: Database, event_id: int) -> None:
    job_id = queue(database, event_id)
    with database.writing() as session, pytest.raises(Refused, match="is queued"):
        retry(session, session.get_one(Job, job_id))


def test_the_lease_is_renewed_while_a_long_step_runs(database: Database, event_id: int) -> None:
    job_id = queue(database, event_id)
    enough = threading.Event()

    def handler(run: JobRun) -> str:
        before = job_of(database, job_id).lease_until
        enough.wait(0.5)
        after = job_of(database, job_id).lease_until
        assert before and after and after > before
        return ""

    assert ledger(database, handler, lease=0.3).run(job_id) == JobState.DONE


def test_a_worker_told_to_stop_gives_its_job_back_without_counting_the_attempt(
    database: Database, event_id: int
) -> None:
    job_id = queue(database, event_id)
    workers: list[Ledger] = []

    def handler(run: JobRun) -> str:
        workers[0].release()
        run.progress(0.5, "too late")
        return ""

    workers.append(ledger(database, handler))
    assert workers[0].run(job_id) is None
    job = job_of(database, job_id)
    assert (job.state, job.attempts, job.token) == (JobState.QUEUED, 0, None)


def test_the_sweep_finds_dead_workers_jobs_and_unheard_ones_but_not_the_rest(database: Database, event_id: int) -> None:
    dead, unheard, fresh, later = (queue(database, event_id, subject=n) for n in range(4))
    abandon(database, dead)
    with database.writing() as session:
        session.get_one(Job, unheard).sent_at = utcnow() - timedelta(hours=1)
        session.get_one(Job, later).not_before = utcnow() + timedelta(hours=1)
        assert [job_id for job_id, _ in due(session, 60)] == [dead, unheard]
        assert fresh in [job_id for job_id, _ in due(session, 60, heard=True)]


def test_the_latest_job_of_a_subject_is_the_newest(database: Database, event_id: int) -> None:
    first = queue(database, event_id)
    ledger(database, lambda run: "").run(first)
    second = queue(database, event_id)
    with database.reading() as session:
        latest = latest_job(session, "transcribe", 1)
    assert latest and latest.id == second
