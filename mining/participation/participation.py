"""Participation against performance, the figures: a table of units and periods, read and checked row by row.

First of three steps: read here, made safe to pass on by `mining.participation.small_units`, calculated by
`mining.participation.findings`. Nothing is stored anywhere. Bytes in, values out; what is wrong is named by its line.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from capture.errors import Refused, UnreadableFile
from capture.tables import Row, Table, header_key, read_table
from mining.participation.kpi_numbers import Style, is_missing, looks_like_number, number, style_of, whole
from mining.participation.periods import Key, in_order, period_key

COLUMNS = ("unit", "period", "headcount", "participants")
ALIASES = {
    "unit": ("team", "department", "org unit", "organisational unit", "organizational unit", "business unit"),
    "period": ("year", "quarter", "month", "date", "cycle"),
    "headcount": ("head count", "employees", "people", "staff"),
    "participants": ("participated", "took part", "participant count", "number of participants", "attended"),
}
MOST_ROWS, MOST_PERIODS, MOST_KPIS = 5_000, 60, 8
MOST_PEOPLE = 1_000_000
LONGEST_NAME = 120


@dataclass(frozen=True)
class Problem:
    """What was left out, or has to be checked. `shown` quotes figures: it is for those who may see every unit."""

    what: str
    shown: str = ""

    @property
    def words(self) -> str:
        return f"{self.what}{self.shown}."


@dataclass(frozen=True)
class Cell:
    """One unit in one period; `kpis` holds what is known."""

    unit: str
    period: str
    headcount: int
    participants: int
    kpis: dict[str, float]

    @property
    def density(self) -> float:
        """Share of the unit's people that took part, 0..1."""
        return self.participants / self.headcount


@dataclass(frozen=True)
class Panel:
    """A table that can be calculated with. Units and KPIs in the order of the file, cells by period and unit."""

    name: str
    units: tuple[str, ...]
    periods: tuple[str, ...]
    order: str
    """How the periods were put in order, in words."""
    kpis: tuple[str, ...]
    cells: tuple[Cell, ...]
    lower: frozenset[str] = frozenset()
    """KPIs of which less is better."""
    problems: tuple[Problem, ...] = ()
    merged: tuple[str, ...] = ()
    """Names of what stands for several small units."""

    def of(self, period: str) -> list[Cell]:
        return [cell for cell in self.cells if cell.period == period]


@dataclass
class _Reading:
    table: Table
    problems: list[Problem]
    kpis: dict[str, str] = field(default_factory=dict)
    """KPI -> its decimal sign."""
    percent: dict[str, bool] = field(default_factory=dict)
    """KPIs whose cells have percent signs, so that bare fractions among them are not taken for percents."""


def read_panel(data: bytes, name: str, lower: Sequence[str] = ()) -> Panel:
    """`lower`: KPI columns of which less is better. Raises UnreadableFile where the table cannot be used at all, and
    Refused for a column of `lower` that is no KPI of it."""
    table = read_table(data, name, required=COLUMNS, aliases=ALIASES)
    if len(table.rows) > MOST_ROWS:
        raise UnreadableFile(f"{name} has {len(table.rows):,} rows; {MOST_ROWS:,} at most can be compared.")
    reading = _Reading(table, [Problem(said.rstrip(".")) for said in table.problems])
    _find_kpis(reading, name)
    cells = _cells(reading)
    units = tuple(dict.fromkeys(cell.unit for cell in cells))
    order = in_order(list(dict.fromkeys(cell.period for cell in cells)))
    if len(order.labels) > MOST_PERIODS:
        raise UnreadableFile(f"{name} has {len(order.labels):,} periods; {MOST_PERIODS} at most can be compared.")
    ranks = {period: i for i, period in enumerate(order.labels)}, {unit: i for i, unit in enumerate(units)}
    cells.sort(key=lambda cell: (ranks[0][cell.period], ranks[1][cell.unit]))
    panel = Panel(name, units, order.labels, order.words, tuple(reading.kpis), tuple(cells))
    return replace(panel, lower=_lower(panel, lower), problems=tuple(reading.problems))


def _lower(panel: Panel, wanted: Sequence[str]) -> frozenset[str]:
    known = {header_key(kpi): kpi for kpi in panel.kpis}
    for each in wanted:
        if header_key(each) not in known:
            names = ", ".join(f"“{kpi}”" for kpi in panel.kpis)
            raise Refused(f"{panel.name} has no column of figures “{each[:80]}”; it has {names}.")
    return frozenset(known[header_key(each)] for each in wanted)


def _find_kpis(reading: _Reading, name: str) -> None:
    table, problems = reading.table, reading.problems
    titles = list(dict.fromkeys(table.others))
    for title in titles:
        if table.others.count(title) > 1:
            problems.append(
                Problem(f"The column “{title}” is there {table.others.count(title)} times; the last counts")
            )
        cells = [row.others[title] for row in table.rows if not is_missing(row.others[title])]
        numbers = sum(looks_like_number(cell) for cell in cells)
        if not cells or 2 * numbers < len(cells):
            problems.append(Problem(f"The column “{title}” was not used: it holds {'text' if cells else 'nothing'}"))
        else:
            _settle(reading, title, style_of(cells))
    if len(reading.kpis) > MOST_KPIS:
        spare = list(reading.kpis)[MOST_KPIS:]
        quoted = ", ".join(f"“{title}”" for title in spare)
        problems.append(Problem(f"Only the first {MOST_KPIS} columns of figures were used, without {quoted}"))
        reading.kpis = {kpi: reading.kpis[kpi] for kpi in list(reading.kpis)[:MOST_KPIS]}
    if not reading.kpis:
        found = ", ".join(f"“{title[:40]}”" for title in titles[:12])
        why = " ".join(each.words for each in problems[:3])
        raise UnreadableFile(
            f"{name} has no column of figures to compare with beside unit, period, headcount and participants"
            + (f"; it has {found}. {why}" if found else ". Add one, for instance “engagement”.")
        )


