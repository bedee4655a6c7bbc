import pytest

from capture.database import Database
from capture.errors import NotFound
from mining.conversation import group_page
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_theme,
    make_utterances,
)


def test_lines_of_all_recordings_carry_the_theme_of_their_passage(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        group = make_group(session, event)
        recordings = [make_recording(session, group, position=n) for n in (0, 1)]
        for recording in recordings:
            make_utterances(session, recording, ["One.", "Two.", "Three."])
        analysis = make_analysis(session, event)
        rare = make_theme(session, analysis, 1, by_group={str(group.id): 0.2})
        frequent = make_theme(session, analysis, 2, by_group={str(group.id): 0.8})
        make_passage(session, analysis, recordings[0], 1, rare, first=0, last=0)
        make_passage(session, analysis, recordings[0], 2, None, first=1, last=1)
        make_passage(session, analysis, recordings[1], 3, frequent, first=1, last=2, start=70.0, end=80.0, offset=60.0)
    with database.reading() as session:
        page = group_page(session, event, group.id)
    assert [part.themes for part in page.parts] == [{0: 1}, {1: 2, 2: 2}]
    assert [len(part.lines) for part in page.parts] == [3, 3]
    assert [(theme.number, first) for theme, _, first in page.themes] == [
        (2, f"u-{recordings[1].id}-1"),
        (1, f"u-{recordings[0].id}-0"),
    ]
    assert page.before is page.after is None


def test_a_group_of_another_event_is_not_found(database: Database) -> None:
    with database.writing() as session:
        event, other = make_event(session, "spring"), make_event(session, "autumn")
        group = make_group(session, other)
    with database.reading() as session, pytest.raises(NotFound, match="no such group"):
        group_page(session, event, group.id)


def test_before_mining_the_transcript_stands_alone(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        group = make_group(session, event)
        make_utterances(session, make_recording(session, group), ["One."])
    with database.reading() as session:
        page = group_page(session, event, group.id)
    assert page.run is None
    assert page.themes == ()
    assert page.parts[0].lines[0].text == "One."
