"""Takes back what was made of talk that must not be there any more: analyses, vectors, and the few words of talk that
other tables hold. In the transaction in which the talk goes (`capture.retraction`), and again after an event was mined.

A vector of a sentence can be turned back into nearly its words. Vectors of talk are therefore kept by event: they go
with it as a whole, and after mining those stay that the event's talk, as it is now, was really asked for. `sweeping`
does the same for texts that people write.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.models import Event, Recording
from capture.retraction import ERASED, Retraction
from mining.analyses import forget_analyses
from mining.citations import read
from mining.embedding.embeddings import forget_vectors, keep_vectors
from mining.models import Strand
from mining.suggestion_models import Draft, Module, NextStep

Gone = Callable[[Mapping[str, Any]], bool]
"""Whether the words of a citation are gone."""
FEW = 5
"""The mean meaning of fewer passages than this is nearly somebody's words."""


def forget(session: Session, retraction: Retraction) -> None:
    """What is stale after this must not lie there either: labels and passages of analyses hold what was said. Names are
    only masked in talk that stays, so its vectors wait for the next mining, which keeps those that are still asked for.
    """
    forget_analyses(session, retraction.event_id)
    if retraction.masked:
        return
    forget_vectors(session, retraction.event_id)
    if retraction.recording_id is None:
        mine = select(Recording.id).where(Recording.event_id == retraction.event_id)
        _forget_words(session, retraction.event_id, frozenset(session.scalars(mine)))
        return
    _forget_words(session, retraction.event_id, frozenset([retraction.recording_id]))
    _forget_centres(session, retraction.event_id, retraction.recording_id)


def sweep_mined(session: Session, event_id: int, read_at: datetime, used: Collection[str]) -> None:
    """After an event was mined from what stood there at `read_at`, with vectors of `used` (keys of texts). Where talk
    was retracted meanwhile nothing of it is kept."""
    event = session.get(Event, event_id)
    if event is None or (event.retracted_at is not None and event.retracted_at >= read_at):
        forget_analyses(session, event_id)
        used = ()
    keep_vectors(session, used, event_id)
    _forget_unreadable(session, event_id)
    session.info[ERASED] = True  # also where somebody read while the talk was erased, so that its pages stayed


def _forget_words(session: Session, event_id: int, recordings: Collection[int]) -> None:
    """Of next steps, also of those carried on to other events, the words that say by when; of drafts and modules what
    a language model made of the talk."""
    for step in session.scalars(select(NextStep).where(NextStep.citation.is_not(None))):
        if step.citation and step.citation.get("recording") in recordings:
            step.due_said = None
            step.history = [{**before, "due_said": None} for before in step.history]
    _unword(session, event_id, lambda citation: citation.get("recording") in recordings)


def _forget_unreadable(session: Session, event_id: int) -> None:
    """What a language model made of words in which a name was masked since, or that are gone."""
    mine = frozenset(session.scalars(select(Recording.id).where(Recording.event_id == event_id)))

    def unreadable(citation: Mapping[str, Any]) -> bool:
        return citation.get("recording") in mine and read(session, [citation]) == [None]

    _unword(session, event_id, unreadable)


def _unword(session: Session, event_id: int, gone: Gone) -> None:
    """The event's drafts, their earlier versions, and all modules."""
    for draft in session.scalars(select(Draft).where(Draft.event_id == event_id)):
        draft.body = _unworded(draft.body, gone)
        for change in draft.changes:
            change.before = change.before and _unworded(change.before, gone)
            change.after = change.after and _unworded(change.after, gone)
    for module in session.scalars(select(Module)):
        module.pages = _unworded(module.pages, gone)


def _unworded(stored: Any, gone: Gone) -> Any:
    """A stored draft, or a part of one, without the text of worded lines that rest on words which are gone. The lines
    stay: they say so."""
    if isinstance(stored, list):
        return [_unworded(each, gone) for each in stored]
    if not isinstance(stored, dict):
        return stored
    made = {key: _unworded(value, gone) for key, value in stored.items()}
    worded = stored.get("worded") and not stored.get("edited")
    return {**made, "text": ""} if worded and any(map(gone, stored.get("citations") or ())) else made


def _forget_centres(session: Session, event_id: int, recording_id: int) -> None:
    """Of themes of which nothing else is left, where they were made of a few passages."""
    for strand in session.scalars(select(Strand).where(Strand.event_id == event_id)):
        if len(strand.spans) < FEW and all(span[0] == recording_id for span in strand.spans):
            strand.centre = b""
