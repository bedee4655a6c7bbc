"""What became of the next steps of the sample's first event, for `harvest demo`: the groups of autumn confirmed some of
them, so that spring has something to ask about. Behind `web.demo`.

Done by people of each group, as they would on the page. Where anybody has dealt with the steps already, all is left
alone.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.console import Console
from capture.events import get_event
from capture.models import Attendance, Event, Participant, RosterEntry
from mining.analyses import latest_analysis
from mining.models import Theme
from mining.next_steps.next_steps import OPEN, SETTLED, get_step, settle, steps_of
from mining.next_steps.step_finding import find_commitments
from mining.suggestion_models import NextStep, StepState


def confirm_steps(console: Console, slug: str, folder: Path) -> None:
    """Lets the groups of an event confirm what they said they would do, as next_steps.json in `folder` tells
    ({state: words that a step holds}), and says in a line what there is. Raises NotFound for no event."""
    told = json.loads((folder / "next_steps.json").read_text("utf-8"))
    with console.database().writing() as session:
        event = get_event(session, slug)
        find_commitments(session, event)
        mine = NextStep.event_id == event.id
        if not session.scalar(select(func.count()).where(mine, NextStep.state != StepState.FOUND)):
            _confirm(session, event, told)
        kept = session.scalar(select(func.count()).where(mine, NextStep.state.in_((OPEN, *SETTLED))))
        themes = _themes(session, event)
    click.echo(f"{event.title}: {themes} themes, and {kept} next steps that its groups confirmed.")


def _confirm(session: Session, event: Event, told: Mapping[str, Sequence[str]]) -> None:
    people = _people(session, event)
    for shown in steps_of(session, event):
        became = next((StepState(state) for state, words in told.items() if _holds(shown.words, words)), None)
        if became is None:
            continue
        step, by = get_step(session, event.id, shown.id), people[shown.group_id]
        if became in SETTLED:
            settle(session, step, OPEN, by)
        settle(session, step, became, by)


def _holds(said: str | None, words: Sequence[str]) -> bool:
    return any(each in (said or "") for each in words)


def _people(session: Session, event: Event) -> dict[int | None, str]:
    """Who writes for each group: the first of it on the roster."""
    rows = session.execute(
        select(Attendance.group_id, Participant.name)
        .join(RosterEntry, RosterEntry.id == Attendance.entry_id)
        .join(Participant, Participant.id == RosterEntry.participant_id)
        .where(RosterEntry.event_id == event.id)
        .order_by(RosterEntry.id)
    )
    people: dict[int | None, str] = {}
    for group, name in rows:
        people.setdefault(group, name)
    return people


def _themes(session: Session, event: Event) -> int:
    analysis = latest_analysis(session, event.id)
    if analysis is None:
        return 0
    own = (Theme.analysis_id == analysis.id, Theme.coarse.is_(False))
    return session.scalar(select(func.count(Theme.id)).where(*own)) or 0
