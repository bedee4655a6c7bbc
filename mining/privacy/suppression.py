"""Tables of small counts that may be published: small cells are hidden, and as many more cells and totals with them as
it takes that nobody can work a hidden one out by subtracting. Pure.

A table with its totals is a circulation: the whole flows into the rows' totals, through the cells, and by the columns'
totals back into the whole. What is published stands still; what is hidden may flow differently. How far one hidden
figure may move is how much of it stays unknown, which is exact for tables of two dimensions (Castro, "A shortest-paths
heuristic for statistical data protection in positive tables", 2007, is where the choice by cheapest paths is from).
"""

import heapq
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Generic, TypeVar

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)
Node = tuple[str, object]

WHOLE_ROWS: Node = ("whole", "rows")
WHOLE_COLUMNS: Node = ("whole", "columns")


@dataclass(frozen=True)
class Published(Generic[Row, Column]):
    """A table as it may be shown; None is hidden."""

    cells: Mapping[Row, Mapping[Column, int | None]]
    rows: Mapping[Row, int | None]
    columns: Mapping[Column, int | None]
    total: int | None


@dataclass
class _Figure:
    """A cell or a total: an arc of the circulation."""

    start: Node
    end: Node
    value: int
    hidden: bool

    @property
    def cost(self) -> int:
        """What hiding it costs: as much as it would tell."""
        return 0 if self.hidden else self.value + 1


def suppress(table: Mapping[Row, Mapping[Column, int]], least: int) -> Published[Row, Column]:
    """The counts of `table` (cells that are not there are 0) with everything hidden that must be.

    Every figure below `least` is hidden, zeros too. Whoever knows all that is published, and that counts are not
    negative, can still not tell a hidden small figure from any other one between 0 and `least` - 1, nor any other
    hidden figure to within `least`. Raises ValueError for a negative count.
    """
    columns = list(dict.fromkeys(column for row in table.values() for column in row))
    counts = {row: {column: own.get(column, 0) for column in columns} for row, own in table.items()}
    if any(count < 0 for own in counts.values() for count in own.values()):
        raise ValueError("A count cannot be negative.")
    if not columns:
        return Published({row: {} for row in counts}, {row: None for row in counts}, {}, None)
    figures = _figures(counts, columns, least)
    _protect(list(figures.values()), least)

    def shown(start: Node, end: Node) -> int | None:
        figure = figures[start, end]
        return None if figure.hidden else figure.value

    return Published(
        cells={row: {c: shown(("row", row), ("column", c)) for c in columns} for row in counts},
        rows={row: shown(WHOLE_ROWS, ("row", row)) for row in counts},
        columns={column: shown(("column", column), WHOLE_COLUMNS) for column in columns},
        total=shown(WHOLE_COLUMNS, WHOLE_ROWS),
    )


def _figures(
    counts: Mapping[Row, Mapping[Column, int]], columns: list[Column], least: int
) -> dict[tuple[Node, Node], _Figure]:
    found: dict[tuple[Node, Node], _Figure] = {}

    def add(start: Node, end: Node, value: int) -> None:
        found[start, end] = _Figure(start, end, value, hidden=value < least)

    for row, own in counts.items():
        add(WHOLE_ROWS, ("row", row), sum(own.values()))
        for column, count in own.items():
            add(("row", row), ("column", column), count)
    for column in columns:
        add(("column", column), WHOLE_COLUMNS, sum(own[column] for own in counts.values()))
    add(WHOLE_COLUMNS, WHOLE_ROWS, sum(sum(own.values()) for own in counts.values()))
    return found


def _protect(figures: list[_Figure], least: int) -> None:
    """Hides more until every hidden figure may move far enough. What protects one never uncovers another."""
    waiting = [figure for figure in figures if figure.hidden]
    done: set[int] = set()
    while waiting:
        figure = waiting.pop()
        if id(figure) in done:
            continue
        done.add(id(figure))
        if figure.value < least:
            waiting += _let_move(figures, figure, figure.value, up=False)
            waiting += _let_move(figures, figure, least - 1 - figure.value, up=True)
            continue
        free = [each for each in figures if each.hidden]
        down, up = (_reach(free, figure, least, up) for up in (False, True))
        if down + up < least:
            waiting += _let_move(figures, figure, least - down, up=True)


def _reach(free: list[_Figure], figure: _Figure, enough: float, up: bool) -> float:
    """How far `figure` may move in one direction, as far as `enough`, while only `free` figures move with it."""
    return sum(step for _, step in _pushes(free, figure, enough, up))


def _let_move(figures: list[_Figure], figure: _Figure, amount: float, up: bool) -> list[_Figure]:
    """Sees to it that `figure` may be larger (`up`) or smaller by `amount` while all that is published stays as it is;
    returns what had to be hidden for it."""
    fresh: list[_Figure] = []
    for path, _ in _pushes(figures, figure, amount, up):
        for each, _ in path:
            if not each.hidden:
                each.hidden = True
                fresh.append(each)
    return fresh


def _pushes(
    figures: list[_Figure], figure: _Figure, amount: float, up: bool
) -> Iterator[tuple[list[tuple[_Figure, bool]], float]]:
    """Ways round which `figure` is moved, the cheapest first, and how far along each, until it has moved `amount` or
    can go no further."""
    now = {id(each): float(each.value) for each in figures}
    start, end = (figure.end, figure.start) if up else (figure.start, figure.end)
    left = min(amount, inf if up else figure.value)
    while left > 0 and (path := _cheapest(figures, figure, now, start, end)):
        step = min([left, *(now[id(each)] for each, forwards in path if not forwards)])
        for each, forwards in path:
            now[id(each)] += step if forwards else -step
        left -= step
        yield path, step


def _cheapest(
    figures: list[_Figure], without: _Figure, now: Mapping[int, float], start: Node, end: Node
) -> list[tuple[_Figure, bool]]:
    """The way from `start` to `end` that takes least hiding, as (figure, whether it grows). Figures may always grow,
    and shrink while there is something of them left. Empty where there is none. (Dijkstra)"""
    around: dict[Node, list[tuple[Node, _Figure, bool]]] = {}
    for each in figures:
        if each is not without:
            around.setdefault(each.start, []).append((each.end, each, True))
            if now[id(each)] > 0:
                around.setdefault(each.end, []).append((each.start, each, False))
    costs: dict[Node, int] = {start: 0}
    came: dict[Node, tuple[Node, _Figure, bool]] = {}
    serial, queue = 0, [(0, 0, start)]
    while queue:
        cost, _, node = heapq.heappop(queue)
        if node == end:
            return _way(came, start, end)
        for other, each, forwards in around.get(node, ()):
            if other not in costs or cost + each.cost < costs[other]:
                costs[other] = cost + each.cost
                came[other] = (node, each, forwards)
                serial += 1
                heapq.heappush(queue, (costs[other], serial, other))
    return []


def _way(came: Mapping[Node, tuple[Node, _Figure, bool]], start: Node, end: Node) -> list[tuple[_Figure, bool]]:
    path: list[tuple[_Figure, bool]] = []
    while end != start:
        end, figure, forwards = came[end]
        path.append((figure, forwards))
    return path
