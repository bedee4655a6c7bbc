"""One event with planted subjects, mined once for all tests of mining, and copies of it that a test may change."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from capture.database import Database
from capture.models import Event
from capture.settings import CaptureSettings
from mining.pipeline import MiningResult, mine
from mining.reporting.export import export_json, render
from mining.schema import migrate
from mining.settings import MiningSettings
from tests.conftest import harvest
from tests.mining.curated import planted, spring, spring_data  # noqa: F401  (fixtures)
from tests.mining.drafted import drafted, drafted_data, embed, evidence  # noqa: F401  (fixtures)
from tests.mining.talk import make_talk


@dataclass(frozen=True)
class Mined:
    """The event “spring” with its themes. To be read only: other tests read it too."""

    data: Path
    database: Database
    event_id: int
    result: MiningResult

    def rendered(self, format_: str) -> str:
        with self.database.reading() as session:
            return render(session, session.get_one(Event, self.event_id), format_)

    def document(self) -> dict[str, Any]:
        return document_of(self.database, self.event_id)


def document_of(database: Database, event_id: int) -> dict[str, Any]:
    with database.reading() as session:
        return export_json(session, session.get_one(Event, event_id))


def opened(data: Path) -> Database:
    return Database(CaptureSettings(data=str(data)).database_url)


def _with_talk(data: Path) -> tuple[Database, int]:
    database = opened(data)
    migrate(database)
    with database.writing() as session:
        return database, make_talk(session).id


@pytest.fixture(scope="session")
def mined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mined]:
    data = tmp_path_factory.mktemp("mined")
    database, event_id = _with_talk(data)
    yield Mined(data, database, event_id, mine(database, event_id, MiningSettings()))
    database.close()


@pytest.fixture
def spare_data(mined: Mined, tmp_path: Path) -> Path:
    """A data folder of one's own with the mined event in it, and so with every vector of its talk."""
    folder = tmp_path / "data"
    folder.mkdir()
    source, target = (sqlite3.connect(CaptureSettings(data=str(f)).database_url[10:]) for f in (mined.data, folder))
    source.backup(target)
    source.close()
    target.close()
    return folder


@pytest.fixture
def spare(spare_data: Path) -> Iterator[Database]:
    database = opened(spare_data)
    yield database
    database.close()


@dataclass(frozen=True)
class Command:
    """What `harvest mine spring` printed in a process of its own, and the export of what it found."""

    done: "subprocess.CompletedProcess[str]"
    document: dict[str, Any]


@pytest.fixture(scope="session")
def mined_by_command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The same talk as `mined`, from the first word on in another process."""
    data = tmp_path_factory.mktemp("command")
    database, event_id = _with_talk(data)
    done = harvest(data, "mine", "spring")
    assert done.returncode == 0, done.stderr
    document = json.loads(json.dumps(document_of(database, event_id)))
    database.close()
    shutil.rmtree(data)
    return Command(done, document)
