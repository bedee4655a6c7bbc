"""What every test may ask for: settings in an empty folder, and a real database with every table."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy.orm import Session

import mining.models  # noqa: F401  (its tables belong to the same database)
from capture.database import Base, Database
from capture.settings import CaptureSettings

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def settings(tmp_path: Path) -> CaptureSettings:
    return CaptureSettings(data=str(tmp_path / "data"))


@pytest.fixture
def database(settings: CaptureSettings) -> Iterator[Database]:
    database = Database(settings.database_url)
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One writing transaction, for tests of functions that take a session."""
    with database.writing() as session:
        yield session


@dataclass(frozen=True)
class Demo:
    """The sample event after `harvest demo --no-serve`: where it lies, and what the command printed."""

    data: Path
    output: str


def harvest(data: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs `harvest` as a user does, in a process of its own."""
    command = [sys.executable, "-m", "web", "--data", str(data), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demo:
    """The whole main job on the sample events, once for all tests and for all processes that share them: real audio,
    recogniser, embeddings, database."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    data, output = shared / "demo", shared / "demo.txt"
    with FileLock(shared / "demo.lock"):
        if not output.exists():
            done = harvest(data, "demo", "--no-serve")
            assert done.returncode == 0, done.stdout + done.stderr
            output.write_text(done.stdout, encoding="utf-8")
    return Demo(data, output.read_text(encoding="utf-8"))
