"""Draws peer groups: from the roster and the themes to a seating problem, to groups that are stored.

In three steps, so that no database waits while the solver thinks: `prepare` reads, `solve` thinks, `store` writes.
Nobody who did not agree to be brought together is read at all, and whoever withdraws meanwhile is not stored.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from capture.errors import Refused
from capture.models import Event, RosterEntry
from mining.peers.acquaintance import acquainted
from mining.peers.seating import Pair, Problem, Seating, Sitter, Table, conflicts
from mining.peers.themes import Challenge, Peer, challenges_of, peers_of
from mining.peers.words import left_reason, said
from mining.suggestion_models import Draw, PeerGroup, PeerGroupMember, PeerWish

SIZES = (2, 12)
"""The least and the most that a group may be asked to have."""
LONGEST = 600.0
"""Seconds."""


@dataclass(frozen=True)
class Options:
    """What is asked for. `seconds` None: as long as so many people need (`patience`). `differ`: members of each group
    come from two departments or organisations at least."""

    smallest: int = 3
    largest: int = 6
    seconds: float | None = None
    seed: int = 1
    differ: bool = True


@dataclass(frozen=True)
class Prepared:
    """`problem` holds whoever can be seated: all `peers` but the members of `locked` groups. `strangers` have no theme.
    `met` is {pair: where}; `wishes` of the organisers, of people who agreed."""

    event_id: int
    options: Options
    problem: Problem
    peers: Mapping[int, Peer]
    challenges: Mapping[int, Challenge]
    met: Mapping[Pair, str]
    locked: tuple[Table, ...] = ()
    locked_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """What the solver found, and what a pencil (greedy) and a hat (random) reach under the same rules."""

    seating: Seating
    greedy: Seating
    random: Seating


def patience(people: int) -> float:
    """Seconds that so many people are given: 200 are seated well in 15, 1,000 in 80."""
    return min(90.0, 5.0 + people / 20 + max(people - 200, 0) / 32)


def latest_draw(session: Session, event_id: int) -> Draw | None:
    """With its groups and their members."""
    newest = select(Draw).where(Draw.event_id == event_id).order_by(Draw.id.desc()).limit(1)
    return session.scalar(newest.options(selectinload(Draw.groups).selectinload(PeerGroup.members)))


def prepare(session: Session, event: Event, options: Options) -> Prepared:
    """Raises Refused where nothing can be drawn, and says which of the wishes or conditions is to blame."""
    if not SIZES[0] <= options.smallest <= options.largest <= SIZES[1]:
        raise Refused(
            f"Groups of {options.smallest} to {options.largest} cannot be: give a smallest and a largest size between "
            f"{SIZES[0]} and {SIZES[1]}, such as 3-6."
        )
    challenges = challenges_of(session, event.id)
    if not challenges:
        raise Refused(
            "There are no themes to bring people together by: names were masked anew, or nothing was mined. "
            f"Look for themes first: harvest mine {event.slug}"
        )
    peers = peers_of(session, event)
    if not peers:
        raise Refused(
            "Nobody on the roster has agreed to be brought together. Bring a roster with a column “opt_in”: "
            f"harvest roster import {event.slug} FILE"
        )
    met = acquainted(session, event, peers)
    locked = _locked(session, event.id, peers)
    seated = {key for _, table in locked for key in table.members}
    sitters = [
        Sitter(peer.entry_id, peer.unit, peer.fits, peer.groups[0] if peer.groups else 0)
        for peer in peers.values()
        if peer.entry_id not in seated
    ]
    wishes = wishes_of(session, event.id, peers)
    _check_locked([table for _, table in locked], wishes, peers)
    here = {sitter.key for sitter in sitters}
    problem = Problem(
        tuple(sitters),
        options.smallest,
        options.largest,
        frozenset(pair for pair in met if pair <= here),
        frozenset(pair for pair, together in wishes.items() if together and pair <= here),
        frozenset(pair for pair, together in wishes.items() if not together and pair <= here),
        options.differ,
    )
    problem = _with_themes_only(problem)
    found = [each for each in conflicts(problem) if not locked or each.kind not in ("few", "themeless", "alike")]
    if found:
        raise Refused(" ".join(said(conflict, peers, options.smallest, options.largest) for conflict in found[:5]))
    ids = tuple(group_id for group_id, _ in locked)
    return Prepared(event.id, options, problem, peers, challenges, met, tuple(table for _, table in locked), ids)


def solve(prepared: Prepared, report: Callable[[float, str], None] | None = None) -> Drawn:
    """Takes up to the time limit; needs no database. Raises Refused where the wishes leave no group possible."""
    from mining.peers.cp_sat_conflicts import blocking_wishes
    from mining.peers.cp_sat_seating import seat
    from mining.peers.greedy_seating import greedy, random_seating

    problem, options = prepared.problem, prepared.options
    seconds = patience(len(problem.people)) if options.seconds is None else options.seconds
    if not 0 < seconds <= LONGEST:
        raise Refused(f"A time limit of {seconds:g} seconds cannot be: give more than 0 and at most {LONGEST:g}.")
    seating = seat(problem, seconds, options.seed, report)
    if not seating.tables and not prepared.locked:
        blame = blocking_wishes(problem)
        raise Refused(_nothing(prepared, blame))
    return Drawn(seating, greedy(problem), random_seating(problem, options.seed))


def store(session: Session, event: Event, prepared: Prepared, drawn: Drawn, by: str) -> Draw:
    """Stores the newest draw, the locked groups first and as they are. Whoever withdrew meanwhile is in none of them.

    Of earlier draws those stay that have dates: who met in them has sat together before.
    """
    willing = set(
        session.scalars(select(RosterEntry.id).where(RosterEntry.event_id == event.id, RosterEntry.opt_in)).all()
    )
    kept = [session.get(PeerGroup, key) for key in prepared.locked_ids]
    draw = Draw(
        event_id=event.id,
        made_by=by,
        parameters=asdict(prepared.options) | {"people": len(prepared.peers)},
        figures=figures_of(prepared, drawn),
        left_over=[{"entry": key, "reason": reason} for key, reason in left_over(prepared, drawn.seating)],
    )
    session.add(draw)
    session.flush()
    number = 0
    for group in (group for group in kept if group is not None):
        number += 1
        copied = {c: getattr(group, c) for c in ("strand_id", "first_on", "second_on", "place", "outcome")}
        _add(session, draw, PeerGroup(number=number, locked=True, **copied), _members(group, willing))
    for table in drawn.seating.tables:
        number += 1
        group = PeerGroup(number=number, strand_id=table.theme)
        _add(session, draw, group, [key for key in table.members if key in willing])
    _forget_earlier(session, event.id, draw.id)
    return draw


def figures_of(prepared: Prepared, drawn: Drawn) -> dict[str, object]:
    """Plain numbers on how good the draw is, its bound, and its measuring sticks."""

    def of(seating: Seating) -> dict[str, object]:
        score = seating.score
        return {"value": score.value, **asdict(score), "seconds": round(seating.seconds, 2)}

    seating = drawn.seating
    return of(seating) | {
        "bound": seating.bound,
        "gap": None if seating.gap is None else round(seating.gap, 4),
        "cut_short": seating.cut_short,
        "locked": len(prepared.locked),
        "greedy": of(drawn.greedy),
        "random": of(drawn.random),
    }


def left_over(prepared: Prepared, seating: Seating) -> list[tuple[int, str]]:
    """Who wanted to be in a group and is in none, each with the reason."""
    seated = {key for table in (*seating.tables, *prepared.locked) for key in table.members}
    return [
        (key, left_reason(key, prepared.peers, prepared.problem, prepared.challenges))
        for key in prepared.peers
        if key not in seated
    ]


def wishes_of(session: Session, event_id: int, peers: Iterable[int]) -> dict[Pair, bool]:
    """{pair: whether together} between people who agreed to be brought together."""
    known = set(peers)
    rows = session.scalars(select(PeerWish).where(PeerWish.event_id == event_id).order_by(PeerWish.id))
    return {frozenset((row.one_id, row.other_id)): row.together for row in rows if {row.one_id, row.other_id} <= known}


def _with_themes_only(problem: Problem) -> Problem:
    """Without those who have no theme at all, unless they must sit with somebody who has."""
    lost = {key for block, options in problem.options.items() if not options for key in block}
    if len(lost) == len(problem.people):
        return problem
    return replace(problem, people=tuple(sitter for sitter in problem.people if sitter.key not in lost))


def _locked(session: Session, event_id: int, peers: Mapping[int, Peer]) -> list[tuple[int, Table]]:
    draw = latest_draw(session, event_id)
    found = []
    for group in draw.groups if draw else ():
        members = tuple(member.entry_id for member in group.members if member.entry_id in peers)
        if group.locked and members:
            found.append((group.id, Table(group.strand_id or 0, members)))
    return found


def _check_locked(locked: list[Table], wishes: Mapping[Pair, bool], peers: Mapping[int, Peer]) -> None:
    """Raises Refused where a locked group goes against a wish."""
    for table in locked:
        for pair, together in wishes.items():
            inside = pair & set(table.members)
            one, other = (peers[key].name for key in sorted(pair))
            if together and len(inside) == 1:
                raise Refused(
                    f"{one} and {other} must sit together, but one of them is in a locked group and the other is not. "
                    "Unlock that group, or remove the wish."
                )
            if not together and len(inside) == 2:
                raise Refused(
                    f"{one} and {other} must not sit together, but are in one locked group. Unlock it, or remove the "
                    "wish."
                )


def _nothing(prepared: Prepared, blame: tuple[Pair, ...] | None) -> str:
    if blame:
        pairs = [" and ".join(prepared.peers[key].name for key in sorted(pair)) for pair in blame]
        return (
            f"No group is possible, because these must not sit together: {'; '.join(pairs)}. Remove one of the wishes."
        )
    if blame is None:
        return "The time limit was too short to seat anybody. Give it more seconds."
    return (
        f"No group is possible: no theme is shared by {prepared.options.smallest} people"
        f"{' of two departments or organisations' if prepared.options.differ else ''}. Let people pick themes, ask for "
        "smaller groups, or allow groups of one department."
    )


def _members(group: PeerGroup, willing: set[int]) -> list[int]:
    return [member.entry_id for member in group.members if member.entry_id in willing]


def _add(session: Session, draw: Draw, group: PeerGroup, members: list[int]) -> None:
    group.draw_id = draw.id
    session.add(group)
    session.flush()
    session.add_all(PeerGroupMember(peer_group_id=group.id, entry_id=key) for key in members)
    session.flush()
    session.expire(group, ["members"])
    session.expire(draw, ["groups"])


def _forget_earlier(session: Session, event_id: int, newest: int) -> None:
    dated = select(PeerGroup.draw_id).where(PeerGroup.first_on.is_not(None))
    session.execute(delete(Draw).where(Draw.event_id == event_id, Draw.id != newest, Draw.id.not_in(dated)))
