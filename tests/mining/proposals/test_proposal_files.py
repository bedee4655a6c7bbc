"""Proposals as data and as a table: for everybody what their page shows."""

import csv
import json
from io import StringIO

from sqlalchemy.orm import Session

from capture.models import ProposalMode, Role
from mining.proposals.proposal_files import HEAD, list_document, listed, one_document, table, themes_answered
from mining.proposals.proposals import edit
from mining.proposals.support import ask, endorse, join
from mining.suggestion_models import Proposal, ProposalState
from tests.factories import BRIEF, make_proposal
from tests.mining.crowd import THEMES, Crowd
from tests.mining.proposing import actor, brief, make_understood

QUORUM = 3


def crowded(session: Session) -> tuple[Crowd, list[Proposal]]:
    """An open proposal on a theme of seven groups, one on a theme of two, and one that was withdrawn."""
    crowd = make_understood(session)
    rows = [
        make_proposal(session, crowd.event, title=title, strand_id=crowd.themes[number].strand_id, state=state)
        for title, number, state in (
            ("=Wide", 1, ProposalState.OPEN),
            ("Narrow", 4, ProposalState.OPEN),
            ("Gone", 1, ProposalState.WITHDRAWN),
        )
    ]
    return crowd, rows


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_nobody_reads_of_a_theme_of_few_groups_or_of_what_was_withdrawn(session: Session) -> None:
    crowd, rows = crowded(session)
    staff, alumnus = actor(session, crowd.event, "Pat", Role.DESIGNER), actor(session, crowd.event, "Al")
    all_ = listed(session, rows[0].programme_id, staff)
    mine = listed(session, rows[0].programme_id, alumnus)
    assert {page.row.id for page in all_} == {row.id for row in rows}
    assert {page.row.id for page in mine} == {row.id for row in rows[:2]}
    assert themes_answered(session, all_, None) == {
        rows[0].id: THEMES[1][0],
        rows[1].id: THEMES[4][0],
        rows[2].id: THEMES[1][0],
    }
    told = themes_answered(session, mine, QUORUM)
    assert list(told) == [rows[0].id]
    text = json.dumps(list_document("crowd", mine, told)) + table(mine, told)
    assert THEMES[4][0] not in text and "Gone" not in text and told[rows[0].id] in text


def test_the_table_has_a_line_for_each_with_all_that_was_said(session: Session) -> None:
    crowd, rows = crowded(session)
    bob, eve = actor(session, crowd.event, "Bob"), actor(session, crowd.event, "Eve")
    endorse(session, rows[0], eve)
    join(session, rows[0], bob)
    for question in ("When did you last say no?", "=What would you give up?"):
        ask(session, rows[0], eve, question)
    pages = listed(session, rows[0].programme_id, bob)
    [first, second] = lines(table(pages, themes_answered(session, pages, QUORUM)))
    assert tuple(first) == HEAD
    assert first["title"] == "'=Wide" and first["others who have this too"] == "2"
    assert first["want to work on it"] == "Bob" and "Eve" not in "".join(first.values())
    assert first["questions it should ask"].splitlines() == ["When did you last say no?", "=What would you give up?"]
    assert first["what is the challenge"] == BRIEF["challenge"] and second["theme"] == ""
    assert first["answer"] == first["answered by"] == ""


def test_it_is_searched_as_the_list_is(session: Session) -> None:
    crowd, rows = crowded(session)
    staff = actor(session, crowd.event, "Pat", Role.DESIGNER)
    programme = rows[0].programme_id
    assert [page.row.title for page in listed(session, programme, staff, search="narrow")] == ["Narrow"]
    assert [page.row.title for page in listed(session, programme, staff, state="withdrawn")] == ["Gone"]
    assert listed(session, None, staff) == []


def test_the_document_of_one_holds_the_history_as_its_page_does(session: Session) -> None:
    crowd, rows = crowded(session)
    bob = actor(session, crowd.event, "Bob")
    edit(session, ProposalMode.OPEN, rows[0], bob, brief(title="Much wider"), rows[0].version, rows[0].strand_id)
    [page] = listed(session, rows[0].programme_id, bob, search="wider")
    document = one_document("crowd", page, {})
    assert document["event"] == "crowd" and document["changes"] == 1 and document["theme"] is None
    [change] = document["history"]
    assert change["by"] == "Bob" and [field["label"] for field in change["fields"]]
    assert [piece["text"] for piece in change["fields"][0]["pieces"] if piece["how"] == "new"] == ["Much wider"]
    assert json.loads(json.dumps(document)) == document
