"""The list of all events: what has arrived from each, and what was found. Read by the viewer's first page."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from capture.events import list_events
from capture.models import Event, Group, Job, JobState, Recording, RecordingState
from mining.models import Analysis, Theme


@dataclass(frozen=True)
class EventLine:
    """One event in the list of all. `themes` is None until they were looked for; `busy` counts unfinished jobs."""

    slug: str
    title: str
    programme: str | None
    held_on: date | None
    rooms: int
    recordings: int
    ready: int
    seconds: float
    busy: int
    themes: int | None


def overview(session: Session) -> list[EventLine]:
    """Every event with what has arrived and been found, in the order of `list_events`; five queries in all."""
    rooms = _counts(session, select(Group.event_id, func.count()).group_by(Group.event_id))
    busy = _counts(
        session,
        select(Job.event_id, func.count())
        .where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
        .group_by(Job.event_id),
    )
    shown = or_(Event.retracted_at.is_(None), Analysis.created_at > Event.retracted_at)
    newest = select(func.max(Analysis.id)).join(Event, Event.id == Analysis.event_id).where(shown)
    themes = _counts(
        session,
        select(Analysis.event_id, func.count(Theme.id))
        .outerjoin(Theme, (Theme.analysis_id == Analysis.id) & Theme.coarse.is_(False))
        .where(Analysis.id.in_(newest.group_by(Analysis.event_id)))
        .group_by(Analysis.event_id),
    )
    received: dict[int, dict[RecordingState, tuple[int, float]]] = defaultdict(dict)
    for event_id, state, number, seconds in session.execute(
        select(Recording.event_id, Recording.state, func.count(), func.sum(Recording.seconds)).group_by(
            Recording.event_id, Recording.state
        )
    ):
        received[event_id][state] = (number, seconds or 0.0)
    return [
        EventLine(
            slug=event.slug,
            title=event.title,
            programme=event.programme,
            held_on=event.held_on,
            rooms=rooms.get(event.id, 0),
            recordings=sum(number for number, _ in received[event.id].values()),
            ready=received[event.id].get(RecordingState.READY, (0, 0.0))[0],
            seconds=sum(seconds for _, seconds in received[event.id].values()),
            busy=busy.get(event.id, 0),
            themes=themes.get(event.id),
        )
        for event in list_events(session)
    ]


def _counts(session: Session, query: Select[int, int]) -> dict[int, int]:
    return {event_id: number for event_id, number in session.execute(query)}
