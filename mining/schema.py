"""Brings a database to the newest tables. Lives here because mining is the lowest layer that sees every table.

Revisions are the files of `migrations/versions`, numbered 0001, 0002, ...; add one with
`python -m mining.schema "what it does"`, which compares the models with the migrations so far.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from capture.database import Database
from capture.errors import HarvestError

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def revisions() -> list[str]:
    """All revisions there are, oldest first: the numbers that the files begin with."""
    return sorted(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def migrate(database: Database) -> None:
    """Upgrades where needed; costs one small query where not. Raises HarvestError for a database of a newer Harvest."""
    with database.engine.connect() as connection:
        current = _current(connection)
    known = revisions()
    if current == known[-1]:
        return
    if current is not None and current not in known:
        raise HarvestError(
            f"The database was made by a newer Harvest (revision {current}, this one knows {known[-1]}). "
            "Update Harvest, or choose another folder with --data."
        )
    from alembic import command

    with migrating(database) as connection:
        command.upgrade(_config(connection), "head")


@contextmanager
def migrating(database: Database) -> Iterator["Connection"]:
    """A connection for migrations, committed at the end. SQLite changes many a table by copying and dropping it, and
    with the dropped one goes, by cascade, whatever refers to its rows: so it does not follow references here. That none
    is broken is seen to instead: raises HarvestError, and nothing is changed."""
    sqlite = database.engine.dialect.name == "sqlite"
    with database.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        if sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")  # no effect within a transaction, so before it
        try:
            with connection.begin():
                before = _broken(connection) if sqlite else 0
                yield connection
                if sqlite and _broken(connection) > before:
                    raise HarvestError("The database could not be upgraded without loss, so it was left as it was.")
        finally:
            if sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


def _broken(connection: "Connection") -> int:
    """Rows that refer to what is not there."""
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())


def _current(connection: "Connection") -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def _config(connection: "Connection") -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def write_revision(message: str) -> None:
    """Writes the next migration from the difference between the models and a freshly migrated database."""
    from alembic import command

    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/compare.sqlite3")
        if revisions():
            migrate(database)
        number = f"{len(revisions()) + 1:04}"
        with database.writer.begin() as connection:
            command.revision(_config(connection), message, autogenerate=True, rev_id=number)
        database.close()


if __name__ == "__main__":
    write_revision(sys.argv[1])
