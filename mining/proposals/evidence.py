"""What is known about a topic while somebody writes it: near themes with quotes, near proposals, near modules.

For everybody the same, and only what alumni may see: themes and quotes come from `discretion`, which holds back what
too few groups raised. Nothing of it is stored.

Nearness is the cosine after what all talk has in common was subtracted (as in `answering`). The three floors were
chosen on 14 briefs beside the sample event and its catalogue, eight on its themes and six on none of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from sqlalchemy import select

from capture.database import Database
from capture.models import Event
from mining.catalogue.answering import TALK, unit
from mining.catalogue.module_study import known_modules
from mining.embedding.embedder import Vectors
from mining.embedding.embeddings import embed_texts
from mining.embedding.live_embedder import LiveEmbedder
from mining.models import Strand
from mining.privacy.discreet_quotes import SharedQuote
from mining.privacy.discretion import SharedTheme, Showing, shared_quotes, shared_view, shown_strands
from mining.proposals.briefs import Brief, count_words
from mining.suggestion_models import Module, Proposal, ProposalState

Row = TypeVar("Row")
LEAST_WORDS = 5
"""Typed before anything is compared."""
THEME, PROPOSAL, MODULE = 0.24, 0.33, 0.24
"""Nearness from which a theme, a proposal, a module is shown."""
BESIDE = 0.6
"""And not less than this part of the nearest one's."""
MOST = 3
QUOTES = 2
"""Quotes of a near theme, those nearest to what is typed."""
READ = 1200
"""Characters of a brief that are compared: about what the model reads."""


@dataclass(frozen=True)
class NearTheme:
    """`strand` is for storing what somebody chose, never for showing."""

    strand: int
    theme: SharedTheme
    quotes: tuple[SharedQuote, ...]


@dataclass(frozen=True)
class NearProposal:
    id: int
    title: str
    state: ProposalState
    challenge: str


@dataclass(frozen=True)
class NearModule:
    id: int
    title: str
    summary: str


@dataclass(frozen=True)
class Evidence:
    """Nearest first. `enough` is whether so much was typed that anything could be compared."""

    enough: bool
    themes: tuple[NearTheme, ...] = ()
    proposals: tuple[NearProposal, ...] = ()
    modules: tuple[NearModule, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.themes or self.proposals or self.modules)


@dataclass(frozen=True)
class _Typed:
    """`raw` as the model gives it, `vector` without what all talk has in common (`talk`)."""

    raw: Vectors
    vector: Vectors
    talk: Vectors
    proposals: Vectors


def compared(brief: Brief) -> str:
    """What of a brief is compared: the outcome is often wished for in the same words, whatever the topic."""
    return " ".join(f"{brief.title}. {brief.challenge} {brief.matters}".split())[:READ]


def evidence(
    database: Database,
    event: Event,
    programme_id: int | None,
    quorum: int,
    embedder: LiveEmbedder,
    brief: Brief,
    but: int | None = None,
) -> Evidence:
    """`but` is the proposal that is being changed: it is not near to itself. Keeps vectors of stored proposals, so that
    each is embedded once; what is typed is not kept. Raises EmbedderUnavailable, Refused."""
    text = compared(brief)
    if count_words(text) < LEAST_WORDS:
        return Evidence(enough=False)
    rows = _proposals(database, programme_id, but)
    typed = _understood(database, embedder, text, rows)
    near = [
        NearProposal(row.id, row.title, row.state, row.challenge)
        for row in _nearest(rows, typed.proposals, typed.vector, PROPOSAL)
    ]
    themes = _near_themes(database, event, quorum, embedder, typed)
    return Evidence(True, themes, tuple(near), _near_modules(database, embedder.model, typed))


def keep_vector(database: Database, embedder: LiveEmbedder, brief: Brief) -> None:
    """Remembers what a stored proposal means, so that the next form need not work it out."""
    embed_texts(database, embedder.name, lambda: embedder, [compared(brief)], lambda fraction, note: None)


