"""Changes by hand: each checked, none half done."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from capture.database import Database, utcnow
from capture.errors import NotFound, Refused
from capture.roster import remove_entry
from mining.peers import changes
from mining.peers.reading import RESTED, Groups, peer_groups_of
from mining.suggestion_models import Draw, PeerWish, Pick
from tests.factories import make_roster_entry
from tests.mining.gathering import Gathering, gathering  # noqa: F401  (a fixture)
from tests.mining.peers.test_groups import drawn, wished


@pytest.fixture
def seated(database: Database, gathering: Gathering) -> dict[int, list[str]]:  # noqa: F811
    """{group: names}"""
    return names(drawn(database, gathering))


def names(groups: Groups) -> dict[int, list[str]]:
    return {group.number: [peer.name for peer in group.members] for group in groups.groups}


def now(database: Database, gathering: Gathering) -> dict[int, list[str]]:  # noqa: F811
    with database.reading() as session:
        return names(peer_groups_of(session, gathering.event(session)))


def test_a_wish_is_about_two_people_who_agreed_and_is_noted_once(database: Database, gathering: Gathering) -> None:  # noqa: F811
    wished(database, gathering, "Bo Lind", "Anna Weber", True)
    with database.writing() as session:
        event, (anna, bo, *_) = gathering.event(session), gathering.entries.values()
        with pytest.raises(Refused, match="must sit together. Remove that wish first"):
            changes.wish(session, event, anna, bo, False, "Olive")
        with pytest.raises(Refused, match="two people"):
            changes.wish(session, event, anna, anna, False, "Olive")
        with pytest.raises(NotFound):
            changes.wish(session, event, anna, gathering.hidden, False, "Olive")
        [row] = session.scalars(select(PeerWish)).all()
        changes.remove_wish(session, gathering.event_id, row.id)
        with pytest.raises(NotFound):
            changes.remove_wish(session, gathering.event_id, row.id)


def test_people_move_and_change_places(database: Database, gathering: Gathering, seated: dict[int, list[str]]) -> None:  # noqa: F811
    one, other = seated[1][0], seated[2][0]
    keys = gathering.entries
    with database.writing() as session:
        changes.swap(session, gathering.event(session), keys[one], keys[other])
    assert other in now(database, gathering)[1] and one in now(database, gathering)[2]
    with database.writing() as session:
        changes.move(session, gathering.event(session), keys[one], 1)
    assert len(now(database, gathering)[1]) == len(seated[1]) + 1
    with database.writing() as session:
        changes.move(session, gathering.event(session), keys[one], None)
        shown = peer_groups_of(session, gathering.event(session))
    assert [peer.name for peer, _ in shown.left] == [one]
    assert shown.figures["by_hand"]
    assert "fewer people" in next(group.wrong for group in shown.groups if group.number == 2)


def test_hands_keep_to_wishes_locks_and_sizes(
    database: Database,
    gathering: Gathering,  # noqa: F811
    seated: dict[int, list[str]],
) -> None:
    keys = gathering.entries
    apart, partner, third = seated[1][0], seated[1][1], seated[2][0]
    wished(database, gathering, apart, third, False)
    wished(database, gathering, partner, seated[1][2], True)
    with database.writing() as session:
        event = gathering.event(session)
        with pytest.raises(Refused, match="must not sit together"):
            changes.move(session, event, keys[apart], 2)
        with pytest.raises(Refused, match="must sit together"):
            changes.swap(session, event, keys[partner], keys[seated[2][1]])
        with pytest.raises(Refused, match="already"):
            changes.move(session, event, keys[apart], 1)
        with pytest.raises(NotFound, match="no peer group 99"):
            changes.move(session, event, keys[apart], 99)
        changes.lock(session, event.id, 3, True)
        with pytest.raises(Refused, match="Group 3 is locked"):
            changes.move(session, event, keys[apart], 3)
        for name in seated[4]:
            changes.get_group(session, event.id, 4)
            if len(now_in(session, event, 2)) < 6:
                changes.move(session, event, keys[name], 2)
        with pytest.raises(Refused, match="Group 2 is full"):
            changes.move(session, event, keys[seated[1][1]], 2)


def now_in(session, event, number: int) -> list[str]:
    return names(peer_groups_of(session, event)).get(number, [])


def test_whoever_withdraws_leaves_their_group_at_once_and_no_file_brings_them_back(
    database: Database,
    gathering: Gathering,  # noqa: F811
    seated: dict[int, list[str]],
) -> None:
    name = seated[1][0]
    with database.writing() as session:
        changes.pick(session, gathering.event(session), gathering.entries[name], [1], quorum=3)
        changes.agree(session, gathering.event_id, gathering.entries[name], False)
        assert session.scalars(select(Pick)).all() == []
        assert gathering.entry(session, name).answered
        changes.agree(session, gathering.event_id, gathering.entries[name], True)
    assert name not in str(now(database, gathering))


def test_taking_somebody_off_the_roster_takes_them_out_of_their_group_and_its_line(
    database: Database,
    gathering: Gathering,  # noqa: F811
    seated: dict[int, list[str]],
) -> None:
    with database.writing() as session:
        remove_entry(session, gathering.event_id, gathering.entries[seated[1][0]])
        group = peer_groups_of(session, gathering.event(session)).groups[0]
    assert [peer.name for peer in group.members] == seated[1][1:]
    assert group.why.startswith("Both live with")


def test_picks_are_of_themes_that_enough_groups_raised(database: Database, gathering: Gathering) -> None:  # noqa: F811
    anna, strands = gathering.entries["Anna Weber"], gathering.strands
    with database.writing() as session:
        event = gathering.event(session)
        changes.pick(session, event, anna, [strands["Quiet hour"], strands["Finance review"]], quorum=3)
        changes.pick(session, event, anna, [strands["Quiet hour"]], quorum=3)
        assert session.scalars(select(Pick.strand_id)).all() == [strands["Quiet hour"]]
        with pytest.raises(Refused, match="not offered"):
            changes.pick(session, event, anna, [strands["Empty chair"]], quorum=3)
        with pytest.raises(NotFound):
            changes.pick(session, event, gathering.hidden, [strands["Quiet hour"]], quorum=3)


def test_dates_and_outcomes_are_noted(database: Database, gathering: Gathering, seated: dict[int, list[str]]) -> None:  # noqa: F811
    first = utcnow() + timedelta(days=20)
    with database.writing() as session:
        event_id = gathering.event_id
        changes.set_dates(session, event_id, None, changes.Dates(first, first + timedelta(weeks=5)))
        changes.lock(session, event_id, 1, True)
        changes.set_dates(session, event_id, 2, changes.Dates(first + timedelta(days=1), None, "Canteen"))
        changes.set_dates(session, event_id, None, changes.Dates(first + timedelta(days=3), None))
        groups = [changes.get_group(session, event_id, number) for number in (1, 2)]
        assert [(g.first_on, g.place) for g in groups] == [(first, ""), (first + timedelta(days=3), "Canteen")]
        with pytest.raises(Refused, match="not after the first"):
            changes.set_dates(session, event_id, 1, changes.Dates(first, first))
        changes.set_outcome(session, event_id, 1, "project")
        with pytest.raises(Refused, match="closed, project"):
            changes.set_outcome(session, event_id, 1, "fun")
        assert groups[0].outcome == "project"


def test_whoever_is_added_after_a_removal_is_told_nothing_of_the_one_before(
    database: Database,
    gathering: Gathering,  # noqa: F811
    seated: dict[int, list[str]],
) -> None:
    """SQLite gives the number of a removed line to the next one."""
    with database.writing() as session:
        event = gathering.event(session)
        gone = make_roster_entry(session, event, "Mia Roth").id
        other = gathering.entries[seated[1][0]]
        draw = session.scalars(select(Draw)).one()
        draw.left_over = [{"entry": gone, "reason": "No theme of theirs."}, {"entry": other, "reason": "Full."}]
    with database.writing() as session:
        event = gathering.event(session)
        assert changes.take_off(session, event, gone) == "Mia Roth"
        assert make_roster_entry(session, event, "Noa Late").id == gone
        left = {peer.name: reason for peer, reason in peer_groups_of(session, event).left}
        assert left["Noa Late"] == RESTED
        assert [each["entry"] for each in session.scalars(select(Draw)).one().left_over] == [other]
        with pytest.raises(NotFound):
            changes.take_off(session, event, 999)
