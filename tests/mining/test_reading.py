import pytest

from capture.database import Database
from capture.errors import NotFound
from capture.models import Event
from mining.analyses import latest_analysis
from mining.reading import LOOSE, birds_eye, theme_page
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_theme,
    make_utterances,
)


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
            for place, text in enumerate(["One.", "Two.", "Three."]):
                number += 1
                theme = one if place < 2 else (two if group is groups[0] else None)
                make_passage(session, analysis, recording, number, theme, first=place, last=place, text=text, words=1)
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


def test_a_theme_lists_every_group_with_chosen_quotes_first_and_falls_back_to_the_first_passage(
    database: Database,
) -> None:
    event, groups = _mined(database)
    with database.reading() as session:
        page = theme_page(session, event, 1)
    by_group = {voice.cell.room.id: voice for voice in page.voices}
    assert set(by_group) == set(groups)
    assert [quote.number for quote in by_group[groups[1]].quotes] == [5]
    assert [quote.number for quote in by_group[groups[1]].more] == [4]
    assert [quote.number for quote in by_group[groups[0]].quotes] == [1]
    assert by_group[groups[1]].keywords == ("two",)
    assert page.total == 2


def test_an_unknown_theme_is_not_found_before_and_after_mining(database: Database) -> None:
    event, _ = _mined(database)
    with database.writing() as session:
        other = make_event(session, "autumn")
    with database.reading() as session:
        for each, number in ((event, 3), (other, 1)):
            with pytest.raises(NotFound, match=f"no theme {number}"):
                theme_page(session, each, number)


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
