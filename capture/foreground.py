"""Running jobs inside a command: the same ledger as the workers', with a progress bar instead of a page.

A worker that runs elsewhere may take any of these jobs at the same time; then this only watches it.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from time import sleep

from sqlalchemy import select

from capture.database import Database, utcnow
from capture.jobs import Ledger
from capture.models import Job, JobState

POLL = 0.2
"""Seconds between two looks at the ledger."""
OVER = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


def run_jobs(
    database: Database, ledger: Ledger, job_ids: Sequence[int], progress: Callable[[float, str], None]
) -> list[Job]:
    """Sees every job to its end, in order, and returns their rows. `progress` gets 0..1 over all and a note.

    Interrupted (KeyboardInterrupt), it gives its job back to the ledger before raising: nothing finished is lost.
    """
    ended: list[Job] = []
    for number, job_id in enumerate(job_ids):
        while (job := _look(database, job_id)) and job.state not in OVER:
            progress((number + job.progress) / len(job_ids), job.note)
            if job.state == JobState.QUEUED and job.not_before <= utcnow():
                _run_watched(database, ledger, job_id, _part(progress, number, len(job_ids)))
            else:
                sleep(POLL)
        if job:
            ended.append(job)
        progress((number + 1) / len(job_ids), job.note if job else "")
    return ended


def _part(progress: Callable[[float, str], None], number: int, count: int) -> Callable[[float, str], None]:
    """Progress of one job as its part of the whole."""
    return lambda fraction, note: progress((number + fraction) / count, note)


def _run_watched(database: Database, ledger: Ledger, job_id: int, progress: Callable[[float, str], None]) -> None:
    """The work happens in a thread, so that this one can draw, and hear Ctrl-C, while a recogniser is busy.

    Raises what the ledger itself raises: a job's own failure is in its row, trouble with the database is not.
    """
    work: Future[JobState | None] = Future()
    # A daemon: after Ctrl-C the command must not wait for a recogniser to finish its stretch.
    threading.Thread(target=_run_into, args=(work, ledger, job_id), name=f"job-{job_id}", daemon=True).start()
    try:
        while not wait([work], timeout=POLL).done:
            if job := _look(database, job_id):
                progress(job.progress, job.note)
    except KeyboardInterrupt:
        ledger.release()
        raise
    if work.result() is None:
        progress(0.0, "Waiting: another worker has it, or died with it less than a minute ago.")
        sleep(POLL)  # somebody else has it, or its turn has not come: ask again, but not at once


def _run_into(work: "Future[JobState | None]", ledger: Ledger, job_id: int) -> None:
    try:
        work.set_result(ledger.run(job_id))
    except Exception as error:  # noqa: BLE001  (raised again where the command waits)
        work.set_exception(error)


def _look(database: Database, job_id: int) -> Job | None:
    with database.reading() as session:
        return session.scalar(select(Job).where(Job.id == job_id))
