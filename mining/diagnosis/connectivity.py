"""Connectivity of an event: are themes shared across groups and departments, or locked in one?

A part of the diagnosis (`mining.diagnosis.diagnosis`). Where people are from is the roster's; a group has the mix of
those who sat in it. Nobody is in what comes out: a department of fewer than SMALL people is counted among the others.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.models import Attendance, Event, RosterEntry
from mining.diagnosis.ground import Ground
from mining.diagnosis.resampling import LEAST_GROUPS, Estimate, Shuffled, estimate, mixing, shuffled

SMALL = 3
"""People of a department below which it is not named: a department of one is a person."""
OTHERS = "Others"
MIXED = "Mixed"
"""Groups of which no department makes up half."""
LEAST_TIES = 10
"""Ties (a theme that two groups share) below which chance is all there is."""
UNUSUAL = 0.05
"""Share of shuffles as far off as what was seen from which it is called unusual."""
DEFINITION = (
    "Take any theme that two groups share, and one person from each of the two: this is how often they are from "
    "different departments."
)


@dataclass(frozen=True)
class Bridging:
    """`value` as DEFINITION says, over `ties` of `groups` groups; `chance` is what shuffled departments give. `verdict`
    is more, less or like (chance); None where there is too little data, which `little` says."""

    value: Estimate
    chance: Shuffled | None
    ties: int
    groups: int
    verdict: str | None
    little: str | None

    @property
    def index(self) -> float | None:
        """Krackhardt and Stern's E-I index: ties between departments less ties within, over all, -1..1."""
        return None if self.value.value is None else 2 * self.value.value - 1


@dataclass(frozen=True)
class Spread:
    """How many of the groups that raise a theme are from which department, in the order of the departments' names.
    `locked` is the department where all of them, two at least, are from the same one."""

    number: int
    label: str
    breadth: int
    by_department: tuple[int, ...]
    locked: str | None


@dataclass(frozen=True)
class Roster:
    """Where people are from. `missing`: "roster", "departments" or "groups" where the roster has none of them; `placed`
    groups have people on it. `departments` are column names, `sizes` how many groups talked of each."""

    missing: str | None
    people: int
    placed: int
    departments: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Connectivity:
    """`shared` is the share of talk in themes that is on themes which two groups or more raise."""

    shared: Estimate | None
    little: str | None
    seconds: float
    themes: int
    crossing: int
    roster: Roster
    bridging: Bridging | None
    table: tuple[Spread, ...]

    @property
    def locked(self) -> tuple[Spread, ...]:
        return tuple(each for each in self.table if each.locked)


def connectivity_of(session: Session, event: Event, ground: Ground) -> Connectivity:
    """Two queries."""
    raised = _raised(ground)
    wide = {theme for theme, groups in raised.items() if len(groups) > 1}
    bottom = [each.themed for each in ground.heard]
    top = [sum(s for theme, s in each.themes.items() if theme in wide) for each in ground.heard]
    little = ground.little or (None if any(bottom) else "Too little data: there are no themes.")
    seats, people, seated = _seats(session, event)
    placed = [each.group_id for each in ground.heard if seats.get(each.group_id)]
    missing = None if placed else "roster" if not people else "groups" if not seated else "departments"
    table = _Table(ground, seats, raised)
    return Connectivity(
        shared=None if little else estimate(top, bottom),
        little=little,
        seconds=sum(bottom),
        themes=len(ground.themes),
        crossing=len(wide),
        roster=Roster(missing, people, len(placed), *((table.names, table.sizes) if placed else ())),
        bridging=_bridging(placed, seats, raised) if placed else None,
        table=table.rows() if placed else (),
    )


def _raised(ground: Ground) -> dict[int, set[int]]:
    """{theme id: the groups that raise it}"""
    raised: dict[int, set[int]] = defaultdict(set)
    for each in ground.heard:
        for theme in each.themes:
            raised[theme].add(each.group_id)
    return raised


