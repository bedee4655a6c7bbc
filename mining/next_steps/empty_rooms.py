"""A room without recordings, kept for what people wrote or for who sat in it, and how it goes for good.

What people still have to do in it keeps it: steps are to be settled first. Beside `next_steps.kept_in`, which says
whether a room outlives its last recording; the desk asks here before it offers to remove one.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from capture.errors import NotFound, Refused
from capture.models import Event, Group, Recording
from capture.recordings import seated
from mining.footing import counted, sentence
from mining.suggestion_models import NextStep, StepState

SET_ASIDE = (StepState.FOUND, StepState.DISMISSED)
"""Nobody has to do anything about these: suggestions nobody confirmed, and what people said is no commitment."""


@dataclass(frozen=True)
class EmptyRoom:
    """What goes with the room: that `seats` people on the roster sat in it, and `aside` next steps that were set aside
    or never confirmed. `why_not` is what keeps it, in words; None: it may go."""

    id: int
    name: str
    seats: int
    aside: int
    why_not: str | None


def empty_room(session: Session, event: Event, group_id: int) -> EmptyRoom:
    """Raises NotFound for a group of another event."""
    group = session.get(Group, group_id)
    if group is None or group.event_id != event.id:
        raise NotFound(f"There is no such group in {event.title}. Its groups are listed under Rooms.")
    recordings = session.scalar(select(func.count(Recording.id)).where(Recording.group_id == group_id)) or 0
    steps = _steps(session, group_id)
    kept = sum(steps.values())
    why_not = None
    if recordings:
        why_not = f"“{group.name}” has {counted(recordings, 'recording')}. Remove what is recorded first."
    elif kept:
        are, them = ("is", "it") if kept == 1 else ("are", "them")
        why_not = (
            f"{sentence(counted(kept, 'next step'))} of “{group.name}” {are} confirmed, written by hand or carried on. "
            f"Remove or undo {them} on the page Next steps first."
        )
    return EmptyRoom(group.id, group.name, seated(session, group_id), len(steps) - kept, why_not)


def remove_room(session: Session, event: Event, group_id: int) -> EmptyRoom:
    """With what `EmptyRoom` counts, and nothing else. Raises NotFound, and Refused where something keeps it."""
    room = empty_room(session, event, group_id)
    if room.why_not:
        raise Refused(room.why_not)
    session.delete(session.get_one(Group, group_id))
    session.flush()
    return room


def _steps(session: Session, group_id: int) -> dict[int, bool]:
    """{step of the room: whether people go on with it, here or at the next event}"""
    child = aliased(NextStep)
    goes_on = select(child.id).where(child.carried_from == NextStep.id, child.state != StepState.DISMISSED).exists()
    rows = session.execute(select(NextStep.id, NextStep.state, goes_on).where(NextStep.group_id == group_id))
    return {key: state not in SET_ASIDE or carried for key, state, carried in rows}
