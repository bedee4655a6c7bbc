"""`harvest next-steps`: the commitments found in an event's talk, listed, confirmed and settled in the terminal.

Steps are meant by the numbers that the list shows. Nothing heavy is imported before a command needs it.
"""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capture.console import Console, show_json, who_sits_here, write_file
from capture.errors import HarvestError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from capture.models import Event

STATES = {"confirm": "confirmed", "done": "done", "not-done": "not done", "drop": "dropped", "dismiss": "dismissed"}
VERBS = ("list", *STATES, "undo", "edit", "add", "carry")


@click.command("next-steps")
@click.argument("event")
@click.argument("verb", type=click.Choice(VERBS), default="list")
@click.argument("step", type=int, required=False)
@click.option("--text", help="What is to be done, in a line (add, edit).")
@click.option("--owner", help="Who does it (add, edit).")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="By when (add, edit).")
@click.option("--group", metavar="NAME", help="The group whose step it is (add); default: everybody's.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the list to a file: .md, .json or .ics.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def next_steps(
    console: Console,
    event: str,
    verb: str,
    step: int | None,
    text: str | None,
    owner: str | None,
    due: datetime | None,
    group: str | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Commitments found in the talk of EVENT, and what became of them.

    \b
    harvest next-steps EVENT                  the list, by group
    harvest next-steps EVENT confirm 3        also: done, not-done, drop, dismiss, undo
    harvest next-steps EVENT edit 3 --text T  also: --owner, --due; what is not given stays
    harvest next-steps EVENT add --text T     one that nobody said
    harvest next-steps EVENT carry 3          go on with step 3 of the programme's event before
    """
    if verb == "list" and step is not None:
        raise click.UsageError(f"What about step {step}? Write for example: confirm {step}")
    if verb == "add" and step is not None:
        raise click.UsageError(f"A step that is added gets its number itself; leave {step} out.")
    if verb not in ("list", "add") and not step:
        raise click.UsageError(f"Which step? Write its number from the list: {verb} 3")
    typed = {"text": text, "owner": owner, "due": due.date() if due else None, "group": group}
    if verb != "list":
        _change(console, event, verb, step, typed)
    _show(console, event, output, as_json, quiet=verb != "list" and not as_json and output is None)


def _change(console: Console, slug: str, verb: str, number: int | None, typed: dict[str, Any]) -> None:
    """Raises HarvestError where it cannot be done."""
    from capture.events import get_event

    with console.database().writing() as session:
        event = get_event(session, slug)
        said = _settle(session, event, verb, number, typed) if number else _add(session, event, typed)
    click.echo(said, err=True)


def _add(session: "Session", event: "Event", typed: dict[str, Any]) -> str:
    from mining.next_steps import next_steps as steps

    made = steps.add(
        session,
        event,
        who_sits_here(),
        text=typed["text"] or "",
        owner=typed["owner"] or "",
        due_on=typed["due"],
        group_id=_group(session, event, typed["group"]),
    )
    return f"Wrote down step {made.id}. To take it back: harvest next-steps {event.slug} dismiss {made.id}"


def _settle(session: "Session", event: "Event", verb: str, number: int, typed: dict[str, Any]) -> str:
    from mining.next_steps import next_steps as steps
    from mining.next_steps.carried_steps import carry_on, step_before
    from mining.suggestion_models import StepState

    if verb == "carry":
        made = carry_on(session, event, step_before(session, event, number), who_sits_here())
        return f"Step {number} goes on here as step {made.id}."
    step = steps.get_step(session, event.id, number)
    if verb == "undo":
        steps.undo(session, step, who_sits_here())
        return f"Step {number} is as it was before: {step.state.value}."
    if verb == "edit":
        text = step.text if typed["text"] is None else typed["text"]
        owner = step.owner if typed["owner"] is None else typed["owner"]
        day: date | None = typed["due"] or step.due_on
        steps.edit(session, step, who_sits_here(), text=text or "", owner=owner or "", due_on=day)
    else:
        steps.settle(session, step, StepState(STATES[verb]), who_sits_here())
    return f"Step {number} is {step.state.value}. To take it back: harvest next-steps {event.slug} undo {number}"


def _group(session: "Session", event: "Event", name: str | None) -> int | None:
    from sqlalchemy import select

    from capture.errors import NotFound
    from capture.models import Group

    if name is None:
        return None
    groups = {each: key for key, each in session.execute(select(Group.id, Group.name).filter_by(event_id=event.id))}
    if name not in groups:
        raise NotFound(f"There is no group “{name}” in {event.slug}. There are: {', '.join(sorted(groups)) or 'none'}.")
    return groups[name]


def _show(console: Console, slug: str, output: Path | None, as_json: bool, quiet: bool) -> None:
    from capture.events import get_event
    from mining.next_steps.carried_steps import carry_over, told_at
    from mining.next_steps.next_steps import steps_of
    from mining.next_steps.step_files import as_data, line_of
    from mining.next_steps.step_finding import find_commitments

    with console.database().writing() as session:
        event = get_event(session, slug)
        for source in (*told_at(session, event), event):
            find_commitments(session, source)
        shown = steps_of(session, event)
        last = carry_over(session, event)
    if output is not None:
        _write(output, event, shown)
    elif as_json:
        before = last and {"event": last.event.slug, "counts": last.counts, "open": [step.id for step in last.open]}
        show_json({**as_data(event, shown), "from_last_time": before})
    elif not quiet:
        _print(event, shown)
        if last and last.open:
            click.echo(f"From last time, still open in {last.event.slug}, to be settled there or carried on here:")
            for each in last.open:
                click.echo(f"{each.id:>5}  {line_of(each)}")


def _print(event: "Event", shown: list[Any]) -> None:
    from itertools import groupby

    from mining.next_steps.step_files import NOWHERE, line_of
    from mining.next_steps.step_finding import finds_in
    from mining.suggestion_models import StepState

    listed = [step for step in shown if step.state != StepState.DISMISSED]
    for group, own in groupby(listed, key=lambda step: step.group or NOWHERE):
        click.echo(group)
        for step in own:
            click.echo(f"{step.id:>5}  {step.state.value:<10} {line_of(step)}")
    waiting = sum(step.state == StepState.FOUND for step in listed)
    if not finds_in(event):
        click.echo(f"Commitments are found in English talk only; the language of {event.slug} is “{event.language}”.")
    elif not listed:
        click.echo("Nobody was heard saying that they will do something, in what is transcribed so far.")
    elif waiting:
        click.echo(f"{waiting} of {len(listed)} wait to be confirmed: harvest next-steps {event.slug} confirm STEP")
    if listed and not event.held_on and finds_in(event):
        click.echo(f"{event.slug} has no date, so days like “next week” cannot be worked out.")


def _write(output: Path, event: "Event", shown: list[Any]) -> None:
    import json

    from mining.next_steps.calendar import steps_calendar
    from mining.next_steps.step_files import as_data, as_markdown

    kind = output.suffix.lower()
    if kind == ".ics":
        data = steps_calendar(event, shown)
    elif kind == ".json":
        data = (json.dumps(as_data(event, shown), ensure_ascii=False, indent=1) + "\n").encode()
    elif kind in (".md", ".txt"):
        data = as_markdown(event, shown).encode()
    else:
        raise HarvestError(f"{output} cannot be written: name it .md, .json or .ics, which says what it holds.")
    write_file(output, data)
    click.echo(f"Wrote {output}")
