"""The job ledger: the truth about background work, in our own database.

A queue (capture.carrier) only brings the number of a row to a worker; state, lease, finished steps, progress and
errors are here. So a job that was running when its worker was killed is taken over by any worker after its lease,
and goes on behind its last finished step. Used by pages and commands alike.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from capture.database import Database, utcnow
from capture.errors import HarvestError, JobCancelled, Refused
from capture.models import Job, JobState, JobStep

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
BACKOFF = 5.0
"""Seconds before the second attempt of a job that failed for an unexpected reason; doubles each time."""
RESEND = 600.0
"""Seconds after which a queued job that no worker has heard of is sent again; doubles are refused harmlessly."""

Handler = Callable[["JobRun"], str]
"""Does the work of one route and returns the closing note in words."""


class LeaseLost(Exception):
    """Another worker has taken this job over; this run may store nothing more."""


def enqueue(session: Session, route: str, event_id: int, subject_id: int, options: dict[str, Any] | None = None) -> Job:
    """The waiting job for this subject, or a new one. Send it through the carrier after committing."""
    key = f"{route}:{subject_id}"
    job = session.scalar(select(Job).where(Job.key == key, Job.state == JobState.QUEUED))
    if job is None:
        job = Job(route=route, event_id=event_id, subject_id=subject_id, key=key)
        session.add(job)
    job.options = options or {}
    job.sent_at = utcnow()
    session.flush()
    return job


def latest_job(session: Session, route: str, subject_id: int) -> Job | None:
    return session.scalar(select(Job).where(Job.key == f"{route}:{subject_id}").order_by(Job.id.desc()).limit(1))


def request_cancel(session: Session, job_id: int) -> None:
    """A queued job is cancelled at once, a running one at its next step. Finished jobs stay as they are."""
    now = utcnow()
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.QUEUED)
        .values(state=JobState.CANCELLED, finished_at=now, note="Stopped before it began.")
    )
    session.execute(update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING).values(cancel_requested=True))


def due(session: Session, lease: float, heard: bool = False) -> list[tuple[int, str]]:
    """(id, route) of jobs a queue must be told about again: whose worker died, or that were never heard of.

    Marks them as sent now. `heard=True` takes every queued job, as a starting worker does.
    """
    now = utcnow()
    forgotten = now if heard else now - timedelta(seconds=max(RESEND, lease))
    rows = session.scalars(
        select(Job)
        .where(
            or_(
                and_(Job.state == JobState.RUNNING, Job.lease_until < now),
                and_(
                    Job.state == JobState.QUEUED,
                    Job.not_before <= now,
                    or_(Job.sent_at.is_(None), Job.sent_at < forgotten),
                ),
            )
        )
        .order_by(Job.id)
    ).all()
    for job in rows:
        job.sent_at = now
    return [(job.id, job.route) for job in rows]


@dataclass
class JobRun:
    """One worker's hold on one job. Handlers report through it; all it stores is fenced by the lease's token."""

    database: Database
    id: int
    token: str
    route: str
    event_id: int
    subject_id: int
    options: dict[str, Any]
    attempt: int
    steps: dict[str, Any] = field(default_factory=dict)
    """Results of the steps finished so far, by name, in the order they were stored."""

    def progress(self, fraction: float, note: str) -> None:
        """Shown on the desk. Raises JobCancelled when somebody asked to stop, LeaseLost when this run is over."""
        with self.database.writing() as session:
            self.fence(session, progress=min(max(fraction, 0.0), 1.0), note=note[:300])

    def store_step(self, name: str, result: Any, fraction: float, note: str) -> None:
        """Keeps a finished step for good, together with the progress it means."""
        with self.database.writing() as session:
            self.fence(session, progress=min(max(fraction, 0.0), 1.0), note=note[:300])
            session.add(JobStep(job_id=self.id, name=name, result=result, attempt=self.attempt))
        self.steps[name] = result

    def fence(self, session: Session, **values: Any) -> None:
        """Inside a writing transaction: goes on only where this run still holds the job and nobody stopped it."""
        held = session.execute(
            update(Job).where(Job.id == self.id, Job.token == self.token).values(token=self.token, **values)
        )
        if not _touched(held):
            raise LeaseLost(f"Job {self.id} was taken over by another worker.")
        if session.scalar(select(Job.cancel_requested).where(Job.id == self.id)):
            raise JobCancelled("Stopped as asked; what was finished is kept.")


class Ledger:
    """Claims and runs jobs. `lease` is how long (seconds) a silent worker is believed to be alive."""

    def __init__(self, database: Database, handlers: dict[str, Handler], lease: float) -> None:
        self.database = database
        self.handlers = handlers
        self.lease = lease
        self._held: dict[int, JobRun] = {}

    def run(self, job_id: int) -> JobState | None:
        """Runs the job if it is free, and returns how it ended; None where another worker has it or it is over."""
        run = self._claim(job_id)
        if run is None:
            return None
        self._held[run.id] = run
        try:
            with self._beating(run):
                state, note, error, wait = self._attempt(run)
            return self._finish(run, state, note, error, wait)
        finally:
            del self._held[run.id]

    def release(self) -> None:
        """Gives back what runs here, for a worker that is told to stop: the next one need not wait for the lease."""
        with self.database.writing() as session:
            for run in list(self._held.values()):
                session.execute(
                    update(Job)
                    .where(Job.id == run.id, Job.token == run.token)
                    .values(state=JobState.QUEUED, token=None, lease_until=None, sent_at=None, attempts=run.attempt - 1)
                )

    def _attempt(self, run: JobRun) -> tuple[JobState, str, str | None, float]:
        """(state, note, error, seconds until the next try) of one attempt."""
        try:
            return JobState.DONE, self.handlers[run.route](run), None, 0.0
        except JobCancelled as stopped:
            return JobState.CANCELLED, str(stopped), None, 0.0
        except HarvestError as refused:  # trying again would end the same way
            return JobState.FAILED, "", str(refused), 0.0
        except LeaseLost:
            log.warning("job %s was taken over while it ran", run.id)
            return JobState.RUNNING, "", None, 0.0
        except Exception as error:  # the job runner is the one place that must outlive everything
            log.exception("job %s failed in attempt %s", run.id, run.attempt)
            wait = BACKOFF * 2 ** (run.attempt - 1)
            state = JobState.QUEUED if run.attempt < MAX_ATTEMPTS else JobState.FAILED
            return state, "", f"Something unexpected happened ({_last_line(error)}).", wait

    def _claim(self, job_id: int) -> JobRun | None:
        now, token = utcnow(), uuid4().hex
        with self.database.writing() as session:
            job = session.get(Job, job_id, with_for_update=True)
            if job is None or job.route not in self.handlers:
                return None
            free = job.state == JobState.QUEUED and job.not_before <= now
            dead = job.state == JobState.RUNNING and job.lease_until is not None and job.lease_until < now
            if not (free or dead) or self._sibling_runs(session, job):
                return None
            if dead and job.attempts >= MAX_ATTEMPTS:
                job.state, job.finished_at, job.token = JobState.FAILED, now, None
                job.error = f"Its worker stopped without a word {job.attempts} times. Try again, or look into its log."
                return None
            job.state, job.token, job.attempts = JobState.RUNNING, token, job.attempts + 1
            job.lease_until = now + timedelta(seconds=self.lease)
            job.started_at, job.error = job.started_at or now, None
            steps = session.scalars(select(JobStep).where(JobStep.job_id == job.id).order_by(JobStep.id)).all()
            return JobRun(
                database=self.database,
                id=job.id,
                token=token,
                route=job.route,
                event_id=job.event_id,
                subject_id=job.subject_id,
                options=dict(job.options),
                attempt=job.attempts,
                steps={step.name: step.result for step in steps},
            )

    def _sibling_runs(self, session: Session, job: Job) -> bool:
        """Whether another job of the same key is running: two never run at once. The sweep brings this one back.

        One whose worker died is ended here, and this job goes on behind its last step.
        """
        # Locked in one order where the database locks rows (PostgreSQL); SQLite has a single writer anyway.
        family = session.scalars(select(Job).where(Job.key == job.key).order_by(Job.id).with_for_update())
        running = [other for other in family if other.id != job.id and other.state == JobState.RUNNING]
        now = utcnow()
        if any(other.lease_until is None or other.lease_until >= now for other in running):
            job.sent_at = None
            return True
        for dead in running:
            dead.state, dead.token, dead.finished_at = JobState.CANCELLED, None, now
            dead.note = "Its worker died; a newer job went on from there."
            if job.attempts == 0:
                session.execute(update(JobStep).where(JobStep.job_id == dead.id).values(job_id=job.id))
        return False

    def _finish(self, run: JobRun, state: JobState, note: str, error: str | None, wait: float) -> JobState | None:
        if state == JobState.RUNNING:
            return None
        now = utcnow()
        values: dict[str, Any] = {"state": state, "token": None, "lease_until": None, "error": error}
        if state == JobState.QUEUED:
            values |= {"not_before": now + timedelta(seconds=wait), "sent_at": None}
        else:
            values |= {"finished_at": now}
        if state == JobState.DONE:
            values |= {"progress": 1.0}
        if note:
            values |= {"note": note[:300]}
        with self.database.writing() as session:
            held = session.execute(update(Job).where(Job.id == run.id, Job.token == run.token).values(**values))
        return state if _touched(held) else None

    @contextmanager
    def _beating(self, run: JobRun) -> Iterator[None]:
        """Renews the lease three times per lease while the block runs."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(self.lease / 3):
                with self.database.writing() as session:
                    session.execute(
                        update(Job)
                        .where(Job.id == run.id, Job.token == run.token)
                        .values(lease_until=utcnow() + timedelta(seconds=self.lease))
                    )

        thread = threading.Thread(target=beat, name=f"beat-{run.id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def retry(session: Session, job: Job) -> Job:
    """A new job for the same work; finished steps of the failed one are taken along."""
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        raise Refused(f"Job {job.id} is {job.state.value}; only a failed or stopped one can be tried again.")
    again = enqueue(session, job.route, job.event_id, job.subject_id, job.options)
    if again.attempts == 0:
        session.execute(update(JobStep).where(JobStep.job_id == job.id).values(job_id=again.id))
    return again


def _touched(result: Any) -> int:
    assert isinstance(result, CursorResult)
    return result.rowcount


def _last_line(error: BaseException) -> str:
    return traceback.format_exception_only(error)[-1].strip()[:300]
