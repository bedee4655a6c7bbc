"""`harvest events`, `add` and `transcribe`: what an organiser types the evening after the event."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capture.console import Console, show_json
from capture.errors import HarvestError, UnreadableFile

if TYPE_CHECKING:
    from capture.models import Event, Job

WHERE = click.Path(path_type=Path)


@click.group()
def events() -> None:
    """Make, list, show and delete events."""


@events.command("create")
@click.argument("slug")
@click.option("--title", required=True, help="What people call the event.")
@click.option("--held-on", metavar="DATE", help="The day it took place, e.g. 2026-03-14.")
@click.option("--programme", help="The peer-coaching programme it belongs to.")
@click.option("--language", default="en", show_default=True, help="Language spoken, as a code.")
@click.option("--vocabulary", default="", help="Names and terms a recogniser should expect, separated by commas.")
@click.pass_obj
def create(
    console: Console, slug: str, title: str, held_on: str | None, programme: str | None, language: str, vocabulary: str
) -> None:
    """Make an event. SLUG is its short name in commands and addresses, e.g. spring-2026."""
    from capture.events import create_event

    with console.database().writing() as session:
        day = _day(held_on)
        create_event(session, slug, title, held_on=day, programme=programme, language=language, vocabulary=vocabulary)
    click.echo(f"Made the event “{slug}”. Next: harvest add {slug} FOLDER")


@events.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def list_(console: Console, as_json: bool) -> None:
    """List all events, newest first."""
    from capture.desk import desk
    from capture.events import list_events

    with console.database().reading() as session:
        rows = [(event, desk(session, event).summary) for event in list_events(session)]
    if as_json:
        show_json([_facts(event) | {"rooms": s.rooms, "received": s.received, "ready": s.ready} for event, s in rows])
        return
    for event, s in rows:
        day = event.held_on.isoformat() if event.held_on else "no date"
        click.echo(f"{event.slug:24} {day:10}  {s.rooms:3} rooms, {s.ready} of {s.received} files ready  {event.title}")
    if not rows:
        click.echo("There are no events yet. Make one: harvest events create SLUG --title TITLE")


@events.command("show")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def show(console: Console, slug: str, as_json: bool) -> None:
    """Show an event's desk: every file, its state, and what is wrong with it."""
    from dataclasses import asdict

    from capture.desk import desk
    from capture.events import get_event

    with console.database().reading() as session:
        event = get_event(session, slug)
        found = desk(session, event)
    if as_json:
        show_json(_facts(event) | {"summary": asdict(found.summary), "recordings": [asdict(r) for r in found.rows]})
        return
    s = found.summary
    click.echo(f"{event.title}: {s.rooms} rooms, {s.received} files, {s.ready} ready, {s.failing} failed")
    for row in found.rows:
        length = f"{(row.seconds or 0) / 60:5.1f} min" if row.seconds else "        –"
        remarks = "; ".join(([row.error] if row.error else []) + row.warnings)
        click.echo(f"  {row.group_name[:32]:32} {length}  {row.state:12} {row.engine or '':14} {remarks}".rstrip())


@events.command("delete")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def delete(console: Console, slug: str, yes: bool) -> None:
    """Delete an event with every recording and every word in it. This cannot be undone."""
    from capture.events import delete_event, get_event

    database, media = console.database(), console.media()
    with database.reading() as session:
        title = get_event(session, slug).title
    if not yes:
        click.confirm(f"Delete “{title}” with everything recorded and said in it, for good?", abort=True)
    with database.writing() as session:
        names = delete_event(session, get_event(session, slug))
    for name in names:
        media.delete(name)
    click.echo(f"Deleted “{title}” and its {len(names)} files.")


