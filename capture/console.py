"""What every command shares: settings, the database on first use, progress, output. Passed around as click's `obj`.

Imports nothing heavy: `harvest --help` has to answer at once.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capture.errors import HarvestError
from capture.settings import CaptureSettings

if TYPE_CHECKING:
    from capture.database import Database
    from capture.media import MediaFolder

PATIENCE = 2.0
"""Seconds of work that need no sign of life."""
STEPS = 1000
Progress = Callable[[float, str], None]


class Console:
    """One command's surroundings. `migrate` brings a database to the newest tables; the outermost layer knows how."""

    def __init__(self, capture: CaptureSettings, migrate: "Callable[[Database], None]") -> None:
        self.capture = capture
        self._migrate = migrate
        self._database: Database | None = None

    def database(self) -> "Database":
        """The database of the chosen data folder, with every table. Opened once."""
        if self._database is None:
            from sqlalchemy.exc import SQLAlchemyError

            from capture.database import Database

            try:
                self._database = Database(self.capture.database_url)
                self._migrate(self._database)
            except (SQLAlchemyError, OSError) as error:
                where = self.capture.database or self.capture.data_dir
                reason = str(error).splitlines()[0]
                raise HarvestError(f"The database in {where} cannot be opened: {reason}. Check --data.") from None
        return self._database

    def media(self) -> "MediaFolder":
        from capture.media import MediaFolder

        return MediaFolder(self.capture.media_dir)

    @contextmanager
    def progress(self, label: str) -> Iterator[Progress]:
        """Yields `report(fraction, note)`: a bar on a terminal, otherwise a plain line now and then, all on stderr."""
        if sys.stderr.isatty():
            yield from _bar(label)
        else:
            yield from _lines(label)


def _bar(label: str) -> Iterator[Progress]:
    shown = click.progressbar(
        length=STEPS, label=label, file=sys.stderr, item_show_func=lambda note: note or "", show_pos=False, width=24
    )
    with shown as bar:

        def report(fraction: float, note: str) -> None:
            bar.update(max(0, int(fraction * STEPS) - bar.pos), note)

        yield report


def _lines(label: str) -> Iterator[Progress]:
    """A line when something new can be said, and not too often."""
    last, said = time.monotonic(), ""

    def report(fraction: float, note: str) -> None:
        nonlocal last, said
        if note != said and time.monotonic() - last > PATIENCE:
            last, said = time.monotonic(), note
            click.echo(f"{label}: {fraction:.0%} {note}".rstrip(), err=True)

    yield report


def show_json(document: Any) -> None:
    """The one JSON document a command prints under --json, and nothing else."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def write_file(path: Path, content: str | bytes) -> None:
    """What a command writes with -o; text as UTF-8. Raises HarvestError where it cannot be written."""
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise HarvestError(f"{path} cannot be written: {error.strerror}. Choose another place.") from None


def who_sits_here() -> str:
    """Whoever gives the command, as the operating system knows them: noted with what is decided in a terminal."""
    from getpass import getuser

    try:
        return getuser()
    except (ImportError, KeyError, OSError):  # no account for this user id, as in some containers
        return "the command line"
