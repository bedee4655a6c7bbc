"""Peer groups in words: why these people, why somebody is in none, and which conditions cannot hold together.

Built from facts alone. Between `peer_groups`, which draws, and whoever shows it.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from mining.footing import counted, percent, sentence
from mining.peers.seating import Conflict, Pair, Problem
from mining.peers.themes import Challenge, Peer

NAMED = 2
"""So many pairs that sat together before are named; of more the number is said."""


def why(members: Sequence[Peer], challenge: Challenge | None, met: Mapping[Pair, str], named: bool = True) -> str:
    """One line: what they share, where they come from, whether they sat together. `challenge` is None where it may not
    be told; `named` False: without names, groups, and who lives with what, as the members themselves read it."""
    if not members:
        return "Nobody is in this group any more."
    shared = _shared(members, challenge) if named else _brought(challenge)
    return f"{shared}; {_origins(members)}{_meetings(members, met, named)}."


def listed(names: Sequence[str], last: str = "and") -> str:
    """`A, B and C`."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _shared(members: Sequence[Peer], challenge: Challenge | None) -> str:
    count = len(members)
    if challenge is None:
        return f"{_all(count)} {'shares' if count == 1 else 'share'} a theme that is not found any more"
    living = [peer for peer in members if challenge.strand in peer.fits]
    picked = sum(challenge.strand in peer.picks for peer in members)
    who = _all(count) if len(living) == count else f"{sentence(counted(len(living)))} of the {counted(count)}"
    verb = "lives" if len(living) == 1 else "live"
    choice = f", which {counted(picked)} of them picked" if picked and count > 1 else ""
    return f"{who} {verb} with “{challenge.label}”{choice}"


def _brought(challenge: Challenge | None) -> str:
    """For members: nothing about which of them a theme is known of, nor why it is not named."""
    return f"What brings this group together is {f'“{challenge.label}”' if challenge else 'a theme you share'}"


def _all(count: int) -> str:
    return {1: "One person", 2: "Both"}.get(count, f"All {counted(count)}")


def _origins(members: Sequence[Peer]) -> str:
    departments = list(dict.fromkeys(peer.department for peer in members if peer.department))
    organisations = list(dict.fromkeys(peer.organisation for peer in members if peer.organisation))
    places = departments if len(departments) > 1 or not organisations else organisations
    if len(departments) > 1 and len(organisations) > 1:
        return f"they come from {listed(departments)} of {listed(organisations)}"
    if len(places) > 1:
        return f"they come from {listed(places)}"
    if departments:
        return (
            f"all that is known of their departments is {departments[0]}"
            if _silent(members)
            else (f"all of them come from {departments[0]}")
        )
    return f"all of them come from {organisations[0]}" if organisations else "where they come from is not known"


def _silent(members: Sequence[Peer]) -> bool:
    return any(not peer.department for peer in members)


def _meetings(members: Sequence[Peer], met: Mapping[Pair, str], named: bool) -> str:
    before = [
        (one, other, met[frozenset((one.entry_id, other.entry_id))])
        for one, other in combinations(members, 2)
        if frozenset((one.entry_id, other.entry_id)) in met
    ]
    if not before:
        return " and have not sat together"
    if not named:
        pairs = len(before)
        return f" and {counted(pairs, 'pair')} of them {'has' if pairs == 1 else 'have'} sat together before"
    words = [f"{one.name} and {other.name} sat together in {where}" for one, other, where in before[:NAMED]]
    if len(before) > NAMED:
        words.append(f"so did {counted(len(before) - NAMED, 'other pair')}")
    return f", but {listed(words)}"


def left_reason(key: int, peers: Mapping[int, Peer], problem: Problem, challenges: Mapping[int, Challenge]) -> str:
    """Why somebody sits in no group, as far as it can be told."""
    peer = peers[key]
    if not peer.fits:
        where = "the groups they sat in raised no theme" if peer.groups else "they sat in no group"
        return f"No theme of theirs is known: {where}, and they picked none."
    block = next((block for block in problem.blocks if key in block), (key,))
    others = [peers[other].name for other in block if other != key]
    sharing = {
        theme: sum(theme in sitter.fits for sitter in problem.people) for theme in peer.fits if theme in challenges
    }
    theme = max(sharing, key=lambda theme: (sharing[theme], -theme), default=None)
    if theme is not None and sharing[theme] < problem.smallest:
        return (
            f"Only {counted(sharing[theme], 'person', 'people')} to be seated "
            f"{'lives' if sharing[theme] == 1 else 'live'} with “{challenges[theme].label}”, the most shared of their "
            f"themes; a group needs {counted(problem.smallest)}."
        )
    if others:
        return f"They must sit with {listed(others)}, and no group had room for all of them."
    if any(key in pair for pair in problem.apart):
        return "The groups about their themes are full, or hold somebody they must not sit with."
    return "The groups about their themes are full, and too few people were left for another one."


def said(conflict: Conflict, peers: Mapping[int, Peer], smallest: int, largest: int) -> str:
    """Which conditions cannot hold together, and what to do about it."""
    names = [peers[key].name for key in conflict.people]
    if conflict.kind == "few":
        there = f"only {counted(len(names), 'person', 'people')}" if names else "nobody"
        return (
            f"A group needs {counted(smallest)} people, and {there} can be seated. Ask more people whether they "
            "want to be brought together."
        )
    if conflict.kind == "themeless":
        return "Nobody who can be seated has a theme: they sat in no group that raised one, and picked none."
    if conflict.kind == "alike":
        units = sorted({place for peer in peers.values() if (place := peer.department or peer.organisation)})
        where = f"Everybody comes from {units[0]}" if units else "Nobody's department or organisation is known"
        return f"{where}, so no group can differ in it. Allow groups of one department, or complete the roster."
    if conflict.kind == "large":
        return (
            f"{listed(names)} must all sit together, as one wish leads to the next: that is {counted(len(names))} "
            f"people, and a group has {counted(largest)} at most. Remove one of these wishes."
        )
    if conflict.kind == "torn":
        through = f" (through {listed(names[2:])})" if names[2:] else ""
        return (
            f"{names[0]} and {names[1]} must not sit together, and other wishes say that they must{through}. "
            "Remove one of them."
        )
    if conflict.kind == "alike_block":
        return (
            f"{listed(names)} must sit together, fill a group, and come from one department. Remove a wish, allow "
            "larger groups, or groups of one department."
        )
    return f"Groups of {smallest} to {largest} cannot be."


def figures_sentence(figures: Mapping[str, Any]) -> str:
    """How good a draw is, in a few sentences."""
    people, groups = counted(figures["seated"], "person", "people"), counted(figures["groups"], "group")
    told = (
        f"{sentence(people)} in {groups}, worth {figures['value']:,} points; no seating of them can be worth more than "
    )
    told += f"{figures['bound']:,}"
    if figures["gap"]:
        told += f", so at most {percent(figures['gap'])} of what could be gained beside the seats is missing"
    told += f". A careful hand reaches {figures['greedy']['value']:,}, names from a hat {figures['random']['value']:,}."
    if figures["cut_short"]:
        told += " The time limit ended the search: another run may find other groups."
    if figures.get("by_hand"):
        told += " People were moved by hand since."
    return told
