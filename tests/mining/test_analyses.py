from datetime import timedelta

from capture.database import Database, utcnow
from capture.models import Event, Recording
from capture.recordings import remove
from capture.speech import Spoken
from capture.transcripts import store_utterances
from mining.analyses import forget_analyses, latest_analysis
from mining.models import Analysis, Passage
from tests.factories import make_analysis, make_event, make_group, make_passage, make_recording, make_theme


def mined_event(database: Database) -> tuple[int, int]:
    """(event, recording) with an analysis made a minute ago."""
    with database.writing() as session:
        event = make_event(session)
        recording = make_recording(session, make_group(session, event))
        store_utterances(session, recording, [Spoken(0, 4, "Ask Aurelia about it.", "Tom Berg")])
        make_recording(session, make_group(session, event, "Room 2"))
        analysis = make_analysis(session, event, created_at=utcnow() - timedelta(minutes=1))
        make_passage(session, analysis, recording, theme=make_theme(session, analysis))
        return event.id, recording.id


def test_the_newest_analysis_is_shown(database: Database) -> None:
    event_id, _ = mined_event(database)
    with database.writing() as session:
        newer = make_analysis(session, session.get_one(Event, event_id)).id
    with database.reading() as session:
        latest = latest_analysis(session, event_id)
        assert latest and latest.id == newer


def test_after_talk_was_removed_an_older_analysis_is_not_shown(database: Database) -> None:
    event_id, recording_id = mined_event(database)
    with database.writing() as session:
        remove(session, session.get_one(Recording, recording_id))
    with database.reading() as session:
        assert latest_analysis(session, event_id) is None


def test_after_a_name_became_known_an_analysis_that_may_hold_it_is_not_shown(database: Database) -> None:
    event_id, _ = mined_event(database)
    with database.writing() as session:
        room = make_recording(session, make_group(session, session.get_one(Event, event_id), "Room 3"))
        store_utterances(session, room, [Spoken(0, 2, "Hello.", "Aurelia Stone")])
    with database.reading() as session:
        assert latest_analysis(session, event_id) is None


def test_a_new_name_that_nobody_mentioned_leaves_the_analysis_as_it_is(database: Database) -> None:
    event_id, _ = mined_event(database)
    with database.writing() as session:
        room = make_recording(session, make_group(session, session.get_one(Event, event_id), "Room 3"))
        store_utterances(session, room, [Spoken(0, 2, "Hello.", "Zebedee Quill")])
    with database.reading() as session:
        assert latest_analysis(session, event_id) is not None


def test_forgetting_leaves_no_theme_and_no_passage(database: Database) -> None:
    event_id, _ = mined_event(database)
    with database.writing() as session:
        assert forget_analyses(session, event_id)
        assert not forget_analyses(session, event_id)
    with database.reading() as session:
        assert session.query(Analysis).count() == session.query(Passage).count() == 0
