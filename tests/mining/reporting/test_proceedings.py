"""The values of the book of proceedings, attacked like the report's; and what it must hold."""

import pytest
from sqlalchemy import select

from capture.database import Database
from capture.errors import Refused
from capture.models import Person
from mining.reporting.proceedings import proceedings
from mining.suggestion_models import Proposal, ProposalState
from tests.factories import BRIEF, make_event, make_proposal
from tests.mining.reported import DAY, make_reported, told_of_hidden
from tests.mining.reporting.test_sponsor_report import everything


def test_it_holds_themes_with_quotes_questions_and_proposals_and_nothing_hidden(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        book = proceedings(session, crowd.event, DAY)
        assert [len(theme.quotes) for theme in book.themes] == [4, 4, 3]
        assert [draft.title for draft in book.asking] == ["Meetings without an end"]
        [proposed] = book.proposals
        assert (proposed.title, proposed.proposer) == (BRIEF["title"], "Ada Alum")
        assert (proposed.challenge, proposed.matters, proposed.success) == tuple(BRIEF.values())[1:]
        assert told_of_hidden(everything(book), session, crowd) == []


def test_whom_to_ask_are_the_organisers_unless_somebody_else_is_named(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        assert proceedings(session, crowd.event, DAY).contact == "Olga Organiser"
        assert proceedings(session, crowd.event, DAY, " the desk,\n room 2 ").contact == "the desk, room 2"


def test_proposals_are_those_of_this_event_as_everybody_reads_them(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        make_proposal(session, make_event(session, "other"), title="Elsewhere")
        [first] = session.scalars(select(Proposal).where(Proposal.title == BRIEF["title"]))
        merged = make_proposal(session, crowd.event, title="The same", state=ProposalState.MERGED, merged_into=first.id)
        session.delete(session.scalars(select(Person).where(Person.name == "Ada Alum")).one())
        session.flush()
        session.expire_all()
        found = {each.title: each for each in proceedings(session, crowd.event, DAY).proposals}
        assert set(found) == {BRIEF["title"], merged.title}
        assert found["The same"].into == BRIEF["title"]
        assert found[BRIEF["title"]].proposer is None


def test_an_event_that_was_not_mined_is_refused(database: Database) -> None:
    with database.writing() as session, pytest.raises(Refused, match="have not been looked for yet"):
        proceedings(session, make_event(session, "later"), DAY)
