"""What is known about a topic while somebody writes it: near themes with quotes, near proposals, near modules.

For everybody the same, and only what alumni may see: themes and quotes come from `discretion`, which holds back what
too few groups raised. Nothing of it is stored. `nearness` says how near is near.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Event
from mining.catalogue.answering import TALK
from mining.catalogue.module_study import known_modules
from mining.embedding.embedder import Vectors
from mining.embedding.embeddings import embed_texts, recalled_vectors
from mining.embedding.live_embedder import LiveEmbedder
from mining.models import Strand
from mining.privacy.discreet_quotes import SharedQuote
from mining.privacy.discretion import SharedTheme, Showing, shared_quotes, shared_view, shown_strands
from mining.proposals.briefs import Brief, count_words
from mining.proposals.nearness import MODULE, PROPOSAL, THEME, Typed, chosen, to_modules, to_proposals, to_themes
from mining.suggestion_models import Module, Proposal, ProposalState

LEAST_WORDS = 5
"""Typed before anything is compared."""
QUOTES = 2
"""Quotes of a near theme, those nearest to what is typed."""
READ = 1200
"""Characters of a brief that are compared: about what the model reads."""
AT_ONCE = 40
"""Stored proposals that are embedded while somebody waits, the newest first: about half a second. There are more only
where none was embedded when it was stored, as after a change of model; the next keystrokes find the rest."""


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


def compared(brief: Brief) -> str:
    """What of a brief is compared: all of it, as far as the model reads."""
    return " ".join(f"{brief.title}. {brief.challenge} {brief.matters} {brief.success}".split())[:READ]


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
    talk = embed_texts(database, embedder.name, lambda: embedder, TALK, _unsaid).vectors
    typed = Typed.of(text, embedder.embed([text])[0], talk)
    return Evidence(
        True,
        _near_themes(database, event, quorum, embedder, typed, talk),
        _near_proposals(database, _proposals(database, programme_id, but), embedder, typed, talk),
        _near_modules(database, embedder.model, typed),
    )


def keep_vector(database: Database, embedder: LiveEmbedder, brief: Brief) -> None:
    """Remembers what a stored proposal means, so that the next form need not work it out."""
    embed_texts(database, embedder.name, lambda: embedder, [compared(brief)], _unsaid)


def _proposals(database: Database, programme_id: int | None, but: int | None) -> list[Proposal]:
    query = select(Proposal).where(
        Proposal.programme_id == programme_id,
        Proposal.state.in_((ProposalState.OPEN, ProposalState.ADOPTED, ProposalState.NOT_NOW)),
    )
    with database.reading() as session:
        return [row for row in session.scalars(query.order_by(Proposal.id)) if row.id != but]


def _near_proposals(
    database: Database, rows: Sequence[Proposal], embedder: LiveEmbedder, typed: Typed, talk: Vectors
) -> tuple[NearProposal, ...]:
    texts = {row.id: compared(Brief(row.title, row.challenge, row.matters, row.success)) for row in rows}
    with database.reading() as session:
        known = recalled_vectors(session, embedder.model, texts.values())
    missing = list(dict.fromkeys(text for text in reversed(texts.values()) if text not in known))[:AT_ONCE]
    if missing:
        fresh = embed_texts(database, embedder.name, lambda: embedder, missing, _unsaid).vectors
        known |= dict(zip(missing, fresh, strict=True))
    there = [row for row in rows if texts[row.id] in known]
    if not there:
        return ()
    near = to_proposals(typed, np.vstack([known[texts[row.id]] for row in there]), talk)
    found = [there[i] for i in chosen(near, PROPOSAL)]
    return tuple(NearProposal(row.id, row.title, row.state, row.challenge) for row in found)


def _near_themes(
    database: Database, event: Event, quorum: int, embedder: LiveEmbedder, typed: Typed, talk: Vectors
) -> tuple[NearTheme, ...]:
    with database.reading() as session:
        centres = _centres(session, shown_strands(session, event, quorum), embedder.model, typed.raw.nbytes)
        view = shared_view(session, event, quorum) if centres else None
        if view is None or view.showing != Showing.THEMES:
            return ()
        themes = [theme for theme in view.themes if theme.number in centres]
        says = [" ".join((theme.label, *theme.keywords)) for theme in themes]
        own = [centres[theme.number] for theme in themes]
        places = chosen(to_themes(typed, [centre for _, centre in own], says, talk), THEME)
        quotes = {i: shared_quotes(session, event, quorum, themes[i].number) for i in places}
    return tuple(NearTheme(own[i][0], themes[i], _telling(embedder, quotes[i], typed.raw)) for i in places)


def _centres(session: Session, strands: Mapping[int, int], model: str, size: int) -> dict[int, tuple[int, Vectors]]:
    """{number: (strand, its mean meaning)} of those of which there is one by this model, `size` bytes long."""
    query = select(Strand.id, Strand.centre).where(Strand.id.in_(strands.values()), Strand.embedder == model)
    known = {strand: np.frombuffer(centre, "<f4") for strand, centre in session.execute(query) if len(centre) == size}
    return {number: (strand, known[strand]) for number, strand in strands.items() if strand in known}


def _telling(embedder: LiveEmbedder, quotes: Sequence[SharedQuote], typed: Vectors) -> tuple[SharedQuote, ...]:
    """Those of the quotes anybody may see that come nearest to what is typed."""
    if len(quotes) <= QUOTES:
        return tuple(quotes)
    near = embedder.embed([quote.text for quote in quotes]) @ typed
    return tuple(quotes[i] for i in np.argsort(-near, kind="stable")[:QUOTES])


def _near_modules(database: Database, model: str, typed: Typed) -> tuple[NearModule, ...]:
    """Of the modules that were studied after they were imported."""
    with database.reading() as session:
        rows = list(session.scalars(select(Module).order_by(Module.key, Module.id)))
        known = known_modules(session, model, rows) if rows else None
    if known is None or not known.vectors:
        return ()
    offered = [row for row in rows if row.id in known.vectors]
    vectors, says = [known.vectors[row.id] for row in offered], [known.says[row.id][0] for row in offered]
    found = [offered[i] for i in chosen(to_modules(typed, vectors, says, known.usual), MODULE)]
    return tuple(NearModule(row.id, row.title, row.summary) for row in found)


def _unsaid(fraction: float, note: str) -> None:
    """Whoever types is told nothing of how far it is."""
