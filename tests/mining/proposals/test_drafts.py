"""From an adopted proposal to a draft, written from real talk; and why there is none where there is none."""

import pytest

from capture.database import Database
from capture.errors import NotFound, Refused
from mining.proposals.drafts import draft_adopted
from mining.settings import MiningSettings
from mining.suggestion_models import Draft, ProposalState
from tests.factories import make_event, make_proposal
from tests.mining.curated import Spring


def adopted(database: Database, **values) -> int:
    with database.writing() as session:
        event = make_event(session, "empty")
        return make_proposal(session, event, state=ProposalState.ADOPTED, **values).id


def test_a_draft_is_written_from_the_theme_once(spring: Spring) -> None:
    strand = spring.on("friends").strand
    with spring.database.writing() as session:
        from capture.events import get_event

        row = make_proposal(session, get_event(session, "spring"), state=ProposalState.ADOPTED, strand_id=strand)
    first = draft_adopted(spring.database, MiningSettings(), row.id, "Dan")
    assert first.slug == "spring" and first.why_none == ""
    with spring.database.reading() as session:
        draft = session.get_one(Draft, first.draft_id)
        assert (draft.title, draft.strand_id, draft.proposal_id) == ("Boss of my friends", strand, row.id)
    assert draft_adopted(spring.database, MiningSettings(), row.id, "Dan") == first


def test_without_theme_or_event_it_is_said_why_there_is_none(database: Database) -> None:
    assert "No theme is chosen" in draft_adopted(database, MiningSettings(), adopted(database), "Dan").why_none
    with database.writing() as session:
        row = make_proposal(session, make_event(session, "gone"), state=ProposalState.ADOPTED, event_id=None)
    assert "event it was written beside is gone" in draft_adopted(database, MiningSettings(), row.id, "Dan").why_none


def test_a_theme_that_no_analysis_knows_gives_no_draft(database: Database) -> None:
    from tests.factories import make_strand

    with database.writing() as session:
        event = make_event(session)
        strand = make_strand(session, event)
        row = make_proposal(session, event, state=ProposalState.ADOPTED, strand_id=strand.id)
    drafted = draft_adopted(database, MiningSettings(), row.id, "Dan")
    assert drafted.draft_id is None and "harvest mine" in drafted.why_none


def test_only_what_is_adopted_becomes_a_draft(database: Database) -> None:
    with database.writing() as session:
        row = make_proposal(session, make_event(session))
    with pytest.raises(Refused, match="not adopted"):
        draft_adopted(database, MiningSettings(), row.id, "Dan")
    with pytest.raises(NotFound):
        draft_adopted(database, MiningSettings(), 999, "Dan")
