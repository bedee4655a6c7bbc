"""The peer groups of an event as pages, the command and files show them: the newest draw, with people who agreed alone.

Read anew each time: whoever withdrew, or was taken off the roster, is gone from every group at once, and the line that
says why these people is made of those who are in it now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import combinations
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.models import Event
from capture.spreadsheets import Cell, as_table
from mining.peers.acquaintance import acquainted
from mining.peers.groups import latest_draw, wishes_of
from mining.peers.seating import Pair
from mining.peers.themes import Challenge, Peer, challenges_of, peers_of, shared_challenges
from mining.peers.words import why
from mining.suggestion_models import Draw, PeerGroup, PeerWish

RESTED = "They were not there yet, or had not agreed, when people were seated. Draw again to seat them."
COLUMNS = ("group", "theme", "why", "name", "email", "organisation", "department", "locked", "first", "second", "place")


@dataclass(frozen=True)
class Seated:
    """A peer group as it is shown. `meetings` says who sat together before; `wrong` what the group lacks now."""

    id: int
    number: int
    challenge: Challenge | None
    why: str
    members: tuple[Peer, ...]
    locked: bool
    first_on: datetime | None
    second_on: datetime | None
    place: str
    outcome: str | None
    wrong: str = ""


@dataclass(frozen=True)
class Wish:
    id: int
    one: Peer
    other: Peer
    together: bool
    made_by: str


@dataclass(frozen=True)
class Groups:
    """Everything about the peer groups of an event. Without `draw_id` nothing was drawn yet."""

    draw_id: int | None
    made_at: datetime | None = None
    made_by: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    groups: tuple[Seated, ...] = ()
    left: tuple[tuple[Peer, str], ...] = ()
    wishes: tuple[Wish, ...] = ()
    peers: tuple[Peer, ...] = ()
    """Everybody who agreed, by name."""
    themes: bool = True
    """Whether there are themes to bring people together by."""


def peer_groups_of(session: Session, event: Event) -> Groups:
    """The newest draw, and whoever is in no group."""
    peers = peers_of(session, event)
    challenges = challenges_of(session, event.id)
    met = acquainted(session, event, peers)
    by_name = tuple(sorted(peers.values(), key=lambda peer: (peer.name.casefold(), peer.entry_id)))
    wishes = _wishes(session, event.id, peers)
    draw = latest_draw(session, event.id)
    if draw is None:
        return Groups(None, wishes=wishes, peers=by_name, themes=bool(challenges))
    pairs = wishes_of(session, event.id, peers)
    groups = tuple(_seated(group, draw, peers, challenges, met, pairs) for group in draw.groups)
    groups = tuple(group for group in groups if group.members)
    seated = {peer.entry_id for group in groups for peer in group.members}
    reasons = {each["entry"]: each["reason"] for each in draw.left_over}
    return Groups(
        draw.id,
        draw.made_at,
        draw.made_by,
        draw.parameters,
        draw.figures,
        groups,
        tuple((peer, reasons.get(peer.entry_id, RESTED)) for peer in by_name if peer.entry_id not in seated),
        wishes,
        by_name,
        bool(challenges),
    )


def group_of_member(session: Session, event: Event, entry_id: int, quorum: int) -> Seated | None:
    """Somebody's own peer group as its members may read it: themes that alumni may not see
    (`mining.privacy.discretion`) are not named, nor who sat together before. None where they agreed to nothing or sit
    in none."""
    peers = peers_of(session, event)
    draw = latest_draw(session, event.id)
    if entry_id not in peers or draw is None:
        return None
    challenges = shared_challenges(session, event, quorum)
    met = acquainted(session, event, peers)
    for group in draw.groups:
        if any(member.entry_id == entry_id for member in group.members):
            return _seated(group, draw, peers, challenges, met, {}, named=False)
    return None


def told_to_members(session: Session, event: Event, groups: Sequence[PeerGroup], quorum: int) -> dict[int, str]:
    """{id of the group: why these people, as its members may read it}."""
    peers = peers_of(session, event)
    challenges = shared_challenges(session, event, quorum)
    met = acquainted(session, event, peers)
    found = {}
    for group in groups:
        members = [peers[member.entry_id] for member in group.members if member.entry_id in peers]
        found[group.id] = why(members, challenges.get(group.strand_id or 0), met, named=False)
    return found


def document(event: Event, groups: Groups) -> dict[str, Any]:
    """The peer groups as plain data, for JSON."""
    return {
        "schema": "harvest.peer_groups/1",
        "event": event.slug,
        "made_at": _stamp(groups.made_at),
        "made_by": groups.made_by,
        "parameters": dict(groups.parameters),
        "figures": dict(groups.figures),
        "groups": [
            {
                "number": group.number,
                "theme": group.challenge.label if group.challenge else None,
                "why": group.why,
                "locked": group.locked,
                "first": _stamp(group.first_on),
                "second": _stamp(group.second_on),
                "place": group.place,
                "outcome": group.outcome,
                "members": [_person(peer) for peer in group.members],
            }
            for group in groups.groups
        ],
        "left_over": [_person(peer) | {"reason": reason} for peer, reason in groups.left],
    }


def as_csv(groups: Groups) -> str:
    """One row per person; those without a group last, with the reason in the place of the why."""
    rows: list[Sequence[Cell]] = []
    for group in groups.groups:
        for peer in group.members:
            about: list[Cell] = [group.number, group.challenge.label if group.challenge else "", group.why]
            when = [_stamp(group.first_on) or "", _stamp(group.second_on) or "", group.place]
            rows.append([*about, *_person(peer).values(), "yes" if group.locked else "no", *when])
    for peer, reason in groups.left:
        rows.append(["", "", reason, *_person(peer).values(), "no", "", "", ""])
    return as_table(COLUMNS, rows, mark="")


def _seated(
    group: PeerGroup,
    draw: Draw,
    peers: Mapping[int, Peer],
    challenges: Mapping[int, Challenge],
    met: Mapping[Pair, str],
    wishes: Mapping[Pair, bool],
    named: bool = True,
) -> Seated:
    members = tuple(peers[member.entry_id] for member in group.members if member.entry_id in peers)
    challenge = challenges.get(group.strand_id or 0)
    return Seated(
        group.id,
        group.number,
        challenge,
        why(members, challenge, met, named),
        members,
        group.locked,
        group.first_on,
        group.second_on,
        group.place,
        group.outcome,
        _wrong(members, draw, wishes),
    )


def _wrong(members: tuple[Peer, ...], draw: Draw, wishes: Mapping[Pair, bool]) -> str:
    """What a group lacks since people withdrew, moved, or wished something new."""
    said = []
    if len(members) < draw.parameters.get("smallest", 0):
        said.append(f"This group has fewer people than a group needs ({draw.parameters['smallest']}).")
    keys = {peer.entry_id for peer in members}
    names = {peer.entry_id: peer.name for peer in members}
    for one, other in combinations(sorted(keys), 2):
        if wishes.get(frozenset((one, other))) is False:
            said.append(f"{names[one]} and {names[other]} must not sit together.")
    for pair, together in wishes.items():
        if together and len(pair & keys) == 1:
            said.append(f"{names[min(pair & keys)]} must sit with somebody who is in another group or none.")
    return " ".join(said)


def _wishes(session: Session, event_id: int, peers: Mapping[int, Peer]) -> tuple[Wish, ...]:
    rows = session.scalars(select(PeerWish).where(PeerWish.event_id == event_id).order_by(PeerWish.id))
    return tuple(
        Wish(row.id, peers[row.one_id], peers[row.other_id], row.together, row.made_by)
        for row in rows
        if row.one_id in peers and row.other_id in peers
    )


def _person(peer: Peer) -> dict[str, str | None]:
    return {
        "name": peer.name,
        "email": peer.email,
        "organisation": peer.organisation,
        "department": peer.department,
    }


def _stamp(when: datetime | date | None) -> str | None:
    return when.isoformat() if when else None
