from sqlalchemy import func, select

from capture.database import Database
from capture.models import Access, RosterEntry
from mining.suggestion_models import Draft, DraftState, Endorsement, PeerGroup, PeerGroupMember, Proposal
from tests.conftest import Demo


def test_the_demo_shows_what_follows_from_the_themes_and_a_second_run_adds_nothing(demo: Demo) -> None:
    database = Database(f"sqlite:///{demo.data / 'harvest.sqlite3'}")
    with database.reading() as session:
        titles = list(session.scalars(select(Draft.title)))
        assert any("Finance review" in title for title in titles) and len(titles) == len(set(titles)) >= 2
        states = list(session.scalars(select(Draft.state).order_by(Draft.id)))
        assert states == [DraftState.DRAFTED, *[DraftState.ACCEPTED] * (len(titles) - 1)]
        opted_in = select(RosterEntry.id).where(RosterEntry.opt_in)
        seated = list(session.scalars(select(PeerGroupMember.entry_id)))
        assert set(seated) <= set(session.scalars(opted_in)) and len(seated) == len(set(seated)) >= 30
        assert session.scalar(select(func.count()).select_from(PeerGroup)) >= 7
        assert session.scalar(select(func.count()).select_from(Access)) == 45
        proposals = session.scalars(select(Proposal).order_by(Proposal.id)).all()
        assert [proposal.title for proposal in proposals] == ["Getting an idea through the gate", "The seventh meeting"]
        assert all(proposal.strand_id and proposal.person_id for proposal in proposals)
        voices = select(Endorsement.proposal_id, func.count()).group_by(Endorsement.proposal_id)
        assert sorted(count for _, count in session.execute(voices)) == [1, 3]
    database.close()
    for said in ("People: 45 invited", "Drafts of modules that are missing: Finance review", "Proposals: 2."):
        assert said in demo.output
