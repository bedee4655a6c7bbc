"""Vectors of modules and proposals stay as long as a stored text has them. After talk is retracted, which modules may
quote, and after an event was mined; beside `forgetting`, which looks after the vectors of talk itself.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mining.catalogue.answering import TALK
from mining.catalogue.mindsets import GUIDES
from mining.catalogue.module_study import texts_of
from mining.embedding.embeddings import keep_vectors, key_of
from mining.proposals.evidence import compared
from mining.proposals.proposals import brief_of
from mining.suggestion_models import Module, Proposal


def sweep_texts(session: Session) -> int:
    """Deletes vectors that belong to no event and to no text of a module or a proposal; returns how many."""
    modules = texts_of(session, session.scalars(select(Module)).all())
    proposals = [compared(brief_of(each)) for each in session.scalars(select(Proposal))]
    texts = [*TALK, *GUIDES, *proposals, *(text for own in modules.values() for text in own)]
    return keep_vectors(session, {key_of(text) for text in texts})
