"""`harvest curate`: putting themes right in the terminal. Themes are meant by the numbers that `harvest themes` shows.

Nothing heavy is imported before a command needs it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from capture.console import Console, show_json, who_sits_here

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from mining.models import Decision


@dataclass(frozen=True)
class Desk:
    """Whose themes are put right, and by whom."""

    console: Console
    slug: str


class NumberOrNone(click.ParamType[int | None]):
    """A theme's number, or `none`."""

    name = "theme|none"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        if value == "none" or value is None:
            return None
        try:
            return int(value)
        except ValueError:
            self.fail(f"“{value}” is neither the number of a theme nor “none”.", param, ctx)


@click.group()
@click.argument("event")
@click.pass_context
def curate(ctx: click.Context, event: str) -> None:
    """Put the themes of EVENT right: name, merge, split, move, set aside, undo.

    THEME is the number that `harvest themes EVENT` shows; numbers may change with each decision. Whatever is decided is
    kept in a log with who and when, can be undone, and holds when the event is mined again.
    """
    ctx.obj = Desk(ctx.obj, event)


@curate.command()
@click.argument("theme", type=int)
@click.argument("label")
@click.pass_obj
def rename(desk: Desk, theme: int, label: str) -> None:
    """Call THEME by the name LABEL."""
    from mining.curating import decisions

    _decide(desk, lambda s, event, by: decisions.rename(s, event, decisions.strand_of(s, event, theme), label, by))


@curate.command()
@click.argument("theme", type=int)
@click.argument("others", type=int, nargs=-1, required=True)
@click.pass_obj
def merge(desk: Desk, theme: int, others: tuple[int, ...]) -> None:
    """Make OTHERS part of THEME, which keeps its name."""
    from mining.curating import decisions

    def make(session: "Session", event: int, by: str) -> "Decision":
        keep, *merged = (decisions.strand_of(session, event, number) for number in (theme, *others))
        return decisions.merge(session, event, keep, merged, by)

    _decide(desk, make)


@curate.command()
@click.argument("theme", type=int)
@click.pass_obj
def split(desk: Desk, theme: int) -> None:
    """Let THEME fall into the parts it is made of."""
    from mining.curating import decisions

    _decide(desk, lambda s, event, by: decisions.split(s, event, decisions.strand_of(s, event, theme), by))


@curate.command()
@click.argument("passage", type=int)
@click.argument("theme", type=NumberOrNone())
@click.pass_obj
def move(desk: Desk, passage: int, theme: int | None) -> None:
    """Put PASSAGE into THEME, or into none.

    PASSAGE is the number it has in the export: harvest export EVENT --format csv
    """
    from mining.curating import decisions

    def make(session: "Session", event: int, by: str) -> "Decision":
        to = None if theme is None else decisions.strand_of(session, event, theme)
        return decisions.move(session, event, passage, to, by)

    _decide(desk, make)


@curate.command()
@click.argument("theme", type=int)
@click.pass_obj
def hide(desk: Desk, theme: int) -> None:
    """Set THEME aside as off-topic."""
    from mining.curating import decisions

    _decide(desk, lambda s, event, by: decisions.hide(s, event, decisions.strand_of(s, event, theme), by))


@curate.command()
@click.argument("decision", type=int, required=False)
@click.pass_obj
def undo(desk: Desk, decision: int | None) -> None:
    """Take back the latest decision, or DECISION by its number in the log."""
    from mining.curating import decisions

    _decide(desk, lambda s, event, by: decisions.undo(s, event, by, decision), undone=True)


@curate.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def log(desk: Desk, as_json: bool) -> None:
    """Show what was decided, by whom and when, the latest first."""
    from capture.events import get_event
    from mining.curating.decision_log import decision_log

    with desk.console.database().reading() as session:
        entries = decision_log(session, get_event(session, desk.slug).id)
    if as_json:
        times = ("made_at", "undone_at")
        show_json(
            {
                "event": desk.slug,
                "decisions": [
                    {**vars(entry), **{t: when.isoformat() if (when := vars(entry)[t]) else None for t in times}}
                    for entry in entries
                ],
            }
        )
        return
    for entry in entries:
        taken_back = f" (undone by {entry.undone_by}, {_moment(entry.undone_at)})" if entry.undone_at else ""
        click.echo(f"{entry.id:>4}  {_moment(entry.made_at)}  {entry.made_by} {entry.words}{taken_back}")
    if not entries:
        click.echo("Nobody has decided anything yet: the themes are as they were found.")


def _moment(when: "datetime") -> str:
    """In this machine's time zone, as pages show it."""
    return f"{when.astimezone():%Y-%m-%d %H:%M}"


def _decide(desk: Desk, make: "Callable[[Session, int, str], Decision]", undone: bool = False) -> None:
    """Decides, and says what was decided. Raises HarvestError where it cannot be."""
    from capture.events import get_event
    from mining.curating.deciding import decide
    from mining.curating.decision_log import entry_of

    database = desk.console.database()
    with database.reading() as session:
        event_id = get_event(session, desk.slug).id
    made = decide(database, event_id, lambda session: make(session, event_id, who_sits_here()))
    with database.reading() as session:
        entry = entry_of(session, event_id, made.id)
    assert entry
    if undone:
        click.echo(f"Undone: {entry.made_by} {entry.words}.")
    else:
        click.echo(f"{entry.words[:1].upper()}{entry.words[1:]}. To take it back: harvest curate {desk.slug} undo")
