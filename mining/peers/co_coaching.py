"""Co-coaching: people of two organisations matched on the challenges they share, each pair with its reason.

The other form of peer groups: not a table for many, but somebody elsewhere who lives with the same thing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.models import Event
from mining.footing import counted
from mining.peers.acquaintance import acquainted
from mining.peers.groups import wishes_of
from mining.peers.pairing import best_pairs
from mining.peers.seating import Pair
from mining.peers.themes import Challenge, Peer, challenges_of, peers_of
from mining.peers.words import listed

MOST = 3
"""People of the larger side that one of the smaller side meets at most."""
MET = 15
"""What having sat together before costs, of the 100 to 200 points of a shared theme."""


@dataclass(frozen=True)
class Matched:
    """People who could coach each other. `ours` are of the first organisation, `theirs` of the second."""

    ours: tuple[Peer, ...]
    theirs: tuple[Peer, ...]
    challenge: Challenge
    reason: str


@dataclass(frozen=True)
class Match:
    """`left` are those for whom nobody was found, with the reason; `organisations` as the roster writes them."""

    organisations: tuple[str, str]
    matched: tuple[Matched, ...]
    left: tuple[tuple[Peer, str], ...]


def organisations_of(session: Session, event: Event) -> list[str]:
    """Of people who agreed to be brought together, each in the spelling that stands first."""
    names: dict[str, str] = {}
    for peer in peers_of(session, event).values():
        if peer.organisation:
            names.setdefault(_key(peer.organisation), peer.organisation)
    return sorted(names.values(), key=str.casefold)


def match(session: Session, event: Event, organisation_a: str, organisation_b: str) -> Match:
    """Pairs across two organisations; where one side has more people, up to MOST of them share somebody of the other.

    Raises NotFound for an organisation nobody on the roster is from, Refused where the two are one, nobody of a side
    agreed to be brought together, or there are no themes.
    """
    if _key(organisation_a) == _key(organisation_b):
        raise Refused("Co-coaching is between two organisations. Choose another second one.")
    there = {_key(name): name for name in organisations_of(session, event)}
    names = []
    for name in (organisation_a, organisation_b):
        if _key(name) not in there:
            known = listed([f"“{each}”" for each in there.values()]) or "none"
            raise NotFound(
                f"Nobody of “{name}” wants to be brought together. Organisations with people who do: {known}."
            )
        names.append(there[_key(name)])
    challenges = challenges_of(session, event.id)
    if not challenges:
        raise Refused(f"There are no themes to match people on. Look for them first: harvest mine {event.slug}")
    peers = peers_of(session, event)
    ours, theirs = (_side(peers, name) for name in names)
    met = acquainted(session, event, peers)
    rivals = {pair for pair, together in wishes_of(session, event.id, peers).items() if not together}
    found = _paired(ours, theirs, met, rivals)
    matched = tuple(_told(us, them, challenges, met) for us, them in found)
    done = {peer.entry_id for each in matched for peer in (*each.ours, *each.theirs)}
    left = tuple(
        (peer, _alone(peer, other, name, met, rivals))
        for side, other, name in ((ours, theirs, names[1]), (theirs, ours, names[0]))
        for peer in side
        if peer.entry_id not in done
    )
    return Match((names[0], names[1]), matched, left)


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _side(peers: Mapping[int, Peer], organisation: str) -> list[Peer]:
    return [peer for peer in peers.values() if _key(peer.organisation) == _key(organisation)]


def _points(one: Peer, other: Peer, met: Mapping[Pair, str], rivals: set[Pair]) -> int:
    """How much the theme that they share most is that of both; 0 where they share none, or must not sit together."""
    pair = frozenset((one.entry_id, other.entry_id))
    shared = max((min(points, other.fits[key]) for key, points in one.fits.items() if key in other.fits), default=0)
    return 0 if pair in rivals or not shared else max(1, shared - MET * (pair in met))


def _paired(
    ours: Sequence[Peer], theirs: Sequence[Peer], met: Mapping[Pair, str], rivals: set[Pair]
) -> list[tuple[list[Peer], list[Peer]]]:
    """Rounds of best pairs: whoever is left of the larger side joins a pair in the next one."""
    turned = len(ours) > len(theirs)
    few, many = (theirs, ours) if turned else (ours, theirs)
    with_whom: dict[int, list[Peer]] = {peer.entry_id: [] for peer in few}
    waiting = list(many)
    for _ in range(MOST):
        points = [[_together(one, other, with_whom, met, rivals) for other in waiting] for one in few]
        for row, column in best_pairs(points):
            with_whom[few[row].entry_id].append(waiting[column])
        taken = {peer.entry_id for people in with_whom.values() for peer in people}
        waiting = [peer for peer in waiting if peer.entry_id not in taken]
    pairs = [([one], with_whom[one.entry_id]) for one in few if with_whom[one.entry_id]]
    return [(many, few) if turned else (few, many) for few, many in pairs]


def _together(
    one: Peer, other: Peer, with_whom: Mapping[int, list[Peer]], met: Mapping[Pair, str], rivals: set[Pair]
) -> int:
    """Points of a pair; whoever joins others must share a theme with all of them, and be nobody's rival."""
    there = with_whom[one.entry_id]
    if any(frozenset((other.entry_id, peer.entry_id)) in rivals for peer in there):
        return 0
    common = set(one.fits).intersection(other.fits, *(peer.fits for peer in there))
    return _points(one, other, met, rivals) if common else 0


def _told(
    ours: Sequence[Peer], theirs: Sequence[Peer], challenges: Mapping[int, Challenge], met: Mapping[Pair, str]
) -> Matched:
    everybody = [*ours, *theirs]
    common = set.intersection(*(set(peer.fits) for peer in everybody)) & challenges.keys()
    best = max(common, key=lambda key: (min(peer.fits[key] for peer in everybody), -challenges[key].number))
    picked = [peer.name for peer in everybody if best in peer.picks]
    who = "Both live" if len(everybody) == 2 else f"All {counted(len(everybody))} live"
    reason = f"{who} with “{challenges[best].label}”"
    reason += f", which {listed(picked)} picked" if picked else ""
    pairs = [frozenset((one.entry_id, other.entry_id)) for one in ours for other in theirs]
    before = [met[pair] for pair in pairs if pair in met]
    some = "they" if len(everybody) == 2 else "some of them"
    where = listed(sorted(set(before)))
    reason += f"; {some} sat together in {where}." if before else "; they have not sat together."
    return Matched(tuple(ours), tuple(theirs), challenges[best], reason)


def _alone(peer: Peer, others: Sequence[Peer], organisation: str, met: Mapping[Pair, str], rivals: set[Pair]) -> str:
    if not peer.fits:
        return "No theme of theirs is known: let them pick one."
    if not any(_points(peer, other, met, rivals) for other in others):
        return f"Nobody of {organisation} who wants to be brought together shares a theme with them."
    return f"There are too few people of {organisation}: whoever shares a theme with them has {MOST} others already."
