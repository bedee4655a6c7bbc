"""`harvest demo`: the sample event, and the one before it, through the same commands an organiser types. A second run
finds all of it done. No export is written: a file of talk would stay when talk is removed.
"""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import select

from capture.cli import transcribe_event
from capture.console import Console
from capture.errors import HarvestError, NotFound
from capture.events import create_event, get_event
from capture.models import Event
from capture.recordings import accept
from capture.roster_cli import import_file
from mining.catalogue.cli import import_catalogue
from mining.cli import mine_event, print_themes
from web.demo_autumn import confirm_steps
from web.demo_programme import lead_on

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = Path(__file__).parent.parent / "samples"
EARLIER = "autumn"
"""The folder, among the samples, of the event before."""


def run_demo(console: Console, samples: Path = SAMPLES) -> None:
    """Leaves the mined sample event, and what follows from it, in the database and prints its themes."""
    earlier = samples / EARLIER
    before = _bring_event(console, earlier)
    mine_event(console, before)
    confirm_steps(console, before, earlier)
    slug = _bring_event(console, samples)
    if transcribe_event(console, slug, "sphinx"):
        raise HarvestError("The sample recordings could not all be transcribed; see above. `harvest doctor` may help.")
    mine_event(console, slug)
    print_themes(console, slug)
    import_catalogue(console, samples / "catalogue.csv")
    lead_on(console, slug, samples)
    click.echo(f"The whole picture as data: harvest export {slug} --format json")


def _bring_event(console: Console, samples: Path) -> str:
    """The event of a folder with what its rooms handed in and its roster; returns its short name."""
    described = _description(samples)
    slug = str(described["slug"])
    _bring(console, _event(console, described), described, samples)
    click.echo(f"Roster: {import_file(console, slug, samples / 'roster.csv').words}")
    return slug


def _description(samples: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((samples / "event.json").read_text("utf-8")))
    except FileNotFoundError:
        raise NotFound(f"The sample event is not in {samples}. Run the demo from a full copy of Harvest.") from None


def _event(console: Console, described: dict[str, Any]) -> int:
    with console.database().writing() as session:
        there = session.scalar(select(Event.id).where(Event.slug == described["slug"]))
        if there:
            return get_event(session, described["slug"]).id
        event = create_event(
            session,
            described["slug"],
            described["title"],
            held_on=date.fromisoformat(described["held_on"]),
            programme=described["programme"],
            language=described["language"],
            vocabulary=", ".join(described.get("vocabulary", [])),
        )
        return event.id


def _bring(console: Console, event_id: int, described: dict[str, Any], samples: Path) -> None:
    database, media, new = console.database(), console.media(), 0
    for room, path in _rooms(described, samples):
        with path.open("rb") as file:
            done = accept(
                database,
                media,
                event_id,
                file,
                path.name,
                group=room["group"],
                consent="Fiction, made for this sample.",
            )
        new += not done.duplicate
    told = f": {new} recordings and transcripts added." if new else " is here already."
    click.echo(described["title"] + told)


def _rooms(described: dict[str, Any], samples: Path) -> "Iterator[tuple[dict[str, Any], Path]]":
    for room in described["rooms"]:
        file = Path(room["file"])
        yield room, samples / file if (samples / file).exists() else samples / "rooms" / file.name
