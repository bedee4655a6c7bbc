from datetime import date

from sqlalchemy import delete

from capture.database import Database
from capture.events import get_event
from mining.diagnosis.ground import event_before, events_in_turn, ground_of, too_little
from mining.models import Analysis, Passage
from tests.factories import make_event
from tests.mining.programme import programme, programme_data  # noqa: F401  (fixtures)


def test_every_second_of_talk_is_counted_once_by_group_theme_and_kind(programme: Database) -> None:  # noqa: F811
    with programme.reading() as session:
        ground = ground_of(session, get_event(session, "spring"))
        assert ground
        rows = session.query(Passage).filter_by(analysis_id=ground.analysis.id).all()
    assert [each.name for each in ground.heard] == [
        "Red room",
        "Blue room",
        "Green room",
        "Attic",
        "Cellar",
        "Kitchen",
    ]
    assert ground.passages == len(rows)
    assert ground.seconds == sum(row.end - row.start for row in rows)
    for each in ground.heard:
        assert sum(seconds for seconds, _ in each.kinds.values()) == each.seconds >= each.themed
    assert ground.little is None


def test_only_some_themes_leave_the_talk_and_take_the_others_away(programme: Database) -> None:  # noqa: F811
    with programme.reading() as session:
        ground = ground_of(session, get_event(session, "spring"))
        assert ground
        part = ground.only({1})
    assert [theme.number for theme in part.themes] == [1] and len(ground.themes) > 1
    assert part.seconds == ground.seconds and sum(e.themed for e in part.heard) < sum(e.themed for e in ground.heard)


def test_the_rule_for_too_little_is_said_with_its_numbers() -> None:
    assert too_little(5, 20) is None
    assert too_little(4, 100) == "Too little data: 4 groups talked, and it takes 5."
    assert too_little(1, 100) == "Too little data: 1 group talked, and it takes 5."
    assert too_little(9, 19) == "Too little data: 19 passages, and it takes 20."


def test_the_event_before_is_the_newest_earlier_one_that_was_mined(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        spring = get_event(session, "spring")
        make_event(session, "winter", programme=spring.programme, held_on=date(2026, 1, 1))
        turn = [event.slug for event in events_in_turn(session, spring)]
        before = event_before(session, spring)
        assert turn == ["autumn", "winter", "spring"] and before and before.slug == "autumn"
        assert event_before(session, before) is None
        session.execute(delete(Analysis).where(Analysis.event_id == before.id))
        assert event_before(session, spring) is None
        assert events_in_turn(session, make_event(session, "alone"))[0].slug == "alone"
        assert ground_of(session, before) is None
