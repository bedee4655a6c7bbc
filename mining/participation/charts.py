"""Which charts of participation against performance are drawn: for each KPI the newest periods, and the change.

A chart stands only where a statement does: where there are too few units, words stand in its place.
"""

from dataclasses import replace

from mining.participation.findings import CHANGE, PERIOD, Statement, Study, changes
from mining.participation.scatter import Chart, Dot

MOST = 6
"""Charts of single periods on a page."""


def charts_of(study: Study) -> dict[Statement, Chart]:
    """By the statement that it belongs to. Where all would be too many, those of the newest periods."""
    kpis = list(study.panel.kpis)
    newest = study.panel.periods[-max(1, MOST // max(len(kpis), 1)) :]
    found = {}
    for statement in study.statements:
        if statement.refused or kpis.index(statement.kpi) >= MOST:
            continue
        if statement.kind == PERIOD and statement.scope in newest:
            found[statement] = _period(study, statement)
        elif statement.kind == CHANGE:
            found[statement] = _change(study, statement)
    return {statement: _alike(statement, chart, found) for statement, chart in found.items()}


def _alike(statement: Statement, chart: Chart, charts: dict[Statement, Chart]) -> Chart:
    """With the same axes as the other periods' charts of the KPI."""
    if statement.kind == CHANGE:
        return chart
    beside = [each.dots for other, each in charts.items() if other.kind == PERIOD and other.kpi == statement.kpi]
    return replace(chart, among=tuple(dot for dots in beside for dot in dots))


def numbers_of(study: Study) -> dict[str, int]:
    """The number of each unit, from 1: what charts and the table call it where its name has no room."""
    return {unit: i for i, unit in enumerate(study.panel.units, 1)}


def _period(study: Study, statement: Statement) -> Chart:
    kpi, numbers = statement.kpi, numbers_of(study)
    cells = [cell for cell in study.panel.of(statement.scope) if kpi in cell.kpis]
    dots = tuple(Dot(numbers[cell.unit], cell.unit, cell.density, cell.kpis[kpi]) for cell in cells)
    title = f"{kpi} by share of participants, {statement.scope}, {statement.units} units"
    return Chart(title, "share of people that took part", _named(study, kpi), dots)


def _change(study: Study, statement: Statement) -> Chart:
    kpi, numbers = statement.kpi, numbers_of(study)
    dots = tuple(Dot(numbers[unit], unit, share, value) for unit, share, value in changes(study.panel, kpi))
    title = f"Change of {kpi} by change of the share of participants, {statement.scope}, {statement.units} units"
    return Chart(title, "change of the share, in points", f"change of {_named(study, kpi)}", dots, signed=True)


def _named(study: Study, kpi: str) -> str:
    return f"{kpi} (lower is better)" if kpi in study.panel.lower else kpi
