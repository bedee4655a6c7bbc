"""Seats people with OR-tools' CP-SAT: a plan with a bound (`seating_bound`), then seats theme by theme, then a few
groups at a time are taken apart and seated anew until nothing gets better.

Everything is done by one worker with a fixed seed and limits of work rather than of time, so that the same people are
seated in the same way on every machine, unless the time limit cuts the search short; then `cut_short` says so.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from mining.peers.greedy_seating import greedy
from mining.peers.seating import DIFFERENCE, REPEAT, SEAT, Problem, Seating, Table, worth
from mining.peers.seating_bound import Block, plan

PLANNING = 0.4
"""Share of the time limit that the plan may take."""
SEATING = 0.25
"""Share of the time limit for seating all themes one by one; the rest is for mending."""
WORK = 3.0
"""CP-SAT's deterministic time (about seconds) for the groups of a theme, at most."""
SMALL_WORK = 0.25
"""The same for a few groups that are seated anew."""
TOGETHER = 12
"""At most so many groups of a theme are seated at once; those of larger themes are dealt, and mended afterwards."""
PATIENCE = 40
"""Rounds without anything better, for every group there is up to three, after which it stops."""

Report = Callable[[float, str], None]


def seat(problem: Problem, seconds: float = 20.0, seed: int = 1, report: Report | None = None) -> Seating:
    """A seating that keeps all rules, with the bound of what is possible. Blocks that fit nowhere stay without a seat.

    The caller has looked for `conflicts`. `report` gets the share done (0..1) and what is being done.
    """
    begun = time.monotonic()
    if not problem.themes:
        return Seating((), worth(problem, ()), 0)
    report = report or (lambda share, note: None)
    report(0.0, "planning themes")
    found = plan(problem, PLANNING * seconds, seed)
    tables: list[Table] = []
    work = min(WORK, SEATING * seconds / max(len(found.themes), 1))
    for theme, (blocks, count) in found.themes.items():
        tables += _seat_theme(problem, theme, blocks, count, work, seed)
        report(min(0.5, (time.monotonic() - begun) / seconds), "seating")
    pencil = greedy(problem)
    if worth(problem, tables).value < pencil.score.value:
        tables = list(pencil.tables)
    mender = _Mender(problem, tables, found.bound, seed)
    finished = mender.mend(begun + seconds, lambda share: report(0.5 + share / 2, "seating anew"))
    tables = sorted(mender.tables, key=lambda table: (table.theme, table.members))
    return Seating(
        tuple(tables),
        worth(problem, tables),
        found.bound,
        time.monotonic() - begun,
        cut_short=not (finished and found.proven),
    )


def _seat_theme(
    problem: Problem, theme: int, blocks: Sequence[Block], count: int, work: float, seed: int
) -> list[Table]:
    """The groups of one theme; fewer people than were planned where wishes leave no other way."""
    dealt = _dealt(problem, theme, blocks, count)
    if count == 1 or count > TOGETHER:
        return [table for table in dealt if not _wrong(problem, table)]
    return _solve(problem, blocks, [(theme,)] * count, dealt, work, 2 * work, seed)


def _dealt(problem: Problem, theme: int, blocks: Sequence[Block], count: int) -> list[Table]:
    """Round the table: large blocks first, then unit by unit, each to the group that is smallest so far and wants them
    least little."""
    seats: list[list[int]] = [[] for _ in range(count)]
    order = sorted(blocks, key=lambda block: (-len(block), problem.by_key[block[0]].unit, block))
    for block in order:
        room = [s for s in seats if len(s) + len(block) <= problem.largest and not _rival(problem, s, block)]
        if room:
            min(room, key=lambda s: (len(s), _met(problem, s, block))).extend(block)
    return [Table(theme, tuple(sorted(members))) for members in seats if members]


def _rival(problem: Problem, members: Iterable[int], block: Block) -> bool:
    return any(frozenset((one, other)) in problem.apart for one in members for other in block)


def _met(problem: Problem, members: Iterable[int], block: Block) -> int:
    return sum(frozenset((one, other)) in problem.repeats for one in members for other in block)


def _wrong(problem: Problem, table: Table) -> bool:
    units = {problem.by_key[key].unit for key in table.members} - {""}
    small = not problem.smallest <= len(table.members) <= problem.largest
    return small or (problem.differ and len(units) < 2)


