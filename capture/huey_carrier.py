"""Huey as the carrier of jobs: SQLite files on one machine, Redis where workers run on several.

Huey forgets a message once a worker has taken it; that is why the message only says "run job N" and everything that
must not be lost is in the ledger. Nothing but this file knows Huey.
"""

import logging
import os
import signal
import threading
import types
from typing import Any

from capture.carrier import ROUTES
from capture.database import Database
from capture.errors import Refused
from capture.jobs import Handler, Ledger, due
from capture.settings import CaptureSettings

log = logging.getLogger(__name__)

RETRIES, RETRY_DELAY = 60, 5
"""For trouble around a job, not in it: a database that is away for a few minutes costs nothing."""


class HueyCarrier:
    """Sends job numbers; makes one Huey per route on first use."""

    def __init__(self, settings: CaptureSettings) -> None:
        self.settings = settings
        self._queues: dict[str, Any] = {}
        self._tasks: dict[str, Any] = {}
        self._ledger: Ledger | None = None
        self._lock = threading.Lock()

    def send(self, job_id: int, route: str) -> None:
        self._queue(route)
        self._tasks[route](job_id)

    def _queue(self, route: str) -> Any:
        with self._lock:
            if route not in self._queues:
                queue = self._make(route)
                self._tasks[route] = queue.task(name="run_job", retries=RETRIES, retry_delay=RETRY_DELAY)(self._run)
                self._queues[route] = queue
            return self._queues[route]

    def _make(self, route: str) -> Any:
        from huey import RedisHuey, SqliteHuey
        from huey.exceptions import ConfigurationError

        where = self.settings.queue
        if not where:
            self.settings.data_dir.mkdir(parents=True, exist_ok=True)
            file = self.settings.data_dir / f"queue-{route}.sqlite3"
            return SqliteHuey(name=f"harvest-{route}", filename=str(file), results=False, fsync=True)
        if not where.startswith(("redis://", "rediss://", "unix://")):
            raise Refused(f"HARVEST_QUEUE is “{where}”, but must be a redis:// address, or empty for files.")
        try:
            return RedisHuey(name=f"harvest-{route}", url=where, results=False)
        except ConfigurationError:
            raise Refused(
                "HARVEST_QUEUE names Redis; install its client: pip install 'openspace-harvest[redis]'."
            ) from None

    def _run(self, job_id: int) -> None:
        assert self._ledger is not None, "only a worker runs jobs"
        self._ledger.run(job_id)

    def work(self, database: Database, handlers: dict[str, Handler], routes: tuple[str, ...] = ROUTES) -> None:
        """Runs jobs of these routes until SIGTERM or SIGINT; blocks. Jobs whose worker died are swept back in."""
        self._ledger = Ledger(database, {r: handlers[r] for r in routes}, self.settings.lease)
        consumers = [_consumer(self._queue(route)) for route in routes]
        stop = threading.Event()

        def on_signal(number: int, frame: types.FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, on_signal)
        for consumer in consumers:
            consumer.start()
        self._sweep_until(stop, database, routes)
        for consumer in consumers:
            consumer.stop_flag.set()
        self._ledger.release()
        logging.shutdown()
        os._exit(0)  # threads may sit in a recogniser for minutes; everything they finished is stored

    def _sweep_until(self, stop: threading.Event, database: Database, routes: tuple[str, ...]) -> None:
        """Every sixth of a lease, sends again what no living worker holds."""
        starting = True
        while not stop.is_set():
            with database.writing() as session:
                jobs = due(session, self.settings.lease, heard=starting)
            starting = False
            for job_id, route in jobs:
                if route in routes:
                    self.send(job_id, route)
            stop.wait(self.settings.lease / 6)


def _consumer(queue: Any) -> Any:
    from huey.consumer import Consumer

    class QuietConsumer(Consumer):  # type: ignore[misc]
        """Two of these share a process, so none of them may own its signals."""

        def _set_signal_handlers(self) -> None:
            return None

    return QuietConsumer(queue, workers=1, periodic=False, max_delay=1.0, check_worker_health=False)
