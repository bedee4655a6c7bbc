from datetime import date

import numpy as np
import pytest

from capture.database import Database
from capture.events import get_event
from mining.diagnosis.comparison import comparison_of
from mining.diagnosis.resampling import Estimate
from mining.diagnosis.theme_lines import (
    BACK,
    FADED,
    GONE,
    GREW,
    NEW,
    PERHAPS,
    STATES,
    STEADY,
    Line,
    Point,
    ranked,
    state_of,
)
from tests.mining.curating.test_kin import themed


def point(breadth: int, share: float, groups: int = 10) -> Point:
    return Point("event", 1, "Theme", breadth, groups, Estimate(share))


@pytest.mark.parametrize(
    ("points", "state"),
    [
        ([None, point(3, 0.1)], NEW),
        ([point(3, 0.1), None, point(3, 0.1)], BACK),
        ([point(3, 0.1), None], GONE),
        ([point(3, 0.1), None, None], GONE),
        ([point(3, 0.1), point(3, 0.2)], GREW),
        ([point(3, 0.1), point(5, 0.1)], GREW),
        ([point(3, 0.2), point(3, 0.1)], FADED),
        ([point(3, 0.1), point(4, 0.12)], STEADY),
        ([point(4, 0.1, 5), point(8, 0.1, 10)], STEADY),  # the same share of groups
    ],
)
def test_the_last_two_events_say_what_became_of_a_theme(points: list[Point | None], state: str) -> None:
    assert state_of(points) == state


def lines(database: Database) -> dict[str, Line]:
    with database.reading() as session:
        return {line.label: line for line in comparison_of(session, get_event(session, "c")).lines}


def test_a_theme_that_was_away_for_an_event_comes_back_into_its_own_line(database: Database) -> None:
    with database.writing() as session:
        for slug, day, themes in (
            ("a", date(2025, 1, 1), {"Money": ([1, 0, 0], 0.5), "Machines": ([0, 1, 0], 0.5)}),
            ("b", date(2025, 7, 1), {"Handing over": ([0, 1, 0.1], 0.5), "Cars": ([0, 0, 1], 0.5)}),
            ("c", date(2026, 1, 1), {"Budgets": ([1, 0, 0.1], 0.5), "Presses": ([0, 1, 0.05], 0.5)}),
        ):
            themed(session, slug, day, themes)
    found = lines(database)
    assert {label: line.state for label, line in found.items()} == {"Budgets": BACK, "Presses": STEADY, "Cars": GONE}
    assert [p and p.label for p in found["Budgets"].points] == ["Money", None, "Budgets"]
    assert [p and p.label for p in found["Presses"].points] == ["Machines", "Handing over", "Presses"]


def test_themes_that_nearly_mean_the_same_are_perhaps_the_same_and_not_new_and_gone(database: Database) -> None:
    near, far = [1, np.tan(np.arccos(0.75)), 0], [0, 0.8, 1]
    with database.writing() as session:
        themed(session, "a", date(2025, 1, 1), {"Money": ([1, 0, 0], 0.5), "Soup": ([0, 0, 1], 0.5)})
        themed(session, "c", date(2026, 1, 1), {"Budgets": (near, 0.5), "Cars": ([0, -1, 0], 0.2), "Fish": (far, 0.3)})
    found = lines(database)
    assert (found["Budgets"].state, found["Budgets"].called) == (PERHAPS, "Money")
    assert found["Cars"].state == NEW and found["Cars"].called is None
    assert found["Fish"].called == "Soup" and len(found) == 3  # 0.78: no other is nearer to either


def test_too_few_groups_make_every_change_one_that_may_be_chance(database: Database) -> None:
    with database.writing() as session:
        themed(session, "a", date(2025, 1, 1), {"Money": ([1, 0], 0.1), "Soup": ([0, 1], 0.9)})
        event = themed(session, "c", date(2026, 1, 1), {"Budgets": ([1, 0.1], 0.1)})
        assert event.slug == "c"
    grew = lines(database)["Budgets"]
    assert (grew.state, grew.chance) == (GREW, True)


def test_lines_are_ranked_by_state_and_then_by_how_wide_they_are() -> None:
    made = [
        Line(label, (point(breadth, 0.1),), state, False, ())
        for label, breadth, state in (("a", 3, GONE), ("b", 3, NEW), ("c", 5, NEW))
    ]
    assert [line.label for line in ranked(made, STATES)] == ["c", "b", "a"]
