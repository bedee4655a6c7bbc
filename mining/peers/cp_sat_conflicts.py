"""Which wishes leave no group possible at all: asked when a draw seats nobody although nothing looks wrong with it.

CP-SAT is asked whether one single group could exist, with every wish as an assumption; of those it needs to say no,
every one that is not needed is dropped again.
"""

from typing import Any

from mining.peers.seating import Pair, Problem


def blocking_wishes(problem: Problem) -> tuple[Pair, ...] | None:
    """The fewest found of the wishes to sit apart that together forbid every group; () where no wish is to blame, None
    where a group is possible. Wishes to sit together hold throughout."""
    wishes = sorted(problem.apart, key=sorted)
    needed = _needed(problem, wishes)
    if needed is None:
        return None
    kept = list(needed)
    for wish in needed:
        rest = [other for other in kept if other != wish]
        if _needed(problem, rest) is not None:
            kept = rest
    return tuple(kept)


def _needed(problem: Problem, wishes: list[Pair]) -> list[Pair] | None:
    """Those of the wishes that CP-SAT needs to show that no group is possible; None where one is."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    sits = {block: model.new_bool_var("") for block in problem.blocks}
    about = {theme: model.new_bool_var("") for theme in problem.themes}
    model.add(sum(about.values()) == 1)
    people = sum(len(block) * var for block, var in sits.items())
    model.add(people >= problem.smallest)
    model.add(people <= problem.largest)
    for block, var in sits.items():
        for theme, chosen in about.items():
            if theme not in problem.options[block]:
                model.add(var + chosen <= 1)
    if problem.differ:
        _differ(model, problem, sits)
    home = {key: block for block in problem.blocks for key in block}
    assumed: dict[int, Pair] = {}
    for wish in wishes:
        literal = model.new_bool_var("")
        one, other = (sits[home[key]] for key in sorted(wish))
        model.add(one + other <= 1).only_enforce_if(literal)
        model.add_assumption(literal)
        assumed[literal.index] = wish
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(model) != cp_model.INFEASIBLE:
        return None
    return [assumed[index] for index in solver.sufficient_assumptions_for_infeasibility() if index in assumed]


def _differ(model: Any, problem: Problem, sits: dict[tuple[int, ...], Any]) -> None:
    units = sorted({sitter.unit for sitter in problem.people} - {""})
    there = {unit: model.new_bool_var("") for unit in units}
    for unit, var in there.items():
        homes = [seat for block, seat in sits.items() if any(problem.by_key[key].unit == unit for key in block)]
        model.add(var <= sum(homes))
    model.add(sum(there.values()) >= 2)
