"""Takes back what was made of talk that must not be there any more: analyses, vectors, and the few words of talk that
other tables hold. In the transaction in which the talk goes (`capture.retraction`), and again after an event was mined.

A vector of a sentence can be turned back into nearly its words. Vectors of talk are therefore kept by event: they go
with it as a whole, and after mining those stay that the event's talk, as it is now, was really asked for. `sweeping`
does the same for texts that people write.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.models import Event
from capture.retraction import ERASED, Retraction
from mining.analyses import forget_analyses
from mining.embedding.embeddings import forget_vectors, keep_vectors
from mining.models import Strand
from mining.suggestion_models import Draft, Module, NextStep

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
    if retraction.recording_id is not None:
        _forget_words(session, retraction.event_id, retraction.recording_id)
        _forget_centres(session, retraction.event_id, retraction.recording_id)


def sweep_mined(session: Session, event_id: int, read_at: datetime, used: Collection[str]) -> None:
    """After an event was mined from what stood there at `read_at`, with vectors of `used` (keys of texts). Where talk
    was retracted meanwhile nothing of it is kept."""
    event = session.get(Event, event_id)
    if event is None or (event.retracted_at is not None and event.retracted_at >= read_at):
        forget_analyses(session, event_id)
        used = ()
    keep_vectors(session, used, event_id)
    session.info[ERASED] = True  # also where somebody read while the talk was erased, so that its pages stayed


def _forget_words(session: Session, event_id: int, recording_id: int) -> None:
    """Of next steps the words that say by when; of drafts what a language model made of the talk."""
    for step in session.scalars(select(NextStep).where(NextStep.citation.is_not(None))):
        if step.citation and step.citation.get("recording") == recording_id:
            step.due_said = None
            step.history = [{**before, "due_said": None} for before in step.history]
    for draft in session.scalars(select(Draft).where(Draft.event_id == event_id)):
        draft.body = _unworded(draft.body, recording_id)
        for change in draft.changes:
            change.before = change.before and _unworded(change.before, recording_id)
            change.after = change.after and _unworded(change.after, recording_id)
    for module in session.scalars(select(Module)):
        module.pages = _unworded(module.pages, recording_id)


def _unworded(stored: Any, recording_id: int) -> Any:
    """A stored draft, or a part of one, without the text of worded lines that rest on the recording. The lines stay:
    they say that their words are gone."""
    if isinstance(stored, list):
        return [_unworded(each, recording_id) for each in stored]
    if not isinstance(stored, dict):
        return stored
    rests = any(each.get("recording") == recording_id for each in stored.get("citations") or ())
    made = {key: _unworded(value, recording_id) for key, value in stored.items()}
    return {**made, "text": ""} if rests and stored.get("worded") and not stored.get("edited") else made


def _forget_centres(session: Session, event_id: int, recording_id: int) -> None:
    """Of themes of which nothing else is left, where they were made of a few passages."""
    for strand in session.scalars(select(Strand).where(Strand.event_id == event_id)):
        if len(strand.spans) < FEW and all(span[0] == recording_id for span in strand.spans):
            strand.centre = b""
