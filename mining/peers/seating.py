"""The seating-at-a-big-wedding problem, as plain values: who may sit with whom, what a seating is worth, what rules it
breaks. Pure; the solver (`cp_sat_seating`) and its measuring sticks (`greedy_seating`) fill it, `peer_groups` asks it.

A seating puts people into groups of `smallest` to `largest`, each about one theme. Its value, in whole points:

    for everybody seated            SEAT + how much the group's theme is theirs (0..PICKED + 100)
    for every group                 DIFFERENCE x (distinct units among its members - 1)
    for every pair that met before  - REPEAT, but for pairs that must sit together

A unit is a department of an organisation. SEAT is more than anybody can cost by having met all others before, so that
nobody is left over for the sake of a nicer group. Rules that are never broken: sizes, members who have a share in the
theme, wishes, and (where `differ` is asked) members of two units at least.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

SEAT = 400
DIFFERENCE = 40
REPEAT = 60
PICKED = 100
"""What a theme that somebody picked is worth to them beside their groups' talk of it (0..100)."""

Pair = frozenset[int]


@dataclass(frozen=True)
class Sitter:
    """Somebody to be seated. `fits` is {theme: points above 0}; a theme that is not in it is none of theirs. `unit` is
    "" where it is not known; `table` is a group they sat in, used for the bound alone."""

    key: int
    unit: str
    fits: Mapping[int, int]
    table: int = 0


@dataclass(frozen=True)
class Problem:
    """`met` are the pairs that sat together before, `together` and `apart` the wishes."""

    people: tuple[Sitter, ...]
    smallest: int = 3
    largest: int = 6
    met: frozenset[Pair] = frozenset()
    together: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()
    differ: bool = True

    @cached_property
    def by_key(self) -> dict[int, Sitter]:
        return {sitter.key: sitter for sitter in self.people}

    @cached_property
    def blocks(self) -> tuple[tuple[int, ...], ...]:
        """People who must sit together, each alone where nobody wished so; in a fixed order."""
        return components([sitter.key for sitter in self.people], self.together)

    @cached_property
    def options(self) -> dict[tuple[int, ...], dict[int, int]]:
        """{block: {theme: points}}: the themes that all of them have a share in, or, where there is none, any."""
        found = {}
        for block in self.blocks:
            fits = [self.by_key[key].fits for key in block]
            common = set(fits[0]).intersection(*fits[1:]) or set().union(*fits)
            found[block] = {theme: sum(fit.get(theme, 0) for fit in fits) for theme in sorted(common)}
        return found

    @cached_property
    def repeats(self) -> frozenset[Pair]:
        """The pairs that cost something."""
        blocks = {key: block for block in self.blocks for key in block}
        here = {pair for pair in self.met if all(key in blocks for key in pair)}
        return frozenset(pair for pair in here if len({blocks[key] for key in pair}) > 1)

    @cached_property
    def themes(self) -> tuple[int, ...]:
        return tuple(sorted({theme for options in self.options.values() for theme in options}))


@dataclass(frozen=True)
class Table:
    """A group: its theme, and the keys of its members in order."""

    theme: int
    members: tuple[int, ...]


@dataclass(frozen=True)
class Score:
    """What a seating is worth, and what it is made of. `fit`: points; `units`: distinct units beyond the first of each
    group; `repeats`: pairs that met before."""

    seated: int
    groups: int
    fit: int
    units: int
    repeats: int

    @property
    def value(self) -> int:
        return SEAT * self.seated + self.fit + DIFFERENCE * self.units - REPEAT * self.repeats


