from pathlib import Path

import pytest

from capture.errors import Refused
from capture.settings import CaptureSettings, default_data_dir


def test_an_empty_environment_gives_the_platforms_folder_and_sqlite_in_it() -> None:
    settings = CaptureSettings.from_env({})
    assert settings.data_dir == default_data_dir()
    assert settings.database_url == f"sqlite:///{default_data_dir()}/harvest.sqlite3"


def test_what_is_given_wins_over_the_environment() -> None:
    settings = CaptureSettings.from_env({"HARVEST_DATA": "/a", "HARVEST_JOBS": "3"}, data="/b")
    assert (settings.data_dir, settings.jobs) == (Path("/b"), 3)


def test_a_number_that_is_none_names_its_variable() -> None:
    with pytest.raises(Refused, match="HARVEST_JOBS is “many”, but must be a whole number"):
        CaptureSettings.from_env({"HARVEST_JOBS": "many"})
