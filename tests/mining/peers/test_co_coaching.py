"""Two organisations matched on challenges."""

import pytest

from capture.database import Database
from capture.errors import NotFound, Refused
from mining.peers.co_coaching import Match, match, organisations_of
from mining.suggestion_models import Pick
from tests.factories import make_roster_entry
from tests.mining.gathering import HIDDEN, Gathering, gathering  # noqa: F401  (a fixture)
from tests.mining.peers.test_groups import wished


def matched(database: Database, gathering: Gathering, one: str = "Harrow", other: str = "Ellerby") -> Match:  # noqa: F811
    with database.reading() as session:
        return match(session, gathering.event(session), one, other)


def test_people_meet_across_and_share_what_the_line_says(database: Database, gathering: Gathering) -> None:  # noqa: F811
    found = matched(database, gathering)
    assert len(found.matched) == 3
    for each in found.matched:
        assert {peer.organisation for peer in each.ours} == {"Harrow"}
        assert {peer.organisation for peer in each.theirs} == {"Ellerby"}
        assert all(each.challenge.strand in peer.fits for peer in (*each.ours, *each.theirs))
        assert each.challenge.label in each.reason
    assert {peer.name for e in found.matched for peer in e.theirs} <= set(gathering.entries)
    assert HIDDEN not in repr(found)


def test_a_pick_decides_and_is_said_and_rivals_are_never_paired(database: Database, gathering: Gathering) -> None:  # noqa: F811
    chair = gathering.strands["Empty chair"]
    with database.writing() as session:
        for name in ("Anna Weber", "Bo Lind"):
            session.add(Pick(entry_id=gathering.entries[name], strand_id=chair))
    pair = next(each for each in matched(database, gathering).matched if each.ours[0].name == "Anna Weber")
    assert "Bo Lind" in [peer.name for peer in pair.theirs]
    wished(database, gathering, "Anna Weber", "Bo Lind", False)
    pair = next(each for each in matched(database, gathering).matched if each.ours[0].name == "Anna Weber")
    assert "Bo Lind" not in [peer.name for peer in pair.theirs]


def test_the_larger_side_shares_and_the_rest_is_told(database: Database, gathering: Gathering) -> None:  # noqa: F811
    with database.writing() as session:
        event = gathering.event(session)
        make_roster_entry(session, event, "Solo Ray", [gathering.groups[0]], organisation="Tiny")
    found = matched(database, gathering, "tiny", "Ellerby")
    assert found.organisations == ("Tiny", "Ellerby")
    assert [len(each.theirs) for each in found.matched] == [3]
    assert len(found.left) == 6 and all("too few people of Tiny" in reason for _, reason in found.left)


def test_what_cannot_be_matched_is_said(database: Database, gathering: Gathering) -> None:  # noqa: F811
    with database.reading() as session:
        assert organisations_of(session, gathering.event(session)) == ["Ellerby", "Harrow"]
    with pytest.raises(NotFound, match="“Ellerby” and “Harrow”"):
        matched(database, gathering, "Nowhere Ltd", "Ellerby")
    with pytest.raises(Refused, match="two organisations"):
        matched(database, gathering, "ellerby", "Ellerby")
