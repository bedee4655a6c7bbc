"""The one database: base class, engine, sessions and times in UTC. Everything that is stored goes through here.

SQLite runs in WAL mode and opens writing transactions with BEGIN IMMEDIATE: a transaction that reads first and then
writes would otherwise fail at once whenever another process wrote in between, whatever the timeout. What is deleted is
overwritten, in the file at once and in its log as soon as nobody reads from it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from capture.retraction import ERASED

BUSY_TIMEOUT = 15_000
"""Milliseconds a SQLite connection waits for another writer."""
CLEANING = 2_000
"""Milliseconds that are waited for readers before SQLite's log is emptied."""


PRAGMAS = (
    *("journal_mode=WAL", f"busy_timeout={BUSY_TIMEOUT}", "foreign_keys=ON", "synchronous=NORMAL"),
    "secure_delete=ON",  # else what was deleted can be read in the file until its page is used again
)


class Base(DeclarativeBase):
    """All tables. Constraint names are fixed so that migrations can address them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes on every database; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"A time without zone cannot be stored: {value!r}")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def as_word(kind: type[StrEnum]) -> Enum:
    """A column of one of the kind's values: stored as the plain word, readable in the database and free to grow without
    a migration."""
    return Enum(kind, native_enum=False, length=20, values_callable=lambda e: [m.value for m in e])


def utcnow() -> datetime:
    return datetime.now(UTC)


class Database:
    """Hands out sessions: `reading()` for pages and listings, `writing()` for changes, which commits at its end.

    The edge (a view, a command, a job) opens the session; functions below take it as their first argument.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = create_engine(url)
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)
        self.writer = self.engine.execution_options(harvest_writing=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Commits when the block ends well, rolls back when it raises."""
        with Session(self.writer, expire_on_commit=False) as session, session.begin():
            yield session
        if session.info.get(ERASED):
            self.clean()

    def clean(self) -> bool:
        """Empties SQLite's log, in which pages stand as they were before something was deleted from them. Whether it
        could be done: not while somebody else reads; then the log is emptied with the next erasing, or when the last
        process that has the database open ends."""
        if self.engine.dialect.name != "sqlite":
            return True
        raw = self.engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute(f"PRAGMA busy_timeout={CLEANING}")
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
            return not busy
        finally:
            raw.close()

    def close(self) -> None:
        self.engine.dispose()


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None  # SQLAlchemy's begin event below opens every transaction
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        writing = connection.get_execution_options().get("harvest_writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
