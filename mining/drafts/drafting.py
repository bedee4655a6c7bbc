"""From the wish for a draft to a stored one: loads the embedder, reads, writes. For commands and views.

Reading and choosing take a second or two; the database is written to only afterwards, so that nobody waits meanwhile.
"""

from dataclasses import replace

from capture.database import Database
from capture.events import get_event
from mining.analyses import latest_analysis
from mining.drafts.drafts import compose, keep
from mining.drafts.evidence import Embed
from mining.drafts.lines import body_of
from mining.embedding.embedder import load_embedder
from mining.errors import EmbedderUnavailable
from mining.settings import MiningSettings

BLIND = "The model that understands talk is not here, so statements were chosen by their words alone: choose with care."


def draft_theme(
    database: Database,
    settings: MiningSettings,
    slug: str,
    number: int | None = None,
    *,
    by: str,
    strand: int | None = None,
    proposal_id: int | None = None,
) -> int:
    """The id of the new draft. Raises what `drafts.compose` raises."""
    with database.reading() as session:
        event = get_event(session, slug)
        analysis = latest_analysis(session, event.id)
        embed = embedding(settings, analysis.embedder) if analysis else None
        draft = compose(session, event, number, by=by, strand=strand, proposal_id=proposal_id, embed=embed)
        if embed is None:
            body = body_of(draft.body)
            draft.body = replace(body, notes=(*body.notes, BLIND)).stored()
    with database.writing() as session:
        return keep(session, draft).id


def embedding(settings: MiningSettings, model: str) -> Embed | None:
    """What gives vectors of that model; None where it cannot be had."""
    engine = settings.embedding_engine if model == settings.embedder else "auto"
    try:
        return load_embedder(model, engine).embed
    except EmbedderUnavailable:
        return None
