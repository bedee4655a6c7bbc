"""Counts by state that may be published: states that too few groups are in are put together until nothing tells of one.

Where `suppression` hides cells and keeps totals, this keeps everything that is counted and publishes no finer than it
may: what is published adds up, and nothing is left to subtract. Used by the report for sponsors. Pure.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Pool:
    """`count` things are in one of these states, in at least as many groups as were asked for. None of the states is
    told from another one, nor whether any of them is empty."""

    states: tuple[str, ...]
    count: int


@dataclass
class _Part:
    states: list[str]
    groups: Counter[int]

    @property
    def count(self) -> int:
        return self.groups.total()

    def enough(self, least: int) -> bool:
        """Things of fewer groups, or fewer things, would be somebody's."""
        return len(self.groups) >= least


def pooled(cells: Mapping[str, Mapping[int, int]], least: int) -> tuple[Pool, ...]:
    """`cells` are {state: {group: how many things}}, every state that there could be among them: one that is left out
    is told to be empty. Empty where fewer than `least` groups have any."""
    parts = [_Part([state], Counter({g: n for g, n in own.items() if n})) for state, own in cells.items()]
    while len(parts) > 1 and (short := [part for part in parts if not part.enough(least)]):
        first = min(short, key=lambda part: (len(part.groups), part.count))
        others = [part for part in parts if part is not first]
        into = min(others, key=lambda part: (part.enough(least), len(part.groups), part.count))
        into.groups.update(first.groups)
        into.states += first.states
        parts = others
    order = list(cells)
    return tuple(Pool(tuple(sorted(p.states, key=order.index)), p.count) for p in parts if p.enough(least))
