"""Who sat together before: at the tables of this event, and in peer groups that really met."""

from datetime import timedelta

from capture.database import Database, utcnow
from mining.peers.acquaintance import acquainted
from mining.peers.themes import peers_of
from mining.suggestion_models import Draw, PeerGroup, PeerGroupMember
from tests.mining.gathering import Gathering, gather, gathering  # noqa: F401  (a fixture)

NOW = utcnow()
DAY = timedelta(days=1)


def draw(session, event_id: int, members: list[int], drawn: float, first: float | None, **values: object) -> None:
    """Days from now; below 0 they are over."""
    row = Draw(event_id=event_id, made_by="me", parameters={}, figures={}, made_at=NOW + drawn * DAY)
    session.add(row)
    session.flush()
    when = None if first is None else NOW + first * DAY
    group = PeerGroup(draw_id=row.id, number=1, first_on=when, **values)
    session.add(group)
    session.flush()
    session.add_all(PeerGroupMember(peer_group_id=group.id, entry_id=key) for key in members)
    session.flush()


def met(database: Database, gathering: Gathering) -> dict[frozenset[str], str]:  # noqa: F811
    names = {key: name for name, key in gathering.entries.items()}
    with database.reading() as session:
        event = gathering.event(session)
        pairs = acquainted(session, event, peers_of(session, event), NOW)
    return {frozenset(names[key] for key in pair): where for pair, where in pairs.items()}


def test_whoever_sat_in_one_group_has_met_and_those_who_did_not_agree_are_not_told(
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    pairs = met(database, gathering)
    assert pairs[frozenset(("Anna Weber", "Bo Lind"))] == "“Room 1”"
    assert len(pairs) == 12  # three of each of four rooms


def test_peer_groups_count_once_their_day_has_come_and_not_when_drawn_anew_before(
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    anna, dora, gus, jun = (gathering.entries[n] for n in ("Anna Weber", "Dora Quist", "Gus Perrin", "Jun Ortiz"))
    with database.writing() as session:
        draw(session, gathering.event_id, [anna, dora], -40, -30)  # met
        draw(session, gathering.event_id, [anna, gus], -25, -10)  # replaced before its day
        draw(session, gathering.event_id, [anna, jun], -20, None)  # never had one
        draw(session, gathering.event_id, [dora, gus], -15, 5)  # is still to come
    pairs = met(database, gathering)
    assert "peer group after “Spring”" in pairs[frozenset(("Anna Weber", "Dora Quist"))]
    for other in ("Gus Perrin", "Jun Ortiz"):
        assert frozenset(("Anna Weber", other)) not in pairs
    assert frozenset(("Dora Quist", "Gus Perrin")) not in pairs


def test_people_of_an_earlier_event_of_the_programme_are_known_by_their_address(database: Database) -> None:
    with database.writing() as session:
        earlier = gather(session, "spring", programme="Side by Side")
        now = gather(session, "autumn", programme="Side by Side")
        for name in ("Anna Weber", "Dora Quist"):
            now.entry(session, name).email = f"{name} again"
            session.flush()
            earlier.entry(session, name).email, now.entry(session, name).email = None, f"{name}@x.org".lower()
            session.flush()
        members = [earlier.entries[name] for name in ("Anna Weber", "Dora Quist", "Gus Perrin")]
        draw(session, earlier.event_id, members, -40, -30)
    assert frozenset(("Anna Weber", "Dora Quist")) not in met(database, now)
    with database.writing() as session:
        for name in ("Anna Weber", "Dora Quist"):
            mine, theirs = now.entry(session, name), earlier.entry(session, name)
            theirs.email = mine.email
    assert "after “Spring”" in met(database, now)[frozenset(("Anna Weber", "Dora Quist"))]
