import pytest
from sqlalchemy import delete

from capture.database import Database
from capture.events import get_event
from mining.catalogue.answering import Verdict
from mining.diagnosis.diagnosis import Diagnosis, diagnosis_of
from mining.models import Analysis, Passage
from tests.mining.programme import programme, programme_data  # noqa: F401  (fixtures)


def found(database: Database, slug: str = "spring") -> Diagnosis:
    with database.reading() as session:
        result = diagnosis_of(session, get_event(session, slug))
    assert result
    return result


def test_the_three_parts_stand_side_by_side_and_say_what_comes_next(programme: Database) -> None:  # noqa: F811
    result = found(programme)
    assert (result.groups, result.little) == (6, None)
    assert result.agency.forward and result.connectivity.bridging
    covered = result.responsiveness.share(Verdict.COVERED)
    assert covered and covered.low and covered.low > 0.5 and result.growth.responsiveness == "there"
    assert result.growth.next is None and "agency: " in result.growth.why


def test_the_groups_add_up_to_the_figures(programme: Database) -> None:  # noqa: F811
    result = found(programme)
    rows = result.by_group
    assert sum(row.seconds for row in rows) == pytest.approx(result.seconds)
    assert sum(row.passages for row in rows) == result.passages
    forward, against = sum(row.forward for row in rows), sum(row.challenge for row in rows)
    assert result.agency.forward and result.agency.forward.value == pytest.approx(forward / (forward + against))
    covered = result.responsiveness.share(Verdict.COVERED)
    assert covered and covered.value == pytest.approx(sum(r.covered for r in rows) / sum(r.themed for r in rows))


def test_the_same_talk_gives_the_same_diagnosis(programme: Database) -> None:  # noqa: F811
    assert found(programme) == found(programme)


def test_one_group_alone_is_too_little_for_anything(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        first = get_event(session, "spring").groups[0].id
        session.execute(delete(Passage).where(Passage.group_id != first))
    result = found(programme)
    assert result.little == "Too little data: 1 group talked, and it takes 5."
    assert (result.agency.forward, result.connectivity.shared, result.growth.next) == (None, None, None)
    assert all(each.share is None for each in result.responsiveness.shares)


def test_an_event_that_was_not_mined_has_no_diagnosis(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        session.execute(delete(Analysis))
        assert diagnosis_of(session, get_event(session, "spring")) is None
