"""The same theme, known again: which theme of this analysis is which of the one before, and what has become of it.

Pure. Themes are compared by the seconds of talk they hold in common, not by names or by meaning: mined with another
seed, the same people still said the same words at the same time. Between clustering and `mining.conclusion`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mining.embedding.embedder import Vectors

Span = tuple[int, float, float]
"""Recording, start and end in seconds of the recording."""
Seconds = npt.NDArray[np.float64]

KEEP = 1 / 3
"""Share of a strand's talk that a cluster must hold, and of the cluster's known talk that must be the strand's, for
the cluster to be that strand. Less than half, because a theme that fell in two is still known by its larger part."""
DORMANT = 0.8
"""Weight of strands that the analysis before did not find: they may come back, but yield to one that was there."""
ALIKE = 0.85
"""Cosine of centres from which a cluster is a strand of whose talk no recording is left (a room that was taken out and
brought in anew). Pairs of different themes of one event stay below it (measured: 0.77 at most)."""
FELL = 0.25
"""Share of a theme that each of two later themes must hold for it to have split."""
MINOR = 0.1
"""Share of a theme's known talk that must come from another one for the two to have merged."""
MOVED = 1.25
"""Factor by which talk or breadth must have grown (or shrunk) to be called growing (or fading)."""


@dataclass(frozen=True)
class Body:
    """A theme as lineage sees it: its key, and per passage where it stands; spans of one analysis do not overlap.

    `live`: the analysis before found it. `centre` (d,) has length 1; None where it is not asked for.
    """

    key: int
    spans: tuple[Span, ...]
    centre: Vectors | None = None
    live: bool = True

    @property
    def seconds(self) -> float:
        return sum(end - start for _, start, end in self.spans)


@dataclass(frozen=True)
class Change:
    """What became of a theme since the analysis before. Shares are of all talk then and now, breadths are groups.

    `state` is new, continued, grew, faded, split or merged; `strands` are what it was before, most shared talk first.
    """

    state: str
    strands: tuple[int, ...]
    share_before: float
    share: float
    breadth_before: int
    breadth: int

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "strands": list(self.strands)}


@dataclass(frozen=True)
class Ended:
    """A theme that was there before and is not any more; `into` are the themes that took half of its talk, if any."""

    key: int
    into: tuple[int, ...]


def recognise(now: Sequence[Body], before: Sequence[Body]) -> dict[int, int]:
    """{key now: key before} of the clusters that are a strand known before; one to one.

    The pairs with the most seconds in common, each weighted by how much of both that is (Hungarian method, Kuhn 1955).
    Talk that no live strand held before, such as an added room's, counts neither for nor against.
    """
    from scipy.optimize import linear_sum_assignment

    if not now or not before:
        return {}
    shared = overlaps(now, before)
    size = np.array([body.seconds for body in before])
    known = shared[:, [body.live for body in before]].sum(axis=1)[:, None]
    known = np.maximum(known, shared)  # talk that only dormant strands knew
    either = np.maximum(known + size - shared, 1e-9)
    fits = (shared >= KEEP * size) & (shared >= KEEP * known) & (shared > 0)
    weight = np.array([1.0 if body.live else DORMANT for body in before])
    score = np.where(fits, shared * shared / either * weight, 0.0)
    pairs = zip(*linear_sum_assignment(score, maximize=True), strict=True)
    found = {now[i].key: before[j].key for i, j in pairs if score[i, j] > 0}
    return found | _by_meaning(now, before, found, known[:, 0])


def _by_meaning(
    now: Sequence[Body], before: Sequence[Body], found: Mapping[int, int], known: Seconds
) -> dict[int, int]:
    """Pairs of strands without talk and clusters of mostly new talk that mean the same, nearest first."""
    taken = set(found.values())
    lost = [body for body in before if not body.spans and body.key not in taken and body.centre is not None]
    fresh = [
        body
        for body, seconds in zip(now, known, strict=True)
        if body.key not in found and body.centre is not None and seconds < body.seconds / 2
    ]
    near = sorted(
        (
            (-round(float(body.centre @ strand.centre), 6), body.key, strand.key)
            for body in fresh
            for strand in lost
            if body.centre is not None and strand.centre is not None
        ),
    )
    pairs: dict[int, int] = {}
    for distance, key, strand in near:
        if -distance >= ALIKE and key not in pairs and strand not in pairs.values():
            pairs[key] = strand
    return pairs


