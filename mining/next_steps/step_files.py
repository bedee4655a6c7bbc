"""Next steps as a list to take away: Markdown for a wiki or a mail, plain data for other programs.

Words that somebody said stand in it, as on the page: it is for the people of the event.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from capture.models import Event
from mining.next_steps.next_steps import SETTLED, Step
from mining.next_steps.step_reader import WITHHELD
from mining.suggestion_models import StepState

BOXES = {StepState.DONE: "[x]", StepState.DROPPED: "[-]"}
NOWHERE = "Everybody"
"""Where a step stands that belongs to no group."""
GONE = "(the words are no longer there)"


def as_data(event: Event, steps: Sequence[Step]) -> dict[str, Any]:
    """One JSON document: the event and its steps, those set aside left out."""
    return {
        "event": {"slug": event.slug, "title": event.title, "held_on": event.held_on and event.held_on.isoformat()},
        "steps": [_datum(step) for step in steps if step.state != StepState.DISMISSED],
    }


def _datum(step: Step) -> dict[str, Any]:
    said = step.quote
    return {
        "id": step.id,
        "state": step.state.value,
        "group": step.group,
        "theme": step.theme.number if step.theme else None,
        "text": step.text,
        "said": said.text if said else None,
        "speaker": said.speaker if said else None,
        "recording": said.recording_id if said else None,
        "start": said.start if said else None,
        "end": said.end if said else None,
        "owner": step.owner,
        "due_on": step.due_on.isoformat() if step.due_on else None,
        "due_said": step.due_said,
        "score": step.score,
        "carried": step.carried,
        "gone": step.gone,
    }


def as_markdown(event: Event, steps: Sequence[Step]) -> str:
    """A list by group: what was confirmed with its state, then what waits to be confirmed."""
    return "\n".join([f"# Next steps: {event.title}", *_lines(steps)]) + "\n"


def _lines(steps: Sequence[Step]) -> Iterator[str]:
    shown = [step for step in steps if step.state != StepState.DISMISSED]
    if not shown:
        yield from ("", "There are none yet.")
    for group, own in groupby(shown, key=lambda step: step.group or NOWHERE):
        yield from ("", f"## {group}", "")
        inside = list(own)
        for step in (s for s in inside if s.state != StepState.FOUND):
            yield f"- {BOXES.get(step.state, '[ ]')} {line_of(step)}"
        waiting = [s for s in inside if s.state == StepState.FOUND]
        if waiting:
            yield from ["", "Waiting to be confirmed:", ""] if len(waiting) < len(inside) else ["To be confirmed:", ""]
            yield from (f"- {line_of(step)}" for step in waiting)


def line_of(step: Step) -> str:
    """What is to be done, by whom and when, in one line."""
    words = step.text or (f"“{step.quote.text}”" if step.quote else f"({WITHHELD})" if step.withheld else GONE)
    facts = [step.owner] if step.owner else []
    if step.due_on:
        facts.append(f"by {step.due_on.day} {step.due_on:%B %Y}" + (f" (“{step.due_said}”)" if step.due_said else ""))
    elif step.due_said:
        facts.append(f"“{step.due_said}”")
    if step.state in SETTLED:
        facts.append(step.state.value)
    return f"{words} ({'; '.join(facts)})" if facts else words
