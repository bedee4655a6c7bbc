"""What people decided about themes, applied to what clustering found. Pure: a log and passages in, themes out.

The log is replayed from its beginning each time, on every later analysis too: that is how names, merges, splits, moves
and hidings outlive mining again with another seed or one more room. A strand that a decision speaks of and that is not
found any more simply has no effect; it may come back. `mining.curating.decisions` writes the log.

What a decision's `details` hold, strands being ids:

    rename {"strand", "label"}
    merge  {"keep", "others": [...]}
    split  {"strand", "into": [...]}                       one strand per part, found again by its talk or its meaning
    move   {"recording", "start", "end", "to": id | None}  seconds of the recording
    hide   {"strand", "reason"}
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mining.curating.lineage import Body, overlaps
from mining.embedding.embedder import Vectors

ASIDE = "set aside by a person"
"""Why a passage has no theme, where a person decided so."""
VERBS = ("rename", "merge", "split", "move", "hide")


@dataclass(frozen=True)
class Made:
    """A decision that is in force."""

    verb: str
    details: Mapping[str, Any]
    by: str


@dataclass(frozen=True)
class Heard:
    """A passage as decisions see it: where it stands, in seconds of its recording, and the strand it was found in."""

    recording: int
    start: float
    end: float
    strand: int | None


@dataclass
class Curated:
    """`shown` is each passage's theme, as a strand; None where it has none. `aside` are the passages that a person took
    out of their theme, `named` {strand: (label, by whom)} of the themes that are shown, `parts` {strand: passages} of
    what was split off, as it fell apart."""

    shown: list[int | None]
    aside: set[int] = field(default_factory=set)
    named: dict[int, tuple[str, str]] = field(default_factory=dict)
    parts: dict[int, list[int]] = field(default_factory=dict)


def apply(
    decisions: Sequence[Made], heard: Sequence[Heard], vectors: Vectors | None, parts: Mapping[int, Body]
) -> Curated:
    """Replays `decisions`, oldest first. `vectors` (n, d) belong to `heard`; without them a part is known by its talk
    alone. `parts` are the strands that people split off: where their talk stood when they were last seen, and their
    centres."""
    replay = _Replay(heard, vectors, parts)
    for made in decisions:
        _APPLY[made.verb](replay, made.details, made.by)
    replay.name()
    return replay.curated


class _Replay:
    """The state of things after some decisions."""

    def __init__(self, heard: Sequence[Heard], vectors: Vectors | None, parts: Mapping[int, Body]) -> None:
        self.heard, self.vectors, self.parts = heard, vectors, parts
        self.curated = Curated([each.strand for each in heard])
        self.names: list[tuple[int, str, str]] = []
        self.into: dict[int, int] = {}
        """{strand: the one it was merged into}"""
        self.there: dict[int, list[int]] = {}
        """{recording: its passages}"""
        for i, each in enumerate(heard):
            self.there.setdefault(each.recording, []).append(i)

    def members(self, strand: int) -> list[int]:
        return [i for i, shown in enumerate(self.curated.shown) if shown == strand]

    def rename(self, details: Mapping[str, Any], by: str) -> None:
        self.names.append((details["strand"], details["label"], by))

    def name(self) -> None:
        """A name belongs to one theme: of those that are shown, the one that was given it last."""
        owner: dict[str, int] = {}
        here = set(self.curated.shown)
        for strand, label, by in self.names:
            if strand in here:
                self.curated.named.pop(owner.get(label.casefold(), strand), None)
                owner[label.casefold()] = strand
                self.curated.named[strand] = (label, by)

    def merge(self, details: Mapping[str, Any], by: str) -> None:
        for other in details["others"]:
            for i in self.members(other):
                self.curated.shown[i] = details["keep"]
            self.into[other] = details["keep"]
        self.into.pop(details["keep"], None)

    def split(self, details: Mapping[str, Any], by: str) -> None:
        """Each passage goes to the part that held most of its seconds, or else to the one nearest in meaning."""
        known = [self.parts[key] for key in details["into"] if key in self.parts]
        members = self.members(details["strand"])
        if not known or not members:
            return
        spans = [((each.recording, each.start, each.end),) for each in (self.heard[i] for i in members)]
        shared = overlaps([Body(i, span) for i, span in enumerate(spans)], known)
        centres = [body.centre for body in known]
        for row, i in enumerate(members):
            if shared[row].any():
                part = int(shared[row].argmax())
            elif self.vectors is not None:
                part = int(np.argmax([-1.0 if c is None else float(self.vectors[i] @ c) for c in centres]))
            else:
                part = int(np.argmax([body.seconds for body in known]))
            self.curated.shown[i] = known[part].key
            self.curated.parts.setdefault(known[part].key, []).append(i)

    def move(self, details: Mapping[str, Any], by: str) -> None:
        """Passages of which more than half was moved. A theme that is not here takes none."""
        to = details["to"]
        for _ in range(len(self.into)):
            to = self.into.get(to, to)
        if to is not None and to not in self.curated.shown:
            return
        for i in self.there.get(details["recording"], []):
            each = self.heard[i]
            inside = min(each.end, details["end"]) - max(each.start, details["start"])
            if inside > (each.end - each.start) / 2:
                self.curated.shown[i] = to
                (self.curated.aside.add if to is None else self.curated.aside.discard)(i)

    def hide(self, details: Mapping[str, Any], by: str) -> None:
        for i in self.members(details["strand"]):
            self.curated.shown[i] = None
            self.curated.aside.add(i)


_APPLY: dict[str, Callable[[_Replay, Mapping[str, Any], str], None]] = {verb: getattr(_Replay, verb) for verb in VERBS}
