from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, update

from capture.database import Database
from capture.events import get_event
from mining.catalogue.answering import Verdict
from mining.diagnosis.ground import ground_of
from mining.diagnosis.responsiveness import Responsiveness, responsiveness_of
from mining.suggestion_models import Module
from tests.factories import make_module
from tests.mining.programme import programme, programme_data  # noqa: F401  (fixtures)


def found(database: Database, slug: str = "spring") -> Responsiveness:
    with database.reading() as session:
        event = get_event(session, slug)
        ground = ground_of(session, event)
        assert ground
        return responsiveness_of(session, event, ground)


def test_talk_in_themes_is_parted_by_what_the_catalogue_answers(programme: Database) -> None:  # noqa: F811
    result = found(programme)
    covered = result.share(Verdict.COVERED)
    assert covered and covered.value == pytest.approx(result.coverage.talk_covered, abs=0.001)
    assert covered.ranged and covered.low < covered.value < covered.high
    assert sum(each.share.value for each in result.shares if each.share) == pytest.approx(1)
    gap = next(each for each in result.shares if each.verdict == Verdict.GAP)
    assert gap.themes == 1  # handover
    assert sum(each.seconds for each in result.shares) == pytest.approx(result.seconds)


def test_a_gap_that_a_module_closed_since_is_listed_with_the_module_and_its_day(programme: Database) -> None:  # noqa: F811
    since = found(programme).since
    assert since.before and since.before.slug == "autumn" and since.unknown is None
    closed = {module.title: each for each in since.closed for module in each.modules}
    assert set(closed) == {"Boss of My Friends", "An Empty Calendar"}
    boss = closed["Boss of My Friends"]
    assert boss.modules[0].day.isoformat() == "2026-01-15"
    assert boss.still and boss.still.event.slug == "spring" and boss.still.breadth >= 3
    assert since.gaps > len(since.closed)  # shifts and canteen are still without


def test_a_catalogue_that_was_brought_later_does_not_close_gaps(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        session.execute(update(Module).values(added_at=datetime(2026, 7, 1, tzinfo=UTC)))
    since = found(programme).since
    assert since.closed == () and "brought here after that event" in (since.unknown or "")
    assert since.undated and "with a column “since”" in since.remedy


def test_days_in_the_catalogue_tell_what_it_closed_though_it_was_brought_later(programme: Database) -> None:  # noqa: F811
    before = found(programme).since
    with programme.writing() as session:
        for module in session.scalars(select(Module)):
            module.offered_on, module.added_at = module.added_at.date(), datetime(2026, 7, 1, tzinfo=UTC)
    assert found(programme).since == before and before.closed and not (before.undated or before.doubt or before.remedy)


def test_themes_that_only_modules_without_a_day_cover_are_neither_closed_nor_gaps(programme: Database) -> None:  # noqa: F811
    before = found(programme).since
    with programme.writing() as session:
        for module in session.scalars(select(Module)):
            if module.title != "An Empty Calendar":
                module.offered_on = module.added_at.date()
            module.added_at = datetime(2026, 7, 1, tzinfo=UTC)
    since = found(programme).since
    assert [module.title for each in since.closed for module in each.modules] == ["Boss of My Friends"]
    assert (since.gaps, since.unsure, since.unknown) == (before.gaps - 1, 1, None)
    assert since.doubt.startswith("Of one more theme it is not known if it was covered then") and since.remedy


def test_the_first_event_has_nothing_before_it(programme: Database) -> None:  # noqa: F811
    assert found(programme, "autumn").since.before is None


def test_what_is_missing_is_said_and_what_waits_is_counted(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        make_module(session, "Late")
    assert (found(programme).waiting, found(programme).modules) == (1, 4)
    with programme.writing() as session:
        session.execute(delete(Module))
    empty = found(programme)
    assert (empty.missing, empty.shares, empty.since.before) == ("modules", (), None)
