"""Which challenges are somebody's: the talk of the groups they sat in, and their own picks."""

from sqlalchemy import update

from capture.database import Database, utcnow
from capture.models import Event
from mining.peers.themes import Peer, challenges_of, peers_of
from mining.suggestion_models import Pick
from tests.factories import make_roster_entry
from tests.mining.gathering import Gathering, gathering  # noqa: F401  (a fixture)


def test_only_people_who_agreed_are_read(database: Database, gathering: Gathering) -> None:  # noqa: F811
    with database.reading() as session:
        peers = peers_of(session, gathering.event(session))
    assert set(peers) == set(gathering.entries.values())


def test_a_theme_is_worth_its_share_of_the_talk_of_all_groups_somebody_sat_in(
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    finance, quiet, phone, boss, chair = gathering.strands.values()
    with database.writing() as session:
        event = gathering.event(session)
        both = make_roster_entry(session, event, "Mia Roth", [gathering.groups[0], gathering.groups[3]]).id
        peers = peers_of(session, event)
    assert peers[gathering.entries["Anna Weber"]].fits == {finance: 40, phone: 40, boss: 40}
    assert peers[both].fits == {finance: 20, quiet: 20, phone: 40, boss: 40, chair: 20}


def test_a_pick_weighs_more_than_all_talk_and_needs_no_group(database: Database, gathering: Gathering) -> None:  # noqa: F811
    finance, quiet, *_ = gathering.strands.values()
    with database.writing() as session:
        event = gathering.event(session)
        late = make_roster_entry(session, event, "Mia Roth").id
        anna = gathering.entries["Anna Weber"]
        session.add_all([Pick(entry_id=late, strand_id=quiet), Pick(entry_id=anna, strand_id=finance)])
        session.flush()
        peers = peers_of(session, event)
    assert peers[late].fits == {quiet: 100} and peers[late].picks == {quiet}
    assert peers[anna].fits[finance] == 140


def test_themes_that_must_not_be_shown_any_more_bring_nobody_together(
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    with database.writing() as session:
        assert [theme.label for theme in challenges_of(session, gathering.event_id).values()][:1] == ["Finance review"]
        session.execute(update(Event).values(retracted_at=utcnow()))
    with database.reading() as session:
        assert challenges_of(session, gathering.event_id) == {}
        assert all(not peer.fits for peer in peers_of(session, gathering.event(session)).values())


def test_a_unit_is_a_department_of_an_organisation_in_any_spelling() -> None:
    def unit(organisation: str, department: str) -> str:
        return Peer(1, "", None, organisation, department, {}, frozenset(), ()).unit

    assert unit("Ellerby  Ovens", "FINANCE") == unit("ellerby ovens", "Finance")
    assert unit("A", "Finance") != unit("B", "Finance")
    assert unit("", "") == ""
