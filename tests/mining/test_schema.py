from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from capture.database import Base, Database
from capture.errors import HarvestError
from mining.schema import _config, migrate, migrating, revisions


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
    migrate(empty)
    with migrating(empty) as connection:
        command.downgrade(_config(connection), "base")
    with empty.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}


def test_analyses_of_an_earlier_harvest_are_still_there_after_an_upgrade(empty: Database) -> None:
    now = "2026-03-19 10:00:00"
    with migrating(empty) as connection:
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


NOW = "2026-03-19 10:00:00"
OLD = {
    "event": {"id": 1, "slug": "e", "title": "E", "language": "en", "vocabulary": "", "programme": "P"},
    "programme": {"id": 4, "slug": "p", "name": "P", "quorum": 5, "mode": "open"},
    "person": {"id": 1, "key": "k", "name": "Ada"},
    "access": {"id": 1, "person_id": 1, "programme_id": 4, "role": "alumnus"},
    "proposal": {"id": 1, "programme_id": 4, "person_id": 1, "title": "T", "state": "open"},
    "notice": {"id": 1, "programme_id": 4, "person_id": 1, "proposal_id": 1},
    "participant": {"id": 1, "event_id": 1, "name": "Ada"},
    "roster_entry": {"id": 1, "event_id": 1, "participant_id": 1},
    "draw": {"id": 1, "event_id": 1},
    "peer_group": {"id": 1, "draw_id": 1, "number": 1, "why": "They share it.", "place": "Loft"},
    "peer_group_member": {"peer_group_id": 1, "entry_id": 1},
    "module": {"id": 1, "key": "one", "title": "One", "source": "draft 7", "added_at": "2026-02-01 23:30:00"},
}
"""{table: a row of it}, as an earlier Harvest wrote them; `insert` fills in what else a row must have."""


def insert(database: Database, table: str, **values: object) -> None:
    """With something in every column that must not be empty."""
    with database.writing() as session:
        for column in inspect(session.connection()).get_columns(table):
            if not column["nullable"] and column["default"] is None:
                kind = str(column["type"])
                filled = NOW if kind == "DATETIME" else "[]" if kind == "JSON" else "" if "CHAR" in kind else 0
                values.setdefault(column["name"], filled)
        said = ", ".join(f":{name}" for name in values)
        session.execute(text(f"insert into {table} ({', '.join(values)}) values ({said})"), values)


def counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {table: session.execute(text(f"select count(*) from {table}")).scalar_one() for table in OLD}


@pytest.fixture
def old(empty: Database) -> Database:
    """Of revision 0003, with a row in each table that the next one touches or that refers to one."""
    with migrating(empty) as connection:
        command.upgrade(_config(connection), "0003")
    for table, row in OLD.items():
        insert(empty, table, **row)
    return empty


def test_what_refers_to_rows_of_a_table_that_is_copied_is_still_there_after_an_upgrade(old: Database) -> None:
    insert(old, "module", id=2, key="two", title="Two", source="draft 7.csv, line 2")
    before = counts(old)
    migrate(old)
    assert counts(old) == before == {**dict.fromkeys(OLD, 1), "module": 2}
    columns = {
        column["name"] for table in ("programme", "peer_group") for column in inspect(old.engine).get_columns(table)
    }
    assert not columns & {"slug", "why"}
    with old.writing() as session:
        assert tuple(session.execute(text("select name, quorum, mode from programme")).one()) == ("P", 5, "open")
        assert session.execute(text("select place from peer_group")).scalar() == "Loft"
        offered = session.execute(text("select offered_on from module order by id")).scalars()
        assert list(offered) == ["2026-02-01", None]  # the first was a draft, on offer from when it was published
        session.execute(text("delete from programme"))
    left = counts(old)  # references are followed again
    assert left["access"] == left["proposal"] == left["notice"] == 0 and left["peer_group_member"] == 1


def test_going_back_a_revision_keeps_the_rows(old: Database) -> None:
    before = counts(old)
    migrate(old)
    with migrating(old) as connection:
        command.downgrade(_config(connection), "0003")
    assert counts(old) == before
    with old.reading() as session:
        assert session.execute(text("select slug from programme")).scalar() == "programme-4"
        assert session.execute(text("select why from peer_group")).scalar() == ""
    migrate(old)
    assert counts(old) == before


def test_a_migration_that_would_break_a_reference_changes_nothing(empty: Database) -> None:
    migrate(empty)
    insert(empty, "event", id=1, slug="e", title="E")
    insert(empty, "participant", id=1, event_id=1, name="Ada")
    with pytest.raises(HarvestError, match="left as it was"), migrating(empty) as connection:
        connection.execute(text("delete from event"))
    assert (counts(empty)["event"], counts(empty)["participant"]) == (1, 1)