def overlaps(now: Sequence[Body], before: Sequence[Body]) -> Seconds:
    """(len(now), len(before)): seconds of talk that a theme now and one before have in common."""
    shared = np.zeros((len(now), len(before)))
    there: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    for i, body in enumerate(now):
        for recording, start, end in body.spans:
            there[recording].append((start, end, i))
    lines = {}
    for recording, spans in there.items():
        spans.sort()
        lines[recording] = (np.array([s[0] for s in spans]), np.array([s[1] for s in spans]), [s[2] for s in spans])
    for j, body in enumerate(before):
        for recording, start, end in body.spans:
            if recording not in lines:
                continue
            starts, ends, whose = lines[recording]
            for at in range(int(np.searchsorted(ends, start, "right")), int(np.searchsorted(starts, end, "left"))):
                shared[whose[at], j] += max(0.0, min(end, float(ends[at])) - max(start, float(starts[at])))
    return shared


def compare(
    now: Sequence[Body], before: Sequence[Body], talk: float, talk_before: float, rooms: Mapping[int, int]
) -> tuple[dict[int, Change], tuple[Ended, ...]]:
    """{key: Change} of every theme now, and the themes before that are gone. The same key is the same theme.

    `talk` and `talk_before` are the seconds that shares are of; `rooms` is {recording: group}. In this order: *merged*
    where two or more themes before put at least half of their talk into it, *split* where one fell to two or more now
    and half of this one's known talk is from there, *new* where it was not there before, *grew* and *faded* where talk
    (in seconds, so that an added room does not make others fade) or breadth moved by MOVED, else *continued*.
    """
    shared = overlaps(now, before)
    sizes = np.maximum([body.seconds for body in before], 1e-9)
    known = np.maximum(shared.sum(axis=1), 1e-9)
    place = {body.key: j for j, body in enumerate(before)}
    went = (shared >= sizes / 2) & (shared >= MINOR * known[:, None]) & (shared > 0)
    fell = (shared >= FELL * sizes).sum(axis=0) >= 2 if len(now) else np.zeros(len(before), bool)
    changes = {}
    for i, body in enumerate(now):
        own = place.get(body.key)
        from_split = [j for j in range(len(before)) if fell[j] and shared[i, j] >= max(FELL * sizes[j], known[i] / 2)]
        sources = _sources(shared[i], went[i], from_split, own)
        was, is_now = _breadth((before[j] for j in sources), rooms), _breadth([body], rooms)
        talked = sum(before[j].seconds for j in sources)
        if went[i].sum() > 1:
            state = "merged"
        elif from_split:
            state = "split"
        elif own is None:
            state = "new"
        else:
            state = movement(body.seconds / max(talked, 1e-9), is_now / max(was, 1))
        changes[body.key] = Change(
            state=state,
            strands=tuple(before[j].key for j in sources),
            share_before=round(talked / max(talk_before, 1e-9), 6),
            share=round(body.seconds / max(talk, 1e-9), 6),
            breadth_before=was,
            breadth=is_now,
        )
    keys = {body.key for body in now}
    ended = (
        Ended(body.key, tuple(now[int(i)].key for i in np.flatnonzero(shared[:, j] >= sizes[j] / 2)))
        for j, body in enumerate(before)
        if body.key not in keys
    )
    return changes, tuple(ended)


def _sources(shared: Seconds, went: npt.NDArray[np.bool_], from_split: Sequence[int], own: int | None) -> list[int]:
    """Which themes before a theme is made of: those merged, else the one it split from, else itself."""
    if went.sum() > 1:
        return sorted((int(j) for j in np.flatnonzero(went)), key=lambda j: -shared[j])
    return list(from_split[:1]) or ([own] if own is not None else [])


def movement(talk: float, breadth: float, factor: float = MOVED) -> str:
    """grew, faded or continued, by how talk and breadth changed (1.0: not at all). Talk decides where they disagree."""
    if talk >= factor or (breadth >= factor and talk >= 1):
        return "grew"
    if talk <= 1 / factor or (breadth <= 1 / factor and talk <= 1):
        return "faded"
    return "continued"


def _breadth(bodies: Iterable[Body], rooms: Mapping[int, int]) -> int:
    return len({rooms[recording] for body in bodies for recording, _, _ in body.spans if recording in rooms})
