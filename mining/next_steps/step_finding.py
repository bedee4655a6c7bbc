"""Keeps the list of commitments found in an event's talk up to date: after mining, or before the list is shown.

What people have confirmed, written or set aside stays; what is merely found follows the transcripts. Nothing said is
stored: a step holds a citation, and where its words are gone a found step goes too.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.models import Event, Recording, Utterance
from mining.analyses import latest_analysis
from mining.citations import digest
from mining.models import Passage, Theme
from mining.next_steps.commitments import Commitment, commitments_in
from mining.suggestion_models import NextStep, StepState

LANGUAGE = "en"
"""The language in which commitments are found."""
NEAR = 40
"""Characters by which a sentence may have moved within its utterance when a name in it was masked."""


@dataclass(frozen=True)
class Looked:
    """`found` commitments stand in the transcripts now; `fresh` of them are new, `gone` are no longer there."""

    found: int
    fresh: int
    gone: int


@dataclass(frozen=True)
class _Said:
    """An utterance and where it belongs."""

    recording_id: int
    sha256: str
    group_id: int
    position: int
    text: str
    speaker: str | None


@dataclass(frozen=True)
class _Found:
    """A commitment in its place, by what it is known."""

    commitment: Commitment
    said: _Said
    strand_id: int | None
    citation: dict[str, Any]
    fingerprint: str


def find_commitments(session: Session, event: Event) -> Looked:
    """Looks through everything transcribed, adds what is new and takes away what was found and is gone. Doing it again
    changes nothing. Two queries of talk; about 20 milliseconds for 500 utterances, 300 for 10,000."""
    found = {each.fingerprint: each for each in _look(session, event)}
    steps = session.scalars(select(NextStep).where(NextStep.event_id == event.id, NextStep.citation.is_not(None))).all()
    known = {step.fingerprint: step for step in steps}
    _follow(session, steps, found, known)
    gone = [step for key, step in known.items() if key not in found and step.state == StepState.FOUND]
    for step in gone:
        session.delete(step)
    fresh = [each for key, each in found.items() if key not in known]
    session.add_all(_step(event.id, each) for each in fresh)
    for key, each in found.items():
        if key in known:
            _refresh(session, known[key], each)
    session.flush()
    return Looked(len(found), len(fresh), len(gone))


def state_of_talk(session: Session, event: Event) -> tuple[object, ...]:
    """What the list rests on, to compare with what it rested on when it was last looked for. Two quick queries."""
    analysis = latest_analysis(session, event.id)
    counted = session.execute(
        select(func.count(Utterance.id), func.max(Utterance.id))
        .join(Recording, Recording.id == Utterance.recording_id)
        .where(Recording.event_id == event.id)
    ).one()
    made = event.created_at  # an event that is deleted and made again may get the same numbers
    return (analysis and analysis.stamp, *counted, made, event.retracted_at, event.held_on, event.language)


def finds_in(event: Event) -> bool:
    """Whether commitments can be found in the event's language at all."""
    return event.language.split("-")[0].lower() == LANGUAGE


def _look(session: Session, event: Event) -> list[_Found]:
    if not finds_in(event):
        return []
    talk = _talk(session, event.id)
    themes = _strands(session, event.id)
    found = []
    for commitment in commitments_in(talk, event.held_on):
        said = talk[commitment.utterance]
        words = said.text[commitment.start : commitment.end]
        place = {"recording": said.recording_id, "position": said.position}
        citation = {**place, "start": commitment.start, "end": commitment.end, "sha256": digest(words)}
        spans = themes.get(said.recording_id, ())
        strand = next((strand for first, last, strand in spans if first <= said.position <= last), None)
        found.append(_Found(commitment, said, strand, citation, _fingerprint(said.sha256, citation)))
    return found


def _fingerprint(recording: str, citation: dict[str, Any]) -> str:
    parts = (recording, citation["position"], citation["start"], citation["end"], citation["sha256"])
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


