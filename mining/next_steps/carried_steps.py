"""From last time: the steps of a programme's event before this one, asked for again at this one.

Each is answered (done, not done, dropped) or carried on, as a step of the new event that knows where it comes from.
"""

import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.models import Event, Group, Recording
from mining.curating.kin import Held
from mining.next_steps.next_steps import OPEN, SETTLED, Step, check_stamp, get_step, settle, shown, undo
from mining.next_steps.step_reader import Reader
from mining.suggestion_models import NextStep, StepState


@dataclass(frozen=True)
class FromLastTime:
    """What became of the steps of `event`: those still open, those answered, and how many of each state. `carried` are
    the ids of those that go on here."""

    event: Held
    open: tuple[Step, ...]
    answered: tuple[Step, ...]
    counts: dict[str, int]
    carried: frozenset[int]


def earlier_event(session: Session, event: Event) -> Event | None:
    """The event of the programme that was held last before this one; None where this is the first, or stands alone."""
    if not event.programme:
        return None
    others = session.scalars(select(Event).where(Event.programme == event.programme, Event.id != event.id))
    before = [other for other in others if _when(other) < _when(event)]
    return max(before, key=_when, default=None)


def told_at(session: Session, event: Event) -> list[Event]:
    """The other events at which words were said that stand on this one's page: the one before, and those at which the
    steps that were carried on to either of them were found. Their talk may have changed since."""
    before = earlier_event(session, event)
    if before is None:
        return []
    both = (event.id, before.id)
    carried = select(NextStep.citation).where(NextStep.event_id.in_(both), NextStep.carried_from.is_not(None))
    recordings = {citation.get("recording") for citation in session.scalars(carried) if citation}
    said = Event.id.in_(select(Recording.event_id).where(Recording.id.in_(recordings)))
    found = select(Event).where(or_(said, Event.id == before.id), Event.id != event.id)
    return list(session.scalars(found.order_by(Event.id)))


def carry_over(session: Session, event: Event, reader: Reader | None = None) -> FromLastTime | None:
    """The steps that people confirmed at the event before; None where there was none, or nothing was confirmed there.
    For a `reader` who is not staff only those of the groups they sat in at that event."""
    earlier = earlier_event(session, event)
    if earlier is None:
        return None
    query = select(NextStep).where(NextStep.event_id == earlier.id, NextStep.state.in_((OPEN, *SETTLED)))
    if reader is not None and reader.groups is not None:
        query = query.where(NextStep.group_id.in_(reader.groups))
    steps = shown(session, earlier, session.scalars(query).all(), reader)
    if not steps:
        return None
    children = session.scalars(
        select(NextStep.carried_from).where(
            NextStep.event_id == event.id,
            NextStep.carried_from.in_([step.id for step in steps]),
            NextStep.state != StepState.DISMISSED,
        )
    )
    carried = frozenset(parent for parent in children if parent is not None)
    counts = Counter("carried on" if step.id in carried else step.state.value for step in steps)
    return FromLastTime(
        Held(earlier.slug, earlier.title, _when(earlier)[0]),
        tuple(step for step in steps if step.state == OPEN),
        tuple(step for step in steps if step.state != OPEN),
        dict(counts),
        carried,
    )


def step_before(session: Session, event: Event, step_id: int, groups: Collection[int] | None = None) -> NextStep:
    """A confirmed step of the event before. Raises NotFound for any other."""
    earlier = earlier_event(session, event)
    if earlier is None:
        raise NotFound("There was no event before this one in its programme.")
    step = get_step(session, earlier.id, step_id, groups)
    if step.state in (StepState.FOUND, StepState.DISMISSED):
        raise NotFound(f"There is no next step {step_id} here.")
    return step


def carry_on(session: Session, event: Event, step: NextStep, by: str, stamp: int | None = None) -> NextStep:
    """Makes the step one of this event, in the group of the same name where there is one; at the event before it was
    not done. Doing it again gives the same step, as people have changed it since. Raises Refused where it is done or
    dropped, or was changed since `stamp`."""
    check_stamp(step, stamp)
    if step.state in (StepState.DONE, StepState.DROPPED):
        raise Refused(f"This step is {step.state}; open it again before it is carried on.")
    settle(session, step, StepState.NOT_DONE, by)
    key = hashlib.sha256(f"carried/{step.id}/{step.fingerprint}".encode()).hexdigest()
    again = _carried(session, event, step, key)
    if again is None:
        again = NextStep(event_id=event.id, fingerprint=key, changed_by=by, history=[], state=OPEN)
        again.group_id = _same_group(session, event, step)
        again.citation, again.text, again.owner = step.citation, step.text, step.owner
        again.due_on, again.due_said = None, None  # the old day is over; people set a new one
        session.add(again)
    elif again.state == StepState.DISMISSED:
        settle(session, again, OPEN, by)
    again.carried_from = step.id
    session.flush()
    return again


def answer_again(session: Session, event: Event, step: NextStep, by: str, stamp: int | None = None) -> None:
    """Takes an answer back; what was carried on is set aside, unless people have gone on with it."""
    undo(session, step, by, stamp)
    child = session.scalar(
        select(NextStep).where(NextStep.event_id == event.id, NextStep.carried_from == step.id, NextStep.state == OPEN)
    )
    if child is not None and not child.history:
        session.delete(child)
        session.flush()


def _when(event: Event) -> tuple[date, str]:
    return event.held_on or event.created_at.date(), event.slug


def _carried(session: Session, event: Event, step: NextStep, key: str) -> NextStep | None:
    """What the step is at the event already. By `key` it is known where the event before was deleted and made again
    from the same files; by `carried_from` where the step was led to where its words stand now."""
    mine = or_(NextStep.carried_from == step.id, NextStep.fingerprint == key)
    found = select(NextStep).where(NextStep.event_id == event.id, mine)
    return session.scalar(found.order_by(NextStep.carried_from.is_(None), NextStep.id).limit(1))


def _same_group(session: Session, event: Event, step: NextStep) -> int | None:
    name = session.scalar(select(Group.name).where(Group.id == step.group_id))
    return session.scalar(select(Group.id).where(Group.event_id == event.id, Group.name == name)) if name else None