def _proposals(database: Database, programme_id: int | None, but: int | None) -> list[Proposal]:
    query = select(Proposal).where(
        Proposal.programme_id == programme_id,
        Proposal.state.in_((ProposalState.OPEN, ProposalState.ADOPTED, ProposalState.NOT_NOW)),
    )
    with database.reading() as session:
        return [row for row in session.scalars(query.order_by(Proposal.id)) if row.id != but]


def _understood(database: Database, embedder: LiveEmbedder, text: str, rows: Sequence[Proposal]) -> _Typed:
    known = [compared(Brief(row.title, row.challenge, row.matters, row.success)) for row in rows]
    vectors = embed_texts(
        database, embedder.name, lambda: embedder, [*TALK, *known], lambda fraction, note: None
    ).vectors
    talk = vectors[: len(TALK)].mean(axis=0)
    [raw] = embedder.embed([text])
    return _Typed(raw, unit(raw - talk), talk, unit(vectors[len(TALK) :] - talk))


def _near_themes(
    database: Database, event: Event, quorum: int, embedder: LiveEmbedder, typed: _Typed
) -> tuple[NearTheme, ...]:
    with database.reading() as session:
        strands = shown_strands(session, event, quorum)
        centres = select(Strand.id, Strand.centre).where(
            Strand.id.in_(strands.values()), Strand.embedder == embedder.model
        )
        known = {
            strand: np.frombuffer(centre, "<f4")
            for strand, centre in session.execute(centres)
            if len(centre) == typed.raw.nbytes
        }
        rows = [(number, strand) for number, strand in strands.items() if strand in known]
        vectors = unit(np.vstack([known[strand] for _, strand in rows]) - typed.talk) if rows else _none()
        chosen = _nearest(rows, vectors, typed.vector, THEME)
        if not chosen:
            return ()
        view = shared_view(session, event, quorum)
        shown = {each.number: each for each in view.themes} if view.showing == Showing.THEMES else {}
        quotes = {number: shared_quotes(session, event, quorum, number) for number, _ in chosen if number in shown}
    return tuple(
        NearTheme(strand, shown[number], _telling(embedder, quotes[number], typed.raw))
        for number, strand in chosen
        if number in shown
    )


def _telling(embedder: LiveEmbedder, quotes: Sequence[SharedQuote], typed: Vectors) -> tuple[SharedQuote, ...]:
    """Those of the quotes anybody may see that come nearest to what is typed."""
    if len(quotes) <= QUOTES:
        return tuple(quotes)
    near = embedder.embed([quote.text for quote in quotes]) @ typed
    return tuple(quotes[i] for i in np.argsort(-near, kind="stable")[:QUOTES])


def _near_modules(database: Database, model: str, typed: _Typed) -> tuple[NearModule, ...]:
    """Of the modules that were studied after they were imported."""
    with database.reading() as session:
        rows = list(session.scalars(select(Module).order_by(Module.key, Module.id)))
        known = known_modules(session, model, rows) if rows else None
    if known is None or not known.vectors:
        return ()
    offered = [row for row in rows if row.id in known.vectors]
    vectors = unit(np.vstack([known.vectors[row.id][0] for row in offered]) - known.usual)
    near = _nearest(offered, vectors, typed.vector, MODULE)
    return tuple(NearModule(row.id, row.title, row.summary) for row in near)


def _nearest(rows: Sequence[Row], vectors: Vectors, typed: Vectors, floor: float) -> list[Row]:
    if not rows:
        return []
    near = vectors @ typed
    order: Iterable[int] = np.argsort(-near, kind="stable")[:MOST].tolist()
    least = max(floor, BESIDE * float(near.max()))
    return [rows[i] for i in order if near[i] >= least]


def _none() -> Vectors:
    return np.empty((0, 0), np.float32)
