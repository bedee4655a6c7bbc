"""Rows with sensible values: a test names only what it is about. Each function adds, flushes and returns the row."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from capture.models import (
    Access,
    Attendance,
    Event,
    Group,
    Participant,
    Person,
    Recording,
    RecordingKind,
    RecordingState,
    Role,
    RosterEntry,
    Utterance,
)
from capture.programmes import ensure_programme
from mining.catalogue.module_pages import key_of
from mining.citations import cite
from mining.drafts.lines import Body, Line, Page
from mining.models import Analysis, Passage, Strand, Theme
from mining.suggestion_models import Draft, Module, NextStep, Proposal, ProposalState, StepState

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


def make_person(session: Session, event: Event | None = None, role: Role | None = None, **values: Any) -> Person:
    """Somebody who may sign in, with `role` in the event's programme; `panel=True` puts them on its panel."""
    panel = values.pop("panel", False)
    person = _add(session, Person(**{"name": f"Person {next(_serial)}", **values}))
    if event and role:
        programme = ensure_programme(session, event)
        access = {"person_id": person.id, "programme_id": programme.id, "role": Role(role), "panel": panel}
        _add(session, Access(**access, granted_by="the test"))
    return person


def make_next_step(session: Session, event: Event, group: Group | None = None, **values: Any) -> NextStep:
    """A step written by hand and confirmed, unless `values` say otherwise."""
    defaults = {
        "event_id": event.id,
        "group_id": group.id if group else None,
        "fingerprint": f"{next(_serial):064d}",
        "text": "Write one page about the experiment pot.",
        "state": StepState.CONFIRMED,
        "history": [],
    }
    return _add(session, NextStep(**{**defaults, **values}))


def make_roster_entry(
    session: Session, event: Event, name: str = "", groups: Iterable[Group] = (), opt_in: bool = True, **values: Any
) -> RosterEntry:
    """Somebody on the event's roster who sat in `groups`, and agreed to be brought together unless told otherwise."""
    serial = next(_serial)
    name = name or f"Guest Nr{serial}"
    number = session.query(Participant).filter_by(event_id=event.id).count() + 1
    person = session.query(Participant).filter_by(event_id=event.id, name=name).one_or_none()
    person = person or _add(session, Participant(event_id=event.id, name=name, number=number))
    defaults = {"event_id": event.id, "participant_id": person.id, "email": f"guest{serial}@example.com"}
    entry = _add(session, RosterEntry(**{**defaults, "opt_in": opt_in, **values}))
    for group in groups:
        _add(session, Attendance(entry_id=entry.id, group_id=group.id))
    return entry


def make_strand(session: Session, event: Event) -> Strand:
    """What a theme is known by from one analysis to the next."""
    return _add(session, Strand(event_id=event.id, spans=[], embedder="all-MiniLM-L6-v2", centre=b""))


def make_module(session: Session, title: str = "No, But", **values: Any) -> Module:
    """A module of the catalogue; `pages` as [{"title", "text", "question", "minutes"}]."""
    return _add(session, Module(**{"key": key_of(title), "title": title, "pages": [], **values}))


BRIEF = {
    "title": "Boss of my friends",
    "challenge": "I was promoted over people I had lunch with for six years, and since then they stop talking when I "
    "come in.",
    "matters": "My team waits for decisions that I do not take.",
    "success": "I give honest feedback within a week and we still laugh together.",
}
"""The answers of a proposal that is fit to be proposed."""


def make_proposal(session: Session, event: Event, person: Person | None = None, **values: Any) -> Proposal:
    """A proposal in the event's programme, open unless `state` says otherwise."""
    defaults = {
        "programme_id": ensure_programme(session, event).id,
        "event_id": event.id,
        "person_id": person.id if person else None,
        "state": ProposalState.OPEN,
        "version": 1,
        **BRIEF,
    }
    return _add(session, Proposal(**{**defaults, **values}))


def make_draft(session: Session, event: Event, utterances: Sequence[Utterance], **values: Any) -> Draft:
    """A draft of one page per utterance, each with a framing and a question on the whole of it; 90 minutes together."""
    pages = []
    for number, utterance in enumerate(utterances, 1):
        cited = (cite(utterance, 0, len(utterance.text)),)
        lines = (
            Line(f"p{number}-framing", "framing", "Several groups spoke of this.", cited),
            Line(f"p{number}-question", "question", "Somebody said: “{0}” Do you feel like that sometimes?", cited),
        )
        pages.append(Page(f"p{number}", "challenge", f"Page {number}", 90 // len(utterances), lines))
    why = (Line("why-breadth", "why", "Two of ten groups raised it.", pages[0].lines[0].citations),)
    body = Body(pages=tuple(pages), why=why, theme="Finance says no late")
    defaults = {"event_id": event.id, "title": "Finance: what gets in the way", "body": body.stored(), "made_by": "ann"}
    return _add(session, Draft(**{**defaults, **values}))
