"""Which charts stand on the page."""

import re

import pytest

from mining.participation.charts import MOST, charts_of, numbers_of
from mining.participation.findings import study
from mining.participation.scatter import as_svg
from tests.mining.figures import panel_of, units

COUNTS = [2, 4, 6, 9, 12, 15, 18, 20, 25]
SCORES = [3, 2, 4, 4.5, 5.5, 5, 6, 6.5, 7]


def test_a_chart_stands_for_each_newest_period_and_the_change() -> None:
    lines = units(COUNTS, SCORES, "2023") + units([c + i % 3 for i, c in enumerate(COUNTS)], SCORES[::-1], "2024")
    found = study(panel_of(*lines))
    charts = charts_of(found)
    assert [statement.kind for statement in charts] == ["period", "period", "change"]
    first, _, change = charts.values()
    assert [(dot.number, dot.label) for dot in first.dots][:2] == [(1, "Ash"), (2, "Beech")]
    assert first.dots[0].x == 2 / 40 and first.dots[0].y == 3
    assert change.signed and change.dots[1].x == pytest.approx(1 / 40) and change.dots[0].y == 4
    assert numbers_of(found)["Cedar"] == 3


def test_where_nothing_is_said_nothing_is_drawn() -> None:
    assert charts_of(study(panel_of(*units(COUNTS[:7], SCORES[:7])))) == {}
    assert charts_of(study(panel_of(*units([3] * 9, SCORES)))) == {}


def test_of_many_periods_the_newest_are_drawn() -> None:
    lines = [line for year in range(2010, 2025) for line in units(COUNTS, SCORES, str(year))]
    drawn = [statement.scope for statement in charts_of(study(panel_of(*lines))) if statement.kind == "period"]
    assert drawn == [str(year) for year in range(2025 - MOST, 2025)]


def test_lower_is_better_is_said_at_the_axis() -> None:
    [chart] = charts_of(study(panel_of(*units(COUNTS, SCORES), lower=["score"]))).values()
    assert chart.y_label == "score (lower is better)"


def test_charts_of_one_figure_have_the_same_axes() -> None:
    lines = units(COUNTS, SCORES, "2023") + units([c + 12 for c in COUNTS], [s + 20 for s in SCORES], "2024")
    ticks = [
        re.findall(r'class="tick"[^>]*>([^<]*)<', as_svg(chart, 560, 380))
        for statement, chart in charts_of(study(panel_of(*lines))).items()
        if statement.kind == "period"
    ]
    assert len(ticks) == 2 and ticks[0] == ticks[1]