def _settle(reading: _Reading, title: str, style: Style) -> None:
    """Finds the decimal sign of a column, or names why the column cannot be used."""
    if len(style.examples) > 1:
        both = " and ".join(f"“{style.examples[sign]}”" for sign in ".,")
        reading.problems.append(
            Problem(f"The column “{title}” was not used: it mixes decimal points and decimal commas", f" ({both})")
        )
        return
    decimal = style.decimal or ("." if not style.open else _elsewhere(reading.table, title))
    if decimal is None:
        reading.problems.append(
            Problem(
                f"The column “{title}” was not used: its numbers can be read with a thousands separator or with a "
                "decimal sign. Write them without thousands separators",
                f" (“{style.open}”)",
            )
        )
        return
    if style.open and not style.decimal:
        reading.problems.append(
            Problem(
                f"The column “{title}” does not tell its decimal sign; it was read like the file's other columns, "
                f"with a decimal {'comma' if decimal == ',' else 'point'}",
                f" (“{style.open}” is {number(style.open, decimal):,.6g})",
            )
        )
    reading.kpis[title] = decimal
    reading.percent[title] = style.percent and style.bare


def _elsewhere(table: Table, title: str) -> str | None:
    """The decimal sign that the file's other columns agree on."""
    signs: set[str] = set()
    for other in set(table.others) - {title}:
        signs |= set(style_of(row.others[other] for row in table.rows).examples)
    return signs.pop() if len(signs) == 1 else None


def _cells(reading: _Reading) -> list[Cell]:
    """One for each unit and period that is given once. A unit and a period are called as they are written first."""
    found: dict[tuple[str, Key], list[tuple[int, Cell]]] = defaultdict(list)
    units: dict[str, str] = {}
    periods: dict[Key, str] = {}
    for row in reading.table.rows:
        cell = _cell(reading, row)
        if cell is not None:
            unit, period = " ".join(cell.unit.casefold().split()), period_key(cell.period)
            named = replace(
                cell, unit=units.setdefault(unit, cell.unit), period=periods.setdefault(period, cell.period)
            )
            found[unit, period].append((row.line, named))
    return [cell for given in found.values() if (cell := _only(reading, given))]


def _only(reading: _Reading, given: list[tuple[int, Cell]]) -> Cell | None:
    first = given[0][1]
    if len(given) == 1:
        return first
    lines = ", ".join(str(line) for line, _ in given)
    same = all(cell == first for _, cell in given)
    done = "they say the same, so it counts once" if same else "which is right cannot be known, so none was used"
    about = f": “{first.unit}” in {first.period}"
    reading.problems.append(Problem(f"Lines {lines} give the same unit and period; {done}", about))
    return first if same else None


def _cell(reading: _Reading, row: Row) -> Cell | None:
    """None, and a problem, where the row cannot be used."""
    told = _counts(row)
    if isinstance(told, Problem):
        reading.problems.append(replace(told, what=f"Line {row.line} was left out: {told.what}"))
        return None
    return Cell(row.values["unit"], row.values["period"], *told, _kpis(reading, row))


def _counts(row: Row) -> tuple[int, int] | Problem:
    """Headcount and participants, or why the row is none to count with."""
    for column in ("unit", "period"):
        value = row.values[column]
        if not value or len(value) > LONGEST_NAME:
            why = f"has more than {LONGEST_NAME} letters" if value else "is empty"
            return Problem(f"its {column} {why}")
    counts = []
    for column in ("headcount", "participants"):
        value = row.values[column]
        count = whole(value)
        if count is None or count > MOST_PEOPLE:
            found = f"“{value[:40]}”" if value else "nothing"
            return Problem(f"expected a whole number in {column}", f", found {found}")
        counts.append(count)
    headcount, participants = counts
    if headcount == 0:
        return Problem("a headcount of 0 has no share of participants")
    if participants > headcount:
        return Problem("more participants than people", f" ({participants:,} of {headcount:,})")
    return headcount, participants


def _kpis(reading: _Reading, row: Row) -> dict[str, float]:
    found = {}
    for kpi, decimal in reading.kpis.items():
        cell = row.others[kpi]
        value = number(cell, decimal)
        if is_missing(cell):
            continue
        if value is None:
            _unread(reading, row, kpi, "expected a number")
        elif reading.percent[kpi] and not cell.endswith("%") and -1 <= value <= 1:
            _unread(reading, row, kpi, "expected a percent sign as in other rows")
        else:
            found[kpi] = value
    return found


def _unread(reading: _Reading, row: Row, kpi: str, expected: str) -> None:
    what = f"Line {row.line}, column “{kpi}”: {expected}; the row counts as without a value there"
    reading.problems.append(Problem(what, f" (found “{row.others[kpi][:40]}”)"))
