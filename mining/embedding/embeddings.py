"""Vectors of texts, kept by content: a text is embedded once, however often an event is mined.

The embedder is built only when something is missing, so that mining known talk again never waits for torch. Vectors of
talk are kept under the name of their event (`talk_name`), so that they can be forgotten with it; those of modules and
proposals under the model's alone. `mining.forgetting` says which go when.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from capture.database import Database
from capture.errors import NotFound
from capture.models import Event
from mining.embedding.embedder import Embedder, Vectors, vectors_names
from mining.models import Embedding

LOOKUP = 500
"""Keys per query: SQLite takes 32,766 variables, older builds 999."""
LONGEST_MODEL = 200
OF_TALK = " of talk at event "
"""Between the name of a model and the number of an event."""
PIECE = 256
"""Texts embedded between two commits: what a killed worker has to do again at most."""


@dataclass(frozen=True)
class Embedded:
    """`vectors` has shape (n, dimension), float32, rows of length 1. `fresh` counts texts that were not known yet."""

    vectors: Vectors
    fresh: int


def embed_texts(
    database: Database,
    name: str,
    load: Callable[[], Embedder],
    texts: Sequence[str],
    progress: Callable[[float, str], None],
) -> Embedded:
    """Vectors of `texts` kept under `name` (vectors_name); `load` builds the embedder when it is needed.

    Raises what `load` raises, and NotFound where it is talk of an event that was deleted meanwhile.
    Opens its own sessions: what is embedded stays, even where a later stage fails.
    """
    keys = [key_of(text) for text in texts]
    with database.reading() as session:
        known = _known(session, name, set(keys))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        progress(0.0, "Loading the language model.")
        embedder = load()
        # By length, as the embedder sorts anyway: pieces then hold texts that are padded alike.
        order = sorted(missing, key=lambda key: (len(missing[key]), key))
        for start in range(0, len(order), PIECE):
            piece = order[start : start + PIECE]
            vectors = embedder.embed([missing[key] for key in piece]).astype("<f4")
            with database.writing() as session:
                _check_event(session, name)
                _store(session, name, zip(piece, vectors, strict=True))
            known.update(zip(piece, vectors, strict=True))
            done = start + len(piece)
            progress(done / len(order), f"{done:,} of {len(order):,} texts understood")
    return Embedded(np.vstack([known[key] for key in keys]) if keys else np.empty((0, 0), np.float32), len(missing))


def recalled_texts(database: Database, name: str, texts: Sequence[str], dimension: int, event_id: int) -> Vectors:
    """Vectors (len(texts), dimension) of what is known of an event's talk, zeros for the rest: nothing is embedded.

    `name` is the model's; vectors by any engine will do, for they agree to a cosine of 0.9997.
    """
    keys = [key_of(text) for text in texts]
    known: dict[str, Vectors] = {}
    names = vectors_names(name)
    with database.reading() as session:
        # The first of them wins; the last are of a Harvest that kept the vectors of all events together.
        for each in reversed([*(talk_name(each, event_id) for each in names), *names]):
            known.update(_known(session, each, set(keys)))
    nothing = np.zeros(dimension, np.float32)
    return np.vstack([known.get(key, nothing) for key in keys]) if keys else np.empty((0, dimension), np.float32)


def recalled_vectors(session: Session, name: str, texts: Iterable[str]) -> dict[str, Vectors]:
    """{text: vector} of those texts that are known already; `name` as in `recalled_texts`."""
    keys = {key_of(text): text for text in texts}
    known: dict[str, Vectors] = {}
    for each in reversed(vectors_names(name)):
        known.update(_known(session, each, set(keys)))
    return {keys[key]: vector for key, vector in known.items()}


def talk_name(name: str, event_id: int) -> str:
    """The name under which vectors of an event's talk are kept; of a long name (a folder's) the end."""
    own = f"{OF_TALK}{event_id}"
    return f"{name[len(own) - LONGEST_MODEL :]}{own}"


def _check_event(session: Session, name: str) -> None:
    """Nothing of an event's talk is kept once it is deleted."""
    _, of_talk, event_id = name.partition(OF_TALK)
    if of_talk and session.get(Event, int(event_id)) is None:
        raise NotFound("The event was deleted while its talk was being read.")


def forget_vectors(session: Session, event_id: int) -> None:
    """Deletes all that are of the event's talk."""
    session.execute(delete(Embedding).where(_of(event_id)))


def keep_vectors(session: Session, keys: Collection[str], event_id: int | None = None) -> int:
    """Deletes those of the event's talk, or those that are of no event's, whose keys are not among these; returns how
    many."""
    mine = _of(event_id) if event_id is not None else Embedding.model.not_like(f"%{OF_TALK}%")
    kept = frozenset(keys)
    gone: dict[str, list[str]] = {}
    for model, key in session.execute(select(Embedding.model, Embedding.content_hash).where(mine)):
        if key not in kept:
            gone.setdefault(model, []).append(key)
    for model, own in gone.items():
        for start in range(0, len(own), LOOKUP):
            part = Embedding.content_hash.in_(own[start : start + LOOKUP])
            session.execute(delete(Embedding).where(Embedding.model == model, part))
    return sum(map(len, gone.values()))


def _of(event_id: int) -> ColumnElement[bool]:
    return Embedding.model.like(f"%{OF_TALK}{event_id}")


def key_of(text: str) -> str:
    """What a text is known by."""
    return hashlib.sha256(text.encode()).hexdigest()


def _known(session: Session, name: str, keys: set[str]) -> dict[str, Vectors]:
    found: dict[str, Vectors] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), LOOKUP):
        rows = session.execute(
            select(Embedding.content_hash, Embedding.vector).where(
                Embedding.model == name, Embedding.content_hash.in_(wanted[start : start + LOOKUP])
            )
        )
        found.update((key, np.frombuffer(vector, "<f4")) for key, vector in rows)
    return found


def _store(session: Session, name: str, rows: Iterable[tuple[str, Vectors]]) -> None:
    """Another process may have stored the same text meanwhile; its vector is as good."""
    if session.get_bind().dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:  # loading every dialect takes longer than opening the database
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    values = [{"content_hash": key, "model": name, "vector": vector.tobytes()} for key, vector in rows]
    session.execute(insert(Embedding).on_conflict_do_nothing(), values)
