"""What people change about peer groups by hand: wishes, locks, seats, dates, outcomes; and what somebody on the roster
decides about themselves: picks, and whether they want to be brought together at all.

Each checks what it is asked and raises Refused or NotFound with the reason; nothing is half done.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.models import Event, RosterEntry
from capture.roster import get_entry, remove_entry
from mining.peers.groups import latest_draw, wishes_of
from mining.peers.meeting_dates import date_problem
from mining.peers.themes import peers_of
from mining.privacy.discretion import shown_strands
from mining.suggestion_models import Draw, PeerGroup, PeerGroupMember, PeerWish, Pick

OUTCOMES = {"closed": "Closed", "project": "Became a project"}
LONGEST_PLACE = 200


@dataclass(frozen=True)
class Dates:
    """When a group meets (aware times), and where."""

    first: datetime | None
    second: datetime | None
    place: str = ""


def wish(session: Session, event: Event, one: int, other: int, together: bool, by: str) -> PeerWish:
    """Notes that two people must, or must not, sit together."""
    if one == other:
        raise Refused("A wish is about two people. Choose another second one.")
    names = {key: _willing(session, event.id, key).participant.name for key in (one, other)}
    first, second = sorted((one, other))
    there = session.scalar(select(PeerWish).where(PeerWish.one_id == first, PeerWish.other_id == second))
    if there is not None:
        now = "must sit together" if there.together else "must not sit together"
        raise Refused(f"It is noted already that {names[one]} and {names[other]} {now}. Remove that wish first.")
    row = PeerWish(event_id=event.id, one_id=first, other_id=second, together=together, made_by=by)
    session.add(row)
    session.flush()
    return row


def remove_wish(session: Session, event_id: int, wish_id: int) -> None:
    row = session.get(PeerWish, wish_id)
    if row is None or row.event_id != event_id:
        raise NotFound("This wish is not there any more.")
    session.delete(row)
    session.flush()


def get_group(session: Session, event_id: int, number: int) -> PeerGroup:
    """A group of the newest draw by its number. Raises NotFound."""
    draw = latest_draw(session, event_id)
    group = next((group for group in draw.groups if group.number == number), None) if draw else None
    if group is None:
        raise NotFound(f"There is no peer group {number}; people may have been seated anew. Open the page again.")
    return group


def lock(session: Session, event_id: int, number: int, locked: bool) -> None:
    """A locked group stays as it is when people are seated anew."""
    get_group(session, event_id, number).locked = locked
    session.flush()


def move(session: Session, event: Event, entry_id: int, to: int | None) -> None:
    """Puts somebody into the group with that number, or out of all of them (None). Wishes and sizes are kept."""
    name = _willing(session, event.id, entry_id).participant.name
    draw = _draw(session, event.id)
    here = _seat(draw, entry_id)
    target = get_group(session, event.id, to) if to is not None else None
    if here is target:
        raise Refused(f"{name} is {'in no group' if target is None else f'in group {to}'} already.")
    _unlocked(here, target)
    if target is not None:
        most = int(draw.parameters.get("largest", 6))
        willing = set(peers_of(session, event))
        members = {member.entry_id for member in target.members} & willing
        if len(members) >= most:
            raise Refused(f"Group {to} is full: groups have {most} people at most. Swap {name} with one of them.")
        _check_wishes(session, event, members | {entry_id}, entry_id)
    _put(session, draw, {entry_id: target})


def swap(session: Session, event: Event, one: int, other: int) -> None:
    """Lets two people change places; one of them may be in no group."""
    names = [_willing(session, event.id, key).participant.name for key in (one, other)]
    draw = _draw(session, event.id)
    here, there = _seat(draw, one), _seat(draw, other)
    if here is there:
        raise Refused(f"{names[0]} and {names[1]} are in the same group, or both in none: nothing would change.")
    _unlocked(here, there)
    willing = set(peers_of(session, event))
    for group, leaves, comes in ((here, one, other), (there, other, one)):
        if group is not None:
            members = {member.entry_id for member in group.members} & willing
            _check_wishes(session, event, members - {leaves} | {comes}, comes)
    _put(session, draw, {one: there, other: here})


def set_dates(session: Session, event_id: int, number: int | None, dates: Dates) -> None:
    """For one group, or (None) for all of the newest draw that are not locked with dates of their own."""
    if problem := date_problem(dates.first, dates.second):
        raise Refused(problem)
    chosen = [get_group(session, event_id, number)] if number is not None else list(_draw(session, event_id).groups)
    for group in chosen:
        if number is None and group.locked and group.first_on:
            continue
        group.first_on, group.second_on = dates.first, dates.second
        if number is not None or dates.place:
            group.place = dates.place[:LONGEST_PLACE]
    session.flush()


def set_outcome(session: Session, event_id: int, number: int, outcome: str | None) -> None:
    """What came of a group after its second meeting."""
    if outcome is not None and outcome not in OUTCOMES:
        raise Refused(f"An outcome is one of: {', '.join(OUTCOMES)}.")
    get_group(session, event_id, number).outcome = outcome
    session.flush()


def agree(session: Session, event_id: int, entry_id: int, opt_in: bool) -> None:
    """What somebody says themselves about being brought together; no file changes it later. Whoever withdraws leaves
    the newest draw at once, and their picks go."""
    entry = get_entry(session, event_id, entry_id)
    entry.opt_in, entry.answered = opt_in, True
    if not opt_in:
        leave(session, event_id, entry_id)
        session.execute(delete(Pick).where(Pick.entry_id == entry_id))
    session.flush()


def leave(session: Session, event_id: int, entry_id: int) -> None:
    """Takes somebody out of the newest draw."""
    if (draw := latest_draw(session, event_id)) is not None:
        _put(session, draw, {entry_id: None})


def take_off(session: Session, event: Event, entry_id: int) -> str:
    """Takes somebody off the roster, with whatever is told of them in draws; returns the name. Raises NotFound.

    Draws hold numbers of entries, and databases give such a number to somebody else again."""
    name = remove_entry(session, event.id, entry_id)
    for draw in session.scalars(select(Draw).where(Draw.event_id == event.id)):
        kept = [each for each in draw.left_over if each["entry"] != entry_id]
        if len(kept) < len(draw.left_over):
            draw.left_over = kept
    session.flush()
    return name


def pick(session: Session, event: Event, entry_id: int, strands: Iterable[int], quorum: int) -> None:
    """Replaces what somebody picked among the themes that everybody may know of (`mining.privacy.discretion`). Raises
    Refused for others."""
    _willing(session, event.id, entry_id)
    shown = set(shown_strands(session, event, quorum).values())
    wanted = set(strands)
    if not wanted <= shown:
        raise Refused("One of these themes is not offered any more. Choose again from those on the page.")
    session.execute(delete(Pick).where(Pick.entry_id == entry_id, Pick.strand_id.in_(shown)))
    session.add_all(Pick(entry_id=entry_id, strand_id=strand) for strand in sorted(wanted))
    session.flush()


def _willing(session: Session, event_id: int, entry_id: int) -> RosterEntry:
    entry = get_entry(session, event_id, entry_id)
    if not entry.opt_in:
        raise NotFound("This person is not among those who want to be brought together.")
    return entry


def _draw(session: Session, event_id: int) -> Draw:
    draw = latest_draw(session, event_id)
    if draw is None:
        raise NotFound("No peer groups were drawn yet.")
    return draw


def _seat(draw: Draw, entry_id: int) -> PeerGroup | None:
    return next((group for group in draw.groups if any(m.entry_id == entry_id for m in group.members)), None)


def _unlocked(*groups: PeerGroup | None) -> None:
    for group in groups:
        if group is not None and group.locked:
            raise Refused(f"Group {group.number} is locked. Unlock it first.")


def _check_wishes(session: Session, event: Event, members: set[int], mover: int) -> None:
    """Raises Refused where the group that `mover` comes into would go against a wish."""
    peers = peers_of(session, event)
    for pair, together in wishes_of(session, event.id, peers).items():
        one, other = (peers[key].name for key in sorted(pair))
        if not together and pair <= members:
            raise Refused(f"{one} and {other} must not sit together. Remove that wish first.")
        if together and mover in pair and not pair <= members:
            raise Refused(f"{one} and {other} must sit together. Remove that wish first.")


def _put(session: Session, draw: Draw, places: dict[int, PeerGroup | None]) -> None:
    ids = [group.id for group in draw.groups]
    gone = delete(PeerGroupMember).where(PeerGroupMember.entry_id.in_(places), PeerGroupMember.peer_group_id.in_(ids))
    session.execute(gone)
    session.add_all(PeerGroupMember(peer_group_id=group.id, entry_id=key) for key, group in places.items() if group)
    session.flush()
    for group in draw.groups:
        session.expire(group, ["members"])
    if any(places.values()):
        draw.figures = {**draw.figures, "by_hand": True}
        session.flush()
