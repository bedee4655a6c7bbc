"""Which analysis of an event may be shown: the newest one that holds nothing which was withdrawn or masked since.

Between the pipeline, which stores analyses, and everything that reads them.
"""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from capture.models import Event
from mining.models import Analysis


def latest_analysis(session: Session, event_id: int) -> Analysis | None:
    """The event's newest analysis; None where there is none, or where talk was removed, or masked anew, after it read
    the transcripts: its labels and passages might still say what must not be said."""
    query = (
        select(Analysis)
        .join(Event, Event.id == Analysis.event_id)
        .where(Analysis.event_id == event_id)
        .where(or_(Event.retracted_at.is_(None), Analysis.created_at > Event.retracted_at))
    )
    return session.scalar(query.order_by(Analysis.id.desc()).limit(1))


def forget_analyses(session: Session, event_id: int) -> bool:
    """Deletes what was found in an event, for when talk it rests on is removed. Returns whether there was anything."""
    found = session.scalar(select(Analysis.id).where(Analysis.event_id == event_id).limit(1)) is not None
    session.execute(delete(Analysis).where(Analysis.event_id == event_id))
    return found