@click.command()
@click.argument("event")
@click.argument("paths", nargs=-1, required=True, type=WHERE)
@click.option("--group", help="The group they belong to; without it each file's name (without ending) is its group.")
@click.option("--consent", help="What the group agreed to, in your words, e.g. “all agreed, for the programme only”.")
@click.pass_obj
def add(console: Console, event: str, paths: tuple[Path, ...], group: str | None, consent: str | None) -> None:
    """Add recordings and transcripts to EVENT. A folder means every file in it.

    Audio and video of any usual kind; transcripts as WebVTT (Zoom, Teams), SRT, Teams DOCX or plain text with
    “Name: words”. The same file twice changes nothing; one bad file does not stop the others.
    """
    from capture.events import get_event
    from capture.recordings import files_in

    with console.database().reading() as session:
        event_id = get_event(session, event).id
    files = files_in(list(paths))
    stored = same = 0
    refused: list[str] = []
    with console.progress("Adding") as report:
        for number, path in enumerate(files):
            report(number / len(files), path.name)
            try:
                accepted = _add_one(console, event_id, path, group, consent)
            except UnreadableFile as error:
                refused.append(str(error))
                continue
            stored, same = stored + (not accepted.duplicate), same + accepted.duplicate
            click.echo(accepted.message)
    for message in refused:
        click.echo(f"Not added: {message}", err=True)
    click.echo(_added(event, stored, same, len(refused)))
    if refused or not files:
        raise SystemExit(1)


def _add_one(console: Console, event_id: int, path: Path, group: str | None, consent: str | None) -> Any:
    from capture.recordings import accept

    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            args = (console.database(), console.media(), event_id, file, path.name)
            return accept(*args, group=group, consent=consent, size=size)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read ({error.strerror}). Check the path and its permissions.") from None


def _added(event: str, stored: int, same: int, refused: int) -> str:
    parts = [f"{stored} added"]
    parts += [f"{same} already there"] if same else []
    parts += [f"{refused} refused"] if refused else []
    return f"{', '.join(parts)}. Next: harvest transcribe {event}, then harvest mine {event}"


@click.command()
@click.argument("event")
@click.option("--transcriber", metavar="ENGINE", help="auto, whisper:MODEL (a name or a folder) or sphinx.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes for PocketSphinx; default: one per core.")
@click.pass_obj
def transcribe(console: Console, event: str, transcriber: str | None, jobs: int | None) -> None:
    """Transcribe what is waiting in EVENT, and go on with what was interrupted."""
    if transcribe_event(console, event, transcriber, jobs):
        raise SystemExit(1)


def transcribe_event(console: Console, slug: str, transcriber: str | None = None, jobs: int | None = None) -> int:
    """Transcribes all that waits, says how it went, and returns how many recordings failed."""
    from capture.events import get_event
    from capture.foreground import run_jobs
    from capture.jobs import Ledger, enqueue
    from capture.models import JobState
    from capture.recordings import waiting
    from capture.tasks import transcribe_handler
    from capture.transcriber import choose

    database = console.database()
    settings = replace(console.capture, transcriber=transcriber or console.capture.transcriber)
    with database.reading() as session:
        event = get_event(session, slug)
        todo = waiting(session, event)
    if not todo:
        click.echo(f"Nothing is waiting in “{slug}”. Next: harvest mine {slug}")
        return 0
    choice = choose(settings, language=event.language, vocabulary=event.vocabulary, jobs=jobs)
    choice.transcriber.close()
    click.echo(choice.why)
    options = {"transcriber": choice.asked, "jobs": jobs}
    with database.writing() as session:
        ids = [enqueue(session, "transcribe", event.id, recording.id, options).id for recording in todo]
    ledger = Ledger(database, {"transcribe": transcribe_handler(settings)}, settings.lease)
    try:
        with console.progress("Transcribing") as report:
            ended = run_jobs(database, ledger, ids, report)
    except KeyboardInterrupt:
        raise HarvestError(f"Stopped. What is done is kept: harvest transcribe {slug} goes on from there.") from None
    names = {recording.id: recording.original_name for recording in todo}
    for job in ended:
        click.echo(_outcome(job, names[job.subject_id]), err=job.state != JobState.DONE)
    return sum(job.state != JobState.DONE for job in ended)


def _outcome(job: "Job", name: str) -> str:
    return f"{name}: {job.error or job.note}"


def _facts(event: "Event") -> dict[str, Any]:
    return {
        "slug": event.slug,
        "title": event.title,
        "programme": event.programme,
        "held_on": event.held_on.isoformat() if event.held_on else None,
        "language": event.language,
    }


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"“{text}” is not a day; write it as 2026-03-14.", param_hint="--held-on") from None
