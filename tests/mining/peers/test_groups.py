"""Drawing peer groups: from roster and themes to stored groups, with wishes, locks and conditions that cannot hold."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from capture.database import Database, utcnow
from capture.errors import Refused
from capture.models import RosterEntry
from mining.peers.changes import agree, get_group, lock, wish
from mining.peers.groups import Drawn, Options, Prepared, latest_draw, patience, prepare, solve, store
from mining.peers.reading import Groups, peer_groups_of
from mining.suggestion_models import Draw
from tests.factories import make_event, make_roster_entry
from tests.mining.gathering import HIDDEN, Gathering, gathering  # noqa: F401  (a fixture)

QUICK = Options(seconds=1.5)


def asked(database: Database, gathering: Gathering, options: Options = QUICK) -> Prepared:  # noqa: F811
    with database.reading() as session:
        return prepare(session, gathering.event(session), options)


def drawn(database: Database, gathering: Gathering, options: Options = QUICK) -> Groups:  # noqa: F811
    prepared = asked(database, gathering, options)
    found: Drawn = solve(prepared)
    with database.writing() as session:
        store(session, gathering.event(session), prepared, found, "Olive")
    with database.reading() as session:
        return peer_groups_of(session, gathering.event(session))


def wished(database: Database, gathering: Gathering, one: str, other: str, together: bool) -> None:  # noqa: F811
    with database.writing() as session:
        keys = gathering.entries[one], gathering.entries[other]
        wish(session, gathering.event(session), *keys, together, "Olive")


def refusal(database: Database, gathering: Gathering, options: Options = QUICK) -> str:  # noqa: F811
    with pytest.raises(Refused) as refused:
        solve(asked(database, gathering, options))
    return str(refused.value)


def test_groups_share_a_theme_come_from_different_places_and_have_not_met(
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    groups = drawn(database, gathering)
    assert sorted(peer.name for group in groups.groups for peer in group.members) == sorted(gathering.entries)
    for group in groups.groups:
        assert 3 <= len(group.members) <= 6
        assert group.challenge and all(group.challenge.strand in peer.fits for peer in group.members)
        assert len({peer.unit for peer in group.members}) > 1
        assert "have not sat together" in group.why and HIDDEN not in group.why
    figures = groups.figures
    assert figures["random"]["value"] < figures["value"] <= figures["bound"]
    assert figures["greedy"]["value"] <= figures["value"]


def test_wishes_are_kept(database: Database, gathering: Gathering) -> None:  # noqa: F811
    wished(database, gathering, "Anna Weber", "Bo Lind", True)
    wished(database, gathering, "Cleo Marsh", "Dora Quist", False)
    seats = {peer.name: group.number for group in drawn(database, gathering).groups for peer in group.members}
    assert seats["Anna Weber"] == seats["Bo Lind"]
    assert seats["Cleo Marsh"] != seats["Dora Quist"]


def test_a_locked_group_stays_when_people_are_seated_anew(database: Database, gathering: Gathering) -> None:  # noqa: F811
    before = drawn(database, gathering).groups[1]
    with database.writing() as session:
        lock(session, gathering.event_id, before.number, True)
        get_group(session, gathering.event_id, before.number).place = "Canteen"
    after = drawn(database, gathering, Options(seconds=1.5, seed=7)).groups
    assert (after[0].members, after[0].locked, after[0].place) == (before.members, True, "Canteen")
    assert len({peer.entry_id for group in after for peer in group.members}) == 12


def test_people_left_over_are_listed_with_the_reason(database: Database, gathering: Gathering) -> None:  # noqa: F811
    with database.writing() as session:
        make_roster_entry(session, gathering.event(session), "Mia Roth")
    left = {peer.name: reason for peer, reason in drawn(database, gathering).left}
    assert left == {"Mia Roth": "No theme of theirs is known: they sat in no group, and they picked none."}


def test_whoever_withdraws_while_people_are_seated_is_not_stored(database: Database, gathering: Gathering) -> None:  # noqa: F811
    prepared = asked(database, gathering)
    found = solve(prepared)
    with database.writing() as session:
        agree(session, gathering.event_id, gathering.entries["Anna Weber"], False)
        store(session, gathering.event(session), prepared, found, "Olive")
        seated = {m.entry_id for group in latest_draw(session, gathering.event_id).groups for m in group.members}
    assert gathering.entries["Anna Weber"] not in seated and len(seated) == 11


def test_earlier_draws_stay_only_where_they_have_dates(database: Database, gathering: Gathering) -> None:  # noqa: F811
    first, second = drawn(database, gathering).draw_id, drawn(database, gathering).draw_id
    with database.writing() as session:
        latest_draw(session, gathering.event_id).groups[0].first_on = utcnow() + timedelta(days=1)
    third = drawn(database, gathering).draw_id
    with database.reading() as session:
        assert session.scalars(select(Draw.id).order_by(Draw.id)).all() == [second, third]
    assert first not in (second, third)


@pytest.mark.parametrize(
    ("wishes", "options", "said"),
    [
        ([("Anna Weber", "Bo Lind", True), ("Bo Lind", "Cleo Marsh", True), ("Anna Weber", "Cleo Marsh", False)], QUICK,
         "Anna Weber and Cleo Marsh must not sit together, and other wishes say that they must (through Bo Lind)"),
        ([("Anna Weber", "Bo Lind", True), ("Bo Lind", "Cleo Marsh", True), ("Cleo Marsh", "Dora Quist", True)],
         Options(largest=3), "Anna Weber, Bo Lind, Cleo Marsh and Dora Quist must all sit together"),
        ([], Options(smallest=5, largest=4), "Groups of 5 to 4 cannot be"),
        ([], Options(smallest=12, largest=12, seconds=1), "no theme is shared by 12 people"),
        ([], Options(seconds=0), "A time limit of 0 seconds cannot be"),
    ],
)  # fmt: skip
def test_conditions_that_cannot_hold_are_named(
    database: Database,
    gathering: Gathering,  # noqa: F811
    wishes: list[tuple[str, str, bool]],
    options: Options,
    said: str,
) -> None:
    for each in wishes:
        wished(database, gathering, *each)
    assert said in refusal(database, gathering, options)


def test_one_department_is_said_and_can_be_allowed(database: Database, gathering: Gathering) -> None:  # noqa: F811
    with database.writing() as session:
        for entry in session.scalars(select(RosterEntry).where(RosterEntry.opt_in)):
            entry.department, entry.organisation = "Finance", "Ellerby"
    assert "Everybody comes from Finance" in refusal(database, gathering)
    assert len(drawn(database, gathering, Options(seconds=1, differ=False)).left) == 0


def test_two_people_are_too_few(database: Database, gathering: Gathering) -> None:  # noqa: F811
    with database.writing() as session:
        for name in list(gathering.entries)[2:]:
            gathering.entry(session, name).opt_in = False
    assert "A group needs three people, and only two people can be seated" in refusal(database, gathering)


def test_wishes_that_forbid_every_group_are_named(database: Database, gathering: Gathering) -> None:  # noqa: F811
    names = ["Anna Weber", "Dora Quist", "Gus Perrin", "Hana Sato"]
    with database.writing() as session:
        for name in set(gathering.entries) - set(names):
            gathering.entry(session, name).opt_in = False
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            wished(database, gathering, one, other, False)
    told = refusal(database, gathering)
    assert told.startswith("No group is possible, because these must not sit together: ") and "Anna Weber" in told


def test_a_lock_that_goes_against_a_wish_is_named(database: Database, gathering: Gathering) -> None:  # noqa: F811
    group = drawn(database, gathering).groups[0]
    inside = [peer.name for peer in group.members]
    outside = next(name for name in gathering.entries if name not in inside)
    with database.writing() as session:
        lock(session, gathering.event_id, group.number, True)
    wished(database, gathering, inside[0], outside, True)
    assert "one of them is in a locked group" in refusal(database, gathering)


def test_without_themes_or_roster_it_says_what_to_do_first(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session, "empty")
        with pytest.raises(Refused, match="harvest mine empty"):
            prepare(session, event, QUICK)


def test_patience_grows_with_the_crowd_and_ends() -> None:
    assert patience(40) < patience(200) <= 20 < patience(1000) <= 100
    assert patience(100_000) <= 100
