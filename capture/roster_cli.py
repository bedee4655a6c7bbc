"""`harvest roster`: brings the list of who took part, and shows it. Nothing heavy is imported before it is needed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from capture.console import Console, show_json
from capture.errors import HarvestError

if TYPE_CHECKING:
    from capture.roster import Imported


@click.group()
def roster() -> None:
    """Who took part in an event, in which groups, and who wants to be brought together."""


@roster.command("import")
@click.argument("event")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def import_(console: Console, event: str, file: Path, as_json: bool) -> None:
    """Bring the roster of EVENT from FILE, a CSV with the columns name, email, organisation, department, groups
    attended (parted by |) and opt-in.

    People are known by their e-mail address: bringing a newer file updates them, and the same file changes nothing.
    Names on the roster are masked in all talk.
    """
    done = import_file(console, event, file)
    if as_json:
        show_json({"event": event, **vars(done)})
        return
    click.echo(done.words)
    for problem in done.problems:
        click.echo(problem)
    if done.masked:
        click.echo(f"New names were masked in talk that is stored. Look for themes again: harvest mine {event}")


def import_file(console: Console, slug: str, file: Path) -> "Imported":
    """Reads and stores. Raises HarvestError where the file cannot be read."""
    from capture.events import get_event
    from capture.roster import import_roster
    from capture.roster_files import read_roster

    try:
        data = file.read_bytes()
    except OSError as error:
        raise HarvestError(f"{file} cannot be read: {error.strerror}.") from None
    with console.database().writing() as session:
        return import_roster(session, get_event(session, slug), read_roster(data, file.name))


@roster.command("list")
@click.argument("event")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def list_(console: Console, event: str, as_json: bool) -> None:
    """Show who is on the roster of EVENT."""
    from capture.events import get_event
    from capture.roster import roster_of

    with console.database().reading() as session:
        people = roster_of(session, get_event(session, event).id)
    if as_json:
        show_json({"event": event, "people": [vars(person) for person in people]})
        return
    width = max((len(person.name) for person in people), default=0)
    for person in people:
        where = ", ".join(part for part in (person.department, person.organisation) if part)
        sat = " | ".join(person.groups) or "in no group"
        click.echo(f"{person.name:<{width}}  {'opted in' if person.opt_in else '–':<8}  {where}  ({sat})")
    agreed = sum(person.opt_in for person in people)
    click.echo(
        f"{len(people)} people, {agreed} of them want to be brought together."
        if people
        else f"The roster is empty. Bring one: harvest roster import {event} FILE"
    )
