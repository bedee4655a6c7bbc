"""Participation against performance, the findings: what the figures say, in words, and what they cannot say.

Last of three steps. For each KPI the rank correlation of participation with it, in each period and over all of them,
and how it changed where participation grew most. Under eight units nothing is said. Shown by `harvest kpi` and at
/participation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from mining.participation.participation import Cell, Panel
from mining.participation.statistics import RESAMPLES, Correlation, Resampled, difference, levels, rank_correlation

FEWEST = 8
"""Units that a statement needs."""
FEWEST_IN_HALF = 3
UNDEFINED = 0.05
"""Share of resamples without any correlation above which no interval is given."""
NAMED = 5
SHARE = "the share that took part"
CHANGE, PERIOD, POOLED = "change", "period", "pooled"


@dataclass(frozen=True)
class Statement:
    """One figure in words, or why there is none (`refused`). `scope`: the period, or what stands for several."""

    kpi: str
    kind: str
    scope: str
    units: int
    words: str
    refused: bool = True
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class Study:
    """Everything that is shown. Statements by KPI: each period, all periods, the change."""

    panel: Panel
    statements: tuple[Statement, ...]
    resamples: int = RESAMPLES

    def about(self, kpi: str) -> list[Statement]:
        return [statement for statement in self.statements if statement.kpi == kpi]

    @property
    def told(self) -> int:
        """How many figures with an interval there are."""
        return sum(not statement.refused for statement in self.statements)

    @property
    def limits(self) -> list[str]:
        """What none of it can show, in plain words."""
        return [*_limits(self.panel), *_chance(self)]


def study(panel: Panel) -> Study:
    """Takes half a second for 5,000 rows with three KPIs, and two seconds with eight."""
    found: list[Statement] = []
    resampled = Resampled()
    for kpi in panel.kpis:
        found += [_in_period(panel, kpi, period, resampled) for period in panel.periods]
        if len(known_periods(panel, kpi)) > 1:
            found += [_pooled(panel, kpi, resampled), _change(panel, kpi)]
        if not panel.periods:
            found.append(_refused(kpi, PERIOD, "", 0, f"No statement is made on {kpi}: no unit is left to compare."))
    return Study(panel, tuple(found))


def known_periods(panel: Panel, kpi: str) -> tuple[str, ...]:
    """Those in which some unit has the KPI."""
    known = {cell.period for cell in panel.cells if kpi in cell.kpis}
    return tuple(period for period in panel.periods if period in known)


def changes(panel: Panel, kpi: str) -> list[tuple[str, float, float]]:
    """(unit, change of the share 0..1, change of the KPI) of units known in the KPI's first and last period."""
    periods = known_periods(panel, kpi)
    first, last = ({cell.unit: cell for cell in panel.of(period)} for period in (periods[0], periods[-1]))
    both = [(first[u], last[u]) for u in panel.units if u in first and u in last]
    return [
        (a.unit, b.density - a.density, b.kpis[kpi] - a.kpis[kpi]) for a, b in both if kpi in a.kpis and kpi in b.kpis
    ]


def plain(value: float, sign: bool = False, digits: int = 3) -> str:
    """As many digits as count: `0.42`, `12.5`, `1,230`, `−3`; with `sign` also `+3`."""
    shown = f"{value:,.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:,.{digits}g}"
    shown = "0" if shown in ("-0", "0") else shown
    return ("+" if sign and value > 0 and shown != "0" else "") + shown.replace("-", "−")


def points(share: float) -> str:
    """A change of a share: `+12 points`."""
    number = round(100 * share)
    return f"{number:+d} point{'' if abs(number) == 1 else 's'}".replace("-", "−").replace("+0", "0")


def _in_period(panel: Panel, kpi: str, period: str, resampled: Resampled) -> Statement:
    cells = panel.of(period)
    known = [cell for cell in cells if kpi in cell.kpis]
    left_out = _left_out([cell.unit for cell in cells if kpi not in cell.kpis], f"without a value of {kpi}")
    if len(known) < FEWEST:
        return _refused(kpi, PERIOD, period, len(known), f"In {period}, {_too_few(len(known), kpi)}{left_out}")
    x, y = [cell.density for cell in known], [cell.kpis[kpi] for cell in known]
    return _correlated(panel, Statement(kpi, PERIOD, period, len(known), left_out), x, y, resampled)


