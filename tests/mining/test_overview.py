from capture.database import Database, utcnow
from capture.models import Job, JobState
from mining.overview import overview
from tests.factories import make_analysis, make_event, make_group, make_recording, make_theme


def test_each_event_is_counted_by_itself(database: Database) -> None:
    with database.writing() as session:
        spring = make_event(session, "spring")
        group = make_group(session, spring)
        make_recording(session, group, seconds=60.0)
        make_recording(session, group, seconds=30.0, state="waiting", position=1)
        make_theme(session, make_analysis(session, spring), 1)
        analysis = make_analysis(session, spring)
        for number in (1, 2):
            make_theme(session, analysis, number)
        for state in (JobState.QUEUED, JobState.DONE):
            session.add(Job(route="mine", event_id=spring.id, subject_id=spring.id, key="mine:1", state=state))
        make_event(session, "empty")
    with database.reading() as session:
        lines = {line.slug: line for line in overview(session)}
    assert (lines["spring"].rooms, lines["spring"].recordings, lines["spring"].ready) == (1, 2, 1)
    assert (lines["spring"].seconds, lines["spring"].busy) == (90.0, 1)
    assert lines["spring"].themes == 2, "only the newest analysis counts"
    assert (lines["empty"].rooms, lines["empty"].recordings, lines["empty"].themes) == (0, 0, None)


def test_themes_that_may_hold_withdrawn_words_are_not_counted(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        make_theme(session, make_analysis(session, event))
        event.retracted_at = utcnow()
    with database.reading() as session:
        assert overview(session)[0].themes is None
