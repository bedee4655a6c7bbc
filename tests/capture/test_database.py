import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text

from capture.database import Database
from capture.models import Event
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
