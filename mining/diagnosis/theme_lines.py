"""The same themes over the events of a programme, strung into lines: what `comparison` shows and how it judges change.

Themes that are each other's kin (`mining.curating.kin`) are the same; those that nearly are, perhaps. Nearest events
first, so that a theme that was away for an event comes back into its own line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.models import Event
from mining.catalogue.answering import Verdict
from mining.catalogue.coverage import Coverage
from mining.curating.kin import MOVED, Held, kin
from mining.curating.lineage import movement
from mining.diagnosis.answered_since import Added, Shelf
from mining.diagnosis.diagnosis import Diagnosis
from mining.diagnosis.ground import Ground
from mining.diagnosis.resampling import Estimate, difference, estimate
from mining.embedding.embedder import Vectors
from mining.models import Strand, Theme

NEW, BACK, GREW, STEADY, FADED, GONE = "new", "came back", "grew", "about the same", "faded", "gone"
PERHAPS = "perhaps the same"
STATES = (NEW, BACK, GREW, STEADY, FADED, PERHAPS, GONE)
NEAR = 0.7
"""Cosine from which two themes that are each other's nearest, and no other's kin, are perhaps the same. `kin.KIN`
misses one in seven that are; called new and gone instead, each of those would be wrong twice."""


@dataclass(frozen=True)
class Point:
    """A theme at an event: raised by `breadth` of `groups` that talked, with `share` (0..1) of the talk there."""

    event: str
    number: int
    label: str
    breadth: int
    groups: int
    share: Estimate
    exactly: bool = True

    @property
    def height(self) -> float:
        """Share of groups."""
        return self.breadth / self.groups if self.groups else 0.0


@dataclass(frozen=True)
class Answered:
    """`modules` came on offer after the event `since` and by the event `by`, and cover the theme, which none covered
    before."""

    since: str
    by: str
    modules: tuple[Added, ...]


@dataclass(frozen=True)
class Line:
    """A theme over the events, oldest first; None where it was not raised (or not shown). `state` compares the last
    event with the one before; `chance` is whether so small a change may well be chance. `called` is what it was called
    before where it is only perhaps the same theme."""

    label: str
    points: tuple[Point | None, ...]
    state: str
    chance: bool
    answered: tuple[Answered, ...]
    called: str | None = None


@dataclass(frozen=True)
class Mined:
    """An event with what was found in it: what everything here is made from. `centres` {number of a theme: (d,)}."""

    event: Event
    held: Held
    ground: Ground
    diagnosis: Diagnosis
    centres: Mapping[int, Vectors]

    @property
    def coverage(self) -> Coverage:
        return self.diagnosis.responsiveness.coverage


Place = tuple[int, int]
"""(place of the event in the row, number of the theme there)"""


def links(session: Session, compared: Sequence[Mined]) -> list[tuple[Place, Place]]:
    """(theme, the same theme at an earlier event), nearest events first."""
    place = {each.held.slug: i for i, each in enumerate(compared)}
    found = []
    for i, each in enumerate(compared):
        for number, elsewhere in kin(session, each.event).elsewhere.items():
            found += [
                ((i, number), (place[other.event.slug], other.number))
                for other in elsewhere
                if place.get(other.event.slug, i) < i
            ]
    return sorted(found, key=lambda link: (link[0][0] - link[1][0], link))


def lines_of(compared: Sequence[Mined], same: Iterable[tuple[Place, Place]], books: Shelf) -> list[Line]:
    """Themes strung together over the events. A line has one theme at an event; the nearest link wins."""
    strung: dict[Place, list[Place]] = {
        (i, theme.number): [(i, theme.number)] for i, each in enumerate(compared) for theme in each.ground.themes
    }
    for now, then in same:
        ours, theirs = strung[now], strung[then]
        if ours is not theirs and not {i for i, _ in ours} & {i for i, _ in theirs}:
            theirs += ours
            for place in ours:
                strung[place] = theirs
    doubtful: dict[int, Place] = {}
    for now, then in _near(compared, strung):
        strung[then] += strung[now]
        for place in strung[now]:
            strung[place] = strung[then]
        doubtful[id(strung[then])] = then
    rows = {id(line): (sorted(line), doubtful.get(id(line))) for line in strung.values()}
    return [_line(dict(row), then, compared, books) for row, then in rows.values()]


def _near(compared: Sequence[Mined], strung: Mapping[Place, list[Place]]) -> list[tuple[Place, Place]]:
    """(theme that begins a line, theme that ends one at an event before) that mean nearly the same, nearest first. A
    line is joined once."""
    begins = [place for place, line in strung.items() if place == min(line) and place[0] > 0]
    ends = [place for place, line in strung.items() if place == max(line) and place[0] < len(compared) - 1]
    cosines = {
        (now, then): float(compared[now[0]].centres[now[1]] @ compared[then[0]].centres[then[1]])
        for now in begins
        for then in ends
        if then[0] < now[0] and now[1] in compared[now[0]].centres and then[1] in compared[then[0]].centres
    }
    found: list[tuple[Place, Place]] = []
    used: set[Place] = set()
    for (now, then), cosine in sorted(cosines.items(), key=lambda each: (-round(each[1], 6), each[0])):
        if cosine >= NEAR and not {min(strung[now]), min(strung[then])} & used:
            used |= {min(strung[now]), min(strung[then])}
            found.append((now, then))
    return found


def centres_of(session: Session, ground: Ground) -> dict[int, Vectors]:
    query = select(Theme.number, Strand.centre).join(Strand, Strand.id == Theme.strand_id)
    own = (Theme.analysis_id == ground.analysis.id, Strand.embedder == ground.analysis.embedder)
    rows = session.execute(query.where(*own)).all()
    return {number: np.frombuffer(centre, "<f4") for number, centre in rows if centre}


def _line(row: Mapping[int, int], doubtful: Place | None, compared: Sequence[Mined], books: Shelf) -> Line:
    points = tuple(_point(each, row[i]) if i in row else None for i, each in enumerate(compared))
    state, chance = _state(points, row, compared)
    label = next(point.label for point in reversed(points) if point)
    answered = tuple(_answered(row, compared, books))
    if doubtful is None:
        return Line(label, points, state, chance, answered)
    before = points[doubtful[0]]
    return Line(label, points, state if state == GONE else PERHAPS, False, answered, before.label if before else None)


def _point(each: Mined, number: int) -> Point:
    theme = next(theme for theme in each.ground.themes if theme.number == number)
    share = estimate(*_talk(each, number))
    return Point(each.held.slug, number, theme.label, theme.breadth, len(each.ground.heard), share)


def _talk(each: Mined, number: int) -> tuple[list[float], list[float]]:
    """(seconds on the theme, seconds of all talk) of each group."""
    key = next(theme.id for theme in each.ground.themes if theme.number == number)
    return [own.themes.get(key, 0.0) for own in each.ground.heard], [own.seconds for own in each.ground.heard]


def _state(points: Sequence[Point | None], row: Mapping[int, int], compared: Sequence[Mined]) -> tuple[str, bool]:
    state = state_of(points)
    if state not in (GREW, FADED):
        return state, False
    last = len(points) - 1
    moved = difference(_talk(compared[last - 1], row[last - 1]), _talk(compared[last], row[last]))
    return state, moved is None or moved[0] <= 0 <= moved[1]


def state_of(points: Sequence[Point | None]) -> str:
    """By the last two events; where it is at neither, it is gone."""
    before, now = points[-2:] if len(points) > 1 else (None, points[-1])
    if now is None:
        return GONE
    if before is None:
        return BACK if any(points[:-2]) else NEW
    share, was = now.share.value or 0.0, before.share.value or 1e-9
    moved = movement(share / max(was, 1e-9), now.height / max(before.height, 1e-9), MOVED)
    return {"grew": GREW, "faded": FADED}.get(moved, STEADY)


def _answered(row: Mapping[int, int], compared: Sequence[Mined], books: Shelf) -> Iterable[Answered]:
    """Between every two events of which the theme was raised at the first: by what covers it at the second, or, where
    it is gone from there, covers it as it was."""
    for i in range(len(compared) - 1):
        if i not in row:
            continue
        then, now = compared[i], compared[i + 1]
        was = next((t for t in then.coverage.themes if t.number == row[i]), None)
        if was is None or books.covered_on(was, then.held.day) is not False:
            continue
        judged = next((t for t in now.coverage.themes if t.number == row.get(i + 1)), None) or was
        if judged.verdict == Verdict.COVERED and (modules := books.answered(judged, then.held.day, now.held.day)):
            yield Answered(then.held.slug, now.held.slug, modules)


def unsure(compared: Sequence[Mined], books: Shelf) -> list[Mined]:
    """The events, but for the last, of which it is not known of every theme whether a module covered it then."""
    return [
        then
        for then, now in pairwise(compared)
        if any(
            books.covered_on(theme, then.held.day) is None
            for each in (then, now)
            for theme in each.coverage.themes
            if theme.number in {own.number for own in each.ground.themes}
        )
    ]


def ranked(lines: Iterable[Line], states: Sequence[str]) -> tuple[Line, ...]:
    """By state in this order, then the widest at its last event first."""

    def rank(line: Line) -> tuple[int, float, str]:
        last = next(point for point in reversed(line.points) if point)
        return states.index(line.state), -last.height, line.label

    return tuple(sorted(lines, key=rank))
