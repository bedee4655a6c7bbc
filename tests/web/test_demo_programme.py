import shutil
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from capture.console import Console
from capture.database import Database
from capture.models import Access, RosterEntry
from capture.settings import CaptureSettings
from mining.drafts.log import Edit, edit
from mining.schema import migrate
from mining.suggestion_models import (
    Draft,
    DraftChange,
    DraftState,
    Endorsement,
    PeerGroup,
    PeerGroupMember,
    Proposal,
)
from tests.conftest import SAMPLES, Demo
from web.demo_programme import lead_on


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


def test_drafts_that_were_cut_off_are_gone_on_with_unless_a_person_has_worked_on_them(
    demo: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(demo.data, data)
    console = Console(CaptureSettings(data=str(data)), migrate)

    def drafts() -> list[tuple[str, DraftState]]:
        with console.database().reading() as session:
            return [(each.title, each.state) for each in session.scalars(select(Draft).order_by(Draft.id))]

    def cut_off(session) -> Draft:
        """As if it had been killed while it wrote the last draft; returns the first one."""
        rows = session.scalars(select(Draft).order_by(Draft.id)).all()
        for each in rows:
            each.state, each.reason, each.version = DraftState.DRAFTED, "", 1
        session.execute(delete(DraftChange))
        session.delete(rows[-1])
        return rows[0]

    whole = drafts()
    with console.database().writing() as session:
        cut_off(session)
    lead_on(console, "spring-open-space", SAMPLES)
    assert drafts() == whole and capsys.readouterr().out.startswith("Drafts of modules that are missing: ")
    lead_on(console, "spring-open-space", SAMPLES)
    assert drafts() == whole and capsys.readouterr().out == ""

    with console.database().writing() as session:
        edit(session, cut_off(session), 1, Edit(title="Before finance says no"), "Ada")
    lead_on(console, "spring-open-space", SAMPLES)
    assert [state for _, state in drafts()] == [DraftState.DRAFTED] * (len(whole) - 1)
    assert capsys.readouterr().out == ""
