"""What every test may ask for: settings in an empty folder, and a real database with every table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
