"""Which units are too small to be shown to everybody, and a table without them that tells of no single person.

In a unit of four, or where two of thirty took part, or all but two, colleagues know who is meant. Before anything is
calculated for sponsors, such units are taken together where enough of them make a safe one, and left out otherwise:
everything that is shown follows from the table made here, so that nothing can be calculated back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mining.participation.participation import Cell, Panel, Problem

QUORUM = 3
"""k: how many people, or units, have to stand behind a figure."""
SMALLEST = 5
"""A headcount under it is always too small."""


def is_too_small(headcount: int, participants: int, k: int = QUORUM) -> bool:
    """Whether those who took part, those who did not, or all of the unit are so few that they can be told."""
    absent = headcount - participants
    return headcount < max(SMALLEST, k) or 0 < participants < k or 0 < absent < k


def discreet(panel: Panel, k: int = QUORUM) -> Panel:
    """The table as sponsors may see it. A unit that is too small in one period is so in all of them.

    At least k small units become one: people and participants are added up, a KPI is the mean weighted by headcount.
    It is there in a period (and has a KPI) only if every one of them is, for else its changes would tell of one of
    them. Problems lose their figures.
    """
    small = {c.unit for c in panel.cells if is_too_small(c.headcount, c.participants, k)}
    merged = _together(panel, small, k)
    kept = [cell for cell in panel.cells if cell.unit not in small]
    ranks = {period: i for i, period in enumerate(panel.periods)}
    cells = sorted([*kept, *merged], key=lambda cell: ranks[cell.period])  # stable: units stay in their order
    periods = tuple(period for period in panel.periods if any(cell.period == period for cell in cells))
    name = tuple(dict.fromkeys(cell.unit for cell in merged))
    problems = [Problem(problem.what) for problem in panel.problems]
    return replace(
        panel,
        units=(*(unit for unit in panel.units if unit not in small), *name),
        periods=periods,
        cells=tuple(cells),
        merged=name,
        problems=(*_told(len(small), bool(merged), k), *problems),
    )


def _told(small: int, merged: bool, k: int) -> Iterable[Problem]:
    if small:
        rule = (
            f"a unit is too small where it has fewer than {max(SMALLEST, k)} people, or where fewer than {k} of them "
            "(but somebody) took part or did not"
        )
        units = "1 unit is" if small == 1 else f"{small} units are"
        done = "shown together as one, without their own figures" if merged else "left out of every figure here"
        yield Problem(f"{units} too small to be shown without telling of single persons, and {done}; {rule}")


def _together(panel: Panel, small: set[str], k: int) -> list[Cell]:
    """Nothing where the units together are still too few, or too small in a period."""
    if len(small) < k:
        return []
    name = f"{len(small)} small units together"
    found = []
    for period in panel.periods:
        cells = [cell for cell in panel.of(period) if cell.unit in small]
        if len(cells) < len(small):
            continue
        headcount, participants = sum(c.headcount for c in cells), sum(c.participants for c in cells)
        if is_too_small(headcount, participants, k):
            return []
        found.append(Cell(name, period, headcount, participants, _means(panel.kpis, cells)))
    return found


def _means(kpis: Sequence[str], cells: Sequence[Cell]) -> dict[str, float]:
    people = sum(cell.headcount for cell in cells)
    return {
        kpi: sum(cell.kpis[kpi] * cell.headcount for cell in cells) / people
        for kpi in kpis
        if all(kpi in cell.kpis for cell in cells)
    }
