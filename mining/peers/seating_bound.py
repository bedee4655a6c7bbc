"""How many groups for which theme, and who goes to which theme: the plan that comes before anybody is given a seat, and
the bound that no seating can beat.

A seating's value hangs on its single groups in two ways only: how many units sit in each, and who met before. Dealing a
theme's people round its k groups, unit by unit, puts each unit into as many groups as it can be in: min(k, its people).
So a whole programme over {person: theme} and the number of groups reaches every value that fit, seats and units allow;
of those who sat at one table, n people in k groups meet again at least sum over j of max(0, n - jk) times. What is left
out (wishes, sitting at several tables) can only make a seating worse, so the optimum here is a bound. Its linear
relaxation is nearly whole, which is why CP-SAT with all its cuts on proves it for 1,000 people in seconds.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from mining.peers.seating import DIFFERENCE, REPEAT, SEAT, Problem

Block = tuple[int, ...]
DEPTH = 3
"""How many times over people of one table may have to share a group before it is not counted any more."""


@dataclass(frozen=True)
class Plan:
    """`themes` is {theme: (its blocks, number of groups)}; `bound` holds for every seating. `proven`: whether the plan
    itself is the best; otherwise time ran out, and the bound is what was proven so far."""

    themes: Mapping[int, tuple[tuple[Block, ...], int]]
    bound: int
    proven: bool


def plan(problem: Problem, seconds: float, seed: int) -> Plan:
    """At most so many seconds. The plan is empty where none was found in time."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    goes: dict[tuple[Block, int], Any] = {}
    gains: list[Any] = []
    for block, options in problem.options.items():
        here = []
        for theme, points in options.items():
            goes[block, theme] = model.new_bool_var("")
            here.append(goes[block, theme])
            gains.append((SEAT * len(block) + points) * here[-1])
        model.add_at_most_one(here)
    groups = {}
    for theme in problem.themes:
        blocks = [block for block in problem.blocks if theme in problem.options[block]]
        there = {block: goes[block, theme] for block in blocks}
        groups[theme] = model.new_int_var(0, sum(map(len, blocks)) // problem.smallest, "")
        gains += _of_theme(model, problem, there, groups[theme])
    model.maximize(sum(gains))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = seed
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Plan({}, _at_most(problem), False)
    themes = {
        theme: (
            tuple(b for b in problem.blocks if (b, theme) in goes and solver.boolean_value(goes[b, theme])),
            solver.value(k),
        )
        for theme, k in groups.items()
    }
    bound = min(int(solver.best_objective_bound + 1e-6), _at_most(problem))
    return Plan({theme: found for theme, found in themes.items() if found[1]}, bound, status == cp_model.OPTIMAL)


def _of_theme(model: Any, problem: Problem, there: Mapping[Block, Any], groups: Any) -> list[Any]:
    """The rules of one theme, and what its groups gain by units and lose by repeats."""
    people = sum(len(block) * var for block, var in there.items())
    model.add(people >= problem.smallest * groups)
    model.add(people <= problem.largest * groups)
    gains: list[Any] = [-DIFFERENCE * groups]
    units: dict[str, list[Block]] = defaultdict(list)
    for block in there:
        for unit in sorted({problem.by_key[key].unit for key in block}):
            units[unit].append(block)
    for unit, blocks in units.items():
        if unit or not problem.differ:  # groups of people without a unit lose nothing: "" then stands for the first
            spread = model.new_int_var(0, len(blocks), "")
            model.add(spread <= groups)
            model.add(spread <= sum(there[block] for block in blocks))
            gains.append(DIFFERENCE * spread)
        if unit and problem.differ:
            others = {b: sum(problem.by_key[key].unit not in (unit, "") for key in b) for b in there}
            model.add(sum(count * there[block] for block, count in others.items()) >= groups)
    for blocks in _tables(problem, list(there)):
        for turn in range(1, min(DEPTH, len(blocks) - 1) + 1):
            again = model.new_int_var(0, len(blocks) - turn, "")
            model.add(again >= sum(there[block] for block in blocks) - turn * groups)
            gains.append(-REPEAT * again)
    for one, other in _rivals(problem, there):
        model.add(there[one] + there[other] <= groups)
    return gains


def _tables(problem: Problem, blocks: list[Block]) -> list[list[Block]]:
    """Blocks whose first members sat at one table, each block at one table only, and all of its pairs paying."""
    tables: dict[int, list[Block]] = defaultdict(list)
    for block in blocks:
        if problem.by_key[block[0]].table:
            tables[problem.by_key[block[0]].table].append(block)
    return [
        found
        for _, found in sorted(tables.items())
        if len(found) > 1 and all(frozenset((a[0], b[0])) in problem.repeats for a, b in combinations(found, 2))
    ]


def _rivals(problem: Problem, there: Mapping[Block, Any]) -> list[tuple[Block, Block]]:
    """Blocks that must not share a group."""
    home = {key: block for block in there for key in block}
    pairs = {tuple(sorted(home[key] for key in pair)) for pair in problem.apart if all(key in home for key in pair)}
    return sorted((one, other) for one, other in pairs if one != other)


def _at_most(problem: Problem) -> int:
    """A bound without any reckoning: everybody at their best theme, in groups as large as may be, and everybody in them
    of another unit."""
    fit = sum(max(options.values()) for options in problem.options.values() if options)
    people = sum(len(block) for block, options in problem.options.items() if options)
    return SEAT * people + fit + DIFFERENCE * (people - -(-people // problem.largest))
