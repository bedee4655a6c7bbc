import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from capture.database import Database, utcnow
from capture.foreground import run_jobs
from capture.jobs import JobRun, Ledger, enqueue
from capture.models import Job, JobState
from tests.factories import make_event


def queue(database: Database, count: int) -> list[int]:
    with database.writing() as session:
        event = make_event(session)
        return [enqueue(session, "transcribe", event.id, n).id for n in range(count)]


def test_every_job_is_seen_to_its_end_in_order_with_progress_over_all(database: Database) -> None:
    shown: list[float] = []
    ids = queue(database, 3)
    ledger = Ledger(database, {"transcribe": lambda run: f"number {run.subject_id}"}, 60)
    ended = run_jobs(database, ledger, ids, lambda fraction, note: shown.append(fraction))
    assert [(job.state, job.note) for job in ended] == [(JobState.DONE, f"number {n}") for n in range(3)]
    assert shown == sorted(shown) and shown[-1] == 1.0


def test_a_job_that_another_worker_holds_is_watched_not_run(database: Database) -> None:
    [job_id] = queue(database, 1)
    with database.writing() as session:
        job = session.get_one(Job, job_id)
        job.state, job.token, job.lease_until = JobState.RUNNING, "other", utcnow() + timedelta(seconds=60)

    def finish_elsewhere() -> None:
        with database.writing() as session:
            job = session.get_one(Job, job_id)
            job.state, job.note = JobState.DONE, "by the other"

    timer = threading.Timer(0.5, finish_elsewhere)
    timer.start()
    [ended] = run_jobs(database, Ledger(database, {"transcribe": lambda run: "mine"}, 60), [job_id], lambda f, n: None)
    timer.join()
    assert (ended.note, ended.attempts) == ("by the other", 0)


def test_a_job_that_was_deleted_meanwhile_ends_the_wait(database: Database) -> None:
    ids = queue(database, 2)

    def handler(run: JobRun) -> str:
        with database.writing() as session:
            for job in session.query(Job):
                session.delete(job)
        run.progress(0.5, "")
        return "never"

    assert run_jobs(database, Ledger(database, {"transcribe": handler}, 60), ids, lambda f, n: None) == []


def test_trouble_with_the_ledger_itself_ends_the_command_instead_of_going_round(database: Database) -> None:
    [job_id] = queue(database, 1)
    with database.writing() as session:
        session.execute(text("alter table job_step rename column result to gone"))
    with pytest.raises(OperationalError, match="result"):
        run_jobs(database, Ledger(database, {"transcribe": lambda run: ""}, 60), [job_id], lambda f, n: None)
