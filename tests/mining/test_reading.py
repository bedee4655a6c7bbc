import pytest
from sqlalchemy import text

from capture.database import Database
from capture.models import Event
from mining.analyses import latest_analysis
from mining.models import Theme
from mining.reading import LOOSE, birds_eye
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_theme,
    make_utterances,
)
from tests.mining.taken_away import make_areas


def _mined(database: Database) -> tuple[Event, list[int]]:
    """Two rooms with three passages of 9.8 s each: two of theme 1, then one of theme 2 in the first room only."""
    with database.writing() as session:
        event = make_event(session)
        groups = [make_group(session, event, f"Room {n}") for n in (1, 2)]
        analysis = make_analysis(session, event)
        one = make_theme(session, analysis, 1, breadth=2, depth=0.67, by_group={str(g.id): 0.6 for g in groups})
        two = make_theme(session, analysis, 2, breadth=1, by_group={str(groups[0].id): 0.3, "999": 0.4})
        number = 0
        for group in groups:
            recording = make_recording(session, group)
            make_utterances(session, recording, ["One.", "Two.", "Three."])
            for place, said in enumerate(["One.", "Two.", "Three."]):
                number += 1
                theme = one if place < 2 else (two if group is groups[0] else None)
                make_passage(session, analysis, recording, number, theme, first=place, last=place, text=said, words=1)
        one.perspectives = [{"group": groups[1].id, "keywords": ["two"], "quotes": [5]}]
        return event, [group.id for group in groups]


def test_the_overview_counts_talk_passages_and_what_is_in_a_theme(database: Database) -> None:
    event, groups = _mined(database)
    with database.reading() as session:
        view = birds_eye(session, event)
    assert (view.passages, view.words) == (6, 6)
    assert view.talk == pytest.approx(6 * 9.8)
    assert view.themed == pytest.approx(5 / 6)
    assert [room.talk for room in view.rooms] == pytest.approx([29.4, 29.4])
    assert [[cell.share for cell in theme.cells] for theme in view.themes] == [[0.6, 0.6], [0.3, 0.0]]
    assert [room.id for room in view.themes[1].silent] == [groups[1]]
    assert view.themes[0].cells[0].passages == 2


def test_a_group_that_is_gone_leaves_no_mark_behind(database: Database) -> None:
    event, groups = _mined(database)
    with database.reading() as session:
        cells = birds_eye(session, event).themes[1].cells
    assert [cell.room.id for cell in cells] == groups


def test_groups_side_by_side_are_quoted_with_what_sets_them_apart_where_something_does(database: Database) -> None:
    event, groups = _mined(database)
    with database.writing() as session:
        theme = session.query(Theme).filter_by(number=1).one()
        theme.perspectives = [
            {"group": groups[0], "keywords": ["two"], "quotes": [1, 2], "distinctive": 2},
            {"group": groups[1], "keywords": [], "quotes": [4], "distinctive": None},
        ]
    with database.reading() as session:
        views = birds_eye(session, event).views
    assert [[quote.number for quote in view.quotes] for view in views] == [[2], [4]]


def test_only_the_newest_analysis_is_shown(database: Database) -> None:
    event, _ = _mined(database)
    with database.writing() as session:
        newer = make_analysis(session, event, notes=["newer"])
    with database.reading() as session:
        analysis = latest_analysis(session, event.id)
        assert analysis is not None
        assert analysis.id == newer.id
        view = birds_eye(session, event)
    assert view.run is not None
    assert view.run.notes == ("newer",)
    assert [room.name for room in view.missing] == ["Room 1", "Room 2"]


def test_without_themes_the_passages_are_shown_the_first_ones_where_there_are_many(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        recording = make_recording(session, make_group(session, event), seconds=9000.0)
        analysis = make_analysis(session, event)
        for number in range(1, LOOSE + 6):
            make_passage(session, analysis, recording, number)
    with database.reading() as session:
        view = birds_eye(session, event)
    assert view.themes == ()
    assert [quote.number for quote in view.loose] == list(range(1, LOOSE + 1))
    assert view.passages == LOOSE + 5


def test_an_event_that_was_never_mined_has_rooms_and_no_run(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        make_recording(session, make_group(session, event), state="waiting")
    with database.reading() as session:
        view = birds_eye(session, event)
    assert view.run is None
    assert [(room.recordings, room.ready, room.transcribed) for room in view.rooms] == [(1, 0, False)]


def test_themes_stand_in_their_areas_and_areas_are_no_themes(database: Database) -> None:
    with database.writing() as session:
        event = make_areas(session)
        view = birds_eye(session, event)
    assert [theme.number for theme in view.themes] == [1, 2, 3]
    [area] = view.areas
    assert (area.label, area.breadth, area.depth) == ("Money", 2, 0.7)
    assert [theme.number for theme in area.themes] == [1, 3]
    assert [theme.parent for theme in view.themes] == [4, None, 4]


def test_a_theme_says_what_is_shaky_and_what_became_of_it(database: Database) -> None:
    with database.writing() as session:
        view = birds_eye(session, make_areas(session))
    assert [theme.shaky for theme in view.themes] == ["borders shift", None, "may not come out again"]
    assert [theme.change for theme in view.themes] == ["new", None, None]
    assert str(view.since) == "Since themes were last looked for, one is new."
    assert [each.reason for each in view.left_out] == ["technical trouble"]


@pytest.mark.parametrize(
    ("passages", "kinds", "mostly"),
    [
        (8, {"other": 0.3, "challenge": 0.6, "lesson": 0.1}, "challenge"),
        (8, {"other": 0.6, "challenge": 0.4}, None),
        (8, {"challenge": 0.4, "lesson": 0.3, "other": 0.3}, None),
        (1, {"challenge": 1.0}, None),
        (8, {}, None),
    ],
)
def test_a_theme_is_mostly_of_one_kind_where_there_is_enough_talk_to_say_so(
    database: Database, passages: int, kinds: dict[str, float], mostly: str | None
) -> None:
    with database.writing() as session:
        event = make_event(session)
        recording = make_recording(session, make_group(session, event))
        analysis = make_analysis(session, event)
        theme = make_theme(session, analysis, kinds=kinds)
        for number in range(1, passages + 1):
            make_passage(session, analysis, recording, number, theme, start=number * 60.0, end=number * 60.0 + 55)
        [row] = birds_eye(session, event).themes
    assert row.mostly == mostly


def test_rows_of_an_earlier_harvest_are_read(database: Database) -> None:
    event, _ = _mined(database)
    with database.writing() as session:
        session.execute(text("UPDATE theme SET kinds = '{}', stability = NULL, \"change\" = NULL"))
        session.execute(text("UPDATE analysis SET trust = '{}', lineage = '{}'"))
    with database.reading() as session:
        view = birds_eye(session, event)
    assert [(theme.kinds, theme.shaky, theme.change, theme.mostly) for theme in view.themes] == [((), *[None] * 3)] * 2
    assert view.since is None and "not measured" in str(view.trust[0])
