"""What was decided about an event's themes, by whom and when, in words. Read by commands and pages.

The log itself holds no words but those of the person who decided: what a theme was called by the software is looked up
where its analysis still stands, so that forgetting talk also forgets names made of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.models import Group, Recording
from capture.speech import clock
from mining.analyses import latest_analysis
from mining.curating.strands import labels_of
from mining.models import Decision, Strand

UNKNOWN = "a theme that is not there now"


@dataclass(frozen=True)
class Entry:
    """One decision. `words` is a sentence without its subject: “merged …”. `latest`: undo without a choice takes it."""

    id: int
    verb: str
    words: str
    made_at: datetime
    made_by: str
    undone_at: datetime | None
    undone_by: str | None
    latest: bool = False


def decision_log(session: Session, event_id: int) -> list[Entry]:
    """Every decision about the event's themes, the latest first. Four queries."""
    made = session.scalars(select(Decision).where(Decision.event_id == event_id).order_by(Decision.id)).all()
    earlier, shown = _labels(session, event_id)
    places = _places(session, event_id)
    names: dict[int, str] = {}
    told = []
    talked = _with_talk(session, event_id)
    for decision in made:
        told.append(_words(decision, earlier | names | shown, places, talked))
        if decision.verb == "rename" and decision.undone_at is None and decision.details["strand"] in talked:
            names[decision.details["strand"]] = decision.details["label"]
    latest = max((decision.id for decision in made if decision.undone_at is None), default=None)
    return [
        Entry(
            id=decision.id,
            verb=decision.verb,
            words=words,
            made_at=decision.made_at,
            made_by=decision.made_by,
            undone_at=decision.undone_at,
            undone_by=decision.undone_by,
            latest=decision.id == latest,
        )
        for decision, words in zip(reversed(made), reversed(told), strict=True)
    ]


def entry_of(session: Session, event_id: int, decision_id: int) -> Entry | None:
    return next((entry for entry in decision_log(session, event_id) if entry.id == decision_id), None)


def labels_known(session: Session, event_id: int) -> dict[int, str]:
    """{strand: label} of every theme there is or was, as it is called now or was last."""
    earlier, shown = _labels(session, event_id)
    query = select(Decision).where(
        Decision.event_id == event_id, Decision.verb == "rename", Decision.undone_at.is_(None)
    )
    named = {made.details["strand"]: made.details["label"] for made in session.scalars(query.order_by(Decision.id))}
    talked = _with_talk(session, event_id)
    return earlier | {strand: label for strand, label in named.items() if strand in talked} | shown


def _with_talk(session: Session, event_id: int) -> set[int]:
    """Strands of which talk is still there. A name may repeat what somebody said, so it goes when all of that went."""
    there = set(session.scalars(select(Recording.id).where(Recording.event_id == event_id)))
    rows = session.execute(select(Strand.id, Strand.spans).where(Strand.event_id == event_id))
    return {strand for strand, spans in rows if any(span[0] in there for span in spans)}


def _labels(session: Session, event_id: int) -> tuple[dict[int, str], dict[int, str]]:
    """{strand: label}: what the software called themes that are not shown now, and what those shown are called."""
    analysis = latest_analysis(session, event_id)
    if analysis is None:
        return {}, {}
    earlier = {int(strand): label for strand, label in analysis.lineage.get("labels", {}).items()}
    return earlier, labels_of(session, analysis.id)


def _places(session: Session, event_id: int) -> dict[int, str]:
    """{recording: its group's name}."""
    query = select(Recording.id, Group.name).join(Group, Group.id == Recording.group_id)
    return {recording: name for recording, name in session.execute(query.where(Recording.event_id == event_id))}


def _words(decision: Decision, labels: Mapping[int, str], places: Mapping[int, str], talked: set[int]) -> str:
    details = decision.details

    def called(strand: int) -> str:
        return f"“{labels[strand]}”" if strand in labels else UNKNOWN

    match decision.verb:
        case "rename":
            if details["strand"] not in talked:
                return "named a theme whose talk was removed since"
            return f"named a theme “{details['label']}”"
        case "merge":
            return f"merged {_joined([called(other) for other in details['others']])} into {called(details['keep'])}"
        case "split":
            parts = [called(part) for part in details["into"]]
            return f"split {called(details['strand'])} into {_joined(parts)}"
        case "move":
            place = f" of {places[details['recording']]}" if details["recording"] in places else ""
            where = f"to {called(details['to'])}" if details["to"] is not None else "out of its theme"
            return f"moved a passage{place} at {clock(details['start'])} {where}"
        case "hide":
            return f"set {called(details['strand'])} aside as {details['reason']}"
    return decision.verb


def _joined(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