def _pooled(panel: Panel, kpi: str, resampled: Resampled) -> Statement:
    """Every unit counts once, by its level over the periods: several rows of one unit are no several witnesses."""
    known, whole = len(known_periods(panel, kpi)), len(panel.periods)
    scope = f"{known} of {whole} periods" if known < whole else "both periods" if known == 2 else f"all {known} periods"
    cells = [cell for cell in panel.cells if kpi in cell.kpis]
    units = list(dict.fromkeys(cell.unit for cell in cells))
    left_out = _left_out([unit for unit in panel.units if unit not in units], f"without any value of {kpi}")
    if len(units) < FEWEST:
        words = f"Over {scope}, {_too_few(len(units), kpi)}{left_out}"
        return _refused(kpi, POOLED, scope, len(units), words)
    both = [
        _levels(panel, cells, units, values) for values in ([c.density for c in cells], [c.kpis[kpi] for c in cells])
    ]
    if both[0] is None or both[1] is None:
        words = f"Over {scope} no statement is made on {kpi}: the periods have too few units in common to be compared."
        return _refused(kpi, POOLED, scope, len(units), words)
    return _correlated(panel, Statement(kpi, POOLED, scope, len(units), left_out), both[0], both[1], resampled)


def _levels(panel: Panel, cells: list[Cell], units: list[str], values: list[float]) -> list[float] | None:
    known = {cell.period for cell in cells}
    periods = [period for period in panel.periods if period in known]
    place, when = {unit: i for i, unit in enumerate(units)}, {period: i for i, period in enumerate(periods)}
    return levels([place[cell.unit] for cell in cells], [when[cell.period] for cell in cells], values)


def _correlated(
    panel: Panel, about: Statement, x: Sequence[float], y: Sequence[float], resampled: Resampled
) -> Statement:
    """`about.words`: what is to be said of units that were left out."""
    kpi, scope = about.kpi, about.scope
    where = f"In {scope}" if about.kind == PERIOD else f"Over {scope}, each unit counted once"
    found = rank_correlation(x, y, resampled)
    if found is None:
        same = SHARE if len(set(x)) == 1 else kpi
        words = f"{where}, no statement is made on {kpi}: {same} is the same in all {about.units} units."
        return _refused(kpi, about.kind, scope, about.units, words + about.words)
    if found.undefined > UNDEFINED:
        same = SHARE if _most_alike(x) > _most_alike(y) else kpi
        words = f"{where}, no statement is made on {kpi}: {same} is the same in nearly all of the {about.units} units."
        return _refused(kpi, about.kind, scope, about.units, words + about.words)
    words = (
        f"{where}, {_connection(panel, kpi, found)} {_interval(found)} ({about.units} units).{_remarks(found, x, y)}"
    )
    return Statement(
        kpi, about.kind, scope, about.units, words + about.words, False, found.value, found.low, found.high
    )


def _connection(panel: Panel, kpi: str, found: Correlation) -> str:
    if found.low <= 0 <= found.high:
        return f"no clear connection shows between {SHARE} and {kpi}:"
    more = found.value > 0
    side = (", the worse side" if more else ", the better side") if kpi in panel.lower else ""
    return f"units with a larger share of participants tended to have {'higher' if more else 'lower'} {kpi}{side}:"


def _interval(found: Correlation) -> str:
    value, low, high = (f"{each + 0.0:.2f}".replace("-", "−") for each in (found.value, found.low, found.high))
    return f"rank correlation {value}, between {low} and {high} in 95 of 100 resamples"


def _remarks(found: Correlation, x: Sequence[float], y: Sequence[float]) -> str:
    said = ""
    if found.low <= 0 <= found.high:
        said += " Either direction fits these figures, and so does none."
    elif abs(found.value) > 0.999:
        said += " Without exception, so resampling cannot tell how far chance goes."
    if min(len(set(x)), len(set(y))) <= len(x) // 2:
        said += " Many units have the same value; they share a rank."
    return said


