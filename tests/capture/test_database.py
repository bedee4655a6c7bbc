import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text

from capture.database import CLEANING, Database
from capture.models import Event
from capture.retraction import ERASED
from tests.factories import make_event


def test_sqlite_runs_in_wal_with_foreign_keys_and_patience(database: Database) -> None:
    with database.reading() as session:
        pragmas = {p: session.execute(text(f"PRAGMA {p}")).scalar() for p in ("journal_mode", "foreign_keys")}
        assert pragmas == {"journal_mode": "wal", "foreign_keys": 1}
        assert session.execute(text("PRAGMA busy_timeout")).scalar() == 15_000


def test_writing_commits_at_its_end_and_rolls_back_on_an_error(database: Database) -> None:
    with database.writing() as session:
        make_event(session, "kept")
    with pytest.raises(RuntimeError), database.writing() as session:
        make_event(session, "lost")
        raise RuntimeError
    with database.reading() as session:
        assert list(session.scalars(select(Event.slug))) == ["kept"]


def test_two_threads_that_read_then_write_never_fail(database: Database) -> None:
    with database.writing() as session:
        make_event(session, "counter", title="0")
    failures: list[Exception] = []

    def count_up() -> None:
        try:
            for _ in range(40):
                with database.writing() as session:
                    event = session.scalars(select(Event)).one()
                    event.title = str(int(event.title) + 1)
        except Exception as error:  # noqa: BLE001  (whatever a thread meets must fail the test)
            failures.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert (failures, session.scalars(select(Event.title)).one()) == ([], "120")


def test_times_come_back_as_utc_whatever_zone_they_went_in_with(database: Database) -> None:
    noon_in_rome = datetime(2026, 3, 14, 12, tzinfo=timezone(timedelta(hours=1)))
    with database.writing() as session:
        make_event(session, created_at=noon_in_rome)
    with database.reading() as session:
        stored = session.scalars(select(Event)).one().created_at
    assert (stored, stored.tzinfo) == (noon_in_rome, UTC)


def test_a_time_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without zone"), database.writing() as session:
        make_event(session, created_at=datetime(2026, 3, 14))  # noqa: DTZ001  (the mistake under test)


def test_what_is_deleted_is_overwritten_and_the_log_can_be_emptied(database: Database, tmp_path: Path) -> None:
    [file] = tmp_path.rglob("*.sqlite3")
    log = file.with_name(f"{file.name}-wal")
    with database.writing() as session:
        make_event(session, title="Kestrels on the roof")
    assert b"Kestrels on the roof" in log.read_bytes()
    with database.writing() as session:
        session.execute(delete(Event))
    assert b"Kestrels on the roof" in log.read_bytes(), "only an erasing empties it"
    with database.writing() as session:
        session.info[ERASED] = True
    assert log.stat().st_size == 0 and b"Kestrels on the roof" not in file.read_bytes()


def test_emptying_the_log_does_not_wait_long_for_somebody_who_reads(database: Database) -> None:
    with database.writing() as session:
        make_event(session)
    with database.reading() as reader:
        reader.execute(select(Event)).all()
        began = time.monotonic()
        with database.writing() as session:
            make_event(session, "autumn")
            session.info[ERASED] = True
        assert time.monotonic() - began < 2 * CLEANING / 1000
        assert not database.clean()
    assert database.clean()
