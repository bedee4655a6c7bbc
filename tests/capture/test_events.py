from datetime import date

import pytest
from sqlalchemy import func, select

from capture.database import Base, Database
from capture.errors import NotFound, Refused
from capture.events import clean_name, create_event, delete_event, get_event, group_named, list_events, slug_of
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_theme,
    make_utterances,
)


def test_an_event_is_found_by_its_slug(database: Database) -> None:
    with database.writing() as session:
        create_event(session, "spring-2026", "Spring 2026", held_on=date(2026, 3, 14), programme="Peers")
    with database.reading() as session:
        event = get_event(session, "spring-2026")
        assert (event.title, event.held_on, event.language) == ("Spring 2026", date(2026, 3, 14), "en")


@pytest.mark.parametrize("slug", ["", "Spring", "a b", "../x", "-a", "a--b", "é", "x" * 81])
def test_a_malformed_slug_is_refused_by_name(database: Database, slug: str) -> None:
    with database.writing() as session, pytest.raises(Refused, match="cannot be an event's short name"):
        create_event(session, slug, "T")


def test_a_slug_is_taken_once(database: Database) -> None:
    with database.writing() as session:
        create_event(session, "spring", "A")
        with pytest.raises(Refused, match="already an event “spring”"):
            create_event(session, "spring", "B")


def test_an_unknown_event_is_answered_with_those_there_are(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(NotFound, match="Make one"):
            get_event(session, "sprig")
        make_event(session, "spring")
        with pytest.raises(NotFound, match=r"no event “sprig”. There are: spring\."):
            get_event(session, "sprig")


def test_events_are_listed_newest_first(database: Database) -> None:
    with database.writing() as session:
        for slug, day in (("a", date(2025, 1, 1)), ("b", date(2026, 1, 1)), ("c", date(2024, 1, 1))):
            make_event(session, slug, held_on=day)
        assert [event.slug for event in list_events(session)] == ["b", "a", "c"]


def test_groups_keep_their_order_and_are_made_once(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        names = ["Zebra", "Apple", "Zebra", "  Apple "]
        ids = [group_named(session, event, name).id for name in names]
        session.refresh(event)
        assert [group.name for group in event.groups] == ["Zebra", "Apple"]
        assert ids[:2] == ids[2:]


def test_deleting_an_event_leaves_no_row_of_it_in_any_table(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        recording = make_recording(session, make_group(session, event))
        make_utterances(session, recording, ["one", "two"])
        analysis = make_analysis(session, event)
        make_passage(session, analysis, recording, theme=make_theme(session, analysis))
    with database.writing() as session:
        names = delete_event(session, get_event(session, "spring"))
    assert names == [recording.stored_name]
    with database.reading() as session:
        rows = {t.name: session.scalar(select(func.count()).select_from(t)) for t in Base.metadata.sorted_tables}
    assert {name for name, count in rows.items() if count} == set()


def test_a_clean_name_is_one_line_of_at_most_200_characters() -> None:
    assert clean_name("  Room\n\t7 \x00 \u202egnp.exe 🎤 ") == "Room 7 gnp.exe 🎤"
    assert len(clean_name("x" * 300)) == 200


def test_a_slug_is_made_from_a_title() -> None:
    assert slug_of("Spring 2026 — Léssons learned!") == "spring-2026-lessons-learned"
    assert slug_of("日本") == "event"
