import pytest
from sqlalchemy import delete, update

from capture.database import Database
from capture.events import get_event
from capture.models import Attendance, Event, RosterEntry
from mining.diagnosis.connectivity import MIXED, OTHERS, Connectivity, connectivity_of
from mining.diagnosis.ground import ground_of
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_roster_entry,
    make_theme,
)
from tests.mining.programme import programme, programme_data  # noqa: F401  (fixtures)


def found(database: Database, slug: str = "spring") -> Connectivity:
    with database.reading() as session:
        event = get_event(session, slug)
        ground = ground_of(session, event)
        assert ground
        return connectivity_of(session, event, ground)


def placed(database: Database, raised: dict[str, tuple[int, ...]], departments: list[str]) -> Event:
    """An event with a group per department, four of its people in each, and themes raised by these groups."""
    with database.writing() as session:
        event = make_event(session, "made")
        analysis = make_analysis(session, event)
        groups = [make_group(session, event, f"Room {i}") for i in range(len(departments))]
        recordings = [make_recording(session, group) for group in groups]
        for group, department in zip(groups, departments, strict=True):
            for _ in range(4):
                make_roster_entry(session, event, groups=[group], department=department)
        number = 0
        for rank, (label, rooms) in enumerate(raised.items(), 1):
            theme = make_theme(session, analysis, rank, label=label, breadth=len(rooms))
            for room in rooms:
                for _ in range(3):
                    number += 1
                    make_passage(session, analysis, recordings[room], number, theme)
        return event


def test_talk_on_shared_themes_is_counted(programme: Database) -> None:  # noqa: F811
    result = found(programme)
    assert result.shared and 0.7 <= result.shared.value <= 1 and result.little is None
    assert 3 <= result.crossing <= result.themes


def test_departments_reach_each_other_as_chance_has_it_where_subjects_are_dealt_out(programme: Database) -> None:  # noqa: F811
    reach = found(programme).bridging
    assert reach and reach.chance and reach.verdict == "like"
    assert reach.groups == 6 and reach.ties >= 10
    assert reach.index == pytest.approx(2 * reach.value.value - 1)


def test_themes_that_stay_in_their_department_are_found_and_called_locked(database: Database) -> None:
    of = ["Engineering"] * 3 + ["Finance"] * 3 + ["Sales"] * 3
    placed(database, {"Presses": (0, 1, 2), "Budgets": (3, 4, 5), "Customers": (6, 7, 8), "Parking": (0, 3)}, of)
    result = found(database, "made")
    assert result.bridging and result.bridging.verdict == "less"
    assert [(each.label, each.locked) for each in result.locked] == [
        ("Presses", "Engineering"),
        ("Budgets", "Finance"),
        ("Customers", "Sales"),
    ]
    assert result.roster.departments == ("Engineering", "Finance", "Sales") and result.roster.sizes == (3, 3, 3)
    assert result.table[3].by_department == (1, 1, 0)


def test_a_theme_of_one_group_is_not_called_locked(database: Database) -> None:
    placed(database, {"Alone": (0,), "Wide": (0, 1, 2, 3, 4)}, ["A", "A", "B", "B", "C"])
    assert found(database, "made").locked == ()


def test_a_department_of_one_person_is_not_named(database: Database) -> None:
    event = placed(database, {"Wide": (0, 1, 2, 3, 4)}, ["A", "A", "B", "B", "B"])
    with database.writing() as session:
        room = make_group(session, event, "Small room")
        make_roster_entry(session, event, groups=[room], department="Secretariat")
        analysis = get_event(session, "made").id and ground_of(session, get_event(session, "made")).analysis
        make_passage(session, analysis, make_recording(session, room), 99, None)
    result = found(database, "made")
    assert result.roster.departments == ("B", "A", OTHERS) and "Secretariat" not in repr(result)


def test_a_group_of_two_halves_counts_as_mixed(database: Database) -> None:
    event = placed(database, {"Wide": (0, 1, 2)}, ["A", "B", "A"])
    with database.writing() as session:
        group = get_event(session, event.slug).groups[0]
        for _ in range(4):
            make_roster_entry(session, event, groups=[group], department="B")
    assert found(database, "made").roster.departments == ("A", "B", MIXED)


def test_what_the_roster_lacks_is_told_apart(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        session.execute(update(RosterEntry).values(department=""))
    assert found(programme).roster.missing == "departments"
    with programme.writing() as session:
        session.execute(update(RosterEntry).values(organisation="Ellerby"))
    one = found(programme)
    assert one.bridging and one.bridging.verdict is None and "Everybody on the roster is from Ellerby" in str(one)
    with programme.writing() as session:
        session.execute(delete(Attendance))
    assert found(programme).roster.missing == "groups"
    with programme.writing() as session:
        session.execute(delete(RosterEntry))
    nobody = found(programme)
    assert (nobody.roster.missing, nobody.bridging, nobody.table) == ("roster", None, ())


def test_few_groups_or_few_ties_are_too_little_for_a_bridge(database: Database) -> None:
    placed(database, {"Wide": (0, 1, 2)}, ["A", "B", "C"])
    few = found(database, "made")
    assert few.bridging and "in 3 groups, and it takes 5" in (few.bridging.little or "")
    assert few.shared is None and few.little == "Too little data: 3 groups talked, and it takes 5."
