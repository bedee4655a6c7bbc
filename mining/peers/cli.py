"""`harvest peer-groups` and `harvest match`: seating people for peer coaching in the terminal, or into a file.

Nothing heavy is imported before a command needs it.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capture.console import Console, show_json, who_sits_here, write_file

if TYPE_CHECKING:
    from mining.peers.co_coaching import Match
    from mining.peers.reading import Groups


class Sizes(click.ParamType[tuple[int, int]]):
    """`3-6`, or one number for groups of exactly that size."""

    name = "from-to"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"\s*(\d{1,3})\s*(?:[-–]\s*(\d{1,3})\s*)?", str(value))
        if not found:
            self.fail(f"“{value}” is no size; write for example 3-6.", param, ctx)
        return int(found[1]), int(found[2] or found[1])


@click.command("peer-groups")
@click.argument("event")
@click.option(
    "--size", type=Sizes(), default="3-6", show_default=True, help="The least and the most people of a group."
)
@click.option(
    "--time-limit", type=float, metavar="SECONDS", help="How long to search; default: by the number of people."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same groups.")
@click.option("--any-department", is_flag=True, help="Allow groups whose members all come from one department.")
@click.option("--show", is_flag=True, help="Show the groups there are instead of drawing new ones.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the groups to a file: .json, or else CSV.")
@click.pass_obj
def peer_groups(
    console: Console,
    event: str,
    size: tuple[int, int],
    time_limit: float | None,
    seed: int,
    any_department: bool,
    show: bool,
    as_json: bool,
    output: Path | None,
) -> None:
    """Draw peer groups for EVENT: people who share a challenge, differ in department or organisation, and have not sat
    together before. Only those who agreed to be brought together; locked groups stay as they are."""
    from capture.events import get_event
    from mining.peers.groups import Options
    from mining.peers.reading import as_csv, document, peer_groups_of

    if not show:
        _draw(console, event, Options(*size, time_limit, seed, not any_department))
    with console.database().reading() as session:
        row = get_event(session, event)
        groups = peer_groups_of(session, row)
        shown = document(row, groups)
    if output is not None:
        text = json.dumps(shown, ensure_ascii=False, indent=2) if output.suffix == ".json" else as_csv(groups)
        write_file(output, text)
    if as_json:
        show_json(shown)
        return
    for line in _lines(event, groups):
        click.echo(line)
    if output is not None:
        click.echo(f"Wrote {output}")


@click.command()
@click.argument("event")
@click.option(
    "--organisations", nargs=2, required=True, metavar="A B", help="The two organisations, as the roster writes them."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def match(console: Console, event: str, organisations: tuple[str, str], as_json: bool) -> None:
    """Match people of two organisations for co-coaching, on the challenges they share."""
    from capture.events import get_event
    from mining.peers.co_coaching import match as match_people
    from mining.peers.words import listed

    with console.database().reading() as session:
        found = match_people(session, get_event(session, event), *organisations)
    if as_json:
        show_json(_match_document(event, found))
        return
    for each in found.matched:
        names = [listed([peer.name for peer in side]) for side in (each.ours, each.theirs)]
        click.echo(f"{' – '.join(names)}: {each.reason}")
    if not found.matched:
        click.echo(f"Nobody of {found.organisations[0]} shares a theme with anybody of {found.organisations[1]}.")
    for peer, reason in found.left:
        click.echo(f"Without a partner: {peer.name} ({peer.organisation}). {reason}")


def _draw(console: Console, slug: str, options: Any) -> None:
    from capture.events import get_event
    from mining.peers.groups import prepare, solve, store

    database = console.database()
    with database.reading() as session:
        prepared = prepare(session, get_event(session, slug), options)
    with console.progress("Seating people") as progress:
        drawn = solve(prepared, progress)
    with database.writing() as session:
        store(session, get_event(session, slug), prepared, drawn, who_sits_here())


def _lines(slug: str, groups: "Groups") -> Iterator[str]:
    from mining.peers.words import figures_sentence

    if groups.draw_id is None:
        yield f"No peer groups were drawn yet. Draw them: harvest peer-groups {slug}"
        return
    for group in groups.groups:
        yield f"{group.number:>3}  {group.why}{' (locked)' if group.locked else ''}"
        for peer in group.members:
            where = ", ".join(part for part in (peer.department, peer.organisation) if part)
            yield f"       {peer.name}{f' ({where})' if where else ''}"
        if group.wrong:
            yield f"       {group.wrong}"
    for peer, reason in groups.left:
        yield f"In no group: {peer.name}. {reason}"
    if groups.figures.get("groups"):
        yield figures_sentence(groups.figures)


def _match_document(slug: str, found: "Match") -> dict[str, Any]:
    def person(peer: Any) -> dict[str, Any]:
        return {key: getattr(peer, key) for key in ("name", "email", "organisation", "department")}

    return {
        "schema": "harvest.match/1",
        "event": slug,
        "organisations": list(found.organisations),
        "matched": [
            {
                "ours": [person(peer) for peer in each.ours],
                "theirs": [person(peer) for peer in each.theirs],
                "theme": each.challenge.label,
                "reason": each.reason,
            }
            for each in found.matched
        ],
        "left": [person(peer) | {"reason": reason} for peer, reason in found.left],
    }