def _seats(session: Session, event: Event) -> tuple[dict[int, Counter[str]], int, int]:
    """{group: {department: people}} of those whose department is known, people on the roster, and how many of them
    have a group."""
    rows = session.execute(
        select(RosterEntry.id, RosterEntry.department, RosterEntry.organisation, Attendance.group_id)
        .outerjoin(Attendance, Attendance.entry_id == RosterEntry.id)
        .where(RosterEntry.event_id == event.id)
    ).all()
    named = {key: _name(department, organisation) for key, department, organisation, _ in rows}
    seats: dict[int, Counter[str]] = defaultdict(Counter)
    for key, _, _, group in rows:
        if group is not None and named[key]:
            seats[group][named[key]] += 1
    return dict(seats), len(named), len({key for key, _, _, group in rows if group is not None})


def _name(department: str, organisation: str) -> str:
    """What somebody is from: the department, or the organisation where the roster knows nothing nearer."""
    return " ".join((department or organisation).split())


def _bridging(placed: Sequence[int], seats: Mapping[int, Counter[str]], raised: Mapping[int, set[int]]) -> Bridging:
    names = sorted({name for group in placed for name in seats[group]})
    mix = np.array([[seats[group][name] for name in names] for group in placed], float)
    mix /= mix.sum(axis=1, keepdims=True)
    holds = np.array([[group in groups for groups in raised.values()] for group in placed], float)
    ties = holds @ holds.T
    np.fill_diagonal(ties, 0)
    number = int(ties.sum()) // 2
    little = None
    if len(placed) < LEAST_GROUPS:
        little = f"Too little data: the roster places people in {len(placed)} groups, and it takes {LEAST_GROUPS}."
    elif len(names) < 2:
        little = f"Everybody on the roster is from {names[0]}, so there is nothing to bridge."
    elif number < LEAST_TIES:
        little = f"Too little data: {number} times do two groups share a theme, and it takes {LEAST_TIES}."
    if little:
        return Bridging(Estimate(), None, number, len(placed), None, little)
    chance = shuffled(ties, mix)
    verdict = "less" if chance.as_low <= UNUSUAL else "more" if chance.as_high <= UNUSUAL else "like"
    return Bridging(mixing(ties, mix), chance, number, len(placed), verdict, None)


class _Table:
    """Themes by departments: each group counts for the one that half of its people, or more, are from."""

    def __init__(self, ground: Ground, seats: Mapping[int, Counter[str]], raised: Mapping[int, set[int]]) -> None:
        self._ground, self._raised = ground, raised
        people = sum(seats.values(), Counter())
        self._from = {
            each.group_id: _department(seats[each.group_id], people)
            for each in ground.heard
            if seats.get(each.group_id)
        }
        groups = Counter(self._from.values())
        last = {OTHERS: 1, MIXED: 2}
        self.names = tuple(sorted(groups, key=lambda name: (last.get(name, 0), -groups[name], name)))
        self.sizes = tuple(groups[name] for name in self.names)

    def rows(self) -> tuple[Spread, ...]:
        found = []
        for theme in self._ground.themes:
            of = Counter(self._from[group] for group in self._raised.get(theme.id, ()) if group in self._from)
            counts = tuple(of[name] for name in self.names)
            [only] = list(of) if len(of) == 1 else [None]
            whole = sum(counts) == len(self._raised.get(theme.id, ())) > 1
            locked = only if whole and only not in (None, OTHERS, MIXED) else None
            found.append(Spread(theme.number, theme.label, theme.breadth, counts, locked))
        return tuple(found)


def _department(mix: Counter[str], people: Counter[str]) -> str:
    """A tie of two halves is mixed."""
    (name, most), *others = mix.most_common(2)
    if most * 2 < mix.total() or (others and others[0][1] == most):
        return MIXED
    return name if people[name] >= SMALL else OTHERS
