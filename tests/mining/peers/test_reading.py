"""What is shown of peer groups: pages, files and a member's own view; nobody who did not agree."""

import csv
import io
import json

from capture.database import Database
from mining.peers.changes import wish
from mining.peers.reading import COLUMNS, as_csv, document, group_of_member, peer_groups_of
from mining.suggestion_models import Draw, PeerGroup, PeerGroupMember, PeerWish
from tests.factories import make_roster_entry
from tests.mining.gathering import HIDDEN, Gathering, gathering  # noqa: F401  (a fixture)
from tests.mining.peers.test_groups import drawn


def test_before_a_draw_there_are_people_and_no_groups(database: Database, gathering: Gathering) -> None:  # noqa: F811
    with database.reading() as session:
        groups = peer_groups_of(session, gathering.event(session))
    assert (groups.draw_id, len(groups.peers), groups.groups) == (None, 12, ())


def test_nobody_who_did_not_agree_is_shown_even_where_rows_of_them_are_left(
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    drawn(database, gathering)
    with database.writing() as session:
        event = gathering.event(session)
        draw = session.query(Draw).one()
        group = session.query(PeerGroup).first()
        session.add(PeerGroupMember(peer_group_id=group.id, entry_id=gathering.hidden))
        one, other = sorted((gathering.hidden, gathering.entries["Anna Weber"]))
        session.add(PeerWish(event_id=event.id, one_id=one, other_id=other, together=True, made_by="x"))
        draw.left_over = [{"entry": gathering.hidden, "reason": "why"}]
        session.flush()
        session.expire_all()
        groups = peer_groups_of(session, event)
        own = group_of_member(session, event, gathering.entries["Anna Weber"], 1)
        shown = json.dumps(document(event, groups)) + as_csv(groups) + repr(groups) + repr(own)
        assert group_of_member(session, event, gathering.hidden, 1) is None
    for secret in (HIDDEN, "hidden.example", "Secretariat", "Nowhere"):
        assert secret not in shown


def test_members_read_of_themes_that_enough_groups_raised_alone(database: Database, gathering: Gathering) -> None:  # noqa: F811
    drawn(database, gathering)
    with database.reading() as session:
        event, anna = gathering.event(session), gathering.entries["Anna Weber"]
        open_, closed = (group_of_member(session, event, anna, quorum) for quorum in (3, 4))
    assert open_ and closed and open_.challenge and open_.challenge.label in open_.why
    assert closed.challenge is None and open_.challenge.label not in closed.why
    assert anna in [peer.entry_id for peer in open_.members]


def test_a_wish_that_came_after_the_draw_is_shown_on_the_group(database: Database, gathering: Gathering) -> None:  # noqa: F811
    one, other, *_ = drawn(database, gathering).groups[0].members
    with database.writing() as session:
        wish(session, gathering.event(session), one.entry_id, other.entry_id, False, "Olive")
        groups = peer_groups_of(session, gathering.event(session)).groups
    assert "must not sit together" in groups[0].wrong and not groups[1].wrong


def test_a_table_has_a_row_per_person_and_no_formulas(database: Database, gathering: Gathering) -> None:  # noqa: F811
    drawn(database, gathering)
    with database.writing() as session:
        make_roster_entry(session, gathering.event(session), "=cmd()", department="@x")
        rows = list(csv.DictReader(io.StringIO(as_csv(peer_groups_of(session, gathering.event(session))))))
    assert tuple(rows[0]) == COLUMNS and len(rows) == 13
    assert (rows[-1]["name"], rows[-1]["department"], rows[-1]["group"]) == ("'=cmd()", "'@x", "")
    assert rows[0]["theme"] and rows[0]["why"]
