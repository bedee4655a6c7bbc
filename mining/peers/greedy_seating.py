"""Two measuring sticks for the solver: a careful host with a pencil (greedy), and names drawn from a hat (random).

Both keep the rules; `peer_groups` reports what they reach beside what the solver reaches, and the solver starts from
the better of its own plan and the greedy one.
"""

import random
import time
from collections.abc import Iterable

from mining.peers.seating import DIFFERENCE, REPEAT, Problem, Seating, Table, differs, worth

Block = tuple[int, ...]
HATS = 10
"""How often names are drawn: the middle one of the results counts."""


def greedy(problem: Problem) -> Seating:
    """Opens a group for the theme that most people who are left have a share in, and adds whoever gains most, until
    nobody is left who can form a group."""
    begun = time.monotonic()
    left = {block: options for block, options in problem.options.items() if options}
    tables: list[Table] = []
    closed: set[int] = set()
    while len(closed) < len(problem.themes):
        demand = {
            theme: sum(options.get(theme, 0) for options in left.values())
            for theme in problem.themes
            if theme not in closed
        }
        theme = max(demand, key=lambda theme: (demand[theme], -theme))
        members = _fill(problem, theme, [block for block, options in left.items() if theme in options])
        if members is None:
            closed.add(theme)
            continue
        tables.append(Table(theme, tuple(sorted(members))))
        left = {block: options for block, options in left.items() if not members & set(block)}
    return _seating(problem, _latecomers(problem, tables, left), begun)


def random_seating(problem: Problem, seed: int) -> Seating:
    """Names drawn from a hat, HATS times: people are called up in a random order and sit down at the first group they
    may join, of a size and a theme drawn with it. The middle result of all draws."""
    begun = time.monotonic()
    draws = [random.Random(seed * HATS + turn) for turn in range(HATS)]  # noqa: S311
    results = [_hat(problem, rng) for rng in draws]
    results.sort(key=lambda tables: worth(problem, tables).value)
    return _seating(problem, results[HATS // 2], begun)


def may_join(problem: Problem, theme: int, members: Iterable[int], block: Block) -> bool:
    """Whether a block may sit down there, as far as sizes, the theme and wishes go."""
    members = set(members)
    if len(members) + len(block) > problem.largest or theme not in problem.options[block]:
        return False
    return not any(pair <= members | set(block) and pair & set(block) for pair in problem.apart)


def _fill(problem: Problem, theme: int, candidates: list[Block]) -> set[int] | None:
    members: set[int] = set()
    waiting = list(candidates)
    while waiting and len(members) < problem.largest:
        able = [block for block in waiting if may_join(problem, theme, members, block)]
        if not able:
            break
        best = max(able, key=lambda block: (_gain(problem, theme, members, block), -block[0]))
        if len(members) >= problem.smallest and differs(problem, members) and _gain(problem, theme, members, best) <= 0:
            break
        members |= set(best)
        waiting.remove(best)
    good = len(members) >= problem.smallest and (not problem.differ or differs(problem, members))
    return members if good else None


def _gain(problem: Problem, theme: int, members: set[int], block: Block) -> int:
    here = {problem.by_key[key].unit for key in members}
    new = {problem.by_key[key].unit for key in block} - here - {""}
    met = sum(frozenset((one, other)) in problem.repeats for one in block for other in members)
    return problem.options[block][theme] + DIFFERENCE * len(new) - REPEAT * met


def _latecomers(problem: Problem, tables: list[Table], left: Iterable[Block]) -> list[Table]:
    """Whoever is left sits down where there is room, the best place first."""
    for block in left:
        places = [i for i, table in enumerate(tables) if may_join(problem, table.theme, table.members, block)]
        if places:
            i = max(places, key=lambda i: _gain(problem, tables[i].theme, set(tables[i].members), block))
            tables[i] = Table(tables[i].theme, tuple(sorted((*tables[i].members, *block))))
    return tables


def _hat(problem: Problem, rng: random.Random) -> list[Table]:
    waiting = [block for block in problem.blocks if problem.options[block]]
    rng.shuffle(waiting)
    tables: list[Table] = []
    left: list[Block] = []
    while waiting:
        first = waiting.pop()
        theme = rng.choice(list(problem.options[first]))
        size = rng.randint(problem.smallest, problem.largest)
        members = set(first)
        for block in list(waiting):
            if len(members) + len(block) <= size and may_join(problem, theme, members, block):
                members |= set(block)
                waiting.remove(block)
        if len(members) >= problem.smallest and (not problem.differ or differs(problem, members)):
            tables.append(Table(theme, tuple(sorted(members))))
        else:
            waiting += [block for block in problem.blocks if members >= set(block) and block != first]
            left.append(first)
    return _latecomers(problem, tables, left)


def _seating(problem: Problem, tables: list[Table], begun: float) -> Seating:
    return Seating(tuple(tables), worth(problem, tables), seconds=time.monotonic() - begun)
