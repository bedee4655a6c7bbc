"""Learns what the modules of the catalogue are about: vectors of their texts, and mindsets where nobody has said one.

Done after an import, and before coverage where something is missing. What is known already is not embedded again, and
reading it back loads nothing heavy. Beside the modules stand the texts that say what all talk, and all guides, have in
common.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import Database
from mining.catalogue.answering import TALK, common, unit
from mining.catalogue.mindsets import GUIDES, mindsets
from mining.catalogue.module_reading import read_pages
from mining.catalogue.module_texts import module_texts
from mining.embedding.embedder import Vectors, load_embedder, vectors_name
from mining.embedding.embeddings import embed_texts, recalled_vectors
from mining.suggestion_models import Module


@dataclass(frozen=True)
class Studied:
    """`fresh` counts texts that were embedded now, `told` the modules whose mindset was told or changed."""

    fresh: int
    told: int


@dataclass(frozen=True)
class Known:
    """What is known of the catalogue, by module id; modules that were not studied yet are in `missing`.

    `talk` and `guides` have shape (n, dimension). `says` are the texts behind the vectors, in their order."""

    vectors: Mapping[int, Vectors]
    says: Mapping[int, Sequence[str]]
    missing: tuple[int, ...]
    talk: Vectors
    guides: Vectors

    @cached_property
    def usual(self) -> Vectors:
        """What these modules have in common."""
        return common(list(self.vectors.values()), self.guides)


def texts_of(session: Session, modules: Sequence[Module]) -> dict[int, list[str]]:
    """What is embedded of each, by id. Where words of a module were withdrawn, it has to be studied anew."""
    pages = read_pages(session, modules)
    return {module.id: module_texts(module.title, module.summary, pages[module.id]) for module in modules}


def study(
    database: Database,
    model: str,
    engine: str = "auto",
    progress: Callable[[float, str], None] = lambda fraction, note: None,
) -> Studied:
    """Embeds what is new, then tells mindsets. `model` and `engine` as in MiningSettings. Commits by itself.

    Raises EmbedderUnavailable, Refused.
    """
    with database.reading() as session:
        says = texts_of(session, session.scalars(select(Module).order_by(Module.id)).all())
    texts = [text for own in says.values() for text in own]
    wanted = list(dict.fromkeys([*TALK, *GUIDES, *texts]))
    done = embed_texts(database, vectors_name(model, engine), lambda: load_embedder(model, engine), wanted, progress)
    with database.writing() as session:
        return Studied(done.fresh, tell_mindsets(session, model))


def known_modules(session: Session, model: str, modules: Sequence[Module] | None = None) -> Known | None:
    """What was studied with `model`, without embedding anything; None where nothing was."""
    rows = modules if modules is not None else session.scalars(select(Module).order_by(Module.id)).all()
    says = texts_of(session, rows)
    found = recalled_vectors(session, model, [*TALK, *GUIDES, *(text for texts in says.values() for text in texts)])
    if any(text not in found for text in (*TALK, *GUIDES)):
        return None
    studied = {key: texts for key, texts in says.items() if all(text in found for text in texts)}
    return Known(
        vectors={key: np.vstack([found[text] for text in texts]) for key, texts in studied.items()},
        says=studied,
        missing=tuple(key for key in says if key not in studied),
        talk=np.vstack([found[text] for text in TALK]),
        guides=np.vstack([found[text] for text in GUIDES]),
    )


def tell_mindsets(session: Session, model: str) -> int:
    """Guesses the mindset of every module for which nobody has said one; returns how many guesses are new."""
    rows = session.scalars(select(Module).where(Module.mindset.is_(None) | Module.inferred).order_by(Module.id)).all()
    known = known_modules(session, model) if rows else None
    rows = [row for row in rows if known and row.id in known.vectors]
    if known is None or not rows:
        return 0
    centres = unit(np.vstack([unit(known.vectors[row.id].mean(axis=0)) for row in rows]))
    changed = 0
    for row, guess in zip(rows, mindsets(centres, known.usual, known.guides), strict=True):
        changed += guess is not None and row.mindset != guess
        row.mindset, row.inferred = guess, guess is not None
    session.flush()
    return changed
