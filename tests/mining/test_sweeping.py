"""Vectors of what people wrote stay as long as it stands somewhere, and no longer."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import Database
from capture.jobs import Ledger, enqueue
from capture.models import JobState
from mining.embedding.embedder import load_embedder
from mining.embedding.embeddings import embed_texts, key_of
from mining.models import Embedding
from mining.proposals.evidence import compared
from mining.proposals.proposals import brief_of
from mining.settings import MiningSettings
from mining.sweeping import sweep_texts
from mining.tasks import mine_handler
from tests.factories import make_event, make_proposal
from tests.mining.conftest import Mined

SETTINGS = MiningSettings()
OLD = "of an older Harvest"


def understand(database: Database, *texts: str) -> None:
    name = "all-MiniLM-L6-v2 by openvino"
    embed_texts(database, name, lambda: load_embedder(SETTINGS.embedder), list(texts), lambda f, n: None)


def kept(session: Session) -> set[str]:
    return set(session.scalars(select(Embedding.content_hash)))


def test_vectors_of_proposals_stay_as_long_as_their_text(database: Database) -> None:
    with database.writing() as session:
        proposal = make_proposal(session, make_event(session))
        text = compared(brief_of(proposal))
    understand(database, text, OLD)
    with database.writing() as session:
        assert sweep_texts(session) == 1 and kept(session) == {key_of(text)}
        session.merge(proposal).challenge = "Something else altogether, after thinking about it."
        assert sweep_texts(session) == 1 and kept(session) == set()


def test_a_job_that_mines_sweeps_as_well(spare: Database, mined: Mined) -> None:
    understand(spare, OLD)
    with spare.writing() as session:
        assert key_of(OLD) in kept(session)
        job_id = enqueue(session, "mine", mined.event_id, mined.event_id, {}).id
    assert Ledger(spare, {"mine": mine_handler(SETTINGS)}, 60).run(job_id) == JobState.DONE
    with spare.reading() as session:
        assert key_of(OLD) not in kept(session) and kept(session)