def _solve(
    problem: Problem,
    blocks: Sequence[Block],
    slots: Sequence[tuple[int, ...]],
    now: Sequence[Table],
    work: float,
    seconds: float,
    seed: int,
) -> list[Table]:
    """Seats the blocks in at most so many groups, each about one of the slot's themes; `now` is how they sit."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    seats = _Seats(model, problem, blocks, slots)
    seats.hint(now)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = work
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [table for table in now if not _wrong(problem, table)]
    return seats.read(solver)


class _Seats:
    """The whole problem for a few groups: who sits where about what."""

    def __init__(self, model: Any, problem: Problem, blocks: Sequence[Block], slots: Sequence[tuple[int, ...]]) -> None:
        self._model, self._problem, self._blocks, self._slots = model, problem, blocks, slots
        self._about = [{theme: model.new_bool_var("") for theme in themes} for themes in slots]
        self._sits: list[dict[Block, Any]] = []
        self._with: dict[tuple[Block, int, int], Any] = {}
        gains: list[Any] = []
        for slot, themes in enumerate(self._about):
            used = sum(themes.values())
            model.add(used <= 1)
            sits = {block: model.new_bool_var("") for block in blocks}
            self._sits.append(sits)
            for block, var in sits.items():
                gains += self._fit(slot, block, var)
            people = sum(len(block) * var for block, var in sits.items())
            model.add(people >= problem.smallest * used)
            model.add(people <= problem.largest * used)
            gains += self._units(sits, used)
        for block in blocks:
            model.add_at_most_one(sits[block] for sits in self._sits)
        gains += self._pairs()
        model.maximize(sum(gains))

    def _fit(self, slot: int, block: Block, var: Any) -> Iterator[Any]:
        """A seat counts once it has a theme that the block has a share in."""
        shares = []
        for theme, about in self._about[slot].items():
            points = self._problem.options[block].get(theme)
            if points is None:
                continue
            share = self._with[block, slot, theme] = self._model.new_bool_var("")
            self._model.add_implication(share, about)
            shares.append(share)
            yield (SEAT * len(block) + points) * share
        self._model.add(sum(shares) == var)

    def _units(self, sits: dict[Block, Any], used: Any) -> Iterator[Any]:
        model, homes = self._model, defaultdict(list)
        for block, var in sits.items():
            for unit in sorted({self._problem.by_key[key].unit for key in block} - {""}):
                homes[unit].append(var)
        there = []
        for blocks in homes.values():
            there.append(model.new_bool_var(""))
            model.add(there[-1] <= sum(blocks))
        most = self._problem.largest
        beyond = model.new_int_var(0, max(most - 1, 0), "")  # distinct units beyond the first
        model.add(beyond <= most * used)
        if self._problem.differ:
            model.add(sum(there) >= 2 * used)
            model.add(beyond <= sum(there) - used)
        else:
            known = model.new_bool_var("")
            model.add(beyond <= sum(there) - known)
            model.add(beyond <= most * known)
        yield DIFFERENCE * beyond

    def _pairs(self) -> Iterator[Any]:
        """Rivals never share a slot; people who met cost something where they do."""
        home = {key: block for block in self._blocks for key in block}
        cost: dict[tuple[Block, Block], int] = defaultdict(int)
        for met in sorted(self._problem.repeats, key=sorted):
            if met <= home.keys():
                one, other = sorted(home[key] for key in met)
                cost[one, other] += REPEAT
        for pair in self._problem.apart:
            if pair <= home.keys():
                one, other = (home[key] for key in pair)
                for sits in self._sits:
                    self._model.add_at_most_one(sits[one], sits[other])
        for (one, other), points in cost.items():
            again = self._model.new_bool_var("")
            for sits in self._sits:
                self._model.add(sits[one] + sits[other] <= 1 + again)
            yield -points * again

    def hint(self, now: Sequence[Table]) -> None:
        """How they sit now, to begin with; tables are put where their theme may be."""
        free = list(range(len(self._slots)))
        place = {}
        for table in now:
            slot = next((s for s in free if table.theme in self._slots[s]), None)
            if slot is not None:
                free.remove(slot)
                place[slot] = table
        for slot, (about, sits) in enumerate(zip(self._about, self._sits, strict=True)):
            seated = place.get(slot, Table(0, ()))
            for theme, var in about.items():
                self._model.add_hint(var, bool(seated.members) and seated.theme == theme)
            for block, var in sits.items():
                self._model.add_hint(var, block[0] in seated.members)
        for (block, slot, theme), var in self._with.items():
            seated = place.get(slot, Table(0, ()))
            self._model.add_hint(var, seated.theme == theme and block[0] in seated.members)

    def read(self, solver: Any) -> list[Table]:
        tables = []
        for about, sits in zip(self._about, self._sits, strict=True):
            theme = next((theme for theme, var in about.items() if solver.boolean_value(var)), None)
            members = sorted(key for block, var in sits.items() if solver.boolean_value(var) for key in block)
            if theme is not None and members:
                tables.append(Table(theme, tuple(members)))
        return tables


class _Mender:
    """Takes a few groups apart at a time, with those who are left over, and seats them anew (large neighbourhood
    search). Which ones is drawn, the worst most often."""

    def __init__(self, problem: Problem, tables: list[Table], bound: int, seed: int) -> None:
        self.tables = tables
        self._problem, self._bound, self._seed = problem, bound, seed
        self._rng = random.Random(seed)  # noqa: S311  (no secret: the same draw for everybody)
        self._best = {b: max(o.values(), default=0) for b, o in problem.options.items()}
        self._home = {key: block for block in problem.blocks for key in block}
        self._tried: set[tuple[frozenset[Table], tuple[Block, ...]]] = set()

    def mend(self, until: float, report: Callable[[float], None]) -> bool:
        """Until nothing gets better, the bound is reached (True), or time is up (False)."""
        value = worth(self._problem, self.tables).value
        idle, begun = 0, time.monotonic()
        while self.tables and value < self._bound and idle < PATIENCE + 3 * len(self.tables):
            left = until - time.monotonic()
            if left <= 0:
                return False
            report(1 - left / max(until - begun, 0.01))
            chosen = self._choose()
            now = [self.tables[i] for i in chosen]
            waiting = self._waiting()
            tried = (frozenset(now), tuple(waiting))
            new = now if tried in self._tried else self._anew(now, waiting, left)
            self._tried.add(tried)
            gained = worth(self._problem, new).value - worth(self._problem, now).value
            idle = 0 if gained > 0 else idle + 1
            if gained > 0:
                self.tables = [table for i, table in enumerate(self.tables) if i not in chosen] + new
                value += gained
        return True

    def _anew(self, now: list[Table], waiting: list[Block], left: float) -> list[Table]:
        blocks = sorted({self._home[key] for table in now for key in table.members}) + waiting
        themes: dict[int, int] = defaultdict(int)
        for block in blocks:
            for theme in self._problem.options[block]:
                themes[theme] += len(block)
        able = tuple(theme for theme, count in sorted(themes.items()) if count >= self._problem.smallest)
        able = tuple(sorted({*able, *(table.theme for table in now)}))
        slots = len(now) + bool(waiting)
        return _solve(self._problem, blocks, [able] * slots, now, SMALL_WORK, left, self._seed)

    def _waiting(self) -> list[Block]:
        seated = {key for table in self.tables for key in table.members}
        left = [b for b in self._problem.blocks if b[0] not in seated and self._problem.options[b]]
        return sorted(self._rng.sample(left, min(len(left), self._problem.largest)))

    def _choose(self) -> set[int]:
        """Two or three groups: one that has something to gain, and others whose people could sit there."""
        gains = [self._loss(table) for table in self.tables]
        first = self._rng.choices(range(len(self.tables)), [gain + 1 for gain in gains])[0]
        themes = {self.tables[first].theme} | {
            theme for key in self.tables[first].members for theme in self._problem.by_key[key].fits
        }
        near = [i for i, table in enumerate(self.tables) if i != first and table.theme in themes]
        far = [i for i in range(len(self.tables)) if i != first and i not in near]
        self._rng.shuffle(near)
        self._rng.shuffle(far)
        return {first, *(near + far)[: self._rng.choice((1, 2, 2))]}

    def _loss(self, table: Table) -> int:
        score = worth(self._problem, [table])
        best = sum(self._best[block] for block in {self._home[key] for key in table.members})
        alike = DIFFERENCE * (len(table.members) - 1 - score.units)
        return max(best - score.fit, 0) + alike + REPEAT * score.repeats
