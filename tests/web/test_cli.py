import re
from pathlib import Path

import pytest

from tests.conftest import harvest


def test_the_help_names_every_command_of_the_main_job(tmp_path: Path) -> None:
    done = harvest(tmp_path, "--help")
    commands = set(re.findall(r"^  (\w+) ", done.stdout.split("Commands:")[1], flags=re.MULTILINE))
    assert commands >= {"add", "demo", "doctor", "events", "export", "mine", "serve", "themes", "transcribe", "worker"}


def test_asking_wrongly_ends_with_2_and_failing_with_1(tmp_path: Path) -> None:
    assert harvest(tmp_path, "frobnicate").returncode == 2
    assert harvest(tmp_path, "mine").returncode == 2
    failed = harvest(tmp_path, "mine", "nowhere")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("harvest: There is no event “nowhere”.") and "Traceback" not in failed.stderr


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARVEST_JOBS", "many")
    done = harvest(tmp_path, "events", "list")
    assert done.returncode == 1 and "HARVEST_JOBS is “many”" in done.stderr


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = harvest(tmp_path / "file" / "data", "events", "list")
    assert done.returncode == 1 and str(tmp_path / "file" / "data") in done.stderr and "Traceback" not in done.stderr
