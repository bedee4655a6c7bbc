"""Rows with sensible values: a test names only what it is about. Each function adds, flushes and returns the row."""

from typing import Any

from sqlalchemy.orm import Session

from capture.models import Event, Group, Recording, RecordingKind, RecordingState, Utterance
from mining.models import Analysis, Passage, Theme

_serial = iter(range(1, 1_000_000))


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def make_event(session: Session, slug: str = "spring", **values: Any) -> Event:
    return _add(session, Event(**{"slug": slug, "title": slug.title(), **values}))


def make_group(session: Session, event: Event, name: str = "Room 1", **values: Any) -> Group:
    position = len(session.query(Group).filter_by(event_id=event.id).all())
    return _add(session, Group(**{"event_id": event.id, "name": name, "position": position, **values}))


def make_recording(session: Session, group: Group, **values: Any) -> Recording:
    number = next(_serial)
    defaults = {
        "event_id": group.event_id,
        "group_id": group.id,
        "position": 0,
        "kind": RecordingKind.TRANSCRIPT,
        "state": RecordingState.READY,
        "original_name": f"room-{number}.vtt",
        "stored_name": f"{number:032x}.vtt",
        "sha256": f"{number:064d}",
        "size": 1000,
        "format": "WebVTT",
        "seconds": 60.0,
    }
    return _add(session, Recording(**{**defaults, **values}))


def make_utterances(session: Session, recording: Recording, texts: list[str], seconds: float = 10.0) -> list[Utterance]:
    """One utterance per text, back to back, `seconds` each, two speakers taking turns."""
    rows = [
        Utterance(
            recording_id=recording.id,
            position=i,
            start=i * seconds,
            end=(i + 1) * seconds - 0.2,
            text=text,
            speaker=f"person {i % 2 + 1}",
        )
        for i, text in enumerate(texts)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def make_analysis(session: Session, event: Event, **values: Any) -> Analysis:
    defaults = {
        "event_id": event.id,
        "fingerprint": f"{next(_serial):064d}",
        "seed": 1,
        "embedder": "all-MiniLM-L6-v2",
        "clusterer": "graph",
        "parameters": {},
        "seconds": {"passages": 0.1, "embed": 0.2, "cluster": 0.1, "describe": 0.1, "total": 0.5},
        "left_out": [],
    }
    return _add(session, Analysis(**{**defaults, **values}))


def make_theme(session: Session, analysis: Analysis, number: int = 1, **values: Any) -> Theme:
    defaults = {
        "analysis_id": analysis.id,
        "number": number,
        "label": f"Theme {number}",
        "keywords": ["delegation", "finance review"],
        "breadth": 1,
        "depth": 0.5,
        "by_group": {},
        "quotes": [],
        "perspectives": [],
        "neighbours": [],
        "x": 0.1 * number,
        "y": -0.1 * number,
    }
    return _add(session, Theme(**{**defaults, **values}))


def make_passage(
    session: Session,
    analysis: Analysis,
    recording: Recording,
    number: int = 1,
    theme: Theme | None = None,
    **values: Any,
) -> Passage:
    defaults = {
        "analysis_id": analysis.id,
        "group_id": recording.group_id,
        "recording_id": recording.id,
        "theme_id": theme.id if theme else None,
        "number": number,
        "first": number - 1,
        "last": number - 1,
        "start": (number - 1) * 10.0,
        "end": number * 10.0 - 0.2,
        "offset": 0.0,
        "words": 12,
        "text": f"This is what somebody said in passage {number} of the conversation.",
        "speakers": ["person 1"],
        "strength": 0.8,
    }
    return _add(session, Passage(**{**defaults, **values}))
