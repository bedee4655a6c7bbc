"""What challenges somebody on the roster lives with: the themes of the groups they sat in, and those they picked.

Read from the newest analysis; `peer_groups` and `co_coaching` bring people together by it.
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from capture.models import Attendance, Event, RosterEntry
from mining.analyses import latest_analysis
from mining.models import Theme
from mining.peers.seating import PICKED
from mining.privacy.discretion import shared_view, shown_strands

LEAST = 10
"""Percent of the talk of somebody's groups that a theme needs to be theirs without a pick."""


@dataclass(frozen=True)
class Challenge:
    """A theme as people are brought together by it; `breadth` is the number of groups that raised it."""

    strand: int
    number: int
    label: str
    breadth: int


@dataclass(frozen=True)
class Peer:
    """Somebody who agreed to be brought together. `fits` is {strand: points}, `groups` are those they sat in."""

    entry_id: int
    name: str
    email: str | None
    organisation: str
    department: str
    fits: dict[int, int]
    picks: frozenset[int]
    groups: tuple[int, ...]

    @property
    def unit(self) -> str:
        """The department of an organisation; "" where neither is known."""
        parts = (" ".join(self.organisation.casefold().split()), " ".join(self.department.casefold().split()))
        return " / ".join(parts) if any(parts) else ""


def challenges_of(session: Session, event_id: int) -> dict[int, Challenge]:
    """By strand, in the order of their numbers; empty where the event has no themes that may be shown."""
    analysis = latest_analysis(session, event_id)
    if analysis is None:
        return {}
    query = select(Theme).where(Theme.analysis_id == analysis.id, Theme.coarse.is_(False)).order_by(Theme.number)
    return {
        theme.strand_id: Challenge(theme.strand_id, theme.number, theme.label, theme.breadth)
        for theme in session.scalars(query)
        if theme.strand_id is not None
    }


def shared_challenges(session: Session, event: Event, quorum: int) -> dict[int, Challenge]:
    """The same as far as everybody may know of them, called as everybody may call them
    (`mining.privacy.discretion`)."""
    strands = shown_strands(session, event, quorum)
    return {
        strands[theme.number]: Challenge(strands[theme.number], theme.number, theme.label, theme.groups)
        for theme in shared_view(session, event, quorum).themes
        if theme.number in strands
    }


def peers_of(session: Session, event: Event) -> dict[int, Peer]:
    """Everybody on the roster who agreed to be brought together, and nobody else, by entry id.

    A theme is worth its share of the talk of the groups that somebody sat in, in percent, and PICKED more where they
    picked it themselves. Less than LEAST percent, and not picked, it is none of theirs.
    """
    from mining.suggestion_models import Pick

    shares = _shares(session, event.id)
    sat: dict[int, list[int]] = defaultdict(list)
    query = select(Attendance.entry_id, Attendance.group_id).join(RosterEntry).where(RosterEntry.event_id == event.id)
    for entry_id, group_id in session.execute(query.order_by(Attendance.entry_id, Attendance.group_id)):
        sat[entry_id].append(group_id)
    picks: dict[int, set[int]] = defaultdict(set)
    picked = select(Pick.entry_id, Pick.strand_id).join(RosterEntry).where(RosterEntry.event_id == event.id)
    themes = challenges_of(session, event.id)
    for entry_id, strand in session.execute(picked):
        if strand in themes:
            picks[entry_id].add(strand)
    entries = select(RosterEntry).where(RosterEntry.event_id == event.id, RosterEntry.opt_in).order_by(RosterEntry.id)
    entries = entries.options(joinedload(RosterEntry.participant))
    return {
        entry.id: Peer(
            entry.id,
            entry.participant.name,
            entry.email,
            entry.organisation,
            entry.department,
            _fits([shares.get(group, {}) for group in sat[entry.id]], picks[entry.id]),
            frozenset(picks[entry.id]),
            tuple(sat[entry.id]),
        )
        for entry in session.scalars(entries)
    }


def _shares(session: Session, event_id: int) -> dict[int, dict[int, float]]:
    """{group: {strand: share of its talk, 0..1}}"""
    analysis = latest_analysis(session, event_id)
    shares: dict[int, dict[int, float]] = defaultdict(dict)
    if analysis is None:
        return shares
    query = select(Theme.strand_id, Theme.by_group).where(Theme.analysis_id == analysis.id, Theme.coarse.is_(False))
    for strand, by_group in session.execute(query):
        if strand is not None:
            for group, share in by_group.items():
                shares[int(group)][strand] = share
    return shares


def _fits(tables: list[dict[int, float]], picks: set[int]) -> dict[int, int]:
    talk: dict[int, float] = defaultdict(float)
    for table in tables:
        for strand, share in table.items():
            talk[strand] += 100 * share / len(tables)
    fits = {strand: round(points) for strand, points in talk.items() if round(points) >= LEAST or strand in picks}
    return {strand: fits.get(strand, 0) + PICKED * (strand in picks) for strand in sorted({*fits, *picks})}
