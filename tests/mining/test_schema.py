from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from capture.database import Base, Database
from capture.errors import HarvestError
from mining.schema import migrate, revisions


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/empty.sqlite3")


def test_the_migrations_make_exactly_the_tables_of_the_models(empty: Database) -> None:
    migrate(empty)
    with empty.engine.connect() as connection:
        difference = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
    assert difference == []


def test_revisions_are_numbered_without_a_gap() -> None:
    assert revisions() == [f"{n + 1:04}" for n in range(len(revisions()))]


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    migrate(empty)
    with empty.writing() as session:
        session.execute(text("insert into embedding values ('h', 'm', 'v')"))
    migrate(empty)
    with empty.reading() as session:
        assert session.execute(text("select count(*) from embedding")).scalar() == 1


def test_a_database_of_a_newer_harvest_is_left_alone_and_said_so(empty: Database) -> None:
    migrate(empty)
    with empty.writing() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(HarvestError, match="newer Harvest .revision 9999"):
        migrate(empty)


def test_every_table_can_be_taken_down_again(empty: Database) -> None:
    from alembic import command

    from mining.schema import _config

    migrate(empty)
    with empty.writer.begin() as connection:
        command.downgrade(_config(connection), "base")
    with empty.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}


def test_analyses_of_an_earlier_harvest_are_still_there_after_an_upgrade(empty: Database) -> None:
    from alembic import command

    from mining.schema import _config

    now = "2026-03-19 10:00:00"
    with empty.writer.begin() as connection:
        command.upgrade(_config(connection), "0001")
        for statement in (
            "insert into event (id, slug, title, language, vocabulary, created_at)"
            f" values (1, 'e', 'E', 'en', '', '{now}')",
            "insert into analysis"
            " (id, event_id, created_at, fingerprint, seed, embedder, clusterer, parameters, seconds, left_out, notes)"
            f" values (1, 1, '{now}', 'f', 1, 'm', 'graph', '{{}}', '{{}}', '[]', '[]')",
            "insert into theme"
            " (id, analysis_id, number, label, keywords, breadth, depth, by_group, quotes, perspectives, neighbours,"
            " x, y)"
            " values (1, 1, 1, 'Old theme', '[]', 2, 0.5, '{}', '[]', '[]', '[]', 0, 0)",
        ):
            connection.execute(text(statement))
    migrate(empty)
    with empty.reading() as session:
        found = session.execute(text("select label, coarse, kinds, strand_id from theme")).one()
        assert tuple(found) == ("Old theme", 0, "{}", None)
        assert session.execute(text("select trust from analysis")).scalar() == "{}"
