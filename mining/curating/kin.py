"""The same themes at other events of a programme: which come back, grow, fade or go, from one cycle to the next.

Talk is never the same there, so themes are compared by meaning: the cosine of their strands' centres, by the same
embedder. Read by pages and the comparison of events.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.models import Event
from mining.analyses import latest_analysis
from mining.curating.lineage import movement
from mining.embedding.embedder import Vectors
from mining.models import Passage, Strand, Theme

KIN = 0.8
"""Cosine from which two themes of different events, each the other's nearest, are taken for the same. Measured with
all-MiniLM-L6-v2 on the 97 themes that seven events of telephone talk have in pairs: 84 pairs, 99 % of them right, 86 %
of all; 94 % and 94 % at 0.75, 100 % and 66 % at 0.85."""
PART = 0.85
"""Cosine from which a theme that is not its nearest's nearest is a part of it (split), or took it in (merged). High,
because most such pairs were wrong: 3 right of 7 between 0.8 and 0.85; above that none came up."""
MOVED = 1.5
"""Factor by which share of talk, or of groups, must differ between two events to be called growing or fading: other
people talked on another day."""


@dataclass(frozen=True)
class Held:
    """An event of the programme: its short name, title, and the day it was held or entered."""

    slug: str
    title: str
    day: date


@dataclass(frozen=True)
class Elsewhere:
    """A theme of another event. `depth` is its share of that event's talk, `groups` how many talked there."""

    event: Held
    number: int
    label: str
    named: bool
    breadth: int
    groups: int
    depth: float


@dataclass(frozen=True)
class Since:
    """A theme against the event before: new, continued, grew, faded, split or merged, and what it was then."""

    state: str
    before: tuple[Elsewhere, ...]


@dataclass(frozen=True)
class Kin:
    """`elsewhere` {theme number: the same theme at other events, oldest first}. `earlier` is the event before this one,
    None where this is the first; `since` {theme number: against it}, `gone` its themes that did not come back."""

    elsewhere: Mapping[int, tuple[Elsewhere, ...]]
    earlier: Held | None
    since: Mapping[int, Since]
    gone: tuple[Elsewhere, ...]


@dataclass(frozen=True)
class _Themes:
    """The themes of an event's newest analysis; `centres` (n, d) of length 1 belong to `themes`."""

    event: Held
    embedder: str
    themes: tuple[Elsewhere, ...]
    centres: Vectors


def kin(session: Session, event: Event) -> Kin:
    """The event's themes among those of its programme. Empty where it has no programme or no themes."""
    own = _themes(session, event) if event.programme else None
    if own is None or not own.themes:
        return Kin({}, None, {}, ())
    others = [
        themes
        for other in session.scalars(select(Event).where(Event.programme == event.programme, Event.id != event.id))
        if (themes := _themes(session, other)) and themes.themes and themes.embedder == own.embedder
    ]
    others.sort(key=lambda each: (each.event.day, each.event.slug))
    elsewhere: dict[int, list[Elsewhere]] = defaultdict(list)
    for other in others:
        for i, j in _pairs(own.centres, other.centres).items():
            elsewhere[own.themes[i].number].append(other.themes[j])
    before = [other for other in others if (other.event.day, other.event.slug) < (own.event.day, own.event.slug)]
    since, gone = _since(own, before[-1]) if before else ({}, ())
    return Kin(
        {number: tuple(found) for number, found in elsewhere.items()},
        before[-1].event if before else None,
        since,
        gone,
    )


def _since(own: _Themes, earlier: _Themes) -> tuple[dict[int, Since], tuple[Elsewhere, ...]]:
    cosines = own.centres @ earlier.centres.T
    pairs = _pairs(own.centres, earlier.centres)
    parts: dict[int, list[int]] = defaultdict(list)  # themes now, by the earlier one they are a part of
    sources: dict[int, list[int]] = {i: [j] for i, j in pairs.items()}
    for i in set(range(len(own.themes))) - set(pairs):
        if cosines[i].max() >= PART:
            parts[int(cosines[i].argmax())].append(i)
    for j in set(range(len(earlier.themes))) - set(pairs.values()):
        into = int(cosines[:, j].argmax())
        if cosines[into, j] >= PART and into in pairs:
            sources[into].append(j)
    since = {}
    for i, theme in enumerate(own.themes):
        own_parts = [j for j, its in parts.items() if i in its]
        before = [earlier.themes[j] for j in sources.get(i, own_parts)]
        if len(before) > 1:
            state = "merged"
        elif own_parts or (i in pairs and pairs[i] in parts):
            state = "split"
        elif not before:
            state = "new"
        else:
            state = _moved(theme, before[0])
        since[theme.number] = Since(state, tuple(before))
    seen = {theme.number for each in since.values() for theme in each.before}
    return since, tuple(theme for theme in earlier.themes if theme.number not in seen)


def _moved(now: Elsewhere, before: Elsewhere) -> str:
    wide, was_wide = now.breadth / max(now.groups, 1), before.breadth / max(before.groups, 1)
    return movement(now.depth / max(before.depth, 1e-9), wide / max(was_wide, 1e-9), MOVED)


def _pairs(own: Vectors, other: Vectors) -> dict[int, int]:
    """{row of `own`: row of `other`} of those that are each other's nearest and near enough."""
    if not len(own) or not len(other):
        return {}
    cosines = np.round(own @ other.T, 6)
    nearest, back = cosines.argmax(axis=1), cosines.argmax(axis=0)
    return {i: int(j) for i, j in enumerate(nearest) if back[j] == i and cosines[i, j] >= KIN}


def _themes(session: Session, event: Event) -> _Themes | None:
    analysis = latest_analysis(session, event.id)
    if analysis is None:
        return None
    held = Held(event.slug, event.title, event.held_on or event.created_at.date())
    talked = select(func.count(Passage.group_id.distinct())).where(Passage.analysis_id == analysis.id)
    groups = session.scalar(talked) or 0
    rows: Sequence[tuple[Theme, bytes]] = [
        (theme, centre)
        for theme, centre in session.execute(
            select(Theme, Strand.centre)
            .join(Strand, Strand.id == Theme.strand_id)
            .where(Theme.analysis_id == analysis.id, Strand.embedder == analysis.embedder)
            .order_by(Theme.number)
        )
        if centre
    ]
    themes = tuple(
        Elsewhere(held, row.number, row.label, row.named_by is not None, row.breadth, groups, row.depth)
        for row, _ in rows
    )
    centres = np.vstack([np.frombuffer(centre, "<f4") for _, centre in rows]) if rows else np.empty((0, 1), np.float32)
    return _Themes(held, analysis.embedder, themes, centres)
