"""Talk that must not be there any more: whoever derives something from transcripts says here how it is forgotten.

Between capture, which removes talk or masks names in it, and mining, whose tables hold what was made of it: capture
does not know mining, and still both go in one transaction. Imports nothing heavy, so that commands may answer at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ERASED = "erased"
"""In a session's `info`: talk was erased in it, so the files of the database are cleaned once it is committed."""


@dataclass(frozen=True)
class Retraction:
    """What of an event's talk goes: one recording, or all of it; or nothing but names that were `masked` in it."""

    event_id: int
    recording_id: int | None = None
    masked: bool = False


Forget = Callable[["Session", Retraction], None]
_forgetting: list[Forget] = []


def when_retracted(forget: Forget) -> None:
    """`forget` is called in the transaction in which talk is retracted, before the talk itself goes."""
    _forgetting.append(forget)


def forget_derived(session: "Session", retraction: Retraction) -> None:
    for forget in _forgetting:
        forget(session, retraction)
    session.info[ERASED] = True
