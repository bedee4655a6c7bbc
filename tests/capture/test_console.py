import sqlite3
from pathlib import Path
from typing import Any

import pytest

from capture import console as console_module
from capture.console import Console, show_json, write_file
from capture.errors import HarvestError
from capture.settings import CaptureSettings


def test_the_database_is_migrated_once(settings: CaptureSettings) -> None:
    migrated: list[Any] = []
    console = Console(settings, migrated.append)
    assert console.database() is console.database()
    assert migrated == [console.database()]


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "harvest.sqlite3").write_text("not a database, " * 100)
    from mining.schema import migrate

    with pytest.raises(HarvestError, match=r"cannot be opened: .*not a database.*Check --data") as error:
        Console(CaptureSettings(data=str(tmp_path)), migrate).database()
    assert str(tmp_path) in str(error.value)
    assert not isinstance(error.value.__cause__, sqlite3.Error)


def test_without_a_terminal_progress_is_a_plain_line_now_and_then(
    settings: CaptureSettings, capsys: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(console_module, "PATIENCE", 0.0)
    with Console(settings, lambda d: None).progress("Transcribing") as report:
        report(0.25, "room 1")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "Transcribing: 25% room 1\n")


def test_short_work_says_nothing(settings: CaptureSettings, capsys: Any) -> None:
    with Console(settings, lambda d: None).progress("Adding") as report:
        report(0.5, "x")
    assert capsys.readouterr().err == ""


def test_json_is_one_readable_document(capsys: Any) -> None:
    show_json({"title": "Frühling"})
    assert capsys.readouterr().out == '{\n  "title": "Frühling"\n}\n'


def test_what_is_written_says_where_it_cannot_be(tmp_path: Path) -> None:
    write_file(tmp_path / "steps.md", "Ruhe für alle\r\n")
    assert (tmp_path / "steps.md").read_bytes() == "Ruhe für alle\r\n".encode()
    with pytest.raises(HarvestError, match=r"nowhere/x\.md cannot be written: No such file or directory"):
        write_file(tmp_path / "nowhere" / "x.md", b"")
