"""The utterances of a recording: stored masked, and masked again when more names become known.

recordings stores what a transcript file says, tasks what a recogniser heard; mining reads what is here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from capture.database import utcnow
from capture.models import Event, Job, JobStep, Participant, Recording, Utterance
from capture.names import full_name, is_anonymous, same_name
from capture.redaction import Masker
from capture.retraction import Retraction, forget_derived
from capture.speech import Spoken, Word


def store_utterances(session: Session, recording: Recording, spoken: Sequence[Spoken]) -> int:
    """Replaces the recording's utterances and returns how many there are now.

    Every speaker becomes a participant of the event, the same name being the same person in every room; a label such
    as “Speaker A” is somebody of this recording only. Texts and words are masked with all the event's participants,
    and where this file brought new names, what is stored of the event's other rooms is masked again: the order in
    which rooms arrive makes no difference.
    """
    spoken = [replace(s, speaker=_participant_name(s.speaker, recording)) for s in spoken]
    learnt = _register(session, recording.event_id, [s.speaker for s in spoken if s.speaker])
    masker = _masker(session, recording.event_id)
    session.execute(delete(Utterance).where(Utterance.recording_id == recording.id))
    rows = [_row(recording.id, position, masker.spoken(s)) for position, s in enumerate(spoken)]
    if rows:
        session.execute(insert(Utterance), rows)
    session.expire(recording, ["utterances"])
    if learnt:
        _mask_again(session, recording.event_id, masker, recording.id)
    return len(rows)


def register_people(session: Session, event_id: int, names: Iterable[str]) -> bool:
    """Makes participants of people who are known to have taken part, whether they spoke or not, and masks what is
    stored of the event's talk with the names that are new. `names` as `full_name` gives them.

    Returns whether talk changed: themes found in it must not be shown any more then, and are looked for again.
    """
    if not _register(session, event_id, names):
        return False
    return _mask_again(session, event_id, _masker(session, event_id))


def mask_spoken(session: Session, event_id: int, spoken: Sequence[Spoken]) -> list[Spoken]:
    """Masks with the names known so far, so that a job's steps hold nothing unmasked. Stores nothing."""
    masker = _masker(session, event_id)
    return [masker.spoken(s) for s in spoken]


def utterances_of(session: Session, recording_id: int) -> list[Utterance]:
    """In the order they were spoken; seconds from the beginning of the recording."""
    query = select(Utterance).where(Utterance.recording_id == recording_id).order_by(Utterance.position)
    return list(session.scalars(query))


def group_timeline(session: Session, group_id: int) -> list[tuple[Recording, float]]:
    """The group's recordings in order, each with the second at which it begins when all are laid end to end.

    A recording is as long as it says, or as its last utterance where that ends later.
    """
    spoken = func.max(Utterance.end)
    query = (
        select(Recording, spoken)
        .outerjoin(Utterance, Utterance.recording_id == Recording.id)
        .where(Recording.group_id == group_id)
        .group_by(Recording.id)
        .order_by(Recording.position, Recording.id)
    )
    timeline: list[tuple[Recording, float]] = []
    offset = 0.0
    for recording, last in session.execute(query):
        timeline.append((recording, offset))
        offset += max(recording.seconds or 0.0, last or 0.0)
    return timeline


def retract(session: Session, retraction: Retraction) -> None:
    """Forgets what was derived from the talk that goes, and marks that what is being derived from it in this moment
    must not be shown."""
    forget_derived(session, retraction)
    event_id = retraction.event_id
    session.execute(update(Event).where(Event.id == event_id).values(retracted_at=utcnow()))


def _participant_name(speaker: str | None, recording: Recording) -> str | None:
    """What a speaker is called among the participants: never shown, and one for all spellings of a name."""
    name = full_name(speaker or "")
    if not name:
        return None
    return f"{name[:150]} (recording {recording.id})" if is_anonymous(name) else name


def _register(session: Session, event_id: int, names: Iterable[str]) -> bool:
    """Makes participants of the names that are new, in order; returns whether any of them can be said in talk."""
    known = session.execute(select(Participant.name, Participant.number).where(Participant.event_id == event_id)).all()
    seen = {same_name(name) for name, _ in known}
    number = max((number for _, number in known), default=0)
    learnt = False
    for name in names:
        if same_name(name) in seen:
            continue
        seen.add(same_name(name))
        number += 1
        session.add(Participant(event_id=event_id, name=name, number=number))
        learnt = learnt or not is_anonymous(name)
    session.flush()
    return learnt


def _masker(session: Session, event_id: int) -> Masker:
    query = select(Participant.name, Participant.number).where(Participant.event_id == event_id)
    return Masker({name: number for name, number in session.execute(query.order_by(Participant.number))})


def _row(recording_id: int, position: int, spoken: Spoken) -> dict[str, Any]:
    return {
        "recording_id": recording_id,
        "position": position,
        "start": spoken.start,
        "end": spoken.end,
        "text": spoken.text,
        "speaker": spoken.speaker,
        "confidence": spoken.confidence,
        "words": _stored(spoken.words),
        "doubt": spoken.doubt,
    }


def _mask_again(session: Session, event_id: int, masker: Masker, but: int | None = None) -> bool:
    """Masks what is stored of the event's recordings, all `but` one, and what their running jobs have heard so far.
    Returns whether stored talk changed."""
    query = (
        select(Utterance.id, Utterance.text, Utterance.words)
        .join(Recording, Recording.id == Utterance.recording_id)
        .where(Recording.event_id == event_id)
    )
    if but is not None:
        query = query.where(Recording.id != but)
    changed: list[dict[str, Any]] = []
    for key, text, words in session.execute(query):
        new_text, new_words = masker.text_and_words(text, _timed(words))
        if new_text != text or _stored(new_words) != words:
            changed.append({"id": key, "text": new_text, "words": _stored(new_words)})
    if changed:
        session.execute(update(Utterance), changed)
        retract(session, Retraction(event_id, masked=True))
        for row in session.identity_map.values():
            if isinstance(row, Utterance):
                session.expire(row)
    _mask_steps(session, event_id, masker)
    return bool(changed)


def _mask_steps(session: Session, event_id: int, masker: Masker) -> None:
    for step in session.scalars(select(JobStep).join(Job).where(Job.event_id == event_id, Job.route == "transcribe")):
        heard = step.result.get("utterances") if isinstance(step.result, dict) else None
        if not heard:
            continue
        masked = []
        for utterance in heard:
            words = tuple(Word(**word) for word in utterance["words"])
            text, words = masker.text_and_words(utterance["text"], words)
            masked.append({**utterance, "text": text, "words": [vars(word) for word in words]})
        if masked != heard:
            step.result = {**step.result, "utterances": masked}


def _stored(words: Sequence[Word]) -> list[list[Any]] | None:
    return [[word.text, word.start, word.end, word.confidence] for word in words] or None


def _timed(words: list[list[Any]] | None) -> tuple[Word, ...]:
    return tuple(Word(*word) for word in words or ())