def _talk(session: Session, event_id: int) -> Sequence[_Said]:
    """Every sound utterance, in the order of groups and recordings."""
    rows = session.execute(
        select(
            Recording.id, Recording.sha256, Recording.group_id, Utterance.position, Utterance.text, Utterance.speaker
        )
        .join(Utterance, Utterance.recording_id == Recording.id)
        .where(Recording.event_id == event_id, Utterance.doubt.is_(None))
        .order_by(Recording.group_id, Recording.position, Recording.id, Utterance.position)
    )
    return [_Said(*row) for row in rows]


def _strands(session: Session, event_id: int) -> dict[int, list[tuple[int, int, int]]]:
    """{recording: [(first utterance, last, strand of the theme)]} of the newest analysis."""
    analysis = latest_analysis(session, event_id)
    spans: dict[int, list[tuple[int, int, int]]] = {}
    if analysis is None:
        return spans
    rows = session.execute(
        select(Passage.recording_id, Passage.first, Passage.last, Theme.strand_id)
        .join(Theme, Theme.id == Passage.theme_id)
        .where(Passage.analysis_id == analysis.id, Theme.strand_id.is_not(None))
    )
    for recording_id, first, last, strand_id in rows:
        spans.setdefault(recording_id, []).append((first, last, strand_id or 0))
    return spans


def _follow(session: Session, steps: Sequence[NextStep], found: dict[str, _Found], known: dict[str, NextStep]) -> None:
    """Leads steps that people dealt with to where their words stand now, after a name in the utterance was masked. Only
    where nothing else can be meant: one new commitment of that utterance, at about the same place, due as it was."""
    lost = [step for step in steps if step.fingerprint not in found and step.state != StepState.FOUND]
    for step in lost:
        cited = step.citation or {}
        near = [
            each
            for key, each in found.items()
            if key not in known
            and each.citation["recording"] == cited.get("recording")
            and each.citation["position"] == cited.get("position")
            and abs(each.citation["start"] - cited.get("start", -NEAR)) < NEAR
            and _due_said(each.commitment) == (step.history[0]["due_said"] if step.history else step.due_said)
        ]
        if len(near) == 1:
            del known[step.fingerprint]
            before = step.citation
            step.citation, step.fingerprint = near[0].citation, near[0].fingerprint
            known[step.fingerprint] = step
            _take_along(session, step, before)


def _take_along(session: Session, step: NextStep, before: dict[str, Any] | None) -> None:
    """What was carried on from the step to later events, and on from there, stands on the same words."""
    for child in session.scalars(select(NextStep).where(NextStep.carried_from == step.id)).all():
        if child.citation == before:
            child.citation = step.citation
            _take_along(session, child, before)


def _refresh(session: Session, step: NextStep, each: _Found) -> None:
    """What the software knows of a step, as it knows it now: an event's date may have become known since, or its
    recording was removed and brought again under another number."""
    if step.citation != each.citation:
        before, step.citation = step.citation, each.citation
        _take_along(session, step, before)
    if step.strand_id != each.strand_id and each.strand_id is not None:
        step.strand_id = each.strand_id
    if step.state == StepState.FOUND and not step.history:
        fresh = _step(step.event_id, each)
        for name in ("owner", "due_on", "due_said", "score"):
            if getattr(step, name) != getattr(fresh, name):
                setattr(step, name, getattr(fresh, name))


def _step(event_id: int, each: _Found) -> NextStep:
    due = each.commitment.due
    return NextStep(
        event_id=event_id,
        group_id=each.said.group_id,
        strand_id=each.strand_id,
        fingerprint=each.fingerprint,
        citation=each.citation,
        owner=each.commitment.owner,
        due_on=due.on if due else None,
        due_said=_due_said(each.commitment),
        state=StepState.FOUND,
        score=each.commitment.score,
        history=[],
    )


def _due_said(commitment: Commitment) -> str | None:
    return commitment.due.said if commitment.due else None
