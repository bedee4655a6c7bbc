"""`harvest mine`, `themes` and `export`: from what is transcribed to themes, in the terminal or as a file.

Nothing heavy is imported before a command needs it.
"""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from capture.console import Console, show_json, write_file
from capture.errors import HarvestError

FORMATS = ("json", "csv", "md", "html")
CLUSTERERS = ("graph", "bertopic")
RARELY = 100_000
"""New objects between two looks for garbage while a command mines; Python's own is 700."""


@click.command()
@click.argument("event")
@click.option("--seed", type=int, help="Seed of everything random; the same seed gives the same themes.")
@click.option("--clusterer", type=click.Choice(CLUSTERERS), help="How passages become themes; default: graph.")
@click.option("--embedder", metavar="NAME", help="A sentence-transformers model, by name or folder.")
@click.pass_obj
def mine(console: Console, event: str, seed: int | None, clusterer: str | None, embedder: str | None) -> None:
    """Find the themes of EVENT across its groups, in everything transcribed so far."""
    with _collecting_rarely():
        mine_event(console, event, seed=seed, clusterer=clusterer, embedder=embedder)


@click.command()
@click.argument("event")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def themes(console: Console, event: str, as_json: bool) -> None:
    """Show the themes of EVENT, those raised by most groups first."""
    print_themes(console, event, as_json)


@click.command()
@click.argument("event")
@click.option("--format", "format_", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; default: the terminal.")
@click.pass_obj
def export(console: Console, event: str, format_: str, output: Path | None) -> None:
    """Write the themes of EVENT as json, csv (one row per passage), md or html (a report to read or print)."""
    write_export(console, event, format_, output)


def mine_event(
    console: Console,
    slug: str,
    *,
    seed: int | None = None,
    clusterer: str | None = None,
    embedder: str | None = None,
) -> None:
    """Mines through the ledger, in this process, and says what came out. Raises HarvestError where it failed."""
    from capture.events import get_event
    from capture.foreground import run_jobs
    from capture.jobs import Ledger, enqueue
    from capture.models import JobState
    from mining.analyses import latest_analysis
    from mining.settings import MiningSettings
    from mining.tasks import mine_handler

    database = console.database()
    options = {"seed": seed, "clusterer": clusterer, "embedder": embedder}
    with database.writing() as session:
        event_id = get_event(session, slug).id
        job_id = enqueue(session, "mine", event_id, event_id, options).id
    ledger = Ledger(database, {"mine": mine_handler(MiningSettings.from_env())}, console.capture.lease)
    try:
        with console.progress("Mining") as progress:
            [job] = run_jobs(database, ledger, [job_id], progress)
    except KeyboardInterrupt:
        raise HarvestError(f"Stopped; what was found before stays. Start again: harvest mine {slug}") from None
    if job.state != JobState.DONE:
        raise HarvestError(job.error or job.note)
    click.echo(job.note)
    with database.reading() as session:
        analysis = latest_analysis(session, event_id)
        for note in analysis.notes if analysis else []:
            click.echo(note)


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """For a command that loads large libraries and ends. Hardly anything they load is garbage; looking for it all the
    while, and once more when everything is given back anyway, took a tenth of mining known talk again."""
    before = gc.get_threshold()
    gc.set_threshold(RARELY, *before[1:])
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def print_themes(console: Console, slug: str, as_json: bool = False) -> None:
    """The theme table on stdout. Raises NotFound, and Refused where the event was not mined yet."""
    from capture.events import get_event
    from mining.reporting.export import export_json

    with console.database().reading() as session:
        document = export_json(session, get_event(session, slug))
    if as_json:
        show_json({key: document[key] for key in ("event", "analysis", "groups", "themes")})
        return
    for line in _theme_lines(document):
        click.echo(line)


def _theme_lines(document: dict[str, Any]) -> Iterator[str]:
    """A line for each theme, one for each coarser theme with the numbers of its own, then the sentences on trust."""
    from mining.footing import percent
    from mining.trust import theme_verdict

    rows = [theme for theme in document["themes"] if not theme["coarse"]]
    width = max((len(theme["label"]) for theme in rows), default=0)
    for theme in rows:
        groups = f"{theme['breadth']}/{len(document['groups'])}"
        marks = ((theme["change"] or {}).get("words"), theme_verdict(theme["stability"]))
        words = ", ".join(theme["keywords"][:6]) + "".join(f" · {mark}" for mark in marks if mark)
        yield f"{theme['id']:>3}  {theme['label']:<{width}}  {groups:>6} groups  {percent(theme['depth']):>9}  {words}"
    if not rows:
        yield "There are no themes."
    for area in document["themes"]:
        if area["coarse"]:
            own = ", ".join(str(theme["id"]) for theme in rows if theme["parent"] == area["id"])
            groups = f"{area['breadth']}/{len(document['groups'])} groups"
            yield f"Belong together as {area['label']} ({groups}, {percent(area['depth'])}): {own}."
    run = document["analysis"]
    yield from [*([run["since"]] if run["since"] else []), *run["remarks"], *run["notes"]]


def write_export(console: Console, slug: str, format_: str, output: Path | None = None) -> None:
    """Writes the file, or to stdout without one. Raises HarvestError where it cannot be written."""
    from capture.events import get_event
    from mining.reporting.export import render

    with console.database().reading() as session:
        text = render(session, get_event(session, slug), format_)
    if output is None:
        click.echo(text, nl=False)
        return
    write_file(output, text)
    click.echo(f"Wrote {output}")