@dataclass(frozen=True)
class Seating:
    """What a solver found. `bound`: no seating is worth more; None where nobody reckoned it."""

    tables: tuple[Table, ...]
    score: Score
    bound: int | None = None
    seconds: float = 0.0
    cut_short: bool = False
    """Whether time ran out: the next run may find something else then."""

    @property
    def gap(self) -> float | None:
        """How much of what there was to be gained beside the seats is missing at most: 0 is the best there is. Seats
        are left out of it, for they would make every gap look small."""
        if self.bound is None:
            return None
        room = self.bound - SEAT * self.score.seated
        return max(0.0, (self.bound - self.score.value) / room) if room > 0 else 0.0


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot hold together. `kind` is one of KINDS; `people` are the keys it is about."""

    kind: str
    people: tuple[int, ...] = ()
    details: Mapping[str, int] = field(default_factory=dict)


KINDS = ("few", "sizes", "themeless", "large", "torn", "alike", "alike_block", "wishes")


def conflicts(problem: Problem) -> list[Conflict]:
    """What makes every seating impossible, or a wish. Found by looking; what only a search can tell is not here."""
    found = []
    if not 2 <= problem.smallest <= problem.largest:
        found.append(Conflict("sizes", details={"smallest": problem.smallest, "largest": problem.largest}))
    if len(problem.people) < problem.smallest:
        found.append(Conflict("few", tuple(sitter.key for sitter in problem.people)))
    elif not any(sitter.fits for sitter in problem.people):
        found.append(Conflict("themeless"))
    elif problem.differ and len({sitter.unit for sitter in problem.people} - {""}) < 2:
        found.append(Conflict("alike"))
    for block in problem.blocks:
        torn = [tuple(sorted(pair)) for pair in problem.apart if pair <= set(block)]
        if len(block) > problem.largest:
            found.append(Conflict("large", block))
        elif torn:
            found.append(Conflict("torn", (*sorted(torn)[0], *(k for k in block if k not in sorted(torn)[0]))))
        elif problem.differ and len(block) == problem.largest and not differs(problem, block):
            found.append(Conflict("alike_block", block))
    return found


def differs(problem: Problem, members: Iterable[int]) -> bool:
    """Whether they come from two units at least. Who says nothing about theirs makes no difference."""
    return len({problem.by_key[key].unit for key in members} - {""}) > 1


def components(keys: Sequence[int], pairs: Iterable[Pair]) -> tuple[tuple[int, ...], ...]:
    """Keys joined by pairs, each component sorted, in the order of their first keys."""
    home = {key: key for key in keys}

    def root(key: int) -> int:
        while home[key] != key:
            key = home[key]
        return key

    for pair in sorted(tuple(sorted(pair)) for pair in pairs):
        one, other = (root(key) for key in pair) if all(key in home for key in pair) else (0, 0)
        if one != other:
            home[max(one, other)] = min(one, other)
    found: dict[int, list[int]] = {}
    for key in sorted(keys):
        found.setdefault(root(key), []).append(key)
    return tuple(tuple(members) for _, members in sorted(found.items()))


def worth(problem: Problem, tables: Iterable[Table]) -> Score:
    """Adds up a seating; whether it keeps the rules is `broken`'s business."""
    seated = groups = fit = units = repeats = 0
    for table in tables:
        groups += 1
        seated += len(table.members)
        fit += sum(problem.by_key[key].fits.get(table.theme, 0) for key in table.members)
        units += max(len({problem.by_key[key].unit for key in table.members} - {""}) - 1, 0)
        repeats += sum(frozenset(pair) in problem.repeats for pair in combinations(table.members, 2))
    return Score(seated, groups, fit, units, repeats)


def broken(problem: Problem, tables: Sequence[Table]) -> Iterator[str]:
    """Every rule that a seating breaks, in words for tests and for who changes a group by hand."""
    seats = Counter(key for table in tables for key in table.members)
    if twice := [key for key, count in seats.items() if count > 1]:
        yield f"{twice} sit in two groups"
    block_of = {key: block for block in problem.blocks for key in block}
    for table in tables:
        members = set(table.members)
        if not problem.smallest <= len(members) <= problem.largest:
            yield f"{table} has {len(members)} members"
        if problem.differ and not differs(problem, members):
            yield f"{table} comes from one unit"
        for pair in problem.apart:
            if pair <= members:
                yield f"{set(pair)} must not sit together"
        for key in table.members:
            if not set(block_of[key]) <= members:
                yield f"{block_of[key]} must sit together"
            if table.theme not in problem.options[block_of[key]]:
                yield f"{key} has no share in {table.theme}"
