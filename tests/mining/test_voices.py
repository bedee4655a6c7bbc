from typing import Any

import pytest

from capture.database import Database
from capture.errors import NotFound
from capture.models import Event
from mining.models import Theme
from mining.voices import LISTED, MORE, ThemePage, theme_page
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_theme,
    make_utterances,
)

LINES = ["We never say no here.", "I say no by numbers.", "The boss smiles.", "I take it home."]


def _mined(database: Database, **values: Any) -> tuple[Event, list[int]]:
    """Two rooms with four passages of 50 s each on one theme: numbers 1-4, and 5-8."""
    with database.writing() as session:
        event = make_event(session)
        groups = [make_group(session, event, f"Room {n}") for n in (1, 2)]
        analysis = make_analysis(session, event)
        shares = {str(group.id): 1.0 for group in groups}
        theme = make_theme(session, analysis, 1, breadth=2, depth=1.0, by_group=shares, **values)
        number = 0
        for group in groups:
            recording = make_recording(session, group)
            make_utterances(session, recording, LINES, seconds=50.0)
            for place, text in enumerate(LINES):
                number += 1
                times = {"start": 50.0 * place, "end": 50.0 * (place + 1)}
                make_passage(session, analysis, recording, number, theme, first=place, last=place, text=text, **times)
        return event, [group.id for group in groups]


def _page(database: Database, event: Event) -> ThemePage:
    with database.reading() as session:
        return theme_page(session, event, 1)


def _change(database: Database, **values: Any) -> None:
    with database.writing() as session:
        theme = session.query(Theme).one()
        for name, value in values.items():
            setattr(theme, name, value)


def test_every_group_is_listed_with_its_most_central_quote_and_then_all_else_it_said(database: Database) -> None:
    event, groups = _mined(database)
    _change(database, perspectives=[{"group": groups[1], "keywords": ["two"], "quotes": [6, 5]}])
    page = _page(database, event)
    by_group = {voice.cell.room.id: voice for voice in page.voices}
    assert set(by_group) == set(groups) and page.total == 1
    assert [quote.number for quote in by_group[groups[1]].quotes] == [6]
    assert [quote.number for quote in by_group[groups[1]].more] == [5, 7, 8]
    assert by_group[groups[1]].keywords == ("two",) and not by_group[groups[1]].distinctive
    assert [quote.number for quote in by_group[groups[0]].quotes] == [1], "nothing was chosen for it, so its first"


def test_what_a_group_says_differently_is_quoted_before_what_is_central(database: Database) -> None:
    event, groups = _mined(database)
    view = {"group": groups[0], "keywords": ["numbers"], "quotes": [1, 3], "distinctive": 2}
    _change(database, perspectives=[view])
    (voice,) = [voice for voice in _page(database, event).voices if voice.cell.room.id == groups[0]]
    assert [quote.number for quote in voice.quotes] == [2]
    assert voice.distinctive and not voice.alike and not voice.thin


def test_a_group_that_was_compared_and_says_nothing_of_its_own_is_told_from_one_that_was_not(
    database: Database,
) -> None:
    event, groups = _mined(database)
    compared = {"group": groups[0], "keywords": [], "quotes": [1], "distinctive": None}
    _change(database, perspectives=[compared, {"group": groups[1], "keywords": [], "quotes": [5]}])
    assert {voice.cell.room.id: voice.alike for voice in _page(database, event).voices} == {
        groups[0]: True,
        groups[1]: False,
    }


def test_the_shared_quote_is_not_quoted_again_where_the_group_said_anything_else(database: Database) -> None:
    event, groups = _mined(database, shared=5)
    view = {"group": groups[1], "keywords": [], "quotes": [5, 7], "distinctive": None}
    _change(database, perspectives=[view])
    page = _page(database, event)
    assert page.shared is not None and page.shared.number == 5
    (voice,) = [voice for voice in page.voices if voice.cell.room.id == groups[1]]
    assert [quote.number for quote in voice.quotes] == [7]


@pytest.mark.parametrize("values", [{"shared": None}, {"shared": 99}, {"shared": 1, "breadth": 1}])
def test_nothing_is_shared_where_nothing_was_chosen_or_it_is_gone_or_one_group_speaks(
    database: Database, values: dict[str, Any]
) -> None:
    event, _ = _mined(database)
    _change(database, **values)
    assert _page(database, event).shared is None


def test_a_theme_is_stated_in_words_that_somebody_said_and_only_while_they_stand_there(database: Database) -> None:
    event, groups = _mined(database)
    said = {"passage": 2, "position": 1, "start": 2, "end": 8, "text": "say no"}
    _change(database, statement=said)
    statement = _page(database, event).statement
    assert statement is not None
    assert [turn.text for turn in statement.turns] == ["say no"] and statement.group_id == groups[0]
    assert (statement.position, statement.start, statement.end) == (1, 50.0, 99.8)
    for gone in ({"text": "say yes"}, {"passage": 99}, {"position": 3}):
        _change(database, statement={**said, **gone})
        assert _page(database, event).statement is None


def test_little_talk_is_told_from_the_passages_that_are_in_the_theme_now(database: Database) -> None:
    event, groups = _mined(database)
    with database.writing() as session:
        theme = session.query(Theme).one()
        other = make_theme(session, theme.analysis, 2)
        for passage in theme.analysis.passages[:2]:
            passage.theme = other
    assert {voice.cell.room.id: voice.thin for voice in _page(database, event).voices} == {
        groups[0]: True,
        groups[1]: False,
    }


def test_a_long_list_of_passages_says_how_many_are_not_listed(database: Database) -> None:
    event, groups = _mined(database)
    with database.writing() as session:
        theme = session.query(Theme).one()
        recording = make_recording(session, make_group(session, session.get_one(Event, event.id), "Room 3"))
        for number in range(9, 9 + MORE + 5):
            make_passage(session, theme.analysis, recording, number, theme)
    (voice,) = [voice for voice in _page(database, event).voices if voice.cell.room.id not in groups]
    assert len(voice.quotes) + len(voice.more) == MORE and voice.unlisted == 5


def test_an_unknown_theme_is_not_found_before_and_after_mining(database: Database) -> None:
    event, _ = _mined(database)
    with database.writing() as session:
        other = make_event(session, "autumn")
    with database.reading() as session:
        for each, number in ((event, 3), (other, 1)):
            with pytest.raises(NotFound, match=f"no theme {number}"):
                theme_page(session, each, number)


def test_on_a_page_of_very_many_groups_fewer_passages_of_each_are_listed(database: Database) -> None:
    event, _ = _mined(database)
    with database.writing() as session:
        theme, number = session.query(Theme).one(), 100
        for room in range(38):
            recording = make_recording(session, make_group(session, session.get_one(Event, event.id), f"More {room}"))
            for _ in range(6):
                number += 1
                make_passage(session, theme.analysis, recording, number, theme)
    page = _page(database, event)
    assert len(page.voices) == 40
    assert {len(voice.quotes) + len(voice.more) + voice.unlisted for voice in page.voices} == {4, 6}
    assert sum(len(voice.quotes) + len(voice.more) for voice in page.voices) == LISTED
