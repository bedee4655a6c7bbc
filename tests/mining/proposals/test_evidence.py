"""What is near to what somebody types, by the real model: and nothing that too few groups raised."""

import pytest
from sqlalchemy import func, select

from capture.database import Database
from mining.catalogue.module_study import study
from mining.embedding.embedder import BUNDLED
from mining.embedding.live_embedder import live_embedder
from mining.models import Embedding
from mining.proposals.evidence import AT_ONCE, Evidence, compared, evidence, keep_vector
from mining.proposals.proposals import brief_of
from mining.suggestion_models import ProposalState
from tests.factories import make_module, make_proposal
from tests.mining.crowd import ROOMS, SECRETS, THEMES, Crowd
from tests.mining.proposing import DELEGATION, HARASSMENT, LYON, brief, make_understood

EMPTY = {"title": "", "matters": "", "success": ""}


@pytest.fixture
def crowd(database: Database) -> Crowd:
    with database.writing() as session:
        return make_understood(session)


def look(database: Database, crowd: Crowd, text: str, quorum: int = 3, **more) -> Evidence:
    typed = brief(challenge=text, **EMPTY)
    programme = more.pop("programme_id", None)
    return evidence(database, crowd.event, programme, quorum, live_embedder(BUNDLED), typed, **more)


def test_a_near_theme_comes_with_its_groups_and_quotes_of_different_ones(database: Database, crowd: Crowd) -> None:
    found = look(database, crowd, DELEGATION)
    near = found.themes[0]
    assert (near.theme.label, near.strand) == ("Delegation to the team", crowd.themes[2].strand_id)
    assert 1 <= len(near.quotes) <= 2 and all(SECRETS[2] in quote.text for quote in near.quotes)
    assert not any(room.lower() in f"{found}".lower() for room in ROOMS)


@pytest.mark.parametrize(("text", "hidden"), [(LYON, 5), (HARASSMENT, 4)])
def test_who_types_the_very_words_of_a_hidden_theme_is_shown_nothing_of_it(
    database: Database, crowd: Crowd, text: str, hidden: int
) -> None:
    found = look(database, crowd, text)
    assert hidden not in [near.theme.number for near in found.themes]
    told = f"{found}"
    assert SECRETS[hidden] not in told and THEMES[hidden][0] not in told
    assert hidden == 5 or look(database, crowd, text, quorum=2).themes[0].theme.number == hidden


def test_a_quorum_below_the_least_is_taken_for_that(database: Database, crowd: Crowd) -> None:
    assert 5 not in [near.theme.number for near in look(database, crowd, LYON, quorum=1).themes]


def test_small_talk_is_near_to_nothing_and_a_few_words_are_not_compared(database: Database, crowd: Crowd) -> None:
    found = look(database, crowd, "Showers for people who come by bicycle are cold all through the winter.")
    assert found.enough and found.nothing
    assert not look(database, crowd, "Lyon closing").enough


def test_near_proposals_are_found_but_not_itself_nor_what_is_gone(database: Database, crowd: Crowd) -> None:
    with database.writing() as session:
        row = make_proposal(session, crowd.event)
        gone = make_proposal(session, crowd.event, title="Withdrawn one", state=ProposalState.WITHDRAWN)
        far = make_proposal(
            session,
            crowd.event,
            title="Cold showers",
            challenge="The showers for people who come by bicycle are cold.",
            matters="I am cold for hours.",
        )
    text = "Since I lead my former colleagues and friends they fall silent when I come in, as I am their boss now."
    near = [each.id for each in look(database, crowd, text, programme_id=row.programme_id).proposals]
    assert row.id in near and gone.id not in near and far.id not in near
    without = look(database, crowd, text, programme_id=row.programme_id, but=row.id)
    assert row.id not in [each.id for each in without.proposals]


def test_near_modules_are_those_that_were_studied(database: Database, crowd: Crowd) -> None:
    with database.writing() as session:
        make_module(session, "Handing over", summary="Delegation to the team: letting go of work you do too well.")
        make_module(session, "Rivers and neighbours", summary="How a site lives with the town around it.")
    assert look(database, crowd, DELEGATION).modules == ()
    study(database, BUNDLED)
    assert [each.title for each in look(database, crowd, DELEGATION).modules] == ["Handing over"]


def test_what_is_typed_is_not_kept_and_what_is_proposed_is_embedded_once(database: Database, crowd: Crowd) -> None:
    def kept() -> int:
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(Embedding)) or 0

    look(database, crowd, DELEGATION)
    before = kept()
    look(database, crowd, LYON)
    assert kept() == before
    with database.writing() as session:
        row = make_proposal(session, crowd.event)
    keep_vector(database, live_embedder(BUNDLED), brief_of(row))
    look(database, crowd, LYON, programme_id=row.programme_id)
    assert kept() == before + 1


def test_of_many_proposals_that_were_never_embedded_some_are_at_a_time_the_newest_first(
    database: Database, crowd: Crowd
) -> None:
    with database.writing() as session:
        rows = [make_proposal(session, crowd.event, title=f"Cold showers {i}") for i in range(AT_ONCE + 5)]
        mine = make_proposal(session, crowd.event, title="Boss of my friends")
        programme = mine.programme_id
    live_embedder(BUNDLED).embed(["Ready."])

    def kept() -> int:
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(Embedding)) or 0

    look(database, crowd, DELEGATION)
    before = kept()
    text = "Since I lead my former colleagues and friends they fall silent when I come in, as I am their boss now."
    assert look(database, crowd, text, programme_id=programme).proposals
    assert kept() == before + AT_ONCE
    look(database, crowd, text, programme_id=programme)
    assert kept() == before + len(rows) + 1


def test_all_that_a_brief_says_is_compared_and_no_more_of_it_than_a_model_reads() -> None:
    said = compared(brief())
    assert all(" ".join(part.split()) in said for part in brief().said.values())
    assert len(compared(brief(challenge="x " * 20_000))) <= 1200


def test_an_event_that_was_never_mined_has_no_near_themes(database: Database, crowd: Crowd) -> None:
    from tests.factories import make_event

    with database.writing() as session:
        empty = make_event(session, "empty")
    typed = brief(challenge=LYON, **EMPTY)
    assert evidence(database, empty, None, 3, live_embedder(BUNDLED), typed).themes == ()
