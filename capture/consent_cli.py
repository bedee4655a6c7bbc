"""`harvest consent`: shows what each room agreed to, notes it, and takes it back. The transcripts stay as they are."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from capture.console import Console, show_json

if TYPE_CHECKING:
    from capture.consent import Consent


@click.command()
@click.argument("event")
@click.argument("room", required=False)
@click.option("--note", metavar="WORDS", help="What the room agreed to, in your words.")
@click.option(
    "--withdraw", is_flag=True, help="The room does not agree any more: nobody outside it is shown its words."
)
@click.option("--undo", is_flag=True, help="Puts back what was withdrawn, for each recording as it was.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def consent(
    console: Console, event: str, room: str | None, note: str | None, withdraw: bool, undo: bool, as_json: bool
) -> None:
    """Show what the rooms of EVENT agreed to; with --note, --withdraw or --undo, settle it for one ROOM, by its name.

    Only rooms that agreed are quoted to alumni and sponsors: on pages, in modules, in reports. Staff reads all of them.
    What is withdrawn is quoted no more from this moment on, and can be put back.
    """
    from capture.consent import consent_named, consents_of, note_consent, put_back_consent, withdraw_consent
    from capture.events import get_event

    wanted = sum((note is not None, withdraw, undo))
    if wanted > 1 or (wanted and not room):
        raise click.UsageError("Name one ROOM, and one of --note WORDS, --withdraw, --undo.")
    with console.database().writing() as session:
        row = get_event(session, event)
        before = consent_named(session, row, room) if room else None
        if before and note is not None:
            note_consent(session, row, before.group_id, note)
        if before and withdraw:
            withdraw_consent(session, row, before.group_id)
        if before and undo:
            put_back_consent(session, row, before.group_id)
        found = [each for each in consents_of(session, row) if before is None or each.group_id == before.group_id]
    if as_json:
        show_json({"event": event, "rooms": [asdict(each) | {"noted": each.noted} for each in found]})
        return
    if before and withdraw:
        said = f" It was: {'; '.join(before.said)}" if before.said else ""
        click.echo(f"“{before.room}” is quoted to nobody outside it any more; staff still reads it.{said}")
        click.echo("Files that were taken away before still hold what they held.")
        return
    for each in found:
        click.echo(f"{each.room}: {_words(each)}")


def _words(found: "Consent") -> str:
    if not found.recordings:
        return "nothing is recorded"
    said = "; ".join(found.said)
    if found.noted:
        return said
    return f"not noted for {found.without} of {found.recordings} recordings{f' ({said})' if said else ''}"
