"""Who sat together before: in a group of this event, or in a peer group of the programme that really met.

Peer groups are to bring people together who have not been; `peer_groups` asks here, and says it where it cannot be.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import utcnow
from capture.models import Event, Group, RosterEntry
from mining.peers.seating import Pair
from mining.peers.themes import Peer
from mining.suggestion_models import Draw, PeerGroup, PeerGroupMember


def acquainted(
    session: Session, event: Event, peers: Mapping[int, Peer], now: datetime | None = None
) -> dict[Pair, str]:
    """{pair of entry ids: where they sat together, as in “they sat together in ...”}, of these people alone."""
    names = {key: name for key, name in session.execute(select(Group.id, Group.name).where(Group.event_id == event.id))}
    tables: dict[int, list[int]] = defaultdict(list)
    for peer in peers.values():
        for group in peer.groups:
            tables[group].append(peer.entry_id)
    met: dict[Pair, str] = {}
    for members, title in _met_before(session, event, peers, now or utcnow()):
        met |= {frozenset(pair): f"a peer group after “{title}”" for pair in combinations(sorted(members), 2)}
    for group, members in sorted(tables.items()):
        met |= {frozenset(pair): f"“{names[group]}”" for pair in combinations(members, 2)}
    return met


def took_place(groups: Iterable[PeerGroup], draws: Iterable[Draw], now: datetime) -> list[PeerGroup]:
    """Those that really met: they have an outcome, or the day of their first meeting came while no newer draw of their
    event had taken their place."""
    drawn: dict[int, list[datetime]] = defaultdict(list)
    by_id = {draw.id: draw for draw in draws}
    for draw in by_id.values():
        drawn[draw.event_id].append(draw.made_at)
    met = []
    for group in groups:
        draw = by_id[group.draw_id]
        replaced = min((at for at in drawn[draw.event_id] if at > draw.made_at), default=None)
        due = group.first_on is not None and group.first_on <= now
        if group.outcome or (due and group.first_on and (replaced is None or replaced > group.first_on)):
            met.append(group)
    return met


def _met_before(
    session: Session, event: Event, peers: Mapping[int, Peer], now: datetime
) -> list[tuple[list[int], str]]:
    """Members, by entry ids of this event, of every peer group of the programme that met. People of other events are
    known again by their e-mail address."""
    same = Event.programme == event.programme if event.programme else Event.id == event.id
    events = {each.id: each.title for each in session.scalars(select(Event).where(same))}
    draws = session.scalars(select(Draw).where(Draw.event_id.in_(events))).all()
    groups = session.scalars(select(PeerGroup).join(Draw).where(Draw.event_id.in_(events)).order_by(PeerGroup.id)).all()
    here = {peer.email: peer.entry_id for peer in peers.values() if peer.email}
    titles = {draw.id: events[draw.event_id] for draw in draws}
    found = []
    for group in took_place(groups, draws, now):
        query = select(RosterEntry.id, RosterEntry.email).join(PeerGroupMember)
        members = session.execute(query.where(PeerGroupMember.peer_group_id == group.id)).all()
        known = {key if key in peers else here.get(email or "") for key, email in members} - {None}
        found.append(([key for key in known if key is not None], titles[group.draw_id]))
    return found