def _change(panel: Panel, kpi: str) -> Statement:
    """Difference in differences: units by whether their share grew by more than the median, and how the KPI moved."""
    periods = known_periods(panel, kpi)
    scope = f"{periods[0]} to {periods[-1]}"
    moved = changes(panel, kpi)
    names = {unit for unit, _, _ in moved}
    left_out = _left_out([unit for unit in panel.units if unit not in names], "not known in both periods")
    if len(moved) < FEWEST:
        words = f"From {scope}, {_too_few(len(moved), kpi, ' in both periods')}{left_out}"
        return _refused(kpi, CHANGE, scope, len(moved), words)
    middle = median(share for _, share, _ in moved)
    # Shares are fractions of people: what differs by less than this differs by the last digit of a float.
    most = [(share, value) for _, share, value in moved if share > middle + 1e-9]
    others = [(share, value) for _, share, value in moved if share <= middle + 1e-9]
    if min(len(most), len(others)) < FEWEST_IN_HALF:
        words = f"From {scope}, no statement is made on {kpi}: {SHARE} changed by the same in too many units."
        return _refused(kpi, CHANGE, scope, len(moved), words + left_out)
    found = difference([value for _, value in most], [value for _, value in others])
    if found is None:
        words = f"From {scope}, no statement is made on {kpi}: it changed by the same in all units of a half."
        return _refused(kpi, CHANGE, scope, len(moved), words + left_out)
    words = (
        f"From {scope}, in the {len(most)} units whose share of participants grew most ({points(_mean(most, 0))} on "
        f"average) {kpi} changed by {plain(_mean(most, 1), True, 2)} on average, in the other {len(others)} "
        f"({points(_mean(others, 0))}) by {plain(_mean(others, 1), True, 2)}. The difference is "
        f"{plain(found.value, True, 2)}, 95 % interval {plain(found.low, True, 2)} to {plain(found.high, True, 2)}"
    )
    words += _verdict(panel, kpi, found.value, found.low <= 0 <= found.high) + left_out
    return Statement(kpi, CHANGE, scope, len(moved), words, False, found.value, found.low, found.high)


def _verdict(panel: Panel, kpi: str, value: float, open_: bool) -> str:
    if open_:
        return ": no clear difference, either direction fits these figures."
    side = (", the better side" if value < 0 else ", the worse side") if kpi in panel.lower else ""
    return f": {kpi} went {'up' if value > 0 else 'down'} against the others{side}."


def _mean(pairs: Sequence[tuple[float, float]], place: int) -> float:
    return sum(pair[place] for pair in pairs) / len(pairs)


def _most_alike(values: Sequence[float]) -> int:
    return max(values.count(value) for value in set(values))


def _refused(kpi: str, kind: str, scope: str, units: int, words: str) -> Statement:
    return Statement(kpi, kind, scope, units, words)


def _too_few(units: int, kpi: str, where: str = "") -> str:
    has = "unit has" if units == 1 else "units have"
    return (
        f"no statement is made on {kpi}: {units or 'no'} {has} both figures{where}, and under {FEWEST} chance decides."
    )


def _left_out(units: list[str], why: str) -> str:
    if not units:
        return ""
    names = ", ".join(f"“{unit}”" for unit in units[:NAMED]) + (
        f" and {len(units) - NAMED} more" * (len(units) > NAMED)
    )
    return f" Left out, {why}: {names}."


def _limits(panel: Panel) -> list[str]:
    people = min((cell.headcount for cell in panel.cells), default=0)
    one = f" in the smallest unit here ({people:,} people) by {100 / people:.2g} points" if people else ""
    return [
        "No cause. Units may do well because people took part; people may take part where a unit does well and has the "
        "time; or a third thing (a new head, a good year, a new line) may bring both.",
        "Who takes part was not drawn by lot. Units and people that choose to are different from the start, and so may "
        "their figures be.",
        "Nothing about persons. These are figures of units: that units with more participants have a higher figure "
        "does not say that the participants are those who have it.",
        "A unit that was far from the others in one period mostly comes nearer in the next, whatever is done. Where "
        "participation grew in units that did badly before, this looks like its effect.",
        "The other half took part as well. The change compares units whose share grew more with units where it grew "
        "less, not with units without the programme; and it takes for granted that both would have moved alike.",
        f"Small units jump about: one person more moves the share{one}. Every unit counts the same, whatever its size.",
    ]


def _chance(study: Study) -> list[str]:
    told, clear = study.told, sum(statement.clear for statement in study.statements)
    if not told:
        return []
    kpis = len(study.panel.kpis)
    figures = f"{told} figure{'' if told == 1 else 's'} on {kpis} KPI{'' if kpis == 1 else 's'}"
    many = f"{figures} were calculated" if told > 1 else f"{figures} was calculated"
    return [
        f"Looking often finds something. {many}, {clear} of them with an interval that leaves out 0. Where there is "
        "nothing to be found, about one in twenty looks clear all the same; decide beforehand which one counts."
    ]
